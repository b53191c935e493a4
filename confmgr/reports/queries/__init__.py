"""Frozen reports of one reader."""

from confmgr.reports.queries.home import Home, home
from confmgr.reports.queries.issued import (
    by_file,
    by_number,
    get_issued,
    issued,
    last_issued,
    readable,
    replaced_by,
    rests_on,
)
from confmgr.reports.queries.outcomes import LeadsReport, OutcomeReport, leads_report, outcome_report, records_of
from confmgr.reports.queries.party import PartyReport, party_report
from confmgr.reports.queries.programme import Programme, programme
from confmgr.reports.queries.sheets import Timetable, timetable

__all__ = [
    "Home",
    "LeadsReport",
    "OutcomeReport",
    "PartyReport",
    "Programme",
    "Timetable",
    "by_file",
    "by_number",
    "get_issued",
    "home",
    "issued",
    "last_issued",
    "leads_report",
    "outcome_report",
    "party_report",
    "programme",
    "readable",
    "records_of",
    "replaced_by",
    "rests_on",
    "timetable",
]
