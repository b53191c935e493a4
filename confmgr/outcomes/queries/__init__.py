"""Reads of outcomes, always for one viewer, in constant numbers of statements."""

from confmgr.outcomes.queries.chains import chains
from confmgr.outcomes.queries.counted import (
    Counted,
    counted,
)
from confmgr.outcomes.queries.figures import (
    Facts,
    facts,
    get_figure,
)
from confmgr.outcomes.queries.items import (
    action_requests,
    chain_links,
    groups,
    indicators,
    is_open,
    items_by_id,
    joint_actions,
    sources,
    task_forces,
)

__all__ = [
    "Counted",
    "Facts",
    "action_requests",
    "chain_links",
    "chains",
    "counted",
    "facts",
    "get_figure",
    "groups",
    "indicators",
    "is_open",
    "items_by_id",
    "joint_actions",
    "sources",
    "task_forces",
]
