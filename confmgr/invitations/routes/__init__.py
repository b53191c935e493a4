"""Pages of publishing, of the outbox, of the programme and of a person's agenda, and calendars to download."""

from confmgr.invitations.routes import (
    agenda,
    calendars,
    desk,
    outbox,
    programme,
    publications,
    publishing,
    reminders,
    replies,
    slots,
)
from confmgr.invitations.routes.blueprint import bp

__all__ = [
    "agenda",
    "bp",
    "calendars",
    "desk",
    "outbox",
    "programme",
    "publications",
    "publishing",
    "reminders",
    "replies",
    "slots",
]
