"""How long a case or lead is kept, its purge, and what parties say of it."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from confmgr.accounts.models import User
from confmgr.cases import services, under
from confmgr.cases.access import authored, kept, own_seat, purged, seen
from confmgr.cases.consent_forms import CommentForm, KeepForm
from confmgr.cases.routes.blueprint import bp, of_both, page_of
from confmgr.cases.routes.late import item_now, say, say_already, telling
from confmgr.delegations.models import Delegation
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.meetings.models import Meeting
from confmgr.parties.models import Party
from confmgr.sharing import asking, recalling
from confmgr.sharing import seen as looks
from confmgr.sharing import services as sharing
from confmgr.sharing.domain import ItemKind, ItemState
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Viewer
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@of_both("keep", kept, ("keep", "keep_lead"), asks=True)
def keep(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """Until when a case or lead is kept."""
    back = page_of(item)
    form = KeepForm(day_seen=looks.of_retention(session(), item), retain_until=item.retain_until)
    if form.accepted():
        try:
            with transaction() as current:
                sharing.keep_until(
                    current,
                    item,
                    form.retain_until.data,
                    actor=actor,
                    now=clock.now(),
                    seen=str(form.day_seen.data),
                )
            return redirect(back)
        except Refused as refused:
            form.refuse(refused)
    had = recalling.outsiders(
        session(), item, [one.user_id for one in recalling.readings(session(), item)], clock.now()
    )
    return render_template(
        "cases/keep.html",
        form=form,
        meeting=meeting,
        item=item,
        back=back,
        had=len(had),
        may_withdraw=_may_withdraw(item, actor),
        seen=looks.of_state(session(), item),
    ), status(form)


def _may_withdraw(item: Item, actor: User) -> bool:
    """A draft lead may be taken back too: nobody else has it, and its text may still be wanted."""
    states = {ItemState.SHARED} if item.kind is ItemKind.CASE else {ItemState.SHARED, ItemState.DRAFT}
    return item.state in states and asking.writes(session(), item, actor, clock.now())


@of_both("purge", purged, ("purge", "purge_lead"))
def purge(*, actor: User, viewer: Viewer, item: Item | None, meeting: Meeting) -> ResponseReturnValue:
    """Overwrite a case or lead."""
    done = False
    if item is not None:
        with transaction() as current:
            done = sharing.purge(current, item, actor=actor, now=clock.now())
    say(_("It is purged. Copies that others have taken already cannot be called back."), "warning", done=done)
    return redirect(url_for("cases.table", slug=meeting.slug))


@bp.post("/cases/<uuid:uuid>/withdraw")
@policy(authored(ItemKind.CASE))
def withdraw_case(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """Take a case back: from now on only its originator reads it."""
    said = _("The case is withdrawn. Copies that others have taken already cannot be called back.")
    return withdraw_item(actor, item, url_for("cases.show", uuid=item.uuid), said)


def withdraw_item(actor: User, item: Item, back: str, said: str) -> ResponseReturnValue:
    """Take a case or lead back, from a page that said how it stands."""
    seen = request.form.get("seen", "")
    with telling(lambda: item_now(item, actor, back)), transaction() as current:
        done = sharing.withdraw(current, item, actor=actor, now=clock.now(), seen=seen)
    say(said, "warning", done=done)
    return redirect(back)


@of_both("comments", seen, ("comment", "comment_lead"))
def comment(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """Say something of a case or lead."""
    back = page_of(item)
    seat = own_seat(viewer, meeting)
    form = CommentForm()
    form.offer(own=seat.party_id == item.originator_id, originator=item.originator.code)
    if form.accepted():
        try:
            with transaction() as current:
                services.comment(
                    current,
                    item,
                    actor=actor,
                    now=clock.now(),
                    party=current.get_one(Party, seat.party_id),
                    text=str(form.text.data),
                    only_for=None if form.audience.data == "all" else _originator(item, meeting),
                )
            return redirect(f"{back}#comments")
        except Refused as refused:
            form.refuse(refused)
    return render_template("cases/comment.html", form=form, meeting=meeting, item=item, back=back), status(form)


def _originator(item: Item, meeting: Meeting) -> Delegation:
    """The delegation of an item's originator at a meeting.

    Raises:
        Refused: It has none there any more.
    """
    found = session().scalar(
        select(Delegation).where(Delegation.meeting_id == meeting.id, Delegation.party_id == item.originator_id)
    )
    if found is None:
        raise Refused("nobody_named", field="audience")
    return found


@bp.post("/comments/<uuid:uuid>/withdraw")
@policy(authored(ItemKind.COMMENT))
def withdraw_comment(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """Take an own comment back: from now on only the own party reads it."""
    above = item.parent
    with transaction() as current:
        done = services.take_back_comment(current, under.get_comment(current, item), actor=actor, now=clock.now())
    if not done:
        say_already()
    if above is None:
        return redirect(url_for("cases.table", slug=meeting.slug))
    return redirect(f"{page_of(above)}#comments")
