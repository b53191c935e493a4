"""From a request to an invitation that moves, ends and comes back; every test on both databases."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.activity.models import AuditEntry
from confmgr.errors import Refused, StaleVersion
from confmgr.invitations.domain import AnswerWay, ChangeKind, Method, OutboxState, PartStat
from confmgr.invitations.models import OutboxMessage, Participation, PublishedSession
from confmgr.invitations.services import answer, claim_messages, hold, preview, publish, try_again
from confmgr.scheduling.domain import Answer, RequestState, SessionState
from confmgr.scheduling.services import (
    answer_request,
    cancel_session,
    change_session,
    restore_session,
    schedule_request,
)
from confmgr.values.words import Words
from tests import make
from tests.make_invitations import messages, participation, published
from tests.make_scheduling import ELEVEN, NOW, TEN, bilateral, break_, interpreter, move, request, world

LATER = NOW + timedelta(days=1)


def test_an_invitation_keeps_its_uid_from_the_request_to_the_last_change(session: Session) -> None:
    here = world(session)
    wanted = request(session, here)
    answer_request(session, wanted, actor=here.head_th, now=NOW, delegation=here.th, answer=Answer.ACCEPTED)
    row = schedule_request(session, wanted, actor=here.organiser, now=NOW)
    move(session, here, row, TEN, place=here.t1)
    first = published(session, here)
    told = [(m.change, m.method, m.sequence, m.recipient) for m in messages(session, first)]
    assert told == [
        (ChangeKind.NEW, Method.REQUEST, 0, here.delegate_kh.email),
        (ChangeKind.NEW, Method.REQUEST, 0, here.delegate_th.email),
    ]
    assert wanted.state is RequestState.SCHEDULED
    assert row.state is SessionState.CONFIRMED
    uid = participation(session, here.delegate_kh.id).uid

    move(session, here, row)
    moved = messages(session, published(session, here, LATER))
    assert {(m.change, m.method, m.sequence) for m in moved} == {(ChangeKind.MOVED, Method.REQUEST, 1)}

    cancel_session(session, row, actor=here.organiser, now=LATER, reason="Both asked for it")
    gone = messages(session, published(session, here, LATER + timedelta(hours=1)))
    assert {(m.change, m.method, m.sequence) for m in gone} == {(ChangeKind.CANCELLED, Method.CANCEL, 2)}
    assert not participation(session, here.delegate_kh.id).invited

    restore_session(session, row, actor=here.organiser, now=LATER, meeting=here.meeting)
    back = messages(session, published(session, here, LATER + timedelta(hours=2)))
    assert {(m.change, m.method, m.sequence) for m in back} == {(ChangeKind.AGAIN, Method.REQUEST, 3)}
    assert participation(session, here.delegate_kh.id).invited

    by_time = select(OutboxMessage).order_by(OutboxMessage.id)
    mine = session.scalars(by_time.where(OutboxMessage.recipient == here.delegate_kh.email)).all()
    assert {m.uid for m in mine} == {uid}
    assert len({m.message_id for m in mine}) == 4
    stamps = [m.dtstamp for m in mine]
    assert stamps == sorted(set(stamps))


def test_publishing_twice_tells_nobody_anything_new(session: Session) -> None:
    here = world(session)
    bilateral(session, here)
    published(session, here)
    again = published(session, here, LATER)
    assert again.number == 2
    assert messages(session, again) == []


def test_a_move_asks_again_and_another_place_in_the_same_building_does_not(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    published(session, here)
    mine = participation(session, here.delegate_kh.id)
    answer(session, mine, actor=here.head_kh, now=NOW, said=PartStat.ACCEPTED, way=AnswerWay.AGENDA)
    move(session, here, row, TEN, place=here.t2)
    told = messages(session, published(session, here, LATER))
    assert {(m.change, m.sequence) for m in told} == {(ChangeKind.CHANGED, 0)}
    assert mine.answer is PartStat.ACCEPTED
    move(session, here, row)
    published(session, here, LATER + timedelta(hours=1))
    assert (mine.answer, mine.sequence) == (PartStat.NEEDS_ACTION, 1)


def test_an_unsent_message_is_overtaken_by_a_newer_one(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    first = published(session, here)
    move(session, here, row)
    second = published(session, here, LATER)
    assert {m.state for m in messages(session, first)} == {OutboxState.OVERTAKEN}
    assert {m.state for m in messages(session, second)} == {OutboxState.WAITING}


def test_a_held_back_session_keeps_what_was_published_and_tells_nobody(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    published(session, here)
    row.held_back = True
    move(session, here, row)
    publication = published(session, here, LATER)
    frozen = session.scalars(select(PublishedSession).where(PublishedSession.publication_id == publication.id)).one()
    assert frozen.starts_local == TEN
    assert messages(session, publication) == []


def test_a_session_put_back_among_the_unplaced_is_cancelled_for_its_people(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    published(session, here)
    move(session, here, row, None, place=None)
    told = messages(session, published(session, here, LATER))
    assert {(m.method, m.facts["session"]["starts_local"]) for m in told} == {(Method.CANCEL, "2026-02-05T10:00")}


def test_a_break_stands_in_the_programme_and_invites_nobody(session: Session) -> None:
    here = world(session)
    break_(session, here, ELEVEN)
    publication = published(session, here)
    assert messages(session, publication) == []
    assert len(publication.sessions) == 1


def test_an_interpreter_is_invited_too(session: Session) -> None:
    here = world(session)
    who = interpreter(session, here)
    bilateral(session, here, interpreters=[who], interpretation="km-th", interpreters_wanted=1)
    told = messages(session, published(session, here))
    assert who.email in {m.recipient for m in told}


def test_the_preview_counts_what_publishing_then_does(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    seen = preview(session, here.meeting, now=NOW)
    assert [(c.change, c.before, c.people) for c in seen.changes] == [(ChangeKind.NEW, None, 2)]
    assert (seen.mails, seen.people, seen.languages, seen.unchanged) == (2, 2, {"en": 2}, 0)
    assert len(messages(session, published(session, here))) == 2
    quiet = preview(session, here.meeting, now=NOW)
    assert (quiet.changes, quiet.mails, quiet.unchanged) == ((), 0, 1)
    move(session, here, row)
    moved = preview(session, here.meeting, now=NOW).changes[0]
    assert moved.before is not None
    assert (moved.change, moved.before["starts_local"], moved.after["starts_local"]) == (
        ChangeKind.MOVED,
        "2026-02-05T10:00",
        "2026-02-05T11:00",
    )


def test_the_preview_names_a_session_that_is_only_called_otherwise(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    published(session, here)
    change_session(
        session,
        row,
        actor=here.organiser,
        now=NOW,
        meeting=here.meeting,
        seen_version=row.version,
        kind=row.kind,
        starts=row.starts_local,
        minutes=40,
        place=here.t1,
        title=Words.of("Planning"),
        description=None,
        delegations=[here.kh, here.th],
        interpreters=[],
    )
    assert [(c.change, c.people) for c in preview(session, here.meeting, now=NOW).changes] == [(ChangeKind.CHANGED, 2)]


def test_what_was_not_seen_is_not_published(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    seen = preview(session, here.meeting, now=NOW).mark
    move(session, here, row)
    with pytest.raises(StaleVersion):
        publish(session, here.meeting, actor=here.organiser, now=NOW, domain="police.example", seen=seen)
    assert session.scalar(select(func.count()).select_from(Participation)) == 0
    mark = preview(session, here.meeting, now=NOW).mark
    assert publish(session, here.meeting, actor=here.organiser, now=NOW, domain="x.example", seen=mark).number == 1


def test_nothing_placed_is_nothing_to_publish(session: Session) -> None:
    here = world(session)
    bilateral(session, here, starts=None, place=None)
    with pytest.raises(Refused) as refused:
        published(session, here)
    assert refused.value.reason == "nothing_to_publish"


def test_who_is_not_invited_any_more_cannot_answer(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    published(session, here)
    cancel_session(session, row, actor=here.organiser, now=NOW)
    published(session, here, LATER)
    with pytest.raises(Refused) as refused:
        answer(
            session,
            participation(session, here.delegate_kh.id),
            actor=here.head_kh,
            now=LATER,
            said=PartStat.ACCEPTED,
            way=AnswerWay.AGENDA,
        )
    assert refused.value.reason == "not_invited"


def test_an_answer_keeps_its_way_and_its_reason_without_what_nobody_types(session: Session) -> None:
    here = world(session)
    bilateral(session, here)
    published(session, here)
    mine = participation(session, here.delegate_kh.id)
    words = "In court\u202e\x00 that day " + "x" * 1000
    answer(session, mine, actor=None, now=LATER, said=PartStat.DECLINED, way=AnswerWay.LINK, reason=words)
    assert (mine.answer, mine.answered_at, mine.answered_by) == (PartStat.DECLINED, LATER, AnswerWay.LINK)
    assert (mine.answered_sequence, mine.answered_dtstamp) == (0, LATER)
    assert mine.reason is not None
    assert mine.reason.startswith("In court that day xxx")
    assert len(mine.reason) == 500
    kept = session.scalars(select(AuditEntry).where(AuditEntry.object_type == "participation")).one()
    assert (kept.actor_id, kept.action, kept.facts) == (None, "answer_declined", {"way": "link"})
    assert kept.meeting_id == here.meeting.id


def test_the_same_answer_once_more_is_no_new_one(session: Session) -> None:
    here = world(session)
    bilateral(session, here)
    published(session, here)
    mine = participation(session, here.delegate_kh.id)
    answer(session, mine, actor=None, now=NOW, said=PartStat.DECLINED, way=AnswerWay.LINK, reason="In court")
    answer(session, mine, actor=None, now=LATER, said=PartStat.DECLINED, way=AnswerWay.MAIL)
    assert (mine.answered_at, mine.answered_by, mine.reason) == (NOW, AnswerWay.LINK, "In court")
    assert mine.answered_dtstamp == LATER
    audited = select(func.count()).where(AuditEntry.object_type == "participation")
    assert session.scalar(audited) == 1
    answer(session, mine, actor=None, now=LATER, said=PartStat.DECLINED, way=AnswerWay.MAIL, reason="On leave")
    assert session.scalar(audited) == 2


def test_nobody_answers_once_the_session_is_over(session: Session) -> None:
    here = world(session)
    bilateral(session, here)
    published(session, here)
    mine = participation(session, here.delegate_kh.id)
    end = datetime.fromisoformat("2026-02-05T10:40:00+09:00")
    answer(
        session,
        mine,
        actor=here.organiser,
        now=end - timedelta(minutes=1),
        said=PartStat.ACCEPTED,
        way=AnswerWay.SECRETARIAT,
    )
    with pytest.raises(Refused) as refused:
        answer(session, mine, actor=here.organiser, now=end, said=PartStat.DECLINED, way=AnswerWay.SECRETARIAT)
    assert refused.value.reason == "session_over"


def test_a_message_is_leased_to_one_worker_until_the_lease_runs_out(session: Session) -> None:
    here = world(session)
    bilateral(session, here)
    published(session, here)
    until = NOW + timedelta(minutes=5)
    assert len(claim_messages(session, now=NOW, until=until)) == 2
    assert claim_messages(session, now=NOW, until=until) == []
    assert len(claim_messages(session, now=until + timedelta(seconds=1), until=LATER)) == 2


def test_a_held_message_waits_until_somebody_sends_it(session: Session) -> None:
    here = world(session)
    bilateral(session, here)
    kept, _other = messages(session, published(session, here))
    hold(session, kept, actor=here.organiser, now=NOW)
    assert kept.id not in {m.id for m in claim_messages(session, now=NOW, until=LATER)}
    try_again(session, kept, actor=here.organiser, now=LATER)
    assert [m.id for m in claim_messages(session, now=LATER, until=LATER)] == [kept.id]


@pytest.mark.parametrize("state", [OutboxState.SENT, OutboxState.OVERTAKEN, OutboxState.SENDING, OutboxState.WAITING])
def test_only_refused_and_held_mails_are_sent_again(session: Session, state: OutboxState) -> None:
    here = world(session)
    bilateral(session, here)
    row = messages(session, published(session, here))[0]
    row.state = state
    with pytest.raises(Refused) as refused:
        try_again(session, row, actor=here.organiser, now=LATER)
    assert refused.value.reason == "cannot_try_again"
    assert row.state is state


def test_somebody_without_an_address_takes_part_and_gets_no_mail(session: Session) -> None:
    here = world(session)
    silent = make.delegate(session, here.kh, "Chan Vuthy")
    silent.email = None
    bilateral(session, here, delegates=[silent])
    told = messages(session, published(session, here))
    assert {m.recipient for m in told} == {here.delegate_th.email}
    assert participation(session, silent.id).invited
