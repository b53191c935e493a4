"""Bases and moves of groups: written, changed, withdrawn, and what follows from a move."""

import uuid as uuids

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.errors import NotAllowed, NotFound, Refused
from confmgr.gateways import clock
from confmgr.outcomes import queries, services
from confmgr.outcomes.access import headed_parties
from confmgr.outcomes.forms import BaseForm, FollowForm, MoveForm
from confmgr.outcomes.models import BorderSection, Group, GroupBase, Move
from confmgr.outcomes.moving import passed, too_early
from confmgr.outcomes.record_access import may_write, seen, spoken_for, written_by
from confmgr.outcomes.routes.blueprint import bp, meetings_of, party_choices
from confmgr.outcomes.routes.blueprint import parties as all_parties
from confmgr.outcomes.routes.records import (
    base_choices,
    bases_of,
    mark,
    marked,
    marked_like,
    name_of,
    new_item,
    offer,
    place_of,
    section_choices,
    stored,
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


@bp.route("/groups/<uuid:uuid>/bases/new", methods=["GET", "POST"])
@policy(spoken_for(Group))
def new_base(
    *, operation: Operation, actor: User, viewer: Viewer, row: Group, own: frozenset[int], party: Party
) -> ResponseReturnValue:
    """A place where a group was; a record of the own party, whoever described the group."""
    form = BaseForm(**marked_like(row, party))
    form.territory.choices = party_choices(all_parties(), none=True)
    offer(form, (link.meeting_id for link in row.item.meetings), party.id, None, actor)
    if form.accepted():
        try:
            _locate(form, row, viewer, actor, party)
            return redirect(url_for("outcomes.show_group", uuid=row.item.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("outcomes/base_form.html", form=form, operation=operation, group=row, row=None), status(form)


def _locate(form: BaseForm, group: Group, viewer: Viewer, actor: User, party: Party) -> None:
    now = clock.now()
    with transaction() as current:
        item = new_item(current, ItemKind.BASE, group, viewer, actor, party, form, now)
        base = services.locate_base(
            current,
            item,
            group=group,
            name=form.name.data,
            territory=_territory(form),
            coordinates=place_of(form),
            from_on=form.from_on.data,
            to_on=form.to_on.data,
            confidence=form.confidence.data,
            note=form.note.data,
        )
        mark(current, form, base, actor, now)


def _territory(form: BaseForm) -> Party | None:
    return next((party for party in all_parties() if party.code == form.territory.data), None)


@bp.route("/bases/<uuid:uuid>/edit", methods=["GET", "POST"])
@policy(written_by(GroupBase))
def edit_base(
    *, operation: Operation, actor: User, viewer: Viewer, row: GroupBase, own: frozenset[int]
) -> ResponseReturnValue:
    """What is known better now of a base."""
    territory = "" if row.territory is None else row.territory.code
    fields = stored(row, "name", "latitude", "longitude", "from_on", "to_on", "confidence")
    form = BaseForm(data={"territory": territory, **fields, **marked(row.item)})
    form.territory.choices = party_choices(all_parties(), none=True)
    offer(form, (link.meeting_id for link in row.item.meetings), row.item.originator_id, row.item, actor)
    if form.accepted():
        try:
            _relocate(form, row, actor)
            return redirect(url_for("outcomes.show_group", uuid=row.group.item.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("outcomes/base_form.html", form=form, operation=operation, group=row.group, row=row), status(
        form
    )


def _relocate(form: BaseForm, row: GroupBase, actor: User) -> None:
    now = clock.now()
    with transaction() as current:
        services.change_base(
            current,
            row,
            actor=actor,
            now=now,
            seen_version=form.version.data,
            name=form.name.data,
            territory=_territory(form),
            coordinates=place_of(form),
            from_on=form.from_on.data,
            to_on=form.to_on.data,
            confidence=form.confidence.data,
            note=form.note.data,
        )
        mark(current, form, row, actor, now)
        tell(current, row.group_id, now)


@bp.route("/groups/<uuid:uuid>/moves/new", methods=["GET", "POST"])
@policy(spoken_for(Group))
def new_move(
    *, operation: Operation, actor: User, viewer: Viewer, row: Group, own: frozenset[int], party: Party
) -> ResponseReturnValue:
    """That a group left a base."""
    form = MoveForm(**marked_like(row, party))
    ends, sections = _choices(form, operation, viewer, row)
    offer(form, (link.meeting_id for link in row.item.meetings), party.id, None, actor)
    if form.accepted():
        try:
            move = _notice(form, row, ends, sections, viewer, actor, party)
            return redirect(url_for("outcomes.show_move", uuid=move.item.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("outcomes/move_form.html", form=form, operation=operation, group=row, row=None), status(form)


Ends = dict[str, GroupBase]
Sections = dict[str, BorderSection]


def _choices(form: MoveForm, operation: Operation, viewer: Viewer, group: Group) -> tuple[Ends, Sections]:
    bases = bases_of(whole_of(operation, viewer, group, clock.now()))
    sections = queries.sections(session(), operation)
    form.from_base.choices = base_choices(bases)
    form.to_base.choices = base_choices(bases, unknown=True)
    form.sections.choices = section_choices(sections)
    return {str(base.item.uuid): base for base in bases}, {str(row.uuid): row for row in sections}


def _notice(
    form: MoveForm, group: Group, ends: Ends, sections: Sections, viewer: Viewer, actor: User, party: Party
) -> Move:
    now, start = clock.now(), ends[str(form.from_base.data)]
    with transaction() as current:
        item = new_item(current, ItemKind.MOVE, group, viewer, actor, party, form, now)
        move = services.notice_move(
            current,
            item,
            group=start.group,
            from_base=start,
            to_base=ends.get(str(form.to_base.data)),
            noticed_on=form.noticed_on.data or now.date(),
            driver=form.driver.data,
            confidence=form.confidence.data,
            note=form.note.data,
            sections=[sections[key] for key in form.sections.data or ()],
        )
        mark(current, form, move, actor, now)
        tell(current, move.group_id, now)
    return move


@bp.route("/moves/<uuid:uuid>/edit", methods=["GET", "POST"])
@policy(written_by(Move))
def edit_move(
    *, operation: Operation, actor: User, viewer: Viewer, row: Move, own: frozenset[int]
) -> ResponseReturnValue:
    """What is known better now of a move."""
    group = row.from_base.group
    form = MoveForm(
        data={
            **stored(row, "noticed_on", "driver", "confidence"),
            "from_base": str(row.from_base.item.uuid),
            "to_base": "" if row.to_base is None else str(row.to_base.item.uuid),
            "sections": [str(link.section.uuid) for link in row.sections],
            **marked(row.item),
        },
    )
    ends, sections = _choices(form, operation, viewer, group)
    offer(form, (link.meeting_id for link in row.item.meetings), row.item.originator_id, row.item, actor)
    if form.accepted():
        try:
            _renotice(form, row, ends, sections, actor)
            return redirect(url_for("outcomes.show_move", uuid=row.item.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("outcomes/move_form.html", form=form, operation=operation, group=group, row=row), status(
        form
    )


def _renotice(form: MoveForm, row: Move, ends: Ends, sections: Sections, actor: User) -> None:
    now = clock.now()
    with transaction() as current:
        services.change_move(
            current,
            row,
            actor=actor,
            now=now,
            seen_version=form.version.data,
            from_base=ends[str(form.from_base.data)],
            to_base=ends.get(str(form.to_base.data)),
            noticed_on=form.noticed_on.data or now.date(),
            driver=form.driver.data,
            confidence=form.confidence.data,
            note=form.note.data,
            sections=[sections[key] for key in form.sections.data or ()],
        )
        mark(current, form, row, actor, now)
        tell(current, row.group_id, now)


@bp.get("/moves/<uuid:uuid>")
@policy(seen(Move))
def show_move(
    *, operation: Operation, actor: User, viewer: Viewer, row: Move, own: frozenset[int]
) -> ResponseReturnValue:
    """One move: over which borders it went, and which cases and meetings follow from it."""
    now = clock.now()
    follows = queries.follows(session(), [row], viewer, now)
    ends = [base.item for base in (row.from_base, row.to_base) if base is not None]
    shown = [
        row.item,
        row.from_base.group.item,
        *ends,
        *(case.item for _row, case, _node in follows if case is not None),
    ]
    editable = may_write(row, actor.id, own, headed_parties(session(), viewer, operation))
    return render_template(
        "outcomes/move.html",
        operation=operation,
        row=row,
        group=row.from_base.group,
        early=too_early(row),
        proposed=passed(row, queries.sections(session(), operation)) if editable else [],
        follows=follows,
        editable=editable,
        is_author=row.item.author_id == actor.id,
        speaks=bool(own),
        actor=actor,
        meeting=next(iter(meetings_of(operation, viewer)), None),
        marking=strictest(item.marking.tlp for item in shown),
    )


@bp.post("/moves/<uuid:uuid>/passed/<uuid:section>")
@policy(written_by(Move))
def pass_section(
    *, operation: Operation, actor: User, viewer: Viewer, row: Move, own: frozenset[int], section: uuids.UUID
) -> ResponseReturnValue:
    """Yes, the move passed that border section."""
    now = clock.now()
    found = queries.get_section(session(), section)
    if found.operation_id != operation.id:
        raise NotFound("section", section)
    with transaction() as current:
        services.pass_section(current, row, found, actor=actor, now=now)
        tell(current, row.group_id, now)
    return redirect(url_for("outcomes.show_move", uuid=row.item.uuid))


@bp.route("/moves/<uuid:uuid>/follow", methods=["GET", "POST"])
@policy(spoken_for(Move))
def follow_move(
    *, operation: Operation, actor: User, viewer: Viewer, row: Move, own: frozenset[int], party: Party
) -> ResponseReturnValue:
    """A case or a meeting that follows from a move."""
    cases = {
        f"case:{case.item.uuid}": case for case in queries.cases_to_follow(session(), operation, viewer, clock.now())
    }
    held = {f"session:{node.uuid}": (at, node) for at, node in queries.sessions_to_follow(session(), operation, viewer)}
    form = FollowForm()
    form.thing.choices = [
        (key, f"{case.item.originator.code}/{case.item.reference} · {formats.plain_words(case.title)}")
        for key, case in cases.items()
    ] + [(key, name_of(node)) for key, (_at, node) in held.items()]
    if form.accepted():
        try:
            case, at = cases.get(str(form.thing.data)), held.get(str(form.thing.data), (None, None))[0]
            with transaction() as current:
                services.follow(current, row, actor=actor, now=clock.now(), case=case, at=at)
            return redirect(url_for("outcomes.show_move", uuid=row.item.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("outcomes/move_follow.html", form=form, operation=operation, row=row), status(form)


@bp.post("/moves/<uuid:uuid>/unfollow/<int:number>")
@policy(spoken_for(Move))
def unfollow_move(
    *, operation: Operation, actor: User, viewer: Viewer, row: Move, own: frozenset[int], party: Party, number: int
) -> ResponseReturnValue:
    """It does not follow: by who said so, or by the author of the move. `number`: as the page lists them, from 1."""
    listed = queries.follows(session(), [row], viewer, clock.now())
    if not 0 < number <= len(listed):
        raise NotFound("follow", number)
    link = listed[number - 1][0]
    if actor.id not in {link.by_id, row.item.author_id}:
        raise NotAllowed("take this back")
    with transaction() as current:
        services.unfollow(current, row, link, actor=actor, now=clock.now())
    return redirect(url_for("outcomes.show_move", uuid=row.item.uuid))


def _withdraw(row: Group | GroupBase | Move, actor: User, back: str) -> ResponseReturnValue:
    with transaction() as current:
        items.withdraw(current, row.item, actor=actor, now=clock.now())
    flash(_("It is withdrawn: only your party sees it. You can take it up again."), "ok")
    return redirect(back)


def _take_up(row: Group | GroupBase | Move, group: Group, actor: User) -> ResponseReturnValue:
    now = clock.now()
    if row.item.state is ItemState.WITHDRAWN:
        with transaction() as current:
            items.take_up(current, row.item, actor=actor, now=now)
            tell(current, group.id, now)
        flash(_("It is shared again. Delegations that you had named must be named anew."), "ok")
    return redirect(url_for("outcomes.show_group", uuid=group.item.uuid))


@bp.post("/groups/<uuid:uuid>/withdraw")
@policy(written_by(Group, author=True))
def withdraw_group(
    *, operation: Operation, actor: User, viewer: Viewer, row: Group, own: frozenset[int]
) -> ResponseReturnValue:
    """Take a group back, with everything that was said of it."""
    return _withdraw(row, actor, url_for("outcomes.groups", code=operation.code))


@bp.post("/groups/<uuid:uuid>/take-up")
@policy(written_by(Group, author=True))
def take_up_group(
    *, operation: Operation, actor: User, viewer: Viewer, row: Group, own: frozenset[int]
) -> ResponseReturnValue:
    """Share a withdrawn group again."""
    return _take_up(row, row, actor)


@bp.post("/bases/<uuid:uuid>/withdraw")
@policy(written_by(GroupBase, author=True))
def withdraw_base(
    *, operation: Operation, actor: User, viewer: Viewer, row: GroupBase, own: frozenset[int]
) -> ResponseReturnValue:
    """Take a base back, and with it the moves to and from it."""
    return _withdraw(row, actor, url_for("outcomes.show_group", uuid=row.group.item.uuid))


@bp.post("/bases/<uuid:uuid>/take-up")
@policy(written_by(GroupBase, author=True))
def take_up_base(
    *, operation: Operation, actor: User, viewer: Viewer, row: GroupBase, own: frozenset[int]
) -> ResponseReturnValue:
    """Share a withdrawn base again."""
    return _take_up(row, row.group, actor)


@bp.post("/moves/<uuid:uuid>/withdraw")
@policy(written_by(Move, author=True))
def withdraw_move(
    *, operation: Operation, actor: User, viewer: Viewer, row: Move, own: frozenset[int]
) -> ResponseReturnValue:
    """Take a move back."""
    return _withdraw(row, actor, url_for("outcomes.show_group", uuid=row.from_base.group.item.uuid))


@bp.post("/moves/<uuid:uuid>/take-up")
@policy(written_by(Move, author=True))
def take_up_move(
    *, operation: Operation, actor: User, viewer: Viewer, row: Move, own: frozenset[int]
) -> ResponseReturnValue:
    """Share a withdrawn move again."""
    return _take_up(row, row.from_base.group, actor)
