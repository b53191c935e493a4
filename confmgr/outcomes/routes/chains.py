"""The chain of a lead, session, request, task force, joint action, figure or case: walked from any end, linked."""

import uuid as uuids
from collections.abc import Iterable
from dataclasses import dataclass, field

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.errors import NotAllowed, NotFound, Refused
from confmgr.gateways import clock
from confmgr.meetings.access import is_organiser
from confmgr.outcomes import queries, services
from confmgr.outcomes.access import own_parties, reader, writer
from confmgr.outcomes.chains import Chain, LinkEnd, Node, Step
from confmgr.outcomes.forms import LinkForm, Way
from confmgr.outcomes.models import ActionRequest, Figure, JointAction
from confmgr.outcomes.routes.blueprint import bp, figure_url, source_choices
from confmgr.outcomes.routes.cards import cards_of, end_choices, name_of
from confmgr.parties.models import Operation, Party
from confmgr.sharing import showing
from confmgr.sharing.domain import ItemKind
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Viewer, strictest
from confmgr.web import formats, labels
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@dataclass(frozen=True, slots=True)
class Walk:
    """A chain from where somebody began: one thing, or all that belongs to a case; `name` is that of the beginning."""

    starts: tuple[Node, ...]
    whole: Chain
    facts: queries.Facts
    item: Item | None = None
    name: str = ""
    ways: frozenset[str] = field(default=frozenset({"", "on", "back"}))

    @property
    def found(self) -> Chain:
        """What led to the beginning and what came of it."""
        return self.whole.around(*(node.key for node in self.starts))

    def passed(self, way: str) -> set[str]:
        """What the chosen way of walking passes: what came of it, what led to it, or both."""
        found = {node.key for node in self.starts}
        for node in self.starts:
            found |= self.whole.after(node.key) if way != "back" else set()
            found |= self.whole.before(node.key) if way != "on" else set()
        return found


@bp.get("/operations/<code>/chain/<uuid:uuid>")
@policy(reader)
def chain(*, operation: Operation, actor: User, viewer: Viewer, uuid: uuids.UUID) -> ResponseReturnValue:
    """What led to a thing, and what it led to."""
    walk = _walk(operation, viewer, uuid)
    alone = [node.uuid for node in walk.starts] == [uuid] and walk.starts[0].kind is not LinkEnd.FIGURE
    own = own_parties(session(), viewer, operation) if alone else frozenset()
    if not walk.starts:
        return render_template("outcomes/no_chain.html", operation=operation, item=walk.item, name=walk.name)
    way = request.args.get("walk", "") if request.args.get("walk") in walk.ways else ""
    found = walk.found
    showing.listed_ids(session(), (node.uuid for node in found.nodes.values() if node.tlp is not None))
    return render_template(
        "outcomes/chain.html",
        operation=operation,
        uuid=uuid,
        name=walk.name,
        walk=way,
        ways=walk.ways,
        marking=_marking(found.nodes.values()),
        columns=cards_of(found, walk.passed(way), walk.starts, walk.facts, operation, clock.now()),
        found=found,
        name_of=name_of,
        mine={(step.cause, step.effect) for step in found.steps if _is_own(found, step, own)},
        may_link=bool(own) and queries.is_end(session(), viewer, walk.starts[0], clock.now()),
        may_ask=bool(own) and walk.starts[0].kind is not LinkEnd.JOINT_ACTION,
        opens=_page_of(walk.starts, own),
        figures=[one for one in walk.facts.figures if _is_of(found, one)],
        figure_url=figure_url,
        chain_url=lambda node: url_for("outcomes.chain", code=operation.code, uuid=node.uuid),
    )


@bp.route("/operations/<code>/chain/<uuid:uuid>/link", methods=["GET", "POST"])
@policy(writer)
def link(*, operation: Operation, actor: User, viewer: Viewer, party: Party, uuid: uuids.UUID) -> ResponseReturnValue:
    """Say that one thing led to another; one of the two is the own party's."""
    nodes = _ends(operation, viewer, uuid)
    start = nodes.pop(uuid)
    form = LinkForm()
    form.other.choices = end_choices(nodes.values())
    form.source.choices = [("", _("None")), *source_choices(operation, viewer)]
    if form.accepted():
        try:
            with transaction():
                _link(form, start, nodes[uuids.UUID(form.other.data)], operation, actor, viewer)
            flash(_("The two are linked."), "ok")
            return redirect(url_for("outcomes.chain", code=operation.code, uuid=uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template(
        "outcomes/link_form.html", form=form, operation=operation, start=start, name=name_of(start)
    ), status(form)


@bp.post("/operations/<code>/chain/<uuid:uuid>/unlink")
@policy(writer)
def unlink(*, operation: Operation, actor: User, viewer: Viewer, party: Party, uuid: uuids.UUID) -> ResponseReturnValue:
    """Take back that one thing led to another."""
    nodes = queries.chains(session(), operation, viewer, clock.now()).nodes.values()
    by_uuid = {str(node.uuid): node for node in nodes}
    try:
        cause, effect = (by_uuid[request.form.get(name, "")] for name in ("cause", "effect"))
    except KeyError as unknown:
        raise NotFound("link") from unknown
    _check_own(cause, effect, own_parties(session(), viewer, operation))
    with transaction() as current:
        ends = (queries.end_of(current, cause), queries.end_of(current, effect))
        services.take_back_link(current, operation, *ends, actor=actor, now=clock.now())
    flash(_("The link is taken back."), "ok")
    return redirect(url_for("outcomes.chain", code=operation.code, uuid=uuid))


def _walk(operation: Operation, viewer: Viewer, uuid: uuids.UUID) -> Walk:
    """The chain of whatever has this id and may be seen.

    Raises:
        NotFound: There is nothing of that id in the operation, or not for this viewer.
    """
    now = clock.now()
    facts = queries.facts(session(), operation, viewer, now)
    counted = next((figure for figure in facts.figures if figure.uuid == uuid), None)
    item = None if counted else queries.find_visible(session(), operation, viewer, uuid, now)
    if item is not None and item.kind in {ItemKind.BASE, ItemKind.MOVE}:  # seen with its group alone, and in no chain
        raise NotFound("item", uuid)
    of_case = item.id if item is not None and item.kind is ItemKind.CASE else None
    whole = queries.with_figures(
        queries.chains(session(), operation, viewer, now, starting_at=uuid, of_case=of_case), facts
    )
    if item is not None and of_case is not None:
        return Walk(
            _of_case(whole, of_case),
            whole,
            facts,
            item,
            formats.plain_words(queries.case_title(session(), item)),
            frozenset({""}),
        )
    start = next((node for node in whole.nodes.values() if node.uuid == uuid), None)
    if start is None and counted is not None:  # corrected, declared or not in use: shown with what it counts
        start = whole.nodes.get(queries.behind(counted))
    if start is None and item is None and counted is None:
        raise NotFound("item", uuid)
    name = name_of(start) if start else labels.term(counted.measure, "measure") if counted else ""
    return Walk((start,) if start else (), whole, facts, item, name)


def _of_case(whole: Chain, case_id: int) -> tuple[Node, ...]:
    return tuple(node for node in whole.nodes.values() if case_id in _cases(node.record))


def _cases(record: object) -> set[int | None]:
    if isinstance(record, JointAction):
        return {link.case_id for link in record.cases}
    return {getattr(record, "case_id", None)}


def _ends(operation: Operation, viewer: Viewer, uuid: uuids.UUID) -> dict[uuids.UUID, Node]:
    """What may be linked, and the thing itself among it.

    Raises:
        NotFound: It is not among them.
    """
    found = {node.uuid: node for node in queries.ends(session(), operation, viewer, clock.now())}
    if uuid not in found:
        raise NotFound("item", uuid)
    return found


def _link(form: LinkForm, start: Node, other: Node, operation: Operation, actor: User, viewer: Viewer) -> None:
    cause, effect = (start, other) if form.way.data is Way.LED_TO else (other, start)
    _check_own(cause, effect, own_parties(session(), viewer, operation))
    sources = queries.sources(session(), operation)
    services.say_it_led_to(
        session(),
        operation,
        queries.end_of(session(), cause),
        queries.end_of(session(), effect),
        actor=actor,
        now=clock.now(),
        note=form.note.data,
        source=next((row for row in sources if row.code == form.source.data), None),
    )


def _check_own(cause: Node, effect: Node, own: frozenset[int]) -> None:
    if not (cause.owners | effect.owners) & own:
        raise NotAllowed("link what is of others")


def _is_of(found: Chain, figure: Figure) -> bool:
    """Whether a figure stands in the chain, or beside one that does: of its joint actions those not in use, too."""
    return f"figure-{figure.id}" in found.nodes or f"item-{figure.joint_action_id}" in found.nodes


def _is_own(found: Chain, step: Step, own: frozenset[int]) -> bool:
    """Whether the reader may take a step back; what a figure counts is said where the figure is stated."""
    cause, effect = found.nodes[step.cause], found.nodes[step.effect]
    return effect.kind is not LinkEnd.FIGURE and bool((cause.owners | effect.owners) & own)


def _marking(nodes: Iterable[Node]) -> object:
    marked = [node.tlp for node in nodes if node.tlp is not None]
    return strictest(marked) if marked else None


def _page_of(starts: tuple[Node, ...], own: frozenset[int]) -> str | None:
    """Where the thing itself stands, if the reader may open that."""
    if len(starts) != 1:
        return None
    node = starts[0]
    if node.kind is LinkEnd.LEAD:
        return url_for("cases.lead", uuid=node.uuid)
    if node.kind is LinkEnd.FIGURE:
        return url_for("outcomes.figure", uuid=node.uuid)
    if isinstance(node.record, ActionRequest) and {node.record.from_id, node.record.to_id} & own:
        return url_for("outcomes.advance", uuid=node.uuid)
    if isinstance(node.record, JointAction) and node.record.item.originator_id in own:
        return url_for("outcomes.show_action", uuid=node.uuid)
    if node.kind is LinkEnd.SESSION and is_organiser():
        return url_for("scheduling.show_session", slug=node.record.slug, uuid=node.uuid)
    return None
