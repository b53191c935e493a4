"""Pages of meeting requests, of the working schedule, its views, conflicts, rules and drafts, and of plans."""

from confmgr.scheduling.routes import (
    board,
    board_plan,
    conflicts,
    drafts,
    matrix,
    plans,
    requests,
    rules,
    sessions,
    views,
)
from confmgr.scheduling.routes.blueprint import bp

__all__ = [
    "board",
    "board_plan",
    "bp",
    "conflicts",
    "drafts",
    "matrix",
    "plans",
    "requests",
    "rules",
    "sessions",
    "views",
]
