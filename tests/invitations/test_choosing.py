"""Publishing a part of what has changed: what is held back stays for others as it was; on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.errors import Refused, StaleVersion
from confmgr.invitations.domain import ChangeKind, Difference
from confmgr.invitations.models import Publication, PublishedSession
from confmgr.invitations.services import preview, publish, sample
from confmgr.scheduling.differences import Aspect
from confmgr.scheduling.models import MeetingSession, SessionCase
from confmgr.scheduling.services import cancel_session, change_session
from confmgr.values.words import Words
from tests import make
from tests.make_invitations import case, messages, participation, published
from tests.make_scheduling import ELEVEN, NOW, TEN, World, bilateral, interpreter, move, world

LATER = NOW + timedelta(days=1)


def change(session: Session, here: World, row: MeetingSession, **changes: object) -> None:
    values: dict[str, object] = {
        "kind": row.kind,
        "starts": row.starts_local,
        "minutes": row.minutes,
        "place": row.place,
        "title": row.title,
        "description": None,
        "delegations": [link.delegation for link in row.delegations],
        "interpreters": [],
        "interpretation": row.interpretation,
    }
    change_session(
        session,
        row,
        actor=here.organiser,
        now=NOW,
        meeting=here.meeting,
        seen_version=row.version,
        **(values | changes),  # type: ignore[arg-type]  # one mapping of many kinds
    )


def only_change(session: Session, here: World) -> Difference:
    (found,) = preview(session, here.meeting, now=NOW).changes
    return found


def frozen(session: Session, publication: Publication, row: MeetingSession) -> PublishedSession:
    rows = select(PublishedSession).where(PublishedSession.publication_id == publication.id)
    return session.scalars(rows.where(PublishedSession.session_id == row.id)).one()


def test_an_unticked_change_stays_as_published_and_is_held_back_from_then_on(session: Session) -> None:
    here = world(session)
    first, second = bilateral(session, here), bilateral(session, here, place=here.t2, anyway=True)
    published(session, here)
    move(session, here, first)
    cancel_session(session, second, actor=here.organiser, now=NOW)
    publication = publish(
        session,
        here.meeting,
        actor=here.organiser,
        now=LATER,
        domain="police.example",
        chosen={first.reference: True, second.reference: False},
    )
    assert {m.change for m in messages(session, publication)} == {ChangeKind.CANCELLED}
    assert frozen(session, publication, first).starts_local == TEN
    assert (first.held_back, second.held_back) == (True, False)
    shown = preview(session, here.meeting, now=NOW)
    assert [(one.reference, one.held) for one in shown.changes] == [(first.reference, True)]
    assert (shown.taken, shown.mails, shown.people) == ((), 0, 0)


def test_a_hold_of_the_sessions_page_is_shown_unticked_and_ends_only_when_somebody_ticks_it(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    row.held_back = True
    shown = preview(session, here.meeting, now=NOW)
    assert [(one.change, one.before, one.held) for one in shown.changes] == [(ChangeKind.NEW, None, True)]
    with pytest.raises(Refused):
        published(session, here)
    ticked = {row.reference: False}
    publication = publish(
        session, here.meeting, actor=here.organiser, now=LATER, domain="police.example", chosen=ticked
    )
    assert len(messages(session, publication)) == 2
    assert not row.held_back


def test_a_held_session_keeps_its_kind_languages_and_building_too(session: Session) -> None:
    here = world(session)
    here.t1.building = "Main"
    row = bilateral(session, here, interpretation="km-th")
    published(session, here)
    here.t1.building = "Annexe"
    change(session, here, row, interpretation="km-ko", held_back=True)
    publication = published(session, here, LATER)
    kept = frozen(session, publication, row)
    assert (kept.interpretation, kept.building) == ("km-th", "Main")


def test_the_desk_publishes_its_own_session_and_nothing_else_once(session: Session) -> None:
    here = world(session)
    first, second = bilateral(session, here), bilateral(session, here, place=here.t2, anyway=True)
    published(session, here)
    move(session, here, first)
    move(session, here, second)
    publication = publish(
        session, here.meeting, actor=here.organiser, now=LATER, domain="police.example", only=[second.id]
    )
    assert frozen(session, publication, first).starts_local == TEN
    assert frozen(session, publication, second).starts_local == ELEVEN
    assert (first.held_back, second.held_back) == (False, False)
    assert [one.reference for one in preview(session, here.meeting, now=NOW).taken] == [first.reference]


def test_the_mark_is_the_same_whatever_is_ticked_and_another_when_a_difference_is(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    seen = preview(session, here.meeting, now=NOW)
    unticked = preview(session, here.meeting, {row.reference: True}, now=NOW)
    assert unticked.mark == seen.mark
    assert unticked.chosen != seen.chosen
    here.delegate_th.email = "another@th.example"
    with pytest.raises(StaleVersion):
        publish(session, here.meeting, actor=here.organiser, now=NOW, domain="police.example", seen=seen.mark)


def test_each_row_says_who_hears_in_which_language(session: Session) -> None:
    here = world(session)
    here.delegate_kh.language, here.delegate_th.language = "ko", "km"
    who = interpreter(session, here)
    bilateral(session, here, interpreters=[who], interpretation="km-th", interpreters_wanted=1)
    one = only_change(session, here)
    assert (one.delegates, one.interpreters, one.people) == (2, 1, 3)
    assert one.languages == {"ko": 1, "km": 1, "en": 1}


def test_the_bar_counts_people_mails_zones_the_silent_and_those_who_hear_nothing(session: Session) -> None:
    here = world(session)
    silent = make.delegate(session, here.kh, "Chan Vuthy")
    silent.email = None
    bilateral(session, here, delegates=[silent])
    bilateral(session, here, starts=ELEVEN, delegates=[silent], place=here.t2)
    shown = preview(session, here.meeting, now=NOW)
    assert (shown.mails, shown.written_to, shown.people, shown.quiet) == (2, 1, 2, 1)
    assert shown.zones == {"Asia/Phnom_Penh": 1}
    assert [person.latin_name for person in shown.silent] == ["Chan Vuthy"]


def test_another_table_in_the_same_building_is_no_move_and_is_named(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    published(session, here)
    change(session, here, row, place=here.t2)
    one = only_change(session, here)
    assert one.change is ChangeKind.CHANGED
    assert [detail.aspect for detail in one.details] == [Aspect.PLACE]


def test_start_end_parties_people_languages_and_title_are_named_each(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    published(session, here)
    jp = make.delegation(session, here.meeting, "JP")
    make.delegate(session, jp, "Sato Aki")
    change(session, here, row, minutes=60, delegations=[here.kh, jp], interpretation="ja-km", title=Words.of("Talks"))
    one = only_change(session, here)
    assert one.change is ChangeKind.MOVED
    found = {detail.aspect: detail for detail in one.details}
    assert found[Aspect.END].after.strftime("%H:%M") == "11:00"
    assert (found[Aspect.PARTIES].came, found[Aspect.PARTIES].gone) == (("JP",), ("TH",))
    assert (found[Aspect.PEOPLE].came, found[Aspect.PEOPLE].gone) == (("Sato Aki",), ("Somchai Wong",))
    assert (found[Aspect.LANGUAGES].before, found[Aspect.LANGUAGES].after) == (None, "ja-km")
    assert found[Aspect.TITLE].before is None
    assert Words.from_json(found[Aspect.TITLE].after).text("en") == "Talks"
    assert Aspect.START not in found


def test_another_case_is_a_change_that_no_mail_tells(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    published(session, here)
    hidden = case(session, here, "Voice phishing ring")
    row.cases = [SessionCase(case_id=hidden.id, case=hidden)]
    session.flush()
    one = only_change(session, here)
    assert (one.change, one.people) == (ChangeKind.CHANGED, 0)
    assert [(d.aspect, d.came) for d in one.details] == [(Aspect.CASES, ("KH-01",))]
    published(session, here, LATER)
    assert preview(session, here.meeting, now=NOW).changes == ()


def test_looking_at_a_mail_keeps_nothing_and_shows_what_then_leaves(session: Session) -> None:
    here = world(session)
    row = bilateral(session, here)
    published(session, here)
    move(session, here, row)
    addressee = preview(session, here.meeting, now=NOW).mailed[0]
    seen = sample(here.meeting, addressee, LATER, "police.example")
    assert seen not in session
    assert participation(session, here.delegate_kh.id).sequence == 0
    sent = messages(session, published(session, here, LATER))[0]
    names = ("change", "method", "recipient", "language", "uid", "sequence", "dtstamp", "message_id", "facts")
    assert {name: getattr(seen, name) for name in names} == {name: getattr(sent, name) for name in names}
