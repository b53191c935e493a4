"""The only place that draws at random for identities; seeded for the sample operation."""

import base64
import hashlib
import random
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_seeded: ContextVar[random.Random | None] = ContextVar("seeded", default=None)


def public_id() -> uuid.UUID:
    """A random UUID (version 4): what addresses and calendars know a row by."""
    source = _seeded.get()
    return uuid.uuid4() if source is None else uuid.UUID(int=source.getrandbits(128), version=4)


def uid() -> str:
    """A random UUID as text: the identity of a participation in every calendar."""
    return str(public_id())


def secret() -> str:
    """256 random bits, safe in an address (43 characters)."""
    source = _seeded.get()
    bits = secrets.token_bytes(32) if source is None else source.randbytes(32)
    return base64.urlsafe_b64encode(bits).rstrip(b"=").decode()


def hashed(token: str) -> str:
    """What is kept of a secret: SHA-256 is enough for 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Let identities repeat themselves run after run."""
    token = _seeded.set(random.Random(seed))  # noqa: S311  # repeatable on purpose, for the sample alone
    try:
        yield
    finally:
        _seeded.reset(token)
