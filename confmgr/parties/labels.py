"""Names of this room's words, and sentences of its refusals."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from confmgr.parties.domain import OperationPhase, PartyKind
from confmgr.web import labels

labels.register(
    {
        PartyKind.STATE: _p("party", "State"),
        PartyKind.TERRITORY: _l("Territory"),
        PartyKind.ORGANISATION: _l("Organisation"),
        PartyKind.OTHER: _l("Other participant"),
        OperationPhase.PLANNING: _l("Planning"),
        OperationPhase.OPERATIONAL: _l("Operational phase"),
        OperationPhase.DEBRIEFING: _l("Debriefing"),
        OperationPhase.CLOSED: _l("Closed operation"),
    }
)
labels.register_reasons(
    {
        "party_code_malformed": _l(
            "“%(code)s” is not a code: use two capital letters for a state, three to nine otherwise."
        ),
        "party_code_taken": _l("There is already a participant with the code %(code)s."),
        "agency_code_taken": _l("This participant already has an agency with the code %(code)s."),
        "operation_code_taken": _l("There is already an operation with the code %(code)s."),
    }
)
