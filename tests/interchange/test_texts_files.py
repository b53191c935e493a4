"""Texts for translators out as PO and XLSX and in again, and files that cannot be read."""

import io
import uuid
from collections.abc import Callable

import pytest
from babel.messages.pofile import read_po
from hypothesis import given, settings
from hypothesis import strategies as st

from confmgr.errors import NotReadable
from confmgr.interchange.domain import Outcome, Piece, TextKind
from confmgr.interchange.sheets.archive import TooMuch
from confmgr.interchange.texts import incoming, po, workbook
from confmgr.interchange.texts.files import ReadFile, wanted
from confmgr.interchange.texts.judging import judge
from confmgr.values.words import Words
from tests.interchange.make_texts import KHMER, NOW, ROOM

MEETING = uuid.UUID(int=1)
LETTERS = st.sampled_from("កខគឃងចឆ ំា្ ។\n\"\\%&<>'=+-@#;,INTERPOL 12٣﷼{}_x0041_\t")
TRANSLATED = st.text(LETTERS, min_size=1, max_size=80).map(str.strip).filter(bool)
ORIGINAL = (
    st.text(
        st.characters(
            codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp", "Cn", "Co"), include_characters="\n"
        ),
        min_size=1,
        max_size=80,
    )
    .map(str.strip)
    .filter(bool)
)


def some(*words: Words) -> list[Piece]:
    return [
        Piece(TextKind.SESSION, str(uuid.UUID(int=number)), "title", f"S{number}", each, object())
        for number, each in enumerate(words)
    ]


def as_po(pieces: list[Piece]) -> bytes:
    return po.write(pieces, "km", meeting=MEETING, title="Second\nmeeting", notes=["Translate."], now=NOW)


def as_xlsx(pieces: list[Piece]) -> bytes:
    listed = wanted(pieces, "km")
    names = [piece.name for piece in listed]
    return workbook.write(listed, names, "km", meeting=MEETING, notes=["Translate."], korean=True)


LINES = r'''msgid ""
msgstr ""
"Language: km\n"
"X-Meeting: 1\n"
"POT-Creation-Date: x\n"
"Plural-Forms: nplurals=999999999; plural=n\n"
#, fuzzy
#. key
#: a:b
#~ msgid
msgctxt "a"
msgid "b"
msgid_plural "c"
msgstr[1] "d"
msgstr[x]
msgstr "e\
msgctxt
msgid
"'''.splitlines()
"""Pieces of catalogues, right and wrong."""

WAYS = pytest.mark.parametrize("write", [as_po, as_xlsx])


def read(content: bytes) -> ReadFile:
    found = incoming.read(content, "km")
    found.check(MEETING, "km")
    return found


@WAYS
@settings(max_examples=60, deadline=None)
@given(pairs=st.lists(st.tuples(ORIGINAL, TRANSLATED), min_size=1, max_size=5))
def test_what_goes_out_comes_in_as_the_same(
    write: Callable[[list[Piece]], bytes], pairs: list[tuple[str, str]]
) -> None:
    pieces = some(*(Words.of({"en": original, "km": text}) for original, text in pairs))
    found = read(write(pieces)).entries
    assert [(entry.key, entry.original, entry.text, entry.version) for entry in found] == [
        (piece.key, piece.original, piece.text("km"), 1) for piece in pieces
    ]


@WAYS
def test_a_file_that_nobody_touched_changes_nothing(write: Callable[[list[Piece]], bytes]) -> None:
    outdated = Words.of({"en": "Opening", "km": KHMER}).changed({"en": "Opening of the meeting"})
    pieces = some(Words.of({"en": "Room", "km": ROOM}), Words.of("Break"), outdated)
    found = judge(read(write(pieces)).entries, pieces, "km")
    assert [one.outcome for one in found] == [Outcome.SAME, Outcome.LEFT, Outcome.LEFT]


@WAYS
def test_texts_written_in_the_language_itself_are_not_in_the_file(write: Callable[[list[Piece]], bytes]) -> None:
    pieces = some(Words.of({"km": KHMER}, source="km"), Words.of("Break"))
    assert [entry.key for entry in read(write(pieces)).entries] == [pieces[1].key]


def test_a_catalogue_says_version_language_and_meeting_and_marks_the_outdated_as_fuzzy() -> None:
    outdated = Words.of({"en": "Opening", "km": KHMER}).changed({"en": "Opening of the meeting"})
    content = as_po(some(outdated)).decode()
    assert '"Language: km\\n"' in content
    assert f'"X-Meeting: {MEETING}\\n"' in content
    assert "#. version 2, en" in content
    assert "#, fuzzy" in content
    catalog = read_po(io.BytesIO(content.encode()))
    message = catalog.get("Opening of the meeting", context=f"session/{uuid.UUID(int=0)}/title")
    assert message is not None
    assert message.string == KHMER


def test_what_people_wrote_is_no_formula_in_the_workbook() -> None:
    (entry,) = read(as_xlsx(some(Words.of({"en": "=1+1", "km": "=ក"})))).entries
    assert (entry.original, entry.text, entry.formula) == ("=1+1", "=ក", False)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not_translations"),
        (b'msgid "Opening"\nmsgstr "x"\n', "not_translations"),
        (b'msgid "Opening\n', "damaged_po"),
        (b"nonsense\n", "damaged_po"),
        (
            b'msgid ""\nmsgstr ""\n"X-Meeting: 1\\n"\n\nmsgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\nmsgstr[1] "d"\n',
            "damaged_po",
        ),
        (b'msgid ""\nmsgstr[9999999999999999999] ""\n', "not_translations"),
        ('msgid "a"\nmsgstr "각"\n'.encode("cp949"), "po_not_utf8"),
        ('msgid "a"\nmsgstr "b"\n'.encode("utf-16"), "po_not_utf8"),
        (b"<xliff/>", "no_xliff_converter"),
        (b"<?xml version='1.0' encoding='utf-8'?><xliff/>", "no_xliff_converter"),
        (b"<?xml version='1.0' encoding='UTF-7'?>+ADw-!DOCTYPE x [+ADw-!ENTITY a 'b'>]><x>&a;</x>", "damaged_xliff"),
        (b'<?xml version="1.0" encoding = "utf7"?>+ADwAIQ-DOCTYPE x []><x/>', "damaged_xliff"),
        (b"<?xml version='1.0'" + b" " * 5000 + b"encoding='UTF-7'?>+ADw-!DOCTYPE x []><x/>", "damaged_xliff"),
        ("<?xml version='1.0' encoding='EUC-KR'?><xliff/>".encode("euc-kr"), "damaged_xliff"),
        (b"<xliff>\xff</xliff>", "damaged_xliff"),
        (b"PK\x03\x04 broken", "damaged_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_workbook"),
        (b"#" * (8 * 2**20 + 1), "translations_too_large"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(
    content: bytes, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(NotReadable) as refused:
        incoming.read(content, "km.po")
    assert refused.value.reason == reason


@pytest.mark.parametrize("broken", ['msgstr Opening"', 'msgstr "Opening', 'msgstr "Ope"ning"', "msgstr Opening"])
def test_a_line_that_lost_a_quotation_mark_is_named_and_no_letter_is_cut(broken: str) -> None:
    lines = ['msgid ""', 'msgstr ""', '"X-Meeting: 1\\n"', "", 'msgctxt "a"', 'msgid "Opening"', broken, ""]
    with pytest.raises(NotReadable) as refused:
        po.read("\n".join(lines).encode())
    assert (refused.value.reason, refused.value.facts) == ("damaged_po", {"line": 7})


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*LINES, "#: \u2068a"]), max_size=12))
def test_no_catalogue_whatever_it_holds_is_more_than_refused(lines: list[str]) -> None:
    reason = ""
    try:
        po.read("\n".join(lines).encode())
    except NotReadable as refused:
        reason = refused.reason
    assert reason in {"", "damaged_po", "not_translations"}


def test_files_of_another_meeting_or_language_are_refused() -> None:
    with pytest.raises(NotReadable, match="translations_of_other_meeting"):
        ReadFile(str(uuid.UUID(int=2)), "km", []).check(MEETING, "km")
    with pytest.raises(NotReadable, match="translations_of_other_language"):
        ReadFile(str(MEETING), "th", []).check(MEETING, "km")
    with pytest.raises(NotReadable, match="translations_of_no_language"):
        ReadFile(str(MEETING), "klingon", []).check(MEETING, "km")


def header(*lines: str) -> str:
    return "\n".join(['msgid ""', 'msgstr ""', f'"{po.MEETING}: {MEETING}\\n"', '"Language: km\\n"', *lines]) + "\n"


def test_a_head_that_claims_to_be_a_mail_in_a_mail_in_a_mail_is_read_as_lines() -> None:
    nested = header(*['"Content-Type: message/rfc822\\n\\n"'] * 3000)
    found = po.read(f'{nested}\nmsgctxt "a"\nmsgid "b"\nmsgstr "c"\n'.encode())
    assert (found.meeting, found.language, [entry.text for entry in found.entries]) == (str(MEETING), "km", ["c"])


def test_a_catalogue_of_endless_entries_is_given_up_at_the_first_that_is_too_many() -> None:
    endless = header() + '\nmsgid "a"\nmsgstr "b"\n' * 5_001 + '\nmsgid "a"\nthis is no line of a PO file\n'
    with pytest.raises(TooMuch) as refused:
        po.read(endless.encode())
    assert refused.value.reason == "too_many_rows"
