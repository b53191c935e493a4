"""What is written of publications, invitations and the outbox. Each function flushes, the caller commits."""

from confmgr.invitations.services.answering import answer
from confmgr.invitations.services.links import answer_token, hashed
from confmgr.invitations.services.outbox import claim_messages, hold, try_again
from confmgr.invitations.services.previewing import Preview, preview
from confmgr.invitations.services.publishing import publish
from confmgr.invitations.services.reminders import change_plan, hand_over, remind
from confmgr.invitations.services.telling import Addressee, person_key, sample

__all__ = [
    "Addressee",
    "Preview",
    "answer",
    "answer_token",
    "change_plan",
    "claim_messages",
    "hand_over",
    "hashed",
    "hold",
    "person_key",
    "preview",
    "publish",
    "remind",
    "sample",
    "try_again",
]
