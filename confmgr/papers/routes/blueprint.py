"""The blueprint that all pages of this room stand under."""

from flask import Blueprint

from confmgr.papers import labels as _labels  # noqa: F401  # registers this room's words
from confmgr.papers import refusals as _refusals  # noqa: F401  # and the sentences of its refusals

bp = Blueprint("papers", __name__)
