"""Pages of meetings; and those of participants and operations, whose keepers only this room knows."""

from confmgr.meetings.routes.meetings import bp
from confmgr.meetings.routes.parties import bp as parties_bp

__all__ = ["blueprints", "bp"]

blueprints = (bp, parties_bp)
"""What the application registers."""
