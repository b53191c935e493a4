"""Sets of persons found in a joint action: who they are held to be, what they share, what was counted of them."""

from decimal import Decimal

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.errors import NotFound, Refused
from confmgr.gateways import clock
from confmgr.outcomes import queries, services
from confmgr.outcomes.access import own_action, own_persons, visible_persons
from confmgr.outcomes.domain import Attribution, Dimension
from confmgr.outcomes.forms import PersonsForm, SetFigureForm, ShareForm, StatusForm
from confmgr.outcomes.forms.persons import nationalities
from confmgr.outcomes.models import Figure, JointAction, PersonSet, Source
from confmgr.outcomes.persons import SHARED_BY, remainders
from confmgr.outcomes.routes.blueprint import bp, figure_url, records, source_choices
from confmgr.parties.models import Operation
from confmgr.sharing.rule import Viewer
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@bp.route("/actions/<uuid:uuid>/persons/new", methods=["GET", "POST"])
@policy(own_action)
def find_persons(*, actor: User, viewer: Viewer, operation: Operation, action: JointAction) -> ResponseReturnValue:
    """A set of persons found in the action."""
    form = PersonsForm()
    if form.accepted():
        with transaction() as current:
            persons = services.find_persons(current, action, name=form.name.data, count=form.count.data or 0)
        return redirect(url_for("outcomes.show_persons", uuid=persons.uuid))
    page = {"form": form, "operation": operation, "action": action, "persons": None}
    return render_template("outcomes/person_form.html", **page), status(form)


@bp.get("/persons/<uuid:uuid>")
@policy(visible_persons)
def show_persons(
    *,
    actor: User,
    viewer: Viewer,
    operation: Operation,
    action: JointAction,
    persons: PersonSet,
    own: frozenset[int],
) -> ResponseReturnValue:
    """A set with the history of its status, its shares and its figures."""
    mine = action.item.originator_id in own
    if mine:
        return _Forms(operation, viewer).page(operation, viewer, action, persons)
    return render_template("outcomes/person_set.html", **_page(operation, viewer, action, persons), mine=False)


def _page(operation: Operation, viewer: Viewer, action: JointAction, persons: PersonSet) -> dict[str, object]:
    left = remainders(persons.count, ((share.dimension, share.count) for share in persons.shares))
    return {
        "operation": operation,
        "action": action,
        "persons": persons,
        "decisions": queries.decisions(persons)[::-1],
        "standing": queries.standing_of(persons),
        "remainders": left,
        "dimensions": [one for one in SHARED_BY if one in left],
        "countries": dict(nationalities()) if Dimension.NATIONALITY in left else {},
        "sources": {row.id: row for row in queries.sources(session(), operation)},
        "figures": queries.figures_in(session(), viewer, Figure.person_set_id == persons.id, clock.now()),
        "figure_url": figure_url,
    }


class _Forms:
    """What the party of an action can say of a set; as the page shows them."""

    def __init__(self, operation: Operation, viewer: Viewer) -> None:
        choices = source_choices(operation, viewer)
        self.status_form, self.share_form, self.figure_form = StatusForm(), ShareForm(), SetFigureForm()
        self.status_form.source.choices = [("", _("None")), *choices]
        self.figure_form.source.choices = [("", _("Records of the operation")), *choices]

    def page(self, operation: Operation, viewer: Viewer, action: JointAction, persons: PersonSet) -> str:
        """The page of the set with these forms."""
        page = _page(operation, viewer, action, persons)
        return render_template("outcomes/person_set.html", **page, **vars(self), mine=True)


@bp.route("/persons/<uuid:uuid>/edit", methods=["GET", "POST"])
@policy(own_persons)
def change_persons(
    *, actor: User, viewer: Viewer, operation: Operation, action: JointAction, persons: PersonSet
) -> ResponseReturnValue:
    """What a set is called, and how many they are."""
    form = PersonsForm(obj=persons)
    if form.accepted():
        try:
            with transaction() as current:
                services.change_persons(current, persons, name=form.name.data, count=form.count.data or 0)
            return redirect(url_for("outcomes.show_persons", uuid=persons.uuid))
        except Refused as refused:
            form.refuse(refused)
    page = {"form": form, "operation": operation, "action": action, "persons": persons}
    return render_template("outcomes/person_form.html", **page), status(form)


@bp.post("/persons/<uuid:uuid>/status")
@policy(own_persons)
def set_status(
    *, actor: User, viewer: Viewer, operation: Operation, action: JointAction, persons: PersonSet
) -> ResponseReturnValue:
    """As what how many of them are held to be from a day on."""
    forms = _Forms(operation, viewer)
    form = forms.status_form
    if form.accepted():
        try:
            with transaction() as current:
                services.set_status(
                    current,
                    persons,
                    status=form.status.data,
                    count=form.count.data or 0,
                    decided_on=form.decided_on.data or clock.now().date(),
                    decided_by=form.decided_by.data or None,
                    source=_source(operation, form.source.data),
                    actor=actor,
                    now=clock.now(),
                    operation_starts=operation.starts_on,
                )
            return redirect(url_for("outcomes.show_persons", uuid=persons.uuid))
        except Refused as refused:
            form.refuse(refused)
    return forms.page(operation, viewer, action, persons), status(form)


@bp.post("/persons/<uuid:uuid>/shares")
@policy(own_persons)
def set_share(
    *, actor: User, viewer: Viewer, operation: Operation, action: JointAction, persons: PersonSet
) -> ResponseReturnValue:
    """How many of them share a nationality, sex, age or role; a second word on the same part takes its place."""
    forms = _Forms(operation, viewer)
    form = forms.share_form
    if form.accepted():
        dimension, key = form.chosen
        with transaction() as current:
            services.set_share(
                current, persons, dimension=dimension, key=key, count=form.count.data or 0, verified=form.verified.data
            )
        return redirect(url_for("outcomes.show_persons", uuid=persons.uuid))
    return forms.page(operation, viewer, action, persons), status(form)


@bp.post("/persons/<uuid:uuid>/shares/<dimension>/<key>/remove")
@policy(own_persons)
def remove_share(
    *,
    actor: User,
    viewer: Viewer,
    operation: Operation,
    action: JointAction,
    persons: PersonSet,
    dimension: str,
    key: str,
) -> ResponseReturnValue:
    """A share that was entered by mistake."""
    share = next((row for row in persons.shares if (row.dimension.value, row.key) == (dimension, key)), None)
    if share is None:
        raise NotFound("share", key)
    with transaction() as current:
        services.remove_share(current, persons, share)
    return redirect(url_for("outcomes.show_persons", uuid=persons.uuid))


@bp.post("/persons/<uuid:uuid>/figures")
@policy(own_persons)
def state_of_set(
    *, actor: User, viewer: Viewer, operation: Operation, action: JointAction, persons: PersonSet
) -> ResponseReturnValue:
    """A figure of the set; what looks too large is asked about, and kept if it is right."""
    forms = _Forms(operation, viewer)
    form = forms.figure_form
    if form.accepted():
        try:
            with transaction():
                figure = _state(form, operation, action, persons, actor)
            return redirect(figure_url(figure))
        except Refused as refused:
            form.refuse(refused)
    return forms.page(operation, viewer, action, persons), status(form)


def _state(form: SetFigureForm, operation: Operation, action: JointAction, persons: PersonSet, actor: User) -> Figure:
    measure, number, now = str(form.measure.data), Decimal(form.number.data or 0), clock.now()
    doubt = services.asks_again(session(), persons, measure, number)
    if doubt is not None and not form.sure.data:
        raise Refused(doubt[0], field="number", number=doubt[1])
    on = form.on.data or now.date()
    owner = action.item.originator
    return services.state_figure(
        session(),
        actor=actor,
        now=now,
        operation=operation,
        owner=owner,
        code=services.free_figure_code(
            session(), operation, f"{owner.code}-{action.item.reference}-{measure}", actor=actor, now=now
        ),
        title=persons.name,
        measure=measure,
        low=number,
        period=(on, on),
        source=_source(operation, form.source.data) or records(operation),
        as_of=now.date(),
        attribution=Attribution.SUPPORTED,
        joint_action=action,
        person_set=persons,
    )


def _source(operation: Operation, code: str | None) -> Source | None:
    return next((row for row in queries.sources(session(), operation) if row.code == code), None)
