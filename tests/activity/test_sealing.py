"""Sealing the audit, and finding what was done to it afterwards."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from confmgr.activity import guarding, heads, queries, services
from confmgr.activity.domain import GENESIS, Break, Fault, Head, seal_of
from confmgr.activity.models import AuditEntry, AuditObject, Denial
from tests import make
from tests.conftest import NOW


def noted(session: Session, number: int, **changes: object) -> None:
    """Entries as rooms append them."""
    actor = make.user(session, "Sok Dara")
    for n in range(number):
        services.record(
            session,
            actor=actor,
            now=NOW + timedelta(seconds=n),
            action="read",
            object_type="lead",
            object_uuid=uuid.UUID(int=n + 1),
            object_ids=["조선", n],
            rule="R",
            facts={"kept": 1.5, "of": None},
        )
    session.flush()


def chain(session: Session, number: int = 5) -> None:
    noted(session, number)
    while services.seal(session, most=2):
        pass


@pytest.fixture
def unguarded(session: Session) -> Session:
    """A session in which somebody has switched the triggers off, as an owner of the tables can."""
    chain(session)
    if session.get_bind().dialect.name == "sqlite":
        for statement in guarding.SQLITE_OFF:
            session.execute(text(statement))
    else:
        session.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
        session.execute(text("ALTER TABLE audit_object DISABLE TRIGGER USER"))
    return session


def at(session: Session, number: int) -> int:
    return session.execute(select(AuditEntry.id).where(AuditEntry.sealed_as == number)).scalar_one()


def put(session: Session, ident: int, number: int, **values: object) -> None:
    session.execute(update(AuditEntry).where(AuditEntry.id == ident).values(sealed_as=number, **values))


def shift(session: Session, first: int, by: int) -> None:
    numbers = list(session.scalars(select(AuditEntry.sealed_as).where(AuditEntry.sealed_as >= first)))
    for number in sorted((n for n in numbers if n is not None), reverse=by > 0):
        put(session, at(session, number), number + by)


def swap(session: Session, one: int, other: int) -> None:
    first, second = at(session, one), at(session, other)
    put(session, first, 1000)
    put(session, second, one)
    put(session, first, other)


def forge(session: Session, number: int) -> None:
    """An entry in between, sealed as if it had been there."""
    shift(session, number, 1)
    before = (
        GENESIS if number == 1 else session.scalar(select(AuditEntry.seal).where(AuditEntry.sealed_as == number - 1))
    )
    ident = (session.scalar(select(func.max(AuditEntry.id))) or 0) + 1
    session.execute(
        insert(AuditEntry).values(
            id=ident, at=NOW, action="read", allowed=True, object_type="case", facts={}, object_ids=[]
        )
    )
    (row,) = queries.entries(session, select(*queries.COLUMNS).where(AuditEntry.id == ident))
    put(session, ident, number, seal=seal_of(str(before), row, number))


def change(session: Session, number: int, **values: object) -> None:
    session.execute(update(AuditEntry).where(AuditEntry.sealed_as == number).values(**values))


def remove(session: Session, number: int) -> None:
    session.execute(delete(AuditObject).where(AuditObject.entry_id == at(session, number)))
    session.execute(delete(AuditEntry).where(AuditEntry.sealed_as == number))


def remade(session: Session, number: int) -> None:
    """One changed, and all seals behind it made anew, by somebody who knows how seals are made."""
    change(session, number, actor_id=None)
    last = Head(number - 1, str(session.scalar(select(AuditEntry.seal).where(AuditEntry.sealed_as == number - 1))))
    for row in list(queries.sealed(session, number)):
        last = Head(last.number + 1, seal_of(last.seal, row, last.number + 1))
        put(session, row["id"], last.number, seal=last.seal)


def forged(session: Session, number: int) -> None:
    """The same by somebody who does not know how seals are made."""
    forge(session, number)
    change(session, number, seal="0" * 64)


def closed_up(session: Session, number: int) -> None:
    """One removed, and those behind it numbered anew."""
    remove(session, number)
    shift(session, number + 1, -1)


def test_every_entry_is_sealed_with_the_one_before_it(session: Session) -> None:
    noted(session, 3)
    assert queries.check(session).unsealed == 3
    assert queries.check(session).waiting_since == NOW
    last = services.seal(session, most=2)
    assert last == queries.head(session)
    assert last is not None
    assert last.number == 2
    assert services.seal(session) is not None
    assert services.seal(session) is None
    rows = list(queries.sealed(session))
    assert [row["sealed_as"] for row in rows] == [1, 2, 3]
    before = GENESIS
    for number, row in enumerate(rows, 1):
        before = seal_of(before, row, number)
        assert row["seal"] == before
    report = queries.check(session)
    assert (report.checked, report.unsealed, report.waiting_since, report.broken) == (3, 0, None, None)


def test_the_seal_of_an_entry_is_the_same_in_every_version() -> None:
    entry = {
        "id": 1,
        "at": NOW,
        "actor_id": 7,
        "acting_for_id": None,
        "action": "read",
        "allowed": True,
        "meeting_id": None,
        "object_type": "lead",
        "object_uuid": uuid.UUID(int=1),
        "object_ids": ["조선"],
        "rule": "R",
        "facts": {"b": 1, "a": None},
    }
    assert GENESIS == "7f0452a66e41cdcb2e3211287b4bd8a63e906e9b3fc6e41d46ff486f0efca31d"
    assert seal_of(GENESIS, entry, 1) == "4dc00bbdc94c85ebe458f7865e117103b942183c8eee5a478ef245686ab8cc1a"


@pytest.mark.parametrize(
    ("tamper", "fault", "number"),
    [
        (lambda s: change(s, 3, actor_id=None), Fault.CHANGED, 3),
        (lambda s: change(s, 1, allowed=False), Fault.CHANGED, 1),
        (lambda s: change(s, 5, facts={}), Fault.CHANGED, 5),
        (lambda s: change(s, 2, at=NOW + timedelta(days=1)), Fault.CHANGED, 2),
        (lambda s: change(s, 4, object_ids=[]), Fault.CHANGED, 4),
        (lambda s: change(s, 4, seal="0" * 64), Fault.CHANGED, 4),
        (lambda s: remove(s, 3), Fault.MISSING, 3),
        (lambda s: remove(s, 1), Fault.MISSING, 1),
        (lambda s: closed_up(s, 3), Fault.MISSING, 3),
        (lambda s: swap(s, 2, 3), Fault.REORDERED, 2),
        (lambda s: swap(s, 2, 5), Fault.REORDERED, 2),
        (lambda s: swap(s, 4, 5), Fault.REORDERED, 4),
        (lambda s: forge(s, 3), Fault.INSERTED, 3),
        (lambda s: forge(s, 1), Fault.INSERTED, 1),
        (lambda s: forge(s, 5), Fault.INSERTED, 5),
        (lambda s: forged(s, 3), Fault.INSERTED, 3),
        (lambda s: forged(s, 5), Fault.INSERTED, 5),
    ],
)
def test_57_tampering_is_found_where_it_begins(
    unguarded: Session, tamper: Callable[[Session], object], fault: Fault, number: int
) -> None:
    tamper(unguarded)
    found = queries.check(unguarded)
    assert found.broken is not None
    assert (found.broken.fault, found.broken.number) == (fault, number)
    assert found.checked == number - 1


def test_a_tail_that_is_cut_off_and_a_chain_made_anew_are_found_by_the_seal_that_was_kept(unguarded: Session) -> None:
    kept = queries.head(unguarded)
    assert queries.check(unguarded, kept=kept).broken is None
    assert queries.check(unguarded, first=6, kept=kept).broken is None
    remade(unguarded, 3)
    assert queries.check(unguarded).broken is None
    entry = at(unguarded, 5)
    assert queries.check(unguarded, kept=kept).broken == Break(Fault.REWRITTEN, 5, entry)
    assert queries.check(unguarded, first=6, kept=kept).broken == Break(Fault.REWRITTEN, 5)
    assert not queries.holds(unguarded, kept)
    remove(unguarded, 5)
    remove(unguarded, 4)
    assert queries.check(unguarded).broken is None
    assert queries.check(unguarded, kept=kept).broken == Break(Fault.ENDS_EARLY, 4)
    for number in (1, 2, 3):
        remove(unguarded, number)
    assert queries.check(unguarded, kept=kept).broken == Break(Fault.ENDS_EARLY, 1)


def test_a_look_from_a_number_on_trusts_what_is_before_it(unguarded: Session) -> None:
    change(unguarded, 2, actor_id=None)
    assert queries.check(unguarded, first=3).broken is None
    assert queries.check(unguarded, first=3).checked == 3
    assert queries.check(unguarded, first=2).broken == Break(Fault.CHANGED, 2, at(unguarded, 2))
    assert queries.check(unguarded, first=9).broken == Break(Fault.MISSING, 8)


def refused(session: Session, statement: str) -> str:
    with pytest.raises(DatabaseError) as caught, session.begin_nested():
        session.execute(text(statement))
    return str(caught.value.orig)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit_entry",
        "DELETE FROM audit_entry WHERE sealed_as IS NULL",
        "UPDATE audit_entry SET actor_id = NULL",
        "UPDATE audit_entry SET facts = '{}' WHERE sealed_as IS NULL",
        "UPDATE audit_entry SET seal = 'x', action = 'write', sealed_as = 99 WHERE sealed_as IS NULL",
        "UPDATE audit_entry SET object_ids = '[]', seal = 'x', sealed_as = 99 WHERE sealed_as IS NULL",
        "UPDATE audit_entry SET seal = NULL, sealed_as = NULL",
        "UPDATE audit_entry SET seal = 'x' WHERE sealed_as = 1",
        "UPDATE audit_entry SET sealed_as = 99 WHERE sealed_as IS NULL",
        "DELETE FROM audit_object",
        "UPDATE audit_object SET entry_id = 1",
        (
            "INSERT INTO audit_entry (at, action, allowed, object_type, object_ids, facts, sealed_as, seal)"
            " VALUES ('2026-01-01', 'read', true, 'lead', '[]', '{}', 99, 'x')"
        ),
    ],
)
def test_57_the_database_refuses_whatever_is_not_adding_or_sealing(session: Session, statement: str) -> None:
    chain(session, 2)
    noted(session, 1)
    assert " is " in (said := refused(session, statement))
    assert any(word in said for word in ("never", "only added to", "sealed later"))
    assert queries.check(session).broken is None
    assert queries.check(session).unsealed == 1


def test_an_entry_cannot_be_replaced_or_the_table_emptied_at_once(session: Session) -> None:
    chain(session, 2)
    if session.get_bind().dialect.name == "sqlite":
        columns = "id, at, action, allowed, object_type, object_ids, facts"
        replace = f"INSERT OR REPLACE INTO audit_entry ({columns}) SELECT {columns} FROM audit_entry"  # noqa: S608
        assert "never deleted" in refused(session, replace)
    else:
        assert "only added to" in refused(session, "TRUNCATE audit_entry CASCADE")
    assert queries.check(session).checked == 2


def test_the_seal_beside_the_database_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert heads.read(tmp_path) is None
    heads.keep(tmp_path, Head(7, "a" * 64))
    heads.keep(tmp_path, Head(8, "b" * 64))
    assert heads.read(tmp_path) == Head(8, "b" * 64)
    assert [path.name for path in tmp_path.iterdir()] == ["audit-head.json"]
    for broken in ("", "[]", "{}", '{"number": "x", "seal": 1}'):
        (tmp_path / "audit-head.json").write_text(broken)
        with pytest.raises(heads.HeadUnreadable):
            heads.read(tmp_path)


def entries(session: Session, *, allowed: bool = True) -> list[AuditEntry]:
    return list(session.scalars(select(AuditEntry).where(AuditEntry.allowed.is_(allowed)).order_by(AuditEntry.id)))


def test_an_entry_is_found_by_each_thing_that_it_concerns(session: Session) -> None:
    one, other = uuid.UUID(int=1), uuid.UUID(int=2)
    services.record(
        session,
        actor=None,
        now=NOW,
        action="export",
        object_type="document",
        object_uuid=one,
        object_ids=["leads", str(other), str(one), 7],
    )
    session.flush()
    rows = session.execute(select(AuditObject.object_uuid).order_by(AuditObject.object_uuid)).scalars()
    assert list(rows) == [one, other]


def test_what_somebody_is_refused_becomes_one_entry_a_minute_with_its_number(session: Session) -> None:
    curious, other = make.user(session, "Curious"), make.user(session, "Other")
    for n in range(60):
        services.deny(session, curious, uuid.UUID(int=n % 55), NOW + timedelta(seconds=n % 60))
    services.deny(session, other, uuid.UUID(int=7), NOW + timedelta(seconds=59))
    services.deny(session, curious, uuid.UUID(int=8), NOW + timedelta(seconds=60))
    services.tell_denials(session, NOW + timedelta(seconds=59))
    assert entries(session, allowed=False) == []
    services.tell_denials(session, NOW + timedelta(seconds=60))
    told = [(row.actor_id, row.at, row.facts, len(row.object_ids)) for row in entries(session, allowed=False)]
    assert told == [(curious.id, NOW, {"number": 60}, 50), (other.id, NOW, {"number": 1}, 1)]
    services.tell_denials(session, NOW + timedelta(hours=1))
    assert [row.facts for row in entries(session, allowed=False)][2:] == [{"number": 1}]
    assert session.scalar(select(func.count()).select_from(Denial)) == 0
