"""What is written of publications, invitations and the outbox. Each function flushes, the caller commits."""

from confmgr.invitations.services.answering import answer
from confmgr.invitations.services.leaving import tell_those_who_left
from confmgr.invitations.services.links import answer_token, hashed
from confmgr.invitations.services.outbox import claim_messages, hold, try_again
from confmgr.invitations.services.previewing import Preview, preview
from confmgr.invitations.services.publishing import publish
from confmgr.invitations.services.reminders import change_plan, hand_over, remind
from confmgr.invitations.services.telling import Addressee, person_key, sample
from confmgr.invitations.services.zone_rules import Applied, apply_zone_rules

__all__ = [
    "Addressee",
    "Applied",
    "Preview",
    "answer",
    "answer_token",
    "apply_zone_rules",
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
    "tell_those_who_left",
    "try_again",
]
