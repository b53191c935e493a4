"""Mails as bytes: headers, alternatives and attachments (RFC 5322, 2045, 6047)."""

import hashlib
from dataclasses import dataclass
from email import encoders
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import Compat32
from email.utils import format_datetime

from confmgr.invitations.domain import Method
from confmgr.invitations.ical import Correspondent
from confmgr.invitations.models import OutboxMessage
from confmgr.values.addresses import ascii_domain
from confmgr.values.texts import without_controls

FOLD = "\r\n "


class _Wire(Compat32):
    """Headers leave as they were written, because they are encoded and folded already."""

    def fold_binary(self, name: str, value: str) -> bytes:
        """One header; a line break in it, wherever it comes from, is a fold and never a new header."""
        lines = (line.strip() for line in str(value).splitlines())
        return f"{name}: {FOLD.join(lines)}\r\n".encode()


ON_THE_WIRE = _Wire(linesep="\r\n", max_line_length=0)
"""Line ends as SMTP wants them (RFC 5321, 2.3.8); no header is folded again, least of all an identifier."""


@dataclass(frozen=True, slots=True)
class Text:
    """What a mail says, in its reader's language: the subject as text, the plain and the HTML form of the same."""

    subject: str
    plain: str
    html: str


@dataclass(frozen=True, slots=True)
class Invite:
    """The scheduling object that travels with a mail."""

    method: Method
    calendar: bytes


@dataclass(frozen=True, slots=True)
class Rendered:
    """The bytes of one mail, and its subject as text."""

    raw: bytes
    subject: str


def assemble(row: OutboxMessage, sender: Correspondent, text: Text, invite: Invite | None = None) -> Rendered:
    """One mail: plain and HTML alternatives; with an invite also its calendar, and the same again as an attachment.

    Every identity is the row's, so that the same row makes the same bytes.
    """
    mark = hashlib.sha256(row.message_id.encode()).hexdigest()[:24]
    alternative = MIMEMultipart("alternative", boundary=f"alternative-{mark}")
    alternative.attach(MIMEText(text.plain, "plain", "utf-8"))
    alternative.attach(MIMEText(text.html, "html", "utf-8"))
    mail = alternative
    if invite is not None:
        mail = MIMEMultipart("mixed", boundary=f"mixed-{mark}")
        alternative.attach(_calendar(invite))
        mail.attach(alternative)
        mail.attach(_attachment(invite))
    for name, value in _headers(row, sender, text.subject):
        mail[name] = value
    return Rendered(mail.as_bytes(policy=ON_THE_WIRE), text.subject)


def _headers(row: OutboxMessage, sender: Correspondent, subject: str) -> list[tuple[str, str]]:
    return [
        ("From", _address(sender.name, sender.email)),
        ("To", _address(row.facts["name"], row.recipient)),
        ("Subject", _encoded(subject, "Subject")),
        ("Date", format_datetime(row.dtstamp)),
        ("Message-ID", row.message_id),
        ("In-Reply-To", row.thread_id),
        ("References", row.thread_id),
        ("Auto-Submitted", "auto-generated"),
        ("Content-Language", row.language),
    ]


def _calendar(invite: Invite) -> MIMEBase:
    part = MIMEBase("text", "calendar", method=invite.method.value, charset="UTF-8")
    part.set_payload(invite.calendar)
    encoders.encode_base64(part)
    return part


def _attachment(invite: Invite) -> MIMEBase:
    part = MIMEBase("application", "ics", name="invite.ics")
    part.set_payload(invite.calendar)
    encoders.encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename="invite.ics")
    return part


def _address(name: str, email: str) -> str:
    local, _at, domain = " ".join(email.split()).rpartition("@")
    bare = f"{local}@{ascii_domain(domain)}"
    plain = _one_line(name)
    quoted = plain.replace("\\", "\\\\").replace('"', '\\"')
    return f"{_encoded(plain, 'To')} <{bare}>" if not plain.isascii() else f'"{quoted}" <{bare}>' if plain else bare


def _encoded(text: str, header: str) -> str:
    """One line of text for a header: encoded words of at most 75 characters (RFC 2047, 2)."""
    plain = _one_line(text)
    return plain if plain.isascii() else Header(plain, "utf-8", maxlinelen=76, header_name=header).encode()


def _one_line(text: str) -> str:
    return " ".join(without_controls(text).split())
