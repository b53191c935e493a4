"""Builders of outcomes, through the services that a delegation uses."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.outcomes import services
from confmgr.outcomes.domain import JointActionKind, RequestedAction
from confmgr.outcomes.measures import Nature, Unit
from confmgr.outcomes.models import (
    ActionRequest,
    Figure,
    Group,
    GroupBase,
    Indicator,
    JointAction,
    OwnMeasure,
    Source,
    TaskForce,
)
from confmgr.parties.domain import ContactChannel
from confmgr.parties.models import Agency, Contact, Party
from confmgr.sharing import services as sharing
from confmgr.sharing.domain import ItemKind, ItemState, Tlp
from confmgr.sharing.models import Item
from confmgr.values.words import Words
from tests import make
from tests.make_scheduling import NOW, World

DECEMBER = (date(2025, 12, 1), date(2025, 12, 31))


def item(session: Session, here: World, kind: ItemKind, reference: str, **changes: Any) -> Item:
    """An item of Cambodia, shared, AMBER."""
    values: dict[str, Any] = {
        "originator": here.kh.party,
        "author": here.head_kh,
        "tlp": Tlp.AMBER,
        "meetings": [here.meeting],
        "state": ItemState.SHARED,
    }
    return sharing.create_item(
        session,
        kind=kind,
        operation=here.meeting.operation,
        reference=reference,
        now=NOW,
        **(values | changes),
    )


def source(session: Session, here: World, code: str = "R1") -> Source:
    found = session.scalar(select(Source).where(Source.code == code))
    return found or services.add_source(session, here.meeting.operation, code=code, title=Words.of(f"Report {code}"))


def own_measure(session: Session, here: World, code: str = "bus-raids", **changes: Any) -> OwnMeasure:
    """A measure that the operation added to the standard table."""
    values: dict[str, Any] = {
        "name": Words.of({"en": "Buses searched", "ko": "수색한 버스"}),
        "definition": Words.of("Long-distance buses, each time."),
        "unit": Unit.ITEMS,
        "nature": Nature.FLOW,
    }
    return services.add_own_measure(
        session, here.meeting.operation, code=code, actor=here.organiser, now=NOW, **(values | changes)
    )


def figure(session: Session, here: World, code: str = "poipet", low: int = 15, **changes: Any) -> Figure:
    """People arrested in December, stated by the head of Cambodia's delegation."""
    values: dict[str, Any] = {
        "actor": here.head_kh,
        "owner": here.kh.party,
        "measure": "arrested",
        "period": DECEMBER,
        "as_of": date(2026, 1, 10),
    }
    return services.state_figure(
        session,
        now=NOW,
        operation=here.meeting.operation,
        code=code,
        low=Decimal(low),
        source=changes.pop("source", None) or source(session, here),
        **(values | changes),
    )


def request(session: Session, here: World, reference: str = "KH-R1", **changes: Any) -> ActionRequest:
    """Cambodia asks Thailand to find out who somebody is; Thailand sees it."""
    marked = {name: changes.pop(name) for name in ("tlp", "named_readers") if name in changes}
    own = item(session, here, ItemKind.ACTION_REQUEST, reference, **marked)
    values: dict[str, Any] = {
        "kind": RequestedAction.IDENTIFICATION,
        "asked": here.th.party,
        "text": Words.of("Who rents the villa?"),
        "asked_on": NOW.date(),
        "meeting": here.meeting,
    }
    row = services.ask_action(session, own, actor=here.head_kh, now=NOW, **(values | changes))
    if own.marking.tlp is Tlp.AMBER:
        sharing.disclose(session, own, actor=here.head_kh, now=NOW, to_delegation=here.th)
    return row


def action(session: Session, here: World, reference: str = "KH-A1", **changes: Any) -> JointAction:
    """A raid of Cambodia, planned; AMBER unless it says otherwise."""
    marked = {name: changes.pop(name) for name in ("tlp", "named_readers") if name in changes}
    values: dict[str, Any] = {"kind": JointActionKind.RAID, "title": Words.of("Raid of the blue villa")}
    return services.plan_action(
        session, item(session, here, ItemKind.JOINT_ACTION, reference, **marked), **(values | changes)
    )


def carried_out(session: Session, here: World, reference: str = "KH-A1", **changes: Any) -> JointAction:
    row = action(session, here, reference, **changes)
    services.carry_out(session, row, actor=here.head_kh, now=NOW, on=date(2025, 12, 4))
    return row


def group(session: Session, here: World, reference: str = "KH-G1", tlp: Tlp = Tlp.GREEN) -> Group:
    return services.describe_group(
        session, item(session, here, ItemKind.GROUP, reference, tlp=tlp), name=Words.of("Golden Fox")
    )


def base(session: Session, here: World, of: Group, name: str, tlp: Tlp = Tlp.GREEN, **changes: Any) -> GroupBase:
    own = item(session, here, ItemKind.BASE, f"KH-B-{name}", tlp=tlp)
    return services.locate_base(session, own, group=of, name=Words.of(name), **changes)


def indicator(session: Session, here: World, code: str = "missing", *values: tuple[int, int, str]) -> Indicator:
    """Missing persons by month of 2025: 93 in October, said by R1; or each (month, value, source)."""
    found = services.add_indicator(
        session, here.meeting.operation, code=code, name=Words.of("Missing persons"), unit="persons"
    )
    for month, value, of in values or ((10, 93, "R1"),):
        services.add_value(
            session,
            found,
            at_on=date(2025, month, 1),
            value=Decimal(value),
            source=source(session, here, of),
            month_only=True,
        )
    return found


def contact(session: Session, here: World, of: Party | None = None, **changes: Any) -> Contact:
    """The fraud desk of a party, Cambodia if no other is named; its head has entered it."""
    party = of or here.kh.party
    agency = session.scalar(select(Agency).where(Agency.party_id == party.id, Agency.code == "CYB"))
    values: dict[str, Any] = {
        "subject": Words.of("Online fraud desk"),
        "holder": "Head of the desk",
        "channels": {ContactChannel.TELEPHONE: "+855 23 555 0100"},
    }
    post = services.Post(agency or make.agency(session, party, "CYB"), **(values | changes))
    return services.add_contact(session, post, actor=here.head_kh, now=NOW)


def task_force(session: Session, here: World, reference: str = "KH-T1", **changes: Any) -> TaskForce:
    """A task force of Cambodia, since the November before the meeting; AMBER unless it says otherwise."""
    marked = {name: changes.pop(name) for name in ("tlp", "named_readers") if name in changes}
    own = item(session, here, ItemKind.TASK_FORCE, reference, **marked)
    values: dict[str, Any] = {"name": Words.of("Villa"), "starts_on": date(2025, 11, 10), "parties": [here.kh.party]}
    return services.form_task_force(session, own, **(values | changes))
