"""Parties, agencies, alliances and operations, on both databases."""

from datetime import date, datetime

import pytest
from sqlalchemy.orm import Session

from confmgr.errors import Refused, StaleVersion, StillUsed
from confmgr.parties import queries, services
from confmgr.parties.domain import OperationPhase, PartyKind
from confmgr.parties.models import Party
from confmgr.parties.removing import remove_party
from confmgr.values.words import Words
from tests import make


def added(session: Session, now: datetime, code: str = "KH") -> Party:
    return services.add_party(
        session,
        actor=make.user(session),
        now=now,
        code=code,
        kind=PartyKind.STATE,
        short_name=Words.of("Cambodia"),
        long_name=Words.of("Kingdom of Cambodia"),
    )


def test_documents_call_a_party_by_its_code_until_its_names_are_approved(session: Session, now: datetime) -> None:
    row = added(session, now)
    assert (row.printed_name.text("en"), row.printed_long_name.text("en")) == ("KH", "KH")
    services.approve_names(session, row, actor=make.user(session), now=now)
    assert (row.printed_name.text("en"), row.printed_long_name.text("en")) == ("Cambodia", "Kingdom of Cambodia")


def test_changed_names_are_approved_again(session: Session, now: datetime) -> None:
    row = added(session, now)
    services.approve_names(session, row, actor=make.user(session), now=now)

    def change(seen: int) -> None:
        services.change_party(
            session,
            row,
            actor=make.user(session),
            now=now,
            seen_version=seen,
            kind=PartyKind.STATE,
            short_name=Words.of("Kampuchea"),
            long_name=None,
        )

    change(row.version)
    assert (row.names_approved_at, row.printed_name.text("en")) == (None, "KH")
    with pytest.raises(StaleVersion):
        change(1)


@pytest.mark.parametrize(("code", "reason"), [("KH", "party_code_taken"), ("kh!", "party_code_malformed")])
def test_a_code_that_cannot_be_is_refused(session: Session, now: datetime, code: str, reason: str) -> None:
    added(session, now)
    with pytest.raises(Refused, match=reason):
        added(session, now, code)


def test_a_party_on_which_something_rests_is_not_deleted(session: Session, now: datetime) -> None:
    row, actor = added(session, now), make.user(session)
    agency = services.add_agency(session, party=row, code="GCNP", name=Words.of("National Police"))
    with pytest.raises(StillUsed) as caught:
        remove_party(session, row, actor=actor, now=now)
    assert caught.value.used_by == ("agency",)
    session.delete(agency)
    session.flush()
    session.expire(row)
    remove_party(session, row, actor=actor, now=now)
    assert queries.party_by_code(session, "KH") is None


def test_an_agency_has_its_code_once_in_its_party(session: Session, now: datetime) -> None:
    row = added(session, now)
    services.add_agency(session, party=row, code="GCNP", name=Words.of("National Police"))
    with pytest.raises(Refused, match="agency_code_taken"):
        services.add_agency(session, party=row, code="GCNP", name=Words.of("Another"))


def test_an_operation_is_founded_and_changed(session: Session, now: datetime) -> None:
    actor = make.user(session)
    found = services.found_operation(
        session,
        actor=actor,
        now=now,
        code="breaking-chains",
        name=Words.of("Breaking Chains"),
        lead_party=added(session, now),
        starts_on=date(2025, 10, 1),
    )
    services.change_operation(
        session,
        found,
        actor=actor,
        now=now,
        seen_version=1,
        name=Words.of("Breaking Chains II"),
        purpose=None,
        phase=OperationPhase.OPERATIONAL,
    )
    again = queries.get_operation(session, "breaking-chains")
    assert (again.name.text("en"), again.phase) == ("Breaking Chains II", OperationPhase.OPERATIONAL)


def test_founding_members_joined_on_the_day_an_alliance_was_founded(session: Session, now: datetime) -> None:
    member = added(session, now)
    alliance = services.found_alliance(
        session,
        operation=make.operation(session),
        name=Words.of("International Investigative Cooperation Alliance"),
        founded_on=date(2025, 10, 23),
        members=[member],
        source="R1",
    )
    session.expire(alliance)
    assert [(row.party.code, row.joined_on, row.left_on) for row in alliance.members] == [
        ("KH", date(2025, 10, 23), None)
    ]
