"""Frozen reports of one reader."""

from confmgr.reports.queries.agendas import (
    PersonalAgenda,
    agenda_of,
    agendas,
)
from confmgr.reports.queries.audit import of_item, of_meeting, of_parties
from confmgr.reports.queries.exports import (
    Export,
    Record,
    export,
)
from confmgr.reports.queries.home import (
    Home,
    home,
)
from confmgr.reports.queries.issued import (
    by_file,
    by_number,
    get_issued,
    ids_within,
    issued,
    last_issued,
    readable,
    replaced_by,
    rests_on,
)
from confmgr.reports.queries.leads import (
    NO_FEEDBACK,
    Asked,
    LeadsReport,
    leads_report,
)
from confmgr.reports.queries.outcomes import (
    OutcomeReport,
    outcome_report,
    records_of,
)
from confmgr.reports.queries.party import (
    PartyReport,
    party_report,
)
from confmgr.reports.queries.programme import (
    Programme,
    programme,
)
from confmgr.reports.queries.sheets import (
    Timetable,
    timetable,
)

__all__ = [
    "NO_FEEDBACK",
    "Asked",
    "Export",
    "Home",
    "LeadsReport",
    "OutcomeReport",
    "PartyReport",
    "PersonalAgenda",
    "Programme",
    "Record",
    "Timetable",
    "agenda_of",
    "agendas",
    "by_file",
    "by_number",
    "export",
    "get_issued",
    "home",
    "ids_within",
    "issued",
    "last_issued",
    "leads_report",
    "of_item",
    "of_meeting",
    "of_parties",
    "outcome_report",
    "party_report",
    "programme",
    "readable",
    "records_of",
    "replaced_by",
    "rests_on",
    "timetable",
]
