"""A meeting's home, and its reports as pages and documents."""

from confmgr.reports.routes import home as _home  # noqa: F401  # adds the home page of a meeting
from confmgr.reports.routes import pages as _pages  # noqa: F401  # adds the reports
from confmgr.reports.routes import prints as _prints  # noqa: F401  # adds the prints of the schedule
from confmgr.reports.routes import public as _public  # noqa: F401  # adds its views
from confmgr.reports.routes import tongues as _tongues  # noqa: F401  # adds the choice of two languages
from confmgr.reports.routes.blueprint import bp

__all__ = ["bp"]
