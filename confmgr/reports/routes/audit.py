"""Who has read what: of one item and of all of a party for its originator, everything of a meeting for auditors."""

import uuid as uuids
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from confmgr.accounts.models import User
from confmgr.cases.routes.blueprint import PAGES
from confmgr.errors import NotFound, Refused
from confmgr.gateways import clock
from confmgr.meetings.models import Meeting
from confmgr.parties.models import Operation
from confmgr.reports import access, queries
from confmgr.reports.exports import audit as files
from confmgr.reports.queries.audit import Log, Wanted, What
from confmgr.reports.routes.blueprint import bp, kept, language, workbook
from confmgr.sharing import recalling
from confmgr.sharing.domain import ItemState
from confmgr.sharing.models import Item
from confmgr.sharing.rule import Viewer
from confmgr.values import times
from confmgr.web.db import session
from confmgr.web.policy import policy

Read = Callable[[Wanted, int | None], Log]
FORMS = "any(csv, xlsx)"
FARTHEST = 10**6


@bp.get("/items/<uuid:uuid>/readers")
@policy(access.originator_of_item)
def item_readers(*, operation: Operation, actor: User, viewer: Viewer, item: Item) -> ResponseReturnValue:
    """What was done with one item, and by whom."""
    above = item.parent or item
    page = None if item.state is ItemState.PURGED else PAGES.get(above.kind)
    back = None if page is None else (files.reference_of(item), url_for(page, uuid=above.uuid))
    return _page(_of_item(item), actor, operation, {"uuid": item.uuid}, "item_readers", about=item, back=back)


@bp.get(f"/items/<uuid:uuid>/readers.<{FORMS}:form>")
@policy(access.originator_of_item)
def item_readers_file(
    *, operation: Operation, actor: User, viewer: Viewer, item: Item, form: str
) -> ResponseReturnValue:
    """The same as a file."""
    return _file(_of_item(item), actor, f"readers-{files.reference_of(item).replace('/', '-')}", form)


@bp.get("/operations/<code>/readers")
@policy(access.head_in_operation)
def party_readers(*, operation: Operation, actor: User, viewer: Viewer, own: frozenset[int]) -> ResponseReturnValue:
    """Who has read what the own party gave."""
    found = _of_parties(operation, viewer, own)
    return _page(found, actor, operation, {"code": operation.code}, "party_readers")


@bp.get(f"/operations/<code>/readers.<{FORMS}:form>")
@policy(access.head_in_operation)
def party_readers_file(
    *, operation: Operation, actor: User, viewer: Viewer, own: frozenset[int], form: str
) -> ResponseReturnValue:
    """The same as a file."""
    return _file(_of_parties(operation, viewer, own), actor, f"readers-{operation.code}", form)


@bp.get("/meetings/<slug>/audit")
@policy(access.AUDITOR)
def audit_log(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Everything that was done in a meeting, for its auditors: events, and no bodies."""
    return _page(_of_meeting(meeting), actor, meeting.operation, {"slug": meeting.slug}, "audit_log")


@bp.get(f"/meetings/<slug>/audit.<{FORMS}:form>")
@policy(access.AUDITOR)
def audit_file(*, meeting: Meeting, actor: User, form: str) -> ResponseReturnValue:
    """The same as a file."""
    return _file(_of_meeting(meeting), actor, f"audit-{meeting.slug}", form, meeting)


def _of_item(item: Item) -> Read:
    return lambda wanted, page: queries.of_item(session(), item, wanted, page)


def _of_parties(operation: Operation, viewer: Viewer, own: frozenset[int]) -> Read:
    now = clock.now()
    return lambda wanted, page: queries.of_parties(session(), operation, viewer, own, now, wanted, page)


def _of_meeting(meeting: Meeting) -> Read:
    return lambda wanted, page: queries.of_meeting(session(), meeting, wanted, page)


def _page(
    read: Read,
    actor: User,
    operation: Operation,
    here: dict[str, Any],
    endpoint: str,
    about: Item | None = None,
    back: tuple[str, str] | None = None,
) -> ResponseReturnValue:
    zone = actor.zone or "UTC"
    wanted, asked = _wanted(zone), {name: value for name, value in request.args.items() if value and name in KNOWN}
    found = read(wanted, max(1, min(request.args.get("page", 1, type=int), FARTHEST)))

    def address(form: str = "", **changes: Any) -> str:
        target = f"reports.{endpoint}" if not form else f"reports.{FILES[endpoint]}"
        more = {"form": form} if form else {}
        given = {**here, **asked, **more, **changes}
        return url_for(target, **{name: value for name, value in given.items() if value})

    return render_template(
        "reports/audit.html",
        operation=operation,
        kind=endpoint,
        endpoint=f"reports.{endpoint}",
        here=here,
        about=about,
        called_back=() if about is None else recalling.called_back(session(), about),
        back=back,
        found=found,
        wanted=wanted,
        asked=asked,
        kinds=What,
        said=files.said,
        name_of=files.name_of,
        named=files.named,
        address=address,
        zone=zone,
    )


def _file(read: Read, actor: User, name: str, form: str, meeting: Meeting | None = None) -> ResponseReturnValue:
    now, found = clock.now(), read(_wanted(actor.zone or "UTC"), None)
    numbered = meeting is not None  # an auditor's
    if form == "csv":
        return kept(
            files.table(found, numbered=numbered),
            f"{name}.csv",
            "text/csv; charset=utf-8",
            actor,
            now,
            found.ids,
            meeting,
        )
    tongue = language()
    made = files.workbook(found, _("Who has read what"), tongue, now, numbered=numbered)
    return workbook(made, f"{name}-{tongue}", actor, now, found.ids, meeting)


KNOWN = ("what", "party", "person", "from", "to", "own")
FILES = {"item_readers": "item_readers_file", "party_readers": "party_readers_file", "audit_log": "audit_file"}


def _wanted(zone: str) -> Wanted:
    """What the address asks for, by days of the reader's zone.

    Raises:
        NotFound: No such kind of entries, or no id of a person.
        Refused: A day is none, or the last one is before the first.
    """
    asked = request.args
    what, person = asked.get("what", ""), asked.get("person", "")
    if what and what not in set(What):
        raise NotFound("filter", what)
    try:
        ident = uuids.UUID(person) if person else None
    except ValueError:
        raise NotFound("person", person) from None
    since, until = _midnight(asked.get("from", ""), zone, "from"), _midnight(asked.get("to", ""), zone, "to", days=1)
    if since is not None and until is not None and until <= since:
        raise Refused("ends_before", field="to")
    party = asked.get("party", "")[:20]
    return Wanted(What(what) if what else None, party, ident, since, until, own=bool(asked.get("own")))


def _midnight(said: str, zone: str, name: str, days: int = 0) -> datetime | None:
    if not said:
        return None
    try:
        day = date.fromisoformat(said) + timedelta(days=days)
        return datetime(day.year, day.month, day.day, tzinfo=times.zone(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused("no_day", field=name) from None
