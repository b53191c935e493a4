"""Names of this room's words, of the measures of the standard table with the definition printed beside each."""

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
from confmgr.outcomes.measures import Nature, Unit
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
        Nature.FLOW: _l("Over a period"),
        Nature.STOCK: _l("At a date"),
        Nature.CUMULATIVE: _l("Growing"),
    }
)
labels.register(
    {
        Unit.PERSONS: _l("persons"),
        Unit.EVENTS: _l("events"),
        Unit.SITES: _l("sites"),
        Unit.CASES: _l("cases"),
        Unit.MONEY: _l("money"),
        Unit.ACCOUNTS: _l("accounts"),
        Unit.ITEMS: _l("items"),
        Unit.REQUESTS: _l("requests"),
        Unit.GROUPS: _l("groups"),
        Unit.LEADS: _l("leads"),
        Unit.MEETINGS: _l("meetings"),
        Unit.COUNTRIES: _l("countries"),
    }
)
labels.register(
    {
        LinkEnd.LEAD: _p("chain", "Leads"),
        LinkEnd.SESSION: _p("chain", "Sessions"),
        LinkEnd.ACTION_REQUEST: _p("chain", "Action requests"),
        LinkEnd.TASK_FORCE: _p("chain", "Task forces"),
        LinkEnd.JOINT_ACTION: _p("chain", "Joint actions"),
    }
)
labels.register_terms(
    "measure",
    {
        "suspects_identified": _l("Suspects identified"),
        "suspects_located": _l("Suspects located"),
        "arrested": _l("Arrested"),
        "arrested_for_operation": _l("Arrested for the operation's offences"),
        "arrested_on_notice": _l("Arrested on a notice or warrant"),
        "held": _l("Held in custody"),
        "released": _l("Released or reclassified"),
        "charged": _l("Charged"),
        "convicted": _l("Convicted"),
        "returned": _l("Returned"),
        "awaiting_return": _l("Awaiting return"),
        "arrested_on_return": _l("Arrested on return"),
        "fraud_victims": _l("Fraud victims"),
        "potential_victims": _l("Potential victims of trafficking"),
        "victims_identified": _l("Victims formally identified"),
        "rescued": _l("Rescued"),
        "referred": _l("Referred to protection"),
        "rescued_later_suspects": _l("Rescued, later treated as suspects"),
        "joint_actions": _l("Joint actions"),
        "sites_searched": _l("Sites searched"),
        "checked": _l("Persons, vehicles and documents checked"),
        "officers": _l("Officers deployed"),
        "investigations_opened": _l("Investigations opened"),
        "cases_solved": _l("Cases solved"),
        "groups_dismantled": _l("Groups disrupted or dismantled"),
        "reported_loss": _l("Reported loss"),
        "estimated_loss": _l("Estimated loss"),
        "loss_prevented": _l("Loss prevented"),
        "accounts_frozen": _l("Accounts frozen"),
        "wallets_frozen": _l("Wallets frozen"),
        "stop_payments": _l("Stop-payment requests"),
        "intercepted": _l("Funds intercepted"),
        "seized": _l("Assets seized"),
        "confiscated": _l("Assets confiscated"),
        "recovered": _l("Returned to victims"),
        "devices_seized": _l("Devices seized"),
        "documents_seized": _l("Documents seized"),
        "other_seized": _l("Other things seized"),
        "taken_down": _l("Accounts, numbers and sites taken down"),
        "notices": _l("Notices and diffusions"),
        "database_hits": _l("Database hits"),
        "modi_operandi": _l("New modi operandi"),
        "legal_assistance": _l("Requests for legal assistance"),
        "cases": _l("Cases taken up"),
        "cases_ready": _l("Cases ready for action"),
        "leads": _l("Leads exchanged"),
        "meetings_held": _l("Meetings held"),
        "action_requests": _l("Action requests"),
        "countries": _l("Countries taking part"),
        "countries_with_cases": _l("Countries that brought cases"),
    },
)
labels.register_terms(
    "step",
    {
        "lead": _p("step of a chain", "Lead"),
        "session": _p("step of a chain", "Meeting"),
        "action_request": _p("step of a chain", "Request"),
        "task_force": _p("step of a chain", "Task force"),
        "joint_action": _p("step of a chain", "Joint action"),
    },
)
labels.register_terms(
    "counted",
    {
        "arrested": _p("after a number", "arrested"),
        "returned": _p("after a number", "returned"),
        "rescued": _p("after a number", "rescued"),
        "fraud_victims": _p("after a number", "victims"),
    },
)
labels.register_terms(
    "definition",
    {
        "suspects_identified": _l("Named or otherwise individualised as suspects, whether or not arrested."),
        "suspects_located": _l("Whereabouts established and passed to the competent party."),
        "arrested": _l(
            "First deprivation of liberty on suspicion of an offence by the authority of the territory; "
            "a person once per operation."
        ),
        "arrested_for_operation": _l("Of those arrested: for an offence that the operation is about."),
        "arrested_on_notice": _l("Of those arrested: on an INTERPOL Red Notice or diffusion, or a national warrant."),
        "released": _l("Released without charge, or held to be a victim or witness, since the last report."),
        "charged": _l("Formally accused by the competent authority; the stage in that law is named."),
        "convicted": _l("In first instance or finally; which of the two is said."),
        "awaiting_return": _l("At the date, of those held."),
        "referred": _l("Referred to protection, or safely returned."),
        "rescued_later_suspects": _l("Of those rescued."),
        "sites_searched": _l("Premises searched and sites entered."),
        "checked": _l("Persons, vehicles, documents and places, each counted."),
        "investigations_opened": _l("New investigations."),
        "intercepted": _l("Stopped on the way by a stop-payment request."),
        "wallets_frozen": _l("Wallets of virtual assets; transfer or disposal prohibited."),
        "stop_payments": _l("Requests by I-GRIP and similar ways."),
        "legal_assistance": _l("Requests for mutual legal assistance or extradition."),
        "devices_seized": _l("Phones, computers, SIM cards, SIM boxes, servers."),
        "documents_seized": _l("False or withheld passports and identity cards."),
        "other_seized": _l("Vehicles, firearms, drugs, other things."),
        "taken_down": _l("Accounts, numbers, sites, applications and domains taken down or blocked."),
        "notices": _l("Notices of every colour, and diffusions, that were published."),
        "database_hits": _l("Hits of checks against databases."),
        "modi_operandi": _l("New ways of committing an offence, or trends, that were reported."),
        "meetings_held": _l("Bilateral and multilateral meetings that took place."),
        "action_requests": _l("What parties asked of each other."),
        "held": _l("In custody at the date, on any ground."),
        "returned": _l("Extradited, deported, expelled or surrendered voluntarily; the press says repatriated."),
        "arrested_on_return": _l("Under the own warrant; not added to those arrested."),
        "fraud_victims": _l("Defrauded persons or businesses known by report."),
        "potential_victims": _l("Indicators of trafficking found; their status is not decided yet."),
        "victims_identified": _l("Decided by the competent authority."),
        "rescued": _l("Removed from a place where they were held or exploited, whatever their later status."),
        "joint_actions": _l("Coordinated enforcement at one or more sites under one plan."),
        "officers": _l("By party; the peak, not the sum of days."),
        "cases_solved": _l("A suspect is identified and passed to prosecution."),
        "groups_dismantled": _l(
            "Disrupted: cannot act for a time. Dismantled: leadership, means and money are removed."
        ),
        "reported_loss": _l("Sum of complaints."),
        "estimated_loss": _l("What was not reported is included; the method is named."),
        "loss_prevented": _l("Payment not made thanks to a warning or a stop."),
        "accounts_frozen": _l("Transfer or disposal prohibited; the property stays with its holder."),
        "seized": _l("The competent authority takes control; the owner is unchanged until a decision."),
        "confiscated": _l("Final deprivation by a court or authority."),
        "recovered": _l("Actually restored to victims."),
        "leads": _l("Counted from the leads shared."),
        "cases": _l("Counted from the cases that the meeting took up."),
        "cases_ready": _l("Counted from the cases nominated as ready for action."),
        "countries": _l("Counted from the delegations of states and territories."),
        "countries_with_cases": _l("Counted from the cases taken up, by who nominated them."),
    },
)
labels.register_terms(
    "share",
    {
        "male": _l("Men"),
        "female": _l("Women"),
        "adult": _l("Adults"),
        "minor": _l("Minors"),
        "ringleader": _l("Ringleaders"),
        "manager": _l("Managers"),
        "member": _l("Members"),
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
