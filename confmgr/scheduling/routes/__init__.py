"""Pages of meeting requests, of the working schedule and its drafts, and of plans."""

from confmgr.scheduling.routes import drafts, plans, requests, sessions
from confmgr.scheduling.routes.blueprint import bp

__all__ = ["bp", "drafts", "plans", "requests", "sessions"]
