"""Names of this room's words, and sentences of its refusals."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from confmgr.meetings.domain import MeetingState, NameOrder, PlaceKind, Role
from confmgr.web import labels

labels.register(
    {
        MeetingState.PLANNING: _p("meeting", "In planning"),
        MeetingState.OPEN: _p("meeting", "Open"),
        MeetingState.CLOSED: _p("meeting", "Closed"),
        MeetingState.ARCHIVED: _p("meeting", "Archived"),
        PlaceKind.ROOM: _l("Room"),
        PlaceKind.TABLE: _p("place", "Table"),
        Role.ORGANISER: _l("Organiser"),
        Role.LEADERSHIP: _l("Leadership of the host"),
        Role.HEAD: _l("Head of delegation"),
        Role.DELEGATE: _l("Delegate"),
        Role.INTERPRETER: _l("Interpreter"),
        Role.PRESS: _l("Press officer"),
        Role.AUDITOR: _l("Auditor"),
        NameOrder.ALPHABETICAL: _l("By name"),
        NameOrder.HOST_LAST: _l("By name, the host last"),
        NameOrder.HOST_FIRST: _l("By name, the host first"),
    }
)
labels.register_reasons(
    {
        "unknown_zone": _l("There is no time zone “%(zone)s”. Write it like Asia/Seoul."),
        "unknown_language": _l("“%(language)s” is not a language that this system knows."),
        "dates_reversed": _l("The last day is before the first."),
        "too_many_days": _l("A meeting lasts at most %(most)s days."),
        "slug_taken": _l("Another meeting has the address “%(slug)s”."),
        "number_taken": _l("The operation already has a meeting number %(number)s."),
        "state_step": _l("A meeting that is “%(present)s” cannot become “%(wanted)s” directly."),
        "day_outside": _l("%(day)s is not a day of this meeting."),
        "hours_reversed": _l("The end is not after the start."),
        "day_hours_reversed": _l("On %(day)s the end is not after the start."),
        "sessions_outside_days": _l("%(count)s sessions stand on days that would go. Move or cancel them first."),
        "place_code_taken": _l("There is already a place with the code %(code)s."),
        "room_elsewhere": _l("Choose a room of this meeting."),
        "last_organiser": _l("A meeting needs at least one organiser. Name another one first."),
        "delegation_needed": _l("Choose the delegation: nobody is head or delegate of none."),
        "speaks_for_another": _l("This account speaks for another delegation of the meeting. End that role first."),
        "no_such_account": _l("There is no account with the address %(email)s."),
    }
)

labels.register_terms(
    "used_by",
    {
        "agency": _l("Agencies"),
        "alliance": _l("Alliances"),
        "alliance_member": _l("Alliances"),
        "agenda_item": _l("Agenda items"),
        "delegation": _l("Delegations"),
        "indicator": _l("Indicators"),
        "meeting": _l("Meetings"),
        "operation": _l("Operations"),
        "own_measure": _l("Measures of the operation"),
        "source": _l("Sources of figures"),
        "agenda_item_session": _l("Agenda items"),
        "delegate": _l("People of the delegation"),
        "interpreter": _l("Interpreters"),
        "meeting_request": _l("Meeting requests"),
        "meeting_session": _l("Sessions"),
        "membership": _l("Roles of people"),
        "participation": _l("Invitations"),
        "place": _l("Tables in this room"),
        "published_session": _l("Publications"),
        "request_party": _l("Meeting requests"),
        "request_person": _l("Meeting requests"),
        "session_delegate": _l("Sessions"),
        "session_delegation": _l("Sessions"),
        "session_interpreter": _l("Sessions"),
    },
)
"""What rests on a thing that somebody wants to delete, by table.

Those alone of which whoever deletes may know. What one party gave to some others, and what is made of it, is not named:
that it hinders the deletion is all that anybody hears of it.
"""
