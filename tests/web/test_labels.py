from flask import Flask

from confmgr.scheduling.domain import Answer, RequestState
from confmgr.web import labels


def test_every_enum_that_has_names_has_one_for_each_member(app: Flask) -> None:
    assert labels.unnamed() == []


def test_two_enums_with_the_same_value_keep_their_own_names(app: Flask) -> None:
    with app.test_request_context():
        assert labels.of(RequestState.ACCEPTED) == "Accepted"
        assert labels.of(Answer.ACCEPTED) == "Accepts"
