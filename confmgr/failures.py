"""What of a failure may stand in a log (docs/decisions/0039-what-the-log-says-of-a-failure.md)."""

import logging
import sys
import threading
from collections.abc import Iterator
from traceback import extract_tb

from confmgr.errors import ConfmgrError

FACTS = ("kind", "action", "field", "reason")
"""Of an own error: words of the code itself. Its ids, facts and details may be what somebody wrote."""
NAMES = ("sqlstate", "sqlite_errorname", "errno")
"""Of another error: codes, which hold no text of anybody."""
log = logging.getLogger(__name__)
MOST = 60
"""Frames of one error that are told: of an endless recursion the last ones."""


def told(error: BaseException) -> str:
    """Type, codes and frames of an error and of those that led to it, first causes first; no message, no value."""
    return "\n".join(line for one in reversed(list(_chain(error))) for line in _lines(one))


def named(error: BaseException) -> str:
    """Type and codes of an error in one line."""
    names = FACTS if isinstance(error, ConfmgrError) else NAMES
    codes = [str(value) for name in names if isinstance(value := getattr(error, name, None), str | int)]
    kind = type(error)
    return f"{kind.__module__}.{kind.__qualname__}" + (f" ({', '.join(codes)})" if codes else "")


def keep_content_out_of_logs() -> None:
    """From now on a logged error is told by `told`, whoever logs it: our edges, the job engines, the web server."""
    made = logging.getLogRecordFactory()
    if getattr(made, "keeps_content_out", False):
        return

    def without(*args: object, **more: object) -> logging.LogRecord:
        record = made(*args, **more)
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = told(record.exc_info[1])
            record.exc_info = None  # a handler that formats it itself would tell the message
        return record

    without.keeps_content_out = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(without)
    threading.excepthook = _in_a_thread
    sys.unraisablehook = _raised_to_nobody


def _in_a_thread(given: threading.ExceptHookArgs) -> None:
    """A thread ended by an error, of which Python would print the message; what ends it on purpose is no failure."""
    if given.exc_value is not None and not isinstance(given.exc_value, SystemExit):
        log.error("a thread failed", exc_info=given.exc_value)


def _raised_to_nobody(given: "sys.UnraisableHookArgs") -> None:
    """An error where nobody can be told, as in a finaliser."""
    if given.exc_value is not None:
        log.error("an error was raised where nobody hears it", exc_info=given.exc_value)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, then what it came from, as Python would tell it; what a group holds is told with it."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        if isinstance(one, BaseExceptionGroup):
            waiting.extend(one.exceptions)
        before = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
        if before is not None:
            waiting.append(before)


def _lines(error: BaseException) -> Iterator[str]:
    yield named(error)
    for frame in extract_tb(error.__traceback__)[-MOST:]:
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
