"""The languages of the place that a request stands in: of the reader's own delegation, and of the meeting."""

from collections.abc import Iterable

from flask import g
from flask_login import current_user

from confmgr.delegations import queries as delegations
from confmgr.gateways import clock
from confmgr.meetings.models import Meeting
from confmgr.web.db import session


def languages_of_delegation() -> Iterable[str]:
    """What the reader's delegation at this meeting works in; one statement, and only for who has chosen nothing."""
    meeting: Meeting | None = g.get("meeting")
    if meeting is None or not current_user.is_authenticated:
        return ()
    return delegations.languages_of_member(session(), meeting, current_user.id, clock.now())


def languages_of_meeting() -> Iterable[str]:
    """The meeting's own, the first one first."""
    meeting: Meeting | None = g.get("meeting")
    return () if meeting is None else meeting.languages
