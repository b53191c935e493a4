"""Pages of meeting requests, of the working schedule, and of plans."""

from confmgr.scheduling.routes import plans, requests, sessions, views
from confmgr.scheduling.routes.blueprint import bp

__all__ = ["bp", "plans", "requests", "sessions", "views"]
