"""Delegations, their people and interpreters, on both databases."""

from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session

from confmgr.delegations import queries, services
from confmgr.delegations.domain import Capacity, DelegationState, DelegationStatus, PrintedAs
from confmgr.delegations.models import Delegate, Delegation, Interpreter
from confmgr.errors import Refused, StaleVersion, StillUsed
from confmgr.meetings.domain import NameOrder
from confmgr.meetings.models import Meeting
from tests import make


def wall(day: int, hour: int) -> datetime:
    return datetime(2026, 2, day, hour)  # noqa: DTZ001  # a wall time has no offset


def invited(session: Session, now: datetime, meeting: Meeting, code: str, status: DelegationStatus) -> Delegation:
    return services.invite_party(
        session,
        actor=make.user(session),
        now=now,
        meeting=meeting,
        party=make.party(session, code),
        status=status,
        languages=["en"],
    )


def named(session: Session, now: datetime, row: Delegation, name: str, **more: object) -> Delegate:
    values: dict[str, object] = {"latin_name": None, "language": "en", "zone": "Asia/Phnom_Penh"}
    return services.name_delegate(
        session,
        actor=make.user(session),
        now=now,
        delegation=row,
        name=name,
        **(values | more),  # type: ignore[arg-type]
    )


def engaged(session: Session, now: datetime, meeting: Meeting) -> Interpreter:
    return services.engage_interpreter(
        session,
        actor=make.user(session),
        now=now,
        meeting=meeting,
        name="Chan Sophal",
        latin_name=None,
        name_language="km",
        pairs=["km-ko"],
        modes=["consecutive"],
        language="en",
        zone="Asia/Seoul",
        hours=[(wall(5, 9), wall(5, 12))],
    )


def codes(session: Session, meeting: Meeting) -> list[str]:
    return [row.party.code for row in queries.delegations(session, meeting)]


@pytest.fixture
def four(session: Session, now: datetime) -> Meeting:
    meeting = make.meeting(session)
    invited(session, now, meeting, "VN", DelegationStatus.MEMBER)
    invited(session, now, meeting, "JP", DelegationStatus.OBSERVER)
    invited(session, now, meeting, "KH", DelegationStatus.MEMBER)
    invited(session, now, meeting, "TH", DelegationStatus.PARTNER)
    return meeting


def test_delegations_stand_in_groups_and_by_name(session: Session, four: Meeting) -> None:
    assert codes(session, four) == ["KH", "VN", "TH", "JP"]


def test_a_meeting_may_keep_all_delegations_in_one_group(session: Session, four: Meeting) -> None:
    four.order_groups = []
    assert codes(session, four) == ["KH", "JP", "TH", "VN"]


def test_the_order_may_begin_with_a_letter_drawn_by_lot(session: Session, four: Meeting) -> None:
    four.order_groups, four.order_first = [], "J"
    assert codes(session, four) == ["JP", "TH", "VN", "KH"]


def test_the_host_may_stand_last_whatever_the_letter(session: Session, now: datetime, four: Meeting) -> None:
    services.invite_party(
        session,
        actor=make.user(session),
        now=now,
        meeting=four,
        party=four.host_party,
        status=DelegationStatus.MEMBER,
    )
    four.order_groups, four.order_first, four.order_rule = [], "T", NameOrder.HOST_LAST
    assert codes(session, four) == ["TH", "VN", "KH", "JP", "KR"]


def test_a_party_has_one_delegation_at_a_meeting(session: Session, now: datetime, four: Meeting) -> None:
    row = queries.delegations(session, four)[0]
    with pytest.raises(Refused, match="delegation_exists"):
        services.invite_party(
            session,
            actor=make.user(session),
            now=now,
            meeting=four,
            party=row.party,
            status=DelegationStatus.MEMBER,
        )


def test_a_stale_edit_of_a_delegation_is_refused(session: Session, now: datetime, four: Meeting) -> None:
    row = queries.delegations(session, four)[0]

    def change(seen: int) -> None:
        services.change_delegation(
            session,
            row,
            actor=make.user(session),
            now=now,
            seen_version=seen,
            status=DelegationStatus.GUEST,
            state=DelegationState.CONFIRMED,
            teams=3,
            languages=["km", "en"],
        )

    change(1)
    assert (row.status, row.teams, row.languages, row.version) == (DelegationStatus.GUEST, 3, ["km", "en"], 2)
    with pytest.raises(StaleVersion):
        change(1)


def test_a_delegation_with_people_is_not_deleted(session: Session, now: datetime, four: Meeting) -> None:
    row = queries.delegations(session, four)[0]
    named(session, now, row, "Sok Dara")
    with pytest.raises(StillUsed) as caught:
        services.remove_delegation(session, row, actor=make.user(session), now=now)
    assert caught.value.used_by == ("delegate",)


def test_a_delegate_keeps_who_nominated_and_of_which_agency(session: Session, now: datetime, four: Meeting) -> None:
    row = queries.delegations(session, four)[0]
    person = named(session, now, row, "Sok Dara", email=" Sok@KH.example ")
    services.change_delegate(
        session,
        person,
        actor=make.user(session),
        now=now,
        seen_version=1,
        name="Sok Dara",
        latin_name=None,
        language="km",
        zone="Asia/Phnom_Penh",
        email="sok@kh.example",
        phone="+855 23 555-0101",
        grade="Colonel",
        capacity=Capacity.DEPUTY,
        printed_as=PrintedAs.INITIALS,
        agency=make.agency(session, row.party),
        nominated_by="General Commissariat",
        nominated_on=date(2026, 1, 10),
        arrives=wall(5, 8),
    )
    session.expire(person)
    assert person.agency is not None
    assert person.phone == "+855 23 555-0101"
    assert (person.agency.code, person.nominated_by, person.nominated_on) == (
        "POL",
        "General Commissariat",
        date(2026, 1, 10),
    )
    assert person.arrives_at is not None
    assert person.arrives_at.isoformat() == "2026-02-04T23:00:00+00:00"


@pytest.mark.parametrize(
    ("reason", "wrong"),
    [
        ("second_head", {"capacity": Capacity.HEAD_OF_DELEGATION}),
        ("delegate_email_taken", {"email": "HEAD@kh.example"}),
        ("unknown_zone", {"zone": "Mars/Olympus"}),
        ("unknown_language", {"language": "tlh"}),
        ("departs_before_arriving", {"arrives": wall(6, 9), "departs": wall(5, 9)}),
    ],
)
def test_a_delegate_that_cannot_be_is_refused(
    session: Session, now: datetime, four: Meeting, reason: str, wrong: dict[str, object]
) -> None:
    row = queries.delegations(session, four)[0]
    named(session, now, row, "Chea Vuthy", capacity=Capacity.HEAD_OF_DELEGATION, email="head@kh.example")
    with pytest.raises(Refused, match=reason):
        named(session, now, row, "Sok Dara", **wrong)


def test_the_address_of_somebody_who_left_is_refused_in_words_since_they_may_come_back(
    session: Session, now: datetime, four: Meeting
) -> None:
    row = queries.delegations(session, four)[0]
    named(session, now, row, "Chea Vuthy", email="head@kh.example").left_at = now
    with pytest.raises(Refused, match="delegate_email_taken"):
        named(session, now, row, "Sok Dara", email="head@kh.example")


def test_a_delegate_nobody_knows_of_is_deleted(session: Session, now: datetime, four: Meeting) -> None:
    row = queries.delegations(session, four)[0]
    person = named(session, now, row, "Sok Dara")
    services.remove_delegate(session, person, actor=make.user(session), now=now)
    assert session.get(Delegate, person.id) is None


def test_times_of_delegations_and_interpreters_are_kept_by_the_clock_of_the_venue(
    session: Session, now: datetime, four: Meeting
) -> None:
    row, interpreter = queries.delegations(session, four)[0], engaged(session, now, four)
    services.set_availability(session, row, [(wall(5, 9), wall(5, 12))], zone="Asia/Seoul")
    services.set_working_times(session, interpreter, [(wall(6, 13), wall(6, 18))], zone="Asia/Seoul")
    assert [span.starts_at.isoformat() for span in row.availability] == ["2026-02-05T00:00:00+00:00"]
    assert [span.ends_at.isoformat() for span in interpreter.hours] == ["2026-02-06T09:00:00+00:00"]
    with pytest.raises(Refused, match="hours_reversed"):
        services.set_working_times(session, interpreter, [(wall(6, 13), wall(6, 13))], zone="Asia/Seoul")


def test_an_interpreter_is_changed_and_deleted(session: Session, now: datetime, four: Meeting) -> None:
    row = engaged(session, now, four)
    services.change_interpreter(
        session,
        row,
        actor=make.user(session),
        now=now,
        seen_version=1,
        name="Chan Sophal",
        latin_name=None,
        pairs=["km-ko", "ko-zh-Hans"],
        modes=["whispered"],
        language="km",
        zone="Asia/Phnom_Penh",
        email=None,
        phone="+855 23 555-0102",
        longest_run_minutes=60,
        longest_day_minutes=None,
    )
    assert row.phone == "+855 23 555-0102"
    assert (row.pairs, row.language, row.zone) == (["km-ko", "ko-zh-Hans"], "km", "Asia/Phnom_Penh")
    services.remove_interpreter(session, row, actor=make.user(session), now=now)
    assert queries.interpreters(session, four) == []
