"""How the reader of a page wants dates and digits: chosen in the own account, and never in what is sent or printed."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from flask import has_request_context
from flask_babel import force_locale
from flask_login import current_user

from confmgr.values.languages import babel_locale

BUDDHIST = "buddhist"
NATIVE = "native"


@dataclass(frozen=True, slots=True)
class Reader:
    """`buddhist`: years of the Buddhist calendar; `native`: digits of the language's own script."""

    buddhist: bool = False
    native: bool = False


_ANYBODY = Reader()
_for_others: ContextVar[bool] = ContextVar("for_others", default=False)


def reader() -> Reader:
    """What the person at the page has chosen; nothing in mails and documents, which others read."""
    if _for_others.get() or not has_request_context():
        return _ANYBODY
    calendar, digits = getattr(current_user, "calendar", None), getattr(current_user, "digits", None)
    return Reader(calendar == BUDDHIST, digits == NATIVE) if calendar or digits else _ANYBODY


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Write for others in a language: a mail, a document, a page that a link opens."""
    token = _for_others.set(True)
    try:
        with force_locale(babel_locale(language)):
            yield
    finally:
        _for_others.reset(token)
