"""Builders of questions to originators."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.delegations.models import Delegation
from confmgr.meetings.domain import Role
from confmgr.sharing import services
from confmgr.sharing.domain import ConsentKind, ConsentState
from confmgr.sharing.models import ConsentRequest, Item
from confmgr.sharing.services import Answer, Target, Wanted
from tests import make
from tests.make_scheduling import NOW, World

YES, NO = Answer(ConsentState.GRANTED), Answer(ConsentState.REFUSED, "Not yet")


def colleague(
    session: Session, here: World, of: Delegation, name: str, role: Role = Role.DELEGATE, **more: Any
) -> User:
    """Somebody else who sits for a delegation."""
    person = make.user(session, name)
    make.membership(session, here.meeting, person, role, of_delegation=of, **more)
    return person


def japan(session: Session, here: World) -> tuple[Delegation, User]:
    """A third delegation, with its head."""
    jp = make.delegation(session, here.meeting, "JP")
    return jp, colleague(session, here, jp, "Sato Aoi", Role.HEAD)


def asked(
    session: Session,
    here: World,
    item: Item,
    *,
    kind: ConsentKind = ConsentKind.ONWARD,
    by: User | None = None,
    of: Delegation | None = None,
    now: datetime = NOW,
    to_delegation: Delegation | None = None,
    to_user: User | None = None,
    **wanted: Any,
) -> ConsentRequest:
    """Thailand asks Cambodia something about an item that it may read."""
    return services.ask(
        session,
        item,
        Wanted(kind, "Two of the suspects are in Osaka.", Target(to_delegation, user=to_user), **wanted),
        actor=by or here.head_th,
        now=now,
        delegation=of or here.th,
    )


def answered(session: Session, row: ConsentRequest, by: User, given: Answer = YES, now: datetime = NOW) -> None:
    services.answer(session, row, given, actor=by, now=now, seen_version=row.version)


def seconded(session: Session, second: User) -> None:
    """A second person of the originator agrees to everything that waits for one."""
    waiting = select(ConsentRequest).where(
        ConsentRequest.state == ConsentState.OPEN, ConsentRequest.decision.is_not(None)
    )
    for row in session.scalars(waiting).all():
        services.confirm(session, row, actor=second, now=NOW, seen_version=row.version, agrees=True)
