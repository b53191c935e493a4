"""The standard table of results: measures with number, unit, nature, and the definition to print with each.

Names and definitions are English msgids; `labels` translates them.
"""

from dataclasses import dataclass
from enum import StrEnum

from confmgr.outcomes.domain import Dimension


class Unit(StrEnum):
    """What is counted."""

    PERSONS = "persons"
    EVENTS = "events"
    SITES = "sites"
    CASES = "cases"
    MONEY = "money"
    ACCOUNTS = "accounts"
    WALLETS = "wallets"
    ITEMS = "items"
    KILOGRAMS = "kilograms"
    REQUESTS = "requests"
    GROUPS = "groups"
    LEADS = "leads"
    MEETINGS = "meetings"
    COUNTRIES = "countries"


class Nature(StrEnum):
    """Flows happen in a period and may be added; stocks stand at a date and never are; cumulative ones grow."""

    FLOW = "flow"
    STOCK = "stock"
    CUMULATIVE = "cumulative"


class MeasureGroup(StrEnum):
    """The eight groups of the standard table, and what an operation adds."""

    SUSPECTS = "suspects"
    RETURN = "return"
    VICTIMS = "victims"
    ENFORCEMENT = "enforcement"
    MONEY = "money"
    THINGS = "things"
    INSTRUMENTS = "instruments"
    COOPERATION = "cooperation"
    OWN = "own"


PEOPLE = (Dimension.PARTY, Dimension.NATIONALITY, Dimension.SEX, Dimension.AGE, Dimension.IDENTITY)
SUSPECTS = (*PEOPLE, Dimension.ROLE, Dimension.OFFENCE, Dimension.LEGAL_GROUND)
OFFENCES = (Dimension.PARTY, Dimension.OFFENCE)
BY_PARTY = (Dimension.PARTY,)


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of the standard table, or one that an operation added.

    `breakdowns`: along what its figures may be told apart. `known_at`: it happens over a period, but sources often only
    say how much was known at a date.
    """

    code: str
    number: str
    unit: Unit
    nature: Nature
    group: MeasureGroup
    breakdowns: tuple[Dimension, ...] = BY_PARTY
    known_at: bool = False


def own(code: str, unit: Unit, nature: Nature) -> Measure:
    """A measure that an operation added: it may be broken down along all that fits its unit."""
    return Measure(code, "", unit, nature, MeasureGroup.OWN, SUSPECTS if unit is Unit.PERSONS else OFFENCES)


F, S, C = Nature.FLOW, Nature.STOCK, Nature.CUMULATIVE
P, I, R = Unit.PERSONS, Unit.ITEMS, Unit.REQUESTS  # noqa: E741  # columns of a table
_G = MeasureGroup

_TABLE = [
    Measure("suspects_identified", "1", P, F, _G.SUSPECTS, SUSPECTS),
    Measure("suspects_located", "2", P, F, _G.SUSPECTS, SUSPECTS),
    Measure("arrested", "3", P, F, _G.SUSPECTS, SUSPECTS),
    Measure("arrested_for_operation", "3a", P, F, _G.SUSPECTS, SUSPECTS),
    Measure("arrested_on_notice", "3b", P, F, _G.SUSPECTS, SUSPECTS),
    Measure("held", "4", P, S, _G.SUSPECTS, SUSPECTS),
    Measure("released", "5", P, F, _G.SUSPECTS, SUSPECTS),
    Measure("charged", "6", P, F, _G.SUSPECTS, SUSPECTS),
    Measure("convicted", "7", P, F, _G.SUSPECTS, SUSPECTS),
    Measure("returned", "8", P, F, _G.RETURN, SUSPECTS),
    Measure("awaiting_return", "9", P, S, _G.RETURN, SUSPECTS),
    Measure("arrested_on_return", "10", P, F, _G.RETURN, SUSPECTS),
    Measure("fraud_victims", "11", P, F, _G.VICTIMS, (*PEOPLE, Dimension.OFFENCE), known_at=True),
    Measure("potential_victims", "12", P, F, _G.VICTIMS, PEOPLE),
    Measure("victims_identified", "13", P, F, _G.VICTIMS, PEOPLE),
    Measure("rescued", "14", P, F, _G.VICTIMS, PEOPLE),
    Measure("referred", "15", P, F, _G.VICTIMS, PEOPLE),
    Measure("rescued_later_suspects", "16", P, F, _G.VICTIMS, PEOPLE),
    Measure("joint_actions", "17", Unit.EVENTS, F, _G.ENFORCEMENT),
    Measure("sites_searched", "18", Unit.SITES, F, _G.ENFORCEMENT),
    Measure("checked", "19", I, F, _G.ENFORCEMENT),
    Measure("officers", "20", P, F, _G.ENFORCEMENT, (Dimension.PARTY, Dimension.SEX)),
    Measure("investigations_opened", "21", Unit.CASES, F, _G.ENFORCEMENT, OFFENCES),
    Measure("cases_solved", "22", Unit.CASES, F, _G.ENFORCEMENT, OFFENCES),
    Measure("groups_dismantled", "23", Unit.GROUPS, F, _G.ENFORCEMENT, OFFENCES),
    Measure("sites_closed", "23", Unit.SITES, F, _G.ENFORCEMENT),
    Measure("reported_loss", "24", Unit.MONEY, C, _G.MONEY, OFFENCES),
    Measure("estimated_loss", "25", Unit.MONEY, C, _G.MONEY, OFFENCES),
    Measure("loss_prevented", "26", Unit.MONEY, F, _G.MONEY, OFFENCES),
    Measure("accounts_frozen", "27", Unit.ACCOUNTS, F, _G.MONEY),
    Measure("wallets_frozen", "28", Unit.WALLETS, F, _G.MONEY),
    Measure("stop_payments", "29", R, F, _G.MONEY),
    Measure("intercepted", "30", Unit.MONEY, F, _G.MONEY, OFFENCES),
    Measure("seized", "31", Unit.MONEY, F, _G.MONEY, OFFENCES),
    Measure("assets_seized", "31", I, F, _G.MONEY),
    Measure("confiscated", "32", Unit.MONEY, F, _G.MONEY, OFFENCES),
    Measure("recovered", "33", Unit.MONEY, F, _G.MONEY, OFFENCES),
    Measure("devices_seized", "34", I, F, _G.THINGS),
    Measure("documents_seized", "35", I, F, _G.THINGS, (Dimension.PARTY, Dimension.NATIONALITY)),
    Measure("other_seized", "36", I, F, _G.THINGS),
    Measure("drugs_seized", "36", Unit.KILOGRAMS, F, _G.THINGS),
    Measure("taken_down", "37", I, F, _G.THINGS),
    Measure("notices", "38", I, F, _G.INSTRUMENTS),
    Measure("database_checks", "39", I, F, _G.INSTRUMENTS),
    Measure("database_hits", "39", I, F, _G.INSTRUMENTS),
    Measure("modi_operandi", "40", I, F, _G.INSTRUMENTS),
    Measure("legal_assistance", "41", R, F, _G.INSTRUMENTS),
    Measure("cases", "42", Unit.CASES, F, _G.COOPERATION, OFFENCES),
    Measure("cases_ready", "42a", Unit.CASES, F, _G.COOPERATION, OFFENCES),
    Measure("leads", "43", Unit.LEADS, F, _G.COOPERATION),
    Measure("meetings_held", "44", Unit.MEETINGS, F, _G.COOPERATION),
    Measure("action_requests", "45", R, F, _G.COOPERATION),
    Measure("countries", "—", Unit.COUNTRIES, F, _G.COOPERATION),
    Measure("countries_with_cases", "—", Unit.COUNTRIES, F, _G.COOPERATION),
]

MEASURES = {row.code: row for row in _TABLE}
"""The standard table by code."""
