"""A lead in two minutes: from a phone, or from the session in which it was spoken of."""

from dataclasses import dataclass

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import BadRequest

from confmgr.accounts.models import User
from confmgr.cases import queries, services
from confmgr.cases.access import nominator
from confmgr.cases.consequences import REACH_DELEGATIONS, Reach, Side, reach
from confmgr.cases.forms import QuickLeadForm
from confmgr.cases.models import Case, Lead
from confmgr.cases.routes.blueprint import (
    bp,
    chosen,
    led,
    offer_second,
    offered,
    others,
    second_person,
    tell_of_prefixes,
    write_lead,
)
from confmgr.cases.routes.files import attach_all
from confmgr.delegations.models import Delegation
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.meetings.models import Meeting
from confmgr.sharing import queries as sharing
from confmgr.sharing import services as markings
from confmgr.sharing.domain import Handling, Tlp
from confmgr.sharing.rule import Seat
from confmgr.values import chance
from confmgr.web import formats
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy

FEW = 4
"""So many delegations are named; of more their number is said."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """The session in which a lead is spoken of, as it was published."""

    session_id: int
    name: str
    codes: tuple[str, ...]
    case_ids: frozenset[int]
    address: str


@bp.route("/meetings/<slug>/leads/new", methods=["GET", "POST"])
@policy(nominator)
def quick_lead(*, meeting: Meeting, actor: User, seat: Seat) -> ResponseReturnValue:
    """A lead on one of the cases that the reader knows; `?to=` and `?case=` choose beforehand."""
    return entry(meeting, actor, seat)


@bp.post("/meetings/<slug>/leads/consequence")
@policy(nominator)
def consequence(*, meeting: Meeting, actor: User, seat: Seat) -> ResponseReturnValue:
    """What a choice of marking and receivers means, in one sentence, before anything is made."""
    rows = others(meeting, seat.party_id or 0)
    try:
        tlp = Tlp(request.form.get("tlp", ""))
        codes = [Handling(code) for code in request.form.getlist("handling")]
    except ValueError as unknown:
        raise BadRequest from unknown
    found = reach_of(meeting, seat.party_id or 0, rows, tlp, request.form.getlist("to"), codes)
    return {"sentence": sentence(found, rows), "agreed": found.agreed}


def entry(meeting: Meeting, actor: User, seat: Seat, occasion: Occasion | None = None) -> ResponseReturnValue:
    """The form, what its choices mean, and the lead that comes of it: a draft, or shared at once."""
    now, rows = clock.now(), others(meeting, seat.party_id or 0)
    cases = queries.readable_cases(session(), meeting, sharing.viewer_of(session(), actor, now), now)
    form = QuickLeadForm(**_beforehand(cases, rows, occasion))
    form.to.choices = offered(rows)
    form.case.choices = [("", _("Choose a case")), *((str(one.item.uuid), _case_name(one)) for one in cases)]
    form.title.languages = form.body.languages = (formats.language(),)
    colleagues = offer_second(form, meeting, seat.party_id or 0, actor)
    sharing_now = request.form.get("do") == "share"
    right = request.method != "POST" or form.validate()
    found = _found(form, meeting, seat, rows)
    unread = sharing_now and request.form.get("agreed") != found.agreed
    if right and not unread and form.accepted():
        try:
            with transaction():
                case = next(one for one in cases if str(one.item.uuid) == form.case.data)
                spoken_in = None if occasion is None else occasion.session_id
                named = second_person(form, colleagues)
                lead = write_lead(form, case, actor, seat, meeting, named, session_id=spoken_in)
                attach_all(form.file.data, lead.item, actor)
                where = _share(form, lead, actor, rows) if sharing_now else _keep(lead)
            tell_of_prefixes(form.identifiers.data)
            return led(where)
        except Refused as refused:
            form.refuse(refused)
    page = render_template(
        "cases/quick.html",
        form=form,
        meeting=meeting,
        occasion=occasion,
        any=bool(cases),
        sentence=sentence(found, rows),
        agreed=found.agreed,
        unread=unread and right,
        files_lost=bool(form.file.data) and not request.headers.get("X-Keep"),
    )
    return page, status(form)


def _beforehand(cases: list[Case], rows: list[Delegation], occasion: Occasion | None) -> dict[str, object]:
    """The other side of the session or of the address, the only case, a reference that counts nothing."""
    codes = set(request.args.getlist("to")) if occasion is None else set(occasion.codes)
    asked = request.args.get("case")
    fitting = [one for one in cases if occasion is not None and one.id in occasion.case_ids]
    fitting = fitting or [one for one in cases if str(one.item.uuid) == asked] or cases
    return {
        "to": [row.party.code for row in rows if row.party.code in codes] if len(codes) <= FEW else [],
        "case": str(fitting[0].item.uuid) if len(fitting) == 1 else "",
        "tlp": Tlp.AMBER.value,
        "reference": f"{clock.now():%m%d}-{chance.public_id().hex[:5].upper()}",
    }


def _case_name(case: Case) -> str:
    return f"{case.item.originator.code}/{case.item.reference} · {formats.plain_words(case.title)}"


def _found(form: QuickLeadForm, meeting: Meeting, seat: Seat, rows: list[Delegation]) -> Reach:
    known = {tlp.value for tlp in Tlp}
    tlp = form.tlp.marking if form.tlp.data in known else Tlp.AMBER
    codes = [Handling(code) for code in form.handling.data or () if code in set(Handling)]
    return reach_of(meeting, seat.party_id or 0, rows, tlp, form.to.data or [], codes)


def reach_of(
    meeting: Meeting, own: int, rows: list[Delegation], tlp: Tlp, to: list[str], handling: list[Handling]
) -> Reach:
    """Which delegations of a meeting will read what the party `own` shares."""
    sides = [Side(row.party.code, row.party_id, row.id, row.status.value in meeting.green_for) for row in rows]
    return reach(tlp, to, sides, own=own, handling=handling)


def sentence(found: Reach, rows: list[Delegation]) -> str:
    """What sharing means, for the eyes of a tired person."""
    said = _who(found, {row.party.code: formats.plain_words(row.party.short_name) for row in rows})
    if Handling.H2 in found.handling and found.seen:
        said = f"{said} {_('Whoever has it must ask you before passing it on.')}"
    return said


def _who(found: Reach, names: dict[str, str]) -> str:
    if found.tlp is Tlp.RED:
        return _("Only you and your second person will see this; you name further persons next.")
    if found.tlp is Tlp.AMBER_STRICT:
        return _("Only you and your agency will see this; you name other agencies or persons next.")
    if not found.seen:
        return _("Only your delegation will see this.")
    if not found.others:
        return _("Every delegation at this meeting will see this.")
    others = formats.series([names[code] for code in found.others]) if len(found.others) < FEW else ""
    if len(found.seen) > FEW:
        number = len(found.seen)
        if others:
            return ngettext(
                "%(num)s delegation will see this; %(others)s must ask you first.",
                "%(num)s delegations will see this; %(others)s must ask you first.",
                number,
                others=others,
            )
        return ngettext(
            "%(num)s delegation will see this; everybody else must ask you first.",
            "%(num)s delegations will see this; everybody else must ask you first.",
            number,
        )
    seen = formats.series([names[code] for code in found.seen])
    if others:
        return _("%(seen)s will see this; %(others)s must ask you first.", seen=seen, others=others)
    return _("%(seen)s will see this; everybody else must ask you first.", seen=seen)


def _keep(lead: Lead) -> str:
    flash(_("The lead is kept as a draft."), "ok")
    return url_for("cases.lead", uuid=lead.item.uuid)


def _share(form: QuickLeadForm, lead: Lead, actor: User, rows: list[Delegation]) -> str:
    """Share it as far as the marking lets; persons and agencies are named on the next page."""
    if form.tlp.marking is Tlp.RED and not lead.item.named_readers:
        raise Refused("red_needs_second_person", field="second")
    if form.tlp.marking not in REACH_DELEGATIONS:
        flash(_("The lead is kept as a draft. Now name who may read it."), "info")
        return url_for("cases.share", uuid=lead.item.uuid)
    to = chosen(form.to.data, rows)
    if to:
        services.share_lead(session(), lead, actor=actor, now=clock.now(), to=to)
    elif form.tlp.marking is Tlp.AMBER:
        raise Refused("nobody_named", field="to")
    else:
        markings.share_item(session(), lead.item, actor=actor, now=clock.now())
    flash(_("The lead is shared."), "ok")
    return url_for("cases.lead", uuid=lead.item.uuid)
