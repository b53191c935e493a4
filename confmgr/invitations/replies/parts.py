"""A mail taken apart within limits: none of its size, its parts or its headers makes it dear (RFC 5322, 2045)."""

import codecs
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32

from confmgr.invitations.replies.facts import Unreadable

HEADER = 4000
"""Characters of one header that are read."""
HEADERS = 256 * 2**10
"""Bytes that all headers of a mail may have."""
NESTED = 40
"""Containers that a mail may hold, each of which may stand in the one before."""
STEPS = 1_000_000
"""Lines times containers: the parser looks for the end of each open container in every line."""
DELIMITERS = 2000
MOST_PARTS = 100
DEEPEST = 12

OF_NAMES = frozenset({"punycode", "idna"})

_CONTAINERS = re.compile(rb"boundary\s*[*=]|message\s*/", re.IGNORECASE)

_WORD = re.compile(r"=\?[^?\s]+\?[bqBQ]\?[^?\s]*\?=")
_BETWEEN = re.compile(r"(?<=\?=)\s+(?==\?)")

Mail = Message


class _Short(Compat32):
    """Reads only the beginning of a header: a megabyte of parameters would take minutes."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:HEADER]


_POLICY = _Short()


def head(raw: bytes) -> Mail:
    """The headers of a mail; its body is not looked at."""
    return BytesHeaderParser(policy=_POLICY).parsebytes(raw[:HEADERS])


def opened(raw: bytes) -> Mail:
    """A whole mail.

    Raises:
        Unreadable: It has more containers, parts or headers than a mail of a calendar can have.
    """
    plain = raw.replace(b"\r\n", b"\n")
    if plain.find(b"\n\n", 0, HEADERS) == -1 and len(plain) > HEADERS:
        raise Unreadable("too_many_headers")
    containers = len(_CONTAINERS.findall(plain))
    if containers > NESTED or (containers + 1) * plain.count(b"\n") > STEPS:
        raise Unreadable("too_many_parts")
    if containers and plain.count(b"\n--") > DELIMITERS:
        raise Unreadable("too_many_parts")
    return message_from_bytes(plain, policy=_POLICY)


def leaves(mail: Mail) -> list[Mail]:
    """The parts of a mail that hold no others, in their order; a delivery status counts as one.

    Raises:
        Unreadable: They are too many, or stand too deep.
    """
    found: list[Mail] = []
    for part, depth in _walk(mail):
        if depth > DEEPEST or len(found) >= MOST_PARTS:
            raise Unreadable("too_many_parts")
        found.append(part)
    return found


def _walk(mail: Mail) -> Iterator[tuple[Mail, int]]:
    waiting = [(mail, 0)]
    while waiting:
        part, depth = waiting.pop()
        inner = part.get_payload()
        if depth > DEEPEST or not isinstance(inner, list) or part.get_content_type() == "message/delivery-status":
            yield part, depth
        else:
            waiting.extend((one, depth + 1) for one in reversed(inner) if isinstance(one, Message))


def content(part: Mail) -> bytes:
    """What a part holds, with its transfer encoding taken off."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def text(part: Mail) -> str:
    """What a part says; what its character set does not know is replaced."""
    return decoded(content(part), part.get_content_charset())


def decoded(raw: bytes, charset: str | None) -> str:
    """Bytes as text; an unknown character set is read as UTF-8, and so is that of names in DNS, which takes long."""
    try:
        known = codecs.lookup(charset or "utf-8").name
        found = raw.decode("utf-8" if known in OF_NAMES else known, errors="replace")
    except (LookupError, ValueError):
        found = raw.decode("utf-8", errors="replace")
    return found.removeprefix("\ufeff")


def headers(mail: Mail, name: str) -> list[str]:
    """Every header of a name, on one line each, as it stands in the mail."""
    return [
        " ".join(str(value).encode("ascii", "surrogateescape").decode("utf-8", "replace").split())
        for key, value in mail.raw_items()
        if key.lower() == name.lower()
    ]


def header(mail: Mail, name: str) -> str:
    """The first header of a name with its encoded words (RFC 2047) decoded; empty without one."""
    found = headers(mail, name)
    if not found:
        return ""
    return _WORD.sub(_decoded_word, _BETWEEN.sub("", found[0]))


def _decoded_word(match: re.Match[str]) -> str:
    word, charset = decode_header(match[0])[0]
    return word if isinstance(word, str) else decoded(word, charset)
