"""Frozen reports of one reader."""

from confmgr.reports.queries.agendas import PersonalAgenda, agenda_of, agendas
from confmgr.reports.queries.home import Home, home
from confmgr.reports.queries.outcomes import LeadsReport, OutcomeReport, leads_report, outcome_report, records_of
from confmgr.reports.queries.programme import Programme, programme
from confmgr.reports.queries.sheets import Timetable, timetable

__all__ = [
    "Home",
    "LeadsReport",
    "OutcomeReport",
    "PersonalAgenda",
    "Programme",
    "Timetable",
    "agenda_of",
    "agendas",
    "home",
    "leads_report",
    "outcome_report",
    "programme",
    "records_of",
    "timetable",
]
