"""Rules of routes that stand on a case or a lead: loaded through the visibility rule, by the id in the address."""

import uuid as uuids
from collections.abc import Callable
from datetime import datetime

from flask import g
from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session, joinedload

from confmgr.accounts.models import User
from confmgr.cases import matching, queries
from confmgr.errors import NotAllowed, NotFound
from confmgr.gateways import clock
from confmgr.meetings.access import in_meeting, roles_here
from confmgr.meetings.domain import SPEAKERS, Role
from confmgr.meetings.models import Meeting
from confmgr.meetings.queries import meeting_and_roles
from confmgr.sharing import asking, recalling, showing
from confmgr.sharing import queries as sharing
from confmgr.sharing.clause import there
from confmgr.sharing.domain import ItemKind
from confmgr.sharing.models import Item, ItemMeeting
from confmgr.sharing.rule import Seat, Viewer
from confmgr.web.policy import Arguments, Rule, signed_in_user, staff

READERS = in_meeting(Role.ORGANISER, Role.LEADERSHIP, Role.HEAD, Role.DELEGATE)
ORGANISER = in_meeting(Role.ORGANISER)


def nominator(session: Session, arguments: Arguments) -> Arguments:
    """A member of a delegation, for routes with `<slug>`: gives `meeting`, `actor` and `seat`."""
    given = in_meeting(*SPEAKERS)(session, arguments)
    viewer = sharing.viewer_of(session, given["actor"], clock.now())
    return {**given, "seat": own_seat(viewer, given["meeting"])}


def own_seat(viewer: Viewer, meeting: Meeting) -> Seat:
    """Where somebody sits for a delegation.

    Raises:
        NotAllowed: The viewer belongs to no delegation of the meeting, or only reads or interprets for it.
    """
    for seat in viewer.seats:
        if seat.meeting_id == meeting.id and seat.speaks:
            return seat
    raise NotAllowed("speak for a delegation")


def speaks_here(item: Item) -> bool:
    """Whether the reader acts for a delegation where the page of an item stands, and the item is of that meeting."""
    return bool(roles_here() & SPEAKERS) and g.meeting.id in {link.meeting_id for link in item.meetings}


def of_a_delegation(session: Session, arguments: Arguments) -> Arguments:
    """Anybody who sits for a delegation, for routes with `<slug>`: gives `meeting`, `actor` and `seat`."""
    given = in_meeting(*SPEAKERS, Role.LEADERSHIP)(session, arguments)
    viewer = sharing.viewer_of(session, given["actor"], clock.now())
    for seat in viewer.seats:
        if seat.meeting_id == given["meeting"].id and seat.delegation_id is not None:
            return {**given, "seat": seat}
    raise NotAllowed("read what a delegation gave")


def seen_matches(session: Session, arguments: Arguments) -> Arguments:
    """Anybody of a delegation, and organisers: gives `meeting` and `actor`."""
    return in_meeting(*SPEAKERS, Role.LEADERSHIP, Role.ORGANISER)(session, arguments)


def own_hit(session: Session, arguments: Arguments) -> Arguments:
    """Who speaks for one of the two originators of the match `<uuid:uuid>`: gives `meeting`, `actor`, `seat`, `hit`.

    To everybody else there is no such match.
    """
    ident: uuids.UUID = arguments.pop("uuid")
    given = nominator(session, arguments)
    now = clock.now()
    viewer = sharing.viewer_of(session, given["actor"], now)
    return {**given, "hit": matching.get_hit(session, viewer, now, meeting=given["meeting"], ident=ident)}


@staff
def nominated_case(session: Session, arguments: Arguments) -> Arguments:
    """An organiser and a case at the meeting, by its envelope: gives `meeting`, `actor` and `nomination`."""
    ident: uuids.UUID = arguments.pop("uuid")
    given = ORGANISER(session, arguments)
    return {**given, "nomination": queries.get_nomination(session, given["meeting"], ident)}


def seen(kind: ItemKind, *, body: bool = True) -> Rule:
    """Whoever may see the body of the case or lead, or with `body=False` at least its envelope.

    Gives `actor`, `viewer`, `item` and, of one meeting of the item in which the actor sits, `meeting`.
    """

    def rule(session: Session, arguments: Arguments) -> Arguments:
        actor = signed_in_user()
        now = clock.now()
        viewer = sharing.viewer_of(session, actor, now)
        load: Callable[..., Item] = sharing.get_visible if body else sharing.get_envelope
        item = load(session, viewer, kind, arguments.pop("uuid"), now)
        if body:
            showing.opened(session, item)
        meeting = _placed(session, item, viewer, actor, now)
        return {**arguments, "actor": actor, "viewer": viewer, "item": item, "meeting": meeting}

    return rule


def owned(kind: ItemKind) -> Rule:
    """Anybody of the originator who may read the case or lead, and speaks for a delegation."""
    base = seen(kind)

    def rule(session: Session, arguments: Arguments) -> Arguments:
        given = base(session, arguments)
        viewer, item = given["viewer"], given["item"]
        own = sharing.gave(viewer, item) and any(s.speaks and s.party_id == item.originator_id for s in viewer.seats)
        if not own or not roles_here() & SPEAKERS:
            raise NotAllowed("speak for its originator")
        return given

    return rule


def authored(kind: ItemKind) -> Rule:
    """Who changes body, marking and readers: the author; of a case or lead below RED, a head of its agency too."""
    return _readers_who(asking.writes, kind, "change this")


def kept(kind: ItemKind) -> Rule:
    """Who says how long something is kept, and purges it: its author, or a head of the originating agency."""
    return _readers_who(asking.keeps, kind, "keep or purge this")


def _readers_who(may: Callable[[Session, Item, User, datetime], bool], kind: ItemKind, action: str) -> Rule:
    base = seen(kind)

    def rule(session: Session, arguments: Arguments) -> Arguments:
        given = base(session, arguments)
        if not may(session, given["item"], given["actor"], clock.now()):
            raise NotAllowed(action)
        return given

    return rule


def purged(kind: ItemKind) -> Rule:
    """As `kept`; of what was purged already, for those who could purge it, gives `item` as None."""
    base = kept(kind)

    def rule(session: Session, arguments: Arguments) -> Arguments:
        actor, now, ident = signed_in_user(), clock.now(), arguments["uuid"]
        gone = asking.purged_by_now(session, kind, ident, actor, now)
        if gone is None:
            return base(session, arguments)
        del arguments["uuid"]
        viewer = sharing.viewer_of(session, actor, now)
        meeting = _placed(session, gone, viewer, actor, now)
        return {**arguments, "actor": actor, "viewer": viewer, "item": None, "meeting": meeting}

    return rule


def asked_question(session: Session, arguments: Arguments) -> Arguments:
    """A question to an originator, for those who asked and those who are asked.

    Gives `actor`, `viewer`, `question` and, of one meeting of the item in which the actor sits, `meeting`.
    """
    actor, now = signed_in_user(), clock.now()
    viewer = sharing.viewer_of(session, actor, now)
    question = asking.get_question(session, viewer, arguments.pop("uuid"), now)
    meeting = _placed(session, question.item, viewer, actor, now)
    return {**arguments, "actor": actor, "viewer": viewer, "question": question, "meeting": meeting}


def asked_recall(session: Session, arguments: Arguments) -> Arguments:
    """A recall, for the person who is asked; gives `actor`, `row` and `meeting`."""
    actor, now = signed_in_user(), clock.now()
    viewer = sharing.viewer_of(session, actor, now)
    row = recalling.get_recall(session, viewer, arguments.pop("uuid"))
    return {**arguments, "actor": actor, "row": row, "meeting": _placed(session, row.item, viewer, actor, now)}


def _placed(session: Session, item: Item, viewer: Viewer, actor: User, now: datetime) -> Meeting:
    meeting = _meeting_of(session, item, viewer)
    _loaded, held = meeting_and_roles(session, meeting.slug, actor, now)
    g.meeting, g.operation, g.roles = meeting, meeting.operation, held
    return meeting


def _meeting_of(session: Session, item: Item, viewer: Viewer) -> Meeting:
    """The newest meeting of an item in which the viewer sits; of what is published, else of its operation."""
    linked = there(ItemMeeting, ItemMeeting.item_id == item.id, ItemMeeting.meeting_id == Meeting.id)
    beside = false() if item.published_at is None else Meeting.operation_id == item.operation_id
    found = session.scalar(
        select(Meeting)
        .where(Meeting.id.in_({seat.meeting_id for seat in viewer.seats}), or_(linked, beside))
        .options(joinedload(Meeting.operation), joinedload(Meeting.host_party))
        .order_by(linked.desc(), Meeting.starts_on.desc())
        .limit(1)
    )
    if found is None:
        raise NotFound("item", item.uuid)
    return found
