"""Pages of meeting requests, of the board and other views of the schedule, of its rules and drafts, and of plans."""

from confmgr.scheduling.routes import (
    board,
    board_plan,
    conflicts,
    drafts,
    matrix,
    plan_views,
    plans,
    requests,
    rules,
    sessions,
    views,
    wished,
)
from confmgr.scheduling.routes.blueprint import bp

__all__ = [
    "board",
    "board_plan",
    "bp",
    "conflicts",
    "drafts",
    "matrix",
    "plan_views",
    "plans",
    "requests",
    "rules",
    "sessions",
    "views",
    "wished",
]
