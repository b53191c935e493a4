"""The wall inside PostgreSQL: SQL that goes around every filter sees what the rule says, and without a reader nothing."""

import importlib.util
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, select, text, update
from sqlalchemy.orm import Session

import confmgr.migrations
from confmgr.accounts.models import User
from confmgr.cases.finding import Edge, Wanted, find
from confmgr.meetings.models import Meeting
from confmgr.orm.acting import GUARDED, ActingSession, act_for
from confmgr.orm.base import Base
from confmgr.sharing import queries, search_index, services, wall
from confmgr.sharing.domain import ItemKind, Tlp
from confmgr.sharing.models import Disclosure, Item, ItemMeeting, ItemVersion, SearchText
from confmgr.sharing.rule import ItemFacts, Verdict, Viewer, verdict
from tests import make, make_cases, make_scheduling
from tests.conftest import OWNS, ROLE, rolled_back
from tests.postgres import Postgres
from tests.sharing.test_rule_in_sql import NOW, World, built, plan, world
from tests.soak import SOAK

MIGRATIONS = Path(confmgr.migrations.__path__[0]) / "versions"
HOUR = timedelta(hours=1)
WORLDS = 100 if SOAK else 2


@pytest.fixture(scope="module")
def behind(postgres: Postgres, postgresql: Engine) -> Iterator[Engine]:
    """A database of its own with all tables and the wall, as an owner made it who is no superuser."""
    engine = create_engine(postgres.new_database())
    with engine.connect() as connection:
        for statement in OWNS:
            connection.exec_driver_sql(statement)
        Base.metadata.create_all(connection)
        for statement in wall.statements():
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("RESET ROLE")
        for statement in ROLE:
            connection.exec_driver_sql(statement)
        connection.commit()
    yield engine
    with engine.begin() as connection:
        for role in ("confmgr_reads", "confmgr_owns"):
            connection.exec_driver_sql(f"DROP OWNED BY {role}")
            connection.exec_driver_sql(f"DROP ROLE {role}")
    engine.dispose()


@pytest.fixture
def owner(behind: Engine) -> Iterator[Session]:
    """A superuser, before whom the wall is none; until `reading` makes it the application's account."""
    yield from rolled_back(behind)


def reading(session: Session, viewer: object = "", nobody: str = "") -> None:
    session.execute(text("SET LOCAL ROLE confmgr_reads"))
    session.execute(
        text(
            "SELECT set_config('confmgr.viewer', :viewer, true), set_config('confmgr.nobody', :nobody, true),"
            " set_config('confmgr.now', :now, true)"
        ),
        {"viewer": str(viewer), "nobody": nobody, "now": NOW.replace(tzinfo=None).isoformat()},
    )


def ids(session: Session, statement: str) -> set[int]:
    return set(session.scalars(text(statement)))


def filled(session: Session, seed: int, count: int = 60) -> tuple[World, list[Item]]:
    chance = Random(seed)
    here = world(session)
    rows = built(session, here, [plan(chance) for _number in range(count)], chance)
    session.add_all(SearchText(item_id=row.id, words="word") for row in rows)
    session.flush()
    return here, rows


def test_around_every_filter_a_reader_sees_what_the_rule_says(owner: Session) -> None:
    combinations = 0
    for seed in range(WORLDS):
        with owner.begin_nested() as one:
            here, rows = filled(owner, seed)
            facts = queries.facts_of(owner, [row.id for row in rows])
            for person in here.people:
                viewer = queries.viewer_of(owner, person, NOW)
                said: dict[int, Verdict] = {ident: verdict(viewer, fact, NOW) for ident, fact in facts.items()}
                known = {ident for ident, found in said.items() if found.body or found.envelope}
                reading(owner, person.id)
                assert ids(owner, "SELECT id FROM item") == known
                assert ids(owner, "SELECT item_id FROM search_text") == {i for i, found in said.items() if found.body}
                assert ids(owner, "UPDATE item SET illustrative = illustrative RETURNING id") == known
                owner.execute(text("RESET ROLE"))
                combinations += len(said)
            one.rollback()
            owner.expunge_all()
    print(f"{combinations} readers and items")  # noqa: T201  # the proof says how much it covers
    assert combinations > 475 * WORLDS


def test_without_a_reader_nothing_is_seen_changed_or_removed(owner: Session) -> None:
    _here, rows = filled(owner, 1)
    reading(owner)
    assert ids(owner, "SELECT id FROM item") == set()
    assert ids(owner, "SELECT item_id FROM search_text") == set()
    assert ids(owner, "UPDATE item SET reference = 'X' RETURNING id") == set()
    assert ids(owner, "DELETE FROM search_text RETURNING item_id") == set()
    owner.execute(text("RESET ROLE"))
    assert len(ids(owner, "SELECT item_id FROM search_text")) == len(rows)


def test_who_acts_for_nobody_says_for_what(owner: Session) -> None:
    _here, rows = filled(owner, 2)
    reading(owner, nobody="retention")
    assert ids(owner, "SELECT id FROM item") == {row.id for row in rows}


HANGING = {
    "case": "INSERT INTO \"case\" (id, title, crime_types) VALUES (:id, '{}', '[]')",
    "lead": "INSERT INTO lead (id, case_id, kind, title, body) VALUES (:id, 0, 'person', '{}', '{}')",
    "comment": "INSERT INTO comment (id, text) VALUES (:id, 'secret')",
    "attachment": "INSERT INTO attachment (id, name, media_type, size, sha256, stored_name, content)"
    " VALUES (:id, 'secret', 'text/plain', 1, '', CAST(:id AS text), 'secret')",
    "identifier": "INSERT INTO identifier (item_id, kind, value, normal, matching, added_by_id, added_at)"
    " VALUES (:id, 'phone', 'secret', 'secret', false, 0, now())",
    "disclosure": "INSERT INTO disclosure (item_id, marking_id, to_user_id, granted_by_id, granted_at)"
    " VALUES (:id, 0, 0, 0, now())",
}
"""One row more for an item."""


@pytest.mark.parametrize("table", HANGING)
def test_what_hangs_on_an_item_is_seen_counted_and_changed_with_it_alone(owner: Session, table: str) -> None:
    here, rows = filled(owner, 3)
    owner.execute(text("SET session_replication_role = replica"))  # rows without what else they need
    for row in rows:
        owner.execute(text(HANGING[table]), {"id": row.id})
    key = wall.HANGING['"case"' if table == "case" else table]
    for person in (here.people[1], here.people[2], here.people[5]):
        viewer = queries.viewer_of(owner, person, NOW)
        known = set(owner.scalars(select(Item.id).where(queries.bodies(viewer, NOW))))
        reading(owner, person.id)
        assert ids(owner, f'SELECT {key} FROM "{table}"') == known  # noqa: S608
        assert ids(owner, f'UPDATE "{table}" SET {key} = {key} RETURNING {key}') == known  # noqa: S608
        assert person is here.people[5] or 0 < len(known) < len(rows)
        owner.execute(text("RESET ROLE"))
    reading(owner)
    assert ids(owner, f'SELECT {key} FROM "{table}"') == set()  # noqa: S608
    assert ids(owner, f'DELETE FROM "{table}" RETURNING {key}') == set()  # noqa: S608


def said_before(session: Session, rows: list[Item], chance: Random) -> None:
    """Changes of each item: under its marking of today and under another one, before it was shared and since."""
    session.execute(text("SET session_replication_role = replica"))
    added = "INSERT INTO item_version (item_id, marking_id, number, at, by_id, what, before)"
    added += " VALUES (:item, :marking, :number, :at, 0, '[]', '{}')"
    for row in rows:
        session.execute(
            update(Item).where(Item.id == row.id).values(shared_at=chance.choice([None, NOW - 4 * HOUR])),
        )
        session.execute(
            update(Disclosure).where(Disclosure.item_id == row.id).values(granted_at=NOW - chance.randint(1, 5) * HOUR)
        )
        for number in range(1, 6):
            marking = chance.choice([row.marking_id, row.marking_id, 0])
            at = (NOW - number * HOUR).replace(tzinfo=None)
            session.execute(text(added), {"item": row.id, "marking": marking, "number": number, "at": at})
    session.expire_all()


def could_read_then(session: Session, known: dict[int, ItemFacts], viewer: Viewer, version: ItemVersion) -> bool:
    """The rule of decision 34, said once more with plain functions."""

    def then(facts: ItemFacts, item: Item) -> ItemFacts:
        rows = zip(facts.disclosures, item.disclosures, strict=True)
        told = tuple(fact for fact, row in rows if row.granted_at < version.at)
        above = then(facts.parent, session.get_one(Item, item.parent_id)) if facts.parent else None
        return replace(facts, disclosures=told, parent=above)

    item = session.get_one(Item, version.item_id)
    if not verdict(viewer, then(known[item.id], item), NOW).body:
        return False
    if viewer.user_id in {item.author_id, *(named.user_id for named in item.named_readers)}:
        return True
    here = {link.meeting_id for link in item.meetings}
    own = any(seat.party_id == item.originator_id and seat.meeting_id in here for seat in viewer.seats)
    shared = item.shared_at is not None and item.shared_at <= version.at
    return version.marking_id == item.marking_id and (own or shared)


def test_what_an_item_said_before_is_seen_by_who_could_read_it_then(owner: Session) -> None:
    here, rows = filled(owner, 9)
    said_before(owner, rows, Random(9))
    every = owner.scalars(select(ItemVersion)).all()
    facts = queries.facts_of(owner, [row.id for row in rows])
    seen = of_seen = 0
    for person in here.people:
        viewer = queries.viewer_of(owner, person, NOW)
        could = {row.id for row in every if could_read_then(owner, facts, viewer, row)}
        asked = select(ItemVersion.id).join(Item, Item.id == ItemVersion.item_id)
        assert set(owner.scalars(asked.where(queries.earlier_bodies(viewer, NOW)))) == could
        of_seen += 5 * len(queries.visible_ids(owner, viewer, (row.id for row in rows), NOW))
        reading(owner, person.id)
        assert ids(owner, "SELECT id FROM item_version") == could
        assert ids(owner, "UPDATE item_version SET number = number RETURNING id") == could
        owner.execute(text("RESET ROLE"))
        seen += len(could)
    assert 0 < seen < of_seen
    reading(owner)
    assert ids(owner, "DELETE FROM item_version RETURNING id") == set()
    reading(owner, nobody="purging")
    assert ids(owner, "SELECT id FROM item_version") == {row.id for row in every}


def test_a_question_is_seen_by_those_who_asked_and_those_who_answer(owner: Session) -> None:
    here, rows = filled(owner, 4)
    owner.execute(text("SET session_replication_role = replica"))
    asked = (
        "INSERT INTO consent_request (id, uuid, item_id, marking_id, kind, state, reason, asked_by_id, asked_for_id,"
    )
    asked += (
        " asked_at, until, version) VALUES (:id, gen_random_uuid(), :id, 0, 'new_purpose', 'open', '', :by, :of, now(),"
    )
    asked += " now(), 1)"
    for row in rows:
        by, of = here.people[row.id % 3].id, here.delegations[row.id % 4].id
        owner.execute(text(asked), {"id": row.id, "by": by, "of": of})
    seen = 0
    for person in here.people:
        viewer = queries.viewer_of(owner, person, NOW)
        known = queries.known_ids(owner, viewer, (row.id for row in rows), NOW)
        parties = {seat.party_id for seat in viewer.seats}
        delegations = {seat.delegation_id for seat in viewer.seats}
        concerned = {
            row.id
            for row in rows
            if here.people[row.id % 3] is person
            or (row.id in known and (row.originator_id in parties or here.delegations[row.id % 4].id in delegations))
        }
        reading(owner, person.id)
        assert ids(owner, "SELECT id FROM consent_request") == concerned
        owner.execute(text("RESET ROLE"))
        seen += len(concerned)
    assert seen > len(rows)
    reading(owner)
    assert ids(owner, "SELECT id FROM consent_request") == set()


def test_a_recall_is_seen_by_whom_it_is_for_and_by_those_who_called_back(owner: Session) -> None:
    here, rows = filled(owner, 5)
    owner.execute(text("SET session_replication_role = replica"))
    called = "INSERT INTO recall (id, uuid, item_id, user_id, cause, at, read_at, taken)"
    called += " VALUES (:id, gen_random_uuid(), :id, :of, 'raised', now(), now(), false)"
    for row in rows:
        owner.execute(text(called), {"id": row.id, "of": here.people[row.id % 8].id})
    for person in here.people:
        viewer = queries.viewer_of(owner, person, NOW)
        known = queries.known_ids(owner, viewer, (row.id for row in rows), NOW)
        parties = {seat.party_id for seat in viewer.seats}
        own = {row.id for row in rows if row.id in known and row.originator_id in parties}
        mine = {row.id for row in rows if here.people[row.id % 8] is person}
        reading(owner, person.id)
        assert ids(owner, "SELECT id FROM recall") == mine | own
        owner.execute(text("RESET ROLE"))
    reading(owner)
    assert ids(owner, "SELECT id FROM recall") == set()


def test_the_index_of_words_tells_of_bodies_that_may_be_seen_alone(owner: Session) -> None:
    here, rows = filled(owner, 6)
    held = "SELECT unnest(confmgr_holding('word:*', 1000))"
    for person in here.people:
        viewer = queries.viewer_of(owner, person, NOW)
        bodies = queries.visible_ids(owner, viewer, (row.id for row in rows), NOW)
        reading(owner, person.id)
        assert ids(owner, held) == bodies
        assert owner.scalar(text("SELECT confmgr_holding('word:*', 10)")) is None
        owner.execute(text("RESET ROLE"))
    reading(owner)
    assert ids(owner, held) == set()


def test_a_search_finds_behind_the_wall_what_the_rule_allows(owner: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    here, rows = filled(owner, 8)
    leads = [row.id for row in rows if row.kind is ItemKind.LEAD]
    for person in here.people:
        viewer = queries.viewer_of(owner, person, NOW)
        bodies = sorted(queries.visible_ids(owner, viewer, leads, NOW), reverse=True)
        with ActingSession(owner.connection(), join_transaction_mode="create_savepoint") as acting:
            act_for(acting, person.id, NOW)
            acting.execute(text("SET LOCAL ROLE confmgr_reads"))
            for many in (1000, 3):  # looked up in the index, and one by one
                monkeypatch.setattr(search_index, "MANY", many)
                wanted = Wanted.saying("wor", kinds=(ItemKind.LEAD,))
                assert list(find(acting, viewer, NOW, wanted, Edge(), 100).ids) == bodies
            assert list(find(acting, viewer, NOW, Wanted.saying("other"), Edge()).ids) == []


def test_what_goes_to_a_further_meeting_takes_along_what_its_party_may_not_read(owner: Session) -> None:
    here, now = make_scheduling.world(owner), make_scheduling.NOW
    parent = make_cases.shared_lead(owner, here, make_cases.case(owner, here)).item
    kept = services.add_child(
        owner,
        parent,
        kind=ItemKind.COMMENT,
        originator=here.th.party,
        author=here.head_th,
        now=now,
        tlp=Tlp.AMBER,
    )
    third = make.meeting(owner, here.meeting.operation, slug="seoul-3", number=3)
    with ActingSession(owner.connection(), join_transaction_mode="create_savepoint") as acting:
        act_for(acting, here.head_kh.id, now)
        acting.execute(text("SET LOCAL ROLE confmgr_reads"))
        assert acting.get(Item, kept.id) is None
        item, meeting = acting.get_one(Item, parent.id), acting.get_one(Meeting, third.id)
        services.link_meeting(acting, item, meeting, actor=acting.get_one(User, here.head_kh.id), now=now)
        linked = select(ItemMeeting.item_id).where(ItemMeeting.meeting_id == meeting.id)
        assert set(acting.scalars(linked)) == {parent.id, kept.id}


def test_the_tables_owner_is_held_back_too(owner: Session) -> None:
    forced = text(
        "SELECT relname FROM pg_class WHERE relforcerowsecurity AND relrowsecurity"
        " AND relnamespace = 'public'::regnamespace"
    )
    guarded = {"item", "search_text", "consent_request", "recall", "item_version", *HANGING}
    assert set(owner.scalars(forced)) == guarded
    assert guarded == set(GUARDED) - {"search_index"}
    filled(owner, 7)
    owner.execute(text("SET LOCAL ROLE confmgr_owns"))
    assert ids(owner, "SELECT id FROM item") == set()
    assert ids(owner, "SELECT id FROM lead") == set()


def migration(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, MIGRATIONS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_migrations_raise_this_very_wall() -> None:
    first, later = migration("0010_search_and_the_wall"), migration("0012_what_was_said_before_behind_the_wall")
    gone = [f"CREATE POLICY {policy} ON item_version FOR " for policy in later.REPLACED]
    stays = [one for one in first.WALL if not one.startswith(tuple(gone))]
    assert len(stays) == len(first.WALL) - len(gone)
    assert sorted([*stays, *later.WALL]) == sorted(wall.statements())
    assert search_index.POSTGRESQL[0] == first.POSTGRESQL
    assert [" ".join(one.split()) for one in search_index.SQLITE] == list(first.SQLITE)
