"""The blueprint that all pages of this room stand under."""

from flask import Blueprint

from confmgr.invitations import labels as _labels  # noqa: F401  # registers this room's words

bp = Blueprint("invitations", __name__)
