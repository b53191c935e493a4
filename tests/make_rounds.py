"""Builders of reporting rounds and of the returns that parties send."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.delegations.models import Delegation
from confmgr.meetings.domain import Role
from confmgr.outcomes import services
from confmgr.outcomes.domain import AnswerKind, Publishing
from confmgr.outcomes.models import ReportingRound, RoundReturn
from confmgr.outcomes.returns import Said
from confmgr.outcomes.services import Texts
from confmgr.parties.models import Party
from confmgr.values.words import Words
from tests import make
from tests.make_scheduling import NOW, World

WINTER = (date(2025, 12, 1), date(2026, 1, 10))
DUE = (datetime(2026, 1, 20, 17, 0), "Asia/Seoul")  # noqa: DTZ001  # a wall time
SIGNED = {"compiled_by": "Maj. Sok", "released_by": "General Commissariat"}


def round_(session: Session, here: World, **changes: Any) -> ReportingRound:
    """Cambodia and Thailand are asked for arrests, persons held and assets seized in the winter."""
    values: dict[str, Any] = {
        "title": Words.of("Winter round"),
        "period": WINTER,
        "measures": ["arrested", "held", "seized"],
        "parties": [here.kh.party, here.th.party],
        "due": DUE,
    }
    wanted = services.Wanted(**(values | changes))
    return services.open_round(session, here.meeting, wanted, actor=here.organiser, now=NOW)


def of(round_: ReportingRound, party: Party | Delegation) -> RoundReturn:
    """A party's return."""
    ident = party.party_id if isinstance(party, Delegation) else party.id
    return next(row for row in round_.returns if row.party_id == ident)


def value(measure: str, low: int, high: int | None = None, currency: str | None = None, **changes: Any) -> Said:
    return Said(measure, AnswerKind.VALUE, Decimal(low), Decimal(low if high is None else high), currency, **changes)


def nil(measure: str) -> Said:
    return Said(measure, AnswerKind.NIL)


def saved(
    session: Session, row: RoundReturn, actor: User, *answers: Said, now: datetime = NOW, **texts: Any
) -> RoundReturn:
    services.save_return(
        session,
        row,
        actor=actor,
        now=now,
        seen_version=row.version,
        answers=answers,
        texts=Texts(**(SIGNED | {"publishing": Publishing.ALLOWED} | texts)),
    )
    return row


def handed_in(
    session: Session, row: RoundReturn, actor: User, *answers: Said, now: datetime = NOW, **texts: Any
) -> RoundReturn:
    saved(session, row, actor, *answers, now=now, **texts)
    services.submit_return(session, row, actor=actor, now=now)
    return row


def accepted(
    session: Session, row: RoundReturn, actor: User, organiser: User, *answers: Said, now: datetime = NOW, **texts: Any
) -> RoundReturn:
    handed_in(session, row, actor, *answers, now=now, **texts)
    services.accept_return(session, row, actor=organiser, now=now, seen_version=row.version)
    return row


def heads(session: Session, here: World, codes: Sequence[str]) -> dict[str, tuple[Delegation, User]]:
    """More delegations at the meeting, with a head each."""
    found = {}
    for code in codes:
        delegation = make.delegation(session, here.meeting, code)
        head = make.user(session, f"Head of {code}")
        make.membership(session, here.meeting, head, Role.HEAD, of_delegation=delegation)
        found[code] = (delegation, head)
    return found
