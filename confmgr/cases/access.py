"""Rules of routes that stand on a case or a lead: loaded through the visibility rule, by the id in the address."""

import uuid as uuids
from collections.abc import Callable

from flask import g
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from confmgr.accounts.models import User
from confmgr.cases import queries
from confmgr.errors import NotAllowed, NotFound
from confmgr.gateways import clock
from confmgr.meetings.access import in_meeting, roles_here
from confmgr.meetings.domain import SPEAKERS, Role
from confmgr.meetings.models import Meeting
from confmgr.meetings.queries import meeting_and_roles
from confmgr.sharing import queries as sharing
from confmgr.sharing import showing
from confmgr.sharing.domain import ItemKind
from confmgr.sharing.models import Item, ItemMeeting
from confmgr.sharing.rule import Seat, Viewer
from confmgr.web.policy import Arguments, Rule, signed_in_user, staff

READERS = in_meeting(Role.ORGANISER, Role.LEADERSHIP, Role.HEAD, Role.DELEGATE)
ORGANISER = in_meeting(Role.ORGANISER)


def nominator(session: Session, arguments: Arguments) -> Arguments:
    """A member of a delegation, for routes with `<slug>`: gives `meeting`, `actor` and `seat`."""
    given = in_meeting(*SPEAKERS)(session, arguments)
    return {**given, "seat": own_seat(session, given["actor"], given["meeting"])}


def own_seat(session: Session, actor: User, meeting: Meeting) -> Seat:
    """Where the actor sits for a delegation.

    Raises:
        NotAllowed: The actor belongs to no delegation of the meeting, or only reads or interprets for it.
    """
    for seat in sharing.viewer_of(session, actor, clock.now()).seats:
        if seat.meeting_id == meeting.id and seat.speaks:
            return seat
    raise NotAllowed("speak for a delegation")


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
        meeting = _meeting_of(session, item, viewer)
        _loaded, held = meeting_and_roles(session, meeting.slug, actor, now)
        g.meeting, g.operation, g.roles = meeting, meeting.operation, held
        return {**arguments, "actor": actor, "viewer": viewer, "item": item, "meeting": meeting}

    return rule


def owned(kind: ItemKind) -> Rule:
    """Anybody of the originator who may read the case or lead, and speaks for a delegation."""
    base = seen(kind)

    def rule(session: Session, arguments: Arguments) -> Arguments:
        given = base(session, arguments)
        own = given["item"].originator_id in {seat.party_id for seat in given["viewer"].seats if seat.speaks}
        if not own or not roles_here() & SPEAKERS:
            raise NotAllowed("speak for its originator")
        return given

    return rule


def authored(kind: ItemKind) -> Rule:
    """The author of a case or lead, who alone changes body, marking and readers."""
    base = seen(kind)

    def rule(session: Session, arguments: Arguments) -> Arguments:
        given = base(session, arguments)
        if given["item"].author_id != given["actor"].id:
            raise NotAllowed("change this")
        return given

    return rule


def _meeting_of(session: Session, item: Item, viewer: Viewer) -> Meeting:
    """The newest meeting of an item in which the viewer sits."""
    seats = {seat.meeting_id for seat in viewer.seats}
    found = session.scalar(
        select(Meeting)
        .join(ItemMeeting, ItemMeeting.meeting_id == Meeting.id)
        .where(ItemMeeting.item_id == item.id, Meeting.id.in_(seats))
        .options(joinedload(Meeting.operation), joinedload(Meeting.host_party))
        .order_by(Meeting.starts_on.desc())
        .limit(1)
    )
    if found is None:
        raise NotFound("item", item.uuid)
    return found
