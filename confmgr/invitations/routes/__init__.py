"""Pages of publishing, of the outbox, of the programme and of a person's agenda, and calendars to download."""

from confmgr.invitations.routes import agenda, calendars, outbox, programme, publications, publishing
from confmgr.invitations.routes.blueprint import bp

__all__ = ["agenda", "bp", "calendars", "outbox", "programme", "publications", "publishing"]
