"""A mail's bytes as a page shows them. Plain Python."""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.encoders import encode_base64
from email.message import EmailMessage
from email.policy import default

SHOWN_HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "References")
SECRET = re.compile(rb"(/r/)[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")
"""The answer link's own part: who knows it answers for the person, so that nobody else is shown it."""

QUOTED = re.compile(r"((?:/|%2F)[rf](?:/|%2F))[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])", re.IGNORECASE)
"""The same, or that of a calendar, as somebody quotes it, or a mail server wraps it in an address of its own."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its type with the parameters that matter, size in bytes, and its text if it has one."""

    number: int
    kind: str
    method: str | None
    filename: str | None
    size: int
    text: str


@dataclass(frozen=True, slots=True)
class Letter:
    """Headers in the order of `SHOWN_HEADERS`, and the parts in their order."""

    headers: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]

    def first(self, kind: str) -> Part | None:
        """The first part of a type, such as `text/plain`."""
        return next((part for part in self.parts if part.kind == kind), None)


def body(html: str) -> str:
    """What stands between the `body` tags of an HTML part."""
    return html.partition("<body>")[2].rpartition("</body>")[0].strip()


def masked(raw: bytes) -> bytes:
    """A mail without the secret of its answer link, in whatever part it stands; other mails as they are."""
    mail = message_from_bytes(raw)
    found = False
    for part in mail.walk():
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes) or not SECRET.search(content):
            continue
        found = True
        del part["Content-Transfer-Encoding"]
        part.set_payload(SECRET.sub(rb"\1***", content))
        encode_base64(part)
    return mail.as_bytes(policy=mail.policy.clone(linesep="\r\n", max_line_length=0)) if found else raw


def without_secrets(text: str) -> str:
    """What somebody wrote below the mail that it answers, without the secret of that mail's link."""
    return QUOTED.sub(r"\1***", text)


def read(raw: bytes) -> Letter:
    """Take a mail apart."""
    mail = message_from_bytes(raw, policy=default)
    found = [one for one in mail.walk() if not one.is_multipart()]
    return Letter(
        headers=tuple((name, str(mail[name])) for name in SHOWN_HEADERS if mail[name] is not None),
        parts=tuple(_part(number, one) for number, one in enumerate(found)),
    )


def _part(number: int, mail: EmailMessage) -> Part:
    payload = mail.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    method = mail.get_param("method")
    return Part(
        number=number,
        kind=mail.get_content_type(),
        method=method if isinstance(method, str) else None,
        filename=mail.get_filename(),
        size=len(content),
        text=content.decode("utf-8", errors="replace"),
    )
