"""What came of the meetings: figures, requests, joint actions, chains, groups."""

from confmgr.outcomes import labels as _labels  # noqa: F401  # registers this room's words
from confmgr.outcomes.routes import actions as _actions  # noqa: F401  # adds its views
from confmgr.outcomes.routes import figure_links as _figure_links  # noqa: F401  # adds its views
from confmgr.outcomes.routes import figures as _figures  # noqa: F401  # adds its views
from confmgr.outcomes.routes import measures as _measures  # noqa: F401  # adds its views
from confmgr.outcomes.routes import overview as _overview  # noqa: F401  # adds its views
from confmgr.outcomes.routes import public as _public  # noqa: F401  # adds its views
from confmgr.outcomes.routes import requests as _requests  # noqa: F401  # adds its views
from confmgr.outcomes.routes import sources as _sources  # noqa: F401  # adds its views
from confmgr.outcomes.routes.blueprint import bp

__all__ = ["bp"]
