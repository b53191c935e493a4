"""What views of groups, bases, moves and borders share: their forms made ready, their drawings, whom to tell."""

import uuid as uuids
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.config import Settings
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.outcomes import queries, services
from confmgr.outcomes.chains import Node
from confmgr.outcomes.domain import FigureKind, FigureStatus
from confmgr.outcomes.drawings import Map, TimeLine, dot_map, time_line
from confmgr.outcomes.forms.groups import MARKINGS, BaseForm, GroupForm, MarkedForm, MoveForm, SectionForm
from confmgr.outcomes.models import BorderSection, Figure, Group, GroupBase, JointAction, Move
from confmgr.outcomes.moving import Whole
from confmgr.outcomes.queries import Facts
from confmgr.outcomes.routes.blueprint import bp, meetings_of
from confmgr.parties.models import Operation, Party
from confmgr.sharing import services as items
from confmgr.sharing.domain import ItemKind, ItemState
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Viewer
from confmgr.web import formats, labels
from confmgr.web.db import session

SIGNS = ("base", "base_reported", "move", "move_reported", "nowhere", "border")


@bp.app_template_global()
def map_of(bases: Sequence[GroupBase], moves: Sequence[Move], sections: Sequence[BorderSection] = ()) -> Map | None:
    """The map in the reader's language."""
    legend = {kind: labels.term(kind, "sign") for kind in SIGNS}
    return dot_map(bases, moves, formats.plain_words, legend, sections)


def line_of(
    operation: Operation,
    viewer: Viewer,
    bases: Sequence[GroupBase],
    moves: Sequence[Move],
    actions: Iterable[JointAction],
) -> TimeLine | None:
    """The time line, with the meetings that the viewer was at."""
    return time_line(bases, moves, actions, meetings_of(operation, viewer))


def arrested(facts: Facts) -> dict[int, Figure]:
    """The figure of those arrested in each joint action."""
    return {
        figure.joint_action_id: figure
        for figure in facts.figures
        if figure.joint_action_id is not None
        and figure.measure == "arrested"
        and figure.kind is FigureKind.RECORDED
        and figure.status is not FigureStatus.SUPERSEDED
    }


def whole_of(operation: Operation, viewer: Viewer, group: Group, now: datetime) -> Whole:
    """All that the viewer may know of the group of a record; of a withdrawn one its names alone."""
    for whole in queries.wholes(session(), operation, viewer, now):
        if group.id in {record.id for record in whole.records}:
            return whole
    return Whole(group, (group,), tuple(group.aliases), (), ())


def bases_of(whole: Whole) -> list[GroupBase]:
    """The bases of a group, and those at the other end of its moves."""
    ends = [base for move in whole.moves for base in (move.from_base, move.to_base) if base is not None]
    return list({base.id: base for base in (*whole.bases, *ends)}.values())


def reached(item: Item) -> list[str]:
    """Codes of the parties whose delegations an item reaches by name."""
    return [party.code for party in queries.named_parties(session(), item, clock.now())]


def offer(form: MarkedForm, meeting_ids: Iterable[int], party: int, item: Item | None, actor: User) -> None:
    """Whom a record may be shown to; who is not its author does not mark it."""
    if item is not None and (item.author_id != actor.id or item.marking.tlp not in MARKINGS):
        form.without_marking()
        return
    found = queries.may_be_told(session(), meeting_ids, but=party)
    form.readers.choices = [(row.code, formats.code_and_name(row.code, row.short_name)) for row in found]


def marked(item: Item) -> dict[str, Any]:
    """What a form says of a record's marking."""
    return {"tlp": item.marking.tlp.value, "readers": reached(item)}


def marked_like(group: Group, party: Party) -> dict[str, Any]:
    """What the form of a new record says: as its group is marked. Whom else a group reached only its party knows."""
    own = group.item.originator_id == party.id
    return marked(group.item) | ({} if own else {"readers": [group.item.originator.code]})


def stored(row: GroupBase | Move | BorderSection, *names: str) -> dict[str, Any]:
    """Fields of a row that a form names alike."""
    return {name: getattr(row, name) for name in (*names, "note", "version")}


def mark(current: Session, form: MarkedForm, row: Group | GroupBase | Move, actor: User, now: datetime) -> None:
    """Give a record the marking and the readers of a form that has them."""
    if "tlp" in form:
        chosen = queries.delegations_of(current, row.item, form.readers.data or ())
        services.mark_record(current, row, actor=actor, now=now, tlp=form.marking, readers=chosen)


def new_item(
    current: Session,
    kind: ItemKind,
    group: Group,
    viewer: Viewer,
    actor: User,
    party: Party,
    form: BaseForm | MoveForm,
    now: datetime,
) -> Item:
    """The item of a base or move, at those meetings of its group where the author is; its reference counts nothing."""
    operation = group.item.operation
    at = {link.meeting_id for link in group.item.meetings}
    return items.create_item(
        current,
        kind=kind,
        operation=operation,
        originator=party,
        author=actor,
        reference=f"{kind.value[0].upper()}-{uuids.uuid4().hex[:12]}",
        tlp=form.marking,
        now=now,
        meetings=[row for row in meetings_of(operation, viewer) if row.id in at],
        state=ItemState.SHARED,
    )


def place_of(form: BaseForm | SectionForm) -> tuple[float, float] | None:
    """Degrees north and east, or nothing.

    Raises:
        Refused: One without the other.
    """
    north, east = form.latitude.data, form.longitude.data
    if north is None and east is None:
        return None
    if north is None or east is None:
        raise Refused("half_a_place", field="latitude" if north is None else "longitude")
    return north, east


def lines(form: GroupForm) -> list[str]:
    """Other names, one a line."""
    return str(form.aliases.data or "").splitlines()


def base_choices(bases: Iterable[GroupBase], *, unknown: bool = False) -> list[tuple[str, str]]:
    """Bases as choices, by uuid; `unknown`: first that the place is not known."""
    found = [(str(base.item.uuid), formats.plain_words(base.name)) for base in bases]
    return [("", _("A place not known")), *found] if unknown else found


def section_choices(rows: Iterable[BorderSection]) -> list[tuple[str, str]]:
    """Border sections as choices, by uuid."""
    return [(str(row.uuid), formats.plain_words(row.name)) for row in rows]


def tell(current: Session, group_id: int, now: datetime) -> None:
    """Tell whoever watches a border that a move of a group passed."""
    settings: Settings = current_app.extensions["confmgr"]
    services.tell_of_group(current, group_id, now=now, domain=settings.mail_domain)


def names_of(users: Iterable[int | None]) -> dict[int, str]:
    """What people are called, by account."""
    wanted = {ident for ident in users if ident is not None}
    return {row.id: row.name for row in session().scalars(select(User).where(User.id.in_(wanted)))}


def name_of(node: Node) -> str:
    """What a step of a chain is called: its words, or who meets in it."""
    return formats.plain_words(node.words) if node.words else " – ".join(formats.plain_words(n) for n in node.names)
