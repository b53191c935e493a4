"""Wishes for the time of a meeting in the reader's words."""

from flask_babel import gettext as _

from confmgr.scheduling.models import MeetingRequest
from confmgr.scheduling.wishes import Half, HalfDay
from confmgr.web import formats, labels


def half_day(one: HalfDay) -> str:
    """`Thu 5 Feb, morning`."""
    day = formats.day(one.day)
    return _("%(day)s, morning", day=day) if one.half is Half.MORNING else _("%(day)s, afternoon", day=day)


def request(row: MeetingRequest) -> str:
    """A request as its own side tells it from others: whom it asks, about what, how long."""
    asked = formats.listed(formats.plain_words(side.delegation.party.short_name) for side in row.asked)
    minutes = _("%(minutes)s min", minutes=row.minutes)
    return f"{asked} · {labels.of(row.kind)} · {minutes}"
