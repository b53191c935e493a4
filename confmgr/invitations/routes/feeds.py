"""Calendars to subscribe to: made here, their address shown once, renewed, and taken back."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.delegations import queries as delegations
from confmgr.delegations.models import Delegation
from confmgr.errors import Refused
from confmgr.gateways import clock
from confmgr.invitations import feeds, queries, services
from confmgr.invitations.access import MEMBER, known_feed, own_feed
from confmgr.invitations.domain import FeedKind
from confmgr.invitations.forms import FeedForm
from confmgr.invitations.models import Feed
from confmgr.invitations.routes.blueprint import bp, settings
from confmgr.meetings.access import is_organiser
from confmgr.meetings.models import Meeting
from confmgr.scheduling.queries import own_delegation
from confmgr.web import formats, labels
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@bp.route("/meetings/<slug>/calendars", methods=["GET", "POST"])
@policy(MEMBER)
def calendars(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """One's own calendars and the form for another; organisers see those of others too."""
    offered = _offered(meeting, actor)
    form = FeedForm(language=formats.language())
    form.shows.choices = [(value, label) for value, (label, _kind, _of) in offered.items()]
    made = None
    if form.accepted():
        _label, kind, delegation = offered[str(form.shows.data)]
        try:
            with transaction() as current:
                made = services.make_feed(
                    current,
                    meeting,
                    actor=actor,
                    now=clock.now(),
                    kind=kind,
                    language=str(form.language.data),
                    delegation=delegation,
                    without_answered=bool(form.without_answered.data),
                )[1]
        except Refused as refused:
            form.refuse(refused)
    return _page(meeting, actor, form, made), status(form)


def _offered(meeting: Meeting, actor: User) -> dict[str, tuple[str, FeedKind, Delegation | None]]:
    """What somebody may subscribe to: the value of the form, its words, and what it is."""
    found: dict[str, tuple[str, FeedKind, Delegation | None]] = {}
    if any(queries.persons_of(session(), meeting, actor)):
        found["personal"] = (labels.of(FeedKind.PERSONAL), FeedKind.PERSONAL, None)
    own = own_delegation(session(), meeting, actor, clock.now())
    rows = delegations.delegations(session(), meeting) if is_organiser() else [own] if own is not None else []
    found |= {f"delegation:{row.uuid}": (_sessions_of(row), FeedKind.DELEGATION, row) for row in rows}
    return {**found, "public": (labels.of(FeedKind.PUBLIC), FeedKind.PUBLIC, None)}


def _sessions_of(row: Delegation) -> str:
    return _("Sessions of %(party)s", party=formats.plain_words(row.party.short_name))


def _page(meeting: Meeting, actor: User, form: FeedForm, token: str | None) -> str:
    here = feeds.feeds_of(session(), meeting, None if is_organiser() else actor)
    address = None if token is None else settings().base_url + url_for("invitations.feed", token=token)
    return render_template(
        "invitations/calendars.html",
        meeting=meeting,
        form=form,
        address=address,
        webcal=None if address is None else f"webcal:{address.partition(':')[2]}",
        mine=[row for row in here if row.user_id == actor.id],
        others=[row for row in here if row.user_id != actor.id],
        shows=lambda row: labels.of(row.kind) if row.delegation is None else _sessions_of(row.delegation),
        program=feeds.program,
    )


@bp.post("/meetings/<slug>/calendars/<uuid:uuid>/renew")
@policy(own_feed)
def renew_calendar(*, meeting: Meeting, actor: User, row: Feed) -> ResponseReturnValue:
    """Another address for the same calendar; the old one ends."""
    with transaction() as current:
        token = services.renew_feed(current, row, actor=actor, now=clock.now())
    offered = _offered(meeting, actor)
    form = FeedForm(formdata=None, language=formats.language())
    form.shows.choices = [(value, label) for value, (label, _kind, _of) in offered.items()]
    return _page(meeting, actor, form, token)


@bp.post("/meetings/<slug>/calendars/<uuid:uuid>/take-back")
@policy(known_feed)
def take_back_calendar(*, meeting: Meeting, actor: User, row: Feed) -> ResponseReturnValue:
    """End a calendar at once, by its owner or an organiser."""
    with transaction() as current:
        services.take_back_feed(current, row, actor=actor, now=clock.now())
    flash(_("The calendar is taken back. Whoever reads its address finds nothing any more."), "ok")
    return redirect(url_for("invitations.calendars", slug=meeting.slug))
