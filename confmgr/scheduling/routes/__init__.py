"""Pages of meeting requests, of the working schedule and its drafts, and of plans."""

from confmgr.scheduling.routes import drafts, matrix, plans, requests, sessions
from confmgr.scheduling.routes.blueprint import bp

__all__ = ["bp", "drafts", "matrix", "plans", "requests", "sessions"]
