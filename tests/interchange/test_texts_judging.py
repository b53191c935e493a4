"""What is refused of a translation, and what comes of each entry of a file."""

import uuid

import pytest

from confmgr.interchange.domain import Entry, Judged, Outcome, Piece, TextKind
from confmgr.interchange.texts.judging import fault, judge
from confmgr.values.words import Words
from tests.interchange.make_texts import KHMER, ROOM, entry

IDENT = str(uuid.UUID(int=7))


def piece(words: Words, kind: TextKind = TextKind.SESSION, field: str = "title") -> Piece:
    return Piece(kind, IDENT, field, "S1", words, object())


def one(made: Entry, of: Piece, language: str = "km") -> Judged:
    return judge([made], [of], language)[0]


@pytest.mark.parametrize(
    ("text", "original", "reason"),
    [
        (f"{KHMER}\u202eabc", "Opening", "text_has_controls"),
        (f"{KHMER}\u2067", "Opening", "text_has_controls"),
        (f"{KHMER}\x07", "Opening", "text_has_controls"),
        ("ក" * 4001, "Opening", "text_too_long"),
        (f"<b>{KHMER}</b>", "Opening", "text_has_markup"),
        (f"{KHMER}<script src=//x>", "Opening", "text_has_markup"),
        (f"<!-- {KHMER}", "Opening", "text_has_markup"),
        (KHMER, "%(count)s meetings", "text_lacks_place"),
        (f"%(number)s {KHMER}", "%(count)s meetings", "text_lacks_place"),
        (f"%(count)s {KHMER} %(count)s", "%(count)s meetings", "text_adds_place"),
        (KHMER, "Day {day}", "text_lacks_place"),
        (f"{KHMER} {{day}}", "Day", "text_adds_place"),
        ("Opening of it", "Opening of it", "text_in_other_script"),
        ("พิธีเปิด", "Opening", "text_in_other_script"),
    ],
)
def test_what_cannot_be_a_translation_is_refused(text: str, original: str, reason: str) -> None:
    refused = fault(text, "km", original)
    assert refused is not None
    assert refused.reason == reason


@pytest.mark.parametrize(
    ("text", "original"),
    [
        (KHMER, "Opening"),
        ("INTERPOL", "INTERPOL"),
        (f"{KHMER} < 5 & > 3", "less than 5"),
        (f"<b>{KHMER}</b>", "<b>Opening</b>"),
        (f"{{day}} {KHMER} %(count)s", "%(count)s on {day}"),
        (f"{KHMER}\n{ROOM}", "First\nSecond"),
    ],
)
def test_what_renders_the_original_is_taken(text: str, original: str) -> None:
    assert fault(text, "km", original) is None


def test_a_new_a_changed_and_the_same_translation_are_told_apart() -> None:
    bare, rendered = piece(Words.of("Opening")), piece(Words.of({"en": "Opening", "km": KHMER}))
    assert one(entry(bare, KHMER), bare).outcome is Outcome.NEW
    assert one(entry(rendered, ROOM), rendered).outcome is Outcome.CHANGED
    assert one(entry(rendered, KHMER), rendered).outcome is Outcome.SAME


def test_an_empty_or_unsure_entry_leaves_what_is_there() -> None:
    rendered = piece(Words.of({"en": "Opening", "km": KHMER}))
    assert one(entry(rendered, ""), rendered).outcome is Outcome.LEFT
    assert one(entry(rendered, ROOM, unsure=True), rendered).outcome is Outcome.LEFT


def test_an_outdated_translation_that_comes_back_as_sure_is_still_right() -> None:
    old = piece(Words.of({"en": "Opening", "km": KHMER}).changed({"en": "Opening of the meeting"}))
    assert one(entry(old, KHMER), old).outcome is Outcome.CONFIRMED


def test_an_entry_for_another_version_of_the_original_is_refused_with_both_numbers() -> None:
    now = piece(Words.of("Opening").changed({"en": "Opening of the meeting"}))
    refused = one(entry(now, KHMER, version=1), now).fault
    assert refused is not None
    assert (refused.reason, refused.facts) == ("text_other_version", {"had": 1, "has": 2})


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"key": "session/none/title"}, "text_unknown"),
        ({"version": None, "original": "Another original"}, "text_other_original"),
        ({"original": "Another original"}, "text_other_original"),
        ({"formula": True}, "text_is_formula"),
    ],
)
def test_an_entry_that_does_not_belong_here_is_refused(changes: dict[str, object], reason: str) -> None:
    here = piece(Words.of("Opening"))
    refused = one(entry(here, KHMER, **changes), here).fault
    assert refused is not None
    assert refused.reason == reason


def test_a_key_that_is_there_twice_is_refused_both_times() -> None:
    here = piece(Words.of("Opening"))
    found = judge([entry(here, KHMER), entry(here, ROOM)], [here], "km")
    assert [judged.fault and judged.fault.reason for judged in found] == ["text_twice", "text_twice"]


def test_the_original_is_not_translated_into_its_own_language() -> None:
    here = piece(Words.of({"km": KHMER}, source="km"))
    refused = one(entry(here, ROOM), here).fault
    assert refused is not None
    assert refused.reason == "text_is_original"
