"""Contacts of the agencies of an operation: kept by each party's own people, read where they sit together."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.outcomes import queries, services
from confmgr.outcomes.access import own_contact, own_parties, reader, writer
from confmgr.outcomes.forms import ConfirmForm, ContactForm
from confmgr.outcomes.routes.blueprint import bp
from confmgr.outcomes.services import Post
from confmgr.parties import queries as known
from confmgr.parties.domain import ContactChannel
from confmgr.parties.models import Agency, Contact, Operation, Party
from confmgr.sharing.rule import Viewer
from confmgr.web import formats
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@bp.get("/operations/<code>/contacts")
@policy(reader)
def contacts(*, operation: Operation, actor: User, viewer: Viewer) -> ResponseReturnValue:
    """To whom to turn, by party and agency."""
    own = own_parties(session(), viewer, operation)
    rows = queries.contacts(session(), operation, viewer, own)
    parties = {row.agency.party.code: row.agency.party for row in rows}
    return render_template(
        "outcomes/contacts.html",
        operation=operation,
        by_party=[(party, [row for row in rows if row.agency.party_id == party.id]) for party in parties.values()],
        ended=queries.contacts(session(), operation, viewer, own, ended=True) if own else [],
        own=own,
        outdated={row.id for row in rows if queries.is_outdated(row, clock.now())},
    )


@bp.route("/operations/<code>/contacts/new", methods=["GET", "POST"])
@policy(writer)
def add_contact(*, operation: Operation, actor: User, viewer: Viewer, party: Party) -> ResponseReturnValue:
    """A new contact of an agency of the own party."""
    form = ContactForm()
    agencies = _offer(form, party)
    if form.accepted():
        try:
            with transaction() as current:
                services.add_contact(current, _post(form, agencies), actor=actor, now=clock.now())
            flash(_("The contact is saved. Your people confirm it once a year."), "ok")
            return redirect(url_for("outcomes.contacts", code=operation.code))
        except Refused as refused:
            form.refuse(refused)
    return render_template(
        "outcomes/contact_form.html", form=form, operation=operation, contact=None, agencies=agencies, party=party
    ), status(form)


@bp.route("/operations/<code>/contacts/<uuid:uuid>", methods=["GET", "POST"])
@policy(own_contact)
def edit_contact(*, operation: Operation, actor: User, contact: Contact) -> ResponseReturnValue:
    """A contact of the own party."""
    form = ContactForm(obj=contact, data=_as_sent(contact))
    agencies = _offer(form, contact.agency.party)
    if form.accepted():
        try:
            with transaction() as current:
                services.change_contact(
                    current,
                    contact,
                    _post(form, agencies),
                    actor=actor,
                    now=clock.now(),
                    seen_version=form.version.data,
                )
            flash(_("The contact is saved. Your people confirm it once a year."), "ok")
            return redirect(url_for("outcomes.contacts", code=operation.code))
        except Refused as refused:
            form.refuse(refused)
    return _form_page(form, operation, contact, agencies)


def _form_page(
    form: ContactForm, operation: Operation, contact: Contact, agencies: list[Agency]
) -> ResponseReturnValue:
    return render_template(
        "outcomes/contact_form.html",
        form=form,
        operation=operation,
        contact=contact,
        agencies=agencies,
        party=contact.agency.party,
    ), status(form)


@bp.post("/operations/<code>/contacts/<uuid:uuid>/confirm")
@policy(own_contact)
def confirm_contact(*, operation: Operation, actor: User, contact: Contact) -> ResponseReturnValue:
    """The contact is still right."""
    with transaction() as current:
        seen = ConfirmForm().version.data
        services.confirm_contact(current, contact, actor=actor, now=clock.now(), seen_version=seen)
    flash(_("Confirmed for another year."), "ok")
    return redirect(url_for("outcomes.contacts", code=operation.code))


@bp.post("/operations/<code>/contacts/<uuid:uuid>/end")
@policy(own_contact)
def end_contact(*, operation: Operation, actor: User, contact: Contact) -> ResponseReturnValue:
    """Nobody is to turn to it any more."""
    with transaction() as current:
        services.end_contact(current, contact, actor=actor, now=clock.now())
    flash(_("The contact has ended. Requests that name it keep it."), "ok")
    return redirect(url_for("outcomes.contacts", code=operation.code))


@bp.post("/operations/<code>/contacts/<uuid:uuid>/resume")
@policy(own_contact)
def resume_contact(*, operation: Operation, actor: User, contact: Contact) -> ResponseReturnValue:
    """An ended contact is one again."""
    with transaction() as current:
        services.resume_contact(current, contact, actor=actor, now=clock.now())
    return redirect(url_for("outcomes.edit_contact", code=operation.code, uuid=contact.uuid))


def _offer(form: ContactForm, party: Party) -> list[Agency]:
    agencies = known.agencies(session(), party)
    form.agency.choices = [(row.code, formats.plain_words(row.name)) for row in agencies]
    return agencies


def _post(form: ContactForm, agencies: list[Agency]) -> Post:
    return Post(
        agency=next(row for row in agencies if row.code == form.agency.data),
        subject=form.subject.data,
        holder=form.holder.data,
        deputy=form.deputy.data,
        reachable=form.reachable.data,
        channels=form.channels(),
    )


def _as_sent(contact: Contact) -> dict[str, str]:
    """What the form holds under other names than the row."""
    return {channel.value: contact.channels.get(channel.value, "") for channel in ContactChannel}
