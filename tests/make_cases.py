"""Builders of cases and leads, through the services that a delegation uses."""

import re
from datetime import datetime
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from confmgr.accounts.models import User
from confmgr.cases import services
from confmgr.cases.domain import CrimeType, LeadKind
from confmgr.cases.models import Case, Lead
from confmgr.delegations.models import Delegation
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Membership
from confmgr.parties.models import Party
from confmgr.sharing.domain import Tlp
from confmgr.values.words import Words
from tests.make_scheduling import NOW, World, as_, once


def head(session: Session, here: World, party: Party) -> User:
    """The first head of a party's delegation at the meeting."""
    rows = session.scalars(
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .join(Delegation, Delegation.id == Membership.delegation_id)
        .where(Delegation.party_id == party.id, Membership.meeting_id == here.meeting.id, Membership.role == Role.HEAD)
        .order_by(Membership.id)
    )
    return rows.all()[0]


def case(session: Session, here: World, reference: str = "KH-01", **changes: Any) -> Case:
    """A case of Cambodia, AMBER, read by nobody else until it is disclosed."""
    values: dict[str, Any] = {
        "meeting": here.meeting,
        "originator": here.kh.party,
        "reference": reference,
        "title": Words.of("Voice phishing ring in Sihanoukville"),
        "summary": Words.of("Forty callers work in three houses."),
        "neutral_title": Words.of("A fraud case"),
        "crime_types": [CrimeType.VOICE_PHISHING],
        "concerned": [here.th.party],
        "tlp": Tlp.AMBER,
    }
    values |= changes
    return services.nominate_case(session, now=NOW, **({"actor": head(session, here, values["originator"])} | values))


def lead(session: Session, here: World, of: Case, reference: str = "KH-L1", **changes: Any) -> Lead:
    """A draft lead of Cambodia on a case."""
    values: dict[str, Any] = {
        "originator": here.kh.party,
        "operation": here.meeting.operation,
        "reference": reference,
        "kind": LeadKind.TELEPHONE,
        "title": Words.of("A number in Phnom Penh"),
        "body": Words.of("It called two hundred victims."),
        "tlp": Tlp.AMBER,
        "meeting": here.meeting,
    }
    values |= changes
    by = {"actor": head(session, here, values["originator"])}
    return services.create_lead(session, now=NOW, case=of, **(by | values))


def shared_lead(
    session: Session, here: World, of: Case, reference: str = "KH-L1", now: datetime = NOW, **changes: Any
) -> Lead:
    """A lead that Thailand has."""
    row = lead(session, here, of, reference, **changes)
    services.share_lead(session, row, actor=here.head_kh, now=now, to=[here.th])
    return row


def without_tokens(page: bytes) -> bytes:
    """A page without what is new at every reading: the tokens of its forms, and a reference that one proposes."""
    return re.sub(rb'<input[^>]*name="(csrf_token|once|reference)"[^>]*>|<meta name="csrf-token"[^>]*>', b"", page)


def shown(client: FlaskClient, page: str) -> str:
    """What a page says that opens: a page that does not says nothing, either."""
    answer = client.get(page)
    assert answer.status_code == 200
    return answer.text


def seen(client: FlaskClient, page: str, field: str = "seen") -> str:
    """What the form on a page says its reader had before the eyes."""
    found = re.search(rf'name="{field}"(?: type="hidden")? value="([^"]*)"', client.get(page).text)
    assert found is not None
    return found[1]


def send(client: FlaskClient, page: str, *, follow: bool = False, **data: Any) -> TestResponse:
    """The form of a page, sent by somebody who has just opened it."""
    return client.post(page, data={"once": once(), "seen": seen(client, page), **data}, follow_redirects=follow)


def withdraw(client: FlaskClient, address: str) -> TestResponse:
    """The button on the page that says how long a case or lead is kept."""
    return client.post(f"{address}/withdraw", data={"seen": seen(client, f"{address}/keep")})


def confirmed_marking(client: FlaskClient, session: Session, second: User, address: str) -> None:
    """The second person confirms on the page of a RED item what waits there, and stays signed in."""
    as_(client, session, second)
    found = re.search(r'name="seen" value="([^"]+)"', client.get(address).text)
    assert found is not None
    assert client.post(f"{address}/marking/confirm", data={"seen": found[1]}).status_code == 302
