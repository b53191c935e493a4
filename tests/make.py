"""Typed builders: every default boring and visible. Rooms add their own in `make_<room>.py`."""

import itertools
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from typing import TypeVar

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.accounts.models import SignIn, User
from confmgr.delegations.domain import Capacity, DelegationState, DelegationStatus
from confmgr.delegations.models import Delegate, Delegation, Interpreter
from confmgr.meetings.domain import PlaceKind, Role
from confmgr.meetings.models import Meeting, MeetingDay, Membership, Place
from confmgr.parties.domain import PartyKind
from confmgr.parties.models import Agency, Operation, Party
from confmgr.values.words import Words

EARLIER = datetime(2025, 12, 1, tzinfo=UTC)
NAMES = {
    "KR": "Republic of Korea",
    "KH": "Cambodia",
    "TH": "Thailand",
    "JP": "Japan",
    "VN": "Viet Nam",
    "LA": "Lao PDR",
}
_numbers = itertools.count(1)
Row = TypeVar("Row")
AT_ONCE = "builders save at once"


def saved(session: Session, row: Row) -> Row:
    session.add(row)
    if not session.info.get(AT_ONCE):
        session.flush()
    return row


@contextmanager
def at_once(session: Session) -> Iterator[None]:
    """Rows that need no number of each other are saved in one flush at the end."""
    session.info[AT_ONCE] = True
    try:
        yield
    finally:
        del session.info[AT_ONCE]
    session.flush()


def user(session: Session, name: str = "Secretariat", **changes: object) -> User:
    number = next(_numbers)
    values: dict[str, object] = {
        "name": name,
        "email": f"user{number}@police.example",
        "active": True,
        "fs_uniquifier": secrets.token_hex(16),
        "created_at": EARLIER,
        "language": "en",
        "zone": "Asia/Seoul",
    }
    return saved(session, User(**(values | changes)))


def sign_in(client: FlaskClient, session: Session, who: User) -> None:
    """Sign somebody in without the form; commits."""
    token = secrets.token_urlsafe(16)
    session.add(SignIn(token=token, user_id=who.id, started_at=EARLIER, last_seen_at=EARLIER, client="test"))
    session.commit()
    with client.session_transaction() as browser:
        browser["sign_in"] = token
        browser["_user_id"] = who.fs_uniquifier
        browser["_fresh"] = True


def party(session: Session, code: str = "KR", kind: PartyKind = PartyKind.STATE) -> Party:
    return saved(
        session,
        Party(code=code, kind=kind, short_name=Words.of(NAMES.get(code, code)), names_approved_at=EARLIER),
    )


def agency(session: Session, of: Party, code: str = "POL") -> Agency:
    return saved(session, Agency(party_id=of.id, code=code, name=Words.of(f"Police of {of.code}")))


def operation(session: Session, lead: Party | None = None, code: str = "breaking-chains") -> Operation:
    lead = lead or party(session)
    return saved(
        session,
        Operation(code=code, name=Words.of("Breaking Chains"), lead_party_id=lead.id, starts_on=date(2025, 10, 1)),
    )


def meeting(
    session: Session, of: Operation | None = None, *, slug: str = "seoul-2", number: int = 2, days: int = 2
) -> Meeting:
    of = of or operation(session)
    row = saved(
        session,
        Meeting(
            operation_id=of.id,
            slug=slug,
            number=number,
            title=Words.of("2nd International Joint Operation Meeting"),
            venue=Words.of("KNPA headquarters, Seoul"),
            zone="Asia/Seoul",
            starts_on=date(2026, 2, 5),
            ends_on=date(2026, 2, 4 + days),
            languages=["en", "ko"],
            host_party_id=of.lead_party_id,
            green_for=[DelegationStatus.MEMBER.value, DelegationStatus.PARTNER.value],
        ),
    )
    for n in range(days):
        session.add(MeetingDay(meeting_id=row.id, day=date(2026, 2, 5 + n), opens=time(9), closes=time(18)))
    session.flush()
    return row


def delegation(
    session: Session,
    of: Meeting,
    code: str = "KH",
    *,
    of_party: Party | None = None,
    status: DelegationStatus = DelegationStatus.MEMBER,
    teams: int = 1,
) -> Delegation:
    who = of_party or party(session, code)
    return saved(
        session,
        Delegation(
            meeting_id=of.id,
            party_id=who.id,
            status=status,
            state=DelegationState.CONFIRMED,
            teams=teams,
            languages=["en"],
        ),
    )


def delegate(
    session: Session,
    of: Delegation,
    name: str = "Sok Dara",
    *,
    capacity: Capacity = Capacity.DELEGATE,
    account: User | None = None,
    language: str = "en",
    zone: str = "Asia/Phnom_Penh",
) -> Delegate:
    number = next(_numbers)
    return saved(
        session,
        Delegate(
            delegation_id=of.id,
            name=name,
            latin_name=name,
            name_language=language,
            email=f"delegate{number}@police.example",
            language=language,
            zone=zone,
            capacity=capacity,
            user_id=None if account is None else account.id,
        ),
    )


def place(
    session: Session, of: Meeting, code: str = "T1", *, seats: int = 8, kind: PlaceKind = PlaceKind.TABLE
) -> Place:
    return saved(session, Place(meeting_id=of.id, code=code, name=Words.of(f"Place {code}"), kind=kind, seats=seats))


def interpreter(session: Session, of: Meeting, name: str = "Chea Vanna", *pairs: str) -> Interpreter:
    return saved(
        session,
        Interpreter(
            meeting_id=of.id,
            name=name,
            latin_name=name,
            name_language="km",
            email=f"interpreter{next(_numbers)}@police.example",
            language="en",
            zone="Asia/Seoul",
            pairs=list(pairs or ("km-ko",)),
            modes=["consecutive"],
        ),
    )


def membership(
    session: Session,
    of: Meeting,
    who: User,
    role: Role = Role.ORGANISER,
    *,
    of_delegation: Delegation | None = None,
    of_agency: Agency | None = None,
) -> Membership:
    return saved(
        session,
        Membership(
            meeting_id=of.id,
            user_id=who.id,
            role=role,
            delegation_id=None if of_delegation is None else of_delegation.id,
            agency_id=None if of_agency is None else of_agency.id,
            starts_at=EARLIER,
        ),
    )
