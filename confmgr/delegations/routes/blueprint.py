"""The blueprint that all pages of this room stand under, and who may see them."""

from flask import Blueprint

from confmgr.delegations import labels as _labels  # noqa: F401  # registers this room's words
from confmgr.meetings.access import in_meeting
from confmgr.meetings.domain import Role

bp = Blueprint("delegations", __name__)
ORGANISER = in_meeting(Role.ORGANISER)
MEMBERS = in_meeting(Role.ORGANISER, Role.LEADERSHIP, Role.HEAD, Role.DELEGATE, Role.INTERPRETER, Role.AUDITOR)
