"""The outcomes of an operation, its chains, its groups."""

import uuid as uuids
from collections.abc import Iterator

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.gateways import clock
from confmgr.outcomes import queries
from confmgr.outcomes.access import own_parties, reader
from confmgr.outcomes.chains import Chain, LinkEnd, Node, Step
from confmgr.outcomes.domain import FigureKind, FigureStatus
from confmgr.outcomes.drawings import dot_map, time_line
from confmgr.outcomes.models import Figure
from confmgr.outcomes.queries import Facts
from confmgr.outcomes.routes.blueprint import bp, figure_url, meetings_of
from confmgr.parties.models import Operation
from confmgr.sharing.rule import Viewer, strictest
from confmgr.web import formats, labels
from confmgr.web.db import session
from confmgr.web.policy import policy


@bp.get("/operations/<code>/outcomes")
@policy(reader)
def home(*, operation: Operation, actor: User, viewer: Viewer) -> ResponseReturnValue:
    """Every total with its records, what was declared beside it, and where sources disagree."""
    now = clock.now()
    facts = queries.facts(session(), operation, viewer, now)
    meetings = meetings_of(operation, viewer)
    actions = queries.joint_actions(session(), operation, viewer, now)
    forces = queries.task_forces(session(), operation, viewer, now)
    shown = [*(action.item for action in actions), *(force.item for force in forces)]
    return render_template(
        "outcomes/home.html",
        operation=operation,
        facts=facts,
        lines=facts.lines(),
        by_meeting=[(meeting, facts.lines(meeting.id)) for meeting in meetings],
        actions=actions,
        task_forces=forces,
        reclassified=queries.reclassified(session(), operation, viewer, operation.starts_on, now),
        marking=strictest(item.marking.tlp for item in shown) if shown else None,
        may_write=bool(own_parties(session(), viewer, operation)),
        figure_url=figure_url,
    )


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
        (_id(found.nodes[step.effect]), _kind(step, walked), _name(found.nodes[step.effect]))
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
        "title": _name(node),
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


def _name(node: Node) -> str:
    return formats.plain_words(node.words) if node.words else " – ".join(formats.plain_words(n) for n in node.names)


@bp.get("/operations/<code>/groups")
@policy(reader)
def groups(*, operation: Operation, actor: User, viewer: Viewer) -> ResponseReturnValue:
    """Criminal groups with the places where they were, and their moves."""
    now = clock.now()
    found, moves = queries.groups(session(), operation, viewer, now)
    actions = queries.joint_actions(session(), operation, viewer, now)
    bases = [base for group in found for base in group.bases]
    line = time_line(bases, moves, actions, meetings_of(operation, viewer))
    marked = [*(group.item for group in found), *(stroke.action.item for stroke in (line.strokes if line else ()))]
    return render_template(
        "outcomes/groups.html",
        operation=operation,
        groups=found,
        moves=moves,
        bases=bases,
        map=dot_map(bases, moves),
        line=line,
        arrested=_arrested(queries.facts(session(), operation, viewer, now)),
        marking=strictest(item.marking.tlp for item in marked) if marked else None,
    )


def _arrested(facts: Facts) -> dict[int, Figure]:
    """The figure of those arrested in each joint action."""
    return {
        figure.joint_action_id: figure
        for figure in facts.figures
        if figure.joint_action_id is not None
        and figure.measure == "arrested"
        and figure.kind is FigureKind.RECORDED
        and figure.status is not FigureStatus.SUPERSEDED
    }
