"""The blueprint that all pages of this room stand under, and the installation's settings as they need them."""

from flask import Blueprint, current_app

from confmgr.config import Settings
from confmgr.invitations import labels as _labels  # noqa: F401  # registers this room's words

bp = Blueprint("invitations", __name__)


def settings() -> Settings:
    """The settings of this installation."""
    found: Settings = current_app.extensions["confmgr"]
    return found


def mail_domain() -> str:
    """The right side of Message-IDs: the domain that sends."""
    return settings().mail_domain
