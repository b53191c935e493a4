"""A message's bytes, in its recipient's language, from the facts frozen with it: one module a kind of mail."""

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from confmgr.config import Settings
from confmgr.invitations.domain import MailKind
from confmgr.invitations.ical import Correspondent
from confmgr.invitations.models import OutboxMessage
from confmgr.invitations.rendering import invitation, proposal, reminder
from confmgr.invitations.rendering.mime import ON_THE_WIRE, Rendered
from confmgr.invitations.rendering.texts import (
    TLP,
    neutral_title,
    place_of,
    place_shown,
    title_of,
    title_shown,
    when_and_where,
)
from confmgr.web.reader import speaking

__all__ = [
    "ON_THE_WIRE",
    "TLP",
    "Rendered",
    "neutral_title",
    "place_of",
    "place_shown",
    "render",
    "sender",
    "title_of",
    "title_shown",
    "when_and_where",
]

RENDERERS: Mapping[MailKind, Callable[..., Rendered]] = {
    MailKind.INVITATION: invitation.render,
    **dict.fromkeys(reminder.KINDS, reminder.render),
    MailKind.PROPOSAL_ANSWER: proposal.render,
}


def sender(settings: Settings) -> Correspondent:
    """The one mailbox that organises and sends; it is read by the secretariat."""
    with speaking("en"):
        return Correspondent(settings.mail_from, _("Secretariat of the meeting"))


def render(row: OutboxMessage, *, sender: Correspondent, base_url: str, token: str | None = None) -> Rendered:
    """One mail by the renderer of its kind; `token` is the secret of its answer link, if it has one."""
    return RENDERERS[row.kind](row, sender=sender, base_url=base_url, token=token)
