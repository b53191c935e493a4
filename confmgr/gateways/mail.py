"""Where mail goes: a Maildir under the instance folder, or an SMTP server."""

import contextlib
import mailbox
import re
import smtplib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from confmgr.values.addresses import ascii_domain

TIMEOUT = 20.0
"""Seconds that a server may take for one step."""
PERMANENT, CLOSING, ACCEPTED, GO_AHEAD = 500, 421, frozenset({250, 251}), 354
"""Reply codes (RFC 5321, 4.2.3)."""
ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\\x00-\x20\x7f]+@[^\s@<>,;:\"()\\\x00-\x20\x7f]+")


class MailRefused(Exception):
    """A message was not taken.

    `reason` begins with the server's code, or with a word of ours and a colon; `permanent` says whether trying again
    is of use; with `server` no other message would get through now either; `offered` says whether the server saw
    anything of this one.
    """

    def __init__(self, reason: str, *, permanent: bool = False, server: bool = False, offered: bool = True) -> None:
        self.reason = reason
        self.permanent = permanent
        self.server = server
        self.offered = offered
        super().__init__(reason)


class Transport(Protocol):
    """One way for bytes to leave."""

    def send(self, raw: bytes, *, sender: str, recipient: str) -> None:
        """Hand one message over.

        Raises:
            MailRefused: It was not taken.
        """

    def close(self) -> None:
        """End what was kept open between two messages."""


@dataclass(frozen=True, slots=True)
class Maildir:
    """Keeps every message in a Maildir folder: nothing leaves the machine."""

    folder: Path

    def send(self, raw: bytes, *, sender: str, recipient: str) -> None:
        """Write the message."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        mailbox.Maildir(self.folder, create=True).add(raw)

    def close(self) -> None:
        """Nothing stays open."""


class Smtp:
    """One connection for many messages, opened with the first and anew where the server has dropped it.

    `smtp://user:password@host:port?starttls=1` or `smtps://…`; `cafile=` names a file of authorities that are trusted
    instead of the system's, `timeout=` the seconds that a server may take for one step.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        self._secure = parts.scheme == "smtps"
        self._starttls = options.get("starttls") == "1"
        self._cafile = options.get("cafile")
        self._timeout = float(options.get("timeout", TIMEOUT))
        self._host, self._port = parts.hostname or "localhost", parts.port or (465 if self._secure else 25)
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._server: smtplib.SMTP | None = None

    def send(self, raw: bytes, *, sender: str, recipient: str) -> None:
        """Hand the message to the server.

        Raises:
            MailRefused: Permanent for a 5xx answer to this recipient or message; otherwise try again later.
        """
        if not ADDRESS.fullmatch(recipient):
            raise MailRefused("bad_address:", permanent=True)
        to = _travelling(recipient)
        with self._troubles():
            server = self._begun(_travelling(sender), utf8=not to.isascii())
            answered(server, *server.rcpt(to))
            try:
                code, words = server.data(raw)
            except smtplib.SMTPDataError as refused:
                code, words = refused.smtp_code, as_bytes(refused.smtp_error)
            answered(server, code, words)

    def close(self) -> None:
        """Take leave of the server."""
        server, self._server = self._server, None
        if server is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()

    def _begun(self, sender: str, *, utf8: bool) -> smtplib.SMTP:
        """A connection that has taken the sender; an old one that the server has given up is opened anew."""
        if self._server is not None:
            with contextlib.suppress(smtplib.SMTPServerDisconnected, OSError):
                if self._mail_from(self._server, sender, utf8=utf8):
                    return self._server
            self._drop()
        self._server = self._connected()
        if not self._mail_from(self._server, sender, utf8=utf8):
            raise MailRefused("unreachable:", server=True, offered=False)
        return self._server

    def _mail_from(self, server: smtplib.SMTP, sender: str, *, utf8: bool) -> bool:
        """Begin a message; False where the server is about to close the connection."""
        if utf8 and not server.has_extn("smtputf8"):
            raise MailRefused("smtputf8:", permanent=True)
        code, words = server.mail(sender, ["SMTPUTF8", "BODY=8BITMIME"] if utf8 else [])
        if code == CLOSING:
            return False
        if code not in ACCEPTED:
            raise MailRefused(f"sender: {code} {as_text(words)}", server=True, offered=False)
        return True

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context(cafile=self._cafile)
        if self._secure:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout, context=context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        try:
            if self._starttls:
                server.starttls(context=context)
            if self._user:
                server.login(self._user, self._password)
            server.ehlo_or_helo_if_needed()
        except BaseException:
            server.close()
            raise
        return server

    @contextlib.contextmanager
    def _troubles(self) -> Iterator[None]:
        """What goes wrong, in words that can be kept and shown; a connection that is of no use is dropped."""
        try:
            yield
        except MailRefused as refused:
            if refused.server:
                self._drop()
            raise
        except (smtplib.SMTPException, OSError) as broken:
            opened = self._server is not None
            self._drop()
            raise _refusal(broken, opened=opened) from broken

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
        self._server = None


def answered(server: smtplib.SMTP, code: int, words: bytes) -> None:
    """Go on after a good answer.

    Raises:
        MailRefused: The answer was another one; the connection is ready for the next message.
    """
    if code in ACCEPTED:
        return
    with contextlib.suppress(smtplib.SMTPException, OSError):  # a server that has gone is noticed by the next message
        server.rset()
    raise MailRefused(f"{code} {as_text(words)}", permanent=code >= PERMANENT, server=code == CLOSING)


def as_bytes(words: bytes | str) -> bytes:
    """What a server said, as it came."""
    return words if isinstance(words, bytes) else words.encode()


def as_text(words: bytes | str) -> str:
    """What a server said, as one line that can be read."""
    return " ".join(as_bytes(words).decode("utf-8", errors="replace").split())[:500]


def _travelling(address: str) -> str:
    local, _at, domain = address.rpartition("@")
    return f"{local}@{ascii_domain(domain)}"


def _refusal(broken: Exception, *, opened: bool) -> MailRefused:
    """What went wrong outside of any answer to a message. Until a connection is open no message gets through."""
    if isinstance(broken.__context__, TimeoutError):  # smtplib says of a step that took too long that all is over
        broken = broken.__context__
    match broken:
        case smtplib.SMTPAuthenticationError():
            said = f"login: {broken.smtp_code} {as_text(broken.smtp_error)}"
        case ssl.SSLCertVerificationError():
            said = f"certificate: {broken.verify_message}"
        case smtplib.SMTPNotSupportedError() if "AUTH" in str(broken):
            said = f"login: {broken}"
        case smtplib.SMTPNotSupportedError() | ssl.SSLError():
            said = f"encryption: {broken}"
        case smtplib.SMTPResponseException():
            said = f"unreachable: {broken.smtp_code} {as_text(broken.smtp_error)}"
        case TimeoutError():
            return MailRefused("timeout:", server=True, offered=opened)
        case _:
            said = "dropped:" if opened else "unreachable:"
    return MailRefused(said, server=not opened, offered=opened)


def transport(smtp_url: str | None, instance: Path) -> Transport:
    """The transport of an installation."""
    return Smtp(smtp_url) if smtp_url else Maildir(instance / "mail")
