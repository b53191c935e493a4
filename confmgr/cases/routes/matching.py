"""Values that are compared with those of others, and the hits that came of it."""

from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.cases import matching, naming
from confmgr.cases.access import authored, own_hit, seen_matches
from confmgr.cases.domain import MatchState
from confmgr.cases.forms import MatchingForm, VersionForm
from confmgr.cases.identifiers import without_country
from confmgr.cases.matching import Hit
from confmgr.cases.models import Identifier
from confmgr.cases.routes.blueprint import PAGES, bp, of_both, others, page_of
from confmgr.cases.routes.late import item_now, look, matching_now, telling
from confmgr.errors import NotFound
from confmgr.gateways import clock
from confmgr.meetings.access import is_organiser, roles_here
from confmgr.meetings.domain import SPEAKERS
from confmgr.meetings.models import Meeting
from confmgr.sharing import queries as sharing
from confmgr.sharing import showing
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Seat, Viewer, strictest
from confmgr.web import labels
from confmgr.web.db import session, transaction
from confmgr.web.forms import status
from confmgr.web.policy import policy


@of_both("matching", authored, ("match_case", "match_lead"), asks=True)
def match_item(*, actor: User, viewer: Viewer, item: Item, meeting: Meeting) -> ResponseReturnValue:
    """Which values of a case or lead are compared."""
    # the answer is the same whether or not anybody else has a value
    rows, back = naming.identifiers_of(session(), item), page_of(item)
    seen = matching.choice_seen(session(), item)
    form = MatchingForm(put=[str(row.id) for row in rows if row.matching], seen=seen)
    tell = partial(item_now, item, actor, back, matching_now)
    look(form, seen=form.seen.data, now=seen, tell=tell)
    form.put.choices = [(str(row.id), _named(row)) for row in rows]
    if form.accepted():
        chosen: list[Identifier] = [row for row in rows if str(row.id) in (form.put.data or ())]
        with telling(tell), transaction() as current:
            matching.put_to_matching(current, item, chosen, actor=actor, now=clock.now(), seen=str(form.seen.data))
        flash(_("It is kept. You are told only if another party has the same value and put it to matching too."), "ok")
        return redirect(back)
    return render_template("cases/matching.html", form=form, meeting=meeting, item=item, back=back), status(form)


def _named(row: Identifier) -> str:
    """A value with its kind, and that its country is missing: then it is the same digits alone that match."""
    text = f"{labels.of(row.kind)}: {row.value}"
    lacking = without_country(row.kind, row.normal)
    return text + " · " + _("without its country's prefix") if lacking else text


@bp.get("/meetings/<slug>/matches")
@policy(seen_matches)
def matches(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Hits of the own party; organisers see how many both sides let them count."""
    now = clock.now()
    viewer = sharing.viewer_of(session(), actor, now)
    found = matching.hits(session(), viewer, now, meeting=meeting)
    compared = matching.put_by(session(), viewer, now, meeting=meeting)
    shown = [hit.item for hit in found] + [item for _value, item in compared]
    showing.listed(session(), shown)
    return render_template(
        "cases/matches.html",
        meeting=meeting,
        hits=found,
        compared=compared,
        here={row.party.code for row in others(meeting, 0)} if found else set(),
        pages=PAGES,
        counted=matching.counted(session(), meeting) if is_organiser() else None,
        may_act=bool(roles_here() & SPEAKERS),
        marking=strictest(item.marking.tlp for item in shown) if shown else None,
    )


@bp.post("/meetings/<slug>/matches/<uuid:uuid>/state")
@policy(own_hit)
def match_state(*, meeting: Meeting, actor: User, seat: Seat, hit: Hit) -> ResponseReturnValue:
    """Say how far the two have come."""
    form, wanted = VersionForm(), request.form.get("state", "")
    if wanted not in set(MatchState):
        raise NotFound("state", wanted)
    with transaction() as current:
        matching.set_state(
            current, hit, actor=actor, now=clock.now(), state=MatchState(wanted), seen_version=form.version.data
        )
    return redirect(url_for("cases.matches", slug=meeting.slug))


@bp.post("/meetings/<slug>/matches/<uuid:uuid>/count")
@policy(own_hit)
def match_count(*, meeting: Meeting, actor: User, seat: Seat, hit: Hit) -> ResponseReturnValue:
    """Let organisers count a hit, or no more."""
    form = VersionForm()
    with transaction() as current:
        matching.let_count(
            current,
            hit,
            actor=actor,
            now=clock.now(),
            agreed=request.form.get("agreed") == "yes",
            seen_version=form.version.data,
        )
    return redirect(url_for("cases.matches", slug=meeting.slug))
