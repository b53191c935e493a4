"""What reports and the meeting's home call things."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from confmgr.outcomes.domain import ReportKind
from confmgr.reports.queries.audit import What
from confmgr.web import labels

labels.register(
    {
        ReportKind.MEETING: _l("Outcome report of a meeting"),
        ReportKind.OPERATION: _l("Outcome report of the operation"),
        ReportKind.PERIOD: _l("Report of a period"),
        ReportKind.PARTY: _l("Report of a party"),
        ReportKind.PUBLIC: _l("Public figures"),
        What.READ: _p("audit", "Read"),
        What.TAKEN: _p("audit", "Taken as a file, or sent"),
        What.CHANGED: _p("audit", "Changed"),
        What.REFUSED: _p("audit", "Refused"),
    }
)
labels.register_terms(
    "audit",
    {
        "read": _p("audit", "Read"),
        "open": _p("audit", "Read"),
        "export": _p("audit", "Taken as a file"),
        "print": _p("audit", "Printed"),
        "send": _p("audit", "Sent by mail"),
        "import": _p("audit", "Taken from a file"),
        "create": _p("audit", "Written"),
        "change": _p("audit", "Changed"),
        "delete": _p("audit", "Deleted"),
        "share": _p("audit", "Shared"),
        "disclose": _p("audit", "Reader named"),
        "revoke": _p("audit", "Reader struck off"),
        "mark": _p("audit", "Marking changed"),
        "propose_mark": _p("audit", "Lower marking proposed"),
        "withdraw": _p("audit", "Withdrawn"),
        "take_up": _p("audit", "Shared again"),
        "purge": _p("audit", "Purged"),
        "feedback": _p("audit", "Feedback given"),
        "nominate": _p("audit", "Nominated"),
        "confirm": _p("audit", "Confirmed"),
        "link": _p("audit", "Linked"),
        "unlink": _p("audit", "Unlinked"),
        "publish": _p("audit", "Published"),
    },
)
labels.register_search("audit", lambda _action: labels.of(What.CHANGED))  # what has no word of its own
labels.register_terms(
    "rule",
    {
        "C": _l("because it is published"),
        "O": _l("as the party that gave it"),
        "G": _l("because members may read GREEN and CLEAR"),
        "R": _l("because it was passed on to them"),
    },
)
labels.register_reasons(
    {
        "one_language_twice": _l("Choose two different languages."),
        "no_day": _l("Write both days like 2026-02-05."),
        "ends_before": _l("The last day is before the first."),
        "nothing_to_issue": _l("Nothing is recorded yet of which this report could tell."),
        "verify_what": _l("Type the number of the report, or choose its file."),
        "no_number": _l("A number has twenty letters and digits, in five groups of four."),
        "file_too_large": _l("The file is too large: reports have at most %(limit)s MB."),
        "too_many_checks": _l("Too many checks in a short time. Wait a quarter of an hour."),
    }
)

CHANGES = {
    ("create", "delegation"): _l("Delegations added"),
    ("change", "delegation"): _l("Delegations changed"),
    ("name_delegate", "delegation"): _l("Delegates named"),
    ("ask", "meeting_request"): _l("Meetings asked for"),
    ("accepted", "meeting_request"): _l("Meeting requests accepted"),
    ("declined", "meeting_request"): _l("Meeting requests declined"),
    ("withdraw", "meeting_request"): _l("Meeting requests withdrawn"),
    ("create", "session"): _l("Sessions added"),
    ("change", "session"): _l("Sessions changed"),
    ("move", "session"): _l("Sessions moved"),
    ("cancel", "session"): _l("Sessions cancelled"),
    ("restore", "session"): _l("Cancelled sessions taken up again"),
    ("set_rules", "meeting"): _l("Rules of the schedule changed"),
    ("plan", "plan"): _l("Plans made"),
    ("publish", "publication"): _l("Programmes published"),
    ("case_selected", "nomination"): _l("Cases selected"),
    ("case_not_taken", "nomination"): _l("Cases not taken"),
    ("create", "place"): _l("Places added"),
    ("create", "interpreter"): _l("Interpreters added"),
    ("give_role", "membership"): _l("Roles given"),
    ("end_role", "membership"): _l("Roles ended"),
    ("receive", "reply"): _l("Replies by mail"),
    ("create", "agenda_item"): _l("Agenda items added"),
    ("change", "agenda_item"): _l("Agenda items changed"),
    ("adopt", "agenda"): _l("Agenda adopted"),
}
"""By action and kind of object, as the audit names them; what is not here is not shown on the home page."""
