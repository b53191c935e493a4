"""Writes of items and of everything that decides who may see them; the caller commits."""

from confmgr.sharing.services.disclosing import (
    add_child,
    disclose,
    link_meeting,
    reach_as_parent,
    revoke,
)
from confmgr.sharing.services.items import (
    TAKEN_BACK,
    Grade,
    change_marking,
    confirm_marking,
    create_item,
    share_item,
    take_up,
    withdraw,
)
from confmgr.sharing.services.notices import tell
from confmgr.sharing.services.versions import keep

__all__ = [
    "TAKEN_BACK",
    "Grade",
    "add_child",
    "change_marking",
    "confirm_marking",
    "create_item",
    "disclose",
    "keep",
    "link_meeting",
    "reach_as_parent",
    "revoke",
    "share_item",
    "take_up",
    "tell",
    "withdraw",
]
