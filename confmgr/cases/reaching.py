"""Whom a marking reaches: somebody of each delegation, and whoever is named, put to the rule before and after."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.cases import queries
from confmgr.cases.consequences import Follows, Somebody, follows, imagined
from confmgr.delegations.models import Delegation
from confmgr.meetings.models import Meeting
from confmgr.parties.models import Agency, Party
from confmgr.sharing import queries as sharing
from confmgr.sharing.domain import Tlp
from confmgr.sharing.models import Disclosure, Item, ItemMeeting, NamedReader
from confmgr.sharing.rule import Letter, Seat, Viewer, verdict
from confmgr.sharing.services import lowered_by_two


def if_marked(session: Session, item: Item, now: datetime) -> dict[Tlp, Follows]:
    """What each marking would do to those who read an item today, or would once it is shared."""
    seats, named = _seats(session, item), queries.readers(session, item, now)
    agencies = [row.agency for row in named if row.agency is not None]
    persons = [row.person for row in named if row.person is not None]
    people = [
        *(imagined(code, own) for code, own in seats.values()),
        *(_of_agency(agency, seats) for agency in agencies),
        *_themselves(session, persons, now),
    ]
    facts = sharing.facts_of(session, [item.id])[item.id]
    return {tlp: follows(facts, tlp, people, now, waits=lowered_by_two(item, tlp)) for tlp in Tlp}


def still_reads(session: Session, item: Item, struck: Disclosure, now: datetime) -> Letter | None:
    """By which sentence of the rule whoever was struck off can read an item all the same."""
    seats = _seats(session, item)
    if struck.to_user_id is not None:
        (one,) = _themselves(session, [session.get_one(User, struck.to_user_id)], now)
    elif struck.to_agency_id is not None:
        one = _of_agency(session.get_one(Agency, struck.to_agency_id), seats)
    else:
        party_id = session.get_one(Delegation, struck.to_delegation_id).party_id
        one = imagined(*seats.get(party_id, ("", ())))
    return verdict(one.viewer, sharing.facts_of(session, [item.id])[item.id], now).letter


def named_beside(session: Session, item: Item, struck: Disclosure, now: datetime) -> bool:
    """Whether agencies or persons of a delegation that was struck off are named by themselves."""
    if struck.to_delegation_id is None:
        return False
    party_id = session.get_one(Delegation, struck.to_delegation_id).party_id
    named = queries.readers(session, item, now)
    persons = _themselves(session, [row.person for row in named if row.person is not None], now)
    return any(row.agency is not None and row.agency.party_id == party_id for row in named) or any(
        seat.party_id == party_id for one in persons for seat in one.viewer.seats
    )


def of_own_party(session: Session, item: Item) -> list[str]:
    """Names of those whom the author named of the own party: beside the author they alone read TLP:RED."""
    rows = select(User.name).join(NamedReader, NamedReader.user_id == User.id).where(NamedReader.item_id == item.id)
    return list(session.scalars(rows.order_by(User.name, User.id)))


def reads_until(session: Session, viewer: Viewer, item: Item, now: datetime) -> datetime | None:
    """When the reading ends of somebody who was named as a reader of an item; None if it does not end by itself."""
    agencies = {seat.agency_id for seat in viewer.seats if seat.agency_id is not None}
    delegations = {seat.delegation_id for seat in viewer.seats if seat.delegation_id is not None}
    ends = session.scalars(
        select(Disclosure.until).where(
            Disclosure.marking_id == item.marking.id,
            Disclosure.revoked_at.is_(None),
            or_(
                Disclosure.to_user_id == viewer.user_id,
                Disclosure.to_agency_id.in_(agencies),
                Disclosure.to_delegation_id.in_(delegations),
            ),
            or_(Disclosure.until.is_(None), Disclosure.until > now),
        )
    ).all()
    limits = [end for end in ends if end is not None]
    return max(limits) if limits and len(limits) == len(ends) else None


Seats = dict[int, tuple[str, tuple[Seat, ...]]]


def _seats(session: Session, item: Item) -> Seats:
    """By party but the originator: its code, and where its delegations sit at meetings of the item."""
    rows = session.execute(
        select(Delegation, Party.code, Meeting.green_for)
        .join(Party, Party.id == Delegation.party_id)
        .join(Meeting, Meeting.id == Delegation.meeting_id)
        .join(ItemMeeting, ItemMeeting.meeting_id == Meeting.id)
        .where(ItemMeeting.item_id == item.id, Party.id != item.originator_id)
        .order_by(Party.code, Delegation.id)
    )
    found: Seats = {}
    for row, code, green_for in rows:
        seat = Seat(row.meeting_id, row.party_id, row.id, sees_green=row.status.value in green_for)
        found[row.party_id] = (code, (*found.get(row.party_id, (code, ()))[1], seat))
    return found


def _of_agency(agency: Agency, seats: Seats) -> Somebody:
    _code, own = seats.get(agency.party_id, ("", ()))
    return imagined(agency.code, own, agency_id=agency.id)


def _themselves(session: Session, persons: Sequence[User], now: datetime) -> list[Somebody]:
    viewers = sharing.viewers_of(session, persons, now) if persons else []
    return [Somebody(person.name, viewer) for person, viewer in zip(persons, viewers, strict=True)]
