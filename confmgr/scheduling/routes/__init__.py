"""Pages of meeting requests, of the working schedule, and of plans."""

from confmgr.scheduling.routes import matrix, plans, requests, sessions
from confmgr.scheduling.routes.blueprint import bp

__all__ = ["bp", "matrix", "plans", "requests", "sessions"]
