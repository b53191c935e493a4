"""Workbooks in, and out of the sample."""

from confmgr.interchange.routes import sample as _sample  # noqa: F401  # adds its view
from confmgr.interchange.routes import template as _template  # noqa: F401  # adds its view
from confmgr.interchange.routes.imports import bp

__all__ = ["bp"]
