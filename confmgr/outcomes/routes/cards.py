"""The things of a chain as cards, and as choices."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from confmgr.outcomes import queries
from confmgr.outcomes.chains import Chain, LinkEnd, Node, Step
from confmgr.outcomes.domain import RequestStep
from confmgr.outcomes.labels.requests import due_in
from confmgr.outcomes.models import ActionRequest, Figure, JointAction, TaskForce
from confmgr.outcomes.owing import is_open
from confmgr.outcomes.queries import Facts
from confmgr.parties.models import Operation
from confmgr.web import formats, labels

Card = dict[str, Any]
TONES = {RequestStep.DONE: "ok", RequestStep.ACCEPTED: "ok", RequestStep.DECLINED: "conflict"}


def cards_of(
    found: Chain,
    walked: Collection[str],
    starts: Collection[Node],
    facts: Facts,
    operation: Operation,
    now: datetime,
) -> list[Card]:
    """The columns of a chain with a card for each thing, from leads to figures. `walked`: the chosen way passes it."""
    begun = {node.key for node in starts}
    return [
        {
            "title": labels.of(kind),
            "count": len(nodes),
            "cards": [
                _card(node, found, walked, operation)
                | (_figure(node.record, facts) if kind is LinkEnd.FIGURE else _said(node, now))
                | ({"kind": "walked-end"} if node.key in begun else {})
                for node in nodes
            ],
        }
        for kind in LinkEnd
        if (nodes := found.column(kind))
    ]


def _card(node: Node, found: Chain, walked: Collection[str], operation: Operation) -> Card:
    late = [step for step in found.steps if step.backwards and step.effect == node.key]
    return {
        "id": anchor(node),
        "title": name_of(node),
        "tlp": node.tlp,
        "warning": _("Began before what is said to have led to it. Not shown as its result.") if late else None,
        "kind": "backwards" if late else None,
        "url": url_for("outcomes.chain", code=operation.code, uuid=node.uuid),
        "to": [
            (anchor(found.nodes[step.effect]), _kind(step, walked), name_of(found.nodes[step.effect]))
            for step in found.steps
            if step.cause == node.key
        ],
    }


def _figure(figure: Figure, facts: Facts) -> Card:
    rivals = len(queries.rivals(facts, figure))
    dates = [day for day in (figure.from_on, figure.to_on) if day is not None]
    days = formats.dates(*dates) if dates else formats.date_short(figure.at_on) if figure.at_on else ""
    return {
        "figure_of": figure,
        "title": labels.term(figure.measure, "measure"),
        "lines": [days],
        "state": (
            ngettext("%(num)s source disagrees", "%(num)s sources disagree", rivals) % {"num": rivals},
            "warning",
        )
        if rivals
        else (labels.of(figure.status), "ok" if figure.confirmed_at else "open"),
    }


def _said(node: Node, now: datetime) -> Card:
    """What stands on a card beside its name: who, when, and how far it is."""
    row = node.record
    when = formats.date_short(node.on) if node.on else ""
    if isinstance(row, ActionRequest):
        asked = f"{labels.of(row.kind)} · {labels.of(row.urgency)}"
        state = labels.of(row.state)
        if row.due_at is not None and is_open(row):
            state = f"{state} · {due_in(row.due_at, now)}"
        return {
            "lines": [asked, _sides(row), when],
            "state": (state, TONES.get(row.state, "warning")),
        }
    if isinstance(row, JointAction):
        place = formats.plain_words(row.place)
        return {
            "lines": [_joint_action_time(row, when), place],
            "state": (labels.of(row.state), "ok" if row.on else "open"),
        }
    if isinstance(row, TaskForce):
        return {"lines": [_("since %(date)s", date=when), formats.listed(node.codes)]}
    if node.kind is LinkEnd.SESSION:
        return {"lines": [formats.plain_words(row.title), when]}
    return {"lines": [labels.of(row.kind), formats.listed(node.codes), when]}


def _sides(row: ActionRequest) -> Markup:
    return formats.upright(row.asking.code) + f" {formats.towards()} " + formats.upright(row.asked.code)


def _joint_action_time(row: JointAction, when: str) -> str:
    if row.starts_local is None:
        return when
    clock = formats.clock(row.starts_local)
    return _("%(date)s, about %(time)s local time", date=when, time=clock) if row.about else f"{when}, {clock}"


def anchor(node: Node) -> str:
    """An anchor that, unlike the number of a row, does not count what the reader may not see."""
    return f"{node.kind.value}-{node.uuid}"


def _kind(step: Step, walked: Collection[str]) -> str:
    if step.backwards:
        return "backwards"
    return "walked" if {step.cause, step.effect} <= set(walked) else "plain"


def name_of(node: Node) -> str:
    """What a thing of a chain is called, in plain text."""
    if node.kind is LinkEnd.FIGURE:
        return labels.term(node.record.measure, "measure")
    return formats.plain_words(node.words) if node.words else " – ".join(formats.plain_words(n) for n in node.names)


def end_choices(nodes: Iterable[Node]) -> dict[str, list[tuple[str, str]]]:
    """Things that may stand in a chain as choices, by kind, the newest first."""
    held = sorted(nodes, key=lambda node: (node.on or date.min, node.key), reverse=True)
    found = {}
    for kind in LinkEnd:
        rows = [(str(node.uuid), _choice(node)) for node in held if node.kind is kind]
        if rows:
            found[labels.of(kind)] = rows
    return found


def _choice(node: Node) -> str:
    lead = f"{node.codes[0]}/{node.record.item.reference} · " if node.kind is LinkEnd.LEAD else ""
    name = f"{lead}{name_of(node)}"
    return f"{name} · {formats.date_short(node.on)}" if node.on else name
