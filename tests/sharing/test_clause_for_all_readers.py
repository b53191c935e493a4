"""The clause of the visibility rule is one statement for all readers and instants, and is what the rule says in full."""

import itertools
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import ColumnElement, Dialect, Select, func, not_, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql import visitors

from confmgr.delegations.domain import DelegationStatus
from confmgr.meetings.domain import Role
from confmgr.sharing import clause
from confmgr.sharing.clause import Sentence, reader_of
from confmgr.sharing.domain import ItemState, Tlp
from confmgr.sharing.models import Item
from confmgr.sharing.queries import bodies, bodies_alone, envelopes, viewer_of
from confmgr.sharing.rule import Seat, Viewer
from tests import make, make_sharing
from tests.make_scheduling import NOW, world

ONE = Viewer(1, seats=(Seat(1, party_id=1, delegation_id=1, organises=True),))
OTHER = Viewer(2, seats=(Seat(2, leads_host=True), Seat(3, party_id=2, delegation_id=4, agency_id=5, sees_green=True)))
SENTENCES: list[tuple[Callable[[Viewer, datetime], ColumnElement[bool]], Sentence]] = [
    (bodies, clause.body),
    (bodies_alone, clause.body_alone),
    (lambda viewer, _now: envelopes(viewer), clause.envelope),
]
DIALECTS: list[Dialect] = [sqlite.dialect(), postgresql.dialect()]  # type: ignore[no-untyped-call]


def key(statement: Select[int]) -> object:
    found = statement._generate_cache_key()
    assert found is not None
    return found


@pytest.mark.parametrize(("short", "_sentence"), SENTENCES)
def test_two_readers_at_two_instants_ask_the_same_statement(
    short: Callable[[Viewer, datetime], ColumnElement[bool]], _sentence: Sentence
) -> None:
    asked = [select(Item.id).where(short(ONE, NOW)), select(Item.id).where(short(OTHER, NOW + timedelta(hours=1)))]
    assert key(asked[0]) == key(asked[1])
    assert not any(isinstance(one, Select) for one in visitors.iterate(short(ONE, NOW))), "written out at every request"


def test_each_sentence_is_a_statement_of_its_own() -> None:
    keys = [key(select(Item.id).where(short(ONE, NOW))) for short, _sentence in SENTENCES]
    assert all(one != other for one, other in itertools.combinations(keys, 2))


def sql(clause: ColumnElement[bool], dialect: Dialect) -> str:
    """A statement without the names of its parameters, and without parentheses."""
    text = str(select(Item.id).where(clause).compile(dialect=dialect))
    return re.sub(r"%\(\w+\)s|POSTCOMPILE_\w+", "?", text).replace("(", "").replace(")", "")


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("short", "sentence"), SENTENCES)
def test_what_a_database_is_asked_is_the_sentence_in_full(
    short: Callable[[Viewer, datetime], ColumnElement[bool]], sentence: Sentence, dialect: Dialect
) -> None:
    full = sentence(reader_of(OTHER, NOW), Item)
    assert sql(short(OTHER, NOW), dialect) == sql(full, dialect)
    assert sql(not_(short(OTHER, NOW)), dialect) == sql(not_(full), dialect)
    assert sql(or_(short(OTHER, NOW), Item.id == 1), dialect) == sql(or_(full, Item.id == 1), dialect)


def test_a_statement_that_was_made_for_one_reader_shows_the_next_one_its_own(session: Session) -> None:
    here = world(session)
    observer = make.delegation(session, here.meeting, "JP", status=DelegationStatus.OBSERVER)
    watching = make.user(session, "Sato Aoi")
    make.membership(session, here.meeting, watching, Role.HEAD, of_delegation=observer)
    green = make_sharing.item(session, here.kh.party, here.head_kh, [here.meeting], tlp=Tlp.GREEN)
    amber = make_sharing.item(session, here.kh.party, here.head_kh, [here.meeting], tlp=Tlp.AMBER)
    theirs = make_sharing.item(session, here.th.party, here.head_th, [here.meeting], tlp=Tlp.AMBER)
    draft = make_sharing.item(session, here.th.party, here.head_th, [here.meeting], state=ItemState.DRAFT)
    everything = {green.id, amber.id, theirs.id, draft.id}
    expected = {
        here.head_kh: {green.id, amber.id},
        here.head_th: {green.id, theirs.id, draft.id},
        watching: set(),
        here.organiser: set(),
    }
    for _again in range(3):
        for person, ids in expected.items():
            viewer = viewer_of(session, person, NOW)
            assert set(session.scalars(select(Item.id).where(bodies(viewer, NOW)))) == ids
            assert set(session.scalars(select(Item.id).where(bodies_alone(viewer, NOW)))) == ids
            assert set(session.scalars(select(Item.id).where(~bodies(viewer, NOW)))) == everything - ids
            counted = select(func.count()).select_from(Item).where(or_(bodies(viewer, NOW), envelopes(viewer)))
            assert session.scalar(counted) == (3 if person is here.organiser else len(ids))
            shown = select(Item.id, bodies(viewer, NOW).label("seen")).order_by(Item.id)
            assert {ident for ident, seen in session.execute(shown) if seen} == ids


def test_a_disclosure_that_has_run_out_is_asked_at_the_instant_of_each_reader(session: Session) -> None:
    here = world(session)
    row = make_sharing.item(session, here.kh.party, here.head_kh, [here.meeting], tlp=Tlp.AMBER)
    make_sharing.disclosed(session, row, here.th, until=NOW + timedelta(hours=1))
    viewer = viewer_of(session, here.head_th, NOW)
    for hours, seen in ((0, [row.id]), (2, []), (0, [row.id])):
        now = NOW + timedelta(hours=hours)
        assert list(session.scalars(select(Item.id).where(bodies(viewer, now)))) == seen
