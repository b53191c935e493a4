"""A mail's bytes as a page shows them. Plain Python."""

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

SHOWN_HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "References")


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
