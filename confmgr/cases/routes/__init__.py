"""Cases and leads."""

from confmgr.cases import labels as _labels  # noqa: F401  # registers this room's words
from confmgr.cases.routes import cases as _cases  # noqa: F401  # adds its views
from confmgr.cases.routes import consents as _consents  # noqa: F401  # adds its views
from confmgr.cases.routes import exchange as _exchange  # noqa: F401  # adds its views
from confmgr.cases.routes import files as _files  # noqa: F401  # adds its views
from confmgr.cases.routes import finding as _finding  # noqa: F401  # adds its views
from confmgr.cases.routes import keeping as _keeping  # noqa: F401  # adds its views
from confmgr.cases.routes import leads as _leads  # noqa: F401  # adds its views
from confmgr.cases.routes import lowering as _lowering  # noqa: F401  # adds its views
from confmgr.cases.routes import matching as _matching  # noqa: F401  # adds its views
from confmgr.cases.routes import quick as _quick  # noqa: F401  # adds its views
from confmgr.cases.routes import readers as _readers  # noqa: F401  # adds its views
from confmgr.cases.routes.blueprint import bp

__all__ = ["bp"]
