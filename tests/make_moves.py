"""Builders of moves and border sections, and the forms that describe groups, bases and moves."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from confmgr.outcomes import services
from confmgr.outcomes.models import BorderSection, Group, GroupBase, Move
from confmgr.sharing import services as sharing
from confmgr.sharing.domain import ItemKind, Tlp
from confmgr.values.words import Words
from tests.make_outcomes import base, group, item
from tests.make_scheduling import NOW, World, once

DOMAIN = "police.example"


def thai(here: World) -> dict[str, Any]:
    """What makes a record one of Thailand."""
    return {"originator": here.th.party, "author": here.head_th}


def thai_group(session: Session, here: World, tlp: Tlp = Tlp.GREEN, name: str = "หมาทอง") -> Group:
    own = item(session, here, ItemKind.GROUP, "TH-G1", tlp=tlp, **thai(here))
    return services.describe_group(session, own, name=Words.of(name))


def moved(
    session: Session, here: World, start: GroupBase, end: GroupBase | None = None, tlp: Tlp = Tlp.GREEN, **changes: Any
) -> Move:
    """Cambodia noticed it on 10 December."""
    values: dict[str, Any] = {"noticed_on": date(2025, 12, 10)}
    own = item(session, here, ItemKind.MOVE, f"KH-M-{start.id}-{tlp.value}", tlp=tlp)
    return services.notice_move(session, own, group=start.group, from_base=start, to_base=end, **(values | changes))


def border(session: Session, here: World, **changes: Any) -> BorderSection:
    """Between Cambodia and Thailand."""
    values: dict[str, Any] = {
        "name": Words.of("Poipet – Aranyaprathet"),
        "one_side": here.kh.party,
        "other_side": here.th.party,
        "coordinates": (13.66, 102.55),
    }
    return services.add_section(session, here.meeting.operation, actor=here.organiser, now=NOW, **(values | changes))


def fled(session: Session, here: World, section: BorderSection, tlp: Tlp = Tlp.GREEN) -> Move:
    """A group of Cambodia that went over a section, from Poipet to Aranyaprathet."""
    of = group(session, here, tlp=tlp)
    start = base(session, here, of, "Poipet", tlp, territory=here.kh.party, to_on=date(2025, 12, 4))
    end = base(session, here, of, "Aranyaprathet", tlp, territory=here.th.party)
    return moved(session, here, start, end, tlp, sections=[section])


def show(session: Session, here: World, *rows: Group | GroupBase | Move) -> None:
    """Let Thailand see AMBER records of Cambodia."""
    for row in rows:
        sharing.disclose(session, row.item, actor=here.head_kh, now=NOW, to_delegation=here.th)


def described(**changes: object) -> dict[str, object]:
    """The form of a group."""
    values: dict[str, object] = {
        "once": once(),
        "reference": "G-1",
        "meetings": ["seoul-2"],
        "name-en": "Golden Fox",
        "aliases": "황금여우\n GF \ngf",
        "tlp": "AMBER",
        "readers": ["TH"],
    }
    return values | changes


def located(**changes: object) -> dict[str, object]:
    """The form of a base."""
    values: dict[str, object] = {
        "once": once(),
        "name-en": "Poipet",
        "territory": "KH",
        "latitude": "13.66",
        "longitude": "102.56",
        "from_on": "2025-09-01",
        "to_on": "2025-12-04",
        "confidence": "confirmed",
        "tlp": "GREEN",
    }
    return values | changes


def noticed(start: GroupBase, **changes: object) -> dict[str, object]:
    """The form of a move from a base to nobody knows where."""
    values: dict[str, object] = {
        "once": once(),
        "from_base": str(start.item.uuid),
        "to_base": "",
        "noticed_on": "2025-12-10",
        "driver": "crackdown",
        "confidence": "reported",
        "tlp": "GREEN",
    }
    return values | changes
