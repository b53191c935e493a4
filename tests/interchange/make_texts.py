"""Builders of a meeting with texts to translate, and of files with translations that came back."""

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.interchange import queries
from confmgr.interchange.domain import Entry, Piece
from confmgr.interchange.texts import po
from confmgr.interchange.texts.workbook import ABOUT
from confmgr.meetings.models import Meeting
from confmgr.papers.domain import ExpectedAction
from confmgr.papers.models import Agenda, AgendaDocument, AgendaItem
from confmgr.scheduling.domain import SessionKind
from confmgr.scheduling.models import MeetingSession
from confmgr.values.words import Words
from tests import make
from tests.interchange.make_workbooks import xlsx
from tests.make_scheduling import World, bilateral

BASE = "/meetings/seoul-2/translations/km"
KHMER = "បើកកិច្ចប្រជុំ"
ROOM = "បន្ទប់ប្រជុំ"
NOW = datetime(2026, 1, 15, 3, 0, tzinfo=UTC)


def plenary(session: Session, here: World, title: str = "Opening of the meeting") -> MeetingSession:
    return bilateral(
        session, here, kind=SessionKind.PLENARY, delegations=[], everybody=True, title=Words.of(title), anyway=True
    )


def agenda(session: Session, here: World) -> AgendaItem:
    """An agenda with its organisation of work, one item with all its texts, and one document under it."""
    make.saved(session, Agenda(meeting_id=here.meeting.id, organisation=Words.of("Work in three groups.")))
    item = make.saved(
        session,
        AgendaItem(
            meeting_id=here.meeting.id,
            number="1",
            rank=1,
            title=Words.of("Adoption of the agenda"),
            mandate=Words.of("Rule 7 of the terms of reference."),
            annotation=Words.of("The chair proposes.\nThe meeting decides."),
            expected=ExpectedAction.DECISION,
        ),
    )
    make.saved(
        session,
        AgendaDocument(
            agenda_item_id=item.id, rank=1, symbol="JOM/2/1", title=Words.of("Draft agenda"), languages=["en"]
        ),
    )
    return item


def pieces(session: Session, here: World) -> dict[str, Piece]:
    """The texts of the meeting by what they are, as `session/title`; of several one, the last."""
    return {f"{piece.kind.value}/{piece.field}": piece for piece in queries.texts(session, here.meeting)}


def title(session: Session) -> Words:
    """The title of the only meeting, as it stands in the database now."""
    session.expire_all()
    found = session.scalars(select(Meeting)).one().title
    session.commit()
    return found


def entry(piece: Piece, text: str, **changes: object) -> Entry:
    values = {
        "number": 1,
        "key": piece.key,
        "original": piece.original,
        "text": text,
        "version": piece.words.version,
    } | changes
    return Entry(**values)  # type: ignore[arg-type]  # a builder's own words


def po_file(here: World, entries: Iterable[Entry], *, language: str = "km", meeting: object = None) -> bytes:
    """A catalogue as a translator's program writes it."""
    lines = [
        'msgid ""',
        'msgstr ""',
        f'"Language: {language}\\n"',
        '"Content-Type: text/plain; charset=UTF-8\\n"',
        f'"{po.MEETING}: {meeting or here.meeting.uuid}\\n"',
    ]
    for one in entries:
        lines += ["", f"#. version {one.version}, en", f"#. key {one.key}"] if one.version else [""]
        lines += ["#, fuzzy"] if one.unsure else []
        lines += [f'msgctxt "{one.key}"', f"msgid {_quoted(one.original)}", f"msgstr {_quoted(one.text)}"]
    return ("\n".join(lines) + "\n").encode()


def _quoted(text: str) -> str:
    return '"{}"'.format(text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n"))


def workbook(here: World, entries: Iterable[Entry], *, language: str = "km", meeting: object = None) -> bytes:
    """A workbook as it comes back."""
    rows = [[one.original, one.text, str(one.version or ""), one.key] for one in entries]
    head = ["Original", "Translation", "Version of the original", "Key (leave as it is)"]
    about = [["meeting", str(meeting or here.meeting.uuid)], ["language", language]]
    return xlsx({"ខ្មែរ": [head, *rows], ABOUT: about})
