"""What is written of publications, invitations and the outbox. Each function flushes, the caller commits."""

from confmgr.invitations.services.answering import answer
from confmgr.invitations.services.outbox import claim_messages, hold, try_again
from confmgr.invitations.services.publishing import Preview, preview, publish

__all__ = ["Preview", "answer", "claim_messages", "hold", "preview", "publish", "try_again"]
