"""Questions to originators: asked of a case or lead, answered by its heads; and what was called back."""

from datetime import date, datetime, time
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError

from confmgr.accounts.models import User
from confmgr.cases import matching, meaning, queries
from confmgr.cases.access import asked_question, asked_recall, own_seat, seen
from confmgr.cases.consent_forms import AnswerForm, AskForm, SecondForm
from confmgr.cases.consequences import REACH_DELEGATIONS
from confmgr.cases.routes.blueprint import bp, of_both, offered, others, page_of
from confmgr.cases.routes.late import say, say_already
from confmgr.delegations.models import Delegation
from confmgr.errors import MarkingChanged, NotAllowed, Refused, StaleVersion
from confmgr.gateways import clock
from confmgr.meetings.access import in_meeting
from confmgr.meetings.domain import SPEAKERS
from confmgr.meetings.models import Meeting
from confmgr.sharing import asking, heading, recalling, services
from confmgr.sharing import queries as sharing
from confmgr.sharing.asking import Question
from confmgr.sharing.domain import ConsentKind, ConsentState, Tlp
from confmgr.sharing.models import ConsentRequest, Item, Recall
from confmgr.sharing.rule import Seat, Viewer, strictest
from confmgr.sharing.services import NOBODY, Answer, Target, Wanted
from confmgr.values.times import nearest_instant
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy

LAST_MINUTE = time(23, 59)


@bp.get("/meetings/<slug>/consents")
@policy(in_meeting(*SPEAKERS))
def consents(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """What waits for the reader, what the delegation has asked and was asked, what was called back."""
    now = clock.now()
    viewer = sharing.viewer_of(session(), actor, now)
    rows = asking.questions(session(), viewer, meeting, now)
    recalls = recalling.recalled_from(session(), viewer, meeting, now)
    return render_template(
        "cases/consents.html",
        meeting=meeting,
        waiting=[row for row in rows if row.waits],
        open=[row for row in rows if row.request.state is ConsentState.OPEN and not row.waits],
        answered=[row for row in rows if row.request.state is not ConsentState.OPEN],
        recalls=recalls,
        under=recalling.stood_under(session(), viewer, recalls, now),
        red=heading.red_of_party(session(), viewer, meeting, now),
        new_matches=matching.unanswered(session(), viewer, now, meeting=meeting),
        target=meaning.target,
        tlp=strictest(row.request.marking.tlp for row in rows) if rows else None,
    )


@bp.post("/meetings/<slug>/red/<uuid:uuid>/withdraw")
@policy(in_meeting(*SPEAKERS))
def withdraw_red(*, meeting: Meeting, actor: User, uuid: UUID) -> ResponseReturnValue:
    """The head takes TLP:RED of the own agency back, on its envelope."""
    with transaction() as current:
        done = services.withdraw_red(current, uuid, meeting=meeting, actor=actor, now=clock.now())
    say(
        _("They cannot open it any more. Copies that they have taken already cannot be called back."),
        "warning",
        done=done,
    )
    return redirect(url_for("cases.consents", slug=meeting.slug))


@of_both("ask", seen, ("ask", "ask_lead"), asks=True)
def ask(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """Ask the originator of a case or lead."""
    back = page_of(item)
    seat = own_seat(viewer, meeting)
    targets = _targets(item, meeting, seat)
    form = AskForm()
    form.offer(item, [(key, name) for key, name, _target in targets])
    if form.accepted():
        try:
            with transaction() as current:
                made = services.ask(
                    current,
                    item,
                    _wanted(form, targets),
                    actor=actor,
                    now=clock.now(),
                    delegation=current.get_one(Delegation, seat.delegation_id),
                )
            flash(_("Your question is with %(party)s.", party=item.originator.code), "ok")
            return redirect(url_for("cases.consent", uuid=made.uuid))
        except Refused as refused:
            form.refuse(refused)
    own = seat.party_id == item.originator_id
    return render_template("cases/ask.html", form=form, meeting=meeting, item=item, back=back, own=own), status(form)


def _targets(item: Item, meeting: Meeting, seat: Seat) -> list[tuple[str, str, Target]]:
    """Delegations, agencies and persons at the meeting, but the originator's and the asking party's own."""
    now, own = clock.now(), {item.originator_id, seat.party_id}
    found: list[tuple[str, str, Target]] = []
    if item.marking.tlp in REACH_DELEGATIONS:
        rows = [row for row in others(meeting, item.originator_id) if row.party_id not in own]
        found += [(f"d{row.id}", name, Target(row)) for row, (_code, name) in zip(rows, offered(rows), strict=True)]
    if item.marking.tlp is not Tlp.RED:
        agencies = [(a, p) for a, p in queries.agencies_at(session(), meeting, now) if p.id not in own]
        found += [(f"a{a.id}", f"{p.code} · {a.code}", Target(agency=a)) for a, p in agencies]
    people = [(u, p) for u, p in queries.people_at(session(), meeting, now) if p.id not in own]
    return found + [(str(u.uuid), f"{p.code} · {u.name}", Target(user=u)) for u, p in people]


def _wanted(form: AskForm, targets: list[tuple[str, str, Target]]) -> Wanted:
    kind, said = ConsentKind(form.kind.data), form.data
    chosen = (target for key, _name, target in targets if key == said["to"] and kind is ConsentKind.ONWARD)
    return Wanted(
        kind,
        str(said["reason"]),
        next(chosen, NOBODY),
        tlp=Tlp(said["tlp"]) if said.get("tlp") and kind is ConsentKind.DOWNGRADE else None,
        retain_until=said.get("retain_until") if kind is ConsentKind.LONGER_RETENTION else None,
    )


@bp.route("/consents/<uuid:uuid>", methods=["GET", "POST"])
@policy(asked_question)
def consent(*, actor: User, viewer: Viewer, question: Question, meeting: Meeting) -> ResponseReturnValue:
    """One question, to be decided by a head of the originator."""
    row = question.request
    form, means = AnswerForm(version=row.version), _means(row)
    form.offer(row, " ".join(means))
    if question.may_decide and form.accepted():
        try:
            with transaction() as current:
                services.answer(
                    current, row, _given(form, meeting), actor=actor, now=clock.now(), seen_version=form.version.data
                )
            flash(_("The answer is kept."), "ok")
            return redirect(url_for("cases.consent", uuid=row.uuid))
        except Refused as refused:
            form.refuse(refused)
        except (StaleVersion, StaleDataError) as late:
            return _late(late, row, viewer, meeting)
    elif request.method == "POST" and not question.may_decide:
        return _why_not(actor, viewer, question, meeting)
    return _page(question, meeting, form, means), status(form)


def _means(row: ConsentRequest) -> list[str]:
    return meaning.of_grant(row, asking.parties_reached(session(), row.item))


def _page(question: Question, meeting: Meeting, form: AnswerForm, means: list[str], *, late: bool = False) -> str:
    row = question.request
    return render_template(
        "cases/consent.html",
        meeting=meeting,
        question=question,
        row=row,
        item=row.item,
        means=means,
        target=meaning.target(row),
        form=form if question.may_decide else None,
        second=SecondForm(version=row.version) if question.may_second else None,
        late=late,
    )


def _why_not(actor: User, viewer: Viewer, question: Question, meeting: Meeting) -> ResponseReturnValue:
    """Who may not decide is told why: it is answered, has run out, is marked anew, or is not theirs."""
    row = question.request
    try:
        services.check_decides(session(), row, actor=actor, now=clock.now(), seen_version=row.version)
    except StaleVersion as late:
        return _late(late, row, viewer, meeting)
    raise NotAllowed("decide this")


def _late(
    error: StaleVersion | StaleDataError, row: ConsentRequest, viewer: Viewer, meeting: Meeting
) -> ResponseReturnValue:
    """How the question stands by now, for somebody who pressed a button of how it stood before."""
    if isinstance(error, MarkingChanged):
        raise error
    session().expire_all()
    question = asking.get_question(session(), viewer, row.uuid, clock.now())
    form = AnswerForm(formdata=None, version=question.request.version)
    means = _means(question.request)
    form.offer(question.request, " ".join(means))
    return _page(question, meeting, form, means, late=True), 409


def _given(form: AnswerForm, meeting: Meeting) -> Answer:
    """What was decided; with a limit, a grant is a part of what was asked, whatever was ticked."""
    decision, said = ConsentState(form.decision.data), form.data
    if decision is ConsentState.REFUSED:
        return Answer(decision, said["text"] or None)
    until = _until(said.get("until"), meeting)
    tlp = Tlp(said["tlp"]) if said.get("tlp") else None
    limits = (until, tlp, said.get("retain_until"))
    return Answer(
        ConsentState.PARTLY if any(limits) else decision,
        said["text"] or None,
        until=until,
        tlp=tlp,
        retain_until=said.get("retain_until"),
    )


def _until(day: date | None, meeting: Meeting) -> datetime | None:
    return None if day is None else nearest_instant(datetime.combine(day, LAST_MINUTE), meeting.zone)


@bp.post("/consents/<uuid:uuid>/agree")
@policy(asked_question)
def agree(*, actor: User, viewer: Viewer, question: Question, meeting: Meeting) -> ResponseReturnValue:
    """The second person agrees."""
    return _second(actor, viewer, question, meeting, agrees=True)


@bp.post("/consents/<uuid:uuid>/disagree")
@policy(asked_question)
def disagree(*, actor: User, viewer: Viewer, question: Question, meeting: Meeting) -> ResponseReturnValue:
    """The second person does not agree."""
    return _second(actor, viewer, question, meeting, agrees=False)


def _second(actor: User, viewer: Viewer, question: Question, meeting: Meeting, *, agrees: bool) -> ResponseReturnValue:
    form, row = SecondForm(), question.request
    try:
        with transaction() as current:
            services.confirm(current, row, actor=actor, now=clock.now(), seen_version=form.version.data, agrees=agrees)
    except (StaleVersion, StaleDataError) as late:
        return _late(late, row, viewer, meeting)
    return redirect(url_for("cases.consent", uuid=row.uuid))


@bp.post("/consents/<uuid:uuid>/withdraw")
@policy(asked_question)
def withdraw_consent(*, actor: User, viewer: Viewer, question: Question, meeting: Meeting) -> ResponseReturnValue:
    """Those who asked take the question back."""
    form, row = SecondForm(), question.request
    if row.state is ConsentState.WITHDRAWN and asking.speaks_for_asker(row, viewer):
        say_already()
        return redirect(url_for("cases.consents", slug=meeting.slug))
    if not question.may_withdraw:
        raise StaleVersion("consent", row.uuid)
    with transaction() as current:
        services.withdraw_question(current, row, actor=actor, now=clock.now(), seen_version=form.version.data)
    flash(_("The question is taken back."), "ok")
    return redirect(url_for("cases.consents", slug=meeting.slug))


@bp.get("/recalls/<uuid:uuid>")
@policy(asked_recall)
def recall(*, actor: User, row: Recall, meeting: Meeting) -> ResponseReturnValue:
    """What somebody is asked to use no copy of."""
    now = clock.now()
    under = recalling.stood_under(session(), sharing.viewer_of(session(), actor, now), [row], now)
    return render_template("cases/recall.html", meeting=meeting, row=row, item=row.item, under=under)


@bp.post("/recalls/<uuid:uuid>/acknowledge")
@policy(asked_recall)
def acknowledge(*, actor: User, row: Recall, meeting: Meeting) -> ResponseReturnValue:
    """Say that no copy is used any more."""
    with transaction() as current:
        services.acknowledge(current, row, actor=actor, now=clock.now())
    flash(_("%(party)s sees that you have acknowledged it.", party=row.item.originator.code), "ok")
    return redirect(url_for("cases.consents", slug=meeting.slug))
