"""Questions to the originator: who answers, what a grant does, and what it does not do."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.cases import queries
from confmgr.cases.models import Lead
from confmgr.delegations.domain import Capacity
from confmgr.errors import MarkingChanged, NotAllowed, NotFound, Refused, StaleVersion
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Membership
from confmgr.sharing import asking, services
from confmgr.sharing.consent import Asked, Post, decides, needs_two, stands
from confmgr.sharing.domain import ConsentKind, ConsentState, Handling, Tlp
from confmgr.sharing.models import Item, Notice
from confmgr.sharing.queries import viewer_of, visible_ids, waiting
from confmgr.sharing.services import Answer, Wanted
from tests import make, make_cases
from tests.make_consents import NO, YES, answered, asked, colleague, japan
from tests.make_scheduling import NOW, World, world

LATER = NOW + timedelta(hours=1)
TOO_LATE = NOW + timedelta(days=14)


@pytest.fixture
def here(session: Session) -> World:
    return world(session)


@pytest.fixture
def lead(session: Session, here: World) -> Lead:
    """An AMBER lead of Cambodia that Thailand has."""
    return make_cases.shared_lead(session, here, make_cases.case(session, here))


def sees(session: Session, row: Item, person: User, now: datetime = NOW) -> bool:
    return row.id in visible_ids(session, viewer_of(session, person, now), [row.id], now)


def told(session: Session, person: User) -> list[str]:
    return sorted(row.kind.value for row in session.scalars(select(Notice).where(Notice.user_id == person.id)))


def test_a_grant_lets_exactly_the_target_read(session: Session, here: World, lead: Lead) -> None:
    jp, head_jp = japan(session, here)
    vn = make.delegation(session, here.meeting, "VN")
    head_vn = colleague(session, here, vn, "Nguyen Lan", Role.HEAD)
    row = asked(session, here, lead.item, to_delegation=jp)
    assert not sees(session, lead.item, head_jp)
    answered(session, row, here.head_kh)
    assert row.state is ConsentState.GRANTED
    assert sees(session, lead.item, head_jp)
    assert not sees(session, lead.item, head_vn)
    assert lead.item.disclosures[-1].consent_id == row.id


def test_a_refusal_lets_nobody_read_and_tells_who_asked(session: Session, here: World, lead: Lead) -> None:
    jp, head_jp = japan(session, here)
    row = asked(session, here, lead.item, to_delegation=jp)
    answered(session, row, here.head_kh, NO)
    assert (row.state, row.answer) == (ConsentState.REFUSED, "Not yet")
    assert not sees(session, lead.item, head_jp)
    assert told(session, here.head_kh) == ["consent_asked"]
    assert told(session, here.head_th) == ["consent_answered"]
    assert told(session, head_jp) == []


def test_neither_the_host_nor_a_receiver_nor_an_ordinary_delegate_decides(
    session: Session, here: World, lead: Lead
) -> None:
    jp, head_jp = japan(session, here)
    row = asked(session, here, lead.item, to_delegation=jp)
    for person in (here.organiser, here.head_th, head_jp, colleague(session, here, here.kh, "Keo Rith")):
        with pytest.raises(NotAllowed):
            answered(session, row, person)
    assert row.state is ConsentState.OPEN


def test_a_deputy_decides_as_the_head_does(session: Session, here: World, lead: Lead) -> None:
    deputy = colleague(session, here, here.kh, "Chan Thida")
    make.delegate(session, here.kh, "Chan Thida", capacity=Capacity.DEPUTY, account=deputy)
    row = asked(session, here, lead.item, kind=ConsentKind.JUDICIAL_USE)
    answered(session, row, deputy)
    assert (row.state, row.decided_by) == (ConsentState.GRANTED, deputy)


def test_of_two_who_decide_at_once_one_wins_and_the_other_hears_it(session: Session, here: World, lead: Lead) -> None:
    deputy = colleague(session, here, here.kh, "Chan Thida", Role.HEAD)
    row = asked(session, here, lead.item, kind=ConsentKind.NEW_PURPOSE)
    seen = row.version
    answered(session, row, here.head_kh)
    with pytest.raises(StaleVersion):
        services.answer(session, row, NO, actor=deputy, now=NOW, seen_version=seen)
    assert row.state is ConsentState.GRANTED


def test_a_marking_that_was_raised_meanwhile_makes_it_a_new_question(session: Session, here: World, lead: Lead) -> None:
    jp, head_jp = japan(session, here)
    row = asked(session, here, lead.item, to_delegation=jp)
    services.change_marking(session, lead.item, actor=here.head_kh, now=NOW, tlp=Tlp.AMBER, handling=[Handling.H2])
    with pytest.raises(MarkingChanged):
        answered(session, row, here.head_kh)
    assert not sees(session, lead.item, head_jp)
    services.expire_questions(session, now=LATER)
    assert row.state is ConsentState.EXPIRED


def test_a_grant_falls_with_the_marking_that_it_was_given_under(session: Session, here: World, lead: Lead) -> None:
    jp, head_jp = japan(session, here)
    answered(session, asked(session, here, lead.item, to_delegation=jp), here.head_kh)
    services.change_marking(session, lead.item, actor=here.head_kh, now=NOW, tlp=Tlp.AMBER_STRICT)
    assert not sees(session, lead.item, head_jp)


def test_a_question_runs_out_after_fourteen_days(session: Session, here: World, lead: Lead) -> None:
    row = asked(session, here, lead.item, kind=ConsentKind.JUDICIAL_USE)
    assert row.until == NOW + timedelta(days=14)
    with pytest.raises(Refused, match="ran_out"):
        answered(session, row, here.head_kh, now=TOO_LATE)
    assert services.expire_questions(session, now=TOO_LATE - timedelta(seconds=1)) == 0
    assert services.expire_questions(session, now=TOO_LATE) == 1
    assert row.state is ConsentState.EXPIRED
    assert told(session, here.head_th) == ["consent_answered"]


def test_a_part_of_what_was_asked_has_a_limit(session: Session, here: World, lead: Lead) -> None:
    jp, head_jp = japan(session, here)
    row = asked(session, here, lead.item, to_delegation=jp)
    with pytest.raises(Refused, match="part_needs_limit") as refused:
        answered(session, row, here.head_kh, Answer(ConsentState.PARTLY))
    assert refused.value.field == "text"  # the error stands at the field in which it is mended
    answered(session, row, here.head_kh, Answer(ConsentState.PARTLY, until=LATER))
    assert row.state is ConsentState.PARTLY
    assert sees(session, lead.item, head_jp)
    assert not sees(session, lead.item, head_jp, LATER)


def test_going_down_takes_two_persons_and_drops_nobody(session: Session, here: World, lead: Lead) -> None:
    second = colleague(session, here, here.kh, "Chan Thida")
    _jp, head_jp = japan(session, here)
    row = asked(session, here, lead.item, kind=ConsentKind.DOWNGRADE, tlp=Tlp.GREEN)
    answered(session, row, here.head_kh)
    assert (row.state, lead.item.marking.tlp) == (ConsentState.OPEN, Tlp.AMBER)
    for person in (here.head_kh, here.head_th, here.organiser):
        with pytest.raises(NotAllowed):
            services.confirm(session, row, actor=person, now=NOW, seen_version=row.version, agrees=True)
    services.confirm(session, row, actor=second, now=NOW, seen_version=row.version, agrees=True)
    assert (row.state, lead.item.marking.tlp.value) == (ConsentState.GRANTED, "GREEN")
    assert sees(session, lead.item, head_jp)
    assert [one.disclosure.to_delegation_id for one in queries.readers(session, lead.item, NOW)] == [here.th.id]


def test_the_second_person_may_say_no(session: Session, here: World, lead: Lead) -> None:
    second = colleague(session, here, here.kh, "Chan Thida")
    row = asked(session, here, lead.item, kind=ConsentKind.DOWNGRADE, tlp=Tlp.GREEN)
    answered(session, row, here.head_kh)
    services.confirm(session, row, actor=second, now=NOW, seen_version=row.version, agrees=False)
    assert (row.state, lead.item.marking.tlp) == (ConsentState.REFUSED, Tlp.AMBER)


def test_what_a_colleague_proposes_needs_the_head_alone(session: Session, here: World, lead: Lead) -> None:
    second = colleague(session, here, here.kh, "Chan Thida")
    row = asked(session, here, lead.item, kind=ConsentKind.DOWNGRADE, tlp=Tlp.GREEN, by=second, of=here.kh)
    assert row.decision is None
    answered(session, row, here.head_kh)
    assert (row.state, row.decided_by, row.second) == (ConsentState.GRANTED, here.head_kh, second)


def test_what_a_head_proposes_waits_for_a_second_person(session: Session, here: World, lead: Lead) -> None:
    second = colleague(session, here, here.kh, "Chan Thida")
    row = asked(session, here, lead.item, kind=ConsentKind.PUBLICATION, by=here.head_kh, of=here.kh)
    assert (row.state, row.decision) == (ConsentState.OPEN, ConsentState.GRANTED)
    services.confirm(session, row, actor=second, now=LATER, seen_version=row.version, agrees=True)
    assert (lead.item.marking.tlp.value, lead.item.published_at) == ("CLEAR", LATER)
    assert sees(session, lead.item, make.user(session, "Anybody"))


def test_what_is_raised_is_published_no_more_and_lowering_it_again_publishes_nothing(
    session: Session, here: World, lead: Lead
) -> None:
    second, anybody = colleague(session, here, here.kh, "Chan Thida"), make.user(session, "Anybody")
    row = asked(session, here, lead.item, kind=ConsentKind.PUBLICATION, by=here.head_kh, of=here.kh)
    services.confirm(session, row, actor=second, now=NOW, seen_version=row.version, agrees=True)
    services.change_marking(session, lead.item, actor=here.head_kh, now=NOW, tlp=Tlp.GREEN)
    assert not sees(session, lead.item, anybody)
    services.change_marking(session, lead.item, actor=here.head_kh, now=LATER, tlp=Tlp.CLEAR)
    proposal = waiting(session, lead.item, second, LATER)
    assert proposal is not None
    services.confirm_marking(session, lead.item, actor=second, now=LATER, seen=proposal.seen)
    assert (lead.item.marking.tlp, lead.item.published_at) == (Tlp.CLEAR, None)
    assert sees(session, lead.item, here.head_th)
    assert not sees(session, lead.item, anybody)


def test_who_proposed_it_and_has_no_account_any_more_is_no_second_person(
    session: Session, here: World, lead: Lead
) -> None:
    second = colleague(session, here, here.kh, "Chan Thida")
    row = asked(session, here, lead.item, kind=ConsentKind.DOWNGRADE, tlp=Tlp.GREEN, by=second, of=here.kh)
    second.active = False
    answered(session, row, here.head_kh)
    assert (row.state, row.decision, row.second_id) == (ConsentState.OPEN, ConsentState.GRANTED, None)
    assert lead.item.marking.tlp is Tlp.AMBER


def test_who_may_not_read_it_is_no_second_person(session: Session, here: World) -> None:
    own, other = make.agency(session, here.kh.party, "CNP"), make.agency(session, here.kh.party, "PMO")
    strict = make_cases.lead(session, here, make_cases.case(session, here), tlp=Tlp.AMBER_STRICT, agency=own)
    services.share_item(session, strict.item, actor=here.head_kh, now=NOW)
    row = asked(session, here, strict.item, kind=ConsentKind.DOWNGRADE, tlp=Tlp.AMBER, by=here.head_kh, of=here.kh)
    elsewhere = colleague(session, here, here.kh, "Keo Rith", of_agency=other)
    with pytest.raises(NotAllowed):
        services.confirm(session, row, actor=elsewhere, now=NOW, seen_version=row.version, agrees=True)
    second = colleague(session, here, here.kh, "Chan Thida", of_agency=own)
    services.confirm(session, row, actor=second, now=NOW, seen_version=row.version, agrees=True)
    assert strict.item.marking.tlp is Tlp.AMBER


def test_where_head_and_author_are_one_the_others_are_told_that_a_second_person_is_needed(
    session: Session, here: World, lead: Lead
) -> None:
    second = colleague(session, here, here.kh, "Chan Thida")
    answered(session, asked(session, here, lead.item, kind=ConsentKind.PUBLICATION), here.head_kh)
    assert told(session, second) == ["consent_second"]
    services.change_marking(session, lead.item, actor=here.head_kh, now=NOW, tlp=Tlp.GREEN)
    assert told(session, second) == ["consent_second", "consent_second"]
    assert told(session, here.head_th) == []


def test_nobody_grants_more_than_was_asked(session: Session, here: World, lead: Lead) -> None:
    row = asked(session, here, lead.item, kind=ConsentKind.DOWNGRADE, tlp=Tlp.GREEN)
    with pytest.raises(Refused, match="more_than_asked"):
        answered(session, row, here.head_kh, Answer(ConsentState.PARTLY, tlp=Tlp.CLEAR))
    lead.item.retain_until = date(2026, 6, 30)
    row = asked(session, here, lead.item, kind=ConsentKind.LONGER_RETENTION, retain_until=date(2027, 1, 1))
    with pytest.raises(Refused, match="more_than_asked"):
        answered(session, row, here.head_kh, Answer(ConsentState.PARTLY, retain_until=date(2027, 1, 2)))
    assert lead.item.retain_until == date(2026, 6, 30)


def test_a_limit_that_is_past_is_no_grant(session: Session, here: World, lead: Lead) -> None:
    jp, _head = japan(session, here)
    row = asked(session, here, lead.item, to_delegation=jp)
    with pytest.raises(Refused, match="day_is_past"):
        answered(session, row, here.head_kh, Answer(ConsentState.PARTLY, until=NOW))
    assert row.state is ConsentState.OPEN


@pytest.mark.parametrize("kept", [date(2026, 12, 1), date(2027, 1, 1), None])
def test_longer_retention_never_makes_it_shorter(session: Session, here: World, lead: Lead, kept: date | None) -> None:
    lead.item.retain_until = date(2026, 6, 30)
    row = asked(session, here, lead.item, kind=ConsentKind.LONGER_RETENTION, retain_until=date(2027, 1, 1))
    services.keep_until(session, lead.item, kept, actor=here.head_kh, now=NOW)
    given = Answer(ConsentState.PARTLY, retain_until=date(2026, 12, 1)) if kept == date(2026, 12, 1) else YES
    with pytest.raises(Refused, match="not_longer"):
        answered(session, row, here.head_kh, given)
    assert lead.item.retain_until == kept


def test_any_disclosure_of_red_takes_two_who_know_it(session: Session, here: World) -> None:
    second = colleague(session, here, here.kh, "Chan Thida")
    deputy = colleague(session, here, here.kh, "Keo Rith", Role.HEAD)
    row = make_cases.lead(
        session, here, make_cases.case(session, here, tlp=Tlp.GREEN), tlp=Tlp.RED, named_readers=[second]
    )
    services.share_item(session, row.item, actor=here.head_kh, now=NOW)
    question = asked(session, here, row.item, by=here.head_kh, of=here.kh, to_user=here.head_th)
    assert not sees(session, row.item, here.head_th)
    with pytest.raises(NotAllowed):
        services.confirm(session, question, actor=deputy, now=NOW, seen_version=question.version, agrees=True)
    assert told(session, deputy) == []
    services.confirm(session, question, actor=second, now=NOW, seen_version=question.version, agrees=True)
    assert sees(session, row.item, here.head_th)
    with pytest.raises(Refused, match="tlp_cannot_reach"):
        asked(session, here, row.item, to_delegation=here.th)


def test_longer_retention_moves_the_day(session: Session, here: World, lead: Lead) -> None:
    with pytest.raises(Refused, match="not_longer"):
        asked(session, here, lead.item, kind=ConsentKind.LONGER_RETENTION, retain_until=date(2027, 1, 1))
    lead.item.retain_until, lead.item.retention_told_at = date(2026, 6, 30), NOW
    row = asked(session, here, lead.item, kind=ConsentKind.LONGER_RETENTION, retain_until=date(2027, 1, 1))
    answered(session, row, here.head_kh, Answer(ConsentState.PARTLY, retain_until=date(2026, 12, 1)))
    assert lead.item.retain_until == date(2026, 12, 1)
    assert told(session, here.head_th) == ["consent_answered"]


def test_a_question_is_between_those_who_asked_and_those_who_gave(session: Session, here: World, lead: Lead) -> None:
    jp, head_jp = japan(session, here)
    row = asked(session, here, lead.item, to_delegation=jp)
    for person in (head_jp, here.organiser):
        viewer = viewer_of(session, person, NOW)
        with pytest.raises(NotFound):
            asking.get_question(session, viewer, row.uuid, NOW)
        assert asking.questions(session, viewer, here.meeting, NOW) == []
    mine = asking.questions(session, viewer_of(session, here.head_kh, NOW), here.meeting, NOW)
    theirs = asking.questions(session, viewer_of(session, here.head_th, NOW), here.meeting, NOW)
    assert [(one.may_decide, one.may_withdraw) for one in mine + theirs] == [(True, False), (False, True)]


def test_who_has_left_the_originator_decides_nothing_any_more(session: Session, here: World, lead: Lead) -> None:
    row = asked(session, here, lead.item, kind=ConsentKind.JUDICIAL_USE)
    seat = session.scalars(select(Membership).where(Membership.user_id == here.head_kh.id)).one()
    seat.ends_at = NOW
    session.flush()
    with pytest.raises(NotAllowed):
        answered(session, row, here.head_kh)


def test_a_question_is_taken_back_by_who_asked_and_asked_once_at_a_time(
    session: Session, here: World, lead: Lead
) -> None:
    row = asked(session, here, lead.item, kind=ConsentKind.JUDICIAL_USE)
    with pytest.raises(Refused, match="asked_already"):
        asked(session, here, lead.item, kind=ConsentKind.JUDICIAL_USE)
    services.withdraw_question(session, row, actor=here.head_th, now=NOW, seen_version=row.version)
    with pytest.raises(StaleVersion):
        answered(session, row, here.head_kh)
    asked(session, here, lead.item, kind=ConsentKind.JUDICIAL_USE)


def test_a_withdrawn_item_is_asked_nothing(session: Session, here: World, lead: Lead) -> None:
    services.withdraw(session, lead.item, actor=here.head_kh, now=NOW)
    with pytest.raises(Refused, match="not_shared"):
        services.ask(
            session,
            lead.item,
            Wanted(ConsentKind.JUDICIAL_USE, "For the trial"),
            actor=here.head_kh,
            now=NOW,
            delegation=here.kh,
        )


@pytest.mark.parametrize(
    ("agency", "post_agency", "expected"),
    [(None, None, True), (None, 7, True), (7, 7, True), (7, None, True), (7, 8, False)],
)
def test_a_head_answers_for_the_own_agency(agency: int | None, post_agency: int | None, expected: bool) -> None:
    item = Asked(Tlp.AMBER, 1, agency, frozenset({5}), frozenset({3}))
    assert decides(item, Post(9, 5, 1, post_agency)) is expected


def test_nobody_answers_for_red_or_for_another_party_or_meeting_by_an_office() -> None:
    item = Asked(Tlp.AMBER, 1, None, frozenset({5}), frozenset({3}))
    assert not decides(item, Post(9, 5, 2))
    assert not decides(item, Post(9, 6, 1))
    assert not decides(Asked(Tlp.RED, 1, None, frozenset({5}), frozenset({3})), Post(3, 5, 1))


def test_two_are_needed_to_go_down_to_go_public_and_to_let_red_out() -> None:
    two = {(kind.value, tlp.value) for kind in ConsentKind for tlp in Tlp if needs_two(kind, tlp)}
    every = {"RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR"}
    assert two == {("onward", "RED"), *(("downgrade", t) for t in every), *(("publication", t) for t in every)}


def test_a_question_stands_until_its_last_instant() -> None:
    assert stands(ConsentState.OPEN, LATER, NOW)
    assert not stands(ConsentState.OPEN, NOW, NOW)
    assert not stands(ConsentState.GRANTED, LATER, NOW)
