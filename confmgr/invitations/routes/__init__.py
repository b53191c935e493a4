"""Pages of publishing, of the outbox, of the programme and of a person's agenda, and calendars to download."""

from confmgr.invitations import board_answers
from confmgr.invitations.routes import (
    agenda,
    answer_page,
    answers,
    calendars,
    desk,
    outbox,
    programme,
    publications,
    publishing,
    slots,
)
from confmgr.invitations.routes.blueprint import bp

__all__ = [
    "agenda",
    "answer_page",
    "answers",
    "board_answers",
    "bp",
    "calendars",
    "desk",
    "outbox",
    "programme",
    "publications",
    "publishing",
    "slots",
]
