"""Names of this room's words, and its refusals in words."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from confmgr.outcomes.chains import LinkEnd
from confmgr.outcomes.domain import (
    Attribution,
    Channel,
    Confidence,
    Dimension,
    Driver,
    FigureKind,
    FigureStatus,
    JointActionKind,
    JointActionState,
    LinkKind,
    OverlapDecision,
    PersonStatus,
    Qualifier,
    RequestedAction,
    RequestStep,
    Urgency,
)
from confmgr.web import labels

labels.register(
    {
        RequestedAction.ARREST_OPERATION: _l("Arrest operation"),
        RequestedAction.IDENTIFICATION: _l("Identification"),
        RequestedAction.ACCOUNT_FREEZE: _l("Freezing of an account"),
        RequestedAction.NOTICE: _l("Notice"),
        RequestedAction.REPATRIATION: _l("Repatriation"),
        RequestedAction.RESCUE: _l("Rescue"),
        RequestedAction.BORDER_ALERT: _l("Border alert"),
    }
)
labels.register(
    {
        RequestStep.ASKED: _p("action request", "Asked"),
        RequestStep.ACCEPTED: _p("action request", "Accepted"),
        RequestStep.UNDER_WAY: _p("action request", "Under way"),
        RequestStep.DONE: _p("action request", "Done"),
        RequestStep.DECLINED: _p("action request", "Declined"),
    }
)
labels.register(
    {
        Urgency.ROUTINE: _l("Routine"),
        Urgency.URGENT: _l("Urgent"),
        Urgency.EMERGENCY: _l("Emergency"),
    }
)
labels.register(
    {
        Channel.POLICE: _l("Police to police"),
        Channel.INTERPOL: _l("INTERPOL"),
        Channel.MUTUAL_LEGAL_ASSISTANCE: _l("Mutual legal assistance"),
        Channel.EXTRADITION: _l("Extradition"),
    }
)
labels.register(
    {
        JointActionKind.RAID: _l("Raid"),
        JointActionKind.ARREST: _p("joint action", "Arrest"),
        JointActionKind.RESCUE: _p("joint action", "Rescue"),
        JointActionKind.REPATRIATION: _p("joint action", "Repatriation"),
        JointActionKind.SEIZURE: _l("Seizure"),
        JointActionKind.BORDER_STOP: _l("Border stop"),
    }
)
labels.register(
    {
        JointActionState.PLANNED: _p("joint action", "Planned"),
        JointActionState.BROUGHT_FORWARD: _l("Brought forward"),
        JointActionState.POSTPONED: _l("Postponed"),
        JointActionState.CALLED_OFF: _l("Called off"),
        JointActionState.UNDER_WAY: _p("joint action", "Under way"),
        JointActionState.ENDED: _l("Ended"),
    }
)
labels.register(
    {
        PersonStatus.FOUND: _l("Found"),
        PersonStatus.SUSPECT: _l("Suspect"),
        PersonStatus.PRESUMED_VICTIM: _l("Presumed victim"),
        PersonStatus.VICTIM: _l("Victim"),
        PersonStatus.WITNESS: _l("Witness"),
    }
)
labels.register(
    {
        FigureKind.RECORDED: _l("Recorded"),
        FigureKind.DECLARED: _l("Declared"),
    }
)
labels.register(
    {
        FigureStatus.PROVISIONAL: _l("Provisional"),
        FigureStatus.CONFIRMED: _p("figure", "Confirmed"),
        FigureStatus.SUPERSEDED: _l("Superseded"),
    }
)
labels.register(
    {
        Qualifier.EXACT: _l("Exactly"),
        Qualifier.ABOUT: _p("qualifier", "About"),
        Qualifier.MORE_THAN: _l("More than"),
        Qualifier.AT_MOST: _l("At most"),
    }
)
labels.register(
    {
        Attribution.RESULTING: _l("Resulting from a lead or request of the meeting"),
        Attribution.SUPPORTED: _l("Supported by the operation"),
        Attribution.SAME_PERIOD: _l("In the same period, no link shown"),
    }
)
labels.register(
    {
        LinkKind.SAME: _l("The same people"),
        LinkKind.POSSIBLE: _l("Perhaps the same people"),
    }
)
labels.register(
    {
        OverlapDecision.OPEN: _p("overlap", "Nobody has decided"),
        OverlapDecision.SAME: _p("overlap", "The same people"),
        OverlapDecision.EXCLUDED: _p("overlap", "Different people"),
    }
)
labels.register(
    {
        Dimension.NATIONALITY: _l("Nationality"),
        Dimension.SEX: _l("Sex"),
        Dimension.AGE: _l("Age"),
        Dimension.ROLE: _p("person", "Role"),
        Dimension.OFFENCE: _l("Offence"),
        Dimension.LEGAL_GROUND: _l("Legal ground"),
        Dimension.PARTY: _l("Reporting party"),
        Dimension.IDENTITY: _l("Identity papers"),
    }
)
labels.register(
    {
        Confidence.CONFIRMED: _p("place", "Confirmed"),
        Confidence.PROBABLE: _l("Probable"),
        Confidence.REPORTED: _l("Reported"),
    }
)
labels.register(
    {
        Driver.CRACKDOWN: _l("A crackdown"),
        Driver.BORDER_MEASURE: _l("A border measure"),
        Driver.UNKNOWN: _p("reason", "Not known"),
    }
)
labels.register(
    {
        LinkEnd.LEAD: _p("chain", "Leads"),
        LinkEnd.SESSION: _p("chain", "Sessions"),
        LinkEnd.ACTION_REQUEST: _p("chain", "Action requests"),
        LinkEnd.TASK_FORCE: _p("chain", "Task forces"),
        LinkEnd.JOINT_ACTION: _p("chain", "Joint actions"),
        LinkEnd.FIGURE: _l("Figures"),
    }
)
labels.register_terms(
    "step",
    {
        "lead": _p("step of a chain", "Lead"),
        "session": _p("step of a chain", "Meeting"),
        "action_request": _p("step of a chain", "Request"),
        "task_force": _p("step of a chain", "Task force"),
        "joint_action": _p("step of a chain", "Joint action"),
        "figure": _l("Figure"),
    },
)
labels.register_reasons(
    {
        "asks_itself": _l("%(code)s cannot ask itself."),
        "request_step": _l("A request that is at “%(present)s” cannot become “%(wanted)s”."),
        "reason_needed": _l("Give a reason: the other side will read it."),
        "before_operation": _l("The operation began on %(start)s."),
        "action_ended": _l("This action has ended."),
        "more_than_set": _l("The set has %(most)s persons."),
        "source_taken": _l("There is a source %(code)s already."),
        "figure_code_taken": _l("There is a figure %(code)s already."),
        "already_superseded": _l("The figure %(code)s has been corrected already."),
        "second_person": _l("A second person must confirm: you stated this figure yourself."),
        "overlap_of_two": _l("Choose another figure of the same measure."),
        "null_island": _l("0° north, 0° east is what an empty form gives. Enter the place, or leave both empty."),
        "unknown_measure": _l("There is no measure %(measure)s."),
        "interval_reversed": _l("The upper end is below the lower end."),
        "currency_not_right": _l("Money needs its currency, such as KRW; other measures have none."),
        "stock_needs_moment": _l("This measure stands at a date: enter the date."),
        "flow_needs_period": _l("This measure happens over a period: enter its first and last day."),
        "period_or_moment": _l("Enter either a period or a date."),
        "negative": _l("A figure cannot be below zero."),
        "too_large": _l("This number is too large to be right."),
    }
)
