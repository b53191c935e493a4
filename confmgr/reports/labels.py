"""What reports and the meeting's home call things."""

from flask_babel import lazy_gettext as _l

from confmgr.web import labels

labels.register_reasons({"one_language_twice": _l("Choose two different languages.")})

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
