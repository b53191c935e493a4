"""The SQL clause and the function agree on whatever is in the database, on both databases."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.delegations.domain import DelegationStatus
from confmgr.delegations.models import Delegation
from confmgr.errors import NotFound
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Meeting
from confmgr.parties.models import Agency, Party
from confmgr.sharing import queries
from confmgr.sharing.domain import ItemKind, ItemState, Tlp
from confmgr.sharing.models import Item
from confmgr.sharing.rule import verdict
from tests import make, make_sharing
from tests.soak import SOAK

NOW = datetime(2026, 1, 15, 3, 0, tzinfo=UTC)
SEEDS = range(1, 4) if SOAK else range(1, 2)


@dataclass(frozen=True)
class World:
    """Two meetings, three parties, and people in every kind of seat."""

    meetings: list[Meeting]
    parties: list[Party]
    agencies: list[Agency]
    delegations: list[Delegation]
    people: list[User]


@dataclass(frozen=True)
class Disclosed:
    target: str
    index: int
    earlier_marking: bool
    hours: int | None
    revoked: bool


@dataclass(frozen=True)
class Plan:
    """One item: indices point into the world."""

    tlp: Tlp
    state: ItemState
    published: bool
    originator: int
    author: int
    agency: int | None
    named: tuple[int, ...]
    meetings: tuple[int, ...]
    child: bool
    disclosures: tuple[Disclosed, ...]


def plan(chance: Random) -> Plan:
    """Anything that the tables hold; mostly shared, mostly disclosed in a way that fails in one respect at most."""
    return Plan(
        tlp=chance.choice(list(Tlp)),
        state=chance.choice([ItemState.SHARED] * 4 + list(ItemState)),
        published=chance.random() < 0.3,
        originator=chance.randrange(2),
        author=chance.randrange(8),
        agency=chance.choice([None, 0, 1, 2, 3]),
        named=tuple(chance.sample(range(8), chance.randrange(3))),
        meetings=chance.choice([(0,), (1,), (0, 1)]),
        child=chance.random() < 0.3,
        disclosures=tuple(disclosed(chance) for _ in range(chance.randrange(3))),
    )


def disclosed(chance: Random) -> Disclosed:
    fault = chance.choice(["none", "none", "earlier marking", "expired", "revoked"])
    return Disclosed(
        target=chance.choice(["person", "agency", "delegation"]),
        index=chance.randrange(4),
        earlier_marking=fault == "earlier marking",
        hours=chance.choice([-1, 0]) if fault == "expired" else chance.choice([None, 1]),
        revoked=fault == "revoked",
    )


def world(session: Session) -> World:
    operation = make.operation(session)
    meetings = [
        make.meeting(session, operation, slug="seoul-1", number=1),
        make.meeting(session, operation, slug="seoul-2", number=2),
    ]
    parties = [make.party(session, "KH"), make.party(session, "TH")]
    agencies = [make.agency(session, party, code) for party in parties for code in ("POL", "IMM")]
    delegations = [
        make.delegation(session, meetings[0], of_party=parties[0]),
        make.delegation(session, meetings[0], of_party=parties[1], status=DelegationStatus.OBSERVER),
        make.delegation(session, meetings[1], of_party=parties[0]),
        make.delegation(session, meetings[1], of_party=parties[1]),
    ]
    people = [make.user(session, f"Person {number}") for number in range(8)]
    seat = make.membership
    seat(session, meetings[0], people[0], Role.HEAD, of_delegation=delegations[0], of_agency=agencies[0])
    seat(session, meetings[1], people[0], Role.ORGANISER)
    seat(session, meetings[0], people[1], Role.DELEGATE, of_delegation=delegations[0], of_agency=agencies[1])
    seat(session, meetings[0], people[2], Role.HEAD, of_delegation=delegations[1], of_agency=agencies[2])
    seat(session, meetings[1], people[3], Role.HEAD, of_delegation=delegations[3], of_agency=agencies[3])
    seat(session, meetings[1], people[4], Role.LEADERSHIP, of_delegation=delegations[2])
    people[5].active = False
    seat(session, meetings[0], people[5], Role.HEAD, of_delegation=delegations[0])
    seat(session, meetings[0], people[6], Role.HEAD, of_delegation=delegations[0]).ends_at = NOW
    seat(session, meetings[0], people[7], Role.ORGANISER)
    session.flush()
    return World(meetings, parties, agencies, delegations, people)


def built(session: Session, here: World, plans: list[Plan], chance: Random) -> list[Item]:
    """The planned items; a child stands under one of those that came before it."""
    tops: list[Item] = []
    rows: list[Item] = []
    for wanted in plans:
        again = any(one.earlier_marking for one in wanted.disclosures)
        child = wanted.child and bool(tops)
        row = make_sharing.item(
            session,
            here.parties[wanted.originator],
            here.people[wanted.author],
            [here.meetings[index] for index in wanted.meetings],
            kind=ItemKind.COMMENT if child else ItemKind.LEAD,
            tlp=Tlp.AMBER if again else wanted.tlp,
            state=wanted.state,
            published=wanted.published,
            agency=None if wanted.agency is None else here.agencies[wanted.agency],
            named=[here.people[index] for index in wanted.named],
            parent=chance.choice(tops) if child else None,
        )
        earlier = row.marking
        if again:
            make_sharing.mark(session, row, wanted.tlp)
        for one in wanted.disclosures:
            make_sharing.disclosed(
                session,
                row,
                target(here, one),
                marking=earlier if one.earlier_marking else row.marking,
                until=None if one.hours is None else NOW + timedelta(hours=one.hours),
                revoked_at=make.EARLIER if one.revoked else None,
            )
        rows.append(row)
        if not child:
            tops.append(row)
    return rows


def target(here: World, one: Disclosed) -> User | Agency | Delegation:
    if one.target == "person":
        return here.people[one.index]
    return here.agencies[one.index] if one.target == "agency" else here.delegations[one.index]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_clause_and_the_function_agree_on_every_reader_and_item(session: Session, seed: int) -> None:
    chance = Random(seed)
    here = world(session)
    rows = built(session, here, [plan(chance) for _ in range(250)], chance)
    facts = queries.facts_of(session, [row.id for row in rows])
    seen = 0
    for person in here.people:
        viewer = queries.viewer_of(session, person, NOW)
        verdicts = {ident: verdict(viewer, one, NOW) for ident, one in facts.items()}
        bodies = set(session.scalars(select(Item.id).where(queries.bodies(viewer, NOW))))
        envelopes = set(session.scalars(select(Item.id).where(queries.envelopes(viewer))))
        assert bodies == {ident for ident, one in verdicts.items() if one.body}
        assert envelopes == {ident for ident, one in verdicts.items() if one.envelope}
        seen += len(bodies)
    assert len(facts) == 250
    assert 200 < seen < 1500


def test_a_seat_that_ended_and_an_inactive_account_read_nothing(session: Session) -> None:
    here = world(session)
    row = make_sharing.item(session, here.parties[0], here.people[0], here.meetings, tlp=Tlp.AMBER)
    readers = {
        index
        for index, person in enumerate(here.people)
        if queries.visible_ids(session, queries.viewer_of(session, person, NOW), [row.id], NOW)
    }
    assert readers == {0, 1, 4}


def test_what_a_reader_may_not_see_is_not_found_as_if_it_did_not_exist(session: Session) -> None:
    here = world(session)
    row = make_sharing.item(session, here.parties[0], here.people[0], here.meetings, tlp=Tlp.AMBER)
    viewer = queries.viewer_of(session, here.people[3], NOW)
    for ident in (row.uuid, uuid.uuid4()):
        with pytest.raises(NotFound):
            queries.get_visible(session, viewer, ItemKind.LEAD, ident, NOW)
    mine = queries.viewer_of(session, here.people[1], NOW)
    assert queries.get_visible(session, mine, ItemKind.LEAD, row.uuid, NOW).id == row.id
