from datetime import date

import pytest
from flask import Flask
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from confmgr.errors import Refused
from confmgr.scheduling.domain import Answer, RequestState
from confmgr.web import labels


def test_every_enum_that_has_names_has_one_for_each_member(app: Flask) -> None:
    assert labels.unnamed() == []


def test_two_enums_with_the_same_value_keep_their_own_names(app: Flask) -> None:
    with app.test_request_context():
        assert labels.of(RequestState.ACCEPTED) == "Accepted"
        assert labels.of(Answer.ACCEPTED) == "Accepts"


def test_a_reason_that_has_its_sentence_keeps_it(app: Flask) -> None:
    with pytest.raises(ValueError, match="already: second_head"):
        labels.register_reasons({"of_this_test": _l("Words of another room"), "second_head": _l("Two heads")})
    with app.test_request_context():
        assert "Two heads" not in labels.sentence(Refused("second_head"))
    with pytest.raises(KeyError):
        labels.sentence(Refused("of_this_test"))


def test_a_day_in_a_sentence_is_written_as_its_reader_writes_days(app: Flask) -> None:
    early = Refused("before_operation", start=date(2025, 10, 23))
    said = {}
    for language in ("en", "ko"):
        with app.test_request_context(), force_locale(language):
            said[language] = labels.sentence(early)
    assert said["en"] == "The operation began on 23 Oct 2025."
    assert "2025. 10. 23." in said["ko"]
