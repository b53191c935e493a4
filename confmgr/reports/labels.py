"""What reports and the meeting's home call things."""

from flask_babel import lazy_gettext as _l

from confmgr.outcomes.domain import ReportKind
from confmgr.web import labels

labels.register(
    {
        ReportKind.MEETING: _l("Outcome report of a meeting"),
        ReportKind.OPERATION: _l("Outcome report of the operation"),
        ReportKind.PERIOD: _l("Report of a period"),
        ReportKind.PARTY: _l("Report of a party"),
        ReportKind.PUBLIC: _l("Public figures"),
    }
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
