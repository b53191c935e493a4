"""New rules of time zones: derived again, published once, heard once; on both databases.

An older tzdata is made by moving the instants that it would have derived; the rules that are installed are the new ones.
"""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.activity.models import AuditEntry
from confmgr.delegations.models import DelegationHours
from confmgr.invitations.domain import AnswerWay, ChangeKind, Method, PartStat
from confmgr.invitations.models import OutboxMessage, Participation, Publication, PublishedSession, ZoneRules
from confmgr.invitations.services import answer, apply_zone_rules
from confmgr.jobs.models import Job
from confmgr.orm import planned
from confmgr.orm.base import Base, set_planned
from confmgr.orm.planned import planned_tables
from confmgr.scheduling.models import MeetingSession, ScheduleState
from confmgr.scheduling.services import cancel_session
from confmgr.values.words import Words
from tests import make
from tests.make_invitations import messages, published
from tests.make_scheduling import ELEVEN, NOW, TEN, World, bilateral, move, world

LATER = NOW + timedelta(days=1)
HOUR = timedelta(hours=1)
AT_TEN = datetime.fromisoformat("2026-02-05T01:00:00+00:00")
"""Ten in Seoul by the rules that are installed."""


def derived_by_older_rules(session: Session, row: MeetingSession, late: timedelta = HOUR) -> None:
    """As if the zone had been an hour later: in the schedule, in what is published, and in what was told."""
    published_rows = session.scalars(select(PublishedSession).where(PublishedSession.session_id == row.id))
    for one in (row, *published_rows):
        if one.starts_at is not None and one.ends_at is not None:
            one.starts_at, one.ends_at = one.starts_at + late, one.ends_at + late
    for told in session.scalars(select(Participation).where(Participation.session_id == row.id)):
        text = dict(told.told_text or {})
        for end in ("starts_at", "ends_at"):
            text[end] = (datetime.fromisoformat(text[end]) + late).isoformat()
        told.told_text = text
    session.flush()


def known(session: Session, version: str = "2025a") -> None:
    session.add(ZoneRules(version=version, applied_at=NOW, moved=0))
    session.flush()


def upgraded(session: Session, version: str = "2026a", now: datetime = LATER) -> list[Publication]:
    done = apply_zone_rules(session, version=version, now=now, domain="police.example")
    session.expire_all()
    return [] if done is None else list(done.publications)


def test_what_moved_is_published_once_and_everybody_concerned_hears_once(session: Session) -> None:
    here = world(session)
    moved, same = bilateral(session, here), bilateral(session, here, starts=ELEVEN)
    first = published(session, here)
    for who, actor in ((here.delegate_kh, here.head_kh), (here.delegate_th, here.head_th)):
        for row in session.scalars(select(Participation).where(Participation.delegate_id == who.id)):
            answer(session, row, actor=actor, now=NOW, said=PartStat.ACCEPTED, way=AnswerWay.AGENDA)
    derived_by_older_rules(session, moved)
    known(session)

    (made,) = upgraded(session)

    assert (made.number, made.made_by_id, made.made_at) == (2, None, LATER)
    told = messages(session, made)
    assert [(m.change, m.method, m.sequence, m.recipient) for m in told] == [
        (ChangeKind.MOVED, Method.REQUEST, 1, here.delegate_kh.email),
        (ChangeKind.MOVED, Method.REQUEST, 1, here.delegate_th.email),
    ]
    assert {m.facts["session"]["starts_at"] for m in told} == {"2026-02-05T01:00:00+00:00"}
    assert {m.facts["session"]["starts_local"] for m in told} == {"2026-02-05T10:00"}
    assert moved.starts_at == AT_TEN
    answers = {
        row.session_id: row.answer
        for row in session.scalars(select(Participation).where(Participation.delegate_id == here.delegate_kh.id))
    }
    assert answers == {moved.id: PartStat.NEEDS_ACTION, same.id: PartStat.ACCEPTED}
    assert {one.session_id: one.starts_at for one in made.sessions} == {moved.id: AT_TEN, same.id: AT_TEN + HOUR}
    assert {one.starts_at for one in first.sessions if one.session_id == moved.id} == {AT_TEN + HOUR}
    assert "send_outbox" in set(session.scalars(select(Job.kind)))


def test_a_second_run_and_a_second_worker_do_nothing_more(session: Session) -> None:
    here = world(session)
    derived_by_older_rules(session, bilateral(session, here))
    published(session, here)
    derived_by_older_rules(session, session.scalars(select(MeetingSession)).one())
    known(session)
    assert len(upgraded(session)) == 1
    before = session.scalar(select(func.count()).select_from(OutboxMessage))
    assert apply_zone_rules(session, version="2026a", now=LATER, domain="police.example") is None
    assert upgraded(session, "2026b") == []
    assert session.scalar(select(func.count()).select_from(OutboxMessage)) == before
    assert [row.version for row in session.scalars(select(ZoneRules).order_by(ZoneRules.id))] == [
        "2025a",
        "2026a",
        "2026b",
    ]


def test_what_organisers_have_changed_since_is_not_published_with_it(session: Session) -> None:
    here = world(session)
    row, other = bilateral(session, here), bilateral(session, here, starts=ELEVEN)
    published(session, here)
    derived_by_older_rules(session, row)
    move(session, here, row, TEN + timedelta(hours=4))
    row.title = Words.of("Renamed")
    cancel_session(session, other, actor=here.organiser, now=NOW, reason="Not needed")
    known(session)

    (made,) = upgraded(session)

    assert {m.facts["session"]["starts_local"] for m in messages(session, made)} == {"2026-02-05T10:00"}
    assert {str(m.facts["session"]["title"]) for m in messages(session, made)} == {"None"}
    assert {(one.session_id, one.starts_local, one.state.value) for one in made.sessions} == {
        (row.id, TEN, "confirmed"),
        (other.id, ELEVEN, "confirmed"),
    }
    after = messages(session, published(session, here, LATER + HOUR))
    assert {(m.change, m.sequence) for m in after} == {(ChangeKind.MOVED, 2), (ChangeKind.CANCELLED, 1)}


def test_the_first_version_that_an_installation_sees_is_only_noted(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    published(session, here)
    derived_by_older_rules(session, row)
    assert upgraded(session) == []
    assert row.starts_at == AT_TEN
    noted = session.scalars(select(ZoneRules)).one()
    assert (noted.version, noted.applied_at, noted.moved) == ("2026a", LATER, 1)


def test_what_is_over_and_what_never_moved_stays(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    published(session, here)
    derived_by_older_rules(session, row)
    known(session)
    afterwards = datetime.fromisoformat("2026-02-07T00:00:00+00:00")
    assert upgraded(session, now=afterwards) == []
    assert row.starts_at == AT_TEN + HOUR
    assert session.scalar(select(func.count()).select_from(Publication)) == 1


def test_a_meeting_without_a_publication_is_derived_and_nobody_hears(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    derived_by_older_rules(session, row)
    known(session)
    assert upgraded(session) == []
    assert row.starts_at == AT_TEN


def test_arrivals_follow_the_zone_of_the_meeting_and_hours_their_own(session: Session) -> None:
    here = world(session)
    someone = here.delegate_kh
    someone.arrives_local, someone.arrives_at = TEN, AT_TEN + HOUR
    hours = make.saved(session, _hours(here))
    hours.starts_at += HOUR
    hours.ends_at += HOUR
    session.flush()
    known(session)
    upgraded(session)
    assert (someone.arrives_at, someone.departs_at) == (AT_TEN, None)
    assert (hours.starts_at, hours.ends_at) == (AT_TEN, AT_TEN + HOUR)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "apply_zone_rules")).one()
    assert entry.actor_id is None
    assert entry.facts["moved"] == {"delegate": 1, "delegation_hours": 1}


def _hours(here: World) -> DelegationHours:
    row = DelegationHours(delegation_id=here.kh.id)
    set_planned(row, TEN, ELEVEN, "Asia/Seoul")
    return row


def test_more_rows_than_one_batch_holds_are_all_derived_and_open_boards_notice(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planned, "BATCH", 2)
    here = world(session)
    rows = [bilateral(session, here, starts=TEN + n * HOUR) for n in range(5)]
    for row in rows:
        derived_by_older_rules(session, row)
    before = session.get_one(ScheduleState, here.meeting.id).revision
    known(session)
    upgraded(session)
    assert [row.starts_at for row in rows] == [AT_TEN + n * HOUR for n in range(5)]
    assert session.get_one(ScheduleState, here.meeting.id).revision == before + 1


@pytest.mark.parametrize(
    ("wall", "zone"),
    [
        pytest.param(datetime(2027, 3, 28, 1, 30), "Europe/London", id="skipped"),  # noqa: DTZ001
        pytest.param(datetime(2026, 10, 25, 1, 30), "Europe/London", id="twice"),  # noqa: DTZ001
    ],
)
def test_a_time_that_the_new_rules_skip_or_show_twice_keeps_its_instant_and_is_named(
    session: Session, wall: datetime, zone: str
) -> None:
    here = world(session)
    row, other = bilateral(session, here), bilateral(session, here, starts=ELEVEN)
    published(session, here)
    derived_by_older_rules(session, other)
    row.starts_local, row.ends_local, row.zone = wall, wall + timedelta(minutes=20), zone
    session.flush()
    known(session)
    (made,) = upgraded(session)
    assert row.starts_at == AT_TEN
    assert {m.facts["session"]["starts_local"] for m in messages(session, made)} == {"2026-02-05T11:00"}
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "apply_zone_rules")).one()
    assert entry.facts["unsound"] == {"meeting_session": [row.id]}


def test_every_table_with_a_wall_time_and_an_instant_is_derived_by_a_zone_that_is_known() -> None:
    found = {table.name: [pair.name for pair in pairs] for table, pairs in planned_tables().items()}
    assert found == {
        "action_request": ["due"],
        "delegate": ["arrives", "departs"],
        "delegation_hours": ["starts", "ends"],
        "interpreter_hours": ["starts", "ends"],
        "joint_action": ["starts"],
        "meeting_session": ["starts", "ends"],
        "place_hours": ["starts", "ends"],
        "published_session": ["starts", "ends"],
        "reporting_round": ["due"],
    }
    assert all(pair.zone for pairs in planned_tables().values() for pair in pairs)
    local = {(t.name, c.name) for t in Base.metadata.sorted_tables for c in t.columns if c.name.endswith("_local")}
    assert local - {(t, f"{name}_local") for t, names in found.items() for name in names} == {
        ("meeting_request", "slot_local")
    }
