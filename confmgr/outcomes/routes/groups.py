"""Groups: all of them on one map and time line, each on a page of its own; written, joined, parted."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.outcomes import queries, services
from confmgr.outcomes.access import headed_parties, own_parties, reader, writer
from confmgr.outcomes.case_groups import cases_of
from confmgr.outcomes.forms import GroupForm, MergeForm
from confmgr.outcomes.models import Group, GroupBase, Move
from confmgr.outcomes.moving import Whole, too_early, twins
from confmgr.outcomes.record_access import may_write, seen, spoken_for, written_by
from confmgr.outcomes.routes.blueprint import bp, figure_url, meeting_choices, meetings_of
from confmgr.outcomes.routes.records import (
    arrested,
    bases_of,
    line_of,
    lines,
    map_of,
    mark,
    marked,
    names_of,
    offer,
    tell,
    whole_of,
)
from confmgr.parties.models import Operation, Party
from confmgr.sharing import services as items
from confmgr.sharing.domain import ItemKind, ItemState
from confmgr.sharing.rule import Viewer, strictest
from confmgr.web import formats
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@bp.get("/operations/<code>/groups")
@policy(reader)
def groups(*, operation: Operation, actor: User, viewer: Viewer) -> ResponseReturnValue:
    """Criminal groups with the places where they were, and their moves, on one map and one time line."""
    now = clock.now()
    found = queries.wholes(session(), operation, viewer, now)
    moves = sorted((move for whole in found for move in whole.moves), key=lambda move: (move.noticed_on, move.id))
    bases = [base for whole in found for base in whole.bases]
    actions = queries.joint_actions(session(), operation, viewer, now)
    line = line_of(operation, viewer, bases, moves, actions)
    own = own_parties(session(), viewer, operation)
    told = queries.alerts(session(), operation, viewer, own, now) if own else []
    shown = [record.item for whole in found for record in whole.records]
    shown += [*(base.item for base in bases), *(move.item for move in moves)]
    shown += [stroke.action.item for stroke in (line.strokes if line else ())]
    return render_template(
        "outcomes/groups.html",
        operation=operation,
        groups=found,
        moves=moves,
        bases=bases,
        group_of={record.id: whole.head for whole in found for record in whole.records},
        early={move.id for move in moves if too_early(move)},
        map=map_of(bases, moves, queries.sections(session(), operation)),
        line=line,
        arrested=arrested(queries.facts(session(), operation, viewer, now)),
        twins=list(twins(found)),
        withdrawn=queries.withdrawn_groups(session(), operation, viewer, now) if own else [],
        may_write=bool(own),
        open_alerts=sum(alert.seen_at is None for alert in told),
        marking=strictest(item.marking.tlp for item in shown) if shown else None,
    )


@bp.get("/groups/<uuid:uuid>")
@policy(seen(Group))
def show_group(
    *, operation: Operation, actor: User, viewer: Viewer, row: Group, own: frozenset[int]
) -> ResponseReturnValue:
    """One group: where it was and went, under which names, in which cases, and what was counted of it."""
    now = clock.now()
    whole = whole_of(operation, viewer, row, now)
    bases, ids = bases_of(whole), {record.id for record in whole.records}
    facts = queries.facts(session(), operation, viewer, now)
    follows = queries.follows(session(), whole.moves, viewer, now)
    cases = cases_of(session(), viewer, ids, now)
    line = line_of(operation, viewer, bases, whole.moves, queries.joint_actions(session(), operation, viewer, now))
    rows: list[Group | GroupBase | Move] = [*whole.records, *bases, *whole.moves]
    shown = [*(one.item for one in rows), *(case.item for _row, case, _node in follows if case is not None)]
    shown += [*(case.item for case in cases), *(stroke.action.item for stroke in (line.strokes if line else ()))]
    headed = headed_parties(session(), viewer, operation)
    return render_template(
        "outcomes/group.html",
        operation=operation,
        row=row,
        whole=whole,
        bases=bases,
        moves=whole.moves,
        early={move.id for move in whole.moves if too_early(move)},
        map=map_of(bases, whole.moves),
        line=line,
        arrested=arrested(facts),
        figures=[figure for figure in facts.figures if figure.group_id in ids],
        figure_url=figure_url,
        follows=follows,
        cases=cases,
        twins=_twins_of(operation, viewer, whole),
        merged_by=names_of(record.merged_by_id for record in whole.merged),
        own=own,
        editable={one.id for one in rows if may_write(one, actor.id, own, headed)},
        is_author=row.item.author_id == actor.id,
        marking=strictest(item.marking.tlp for item in shown),
    )


def _twins_of(operation: Operation, viewer: Viewer, whole: Whole) -> list[Whole]:
    """Groups that may be the same as one."""
    if not whole.bases and whole.head.item.state is not ItemState.SHARED:
        return []
    found = twins(queries.wholes(session(), operation, viewer, clock.now()))
    return [
        pair.other if pair.one.head.id == whole.head.id else pair.one
        for pair in found
        if whole.head.id in {pair.one.head.id, pair.other.head.id}
    ]


@bp.route("/operations/<code>/groups/new", methods=["GET", "POST"])
@policy(writer)
def new_group(*, operation: Operation, actor: User, viewer: Viewer, party: Party) -> ResponseReturnValue:
    """Describe a group."""
    form = GroupForm()
    form.meetings.choices = meeting_choices(meetings_of(operation, viewer))
    offer(form, (row.id for row in meetings_of(operation, viewer)), party.id, None, actor)
    if form.accepted():
        try:
            with transaction():
                group = _describe(form, operation, actor, viewer, party)
            return redirect(url_for("outcomes.show_group", uuid=group.item.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("outcomes/group_form.html", form=form, operation=operation, row=None), status(form)


def _describe(form: GroupForm, operation: Operation, actor: User, viewer: Viewer, party: Party) -> Group:
    now = clock.now()
    item = items.create_item(
        session(),
        kind=ItemKind.GROUP,
        operation=operation,
        originator=party,
        author=actor,
        reference=str(form.reference.data),
        tlp=form.marking,
        now=now,
        meetings=[row for row in meetings_of(operation, viewer) if row.slug in (form.meetings.data or ())],
        state=ItemState.SHARED,
    )
    group = services.describe_group(
        session(), item, name=form.name.data, aliases=lines(form), description=form.description.data
    )
    mark(session(), form, group, actor, now)
    return group


@bp.route("/groups/<uuid:uuid>/edit", methods=["GET", "POST"])
@policy(written_by(Group))
def edit_group(
    *, operation: Operation, actor: User, viewer: Viewer, row: Group, own: frozenset[int]
) -> ResponseReturnValue:
    """Other names, another description, other readers."""
    form = GroupForm(
        name=row.name,
        aliases="\n".join(row.aliases),
        description=row.description,
        version=row.version,
        **marked(row.item),
    )
    del form.reference, form.meetings
    offer(form, (link.meeting_id for link in row.item.meetings), row.item.originator_id, row.item, actor)
    if form.accepted():
        try:
            _change(form, row, actor)
            return redirect(url_for("outcomes.show_group", uuid=row.item.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("outcomes/group_form.html", form=form, operation=operation, row=row), status(form)


def _change(form: GroupForm, row: Group, actor: User) -> None:
    now = clock.now()
    with transaction() as current:
        services.change_group(
            current,
            row,
            actor=actor,
            now=now,
            seen_version=form.version.data,
            name=form.name.data,
            aliases=lines(form),
            description=form.description.data,
        )
        mark(current, form, row, actor, now)
        tell(current, row.id, now)


@bp.route("/groups/<uuid:uuid>/merge", methods=["GET", "POST"])
@policy(spoken_for(Group))
def merge_group(
    *, operation: Operation, actor: User, viewer: Viewer, row: Group, own: frozenset[int], party: Party
) -> ResponseReturnValue:
    """Say that this group and another one are one; one of the two must be of the own party."""
    others = {
        str(whole.head.item.uuid): whole.head
        for whole in queries.wholes(session(), operation, viewer, clock.now())
        if row.id not in {record.id for record in whole.records}
        and {row.item.originator_id, whole.head.item.originator_id} & own
    }
    form = MergeForm()
    form.other.choices = [(key, _named(group)) for key, group in others.items()]
    if form.accepted():
        pair = (row, others[str(form.other.data)])
        one, other = pair if row.item.originator_id in own else pair[::-1]
        with transaction() as current:
            services.merge(current, one, other, actor=actor, now=clock.now(), reason=str(form.reason.data))
        flash(_("Whoever may see both is shown one group. Both records stay as they are."), "ok")
        return redirect(url_for("outcomes.show_group", uuid=row.item.uuid))
    return render_template("outcomes/group_merge.html", form=form, operation=operation, row=row), status(form)


def _named(group: Group) -> str:
    return f"{group.item.originator.code} · {formats.plain_words(group.name)}"


@bp.post("/groups/<uuid:uuid>/part")
@policy(spoken_for(Group))
def part_group(
    *, operation: Operation, actor: User, viewer: Viewer, row: Group, own: frozenset[int], party: Party
) -> ResponseReturnValue:
    """Take back that a record is the same group as another one; by the party of either."""
    whole = whole_of(operation, viewer, row, clock.now())
    other = next((record for record in whole.records if record.id == row.merged_into_id), None)
    if other is not None and {row.item.originator_id, other.item.originator_id} & own:
        with transaction() as current:
            services.part(current, row, actor=actor, now=clock.now())
        flash(_("These are two groups again."), "ok")
    return redirect(url_for("outcomes.show_group", uuid=row.item.uuid))
