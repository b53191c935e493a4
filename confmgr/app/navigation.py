"""What every page shows around its content: the menu of the meeting or operation, the sample marker, the choices."""

from typing import Any

from flask import Flask, g, has_request_context, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.routing import BuildError

from confmgr.config import Settings
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Meeting
from confmgr.parties.models import Operation
from confmgr.web.formats import language, plain_words

EVERYBODY = frozenset(Role)
STAFF = frozenset({Role.ORGANISER})
FONTS = {
    "ko": "noto-sans-kr",
    "km": "noto-sans-khmer",
    "th": "noto-sans-thai",
    "lo": "noto-sans-lao",
    "zh-Hans": "noto-sans-sc",
    "ja": "noto-sans-jp",
    "ar": "noto-sans-arabic",
}
"""The font of each script beside Inter; a page links that of its language, and those it says it needs."""

ASKERS = frozenset({Role.ORGANISER, Role.HEAD, Role.DELEGATE})
INVITED = frozenset({Role.HEAD, Role.DELEGATE, Role.INTERPRETER})
PARTS = {
    **dict.fromkeys(("schedule", "sessions", "drafts", "plan", "prints"), "board"),
    **dict.fromkeys(("slots", "my-changes", "calendars", "delegates"), "my-agenda"),
    "consents": "cases",
    "publications": "publish",
    "reminders": "outbox",
    **dict.fromkeys(("leads", "search", "matches", "exchange"), "cases"),
    **dict.fromkeys(("report", "party", "files"), "reports"),
}
"""Pages that have no entry of their own in the menu: under which one they are."""
OF_ITEMS = frozenset({"cases", "leads", "consents", "recalls"})
"""Pages of cases and leads stand outside a meeting's addresses: one of them may come to several meetings."""
READERS = frozenset({Role.ORGANISER, Role.LEADERSHIP, Role.HEAD, Role.DELEGATE})


def attach(app: Flask, settings: Settings) -> None:
    """Add the context of `layout.html`."""

    def context() -> dict[str, Any]:
        if not has_request_context():  # a mail or a document, made by a job
            return {}
        meeting = g.get("meeting")
        operation = g.get("operation")
        nav = _meeting_menu(meeting) if meeting else _operation_menu(operation) if operation else []
        return {
            "nav": nav,
            "nav_phone": _phone_menu(nav, meeting),
            "meeting_here": meeting,
            "operation_here": operation,
            "sample": settings.sample,
            "sample_start_url": _address("interchange.leave_sample") if settings.sample else None,
            "is_organiser": Role.ORGANISER in g.get("roles", frozenset()),
            "roles_here": g.get("roles", frozenset()),
            "font_css": [f"vendor/fonts/{font}/wght.css" for font in ("inter", FONTS.get(language())) if font],
            "fonts": FONTS,
            "context_name": plain_words(meeting.title if meeting else operation.name if operation else None),
            "context_items": _context_menu(meeting, operation),
            "search_url": _search(meeting),
            "theme": getattr(current_user, "theme", None) or "",
            "user_name": getattr(current_user, "name", ""),
            "user_links": _links([(_("Your account"), "accounts.profile")]),
            "theme_url": _address("accounts.theme"),
            "sign_out_url": _address("security.logout"),
        }

    app.context_processor(context)


def _search(meeting: Meeting | None) -> str | None:
    """Where the box in the bar leads, for those who read cases."""
    reads = meeting is not None and g.get("roles", frozenset()) & READERS
    return url_for("cases.search", slug=meeting.slug) if meeting is not None and reads else None


def _context_menu(meeting: Meeting | None, operation: Operation | None) -> list[tuple[str, str, bool]]:
    entries = [(label, url, False) for label, url in _links([(_("All operations and meetings"), "home")])]
    if operation:
        url = url_for("parties.operation", code=operation.code)
        entries.insert(0, (plain_words(operation.name), url, meeting is None))
    if meeting:
        entries.insert(1, (plain_words(meeting.title), url_for("meetings.home", slug=meeting.slug), True))
    return entries


def _links(entries: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(label, url) for label, endpoint in entries if (url := _address(endpoint))]


def _meeting_menu(meeting: Meeting) -> list[tuple[str, str, bool, None]]:
    operation = meeting.operation.code
    here = {"slug": meeting.slug}
    programme = [
        (_("Programme"), "invitations.programme", here, EVERYBODY),
        (_("Agenda"), "papers.agenda", here, EVERYBODY),
    ]
    organises = Role.ORGANISER in g.get("roles", frozenset())
    return _menu(
        [
            (_("Home"), "meetings.home", here, EVERYBODY),
            (_("My agenda"), "invitations.agenda", here, INVITED),
            *([] if organises else programme),
            (_("Delegations"), "delegations.table", here, EVERYBODY - {Role.PRESS}),
            (_("Cases"), "cases.table", here, READERS),
            (_("Requests"), "scheduling.requests", here, ASKERS),
            (_("Schedule"), "scheduling.board", here, STAFF),
            (_("Day desk"), "invitations.desk", here, STAFF),
            (_("Publish"), "invitations.publish", here, STAFF),
            *(programme if organises else []),
            (_("Answers"), "invitations.answers_list", here, STAFF),
            (_("Outbox"), "invitations.outbox", here, STAFF),
            (_("Replies"), "invitations.replies", here, STAFF),
            (_("Interpreters"), "delegations.interpreters", here, STAFF),
            (_("Rooms and tables"), "meetings.places", here, STAFF),
            (_("People and roles"), "meetings.people", here, STAFF),
            (_("Translations"), "interchange.translations", here, STAFF),
            (_("Settings"), "meetings.settings", here, STAFF),
            (_("Follow-up"), "outcomes.follow_up", {"code": operation}, READERS),
            (_("Outcomes"), "outcomes.home", {"code": operation}, READERS),
            (_("Public figures"), "outcomes.public_figures", {"code": operation}, frozenset({Role.PRESS})),
            (_("Reports"), "reports.index", here, READERS),
            (_("Audit"), "reports.audit_log", here, frozenset({Role.AUDITOR})),
        ]
    )


def _phone_menu(nav: list[tuple[str, str, bool, None]], meeting: Meeting | None) -> list[tuple[str, str, bool, None]]:
    """The menu in the order of a phone, where four entries are seen: whoever holds one is up and about."""
    held: frozenset[Role] = g.get("roles", frozenset())
    if meeting is None or not held & ASKERS:
        return nav
    seen = ("meetings.home", "invitations.agenda", "cases.table", "invitations.programme")
    if Role.ORGANISER in held:
        seen = ("meetings.home", "scheduling.requests", "scheduling.board", "invitations.desk")
    first = {url_for(endpoint, slug=meeting.slug) for endpoint in seen}
    return sorted(nav, key=lambda entry: entry[1] not in first)


def _operation_menu(operation: Operation) -> list[tuple[str, str, bool, None]]:
    return _menu(
        [
            (_("Home"), "parties.operation", {"code": operation.code}, EVERYBODY),
            (_("Outcomes"), "outcomes.home", {"code": operation.code}, READERS),
            (_("Follow-up"), "outcomes.follow_up", {"code": operation.code}, READERS),
            (_("Reporting rounds"), "outcomes.rounds", {"code": operation.code}, READERS),
            (_("Groups and moves"), "outcomes.groups", {"code": operation.code}, READERS),
            (_("Contacts"), "outcomes.contacts", {"code": operation.code}, READERS),
            (_("Public figures"), "outcomes.public_figures", {"code": operation.code}, EVERYBODY),
            (_("Reports"), "reports.operation_index", {"code": operation.code}, READERS),
            (_("Who has read what we gave"), "reports.party_readers", {"code": operation.code}, frozenset({Role.HEAD})),
        ]
    )


def _menu(entries: list[tuple[str, str, dict[str, Any], frozenset[Role]]]) -> list[tuple[str, str, bool, None]]:
    held = g.get("roles", frozenset())
    menu = []
    for label, endpoint, arguments, roles in entries:
        if not held & roles:
            continue
        url = url_for(endpoint, **arguments)
        menu.append((label, url, request.endpoint == endpoint or _part(url) == _part(request.path) != "", None))
    return menu


def _part(path: str) -> str:
    """The part of a meeting or operation to which a page belongs; empty for its home and for what is elsewhere."""
    parts = path.split("/") + [""] * 4
    if parts[1] in OF_ITEMS:
        return "cases"
    return PARTS.get(parts[3], parts[3])


def _address(endpoint: str) -> str | None:
    try:
        return url_for(endpoint)
    except BuildError:
        return None
