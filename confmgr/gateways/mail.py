"""Where mail goes: a Maildir under the instance folder, or an SMTP server."""

import mailbox
import smtplib
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

TIMEOUT = 20.0
"""Seconds that a server may take for one step."""


class MailRefused(Exception):
    """A message was not taken; `permanent` says whether trying again is of use."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        self.reason = reason
        self.permanent = permanent
        super().__init__(reason)


class Transport(Protocol):
    """One way for bytes to leave."""

    def send(self, raw: bytes, *, sender: str, recipient: str) -> None:
        """Hand one message over.

        Raises:
            MailRefused: It was not taken.
        """


@dataclass(frozen=True, slots=True)
class Maildir:
    """Keeps every message in a Maildir folder: nothing leaves the machine."""

    folder: Path

    def send(self, raw: bytes, *, sender: str, recipient: str) -> None:
        """Write the message."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        mailbox.Maildir(self.folder, create=True).add(raw)


@dataclass(frozen=True, slots=True)
class Smtp:
    """`smtp://user:password@host:port?starttls=1` or `smtps://…`."""

    url: str

    def send(self, raw: bytes, *, sender: str, recipient: str) -> None:
        """Hand the message to the server.

        Raises:
            MailRefused: Permanent for a 5xx answer to this recipient or message; otherwise try again later.
        """
        parts = urlsplit(self.url)
        secure = parts.scheme == "smtps"
        host, port = parts.hostname or "localhost", parts.port or (465 if secure else 25)
        try:
            server: smtplib.SMTP = (
                smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=ssl.create_default_context())
                if secure
                else smtplib.SMTP(host, port, timeout=TIMEOUT)
            )
            with server:
                if parse_qs(parts.query).get("starttls") == ["1"]:
                    server.starttls(context=ssl.create_default_context())
                if parts.username:
                    server.login(unquote(parts.username), unquote(parts.password or ""))
                server.sendmail(sender, [recipient], raw)
        except smtplib.SMTPRecipientsRefused as refused:
            code, words = refused.recipients[recipient]
            raise MailRefused(f"{code} {words!r}", permanent=code >= 500) from refused  # noqa: PLR2004
        except smtplib.SMTPResponseException as answered:
            permanent = answered.smtp_code >= 500  # noqa: PLR2004
            raise MailRefused(f"{answered.smtp_code} {answered.smtp_error!r}", permanent=permanent) from answered
        except (smtplib.SMTPException, OSError) as broken:
            raise MailRefused(type(broken).__name__, permanent=False) from broken


def transport(smtp_url: str | None, instance: Path) -> Transport:
    """The transport of an installation."""
    return Smtp(smtp_url) if smtp_url else Maildir(instance / "mail")
