"""Two workers, or two organisers, at the same moment on PostgreSQL: nobody is reminded twice."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from confmgr.errors import StaleVersion
from confmgr.invitations.domain import MailKind
from confmgr.invitations.models import OutboxMessage, Publication, ZoneRules
from confmgr.invitations.reminding import Rules
from confmgr.invitations.services import apply_zone_rules, change_plan, remind
from confmgr.scheduling.models import MeetingSession
from tests.invitations.test_zone_rules import derived_by_older_rules, known
from tests.make_invitations import published
from tests.make_scheduling import NOW, World, bilateral, world
from tests.scheduling.test_races import at_once, engine

__all__ = ["engine"]

SOON = datetime.fromisoformat("2026-02-05T00:30:00+00:00")


def committed(engine: Engine) -> World:
    with Session(engine, expire_on_commit=False) as session:
        here = world(session)
        bilateral(session, here)
        published(session, here)
        session.commit()
        return here


def test_two_workers_in_the_same_minute_write_each_reminder_once(engine: Engine) -> None:
    committed(engine)
    written: list[int] = []

    def work(session: Session) -> None:
        written.append(remind(session, now=SOON, domain="police.example"))

    assert at_once(engine, work, work) is None
    assert written == [4, 0]
    with Session(engine) as session:
        kinds = list(session.scalars(select(OutboxMessage.kind).where(OutboxMessage.once.is_not(None))))
    assert sorted(kinds) == [MailKind.DAY_BEFORE] * 2 + [MailKind.HOUR_BEFORE] * 2


def test_two_workers_that_find_new_rules_publish_once(engine: Engine) -> None:
    committed(engine)
    with Session(engine) as session:
        derived_by_older_rules(session, session.scalars(select(MeetingSession)).one())
        known(session)
        session.commit()

    def work(session: Session) -> None:
        apply_zone_rules(session, version="2026a", now=NOW + timedelta(days=1), domain="police.example")

    assert at_once(engine, work, work) is None
    with Session(engine) as session:
        assert list(session.scalars(select(Publication.number).order_by(Publication.number))) == [1, 2]
        assert len(session.scalars(select(ZoneRules)).all()) == 2


def test_of_two_organisers_who_save_the_first_rules_the_later_one_is_told(engine: Engine) -> None:
    here = committed(engine)

    def save(session: Session) -> None:
        change_plan(session, here.meeting, Rules(), actor=here.organiser, now=NOW, seen_version=0)

    assert isinstance(at_once(engine, save, save), StaleVersion)
