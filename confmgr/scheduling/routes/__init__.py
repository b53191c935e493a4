"""Pages of meeting requests, of the working schedule, and of plans."""

from confmgr.scheduling.routes import conflicts, plans, requests, rules, sessions
from confmgr.scheduling.routes.blueprint import bp

__all__ = ["bp", "conflicts", "plans", "requests", "rules", "sessions"]
