"""Delivery reports (RFC 3464): which mail came back, and why."""

from email.message import Message

from confmgr.invitations.replies import parts
from confmgr.invitations.replies.facts import Bounce
from confmgr.values.texts import cleaned

WORST_FIRST = ("failed", "delayed")
ORIGINALS = ("message/rfc822", "message/rfc822-headers", "text/rfc822-headers", "message/global")
LONGEST = 300


def bounce_in(mail: parts.Mail) -> Bounce | None:
    """What a mail says of the delivery of another; None if it is no such report."""
    if mail.get_content_type() != "multipart/report":
        return None
    status = next((one for one in _inner(mail) if one.get_content_type() == "message/delivery-status"), None)
    if status is None:
        return None
    blocks = _inner(status)
    actions = [(parts.header(block, "Action").strip().lower(), block) for block in blocks]
    action, worst = min(
        ((word, block) for word, block in actions if word),
        key=lambda pair: WORST_FIRST.index(pair[0]) if pair[0] in WORST_FIRST else len(WORST_FIRST),
        default=("", None),
    )
    return Bounce(cleaned(action, 40), _message_ids(mail, blocks), _problem(worst))


def _inner(mail: parts.Mail) -> list[parts.Mail]:
    payload = mail.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _message_ids(mail: parts.Mail, blocks: list[parts.Mail]) -> tuple[str, ...]:
    found = []
    for part in _inner(mail):
        kind = part.get_content_type()
        if kind not in ORIGINALS:
            continue
        original = next(iter(_inner(part)), None)
        found.append(parts.header(parts.head(parts.content(part)) if original is None else original, "Message-ID"))
    found.extend(parts.header(block, "Original-Envelope-Id") for block in blocks)
    found.extend(parts.header(mail, name) for name in ("In-Reply-To", "X-Failed-Message-ID"))
    return tuple(dict.fromkeys(cleaned(one, LONGEST) for one in found if one.strip()))


def _problem(block: parts.Mail | None) -> str:
    if block is None:
        return ""
    words = [parts.header(block, "Status"), parts.header(block, "Diagnostic-Code")]
    return cleaned(" ".join(word for word in words if word), LONGEST)
