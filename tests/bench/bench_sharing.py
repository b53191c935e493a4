"""What a list of leads and a search cost among 100,000 leads, with the rule applied, on both databases.

Processor time of this process; on PostgreSQL also that of the server's process that answers it, and their sum.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, Table, create_engine, event, insert, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from confmgr.accounts.models import User
from confmgr.app.factory import ROOMS, part
from confmgr.cases.finding import Edge, Wanted, find, hits_of, leads_of
from confmgr.cases.models import Case, Lead
from confmgr.meetings.domain import Role
from confmgr.orm.acting import ActingSession, act_for
from confmgr.orm.base import Base
from confmgr.orm.engine import prepare, writing
from confmgr.sharing import wall
from confmgr.sharing.domain import ItemKind
from confmgr.sharing.models import Disclosure, Item, ItemMeeting, Marking, SearchText
from confmgr.sharing.queries import viewer_of
from confmgr.values.words import Words
from tests import make
from tests.bench.measures import Measure, report
from tests.conftest import OWNS, ROLE, Counter
from tests.postgres import Postgres, programs

NOW = datetime(2026, 1, 15, 3, 0, tzinfo=UTC)
LEADS, CASES, MEETINGS, ROUNDS = 100_000, 400, 4, 15
PARTIES = ("AU", "CN", "ID", "JP", "KH", "KR", "LA", "MY", "PH", "SG", "TH", "VN")
MOST_LIST, MOST_STATEMENTS, MOST_SEARCH = 40, 8, 80
COMMON, TENTH, RARE = "number", "account", "zanzibar"
SOME, FEW = "w200", "w270"
"""Words that about one text in twenty-five and one in fifty hold."""


class Crowd:
    """Who is there, by id."""

    def __init__(self, session: Session) -> None:
        """Twelve parties at four meetings; the last party came to the first meeting only, and was told little."""
        operation = make.operation(session)
        self.operation = operation.id
        self.parties = [operation.lead_party if code == "KR" else make.party(session, code) for code in PARTIES]
        self.meetings = [make.meeting(session, operation, slug=f"m-{n}", number=n + 1) for n in range(MEETINGS)]
        self.delegations: dict[tuple[int, int], int] = {}
        self.people: list[User] = []
        for index, party in enumerate(self.parties):
            person = make.user(session, party.code)
            self.people.append(person)
            for number, meeting in enumerate(self.meetings):
                if index == len(PARTIES) - 1 and number:
                    continue
                row = make.delegation(session, meeting, of_party=party)
                self.delegations[number, index] = row.id
                make.membership(session, meeting, person, Role.HEAD, of_delegation=row)
        self.organiser = make.user(session, "Organiser")
        for meeting in self.meetings:
            make.membership(session, meeting, self.organiser)
        session.commit()


def filled(engine: Engine) -> Crowd:
    """All the leads, in bulk: one in ten GREEN, few RED, the others disclosed to one to three delegations."""
    token = writing.set(True)
    with Session(engine, expire_on_commit=False) as session:
        crowd = Crowd(session)
    with engine.begin() as connection:
        for table, rows in _rows(crowd).items():
            for start in range(0, len(rows), 10_000):
                connection.execute(insert(table), rows[start : start + 10_000])
        connection.execute(text("UPDATE item SET marking_id = id"))
        connection.exec_driver_sql("ANALYZE")
    writing.reset(token)
    return crowd


def _rows(crowd: Crowd) -> dict[Table, list[dict[str, Any]]]:
    chance = Random(8)
    found: dict[str, list[dict[str, Any]]] = {
        name: [] for name in ("item", "marking", "at", "case", "lead", "to", "text")
    }
    cases: dict[int, list[int]] = {meeting: [] for meeting in range(MEETINGS)}
    for number in range(1, CASES + LEADS + 1):
        meeting = chance.randrange(MEETINGS)
        here = [index for at, index in crowd.delegations if at == meeting and index != len(PARTIES) - 1]
        party = chance.choice(here)
        is_case = number <= CASES
        tlp = "GREEN" if is_case else chance.choices(("RED", "AMBER+STRICT", "AMBER", "GREEN"), (3, 7, 80, 10))[0]
        found["item"].append(
            {
                "id": number,
                "uuid": UUID(int=number),
                "kind": ItemKind.CASE if is_case else ItemKind.LEAD,
                "operation_id": crowd.operation,
                "originator_id": crowd.parties[party].id,
                "author_id": crowd.people[party].id,
                "reference": f"L-{number}",
                "state": "shared" if is_case or chance.random() < 0.95 else "draft",
                "created_at": NOW,
                "shared_at": NOW + timedelta(seconds=number),
                "illustrative": True,
                "version": 1,
            }
        )
        found["marking"].append(
            {
                "id": number,
                "item_id": number,
                "tlp": tlp,
                "handling": [],
                "made_by_id": crowd.people[party].id,
                "made_at": NOW,
            }
        )
        found["at"].append({"item_id": number, "meeting_id": crowd.meetings[meeting].id})
        said = Words.of(f"Lead {number}")
        if is_case:
            cases[meeting].append(number)
            found["case"].append({"id": number, "title": said, "crime_types": []})
        else:
            found["lead"].append(
                {
                    "id": number,
                    "case_id": chance.choice(cases[meeting]),
                    "meeting_id": crowd.meetings[meeting].id,
                    "kind": "person",
                    "title": said,
                    "body": said,
                }
            )
        words = [COMMON, *(f"w{int(chance.expovariate(0.01))}" for _word in range(30))]
        words += [TENTH] if chance.random() < 0.1 else []
        words += [RARE] if number % 5000 == 0 else []
        found["text"].append({"item_id": number, "words": " ".join(dict.fromkeys(words))})
        if tlp.startswith("AMBER"):
            receivers = chance.sample(here, chance.randint(1, 3))
            if meeting == 0 and chance.random() < 0.004:
                receivers.append(len(PARTIES) - 1)
            found["to"] += [
                {
                    "item_id": number,
                    "marking_id": number,
                    "to_delegation_id": crowd.delegations[meeting, index],
                    "granted_by_id": crowd.people[party].id,
                    "granted_at": NOW,
                }
                for index in receivers
                if index != party
            ]
    tables = (Item, Marking, ItemMeeting, Case, Lead, Disclosure, SearchText)
    return {cls.__table__: rows for cls, rows in zip(tables, found.values(), strict=True)}  # type: ignore[misc]


def measured(name: str, engine: Engine, crowd: Crowd) -> list[Measure]:
    """Pages of a party that sees much, of one that sees little, and of an organiser; then searches."""
    counter = Counter()
    event.listen(engine, "before_cursor_execute", counter)
    found: list[Measure] = []
    who = {"party": crowd.people[4], "newcomer": crowd.people[-1], "organiser": crowd.organiser}
    for label, person in who.items():
        for page, edge in (("first", Edge()), ("last", Edge(last=True))):

            def leads(session: Session, person: User = person, edge: Edge = edge) -> int:
                viewer = viewer_of(session, person, NOW)
                return len(leads_of(session, viewer, NOW, find(session, viewer, NOW, LEADS_WANTED, edge)))

            found += _measure(f"{name}: leads of {label}, {page} page", engine, person, leads, counter, MOST_LIST)
    for label in ("party", "newcomer"):
        for word in (COMMON, TENTH, SOME, FEW, RARE, f"{COMMON} {TENTH}"):

            def search(session: Session, person: User = who[label], word: str = word) -> int:
                viewer = viewer_of(session, person, NOW)
                return len(hits_of(session, viewer, NOW, find(session, viewer, NOW, Wanted.saying(word), Edge())))

            found += _measure(f"{name}: search of {label}: {word}", engine, who[label], search, counter, MOST_SEARCH)
    event.remove(engine, "before_cursor_execute", counter)
    return found


LEADS_WANTED = Wanted(kinds=(ItemKind.LEAD,), envelopes=True)


def _measure(
    name: str, engine: Engine, person: User, run: Callable[[Session], int], counter: Counter, most: float
) -> list[Measure]:
    """Least processor time of several readings."""
    spent: list[tuple[float, float, float]] = []
    for _round in range(ROUNDS):
        with ActingSession(engine) as session:
            act_for(session, person.id, NOW)
            server = _server(session)
            counter.statements.clear()
            before, answered = time.process_time(), _spent(server)
            count = run(session)
            own, theirs = (time.process_time() - before) * 1000, (_spent(server) - answered) * 1000
            spent.append((own + theirs, own, theirs))
    total, own, theirs = min(spent)
    parts = [] if engine.dialect.name == "sqlite" else [("this process", own), ("server", theirs)]
    return [
        Measure(f"{name} ({count} rows)", total, "ms", most),
        *(Measure(f"{name}: {part}", of, "ms") for part, of in parts),
        Measure(f"{name}: statements", counter.count, "", MOST_STATEMENTS),
    ]


def _server(session: Session) -> Path | None:
    """Where Linux tells what the server's process of this connection has spent; SQLite has none."""
    if session.get_bind().dialect.name == "sqlite":
        return None
    driver: Any = session.connection().connection.driver_connection
    return Path(f"/proc/{driver.info.backend_pid}/schedstat")


def _spent(server: Path | None) -> float:
    """Seconds."""
    return 0 if server is None else int(server.read_text().split()[0]) / 1e9


@contextmanager
def on_sqlite() -> Iterator[Engine]:
    """In memory: what is measured is the processor, not the disk."""
    engine = prepare(create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}))
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@contextmanager
def on_postgresql() -> Iterator[Engine]:
    """Behind the wall: readers are an account that owns nothing, and who owns the tables is no superuser."""
    where = programs()
    if where is None:
        raise RuntimeError("PostgreSQL is not installed: run bin/install test")
    server = Postgres(where)
    engine = prepare(create_engine(server.new_database()))
    with engine.begin() as connection:
        for statement in OWNS:
            connection.exec_driver_sql(statement)
        Base.metadata.create_all(connection)
        for statement in (*wall.statements(), "RESET ROLE", *ROLE):
            connection.exec_driver_sql(statement)
    yield engine
    engine.dispose()
    server.stop()


def main(options: Sequence[str]) -> int:
    """Measure both databases."""
    for room in ROOMS:
        part(room, "models")
        part(room, "texts")
    found: list[Measure] = []
    with on_sqlite() as engine:
        found += measured("SQLite", engine, filled(engine))
    with on_postgresql() as engine:
        crowd = filled(engine)
        engine.dispose()
        event.listen(engine, "connect", _as_reader)
        found += measured("PostgreSQL", engine, crowd)
    return report(found, options)


def _as_reader(connection: Any, _record: object) -> None:
    connection.execute("SET ROLE confmgr_reads")
    connection.commit()
