"""Pages of publishing, of the outbox, of the programme and of a person's agenda, and calendars."""

from confmgr.invitations import board_answers
from confmgr.invitations.routes import (
    agenda,
    answer_page,
    answers,
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
    session_leads,
    slots,
)
from confmgr.invitations.routes.blueprint import bp

__all__ = [
    "agenda",
    "answer_page",
    "answers",
    "board_answers",
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
    "session_leads",
    "slots",
]
