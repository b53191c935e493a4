"""A mailbox that is looked into (RFC 3501): what is new is read, kept, and moved away."""

import contextlib
import imaplib
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from confmgr.gateways.mail import TIMEOUT

PROCESSED, REJECTED = "Processed", "Rejected"
MOST = 500
"""Mails of one look; the others wait for the next."""

Keep = Callable[[bytes, int], bool]
"""Keeps a mail for good, given its bytes and size; True where it could be read, False where it is set apart."""

_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class MailboxBroken(Exception):
    """The mailbox cannot be looked into now."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """`imaps://user:password@host/INBOX`, or `imap://…?starttls=1`."""

    url: str

    def drain(self, keep: Keep, *, largest: int) -> int:
        """Give every unseen mail to `keep`, then move it to `Processed` or `Rejected`; how many there were.

        Of a mail larger than `largest` only the headers are fetched. A mail stays until `keep` has returned.

        Raises:
            MailboxBroken: The server is away, refuses, or speaks otherwise.
        """
        try:
            with contextlib.closing(_Conversation(self.url)) as talk:
                talk.open()
                return talk.drain(keep, largest)
        except (imaplib.IMAP4.error, OSError, ValueError) as broken:
            raise MailboxBroken(f"{type(broken).__name__}: {broken}") from broken


class _Conversation:
    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        secure = parts.scheme == "imaps"
        host, port = parts.hostname or "localhost", parts.port or (993 if secure else 143)
        self._server: imaplib.IMAP4 = (
            imaplib.IMAP4_SSL(host, port, ssl_context=ssl.create_default_context(), timeout=TIMEOUT)
            if secure
            else imaplib.IMAP4(host, port, timeout=TIMEOUT)
        )
        self._parts, self._places = parts, dict[str, str]()

    def open(self) -> None:
        """Sign in and choose the mailbox."""
        parts = self._parts
        if parse_qs(parts.query).get("starttls") == ["1"]:
            self._server.starttls(ssl.create_default_context())
        self._server.login(unquote(parts.username or ""), unquote(parts.password or ""))
        self._sure(self._server.select(_quoted(unquote(parts.path.lstrip("/")) or "INBOX")))

    def close(self) -> None:
        """Take leave; a server that is gone already does not matter."""
        try:
            self._server.logout()
        except (imaplib.IMAP4.error, OSError):
            with contextlib.suppress(OSError):
                self._server.shutdown()

    def drain(self, keep: Keep, largest: int) -> int:
        """As `Mailbox.drain`."""
        found = self._sure(self._server.uid("SEARCH", "UNSEEN"))[0] or b""
        wanted = [one.decode("ascii") for one in found.split()[:MOST]]
        for uid in wanted:
            size = self._size(uid)
            raw = self._bytes(uid, "BODY.PEEK[HEADER]" if size > largest else "BODY.PEEK[]")
            if raw is not None:
                self._move(uid, PROCESSED if keep(raw, size) else REJECTED)
        return len(wanted)

    def _size(self, uid: str) -> int:
        answered = self._sure(self._server.uid("FETCH", uid, "(RFC822.SIZE)"))
        sizes = [_SIZE.search(one[0] if isinstance(one, tuple) else one or b"") for one in answered]
        return next((int(match[1]) for match in sizes if match), 0)

    def _bytes(self, uid: str, what: str) -> bytes | None:
        """None where somebody else has taken the mail meanwhile."""
        answered = self._sure(self._server.uid("FETCH", uid, f"({what})"))
        return next((one[1] for one in answered if isinstance(one, tuple)), None)

    def _move(self, uid: str, folder: str) -> None:
        place = self._place(folder)
        if "MOVE" in self._server.capabilities:
            self._sure(self._server.uid("MOVE", uid, place))
            return
        self._sure(self._server.uid("COPY", uid, place))
        self._sure(self._server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen \Deleted)"))
        if "UIDPLUS" in self._server.capabilities:
            self._sure(self._server.uid("EXPUNGE", uid))
        else:
            self._sure(self._server.expunge())

    def _place(self, folder: str) -> str:
        """The quoted name of a folder, which is made where it is missing; some servers keep all of them in INBOX."""
        if folder not in self._places:
            for name in (_quoted(folder), _quoted(f"INBOX.{folder}"), _quoted(f"INBOX/{folder}")):
                if self._is_there(name) or self._server.create(name)[0] == "OK":
                    self._places[folder] = name
                    break
            else:
                raise ValueError(f"no folder {folder} can be made")
        return self._places[folder]

    def _is_there(self, name: str) -> bool:
        return self._server.status(name, "(MESSAGES)")[0] == "OK"

    @staticmethod
    def _sure(answered: tuple[str, list[Any]]) -> list[Any]:
        status, data = answered
        if status != "OK":
            raise imaplib.IMAP4.error(repr(data[:1]))
        return data


def _quoted(name: str) -> str:
    plain = "".join(char for char in name if char.isprintable()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'
