"""Pages of publishing, of the outbox, of the programme and of a person's agenda, and calendars."""

from confmgr.invitations.routes import (
    agenda,
    busy,
    calendars,
    desk,
    feed,
    feeds,
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
    "busy",
    "calendars",
    "desk",
    "feed",
    "feeds",
    "outbox",
    "programme",
    "publications",
    "publishing",
    "reminders",
    "replies",
    "slots",
]
