"""What every file for translators holds, whichever its kind. Plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from confmgr.errors import NotReadable
from confmgr.interchange.domain import Entry, Piece, Standing
from confmgr.values.languages import known


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that came back: of which meeting, in which language, and its entries."""

    meeting: str
    language: str
    entries: Sequence[Entry]

    def check(self, meeting: UUID, language: str) -> None:
        """Refuse a file of another meeting or in another language.

        Raises:
            NotReadable: It is one.
        """
        if self.meeting != str(meeting):
            raise NotReadable("translations_of_other_meeting")
        found = known(self.language)
        if found is None:
            raise NotReadable("translations_of_no_language", tag=self.language[:20])
        if found != language:
            raise NotReadable("translations_of_other_language", found=found, language=language)


def wanted(pieces: Sequence[Piece], language: str) -> list[Piece]:
    """The texts that can be translated into a language: all that were not written in it."""
    return [piece for piece in pieces if piece.words.source != language]


def finished(piece: Piece, language: str) -> str:
    """The translation that renders the present original; empty where none does."""
    return piece.text(language) if piece.standing(language) is Standing.DONE else ""


def earlier(piece: Piece, language: str) -> str:
    """The translation of an earlier original; empty where there is none."""
    return piece.text(language) if piece.standing(language) is Standing.OUTDATED else ""
