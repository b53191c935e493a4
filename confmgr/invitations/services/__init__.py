"""What is written of publications, invitations and the outbox. Each function flushes, the caller commits."""

from confmgr.invitations.services.answering import answer
from confmgr.invitations.services.links import answer_token, hashed
from confmgr.invitations.services.outbox import (
    checked,
    claim_messages,
    give_back,
    hold,
    hold_all,
    keep_bytes,
    note_refused,
    note_sent,
    release_all,
    try_again,
    try_all_again,
)
from confmgr.invitations.services.previewing import Preview, preview
from confmgr.invitations.services.publishing import publish
from confmgr.invitations.services.telling import Addressee, person_key, sample

__all__ = [
    "Addressee",
    "Preview",
    "answer",
    "answer_token",
    "checked",
    "claim_messages",
    "give_back",
    "hashed",
    "hold",
    "hold_all",
    "keep_bytes",
    "note_refused",
    "note_sent",
    "person_key",
    "preview",
    "publish",
    "release_all",
    "sample",
    "try_again",
    "try_all_again",
]
