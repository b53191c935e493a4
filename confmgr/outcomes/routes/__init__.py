"""What came of the meetings: figures, requests, joint actions, chains, groups."""

from confmgr.outcomes import labels as _labels  # noqa: F401  # registers this room's words
from confmgr.outcomes.routes import action_log as _action_log  # noqa: F401  # adds its views
from confmgr.outcomes.routes import action_steps as _action_steps  # noqa: F401  # adds its views
from confmgr.outcomes.routes import actions as _actions  # noqa: F401  # adds its views
from confmgr.outcomes.routes import alliances as _alliances  # noqa: F401  # adds its views
from confmgr.outcomes.routes import borders as _borders  # noqa: F401  # adds its views
from confmgr.outcomes.routes import case_groups as _case_groups  # noqa: F401  # adds its views
from confmgr.outcomes.routes import chains as _chains  # noqa: F401  # adds its views
from confmgr.outcomes.routes import contacts as _contacts  # noqa: F401  # adds its views
from confmgr.outcomes.routes import figure_links as _figure_links  # noqa: F401  # adds its views
from confmgr.outcomes.routes import figures as _figures  # noqa: F401  # adds its views
from confmgr.outcomes.routes import follow_up as _follow_up  # noqa: F401  # adds its views
from confmgr.outcomes.routes import groups as _groups  # noqa: F401  # adds its views
from confmgr.outcomes.routes import indicators as _indicators  # noqa: F401  # adds its views
from confmgr.outcomes.routes import measures as _measures  # noqa: F401  # adds its views
from confmgr.outcomes.routes import moves as _moves  # noqa: F401  # adds its views
from confmgr.outcomes.routes import overview as _overview  # noqa: F401  # adds its views
from confmgr.outcomes.routes import persons as _persons  # noqa: F401  # adds its views
from confmgr.outcomes.routes import public as _public  # noqa: F401  # adds its views
from confmgr.outcomes.routes import requests as _requests  # noqa: F401  # adds its views
from confmgr.outcomes.routes import rounds as _rounds  # noqa: F401  # adds its views
from confmgr.outcomes.routes import rounds_returns as _rounds_returns  # noqa: F401  # adds its views
from confmgr.outcomes.routes import sources as _sources  # noqa: F401  # adds its views
from confmgr.outcomes.routes import task_forces as _task_forces  # noqa: F401  # adds its views
from confmgr.outcomes.routes.blueprint import (
    bp,
)

__all__ = [
    "bp",
]
