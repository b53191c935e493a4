"""What is refused of a translation, whoever wrote it: on a page, or in a file. Plain Python."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from confmgr.errors import Refused
from confmgr.interchange.domain import Entry, Judged, Outcome, Piece, Standing
from confmgr.values.scripts import in_other_script
from confmgr.values.texts import has_controls, one_kind_of_line

LONGEST = 4000
"""Characters of a text, as in every form."""

_PLACES = re.compile(r"%\([A-Za-z_]\w*\)[a-z]|\{[A-Za-z_]\w*\}")
"""What the program fills in: `%(name)s`, `{name}`."""
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|<!--|<!\[CDATA\[")


def fault(text: str, language: str, original: str) -> Refused | None:
    """Why a text cannot be the translation of an original; None if it can."""
    if has_controls(text):
        return Refused("text_has_controls")
    if len(text) > LONGEST:
        return Refused("text_too_long", limit=LONGEST)
    marks = Counter(_MARKUP.findall(text)) - Counter(_MARKUP.findall(original))
    if marks:
        return Refused("text_has_markup", markup=next(iter(marks)))
    wanted, found = Counter(_PLACES.findall(original)), Counter(_PLACES.findall(text))
    if wanted - found:
        return Refused("text_lacks_place", place=next(iter(wanted - found)))
    if found - wanted:
        return Refused("text_adds_place", place=next(iter(found - wanted)))
    if in_other_script(text, language, original=original):
        return Refused("text_in_other_script", language=language)
    return None


def judge(entries: Iterable[Entry], pieces: Iterable[Piece], language: str) -> list[Judged]:
    """What would come of each entry of a file in one language."""
    known = {piece.key: piece for piece in pieces}
    listed = list(entries)
    times = Counter(entry.key for entry in listed)
    return [_judge(entry, known, language, twice=times[entry.key] > 1) for entry in listed]


def _judge(entry: Entry, known: Mapping[str, Piece], language: str, *, twice: bool) -> Judged:
    piece = known.get(entry.key)
    if piece is None:
        return Judged(entry, Outcome.REFUSED, None, Refused("text_unknown"))
    refused = Refused("text_twice") if twice else _refusal(entry, piece, language)
    if refused is not None:
        return Judged(entry, Outcome.REFUSED, piece, refused)
    return Judged(entry, _outcome(entry, piece, language), piece)


def _refusal(entry: Entry, piece: Piece, language: str) -> Refused | None:
    if piece.words.source == language:
        return Refused("text_is_original")
    if entry.formula:
        return Refused("text_is_formula")
    if not entry.text or entry.unsure:
        return None
    if entry.version is not None and entry.version != piece.words.version:
        return Refused("text_other_version", had=entry.version, has=piece.words.version)
    if one_kind_of_line(entry.original) != piece.original:
        return Refused("text_other_original")
    return fault(entry.text, language, piece.original)


def _outcome(entry: Entry, piece: Piece, language: str) -> Outcome:
    if not entry.text or entry.unsure:
        return Outcome.LEFT
    present = piece.text(language)
    if piece.kept(entry.text) != present:
        return Outcome.CHANGED if present else Outcome.NEW
    return Outcome.CONFIRMED if piece.standing(language) is Standing.OUTDATED else Outcome.SAME
