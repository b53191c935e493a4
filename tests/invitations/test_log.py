"""What was published so far: everything for organisers, the own changes for delegates; on both databases."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from confmgr.invitations import log
from confmgr.invitations.domain import ChangeKind
from confmgr.invitations.log import OwnChanges
from confmgr.scheduling.differences import Aspect
from confmgr.scheduling.services import cancel_session, restore_session
from confmgr.values.words import Words
from tests import make
from tests.make_invitations import published
from tests.make_scheduling import ELEVEN, NOW, World, bilateral, break_, move, world

LATER = NOW + timedelta(days=1)


def own(session: Session, here: World) -> list[OwnChanges]:
    return log.own_changes(session, here.meeting, delegate_ids=[here.delegate_kh.id], interpreter_ids=[])


def test_organisers_read_what_each_publication_changed_and_how_many_mails_said_it(session: Session) -> None:
    here = world(session)
    here.delegate_th.language = "ko"
    row = bilateral(session, here)
    first = published(session, here)
    move(session, here, row)
    row.title = Words.of("Talks")
    second = published(session, here, LATER)
    third = published(session, here, LATER + timedelta(hours=1))
    (new,) = log.differences(session, here.meeting, first)
    assert (new.heard.change, new.heard.before, new.mails) == (ChangeKind.NEW, None, {"en": 1, "ko": 1})
    (moved,) = log.differences(session, here.meeting, second)
    assert moved.heard.change is ChangeKind.MOVED
    assert [d.aspect for d in moved.heard.details] == [Aspect.START, Aspect.END, Aspect.TITLE]
    assert log.differences(session, here.meeting, third) == []


def test_a_replaced_delegate_is_named_to_organisers(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here, delegates=[here.delegate_kh, here.delegate_th])
    published(session, here)
    other = make.delegate(session, here.th, "Anan Sriwong")
    row.delegates[1].delegate_id = other.id
    session.flush()
    session.expire_all()
    (one,) = log.differences(session, here.meeting, published(session, here, LATER))
    assert [(d.aspect, d.came, d.gone) for d in one.heard.details] == [
        (Aspect.PEOPLE, ("Anan Sriwong",), ("Somchai Wong",))
    ]


def test_a_delegate_reads_the_own_invitations_moves_cancellations_and_returns(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    published(session, here)
    move(session, here, row)
    published(session, here, LATER)
    cancel_session(session, row, actor=here.organiser, now=NOW)
    published(session, here, LATER + timedelta(hours=1))
    restore_session(session, row, actor=here.organiser, now=NOW, meeting=here.meeting)
    published(session, here, LATER + timedelta(hours=2))
    assert [(one.at, [what.change for what in one.heard]) for one in own(session, here)] == [
        (LATER + timedelta(hours=2), [ChangeKind.AGAIN]),
        (LATER + timedelta(hours=1), [ChangeKind.CANCELLED]),
        (LATER, [ChangeKind.MOVED]),
        (NOW, [ChangeKind.NEW]),
    ]


def test_another_title_is_a_change_for_those_who_had_a_mail(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    published(session, here)
    row.title = Words.of("Talks")
    published(session, here, LATER)
    (last, _first) = own(session, here)
    assert [(what.change, [d.aspect for d in what.details]) for what in last.heard] == [
        (ChangeKind.CHANGED, [Aspect.TITLE])
    ]


def test_nothing_of_others_changes_what_a_delegate_reads(session: Session) -> None:
    here = world(session)
    bilateral(session, here, delegates=[here.delegate_kh, here.delegate_th])
    published(session, here)
    alone = own(session, here)

    jp, vn = make.delegation(session, here.meeting, "JP"), make.delegation(session, here.meeting, "VN")
    make.delegate(session, jp, "Sato Aki")
    theirs: dict[str, Any] = {"delegations": [jp, vn], "place": here.t2}
    other = bilateral(session, here, **theirs)
    published(session, here, LATER)
    move(session, here, other)
    published(session, here, LATER + timedelta(hours=1))
    cancel_session(session, other, actor=here.organiser, now=NOW)
    published(session, here, LATER + timedelta(hours=2))
    break_(session, here, ELEVEN)
    published(session, here, LATER + timedelta(hours=3))

    assert own(session, here) == alone


def test_who_else_of_the_other_side_comes_is_no_change_for_a_delegate(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here, delegates=[here.delegate_kh, here.delegate_th])
    published(session, here)
    alone = own(session, here)
    other = make.delegate(session, here.th, "Anan Sriwong")
    row.delegates[1].delegate_id = other.id
    session.flush()
    session.expire_all()
    published(session, here, LATER)
    assert own(session, here) == alone
