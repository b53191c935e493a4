"""Pages of meeting requests, of the working schedule, and of plans."""

from confmgr.scheduling.routes import board, board_plan, plans, requests, sessions
from confmgr.scheduling.routes.blueprint import bp

__all__ = ["board", "board_plan", "bp", "plans", "requests", "sessions"]
