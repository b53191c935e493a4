"""Cases, leads and feedback: what services do and refuse, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.models import AuditEntry
from confmgr.cases import queries, services
from confmgr.cases.domain import FeedbackKind, NominationState
from confmgr.errors import NotAllowed, NotFound, Refused, StaleVersion
from confmgr.meetings.domain import Role
from confmgr.parties.models import Party
from confmgr.sharing import queries as sharing
from confmgr.sharing import services as markings
from confmgr.sharing.domain import GradeScheme, Handling, ItemState, Tlp
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Letter
from confmgr.values.words import Words
from tests import make
from tests.make_cases import case, lead, shared_lead
from tests.make_consents import colleague, japan, seconded
from tests.make_scheduling import NOW, World, world

LATER = NOW + timedelta(hours=1)


def readers(session: Session, here: World, item: Item) -> set[str]:
    people = {"kh": here.head_kh, "th": here.head_th, "organiser": here.organiser}
    return {
        name
        for name, person in people.items()
        if sharing.visible_ids(session, sharing.viewer_of(session, person, LATER), [item.id], LATER)
    }


def test_a_nominated_case_is_read_by_its_party_and_those_named_only(session: Session) -> None:
    here = world(session)
    assert readers(session, here, case(session, here).item) == {"kh"}
    assert readers(session, here, case(session, here, "KH-02", disclose_to=[here.th]).item) == {"kh", "th"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"priority": 4}, "priority_out_of_range"),
        ({"tlp": Tlp.RED}, "red_needs_second_person"),
        ({"handling": [Handling.H3]}, "h3_needs_text"),
    ],
)
def test_a_case_is_refused_with_the_reason(session: Session, changes: dict[str, Any], reason: str) -> None:
    here = world(session)
    with pytest.raises(Refused, match=reason):
        case(session, here, **changes)


def test_a_reference_is_used_once_by_each_originator(session: Session) -> None:
    here = world(session)
    case(session, here)
    with pytest.raises(Refused, match="reference_taken"):
        case(session, here)
    assert case(session, here, actor=here.head_th, originator=here.th.party).item.reference == "KH-01"


def test_a_case_comes_to_a_further_meeting_once(session: Session) -> None:
    here = world(session)
    row = case(session, here)
    third = make.meeting(session, here.meeting.operation, slug="seoul-3", number=3)
    services.bring_case(session, row, actor=here.head_kh, now=NOW, meeting=third, nominated_on=NOW.date())
    assert {link.meeting_id for link in row.item.meetings} == {here.meeting.id, third.id}
    with pytest.raises(Refused, match="already_nominated"):
        services.bring_case(session, row, actor=here.head_kh, now=NOW, meeting=third, nominated_on=NOW.date())


def test_a_case_does_not_come_to_a_meeting_of_another_operation(session: Session) -> None:
    here = world(session)
    other = make.operation(session, make.party(session, "JP"), code="other")
    elsewhere = make.meeting(session, other, slug="tokyo")
    row = case(session, here)
    with pytest.raises(Refused, match="other_operation"):
        services.bring_case(session, row, actor=here.head_kh, now=NOW, meeting=elsewhere, nominated_on=NOW.date())


def test_a_case_is_edited_by_its_author_on_the_version_that_was_open(session: Session) -> None:
    here = world(session)
    row = case(session, here)
    text: dict[str, Any] = {"title": Words.of("New"), "summary": None, "neutral_title": None, "crime_types": []}
    seen = services.text_seen(session, row.item)
    services.change_case(session, row, actor=here.head_kh, now=NOW, seen=seen, **text)
    assert row.title.text("en") == "New"
    with pytest.raises(StaleVersion):
        services.change_case(session, row, actor=here.head_kh, now=NOW, seen=seen, **text)
    with pytest.raises(Refused, match="only_the_author"):
        services.change_case(session, row, actor=here.head_th, now=NOW, **text)


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ([], NominationState.DISCUSSED),
        ([], NominationState.CONCLUDED),
        ([NominationState.SELECTED], NominationState.NOMINATED),
        ([NominationState.SELECTED, NominationState.DISCUSSED], NominationState.NOT_TAKEN),
    ],
)
def test_a_nomination_takes_no_step_that_is_not_its_next(
    session: Session, path: list[NominationState], wanted: NominationState
) -> None:
    here = world(session)
    row = case(session, here).nominations[0]
    for state in path:
        services.set_nomination(session, row, actor=here.organiser, now=NOW, state=state)
    with pytest.raises(Refused, match="nomination_step"):
        services.set_nomination(session, row, actor=here.organiser, now=NOW, state=wanted, reason="x")


def test_a_case_is_declined_with_a_reason_only(session: Session) -> None:
    here = world(session)
    row = case(session, here).nominations[0]
    with pytest.raises(Refused, match="reason_needed"):
        services.set_nomination(session, row, actor=here.organiser, now=NOW, state=NominationState.NOT_TAKEN)
    services.set_nomination(
        session, row, actor=here.organiser, now=NOW, state=NominationState.NOT_TAKEN, reason="No partner takes part"
    )
    assert (row.state, row.reason) == (NominationState.NOT_TAKEN, "No partner takes part")


def test_why_a_case_was_not_taken_is_said_no_more_once_it_is(session: Session) -> None:
    here = world(session)
    row = case(session, here).nominations[0]
    decline, select_ = NominationState.NOT_TAKEN, NominationState.SELECTED
    services.set_nomination(session, row, actor=here.organiser, now=NOW, state=decline, reason="No partner takes part")
    services.set_nomination(session, row, actor=here.organiser, now=NOW, state=select_)
    assert (row.state, row.reason) == (NominationState.SELECTED, None)


def test_a_draft_lead_is_seen_by_its_party_alone_not_even_by_its_envelope(session: Session) -> None:
    here = world(session)
    row = lead(session, here, case(session, here))
    assert readers(session, here, row.item) == {"kh"}
    organiser = sharing.viewer_of(session, here.organiser, NOW)
    with pytest.raises(NotFound):
        sharing.get_envelope(session, organiser, row.item.kind, row.item.uuid, NOW)
    assert queries.leads(session, organiser, NOW, meeting=here.meeting) == []


def test_a_shared_lead_is_read_by_whom_it_names(session: Session) -> None:
    here = world(session)
    row = shared_lead(session, here, case(session, here))
    assert readers(session, here, row.item) == {"kh", "th"}
    assert [party.code for party in queries.receivers_of(session, [row.id], NOW)[row.id]] == ["TH"]


def test_organisers_get_the_envelope_of_a_shared_lead_and_no_text(session: Session) -> None:
    here = world(session)
    row = shared_lead(session, here, case(session, here))
    services.give_feedback(
        session, row, actor=here.head_th, now=NOW, party=here.th.party, kind=FeedbackKind.IN_USE, note="secret"
    )
    (told,) = queries.leads(session, sharing.viewer_of(session, here.organiser, NOW), NOW, meeting=here.meeting)
    assert (told.title, told.body, told.feedback, told.handling) == (None, None, (), ())
    assert ([party.code for party in told.receivers], told.tlp) == (["TH"], Tlp.AMBER)


def test_of_red_organisers_get_reference_originator_and_date_alone(session: Session) -> None:
    here = world(session)
    second = make.user(session, "Chan Thida")
    make.membership(session, here.meeting, second, Role.DELEGATE, of_delegation=here.kh)
    row = lead(session, here, case(session, here), tlp=Tlp.RED, named_readers=[second])
    services.share_lead(session, row, actor=here.head_kh, now=NOW, persons=[here.head_th])
    assert readers(session, here, row.item) == {"kh"}
    seconded(session, second)
    (told,) = queries.leads(session, sharing.viewer_of(session, here.organiser, NOW), NOW, meeting=here.meeting)
    assert (told.bare, told.title, told.receivers) == (True, None, ())
    assert readers(session, here, row.item) == {"kh", "th"}


def test_sharing_needs_somebody_named_and_the_author(session: Session) -> None:
    here = world(session)
    row = lead(session, here, case(session, here))
    with pytest.raises(Refused, match="nobody_named"):
        services.share_lead(session, row, actor=here.head_kh, now=NOW)
    assert row.item.state is ItemState.DRAFT
    with pytest.raises(NotFound):
        services.share_lead(session, row, actor=here.head_th, now=NOW, to=[here.th])


def test_a_strict_lead_reaches_an_agency_and_no_whole_delegation(session: Session) -> None:
    here = world(session)
    police = make.agency(session, here.th.party)
    officer = make.user(session, "Officer")
    make.membership(session, here.meeting, officer, Role.DELEGATE, of_delegation=here.th, of_agency=police)
    row = lead(session, here, case(session, here), tlp=Tlp.AMBER_STRICT)
    with pytest.raises(Refused, match="tlp_cannot_reach"):
        services.share_lead(session, row, actor=here.head_kh, now=NOW, to=[here.th])
    services.share_lead(session, row, actor=here.head_kh, now=NOW, agencies=[police])
    viewer = sharing.viewer_of(session, officer, NOW)
    assert sharing.letter_of(session, viewer, row.item, NOW) is Letter.RECEIVER
    assert readers(session, here, row.item) == {"kh"}


def test_a_withdrawn_lead_is_its_originators_alone_and_cannot_be_shared_again(session: Session) -> None:
    here = world(session)
    row = shared_lead(session, here, case(session, here))
    markings.withdraw(session, row.item, actor=here.head_kh, now=LATER)
    assert readers(session, here, row.item) == {"kh"}
    assert [one.revoked_at for one in row.item.disclosures] == [LATER]
    with pytest.raises(Refused, match="taken_back"):
        services.share_lead(session, row, actor=here.head_kh, now=LATER, to=[here.th])


def test_a_new_marking_drops_those_who_were_named_and_they_can_be_named_again(session: Session) -> None:
    here = world(session)
    row = shared_lead(session, here, case(session, here))
    markings.change_marking(session, row.item, actor=here.head_kh, now=NOW, tlp=Tlp.AMBER, handling=[Handling.H1])
    assert readers(session, here, row.item) == {"kh"}
    assert queries.receivers_of(session, [row.id], NOW) == {}
    services.share_lead(session, row, actor=here.head_kh, now=NOW, to=[here.th])
    assert readers(session, here, row.item) == {"kh", "th"}


def test_a_new_marking_keeps_the_originators_grade(session: Session) -> None:
    here = world(session)
    grade = markings.Grade(GradeScheme.EUROPOL_4X4, "B", "2")
    row = lead(session, here, case(session, here), grade=grade)
    fresh = markings.change_marking(session, row.item, actor=here.head_kh, now=NOW, tlp=Tlp.GREEN)
    assert (fresh.grade_scheme, fresh.grade_source, fresh.grade_information) == (GradeScheme.EUROPOL_4X4, "B", "2")


def test_something_shared_becomes_red_only_with_a_second_person(session: Session) -> None:
    here = world(session)
    row = shared_lead(session, here, case(session, here))
    with pytest.raises(Refused, match="red_needs_second_person"):
        markings.change_marking(session, row.item, actor=here.head_kh, now=NOW, tlp=Tlp.RED)
    second = colleague(session, here, here.kh, "Chan Thida")
    markings.change_marking(session, row.item, actor=here.head_kh, now=NOW, tlp=Tlp.RED, named_readers=[second])
    assert [named.user_id for named in row.item.named_readers] == [second.id]


def test_an_expired_or_revoked_disclosure_names_nobody(session: Session) -> None:
    here = world(session)
    row = case(session, here)
    given = markings.disclose(session, row.item, actor=here.head_kh, now=NOW, to_delegation=here.th, until=LATER)
    assert [one.party for one in queries.readers(session, row.item, NOW)] == [here.th.party]
    assert queries.readers(session, row.item, LATER) == []
    markings.revoke(session, given, actor=here.head_kh, now=NOW)
    assert queries.readers(session, row.item, NOW) == []


def test_feedback_is_for_receivers(session: Session) -> None:
    here = world(session)
    row = shared_lead(session, here, case(session, here))
    with pytest.raises(Refused, match="own_feedback"):
        services.give_feedback(
            session, row, actor=here.head_kh, now=NOW, party=here.kh.party, kind=FeedbackKind.RECEIVED
        )
    first = services.give_feedback(
        session, row, actor=here.head_th, now=NOW, party=here.th.party, kind=FeedbackKind.RECEIVED
    )
    services.give_feedback(session, row, actor=here.head_th, now=LATER, party=here.th.party, kind=FeedbackKind.ACTED_ON)
    session.expire(row)
    assert [one.kind for one in row.feedback] == [FeedbackKind.RECEIVED, FeedbackKind.ACTED_ON]
    assert row.feedback[0].id == first.id


def test_nobody_gives_feedback_on_what_they_may_not_read_or_for_another_party(session: Session) -> None:
    here = world(session)
    row = shared_lead(session, here, case(session, here))
    jp, head_jp = japan(session, here)
    with pytest.raises(NotFound):
        services.give_feedback(session, row, actor=head_jp, now=NOW, party=jp.party, kind=FeedbackKind.RECEIVED)
    with pytest.raises(NotAllowed):
        services.give_feedback(session, row, actor=here.head_th, now=NOW, party=jp.party, kind=FeedbackKind.RECEIVED)
    assert row.feedback == []


def second_of(session: Session, here: World) -> User:
    person = make.user(session, "Chan Thida")
    make.membership(session, here.meeting, person, Role.DELEGATE, of_delegation=here.kh)
    return person


def test_leads_are_counted_for_each_reader_alone(session: Session) -> None:
    here = world(session)
    row = case(session, here, disclose_to=[here.th])
    shared_lead(session, here, row)
    other = lead(session, here, row, "KH-L2")
    laos = make.delegation(session, here.meeting, "LA")
    services.share_lead(session, other, actor=here.head_kh, now=NOW, to=[laos])
    lead(session, here, row, "KH-L3")

    def counted(person_is: str) -> list[int]:
        person = {"kh": here.head_kh, "th": here.head_th, "organiser": here.organiser}[person_is]
        viewer = sharing.viewer_of(session, person, NOW)
        return [one.leads for one in queries.case_table(session, here.meeting, viewer, NOW)]

    assert (counted("kh"), counted("th"), counted("organiser")) == ([2], [1], [2])
    second = second_of(session, here)
    secret = lead(session, here, row, "KH-L4", tlp=Tlp.RED, named_readers=[second])
    services.share_lead(session, secret, actor=here.head_kh, now=NOW, persons=[second])
    assert (counted("kh"), counted("th")) == ([3], [1])
    assert counted("organiser") == [2], "the envelope of RED does not tell on which case it is"


def test_everybody_at_a_meeting_can_be_named_once_whatever_their_roles(session: Session) -> None:
    here = world(session)
    make.membership(session, here.meeting, here.head_th, Role.DELEGATE, of_delegation=here.th)
    names = [(user.name, party.code) for user, party in queries.people_at(session, here.meeting, NOW)]
    assert names == [("Sok Dara", "KH"), ("Somchai Wong", "TH")]


def test_each_write_leaves_its_line_in_the_audit(session: Session) -> None:
    here = world(session)
    row = shared_lead(session, here, case(session, here))
    markings.withdraw(session, row.item, actor=here.head_kh, now=NOW)
    actions = session.scalars(
        select(AuditEntry.action).where(AuditEntry.object_uuid == row.item.uuid).order_by(AuditEntry.id)
    )
    assert list(actions) == ["create", "share", "disclose", "withdraw"]


def test_a_party_that_is_not_at_the_meeting_reads_nothing_of_it(session: Session) -> None:
    here = world(session)
    outsider = make.user(session, "Outsider")
    other = make.meeting(session, here.meeting.operation, slug="seoul-1", number=1)
    laos: Party = make.party(session, "LA")
    make.membership(session, other, outsider, Role.HEAD, of_delegation=make.delegation(session, other, of_party=laos))
    green = case(session, here, tlp=Tlp.GREEN)
    viewer = sharing.viewer_of(session, outsider, NOW)
    assert sharing.letter_of(session, viewer, green.item, NOW) is None
