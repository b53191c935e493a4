"""Words of outcomes."""

from enum import StrEnum


class RequestedAction(StrEnum):
    """What is asked."""

    ARREST_OPERATION = "arrest_operation"
    IDENTIFICATION = "identification"
    ACCOUNT_FREEZE = "account_freeze"
    NOTICE = "notice"
    REPATRIATION = "repatriation"
    RESCUE = "rescue"
    BORDER_ALERT = "border_alert"


class RequestStep(StrEnum):
    """An action request's life."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    UNDER_WAY = "under_way"
    DONE = "done"
    DECLINED = "declined"


REQUEST_STEPS = {
    RequestStep.ASKED: (RequestStep.ACCEPTED, RequestStep.DECLINED),
    RequestStep.ACCEPTED: (RequestStep.UNDER_WAY, RequestStep.DONE, RequestStep.DECLINED),
    RequestStep.UNDER_WAY: (RequestStep.DONE, RequestStep.DECLINED),
    RequestStep.DONE: (),
    RequestStep.DECLINED: (RequestStep.ACCEPTED,),
}


OPEN_REQUESTS = frozenset({RequestStep.ASKED, RequestStep.ACCEPTED, RequestStep.UNDER_WAY})
"""States of a request of which no result is known yet."""


class Urgency(StrEnum):
    """How soon."""

    ROUTINE = "routine"
    URGENT = "urgent"
    EMERGENCY = "emergency"


class Channel(StrEnum):
    """By which way."""

    POLICE = "police"
    INTERPOL = "interpol"
    MUTUAL_LEGAL_ASSISTANCE = "mutual_legal_assistance"
    EXTRADITION = "extradition"


class JointActionKind(StrEnum):
    """What kind of action."""

    RAID = "raid"
    ARREST = "arrest"
    RESCUE = "rescue"
    REPATRIATION = "repatriation"
    SEIZURE = "seizure"
    BORDER_STOP = "border_stop"


class JointActionState(StrEnum):
    """A joint action's life."""

    PLANNED = "planned"
    BROUGHT_FORWARD = "brought_forward"
    POSTPONED = "postponed"
    CALLED_OFF = "called_off"
    UNDER_WAY = "under_way"
    ENDED = "ended"


_FROM_A_PLAN = (
    JointActionState.BROUGHT_FORWARD,
    JointActionState.POSTPONED,
    JointActionState.CALLED_OFF,
    JointActionState.UNDER_WAY,
    JointActionState.ENDED,
)

JOINT_ACTION_STEPS = {
    JointActionState.PLANNED: _FROM_A_PLAN,
    JointActionState.BROUGHT_FORWARD: _FROM_A_PLAN,
    JointActionState.POSTPONED: _FROM_A_PLAN,
    JointActionState.CALLED_OFF: (),
    JointActionState.UNDER_WAY: (JointActionState.ENDED,),
    JointActionState.ENDED: (),
}
"""Steps of a joint action; one that nobody followed as it went on ends straight from its plan."""


AHEAD = frozenset({JointActionState.PLANNED, JointActionState.BROUGHT_FORWARD, JointActionState.POSTPONED})
"""States of a joint action that has not begun."""


class PersonStatus(StrEnum):
    """As what persons are held to be."""

    FOUND = "found"
    SUSPECT = "suspect"
    PRESUMED_VICTIM = "presumed_victim"
    VICTIM = "victim"
    WITNESS = "witness"


class FigureKind(StrEnum):
    """Recorded figures may be added up; declared ones never are."""

    RECORDED = "recorded"
    DECLARED = "declared"


class FigureStatus(StrEnum):
    """How firm a figure is."""

    PROVISIONAL = "provisional"
    CONFIRMED = "confirmed"
    SUPERSEDED = "superseded"


class Qualifier(StrEnum):
    """The source's own caution."""

    EXACT = "exact"
    ABOUT = "about"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"


class Attribution(StrEnum):
    """What ties a result to the operation."""

    RESULTING = "resulting"
    SUPPORTED = "supported"
    SAME_PERIOD = "same_period"


class LinkKind(StrEnum):
    """How two figures may count the same persons."""

    SAME = "same"
    POSSIBLE = "possible"


class OverlapDecision(StrEnum):
    """What the owner of the figures said of a possible overlap."""

    OPEN = "open"
    SAME = "same"
    EXCLUDED = "excluded"


class Dimension(StrEnum):
    """Along what a figure is broken down."""

    NATIONALITY = "nationality"
    SEX = "sex"
    AGE = "age"
    ROLE = "role"
    OFFENCE = "offence"
    LEGAL_GROUND = "legal_ground"
    PARTY = "party"
    IDENTITY = "identity"


class Confidence(StrEnum):
    """How sure a place or move is."""

    CONFIRMED = "confirmed"
    PROBABLE = "probable"
    REPORTED = "reported"


class Driver(StrEnum):
    """What drove a group on."""

    CRACKDOWN = "crackdown"
    BORDER_MEASURE = "border_measure"
    UNKNOWN = "unknown"


class RoundState(StrEnum):
    """Whether parties are still asked."""

    OPEN = "open"
    CLOSED = "closed"


class ReturnState(StrEnum):
    """How far a party's return of a reporting round is."""

    NOT_ANSWERED = "not_answered"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


RETURN_STEPS = {
    ReturnState.NOT_ANSWERED: (ReturnState.DRAFT, ReturnState.SUBMITTED),
    ReturnState.DRAFT: (ReturnState.SUBMITTED,),
    ReturnState.SUBMITTED: (ReturnState.RETURNED, ReturnState.ACCEPTED),
    ReturnState.RETURNED: (ReturnState.SUBMITTED,),
    ReturnState.ACCEPTED: (ReturnState.RETURNED,),
}
"""Steps of a return; going back from accepted is to reopen it, with a reason."""


class AnswerKind(StrEnum):
    """What a party says of one measure; only the first has a number."""

    VALUE = "value"
    NIL = "nil"
    NOT_AVAILABLE = "not_available"
    NOT_RELEVANT = "not_relevant"


class Publishing(StrEnum):
    """What a party allows to be published of its return."""

    ALLOWED = "allowed"
    IN_TOTALS = "in_totals"
    NOT_ALLOWED = "not_allowed"


class ReportKind(StrEnum):
    """What a report is about."""

    MEETING = "meeting"
    OPERATION = "operation"
    PERIOD = "period"
    PARTY = "party"
    PUBLIC = "public"


UNCONFIRM = "unconfirm"
"""What the audit calls it when the confirmation of a figure is taken back."""
