"""Action requests: asked, changed while nobody has answered, and advanced by the party that was asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.cases.models import Case
from confmgr.delegations.queries import delegation_of_party, zone_of
from confmgr.errors import NotAllowed, Refused
from confmgr.gateways import clock
from confmgr.invitations.routes.blueprint import mail_domain
from confmgr.meetings.models import Meeting
from confmgr.outcomes import queries, services
from confmgr.outcomes.access import asked_or_asking, writer
from confmgr.outcomes.chains import LinkEnd, Node
from confmgr.outcomes.domain import REQUEST_STEPS, RequestStep
from confmgr.outcomes.forms import AdvanceForm, RequestForm, WishForm
from confmgr.outcomes.labels.requests import due_in, lasted
from confmgr.outcomes.models import ActionRequest
from confmgr.outcomes.owing import is_open, stretches
from confmgr.outcomes.routes.blueprint import bp, meeting_choices, meetings_of, nothing_chosen, party_choices
from confmgr.outcomes.routes.blueprint import parties as all_parties
from confmgr.outcomes.routes.cards import end_choices, name_of
from confmgr.parties.models import Contact, Operation, Party
from confmgr.scheduling.models import MeetingSession
from confmgr.sharing import services as items
from confmgr.sharing.domain import ItemKind, ItemState, Tlp
from confmgr.sharing.rule import Viewer
from confmgr.web import formats, labels
from confmgr.web.db import session, transaction
from confmgr.web.forms import Form, status
from confmgr.web.policy import policy


@bp.route("/operations/<code>/requests/new", methods=["GET", "POST"])
@policy(writer)
def ask(*, operation: Operation, actor: User, viewer: Viewer, party: Party) -> ResponseReturnValue:
    """Ask another party for something, seen by both."""
    form = RequestForm(cause=request.args.get("cause", ""))
    form.meeting.choices = meeting_choices(meetings_of(operation, viewer))
    form.asked.choices = nothing_chosen(party_choices(all_parties(but=party.id)))
    contacts = _offer_contacts(form, party.id)
    offered = _offered(operation, viewer)
    form.case.choices, form.cause.choices = offered.case_choices(), offered.cause_choices()
    if form.accepted():
        try:
            with transaction():
                _ask(form, operation, actor, viewer, party, _chosen(contacts, form.contact.data), offered)
            flash(_("The request is with the party that was asked."), "ok")
            return redirect(url_for("outcomes.follow_up", code=operation.code))
        except Refused as refused:
            form.refuse(refused)
    return render_template("outcomes/request_form.html", form=form, operation=operation, row=None), status(form)


@dataclass(frozen=True, slots=True)
class Offered:
    """On what a request may rest: cases that the reader may read, and what may stand in a chain before it."""

    cases: Sequence[Case]
    causes: Sequence[Node]

    def case_choices(self) -> list[tuple[str, str]]:
        """Cases by reference."""
        return [("", _("None")), *((str(row.item.uuid), _case_name(row)) for row in self.cases)]

    def cause_choices(self) -> dict[str, list[tuple[str, str]]]:
        """Leads, sessions, requests and task forces by kind."""
        return {_("None"): [("", _("None"))], **end_choices(self.causes)}

    def cause(self, ident: str) -> Node | None:
        """The thing of an id."""
        return next((node for node in self.causes if str(node.uuid) == ident), None)


def _offered(operation: Operation, viewer: Viewer) -> Offered:
    now = clock.now()
    ends = queries.ends(session(), operation, viewer, now)
    return Offered(
        queries.readable_cases(session(), operation, viewer, now),
        [node for node in ends if node.kind is not LinkEnd.JOINT_ACTION],
    )


def _case_name(row: Case) -> str:
    return f"{row.item.originator.code}/{row.item.reference} · {formats.plain_words(row.title)}"


def _ask(
    form: RequestForm,
    operation: Operation,
    actor: User,
    viewer: Viewer,
    party: Party,
    contact: Contact | None,
    offered: Offered,
) -> ActionRequest:
    now = clock.now()
    meeting = next(row for row in meetings_of(operation, viewer) if row.slug == form.meeting.data)
    asked = next(row for row in all_parties() if row.code == form.asked.data)
    delegation = delegation_of_party(session(), meeting, asked.id)
    if delegation is None:
        raise Refused("other_meeting", field="asked")
    due = form.due_time(now, zone_of(session(), delegation))
    cause = offered.cause(form.cause.data)
    end = None if cause is None else queries.end_of(session(), cause)
    item = items.create_item(
        session(),
        kind=ItemKind.ACTION_REQUEST,
        operation=operation,
        originator=party,
        author=actor,
        reference=str(form.reference.data),
        tlp=Tlp.AMBER,
        now=now,
        meetings=[meeting],
        state=ItemState.SHARED,
    )
    row = services.ask_action(
        session(),
        item,
        actor=actor,
        now=now,
        kind=form.kind.data,
        asked=asked,
        text=form.text.data,
        asked_on=now.date(),
        meeting=meeting,
        at_session=end if isinstance(end, MeetingSession) else None,
        case=queries.case_of(offered.cases, form.case.data),
        urgency=form.urgency.data,
        channel=form.channel.data,
        due=due,
        contact=contact,
    )
    if end is not None:
        services.say_it_led_to(session(), operation, end, item, actor=actor, now=now)
    items.disclose(session(), item, actor=actor, now=now, to_delegation=delegation)
    services.tell_at_once(session(), row, now=now, domain=mail_domain())
    return row


@bp.route("/requests/<uuid:uuid>", methods=["GET", "POST"])
@policy(asked_or_asking)
def advance(
    *, actor: User, viewer: Viewer, operation: Operation, row: ActionRequest, asked: bool
) -> ResponseReturnValue:
    """A request with its history; the party asked says how far it is, and to whom to turn."""
    form = AdvanceForm(obj=row, data={"contact": _ident(row.asked_contact)})
    form.state.choices = [(step.value, labels.of(step)) for step in REQUEST_STEPS[row.state]]
    contacts = _offer_contacts(form, row.to_id, row.asked_contact) if asked else []
    may = asked and bool(form.state.choices)
    if request.method == "POST" and not asked:
        raise NotAllowed("advance this request")
    if may and form.accepted():
        try:
            with transaction() as current:
                services.advance_request(
                    current,
                    row,
                    actor=actor,
                    now=clock.now(),
                    state=RequestStep(form.state.data),
                    reason=form.reason.data or None,
                    contact=_chosen(contacts, form.contact.data),
                    seen_version=form.version.data,
                )
            flash(labels.of(row.state), "ok")
            return redirect(url_for("outcomes.advance", uuid=row.item.uuid))
        except Refused as refused:
            form.refuse(refused)
    return _request_page(form if may else None, row, operation, viewer, actor, asked=asked), status(form)


def _request_page(
    form: AdvanceForm | None, row: ActionRequest, operation: Operation, viewer: Viewer, actor: User, *, asked: bool
) -> str:
    now = clock.now()
    cases = queries.readable_cases(session(), operation, viewer, now)
    whole = queries.chains(session(), operation, viewer, now, starting_at=row.item.uuid)
    key = f"item-{row.id}"
    causes = [whole.nodes[step.cause] for step in whole.steps if step.effect == key and not step.backwards]
    if row.session is not None and row.session.uuid not in {node.uuid for node in whole.nodes.values()}:
        causes += queries.sessions_shown(session(), [row.session], viewer)
    return render_template(
        "outcomes/request.html",
        form=form,
        operation=operation,
        row=row,
        causes=causes,
        name_of=name_of,
        case=next((one for one in cases if one.id == row.case_id), None),
        may_change=not asked and row.state is RequestStep.ASKED,
        history=list(zip(row.steps, stretches(row, now), strict=True)),
        lasted=lasted,
        due_in=due_in(row.due_at, now) if row.due_at is not None and is_open(row) else None,
        late=row.due_at is not None and row.due_at < now,
        own_zone=actor.zone or "UTC",
    )


@bp.route("/requests/<uuid:uuid>/edit", methods=["GET", "POST"])
@policy(asked_or_asking)
def change_request(
    *, actor: User, viewer: Viewer, operation: Operation, row: ActionRequest, asked: bool
) -> ResponseReturnValue:
    """The asking party says it differently, as long as nobody has answered."""
    if asked:
        raise NotAllowed("change this request")
    form = WishForm(obj=row, data=_as_sent(row))
    contacts = _offer_contacts(form, row.from_id, row.asking_contact)
    if form.accepted():
        try:
            with transaction() as current:
                _change(form, row, actor, _chosen(contacts, form.contact.data), clock.now())
                services.tell_at_once(current, row, now=clock.now(), domain=mail_domain())
            flash(_("The request is changed."), "ok")
            return redirect(url_for("outcomes.advance", uuid=row.item.uuid))
        except Refused as refused:
            form.refuse(refused)
    return render_template("outcomes/request_form.html", form=form, operation=operation, row=row), status(form)


def _change(form: WishForm, row: ActionRequest, actor: User, contact: Contact | None, now: datetime) -> None:
    wish = services.Wish(
        text=form.text.data,
        urgency=form.urgency.data,
        channel=form.channel.data,
        due=form.due_time(now, _zone_of_asked(row)),
        contact=contact,
    )
    services.change_request(session(), row, wish, actor=actor, now=now, seen_version=form.version.data)


def _zone_of_asked(row: ActionRequest) -> str | None:
    meeting = None if row.meeting_id is None else session().get(Meeting, row.meeting_id)
    delegation = None if meeting is None else delegation_of_party(session(), meeting, row.to_id)
    return None if delegation is None else zone_of(session(), delegation)


def _as_sent(row: ActionRequest) -> dict[str, object]:
    """What the form holds under other names than the row."""
    given = {"due": row.due_local, "zone": row.due_zone} if row.due_local else {}
    return {**given, "contact": _ident(row.asking_contact)}


def _offer_contacts(form: Form, party_id: int, present: Contact | None = None) -> Sequence[Contact]:
    """Contacts that a party may name, and the one that is named already though it may have ended."""
    found = queries.contacts_of(session(), party_id)
    if present is not None and present not in found:
        found.append(present)
    form.contact.choices = [("", _("None")), *((_ident(row), _named(row)) for row in found)]
    return found


def _ident(contact: Contact | None) -> str:
    return "" if contact is None else str(contact.uuid)


def _named(contact: Contact) -> str:
    return f"{formats.plain_words(contact.subject)} · {formats.plain_words(contact.agency.name)}"


def _chosen(contacts: Sequence[Contact], ident: str) -> Contact | None:
    return next((row for row in contacts if _ident(row) == ident), None)
