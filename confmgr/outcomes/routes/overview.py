"""The outcomes of an operation, its chains, its groups."""

import uuid as uuids
from collections.abc import Iterator

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.gateways import clock
from confmgr.meetings.models import Meeting
from confmgr.outcomes import queries
from confmgr.outcomes.access import own_parties, reader
from confmgr.outcomes.chains import Chain, LinkEnd, Node, Step
from confmgr.outcomes.charts import Bar, bars
from confmgr.outcomes.domain import FigureKind, FigureStatus
from confmgr.outcomes.models import Figure
from confmgr.outcomes.queries import Facts, TotalLine
from confmgr.outcomes.routes.blueprint import bp, figure_url, meetings_of
from confmgr.outcomes.routes.records import name_of
from confmgr.parties.models import Operation
from confmgr.sharing.rule import Viewer, strictest
from confmgr.web import formats, labels
from confmgr.web.db import session
from confmgr.web.policy import policy

COMPARED = ("countries", "countries_with_cases", "cases", "cases_ready", "leads", "arrested", "returned")
"""What one meeting is held against another by."""


@bp.get("/operations/<code>/outcomes")
@policy(reader)
def home(*, operation: Operation, actor: User, viewer: Viewer) -> ResponseReturnValue:
    """Every total with its records, what was declared beside it, and where sources disagree."""
    now = clock.now()
    facts = queries.facts(session(), operation, viewer, now)
    meetings = meetings_of(operation, viewer)
    actions = queries.joint_actions(session(), operation, viewer, now)
    by_meeting = [(meeting, facts.lines(meeting.id)) for meeting in meetings]
    return render_template(
        "outcomes/home.html",
        operation=operation,
        facts=facts,
        lines=facts.lines(),
        by_meeting=by_meeting,
        compared=_compared(by_meeting),
        indicators=queries.indicators(session(), operation),
        actions=actions,
        marking=strictest(action.item.marking.tlp for action in actions) if actions else None,
        may_write=bool(own_parties(session(), viewer, operation)),
        figure_url=figure_url,
    )


def _compared(by_meeting: list[tuple[Meeting, list[TotalLine]]]) -> list[tuple[str, tuple[Bar, ...]]]:
    """The same measures of each meeting, the earliest first; nothing to compare with one meeting alone."""
    if len(by_meeting) == 1:
        return []
    found = []
    for measure in COMPARED:
        known = [(meeting, line) for meeting, lines in by_meeting for line in lines if line.measure == measure]
        rows = [(meeting, line.total.low, line.total.high) for meeting, line in reversed(known)]
        if rows:
            found.append((measure, bars(rows)))
    return found


@bp.get("/operations/<code>/chain/<uuid:uuid>")
@policy(reader)
def chain(*, operation: Operation, actor: User, viewer: Viewer, uuid: uuids.UUID) -> ResponseReturnValue:
    """What led to a lead, request, task force or joint action, and what it led to."""
    now = clock.now()
    whole = queries.chains(session(), operation, viewer, now, starting_at=uuid)
    start = next((node for node in whole.nodes.values() if node.uuid == uuid), None)
    if start is None:
        item = queries.visible_item(session(), operation, viewer, uuid, now)
        return render_template("outcomes/no_chain.html", operation=operation, item=item)
    found = whole.around(start.key)
    facts = queries.facts(session(), operation, viewer, now)
    walk = request.args.get("walk", "")
    figures = list(_figures(facts, found))
    columns = [
        (kind, [_card(node, found, _walked(whole, start.key, walk), start.key, operation, figures) for node in nodes])
        for kind, nodes in ((kind, found.column(kind)) for kind in LinkEnd)
        if nodes
    ]
    return render_template(
        "outcomes/chain.html",
        operation=operation,
        start=start,
        walk=walk,
        marking=strictest(node.tlp for node in found.nodes.values() if node.tlp is not None),
        columns=columns,
        backwards=[step for step in found.steps if step.backwards],
        nodes=found.nodes,
        ends=figures,
        rivals={figure.id: queries.rivals(facts, figure) for figure in figures},
        figures=[figure for figure in facts.figures if f"item-{figure.joint_action_id}" in found.nodes],
        figure_url=figure_url,
    )


def _walked(whole: Chain, start: str, walk: str) -> set[str]:
    """What the chosen way of walking passes: what came of it, what led to it, or both."""
    passed = {start}
    if walk != "back":
        passed |= whole.after(start)
    if walk != "on":
        passed |= whole.before(start)
    return passed


def _figures(facts: Facts, found: Chain) -> Iterator[Figure]:
    """Recorded figures of the chain's joint actions; of sources that disagree the one in use."""
    for figure in facts.figures:
        rivals = queries.rivals(facts, figure)
        if (
            f"item-{figure.joint_action_id}" in found.nodes
            and figure.kind is FigureKind.RECORDED
            and figure.status is not FigureStatus.SUPERSEDED
            and (not rivals or rivals[0].id == figure.id)
        ):
            yield figure


def _card(
    node: Node, found: Chain, walked: set[str], start: str, operation: Operation, figures: list[Figure]
) -> dict[str, object]:
    before = [step for step in found.steps if step.backwards and step.effect == node.key]
    leads_to = [
        (_id(found.nodes[step.effect]), _kind(step, walked), name_of(found.nodes[step.effect]))
        for step in found.steps
        if step.cause == node.key
    ]
    leads_to += [
        (f"figure-{figure.uuid}", "walked" if node.key in walked else "plain", labels.term(figure.measure, "measure"))
        for figure in figures
        if f"item-{figure.joint_action_id}" == node.key
    ]
    return {
        "id": _id(node),
        "title": name_of(node),
        "lines": [formats.date_short(node.on)] if node.on else [],
        "tlp": node.tlp,
        "warning": _("Began before the request that is said to have led to it. Not shown as its result.")
        if before
        else None,
        "kind": "walked-end" if node.key == start else "backwards" if before else None,
        "url": None if node.kind is LinkEnd.SESSION else url_for("outcomes.chain", code=operation.code, uuid=node.uuid),
        "to": leads_to,
    }


def _id(node: Node) -> str:
    """An anchor that, unlike the number of a row, does not count what the reader may not see."""
    return f"{node.kind.value}-{node.uuid}"


def _kind(step: Step, walked: set[str]) -> str:
    if step.backwards:
        return "backwards"
    return "walked" if {step.cause, step.effect} <= walked else "plain"
