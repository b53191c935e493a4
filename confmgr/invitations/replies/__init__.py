"""Mails that come in, as plain facts: what a calendar answered, what came back, who may have sent it. Plain Python."""

from confmgr.invitations.replies.facts import Bounce, Incoming
from confmgr.invitations.replies.reading import LARGEST, name_of, read

__all__ = ["LARGEST", "Bounce", "Incoming", "name_of", "read"]
