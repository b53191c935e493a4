"""Reads of outcomes, always for one viewer, in constant numbers of statements."""

from confmgr.outcomes.queries.chains import chains, known_sessions
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
    visible_figure_ids,
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
    "corrections",
    "counted",
    "facts",
    "get_action",
    "get_figure",
    "get_link",
    "get_request",
    "groups",
    "indicators",
    "is_open",
    "items_by_id",
    "joint_actions",
    "known_sessions",
    "known_sources",
    "links_of",
    "may_overlap",
    "rivals",
    "sources",
    "task_forces",
    "visible_figure_ids",
    "visible_item",
]
