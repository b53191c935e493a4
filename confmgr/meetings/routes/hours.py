"""The page on which somebody's or something's hours are added, one stretch at a time."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from flask import redirect, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from confmgr.errors import Refused
from confmgr.meetings.models import Meeting
from confmgr.orm.base import Planned
from confmgr.web.db import transaction
from confmgr.web.forms import HoursForm, status

Stretches = Sequence[tuple[datetime, datetime]]


def add_hours(
    meeting: Meeting,
    known: Iterable[Planned],
    save: Callable[[Session, Stretches], None],
    *,
    title: str,
    whose: str,
    back: str,
) -> ResponseReturnValue:
    """Ask for a stretch; `save` gets it with those that are known, in a transaction, and may refuse.

    `title` is the question that the page asks, `whose` the name of the place or person, `back` where it leads.
    """
    form = HoursForm()
    if form.accepted():
        try:
            with transaction() as current:
                save(current, form.added_to(known))
            return redirect(back)
        except Refused as refused:
            form.refuse(refused)
    return render_template(
        "meetings/hours.html", form=form, meeting=meeting, title=title, whose=whose, back=back
    ), status(form)
