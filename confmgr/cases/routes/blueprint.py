"""Where the views of this room are registered, and what several of them need."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from confmgr.accounts.models import User
from confmgr.cases import naming, queries, services
from confmgr.cases.forms import CaseTextForm, LeadForm, LeadTextForm, MarkedForm
from confmgr.cases.identifiers import Named, without_country
from confmgr.cases.models import Case, Lead
from confmgr.delegations.models import Delegation
from confmgr.delegations.queries import delegations
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.meetings.models import Meeting
from confmgr.meetings.queries import is_over
from confmgr.parties.models import Party
from confmgr.sharing.domain import GradeScheme, ItemKind
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Seat
from confmgr.sharing.services import Grade
from confmgr.web import formats
from confmgr.web.db import session, transaction
from confmgr.web.policy import Rule, View, policy

TextForm = TypeVar("TextForm", CaseTextForm, LeadTextForm)
bp = Blueprint("cases", __name__)
PAGES = {ItemKind.CASE: "cases.show", ItemKind.LEAD: "cases.lead"}
"""Where a case or lead is shown, by its kind."""


def of_both(
    way: str, rule: Callable[[ItemKind], Rule], names: tuple[str, str], *, asks: bool = False
) -> Callable[[View], View]:
    """Register a view behind the address of every case, under the first of two names, and of every lead.

    `asks`: whether it shows a form before it takes one.
    """

    def register(view: View) -> View:
        for (kind, above), name in zip(((ItemKind.CASE, "cases"), (ItemKind.LEAD, "leads")), names, strict=True):
            guarded, methods = policy(rule(kind))(view), ["GET", "POST"] if asks else ["POST"]
            bp.add_url_rule(f"/{above}/<uuid:uuid>/{way}", name, guarded, methods=methods)
        return view

    return register


def page_of(item: Item) -> str:
    """The address of a case or lead."""
    return url_for(PAGES[item.kind], uuid=item.uuid)


@bp.app_context_processor
def _asked_by_pages() -> dict[str, Callable[..., bool]]:
    """What pages ask to say that a meeting is over, or that a number lacks its country."""
    return {"is_over": lambda meeting: is_over(meeting, clock.now()), "without_country": without_country}


def others(meeting: Meeting, party_id: int) -> list[Delegation]:
    """The delegations of a meeting but one party's, in the meeting's order."""
    return [row for row in delegations(session(), meeting) if row.party_id != party_id]


def offered(rows: list[Delegation]) -> list[tuple[str, str]]:
    """Delegations as choices, by code."""
    return [(row.party.code, formats.code_and_name(row.party.code, row.party.short_name)) for row in rows]


def chosen(codes: list[str] | None, rows: list[Delegation]) -> list[Delegation]:
    """Those of some delegations whose codes were ticked."""
    wanted = set(codes or ())
    return [row for row in rows if row.party.code in wanted]


def offer_second(form: MarkedForm, meeting: Meeting, party_id: int, actor: User) -> list[User]:
    """Let the form name somebody else of the own party; gives those offered."""
    rows = [
        user
        for user, party in queries.people_at(session(), meeting, clock.now())
        if party.id == party_id and user.id != actor.id
    ]
    form.second.choices = [("", _("Nobody")), *((str(user.uuid), user.name) for user in rows)]
    return rows


def second_person(form: MarkedForm, rows: list[User]) -> list[User]:
    """The second person that the form names, if any."""
    return [user for user in rows if str(user.uuid) == form.second.data]


def write_lead(
    form: LeadForm,
    case: Case,
    actor: User,
    seat: Seat,
    meeting: Meeting,
    named_readers: list[User],
    *,
    session_id: int | None = None,
) -> Lead:
    """The draft lead that a form describes, with what identifies; of the party for which the actor sits."""
    now = clock.now()
    lead = services.create_lead(
        session(),
        actor=actor,
        now=now,
        case=case,
        originator=session().get_one(Party, seat.party_id),
        operation=meeting.operation,
        reference=str(form.reference.data),
        kind=form.kind.data,
        title=form.title.data,
        body=form.body.data,
        tlp=form.tlp.marking,
        meeting=meeting,
        session_id=session_id,
        handling=form.codes,
        handling_text=form.handling_text.data or None,
        grade=_grade_of(form),
        named_readers=named_readers,
        purpose=form.purpose.data or None,
    )
    naming.name_values(session(), lead.item, form.identifiers.data or [], actor=actor, now=now)
    return lead


def tell_of_prefixes(values: Iterable[Named] | None) -> None:
    """Say that telephone numbers were written without their country; never which, for it would stand in a cookie."""
    number = sum(without_country(one.kind, one.normal) for one in values or ())
    if number:
        flash(
            ngettext(
                "%(num)s telephone number has no country's prefix: it matches the same digits alone.",
                "%(num)s telephone numbers have no country's prefix: they match the same digits alone.",
                number,
            ),
            "warning",
        )


def _grade_of(form: LeadForm) -> Grade | None:
    if not form.grade_scheme.data:
        return None
    return Grade(GradeScheme(form.grade_scheme.data), str(form.grade_source.data), str(form.grade_information.data))


def text_form(kind: type[TextForm], row: Case | Lead) -> TextForm:
    """What a case or lead says, in a form of its kind."""
    item = row.item
    seen, named = services.text_seen(session(), item), naming.named(session(), item)
    return kind(obj=row, seen=seen, purpose=item.purpose, identifiers=named)


def text_saved(
    form: CaseTextForm | LeadTextForm, item: Item, actor: User, change: Callable[..., None]
) -> ResponseReturnValue | None:
    """Where a form leads that has changed what a case or lead says, and what identifies; None while it is not right.

    `change` is given what the services of both want: the session, by whom and when, what was seen, and the purpose.
    """
    if not form.accepted():
        return None
    now = clock.now()
    try:
        with transaction() as current:
            change(current, actor=actor, now=now, seen=str(form.seen.data), purpose=form.purpose.data or "")
            naming.rename(current, item, form.identifiers.data, actor=actor, now=now)
    except Refused as refused:
        form.refuse(refused)
        return None
    flash(_("The change is saved."), "ok")
    tell_of_prefixes(form.identifiers.data)
    return led(page_of(item))


def led(address: str) -> ResponseReturnValue:
    """Where a carried out form leads: told to the script that keeps an open page, a redirection for everybody else."""
    if request.headers.get("X-Keep"):
        return "", 201, {"Location": address}
    return redirect(address)
