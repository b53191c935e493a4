"""Builders of meeting requests and sessions, and the small meeting that most tests of the schedule stand in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.delegations.domain import Capacity
from confmgr.delegations.models import Delegate, Delegation, Interpreter
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Meeting, Place
from confmgr.scheduling import services
from confmgr.scheduling.domain import SessionKind
from confmgr.scheduling.models import MeetingRequest, MeetingSession
from tests import make

NOW = datetime.fromisoformat("2026-01-15T03:00:00+00:00")
TEN = datetime(2026, 2, 5, 10, 0)  # noqa: DTZ001  # a wall time of the venue
ELEVEN = datetime(2026, 2, 5, 11, 0)  # noqa: DTZ001


@dataclass(frozen=True)
class World:
    """A meeting in Seoul with an organiser, Cambodia and Thailand with a head each, and two tables."""

    meeting: Meeting
    organiser: User
    kh: Delegation
    th: Delegation
    head_kh: User
    head_th: User
    delegate_kh: Delegate
    delegate_th: Delegate
    t1: Place
    t2: Place


def world(session: Session, *, slug: str = "seoul-2", days: int = 2) -> World:
    with make.at_once(session):
        of_kr, of_kh, of_th = (make.party(session, code) for code in ("KR", "KH", "TH"))
        organiser, head_kh, head_th = (make.user(session, name) for name in ("Secretariat", "Sok Dara", "Somchai Wong"))
    meeting = make.meeting(session, make.operation(session, of_kr), slug=slug, days=days)
    with make.at_once(session):
        kh, th = (make.delegation(session, meeting, of_party=party) for party in (of_kh, of_th))
    head = Capacity.HEAD_OF_DELEGATION
    with make.at_once(session):
        make.membership(session, meeting, organiser)
        make.membership(session, meeting, head_kh, Role.HEAD, of_delegation=kh)
        make.membership(session, meeting, head_th, Role.HEAD, of_delegation=th)
        delegate_kh = make.delegate(session, kh, "Sok Dara", capacity=head, account=head_kh)
        delegate_th = make.delegate(session, th, "Somchai Wong", capacity=head, account=head_th)
        t1, t2 = (make.place(session, meeting, code) for code in ("T1", "T2"))
    return World(meeting, organiser, kh, th, head_kh, head_th, delegate_kh, delegate_th, t1, t2)


def request(session: Session, here: World, **changes: Any) -> MeetingRequest:
    """Cambodia asks Thailand for 40 minutes."""
    values: dict[str, Any] = {"asking": here.kh, "asked": [here.th], "minutes": 40}
    return services.ask_meeting(session, actor=here.organiser, now=NOW, **(values | changes))


def bilateral(session: Session, here: World, **changes: Any) -> MeetingSession:
    """Cambodia and Thailand at table T1 on Thursday at 10:00, for 40 minutes."""
    values: dict[str, Any] = {
        "meeting": here.meeting,
        "kind": SessionKind.BILATERAL,
        "starts": TEN,
        "minutes": 40,
        "place": here.t1,
        "delegations": [here.kh, here.th],
    }
    return services.create_session(session, actor=here.organiser, now=NOW, **(values | changes))


def move(
    session: Session, here: World, row: MeetingSession, starts: datetime | None = ELEVEN, **changes: Any
) -> MeetingSession:
    """The session at eleven, at its place, whatever stands in the way."""
    values: dict[str, Any] = {
        "actor": here.organiser,
        "now": NOW,
        "meeting": here.meeting,
        "seen_version": row.version,
        "starts": starts,
        "place": row.place,
        "anyway": True,
    }
    services.place_session(session, row, **(values | changes))
    return row


def break_(session: Session, here: World, starts: datetime, minutes: int = 40) -> MeetingSession:
    return services.create_session(
        session,
        actor=here.organiser,
        now=NOW,
        meeting=here.meeting,
        kind=SessionKind.BREAK,
        starts=starts,
        minutes=minutes,
        everybody=True,
    )


def interpreter(session: Session, here: World, pair: str = "km-th") -> Interpreter:
    return make.interpreter(session, here.meeting, "Chea Vanna", pair)


def as_(client: FlaskClient, session: Session, who: User) -> FlaskClient:
    """The client, signed in as somebody; commits."""
    make.sign_in(client, session, who)
    return client


def once(number: int = 1) -> str:
    """A token of a form that has not been sent yet."""
    return f"form-{number:04}"
