"""A meeting's home, and its reports as pages and documents."""

from confmgr.reports.routes import agendas as _agendas  # noqa: F401  # adds the personal agendas
from confmgr.reports.routes import audit as _audit  # noqa: F401  # adds who has read what
from confmgr.reports.routes import exports as _exports  # noqa: F401  # adds the export of outcomes
from confmgr.reports.routes import home as _home  # noqa: F401  # adds the home page of a meeting
from confmgr.reports.routes import leads as _leads  # noqa: F401  # adds the report of leads exchanged
from confmgr.reports.routes import pages as _pages  # noqa: F401  # adds the reports
from confmgr.reports.routes import prints as _prints  # noqa: F401  # adds the prints of the schedule
from confmgr.reports.routes import public as _public  # noqa: F401  # adds its views
from confmgr.reports.routes import reports_issued as _issued  # noqa: F401  # adds issued reports
from confmgr.reports.routes import reports_scopes as _scopes  # noqa: F401  # adds reports of a period and of a party
from confmgr.reports.routes import tongues as _tongues  # noqa: F401  # adds the choice of two languages
from confmgr.reports.routes import verify as _verify  # noqa: F401  # adds the check of a report
from confmgr.reports.routes.blueprint import (
    bp,
)

__all__ = [
    "bp",
]
