"""What becomes of a lower marking that waits: confirmed, taken back, or not agreed to."""

from functools import partial

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.cases.access import seen
from confmgr.cases.forms import DisagreeForm
from confmgr.cases.routes.blueprint import of_both, page_of
from confmgr.cases.routes.late import item_now, look, proposal_now, say, say_already, telling
from confmgr.errors import NotAllowed
from confmgr.gateways import clock
from confmgr.meetings.models import Meeting
from confmgr.sharing import queries as sharing
from confmgr.sharing import services as markings
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Viewer
from confmgr.web.db import session, transaction
from confmgr.web.forms import status


@of_both("marking/confirm", seen, ("confirm_marking", "confirm_lead_marking"))
def confirm_marking(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """The second person lowers a case or lead."""
    return confirm_lower(actor, item, page_of(item))


def confirm_lower(actor: User, item: Item, back: str) -> ResponseReturnValue:
    """The second person of an item confirms the marking that waits."""
    looked = request.form.get("seen", "")
    if looked == sharing.said_of(item.marking):
        say_already()
        return redirect(back)
    tell = partial(item_now, item, actor, back, partial(proposal_now, actor))
    with telling(tell), transaction() as current:
        markings.confirm_marking(current, item, actor=actor, now=clock.now(), seen=looked)
    flash(_("The marking has changed. Whoever could read it still can."), "ok")
    return redirect(back)


@of_both("marking/take-back", seen, ("take_back_marking", "take_back_lead_marking"))
def take_back_marking(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """Who proposed a lower marking of a case or lead takes the proposal back."""
    return take_back_lower(actor, item, page_of(item))


def take_back_lower(actor: User, item: Item, back: str) -> ResponseReturnValue:
    """Who proposed a lower marking takes the proposal back."""
    tell = partial(item_now, item, actor, back, partial(proposal_now, actor))
    with telling(tell), transaction() as current:
        done = markings.take_back_marking(
            current, item, actor=actor, now=clock.now(), seen=request.form.get("seen", "")
        )
    say(_("The proposal is taken back. The marking stays as it is."), "ok", done=done)
    return redirect(back)


@of_both("marking/disagree", seen, ("refuse_marking", "refuse_lead_marking"), asks=True)
def refuse_marking(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """Somebody who is asked does not agree to a lower marking of a case or lead."""
    return refuse_lower(actor, item, meeting, page_of(item))


def refuse_lower(actor: User, item: Item, meeting: Meeting, back: str) -> ResponseReturnValue:
    """The page on which somebody who is asked does not agree to the marking that waits."""
    waits = sharing.waiting(session(), item, actor, clock.now())
    tell = partial(item_now, item, actor, back, partial(proposal_now, actor))
    form = DisagreeForm(seen="" if waits is None else waits.seen)
    if form.accepted():
        with telling(tell), transaction() as current:
            done = markings.refuse_marking(
                current,
                item,
                actor=actor,
                now=clock.now(),
                seen=str(form.seen.data),
                reason=form.reason.data or None,
            )
        say(_("The marking stays as it is. Who proposed the lower one reads what you wrote."), "ok", done=done)
        return redirect(back)
    if waits is None:
        return tell()
    if waits.marking.made_by_id == actor.id:
        raise NotAllowed("disagree with this marking")
    look(form, seen=form.seen.data, now=waits.seen, tell=tell)
    return render_template(
        "cases/disagree.html", form=form, meeting=meeting, item=item, back=back, waits=waits
    ), status(form)
