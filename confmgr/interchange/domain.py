"""Which texts of a meeting are translated, and what came of a translation that was sent back. Plain Python."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from confmgr.errors import Refused
from confmgr.values.texts import one_kind_of_line
from confmgr.values.words import Value, Words


class TextKind(StrEnum):
    """What a text belongs to, in the order in which the texts are listed."""

    MEETING = "meeting"
    OPERATION = "operation"
    AGENDA = "agenda"
    ITEM = "agenda_item"
    DOCUMENT = "agenda_document"
    SESSION = "session"
    PLACE = "place"
    PARTY = "party"
    AGENCY = "agency"


TEXTS: Mapping[TextKind, tuple[str, ...]] = {
    TextKind.MEETING: ("title", "venue", "description"),
    TextKind.OPERATION: ("name", "purpose"),
    TextKind.AGENDA: ("organisation",),
    TextKind.ITEM: ("title", "mandate", "annotation"),
    TextKind.DOCUMENT: ("title",),
    TextKind.SESSION: ("title", "description"),
    TextKind.PLACE: ("name",),
    TextKind.PARTY: ("short_name", "long_name"),
    TextKind.AGENCY: ("name",),
}
"""Every text that organisers have translated. Cases and leads, and the sessions about them, are never among these."""

LONG = frozenset({"description", "purpose", "organisation", "mandate", "annotation"})
"""Texts of more than one line."""


class Standing(StrEnum):
    """How far the translation of a text is."""

    MISSING = "missing"
    OUTDATED = "outdated"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Piece:
    """One text of a meeting: `row` is what it belongs to, `ident` names that for good, `name` as organisers know it."""

    kind: TextKind
    ident: str
    field: str
    name: str
    words: Words
    row: Any

    @property
    def key(self) -> str:
        """What stands for the text in a file."""
        return f"{self.kind.value}/{self.ident}/{self.field}"

    @property
    def original(self) -> str:
        """The text as it was first written."""
        return one_kind_of_line(self.words.values[self.words.source].text)

    @property
    def is_long(self) -> bool:
        """Whether it may have several lines."""
        return self.field in LONG

    def kept(self, text: str) -> str:
        """What is kept of a text that somebody wrote: what stands on one line, like a title, has no second one."""
        return one_kind_of_line(text) if self.is_long else " ".join(filter(None, map(str.strip, text.splitlines())))

    def value(self, language: str) -> Value | None:
        """The translation, with who made it."""
        return self.words.values.get(language)

    def text(self, language: str) -> str:
        """The translation; empty where there is none."""
        value = self.value(language)
        return "" if value is None else one_kind_of_line(value.text)

    def standing(self, language: str) -> Standing:
        """How far its translation is."""
        if not self.text(language):
            return Standing.MISSING
        return Standing.OUTDATED if self.words.outdated(language) else Standing.DONE

    def mark(self, language: str) -> str:
        """A digest of the original's version and of the translation: another one once either has changed."""
        return f"{self.words.version}-{digest(self.text(language))}"


def digest(text: str) -> str:
    """Sixteen letters and digits that stand for a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Entry:
    """One text of a file: `number` is its row or line; no `version` where the file has lost it.

    `unsure`: the translator marked it as not finished. `formula`: the cell computes something.
    """

    number: int
    key: str
    original: str
    text: str
    version: int | None = None
    unsure: bool = False
    formula: bool = False

    def to_json(self) -> dict[str, object]:
        """What is kept until the file is applied."""
        return {name: getattr(self, name) for name in self.__slots__}


class Outcome(StrEnum):
    """What applying a file would do with an entry."""

    REFUSED = "refused"
    CHANGED = "changed"
    NEW = "new"
    CONFIRMED = "confirmed"
    SAME = "same"
    LEFT = "left"


WRITTEN = (Outcome.CHANGED, Outcome.NEW, Outcome.CONFIRMED)
"""Outcomes that change something."""


@dataclass(frozen=True, slots=True)
class Judged:
    """An entry and what would come of it; `piece` is none for a text that is not known here."""

    entry: Entry
    outcome: Outcome
    piece: Piece | None = None
    fault: Refused | None = None

    def mark(self, language: str) -> str:
        """A digest of what is known of it here: another one once that has changed."""
        return f"{self.entry.key} {self.outcome.value} {self.piece.mark(language) if self.piece else ''}"


def mark_of(judged: Iterable[Judged], language: str) -> str:
    """A digest of a whole file against what is here."""
    return digest("\n".join(one.mark(language) for one in judged))
