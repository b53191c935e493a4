"""A meeting's home, and its reports as pages and documents."""

from confmgr.reports.routes import home as _home  # noqa: F401  # adds the home page of a meeting
from confmgr.reports.routes.pages import bp

__all__ = ["bp"]
