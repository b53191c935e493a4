"""Names of this room's words, and sentences of its refusals."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from confmgr.papers.domain import AgendaKind, ExpectedAction, RecordState
from confmgr.web import labels

labels.register(
    {
        ExpectedAction.INFORMATION: _l("For information"),
        ExpectedAction.DISCUSSION: _l("For discussion"),
        ExpectedAction.DECISION: _l("For decision"),
        RecordState.DRAFTED: _p("record", "Drafted"),
        RecordState.SENT: _p("record", "Sent to the sides"),
        RecordState.AGREED: _p("record", "Agreed"),
        RecordState.WITH_RESERVATION: _p("record", "Agreed with a reservation"),
        RecordState.LAPSED: _p("record", "Lapsed"),
    }
)
labels.register(
    {
        AgendaKind.OPENING: _l("Opening"),
        AgendaKind.ADOPTION: _l("Adoption of the agenda and organisation of work"),
        AgendaKind.FOLLOW_UP: _l("Report on follow-up to the previous meeting"),
        AgendaKind.SUBSTANCE: _l("Item of substance"),
        AgendaKind.MEETINGS: _l("Bilateral and multilateral case meetings"),
        AgendaKind.CONCLUSIONS: _l("Conclusions and decisions"),
        AgendaKind.NEXT_MEETING: _l("Next meeting"),
        AgendaKind.CLOSING: _l("Closing"),
    }
)
labels.register_reasons({"agenda_number_taken": _l("There is an item %(number)s already.")})
