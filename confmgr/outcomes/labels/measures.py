"""Names of the measures of the standard table, with the definition printed beside each."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from confmgr.outcomes.measures import Nature, Unit
from confmgr.web import labels

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
