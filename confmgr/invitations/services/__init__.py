"""What is written of publications, invitations and the outbox. Each function flushes, the caller commits."""

from confmgr.invitations.services.answering import answer
from confmgr.invitations.services.feeds import make_feed, note_reading, renew_feed, take_back_feed
from confmgr.invitations.services.links import answer_token, hashed
from confmgr.invitations.services.outbox import claim_messages, hold, try_again
from confmgr.invitations.services.previewing import Preview, preview
from confmgr.invitations.services.publishing import publish
from confmgr.invitations.services.telling import Addressee, person_key, sample

__all__ = [
    "Addressee",
    "Preview",
    "answer",
    "answer_token",
    "claim_messages",
    "hashed",
    "hold",
    "make_feed",
    "note_reading",
    "person_key",
    "preview",
    "publish",
    "renew_feed",
    "sample",
    "take_back_feed",
    "try_again",
]
