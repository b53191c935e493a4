"""Writes of items and of everything that decides who may see them; the caller commits."""

from confmgr.sharing.services.consents import (
    NOBODY,
    Answer,
    Wanted,
    answer,
    ask,
    check_decides,
    confirm,
    expire_questions,
    withdraw_question,
)
from confmgr.sharing.services.disclosing import (
    Target,
    add_child,
    disclose,
    let_reach,
    link_meeting,
    reach_as_parent,
    revoke,
    strike_off,
)
from confmgr.sharing.services.items import (
    TAKEN_BACK,
    Grade,
    change_marking,
    create_item,
    lower,
    lowered_by_two,
    share_item,
    take_up,
    withdraw,
    withdraw_red,
)
from confmgr.sharing.services.lowering import confirm_marking, refuse_marking, take_back_marking
from confmgr.sharing.services.notices import tell
from confmgr.sharing.services.purging import end_retention, keep_until, overwrites, purge, purge_again, purged
from confmgr.sharing.services.recalls import acknowledge, call_back
from confmgr.sharing.services.versions import keep

__all__ = [
    "NOBODY",
    "TAKEN_BACK",
    "Answer",
    "Grade",
    "Target",
    "Wanted",
    "acknowledge",
    "add_child",
    "answer",
    "ask",
    "call_back",
    "change_marking",
    "check_decides",
    "confirm",
    "confirm_marking",
    "create_item",
    "disclose",
    "end_retention",
    "expire_questions",
    "keep",
    "keep_until",
    "let_reach",
    "link_meeting",
    "lower",
    "lowered_by_two",
    "overwrites",
    "purge",
    "purge_again",
    "purged",
    "reach_as_parent",
    "refuse_marking",
    "revoke",
    "share_item",
    "strike_off",
    "take_back_marking",
    "take_up",
    "tell",
    "withdraw",
    "withdraw_question",
    "withdraw_red",
]
