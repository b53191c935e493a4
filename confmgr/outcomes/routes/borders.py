"""Border sections to watch, and what their watchers were told."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.errors import NotAllowed, Refused
from confmgr.gateways import clock
from confmgr.meetings.access import roles_here
from confmgr.meetings.domain import Role
from confmgr.outcomes import queries, services
from confmgr.outcomes.access import own_parties, reader
from confmgr.outcomes.forms import SectionForm
from confmgr.outcomes.models import BorderSection, MoveAlert
from confmgr.outcomes.record_access import borderer, may_keep, own_alert, section_here, section_keeper
from confmgr.outcomes.routes.blueprint import bp, party_choices
from confmgr.outcomes.routes.blueprint import parties as all_parties
from confmgr.outcomes.routes.records import names_of, place_of, stored
from confmgr.parties.models import Operation, Party
from confmgr.sharing.rule import Viewer, strictest
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@bp.get("/operations/<code>/borders")
@policy(reader)
def borders(*, operation: Operation, actor: User, viewer: Viewer) -> ResponseReturnValue:
    """Border sections that are worth watching, and which of them the own party watches."""
    own = own_parties(session(), viewer, operation)
    rows = queries.sections(session(), operation, ended=True)
    return render_template(
        "outcomes/borders.html",
        operation=operation,
        sections=[row for row in rows if row.ended_at is None],
        ended=[row for row in rows if row.ended_at is not None],
        watched=queries.watched(session(), operation, own),
        speaks=bool(own),
        may_add=bool(own) or Role.ORGANISER in roles_here(),
        kept={row.id for row in rows if may_keep(row, own)},
    )


@bp.route("/operations/<code>/borders/new", methods=["GET", "POST"])
@policy(borderer)
def new_border(*, operation: Operation, actor: User, viewer: Viewer, own: frozenset[int]) -> ResponseReturnValue:
    """Name a section; one side is the own party, unless an organiser does it."""
    form = _form(None)
    if form.accepted():
        try:
            with transaction() as current:
                one, other = _sides(form, own)
                services.add_section(
                    current,
                    operation,
                    actor=actor,
                    now=clock.now(),
                    name=form.name.data,
                    one_side=one,
                    other_side=other,
                    coordinates=place_of(form),
                    note=form.note.data,
                )
            return redirect(url_for("outcomes.borders", code=operation.code))
        except Refused as refused:
            form.refuse(refused)
    return render_template("outcomes/border_form.html", form=form, operation=operation, section=None), status(form)


def _form(section: BorderSection | None) -> SectionForm:
    form = SectionForm() if section is None else SectionForm(data=_stored(section))
    form.one_side.choices = party_choices(all_parties())
    form.other_side.choices = party_choices(all_parties(), none=True)
    return form


def _stored(section: BorderSection) -> dict[str, Any]:
    other = "" if section.other_side is None else section.other_side.code
    return {**stored(section, "name", "latitude", "longitude"), "one_side": section.one_side.code, "other_side": other}


def _sides(form: SectionForm, own: frozenset[int]) -> tuple[Party, Party | None]:
    known = {party.code: party for party in all_parties()}
    one, other = known[str(form.one_side.data)], known.get(str(form.other_side.data))
    if Role.ORGANISER not in roles_here() and not {one.id, 0 if other is None else other.id} & own:
        raise Refused("own_border", field="one_side")
    return one, other


@bp.route("/borders/<uuid:uuid>/edit", methods=["GET", "POST"])
@policy(section_keeper)
def edit_border(
    *, operation: Operation, actor: User, viewer: Viewer, section: BorderSection, own: frozenset[int]
) -> ResponseReturnValue:
    """Another name, place or note."""
    form = _form(section)
    if form.accepted():
        try:
            with transaction() as current:
                one, other = _sides(form, own)
                services.change_section(
                    current,
                    section,
                    actor=actor,
                    now=clock.now(),
                    seen_version=form.version.data,
                    name=form.name.data,
                    one_side=one,
                    other_side=other,
                    coordinates=place_of(form),
                    note=form.note.data,
                )
            return redirect(url_for("outcomes.borders", code=operation.code))
        except Refused as refused:
            form.refuse(refused)
    return render_template("outcomes/border_form.html", form=form, operation=operation, section=section), status(form)


@bp.post("/borders/<uuid:uuid>/<any(end, resume):ending>")
@policy(section_keeper)
def end_border(
    *, operation: Operation, actor: User, viewer: Viewer, section: BorderSection, own: frozenset[int], ending: str
) -> ResponseReturnValue:
    """A section is not worth watching any more, or is again."""
    with transaction() as current:
        services.end_section(current, section, actor=actor, now=clock.now(), ended=ending == "end")
    return redirect(url_for("outcomes.borders", code=operation.code))


@bp.post("/borders/<uuid:uuid>/<any(watch, unwatch):watching>")
@policy(section_here)
def watch_border(
    *, operation: Operation, actor: User, viewer: Viewer, section: BorderSection, own: frozenset[int], watching: str
) -> ResponseReturnValue:
    """The own party asks to be told of moves over a section, or to be told no more."""
    if not own:
        raise NotAllowed("speak for a party")
    with transaction() as current:
        party = current.get_one(Party, min(own))
        services.watch(current, section, party, actor=actor, now=clock.now(), on=watching == "watch")
    flash(
        _("Your head of delegation gets a mail when a move over it is noticed that you may see.")
        if watching == "watch"
        else _("Your delegation is not told of it any more."),
        "ok",
    )
    return redirect(url_for("outcomes.borders", code=operation.code))


@bp.get("/operations/<code>/alerts")
@policy(reader)
def alerts(*, operation: Operation, actor: User, viewer: Viewer) -> ResponseReturnValue:
    """What the own party was told of moves over borders that it watches, and who acknowledged it."""
    own = own_parties(session(), viewer, operation)
    rows = queries.alerts(session(), operation, viewer, own, clock.now()) if own else []
    return render_template(
        "outcomes/move_alerts.html",
        operation=operation,
        open=[row for row in rows if row.seen_at is None],
        seen=[row for row in rows if row.seen_at is not None],
        names=names_of(row.seen_by_id for row in rows),
        marking=strictest(row.move.item.marking.tlp for row in rows) if rows else None,
    )


@bp.post("/move-alerts/<uuid:uuid>/acknowledge")
@policy(own_alert)
def acknowledge(*, operation: Operation, actor: User, viewer: Viewer, alert: MoveAlert) -> ResponseReturnValue:
    """The own party has read it."""
    with transaction() as current:
        services.acknowledge(current, alert, actor=actor, now=clock.now())
    return redirect(url_for("outcomes.alerts", code=operation.code))
