"""Workbooks in, texts for translators out and in again, and out of the sample."""

from confmgr.interchange.routes import exchange as _exchange  # noqa: F401  # adds its views
from confmgr.interchange.routes import returns as _returns  # noqa: F401  # adds its views
from confmgr.interchange.routes import sample as _sample  # noqa: F401  # adds its view
from confmgr.interchange.routes import template as _template  # noqa: F401  # adds its view
from confmgr.interchange.routes import texts as _texts  # noqa: F401  # adds its views
from confmgr.interchange.routes import translators as _translators  # noqa: F401  # adds its views
from confmgr.interchange.routes.imports import bp

__all__ = ["bp"]
