"""The blueprint that all pages of this room stand under."""

from flask import Blueprint

from confmgr.scheduling import labels as _labels  # noqa: F401  # registers this room's words

bp = Blueprint("scheduling", __name__)
