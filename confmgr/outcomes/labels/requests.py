"""Words of action requests, and how long things last in the reader's language."""

from datetime import datetime, timedelta
from typing import Literal

from babel.dates import format_timedelta
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from confmgr.outcomes.owing import Shown
from confmgr.values.languages import babel_locale
from confmgr.web import formats, labels

labels.register(
    {
        Shown.OPEN: _l("Open"),
        Shown.OVERDUE: _l("Overdue"),
        Shown.CLOSED: _l("Done and declined"),
    }
)
labels.register_reasons(
    {
        "emergency_needs_due": _l("An emergency is counted in hours: say by when."),
        "request_answered": _l("%(code)s has answered, so the request stays as it is. Ask anew if it has changed."),
        "due_twice": _l("Give either a due time or a number of hours."),
        "led_to_itself": _l("This is the thing itself. Choose another one."),
        "linked_already": _l("These two are linked already."),
        "linked_the_other_way": _l("These two are linked the other way round. Take that link back first."),
    }
)


def lasted(stretch: timedelta) -> str:
    """`5 hours`, `12 days` in the reader's language."""
    return _said(stretch, with_direction=False)


def due_in(due: datetime, now: datetime) -> str:
    """`in 5 hours` or `3 hours overdue` in the reader's language."""
    if due < now:
        return gettext("%(time)s overdue", time=_said(now - due, with_direction=False))
    return _said(due - now, with_direction=True)


def _said(stretch: timedelta, *, with_direction: bool) -> str:
    """Minutes below an hour, hours up to three days, then days up to three weeks, then weeks."""
    granularity: Literal["minute", "hour"] = "minute" if abs(stretch) < timedelta(hours=1) else "hour"
    said = format_timedelta(
        stretch,
        granularity=granularity,
        threshold=3,
        add_direction=with_direction,
        locale=babel_locale(formats.language()),
    )
    return formats.digits(said)
