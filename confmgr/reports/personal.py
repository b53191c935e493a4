"""Personal agendas as documents: one of a person, or one of each delegate in a ZIP."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from flask_babel import gettext

from confmgr.invitations.rendering import place_shown, title_shown
from confmgr.reports.orders import Order
from confmgr.reports.printing import Print, written
from confmgr.reports.queries import PersonalAgenda
from confmgr.values.times import start_of
from confmgr.web.reader import speaking

NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9]+")


def of(found: Sequence[PersonalAgenda], language: str, now: datetime) -> Print:
    """The agendas of one reader: of each person that an account stands for."""
    with speaking(language):
        title = gettext("Agenda of %(person)s", person=found[0].person.latin_name)
    parts = tuple(
        written(
            "personal_agenda.html",
            language,
            marking=one.marking,
            table=one,
            title_shown=title_shown,
            place_shown=place_shown,
        )
        for one in found
    )
    meeting = found[0].meeting
    newest = max((one.as_of for one in found if one.as_of is not None), default=None)
    return Print(parts, title, newest or start_of(now.date(), meeting.zone), len(parts))


def all_of(found: Iterable[PersonalAgenda], name: str, now: datetime) -> Order:
    """One of each delegate, in the delegate's own language. An agenda that did not change is not made again."""
    files: dict[str, Print] = {}
    for one in found:
        code = "" if one.delegation is None else one.delegation.party.code
        stem = f"{code}-{NOT_IN_A_NAME.sub('-', one.person.latin_name).strip('-')}".strip("-")
        files[stem if stem not in files else f"{stem}-{len(files) + 1}"] = of([one], one.person.language, now)
    return Order(tuple(files.items()), name, packed=True)
