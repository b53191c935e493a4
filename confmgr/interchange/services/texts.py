"""Writing translations of a meeting's texts, from the page or from a file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import Refused
from confmgr.interchange import queries
from confmgr.interchange.domain import Entry, Judged, Outcome, Piece, TextKind, mark_of
from confmgr.interchange.models import UploadedTranslation
from confmgr.interchange.texts.judging import fault, judge
from confmgr.meetings.models import Meeting
from confmgr.parties.models import Party
from confmgr.scheduling import services as scheduling
from confmgr.values.texts import one_kind_of_line
from confmgr.values.words import Words

WITHOUT_VERSION = {TextKind.DOCUMENT: "title", TextKind.AGENCY: "code"}
"""Rows that are guarded by the version of what they belong to, and a field of that which makes it rise."""


@dataclass(frozen=True, slots=True)
class Writing:
    """A translation to be written; without `text` the present one is said to render the present original."""

    piece: Piece
    text: str | None

    def words(self, language: str, actor: User, now: datetime) -> Words:
        """What the text is after it."""
        if self.text is None:
            return self.piece.words.confirmed(language, actor.id, now)
        return self.piece.words.changed({language: self.text}, actor.id, now)


def translate(
    session: Session, meeting: Meeting, language: str, writings: Sequence[Writing], *, actor: User, now: datetime
) -> int:
    """Write translations into one language, and say how many; the versions of their rows rise.

    Names of participants that are changed so must be approved again before they are printed. What is published stays
    as it is until somebody publishes.

    Raises:
        Refused: One of the texts cannot be a translation of its original.
    """
    wanted: dict[int, tuple[Piece, dict[str, Words]]] = {}
    for writing in writings:
        _check(writing, language)
        piece = writing.piece
        wanted.setdefault(id(piece.row), (piece, {}))[1][piece.field] = writing.words(language, actor, now)
    scheduling.reword_sessions(
        session,
        meeting,
        actor=actor,
        now=now,
        texts={piece.row: fields for piece, fields in wanted.values() if piece.kind is TextKind.SESSION},
    )
    for piece, fields in wanted.values():
        if piece.kind is not TextKind.SESSION:
            _write(piece, fields)
    _raise_versions(session, [piece for piece, _fields in wanted.values()])
    session.flush()
    if writings:
        _audit(session, meeting, language, [writing.piece.key for writing in writings], actor, now)
    return len(writings)


def _check(writing: Writing, language: str) -> None:
    if writing.piece.words.source == language:
        raise Refused("text_is_original")
    if writing.text:
        refused = fault(writing.text, language, writing.piece.original)
        if refused is not None:
            raise refused


def _write(piece: Piece, fields: Mapping[str, Words]) -> None:
    if isinstance(piece.row, Party) and any(_reads_otherwise(piece.row, name, fields[name]) for name in fields):
        piece.row.names_approved_at = piece.row.names_approved_by_id = None
    for name, words in fields.items():
        setattr(piece.row, name, words)


def _reads_otherwise(row: Any, field: str, words: Words) -> bool:
    present: Words = getattr(row, field)
    return _texts(present) != _texts(words)


def _texts(words: Words) -> dict[str, str]:
    return {language: value.text for language, value in words.values.items()}


def _raise_versions(session: Session, pieces: Iterable[Piece]) -> None:
    without = [piece for piece in pieces if piece.kind in WITHOUT_VERSION]
    documents = [piece.row for piece in without if piece.kind is TextKind.DOCUMENT]
    items = queries.agenda_items(session, documents) if documents else {}
    for piece in without:
        owner = items[piece.row.agenda_item_id] if piece.kind is TextKind.DOCUMENT else piece.row.party
        flag_modified(owner, WITHOUT_VERSION[piece.kind])


def keep_translations(
    session: Session,
    meeting: Meeting,
    language: str,
    entries: Iterable[Entry],
    *,
    actor: User,
    now: datetime,
    name: str,
) -> UploadedTranslation:
    """Keep what translators sent back until it is applied or left; older ones of the same person go."""
    session.execute(
        delete(UploadedTranslation).where(
            UploadedTranslation.meeting_id == meeting.id, UploadedTranslation.user_id == actor.id
        )
    )
    row = UploadedTranslation(
        meeting_id=meeting.id,
        user_id=actor.id,
        at=now,
        name=name[:200],
        language=language,
        entries=[entry.to_json() for entry in entries],
    )
    session.add(row)
    session.flush()
    return row


def judged(session: Session, meeting: Meeting, uploaded: UploadedTranslation) -> list[Judged]:
    """What would come of each entry of a file that is kept."""
    entries = [Entry(**entry) for entry in uploaded.entries]
    return judge(entries, queries.texts(session, meeting), uploaded.language)


def apply_translations(
    session: Session, meeting: Meeting, uploaded: UploadedTranslation, *, seen: str, actor: User, now: datetime
) -> int:
    """Write every entry that is not refused, say how many, and delete what was kept of the file.

    Args:
        session: An open transaction.
        meeting: Whose texts they are.
        uploaded: The file.
        seen: `mark_of` what the actor had before the eyes.
        actor: Who applies it.
        now: When.

    Raises:
        Refused: One of the texts was changed since the actor looked at the file.
    """
    found = judged(session, meeting, uploaded)
    if mark_of(found, uploaded.language) != seen:
        raise Refused("texts_changed_since")
    writings = [
        Writing(one.piece, one_kind_of_line(one.entry.text) if one.outcome is not Outcome.CONFIRMED else None)
        for one in found
        if one.piece is not None and one.outcome in {Outcome.NEW, Outcome.CHANGED, Outcome.CONFIRMED}
    ]
    written = translate(session, meeting, uploaded.language, writings, actor=actor, now=now)
    session.delete(uploaded)
    session.flush()
    return written


def _audit(session: Session, meeting: Meeting, language: str, keys: Sequence[str], actor: User, now: datetime) -> None:
    record(
        session,
        actor=actor,
        now=now,
        action="translate",
        object_type="text",
        object_ids=keys,
        meeting_id=meeting.id,
        facts={"language": language},
    )
