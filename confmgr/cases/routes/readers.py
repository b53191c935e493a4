"""Who may read a case or lead: named, marked anew, and struck off again by its author."""

from collections.abc import Callable
from functools import partial
from typing import TypedDict

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.cases import meaning, queries, reaching, services
from confmgr.cases.access import authored
from confmgr.cases.consequences import REACH_DELEGATIONS, Follows
from confmgr.cases.forms import MarkingForm, ShareForm
from confmgr.cases.routes.blueprint import (
    bp,
    chosen,
    of_both,
    offer_second,
    offered,
    others,
    page_of,
    second_person,
)
from confmgr.cases.routes.late import item_now, look, readers_now, say_already, telling
from confmgr.cases.routes.quick import reach_of, sentence
from confmgr.delegations.models import Delegation
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.meetings.models import Meeting
from confmgr.parties.models import Agency
from confmgr.sharing import seen as looks
from confmgr.sharing import services as markings
from confmgr.sharing.domain import ItemKind, ItemState, Tlp
from confmgr.sharing.models import Disclosure, Item
from confmgr.sharing.rule import Letter, Viewer
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


class Named(TypedDict):
    """Whom a form names."""

    to: list[Delegation]
    agencies: list[Agency]
    persons: list[User]


Share = Callable[[Session, Named, str], None]


@bp.route("/cases/<uuid:uuid>/share", methods=["GET", "POST"])
@policy(authored(ItemKind.CASE))
def disclose(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """Name further readers of a case."""

    def name(current: Session, whom: Named, seen: str) -> None:
        services.disclose_item(current, item, actor=actor, now=clock.now(), seen=seen, **whom)

    return _share(actor, item, meeting, url_for("cases.show", uuid=item.uuid), name)


@bp.route("/leads/<uuid:uuid>/share", methods=["GET", "POST"])
@policy(authored(ItemKind.LEAD))
def share(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """Name further readers of a lead; a draft is shared with the first of them."""
    row = queries.get_lead(session(), item)
    to_all = _open_to_all(item)

    def name(current: Session, whom: Named, seen: str) -> None:
        if to_all and not any(whom.values()):
            looks.check(current, item, seen, looks.of_readers)
            markings.share_item(current, item, actor=actor, now=clock.now())
            return
        services.share_lead(current, row, actor=actor, now=clock.now(), seen=seen, **whom)

    return _share(actor, item, meeting, url_for("cases.lead", uuid=item.uuid), name)


def _open_to_all(item: Item) -> bool:
    """Whether sharing a draft lets every member read it, whoever is named besides."""
    return item.kind is ItemKind.LEAD and item.state is ItemState.DRAFT and item.marking.tlp in {Tlp.GREEN, Tlp.CLEAR}


def _share(actor: User, item: Item, meeting: Meeting, back: str, name: Share) -> ResponseReturnValue:
    """Only those are offered whom the marking can reach and who are not named yet."""
    now, tlp = clock.now(), item.marking.tlp
    have = queries.readers(session(), item, now)
    parties = {one.party.id for one in have if one.party}
    known = {one.agency.id for one in have if one.agency} | {-one.person.id for one in have if one.person}
    everybody = others(meeting, item.originator_id)
    rows = [one for one in everybody if one.party_id not in parties]
    agencies = [(a, p) for a, p in queries.agencies_at(session(), meeting, now) if a.id not in known]
    persons = [(u, p) for u, p in queries.people_at(session(), meeting, now) if -u.id not in known]
    seen = looks.of_readers(session(), item)
    form = ShareForm(seen=seen)
    tell = partial(item_now, item, actor, back, readers_now)
    look(form, seen=form.seen.data, now=seen, tell=tell)
    form.to.choices = offered(rows) if tlp in REACH_DELEGATIONS else []
    form.agencies.choices = [
        (str(a.id), f"{p.code} · {a.code}") for a, p in agencies if tlp is not Tlp.RED and p.id != item.originator_id
    ]
    form.persons.choices = [(str(u.uuid), f"{p.code} · {u.name}") for u, p in persons if p.id != item.originator_id]
    if form.accepted():
        try:
            with telling(tell), transaction() as current:
                given = Named(
                    to=chosen(form.to.data, rows),
                    agencies=[a for a, _p in agencies if str(a.id) in (form.agencies.data or ())],
                    persons=[u for u, _p in persons if str(u.uuid) in (form.persons.data or ())],
                )
                name(current, given, str(form.seen.data))
            if tlp is Tlp.RED:
                flash(_("A second person of your party has to agree before it takes effect."), "info")
            elif item.kind is ItemKind.LEAD:
                flash(_("The lead is shared."), "ok")
            return redirect(back)
        except Refused as refused:
            form.refuse(refused)
    reached = reach_of(meeting, item.originator_id, everybody, tlp, [], [])
    to_all = sentence(reached, everybody) if _open_to_all(item) else ""
    return render_template("cases/share.html", form=form, meeting=meeting, item=item, back=back, to_all=to_all), status(
        form
    )


@of_both("readers/<int:number>/revoke", authored, ("revoke", "revoke_lead"))
def revoke(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting, number: int) -> ResponseReturnValue:
    """Strike a reader off a case or lead."""
    back = page_of(item)
    with telling(lambda: item_now(item, actor, back, readers_now)), transaction() as current:
        struck = markings.strike_off(current, item, number, actor=actor, now=clock.now())
    if struck:
        flash(_struck_off(item, number), "warning")
    else:
        say_already()
    return redirect(back)


def _struck_off(item: Item, number: int) -> str:
    """What is true for whoever was struck off, by the rule: a marking, or another name, may let them read it still."""
    current, now = session(), clock.now()
    row = current.get_one(Disclosure, number)
    letter = reaching.still_reads(current, item, row, now)
    if letter is Letter.RECEIVER:
        return _("They are not named any more, but can still read it: their delegation or agency is named, too.")
    if letter is not None:
        return _("They are not named any more, but can still read it, since it is %(tlp)s.", tlp=item.marking.tlp.label)
    if reaching.named_beside(current, item, row, now):
        return _(
            "Their delegation cannot open it any more; agencies and persons of it who are named still can. Copies that"
            " they have taken already cannot be called back."
        )
    return _("They cannot open it any more. Copies that they have taken already cannot be called back.")


@of_both("marking", authored, ("mark", "mark_lead"), asks=True)
def mark(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """Another marking of a case or lead."""
    return mark_item(actor, item, meeting, page_of(item))


def mark_item(actor: User, item: Item, meeting: Meeting, back: str) -> ResponseReturnValue:
    """The page on which an author marks an item anew."""
    marking, seen = item.marking, looks.of_marking(session(), item)
    follow = reaching.if_marked(session(), item, clock.now())
    form = MarkingForm(tlp=marking.tlp.value, handling=marking.handling, handling_text=marking.handling_text, seen=seen)
    tell = partial(item_now, item, actor, back)
    look(form, seen=form.seen.data, now=seen, tell=tell)
    colleagues = offer_second(form, meeting, item.originator_id, actor)
    for tlp, found in follow.items():
        said = meaning.of_marking(found, draft=item.state is ItemState.DRAFT)
        form.tlp.hints[tlp.value] = " ".join((form.tlp.hints[tlp.value], *said))
    if form.accepted():
        try:
            with telling(tell), transaction() as current:
                fresh = markings.change_marking(
                    current,
                    item,
                    actor=actor,
                    now=clock.now(),
                    tlp=form.tlp.marking,
                    handling=form.codes,
                    handling_text=form.handling_text.data or None,
                    reason=form.reason.data or None,
                    named_readers=second_person(form, colleagues),
                    seen=str(form.seen.data),
                )
            return _marked(back, follow[form.tlp.marking], waits=item.marking is not fresh)
        except Refused as refused:
            form.refuse(refused)
    return render_template("cases/marking.html", form=form, meeting=meeting, item=item, back=back), status(form)


def _marked(back: str, follows: Follows, *, waits: bool) -> ResponseReturnValue:
    if waits:
        flash(_("A second person of your party has to agree before it takes effect."), "info")
    elif not follows.lose:
        flash(_("The marking has changed. Whoever could read it still can."), "ok")
    elif follows.keep:
        names = ", ".join(follows.lose)
        flash(_("Who loses it at once: %(names)s. Name readers again after the change.", names=names), "ok")
    else:
        flash(_("The marking has changed. Those who could read it before must be named again."), "ok")
    return redirect(back)
