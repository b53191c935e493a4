"""The agenda of a meeting, the forms to write it, and the next edition made from this one."""

from confmgr.papers.routes import items as _items  # noqa: F401  # adds the items and their documents
from confmgr.papers.routes import pages as _pages  # noqa: F401  # adds the agenda as everybody reads it, and the copy
from confmgr.papers.routes import writing as _writing  # noqa: F401  # adds the agenda as organisers write it
from confmgr.papers.routes.blueprint import bp

__all__ = ["bp"]
