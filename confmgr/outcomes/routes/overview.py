"""The outcomes of an operation, its chains, its groups."""

import uuid as uuids

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from confmgr.accounts.models import User
from confmgr.gateways import clock
from confmgr.outcomes import queries
from confmgr.outcomes.access import own_parties, reader
from confmgr.outcomes.chains import Chain, LinkEnd, Node
from confmgr.outcomes.routes.blueprint import bp, figure_url, meetings_of
from confmgr.parties.models import Operation
from confmgr.sharing.rule import Viewer, strictest
from confmgr.web import formats
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
    return render_template(
        "outcomes/home.html",
        operation=operation,
        facts=facts,
        lines=facts.lines(),
        by_meeting=[(meeting, facts.lines(meeting.id)) for meeting in meetings],
        actions=actions,
        marking=strictest(action.item.marking.tlp for action in actions) if actions else None,
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
    return render_template(
        "outcomes/chain.html",
        operation=operation,
        start=start,
        columns=[
            (kind, [_card(node, found, start.key, operation) for node in found.column(kind)])
            for kind in LinkEnd
            if found.column(kind)
        ],
        backwards=[step for step in found.steps if step.backwards],
        nodes=found.nodes,
        figures=[figure for figure in facts.figures if f"item-{figure.joint_action_id}" in found.nodes],
        figure_url=figure_url,
    )


def _card(node: Node, found: Chain, start: str, operation: Operation) -> dict[str, object]:
    title = formats.plain_words(node.words) if node.words else " – ".join(node.codes)
    backwards = any(step.backwards and node.key in {step.cause, step.effect} for step in found.steps)
    leads_to = [
        (step.effect, "backwards" if step.backwards else "walked", _name(found.nodes[step.effect]))
        for step in found.steps
        if step.cause == node.key
    ]
    return {
        "id": node.key,
        "title": title,
        "lines": [formats.date_short(node.on)] if node.on else [],
        "tlp": node.tlp,
        "kind": "walked-end" if node.key == start else "backwards" if backwards else None,
        "url": None if node.kind is LinkEnd.SESSION else url_for("outcomes.chain", code=operation.code, uuid=node.uuid),
        "to": leads_to,
    }


def _name(node: Node) -> str:
    return formats.plain_words(node.words) if node.words else " – ".join(node.codes)


@bp.get("/operations/<code>/groups")
@policy(reader)
def groups(*, operation: Operation, actor: User, viewer: Viewer) -> ResponseReturnValue:
    """Criminal groups with the places where they were, and their moves."""
    found, moves = queries.groups(session(), operation, viewer, clock.now())
    marking = strictest(group.item.marking.tlp for group in found) if found else None
    return render_template("outcomes/groups.html", operation=operation, groups=found, moves=moves, marking=marking)
