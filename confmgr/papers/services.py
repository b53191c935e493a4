"""The agenda: its items, their documents, and the agenda as a document. Writes; the caller commits."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified, set_committed_value

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import Refused, StaleVersion
from confmgr.meetings.models import Meeting
from confmgr.papers import queries
from confmgr.papers.domain import EXPECTED, STANDARD, AgendaKind, ExpectedAction, Spot, in_order, moved, numbers, placed
from confmgr.papers.models import Agenda, AgendaDocument, AgendaItem, AgendaItemSession
from confmgr.parties.models import Party
from confmgr.scheduling.models import MeetingSession
from confmgr.values.times import wall_time
from confmgr.values.words import Words

MOST_ITEMS = 200
"""Items of one agenda, so that a document stays one."""
MOST_DOCUMENTS = 100
"""Documents under one item."""


def add_agenda_item(
    session: Session,
    *,
    actor: User,
    now: datetime,
    meeting: Meeting,
    title: Words,
    expected: ExpectedAction,
    number: str | None = None,
    kind: AgendaKind = AgendaKind.SUBSTANCE,
    mandate: Words | None = None,
    annotation: Words | None = None,
    speaker: str | None = None,
    chair: Party | None = None,
    under: AgendaItem | None = None,
    sessions: Sequence[MeetingSession] = (),
) -> AgendaItem:
    """An item, and the sessions that deal with it.

    A part stands last under its item; an item behind those that the fixed order has before its kind. With `number`, as
    a file gives it, it stands at the end, and that must be the number which its place gives it.

    Raises:
        Refused: The meeting has an item of that number, or its place gives it another; a session or the item above is
            of another meeting; the item above is a part itself, or was removed meanwhile; the agenda is adopted.
    """
    _open(session, meeting)
    _check(meeting, None, under, sessions)
    rows = _rows(session, meeting)
    spots = [spot for spot, _kind in rows]
    _still(spots, under)
    if len(spots) >= MOST_ITEMS:
        raise Refused("agenda_full", most=MOST_ITEMS)
    new = Spot(0, None if under is None else under.id)
    last = number is not None or under is not None
    order = in_order([*spots, new]) if last else placed(rows, new, kind)
    given = numbers(order)[new.id]
    if number is not None and number != given:
        taken = number in numbers(spots).values()
        raise Refused("agenda_number_taken" if taken else "agenda_number_wrong", field="number", number=number)
    item = AgendaItem(
        meeting_id=meeting.id,
        number="~",
        rank=len(spots) + 1,
        title=title,
        kind=kind,
        parent_id=new.parent,
        mandate=mandate,
        annotation=annotation,
        speaker=speaker,
        expected=expected,
        chair_id=None if chair is None else chair.id,
    )
    item.meeting, item.chair, item.documents = meeting, chair, []
    item.sessions = [AgendaItemSession(session_id=row.id, session=row) for row in sessions]
    session.add(item)
    session.flush()
    _settle(session, meeting, [Spot(item.id, one.parent) if one is new else one for one in order])
    _note(session, actor, now, "create", item)
    return item


def change_agenda_item(
    session: Session,
    item: AgendaItem,
    *,
    actor: User,
    now: datetime,
    meeting: Meeting,
    seen_version: int,
    title: Words,
    expected: ExpectedAction,
    kind: AgendaKind,
    mandate: Words | None,
    annotation: Words | None,
    speaker: str | None,
    chair: Party | None,
    under: AgendaItem | None,
    sessions: Sequence[MeetingSession],
) -> None:
    """Edit an item. Put under another, it stands last there; taken out of it, behind it.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
        Refused: As `add_agenda_item`; or it has parts and cannot become one.
    """
    _open(session, meeting)
    _seen(item, seen_version)
    _check(meeting, item, under, sessions)
    if under is not None and queries.parts_of(session, item):
        raise Refused("agenda_has_parts", field="under")
    spots = [spot for spot, _kind in _rows(session, meeting)]
    _still(spots, item, under)
    item.title, item.expected, item.kind, item.mandate, item.annotation = title, expected, kind, mandate, annotation
    item.speaker, item.chair_id, item.chair = speaker, None if chair is None else chair.id, chair
    kept = {link.session_id: link for link in item.sessions}
    item.sessions = [kept.get(row.id) or AgendaItemSession(session_id=row.id, session=row) for row in sessions]
    parent = None if under is None else under.id
    if parent != item.parent_id:
        others = [spot for spot in spots if spot.id != item.id]
        after = len(others) if under is not None else 1 + [spot.id for spot in others].index(item.parent_id or 0)
        item.parent_id = parent
        spots = in_order([*others[:after], Spot(item.id, parent), *others[after:]])
    _touch(session, item)
    _settle(session, meeting, spots)
    _note(session, actor, now, "change", item)


def move_agenda_item(session: Session, item: AgendaItem, *, actor: User, now: datetime, steps: int) -> None:
    """Move an item with its parts among its like: -1 is one up. At the end of the row nothing happens.

    Raises:
        Refused: The agenda is adopted; somebody removed the item meanwhile.
    """
    _open(session, item.meeting)
    before = [spot for spot, _kind in _rows(session, item.meeting)]
    _still(before, item)
    after = moved(before, item.id, steps)
    if after != before:
        _settle(session, item.meeting, after)
        _note(session, actor, now, "move", item)


def remove_agenda_item(session: Session, item: AgendaItem, *, actor: User, now: datetime, seen_version: int) -> None:
    """Take an item off the agenda with its parts and the documents named under them; the others close up.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
        Refused: The agenda is adopted.
    """
    meeting = item.meeting
    _open(session, meeting)
    _seen(item, seen_version)
    for part in queries.parts_of(session, item):
        _note(session, actor, now, "delete", part)
        session.delete(part)
    session.flush()
    _note(session, actor, now, "delete", item)
    session.delete(item)
    session.flush()
    _settle(session, meeting, [spot for spot, _kind in _rows(session, meeting)])


def begin_with_standard(
    session: Session, meeting: Meeting, *, actor: User, now: datetime, titles: Mapping[AgendaKind, Words]
) -> None:
    """The items that every agenda has, in their fixed order.

    Raises:
        Refused: There are items already; the agenda is adopted.
    """
    _open(session, meeting)
    if _rows(session, meeting):
        raise Refused("agenda_begun")
    for kind in STANDARD:
        add_agenda_item(
            session, actor=actor, now=now, meeting=meeting, title=titles[kind], kind=kind, expected=EXPECTED[kind]
        )


def write_document(
    session: Session,
    item: AgendaItem,
    document: AgendaDocument | None = None,
    *,
    actor: User,
    now: datetime,
    seen_version: int,
    title: Words,
    symbol: str | None = None,
    languages: Sequence[str] = (),
) -> AgendaDocument:
    """Name a document under an item, or edit one that is named there.

    Raises:
        StaleVersion: Somebody changed the item or its documents meanwhile.
        Refused: The item has a document of that symbol; it has too many.
    """
    _seen(item, seen_version)
    if symbol and any(row.symbol == symbol for row in item.documents if row is not document):
        raise Refused("document_named", field="symbol", symbol=symbol)
    if document is None:
        if len(item.documents) >= MOST_DOCUMENTS:
            raise Refused("documents_full", most=MOST_DOCUMENTS)
        rank = max((row.rank for row in item.documents), default=0) + 1
        document = AgendaDocument(rank=rank, symbol=symbol, title=title, languages=list(languages))
        item.documents.append(document)
    else:
        document.symbol, document.title, document.languages = symbol, title, list(languages)
    _touch(session, item)
    _note(session, actor, now, "change", item)
    return document


def remove_document(
    session: Session, item: AgendaItem, document: AgendaDocument, *, actor: User, now: datetime, seen_version: int
) -> None:
    """Name a document no longer under an item.

    Raises:
        StaleVersion: Somebody changed the item or its documents meanwhile.
    """
    _seen(item, seen_version)
    number = document.id
    item.documents.remove(document)
    _touch(session, item)
    record(
        session,
        actor=actor,
        now=now,
        action="delete",
        object_type=AgendaDocument.__tablename__,
        object_uuid=item.uuid,
        object_ids=[number],
        meeting_id=item.meeting_id,
    )


def write_agenda(
    session: Session,
    meeting: Meeting,
    *,
    actor: User,
    now: datetime,
    seen_version: int,
    symbol: str | None,
    original_language: str,
    organisation: Words | None,
) -> Agenda:
    """What the agenda as a document says of itself. `seen_version` is 0 where it said nothing yet.

    Raises:
        StaleVersion: Somebody changed it meanwhile.
    """
    _lock(session, meeting)
    paper = queries.paper(session, meeting)
    if (0 if paper is None else paper.version) != seen_version:
        raise StaleVersion("agenda", meeting.slug)
    paper = paper or _new_paper(session, meeting)
    paper.symbol, paper.original_language, paper.organisation = symbol, original_language, organisation
    session.flush()
    _note(session, actor, now, "change", paper)
    return paper


def adopt_agenda(session: Session, meeting: Meeting, *, actor: User, now: datetime, on: date | None) -> None:
    """The meeting adopted its agenda on a day; with None the agenda is provisional again.

    Raises:
        Refused: There is no item; the day is still to come.
    """
    _lock(session, meeting)
    if on is not None and not _rows(session, meeting):
        raise Refused("agenda_empty", field="on")
    if on is not None and on > wall_time(now, meeting.zone).date():
        raise Refused("agenda_not_yet", field="on")
    paper = queries.paper(session, meeting) or _new_paper(session, meeting)
    paper.adopted_on = on
    session.flush()
    _note(session, actor, now, "reopen" if on is None else "adopt", paper)


def _new_paper(session: Session, meeting: Meeting) -> Agenda:
    paper = Agenda(meeting_id=meeting.id, original_language="en")
    paper.meeting = meeting
    session.add(paper)
    return paper


def _lock(session: Session, meeting: Meeting) -> None:
    """One writer of an agenda at a time: its numbers rest on all of its items."""
    session.execute(select(Meeting.id).where(Meeting.id == meeting.id).with_for_update(key_share=True))


def _open(session: Session, meeting: Meeting) -> None:
    _lock(session, meeting)
    paper = queries.paper(session, meeting)
    if paper is not None and paper.adopted_on is not None:
        raise Refused("agenda_adopted")


def _check(
    meeting: Meeting, item: AgendaItem | None, under: AgendaItem | None, sessions: Sequence[MeetingSession]
) -> None:
    if any(row.meeting_id != meeting.id for row in sessions):
        raise Refused("other_meeting", field="sessions")
    if under is not None and under.meeting_id != meeting.id:
        raise Refused("other_meeting", field="under")
    if under is not None and (under.parent_id is not None or under is item):
        raise Refused("agenda_part_of_part", field="under")


def _still(spots: Sequence[Spot], *items: AgendaItem | None) -> None:
    """Items were loaded before the agenda was locked: somebody may have removed one in between."""
    there = {spot.id for spot in spots}
    if any(item is not None and item.id not in there for item in items):
        raise Refused("agenda_item_gone")


def _seen(item: AgendaItem, version: int) -> None:
    if item.version != version:
        raise StaleVersion("agenda_item", item.number)


def _touch(session: Session, item: AgendaItem) -> None:
    """Whoever has the item open sees that it changed, even where only what hangs on it did."""
    flag_modified(item, "title")
    session.flush()


def _rows(session: Session, meeting: Meeting) -> list[tuple[Spot, AgendaKind]]:
    found = session.execute(
        select(AgendaItem.id, AgendaItem.parent_id, AgendaItem.kind)
        .where(AgendaItem.meeting_id == meeting.id)
        .order_by(AgendaItem.rank)
    )
    return [(Spot(ident, parent), kind) for ident, parent, kind in found]


def _settle(session: Session, meeting: Meeting, order: Sequence[Spot]) -> None:
    """Give every item its number and rank. That is no change of an item: its version stays, for whoever edits it."""
    table = cast("Table", AgendaItem.__table__)
    stored = select(table.c.id, table.c.number, table.c.rank).where(table.c.meeting_id == meeting.id)
    before = {ident: (number, rank) for ident, number, rank in session.execute(stored)}
    now = numbers(order)
    wanted = {spot.id: (now[spot.id], rank) for rank, spot in enumerate(order, 1)}
    changed = {ident: values for ident, values in wanted.items() if before[ident] != values}
    if changed:
        to = update(table).where(table.c.id == bindparam("of")).values(number=bindparam("to"), rank=bindparam("at"))
        between = [{"of": ident, "to": f"~{rank}", "at": rank} for ident, (_number, rank) in changed.items()]
        session.execute(to, between)  # no number stands twice on the way
        session.execute(to, [{"of": i, "to": number, "at": rank} for i, (number, rank) in changed.items()])
    for item in list(session.identity_map.values()):
        if isinstance(item, AgendaItem) and item.id in changed:
            set_committed_value(item, "number", changed[item.id][0])
            set_committed_value(item, "rank", changed[item.id][1])


def _note(session: Session, actor: User, now: datetime, action: str, what: AgendaItem | Agenda) -> None:
    record(
        session,
        actor=actor,
        now=now,
        action=action,
        object_type=what.__tablename__,
        object_uuid=what.uuid,
        meeting_id=what.meeting_id,
    )
