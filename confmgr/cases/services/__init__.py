"""Writes of cases, leads and what stands under them; the caller commits."""

from confmgr.cases.services.bodies import text_seen  # with it, what a purge overwrites is registered
from confmgr.cases.services.cases import (
    bring_case,
    change_case,
    nominate_case,
    set_nomination,
    take_decision_back,
)
from confmgr.cases.services.comments import comment, take_back_comment
from confmgr.cases.services.leads import change_lead, create_lead, disclose_item, give_feedback, share_lead

__all__ = [
    "bring_case",
    "change_case",
    "change_lead",
    "comment",
    "create_lead",
    "disclose_item",
    "give_feedback",
    "nominate_case",
    "set_nomination",
    "share_lead",
    "take_back_comment",
    "take_decision_back",
    "text_seen",
]
