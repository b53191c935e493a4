"""A party's return: written and handed in by the party, judged by organisers."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from confmgr.accounts.models import User
from confmgr.errors import Refused, StaleVersion
from confmgr.gateways import clock
from confmgr.outcomes import queries, services
from confmgr.outcomes.domain import AnswerKind, Dimension, Publishing, ReturnState
from confmgr.outcomes.forms import ReturnForm, SendBackForm
from confmgr.outcomes.forms.rounds import name_of
from confmgr.outcomes.models import RoundAnswer, RoundReturn
from confmgr.outcomes.queries import Facts, RoundReader
from confmgr.outcomes.returns import Asked, may_be_reopened, parts_of
from confmgr.outcomes.rounds_access import judge_of_return, reader_of_return, writer_of_return
from confmgr.outcomes.routes.blueprint import bp, figure_url
from confmgr.outcomes.services import Texts
from confmgr.outcomes.totals import Total, remainders
from confmgr.sharing.rule import Viewer
from confmgr.web import labels
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy

Records = Mapping[str, Sequence[tuple[str | None, Total]]]


@bp.get("/returns/<uuid:uuid>")
@policy(reader_of_return)
def show_return(*, actor: User, viewer: Viewer, rights: RoundReader, row: RoundReturn) -> ResponseReturnValue:
    """A return with every step it took; its answers for the party, and for organisers once it is handed in."""
    return _page(row, rights, SendBackForm(obj=row))


def _page(row: RoundReturn, rights: RoundReader, form: SendBackForm) -> ResponseReturnValue:
    round_ = row.round
    asked = queries.asked_of(session(), round_)
    return render_template(
        "outcomes/round_return.html",
        operation=round_.operation,
        round=round_,
        row=row,
        asked=asked,
        answers={one.code: [a for a in row.answers if a.measure == one.code] for one in asked},
        readable=rights.reads(row),
        writes=rights.writes(row),
        writable=rights.writes(row) and queries.is_writable(row),
        judges=rights.judges(round_),
        may_accept=rights.judges(round_) and row.state is ReturnState.SUBMITTED,
        form=form if rights.judges(round_) and may_be_reopened(round_.state, row.state) else None,
        coverage=queries.coverage_of(row, round_.measures),
        left_over=_left_over,
        name_of=name_of,
        figure_url=figure_url,
    ), status(form)


def _left_over(answer: RoundAnswer) -> dict[Dimension, Decimal]:
    """What each breakdown of an answer leaves over."""
    if answer.high is None:
        return {}
    return remainders(answer.high, ((along, value) for along, _key, value in parts_of(answer.shares)))


@bp.route("/returns/<uuid:uuid>/edit", methods=["GET", "POST"])
@policy(writer_of_return)
def write_return(*, actor: User, viewer: Viewer, rights: RoundReader, row: RoundReturn) -> ResponseReturnValue:
    """The form: each measure with its definition, and what the own records say of it; saved as a draft or handed in."""
    if not queries.is_writable(row):
        flash(_("This return cannot be changed now: it was handed in, or the round is closed."), "info")
        return redirect(url_for("outcomes.show_return", uuid=row.uuid))
    asked = queries.asked_of(session(), row.round)
    form, code = ReturnForm(row, asked), 200
    if form.accepted():
        try:
            return _save(form, row, actor)
        except Refused as refused:
            form.refuse(refused)
        except StaleVersion:
            row, _rights = queries.get_return(session(), row.uuid, actor, clock.now())
            form.show_meanwhile(row, asked)
            code = 409
    facts = queries.facts(session(), row.round.operation, viewer, clock.now())
    records = {one.code: queries.from_records(facts, row, one.code) for one in asked}
    if request.method == "GET":
        form.compiled_by.data = form.compiled_by.data or actor.name
    if request.method == "GET" and request.args.get("records"):
        _say_filled(form.fill_in(records))
    return _form_page(form, row, asked, facts, records), code if code != 200 else status(form)  # noqa: PLR2004


def _save(form: ReturnForm, row: RoundReturn, actor: User) -> ResponseReturnValue:
    now, hand_in = clock.now(), "hand_in" in request.form
    with transaction() as current:
        services.save_return(
            current,
            row,
            actor=actor,
            now=now,
            seen_version=form.version.data,
            answers=form.answers,
            texts=Texts(
                compiled_by=form.compiled_by.data or None,
                released_by=form.released_by.data or None,
                story=form.story.data or None,
                new_methods=form.new_methods.data or None,
                obstacles=form.obstacles.data or None,
                publishing=Publishing(form.publishing.data),
            ),
        )
        if hand_in:
            services.submit_return(current, row, actor=actor, now=now)
    flash(_("The return is handed in.") if hand_in else _("The draft is saved. It is not handed in yet."), "ok")
    return redirect(url_for("outcomes.show_return", uuid=row.uuid))


def _say_filled(number: int) -> None:
    if number:
        flash(
            ngettext(
                "%(num)s number was filled in from your records. Nothing is saved yet.",
                "%(num)s numbers were filled in from your records. Nothing is saved yet.",
                number,
            ),
            "info",
        )
    else:
        flash(_("Your records hold no number for an empty cell."), "info")


def _form_page(form: ReturnForm, row: RoundReturn, asked: Sequence[Asked], facts: Facts, records: Records) -> str:
    return render_template(
        "outcomes/round_return_form.html",
        operation=row.round.operation,
        round=row.round,
        row=row,
        form=form,
        records=records,
        kinds=list(AnswerKind),
        any_records=any(records.values()),
        facts=facts,
        question=next((step for step in reversed(row.steps) if step.state is ReturnState.RETURNED), None),
        name_of=name_of,
        figure_url=figure_url,
    )


@bp.post("/returns/<uuid:uuid>/accept")
@policy(judge_of_return)
def accept_return(*, actor: User, viewer: Viewer, rights: RoundReader, row: RoundReturn) -> ResponseReturnValue:
    """Accept what was handed in; its values become declared figures."""
    seen = request.form.get("version", "")
    try:
        with transaction() as current:
            services.accept_return(
                current,
                row,
                actor=actor,
                now=clock.now(),
                seen_version=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0,  # noqa: PLR2004
            )
        flash(_("The return is accepted. Each of its values is now a declared figure."), "ok")
    except Refused as refused:
        flash(labels.sentence(refused), "conflict")
    return redirect(url_for("outcomes.show_return", uuid=row.uuid))


@bp.post("/returns/<uuid:uuid>/send-back")
@policy(judge_of_return)
def send_back(*, actor: User, viewer: Viewer, rights: RoundReader, row: RoundReturn) -> ResponseReturnValue:
    """Give it back with a question, or open it again for its party."""
    form = SendBackForm()
    if form.accepted():
        try:
            with transaction() as current:
                services.send_back(
                    current,
                    row,
                    actor=actor,
                    now=clock.now(),
                    reason=form.reason.data or None,
                    seen_version=form.version.data,
                )
            flash(_("The return is back with its party."), "ok")
            return redirect(url_for("outcomes.show_return", uuid=row.uuid))
        except Refused as refused:
            form.refuse(refused)
    return _page(row, rights, form)
