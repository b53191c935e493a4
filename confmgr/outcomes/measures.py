"""The standard table of results: measures with number, unit, nature, and the definition to print with each.

Names and definitions are English msgids; `labels` translates them.
"""

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What is counted."""

    PERSONS = "persons"
    EVENTS = "events"
    SITES = "sites"
    CASES = "cases"
    MONEY = "money"
    ACCOUNTS = "accounts"
    ITEMS = "items"
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


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of the standard table."""

    code: str
    number: str
    unit: Unit
    nature: Nature


def _rows(unit: Unit, nature: Nature, *codes: tuple[str, str]) -> list[Measure]:
    return [Measure(code, number, unit, nature) for number, code in codes]


_TABLE = [
    *_rows(
        Unit.PERSONS,
        Nature.FLOW,
        ("1", "suspects_identified"),
        ("2", "suspects_located"),
        ("3", "arrested"),
        ("3a", "arrested_for_operation"),
        ("3b", "arrested_on_notice"),
        ("5", "released"),
        ("6", "charged"),
        ("7", "convicted"),
        ("8", "returned"),
        ("10", "arrested_on_return"),
        ("12", "potential_victims"),
        ("13", "victims_identified"),
        ("14", "rescued"),
        ("15", "referred"),
        ("16", "rescued_later_suspects"),
        ("20", "officers"),
    ),
    *_rows(Unit.PERSONS, Nature.CUMULATIVE, ("11", "fraud_victims")),
    *_rows(Unit.PERSONS, Nature.STOCK, ("4", "held"), ("9", "awaiting_return")),
    *_rows(Unit.EVENTS, Nature.FLOW, ("17", "joint_actions")),
    *_rows(Unit.SITES, Nature.FLOW, ("18", "sites_searched")),
    *_rows(Unit.ITEMS, Nature.FLOW, ("19", "checked")),
    *_rows(Unit.CASES, Nature.FLOW, ("21", "investigations_opened"), ("22", "cases_solved")),
    *_rows(Unit.GROUPS, Nature.FLOW, ("23", "groups_dismantled")),
    *_rows(Unit.MONEY, Nature.CUMULATIVE, ("24", "reported_loss"), ("25", "estimated_loss")),
    *_rows(
        Unit.MONEY,
        Nature.FLOW,
        ("26", "loss_prevented"),
        ("30", "intercepted"),
        ("31", "seized"),
        ("32", "confiscated"),
        ("33", "recovered"),
    ),
    *_rows(Unit.ACCOUNTS, Nature.FLOW, ("27", "accounts_frozen"), ("28", "wallets_frozen")),
    *_rows(Unit.REQUESTS, Nature.FLOW, ("29", "stop_payments"), ("41", "legal_assistance")),
    *_rows(
        Unit.ITEMS,
        Nature.FLOW,
        ("34", "devices_seized"),
        ("35", "documents_seized"),
        ("36", "other_seized"),
        ("37", "taken_down"),
        ("38", "notices"),
        ("39", "database_hits"),
        ("40", "modi_operandi"),
    ),
    *_rows(Unit.CASES, Nature.FLOW, ("42", "cases"), ("42a", "cases_ready")),
    *_rows(Unit.LEADS, Nature.FLOW, ("43", "leads")),
    *_rows(Unit.MEETINGS, Nature.FLOW, ("44", "meetings_held")),
    *_rows(Unit.REQUESTS, Nature.FLOW, ("45", "action_requests")),
    *_rows(Unit.COUNTRIES, Nature.FLOW, ("—", "countries"), ("—", "countries_with_cases")),
]

MEASURES = {row.code: row for row in _TABLE}
"""The standard table by code."""
