"""Whatever the code writes into the audit has a word of its own: no page has to call it a change."""

from textwrap import dedent

import pytest

from confmgr.web import labels
from tests.written_actions import CannotTell, Code, of_confmgr


def of(text: str) -> set[str]:
    """The actions of a module that stands in place of one of confmgr's."""
    return Code(("confmgr.parties.removing", dedent(text))).actions()


def test_every_action_that_is_written_has_a_word() -> None:
    written = of_confmgr().actions()
    assert {"read", "purge", "consent_expired", "answer_needs-action", "unlock", "take_back_closing"} <= written
    assert len(written) > 100
    assert written - labels.known_terms("audit") == set()


def test_a_word_that_is_missing_is_found() -> None:
    found = of('record(session, actor=None, now=now, action="eat" if hungry else "read", object_type="case")')
    assert found - labels.known_terms("audit") == {"eat"}


def test_an_action_is_found_through_the_functions_that_pass_it_on() -> None:
    found = of("""
        def _remove(session, row, kind):
            record(session, actor=None, now=now, action=kind, object_type="party")

        def remove_party(session, party):
            _remove(session, party, "sweep")

        def remove_agency(session, agency):
            _remove(session, agency, kind="brush")
    """)
    assert found == {"sweep", "brush"}


def test_an_action_that_reading_cannot_follow_is_said_to_be_so() -> None:
    with pytest.raises(CannotTell, match=r"confmgr\.parties\.removing:1"):
        of('record(session, actor=None, now=now, action=words[0], object_type="case")')
