"""The wall inside PostgreSQL: SQL that goes around every filter sees what the rule says, and without a reader nothing."""

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.orm import Session

import confmgr.migrations
from confmgr.orm.base import Base
from confmgr.sharing import queries, search_index, wall
from confmgr.sharing.models import Item, SearchText
from confmgr.sharing.rule import Verdict, verdict
from tests.conftest import rolled_back, walled
from tests.postgres import Postgres
from tests.sharing.test_rule_in_sql import NOW, World, built, plan, world

MIGRATION = Path(confmgr.migrations.__path__[0]) / "versions" / "0010_search_and_the_wall.py"
WORLDS = 100 if os.environ.get("CONFMGR_SOAK") == "1" else 4


@pytest.fixture(scope="module")
def behind(postgres: Postgres, postgresql: Engine) -> Iterator[Engine]:
    """A database of its own with all tables and the wall, as its owner made it."""
    engine = create_engine(postgres.new_database())
    Base.metadata.create_all(engine)
    walled(engine)
    yield engine
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP OWNED BY confmgr_reads")
        connection.exec_driver_sql("DROP ROLE confmgr_reads")
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
    assert combinations > 1900


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


@pytest.mark.parametrize("table", ["case", "lead"])
def test_a_body_is_seen_with_its_item_alone(owner: Session, table: str) -> None:
    here, rows = filled(owner, 3)
    owner.execute(text("SET session_replication_role = replica"))  # rows without what else they need
    values = {
        "case": "INSERT INTO \"case\" (id, title, crime_types) VALUES (:id, '{}', '[]')",
        "lead": "INSERT INTO lead (id, case_id, kind, title, body) VALUES (:id, 0, 'person', '{}', '{}')",
    }
    read = {"case": 'SELECT id FROM "case"', "lead": "SELECT id FROM lead"}
    for row in rows:
        owner.execute(text(values[table]), {"id": row.id})
    person = here.people[1]
    viewer = queries.viewer_of(owner, person, NOW)
    known = set(owner.scalars(select(Item.id).where(queries.bodies(viewer, NOW))))
    reading(owner, person.id)
    assert ids(owner, read[table]) == known
    assert 0 < len(known) < len(rows)


def test_the_tables_owner_is_held_back_too(owner: Session) -> None:
    forced = text(
        "SELECT relname FROM pg_class WHERE relforcerowsecurity AND relrowsecurity"
        " AND relnamespace = 'public'::regnamespace"
    )
    assert set(owner.scalars(forced)) == {"item", "case", "lead", "search_text"}


def test_the_migration_raises_this_very_wall() -> None:
    spec = importlib.util.spec_from_file_location("migration", MIGRATION)
    assert spec is not None
    assert spec.loader is not None
    migration = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(migration)
    assert list(migration.WALL) == wall.statements()
    assert search_index.POSTGRESQL[0] == migration.POSTGRESQL
    assert [" ".join(one.split()) for one in search_index.SQLITE] == list(migration.SQLITE)
