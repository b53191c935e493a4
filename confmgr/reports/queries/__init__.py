"""Frozen reports of one reader."""

from confmgr.reports.queries.exports import Export, Record, export
from confmgr.reports.queries.home import Home, home
from confmgr.reports.queries.leads import NO_FEEDBACK, Asked, LeadsReport, leads_report
from confmgr.reports.queries.outcomes import OutcomeReport, outcome_report, records_of
from confmgr.reports.queries.programme import Programme, programme
from confmgr.reports.queries.sheets import Timetable, timetable

__all__ = [
    "NO_FEEDBACK",
    "Asked",
    "Export",
    "Home",
    "LeadsReport",
    "OutcomeReport",
    "Programme",
    "Record",
    "Timetable",
    "export",
    "home",
    "leads_report",
    "outcome_report",
    "programme",
    "records_of",
    "timetable",
]
