"""Reads of outcomes, always for one viewer, in constant numbers of statements."""

from confmgr.outcomes.queries.chains import chains
from confmgr.outcomes.queries.contacts import contacts, contacts_of, get_alliance, get_contact, is_outdated
from confmgr.outcomes.queries.counted import (
    Counted,
    counted,
)
from confmgr.outcomes.queries.figures import (
    Facts,
    TotalLine,
    corrections,
    facts,
    get_figure,
    get_link,
    known_sources,
    links_of,
    may_overlap,
    rivals,
)
from confmgr.outcomes.queries.items import (
    action_requests,
    chain_links,
    get_action,
    get_request,
    groups,
    indicators,
    is_open,
    items_by_id,
    joint_actions,
    sources,
    task_forces,
    visible_item,
)

__all__ = [
    "Counted",
    "Facts",
    "TotalLine",
    "action_requests",
    "chain_links",
    "chains",
    "contacts",
    "contacts_of",
    "corrections",
    "counted",
    "facts",
    "get_action",
    "get_alliance",
    "get_contact",
    "get_figure",
    "get_link",
    "get_request",
    "groups",
    "indicators",
    "is_open",
    "is_outdated",
    "items_by_id",
    "joint_actions",
    "known_sources",
    "links_of",
    "may_overlap",
    "rivals",
    "sources",
    "task_forces",
    "visible_item",
]
