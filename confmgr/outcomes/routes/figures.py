"""Figures: stated, opened, confirmed, corrected, reworded, converted; who may do which."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.cases.models import Case
from confmgr.errors import Refused, StaleVersion
from confmgr.gateways import clock
from confmgr.outcomes import queries, services
from confmgr.outcomes.access import own_figure, visible_figure, writer
from confmgr.outcomes.case_figures import cases_of
from confmgr.outcomes.domain import FigureStatus, OverlapDecision
from confmgr.outcomes.forms import (
    ConversionForm,
    CorrectionForm,
    DescribeForm,
    FigureForm,
    OverlapForm,
    ReasonForm,
    SeenForm,
)
from confmgr.outcomes.models import Figure, PersonSet
from confmgr.outcomes.queries import Draft, Facts
from confmgr.outcomes.routes.blueprint import (
    bp,
    choices_among,
    figure_url,
    meeting_choices,
    meetings_of,
    nothing_chosen,
    source_choices,
)
from confmgr.outcomes.totals import converted, in_scope, remainders
from confmgr.parties.models import Operation, Party
from confmgr.sharing.domain import Tlp
from confmgr.sharing.rule import Viewer
from confmgr.web import formats, labels
from confmgr.web.db import session, transaction
from confmgr.web.forms import Form, status
from confmgr.web.policy import policy


@bp.get("/figures/<uuid:uuid>")
@policy(visible_figure)
def figure(*, actor: User, viewer: Viewer, operation: Operation, figure: Figure, own: bool) -> ResponseReturnValue:
    """A figure with source, corrections, rivals and overlaps; a declared one beside the records it is held against."""
    facts = queries.facts(session(), operation, viewer, clock.now())
    return figure_page(facts, viewer, operation, figure, own=own)


def overlap_form(facts: Facts, figure: Figure) -> OverlapForm:
    """Which other figures may be linked with this one."""
    form = OverlapForm()
    form.other.choices = [
        (str(row.uuid), f"{formats.plain_words(row.title) or row.code}: {formats.number(row.high)}")
        for row in queries.may_overlap(facts, facts.by_id[figure.id])
    ]
    return form


def conversion_form(facts: Facts, operation: Operation) -> ConversionForm:
    """A rate with the sources that the reader may know of."""
    form = ConversionForm()
    form.source.choices = choices_among(operation, facts)
    return form


def figure_page(
    facts: Facts, viewer: Viewer, operation: Operation, figure: Figure, *, own: bool, form: Form | None = None
) -> ResponseReturnValue:
    """The page of a figure; `form`: one that was refused."""
    declared = next((one for one in facts.comparisons if one.declared.id == figure.code), None)
    shown = facts.by_id[figure.id]
    linking = form if isinstance(form, OverlapForm) else overlap_form(facts, figure)
    return render_template(
        "outcomes/figure.html",
        operation=operation,
        figure=shown,
        marking=_marking(shown),
        links=queries.links_of(facts, figure),
        doubts=queries.doubts_of(facts, shown),
        rivals=queries.rivals(facts, figure),
        versions=queries.corrections(facts, shown),
        newest=queries.newest(facts, shown),
        cases=cases_of(session(), viewer, shown, clock.now()),
        taken_back=queries.taken_back(session(), figure),
        remainders=remainders(shown.high, ((part.dimension, part.value) for part in shown.breakdown)),
        converted=converted,
        declared=declared,
        records=in_scope(declared.declared, facts.counts) if declared else [],
        facts=facts,
        figure_url=figure_url,
        own=own,
        may_confirm=own and viewer.user_id != figure.declared_by_id,
        decisions=list(OverlapDecision),
        linking=linking if own and linking.other.choices and shown.status is not FigureStatus.SUPERSEDED else None,
        conversion=(form if isinstance(form, ConversionForm) else conversion_form(facts, operation))
        if own and shown.currency
        else None,
    ), (200 if form is None else status(form))


def _marking(figure: Figure) -> Tlp:
    return queries.markings_of(session(), [figure])[figure.id]


def same_version(figure: Figure, seen: object) -> None:
    """Refuse what was written on a page that somebody has overtaken.

    Raises:
        StaleVersion: The figure has changed meanwhile.
    """
    if str(seen) != str(figure.version):
        raise StaleVersion("figure", figure.code)


@bp.post("/figures/<uuid:uuid>/confirm")
@policy(own_figure)
def confirm(*, actor: User, viewer: Viewer, operation: Operation, figure: Figure) -> ResponseReturnValue:
    """The second person of the owner confirms."""
    try:
        with transaction() as current:
            same_version(figure, SeenForm().version.data)
            services.confirm_figure(current, figure, actor=actor, now=clock.now())
        flash(_("The figure is confirmed."), "ok")
    except Refused:
        flash(_("A second person must confirm: you stated this figure yourself, or it has been corrected."), "conflict")
    return redirect(figure_url(figure))


@bp.route("/figures/<uuid:uuid>/unconfirm", methods=["GET", "POST"])
@policy(own_figure)
def unconfirm(*, actor: User, viewer: Viewer, operation: Operation, figure: Figure) -> ResponseReturnValue:
    """The owner takes a confirmation back, with the reason that everybody reads."""
    form = ReasonForm(version=figure.version)
    if form.accepted():
        same_version(figure, form.version.data)
        try:
            with transaction() as current:
                services.take_back_confirmation(
                    current, figure, actor=actor, now=clock.now(), reason=form.reason.data or ""
                )
            flash(_("The figure is provisional again."), "ok")
            return redirect(figure_url(figure))
        except Refused as refused:
            form.refuse(refused)
    page = render_template("outcomes/figure_unconfirm.html", form=form, figure=figure, marking=_marking(figure))
    return page, status(form)


@bp.route("/figures/<uuid:uuid>/edit", methods=["GET", "POST"])
@policy(own_figure)
def describe(*, actor: User, viewer: Viewer, operation: Operation, figure: Figure) -> ResponseReturnValue:
    """Title, note, attribution and parts; the number itself is corrected, never edited."""
    form = DescribeForm(obj=_Described(figure))
    if request.method == "GET":
        form.show(figure.breakdown)
    if form.accepted():
        same_version(figure, form.version.data)
        try:
            with transaction() as current:
                services.describe_figure(
                    current,
                    figure,
                    actor=actor,
                    now=clock.now(),
                    title=form.title.data,
                    note=form.note.data,
                    counting_rule=form.counting_rule.data,
                    attribution=form.attribution.data,
                    breakdown=form.parts(),
                )
            return redirect(figure_url(figure))
        except Refused as refused:
            form.refuse(refused)
    return render_template(
        "outcomes/figure_edit.html", form=form, operation=operation, figure=figure, marking=_marking(figure)
    ), status(form)


class _Described:
    """A figure as its form reads it: all but the parts, which have rows of their own."""

    def __init__(self, figure: Figure) -> None:
        self.title, self.note, self.counting_rule = figure.title, figure.note, figure.counting_rule
        self.attribution, self.version = figure.attribution, figure.version


@bp.route("/operations/<code>/figures/new", methods=["GET", "POST"])
@policy(writer)
def state_figure(*, operation: Operation, actor: User, viewer: Viewer, party: Party) -> ResponseReturnValue:
    """State a figure for the own party."""
    form = FigureForm(code=f"{party.code}-", action=request.args.get("action", ""), cases=request.args.getlist("case"))
    found = _Choices(form, operation, viewer)
    if form.accepted() and _certain(form, found.asked):
        try:
            with transaction():
                figure = found.state(actor, party)
            flash(_("The figure is stated. A second person of your party confirms it."), "ok")
            return redirect(figure_url(figure))
        except Refused as refused:
            form.refuse(refused)
    if not form.form_errors and not form.anyway.data:
        del form.anyway
    return render_template("outcomes/figure_form.html", form=form, operation=operation), status(form)


def _certain(form: FigureForm | CorrectionForm, ask: Callable[[], list[Refused]]) -> bool:
    """Whether nothing is to be asked, or the answer is yes."""
    asked = [] if form.anyway.data else ask()
    form.form_errors.extend(_("Please check: %(doubt)s", doubt=labels.sentence(one)) for one in asked)
    return not asked


class _Choices:
    """What a figure may belong to, as its writer may see it, and the figure that a form makes of it."""

    def __init__(self, form: FigureForm, operation: Operation, viewer: Viewer) -> None:
        now, current = clock.now(), session()
        self.form, self.operation = form, operation
        self.facts = queries.facts(current, operation, viewer, now)
        self.meetings = meetings_of(operation, viewer)
        self.actions = {str(row.item.uuid): row for row in queries.joint_actions(current, operation, viewer, now)}
        self.groups = {str(row.item.uuid): row for row in queries.groups(current, operation, viewer, now)[0]}
        self.cases: dict[str, Case] = {
            str(row.item.uuid): row for row in queries.cases_to_choose(current, operation, viewer, now)
        }
        self.persons: dict[str, PersonSet] = {
            str(row.uuid): row for action in self.actions.values() for row in action.person_sets
        }
        none = [("", _("None"))]
        form.offer(queries.measures_of(current, operation))
        form.source.choices = nothing_chosen(source_choices(operation, viewer))
        form.meeting.choices = meeting_choices(self.meetings, none=True)
        form.action.choices = [*none, *((key, formats.plain_words(row.title)) for key, row in self.actions.items())]
        form.group.choices = [*none, *((key, formats.plain_words(row.name)) for key, row in self.groups.items())]
        form.cases.choices = [(key, _case_name(row)) for key, row in self.cases.items()]
        form.persons.choices = [
            *none,
            *(
                (str(row.uuid), f"{formats.plain_words(action.title)} · {formats.plain_words(row.name)}: {row.count}")
                for action in self.actions.values()
                for row in action.person_sets
            ),
        ]

    def asked(self) -> list[Refused]:
        """What is possible and seldom right."""
        form = self.form
        action = self.actions.get(form.action.data or "")
        draft = Draft(
            str(form.measure.data),
            form.kind.data,
            form.low.data or Decimal(0),
            form.low.data or Decimal(0) if form.high.data is None else form.high.data,
            form.from_on.data,
            None if action is None else action.id,
            self.persons.get(form.persons.data or ""),
        )
        return queries.please_check(self.facts, self.operation, draft)

    def state(self, actor: User, party: Party) -> Figure:
        """State the figure."""
        form = self.form
        first, last = form.from_on.data, form.to_on.data
        if (first is None) != (last is None):
            raise Refused("flow_needs_period", field="from_on")
        return services.state_figure(
            session(),
            actor=actor,
            now=clock.now(),
            operation=self.operation,
            owner=party,
            code=services.figure_code(
                session(), self.operation, party, str(form.code.data), actor=actor, now=clock.now()
            ),
            title=form.title.data,
            kind=form.kind.data,
            measure=str(form.measure.data),
            qualifier=form.qualifier.data,
            low=form.low.data or Decimal(0),
            high=form.high.data,
            currency=str(form.currency.data).upper() if form.currency.data else None,
            period=None if first is None or last is None else (first, last),
            at_on=form.at_on.data,
            source=next(row for row in queries.sources(session(), self.operation) if row.code == form.source.data),
            as_of=form.as_of.data or clock.now().date(),
            attribution=form.attribution.data,
            meeting=next((row for row in self.meetings if row.slug == form.meeting.data), None),
            joint_action=self.actions.get(form.action.data or ""),
            person_set=self.persons.get(form.persons.data or ""),
            group=self.groups.get(form.group.data or ""),
            cases=[self.cases[key] for key in form.cases.data or []],
            breakdown=form.parts(),
            counting_rule=form.counting_rule.data,
            note=form.note.data,
        )


def _case_name(row: Case) -> str:
    return f"{row.item.originator.code}/{row.item.reference} · {formats.plain_words(row.title)}"


@bp.route("/figures/<uuid:uuid>/correct", methods=["GET", "POST"])
@policy(own_figure)
def correct(*, actor: User, viewer: Viewer, operation: Operation, figure: Figure) -> ResponseReturnValue:
    """A correction supersedes; the old figure stays to be read. Only the newest of a chain is corrected."""
    facts = queries.facts(session(), operation, viewer, clock.now())
    form = CorrectionForm(
        code=f"{figure.owner.code}-", qualifier=figure.qualifier, source=figure.source.code, version=figure.version
    )
    form.source.choices = choices_among(operation, facts)
    if figure.status is FigureStatus.SUPERSEDED:
        newest = queries.newest(facts, figure)
        return render_template("outcomes/figure_corrected.html", operation=operation, figure=figure, newest=newest), 409
    if form.accepted() and _certain(form, lambda: _asked_of_correction(facts, operation, figure, form)):
        same_version(figure, form.version.data)
        try:
            with transaction() as current:
                fresh = _corrected(current, form, operation, figure, actor)
            return redirect(figure_url(fresh))
        except Refused as refused:
            form.refuse(refused)
    if not form.form_errors and not form.anyway.data:
        del form.anyway
    return render_template(
        "outcomes/correct.html", form=form, operation=operation, figure=figure, marking=_marking(figure)
    ), status(form)


def _asked_of_correction(facts: Facts, operation: Operation, figure: Figure, form: CorrectionForm) -> list[Refused]:
    low = form.low.data or Decimal(0)
    high = low if form.high.data is None else form.high.data
    draft = Draft(figure.measure, figure.kind, low, high, figure.from_on, figure.joint_action_id, None, replaces=figure)
    return queries.please_check(facts, operation, draft)


def _corrected(current: Any, form: CorrectionForm, operation: Operation, figure: Figure, actor: User) -> Figure:
    return services.correct_figure(
        current,
        figure,
        actor=actor,
        now=clock.now(),
        code=services.figure_code(current, operation, figure.owner, str(form.code.data), actor=actor, now=clock.now()),
        low=form.low.data or Decimal(0),
        high=form.high.data,
        source=next(row for row in queries.sources(current, operation) if row.code == form.source.data),
        as_of=form.as_of.data or clock.now().date(),
        qualifier=form.qualifier.data,
        note=form.note.data,
        breakdown=form.parts(),
    )


@bp.post("/figures/<uuid:uuid>/conversions")
@policy(own_figure)
def convert(*, actor: User, viewer: Viewer, operation: Operation, figure: Figure) -> ResponseReturnValue:
    """A sum in another currency, with rate, date and source, beside the original."""
    facts = queries.facts(session(), operation, viewer, clock.now())
    form = conversion_form(facts, operation)
    if form.accepted():
        try:
            with transaction() as current:
                services.convert_figure(
                    current,
                    figure,
                    actor=actor,
                    now=clock.now(),
                    currency=str(form.currency.data).upper(),
                    rate=form.rate.data or Decimal(0),
                    rate_on=form.rate_on.data or clock.now().date(),
                    source=queries.get_source(current, operation, facts, str(form.source.data)),
                )
            return redirect(figure_url(figure))
        except Refused as refused:
            form.refuse(refused)
    return figure_page(facts, viewer, operation, figure, own=True, form=form)


@bp.post("/figures/<uuid:uuid>/conversions/<currency>/remove")
@policy(own_figure)
def remove_conversion(
    *, actor: User, viewer: Viewer, operation: Operation, figure: Figure, currency: str
) -> ResponseReturnValue:
    """Take a conversion away again."""
    with transaction() as current:
        services.remove_conversion(current, figure, currency, actor=actor, now=clock.now())
    return redirect(figure_url(figure))
