"""What is written of publications, invitations and the outbox. Each function flushes, the caller commits."""

from confmgr.invitations.services.answering import answer
from confmgr.invitations.services.links import answer_token, hashed
from confmgr.invitations.services.outbox import claim_messages, hold, try_again
from confmgr.invitations.services.previewing import Preview, preview
from confmgr.invitations.services.publishing import publish
from confmgr.invitations.services.replies import take
from confmgr.invitations.services.settling import (
    decline_proposal,
    may_decline,
    may_take_over,
    set_aside,
    take_over,
    take_over_unproved,
)
from confmgr.invitations.services.telling import Addressee, person_key, sample

__all__ = [
    "Addressee",
    "Preview",
    "answer",
    "answer_token",
    "claim_messages",
    "decline_proposal",
    "hashed",
    "hold",
    "may_decline",
    "may_take_over",
    "person_key",
    "preview",
    "publish",
    "sample",
    "set_aside",
    "take",
    "take_over",
    "take_over_unproved",
    "try_again",
]
