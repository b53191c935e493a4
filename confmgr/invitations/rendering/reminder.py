"""Reminders: sessions to come, answers and results that are due, what is urgent. None carries a calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from confmgr.invitations.domain import MailKind, PartStat
from confmgr.invitations.ical import Correspondent
from confmgr.invitations.models import OutboxMessage
from confmgr.invitations.rendering.mime import Rendered, Text, assemble
from confmgr.invitations.rendering.texts import (
    TLP,
    hours,
    own_time,
    place_of,
    title_of,
    wall_times,
    words,
    written,
    zone_of,
)
from confmgr.values.languages import direction
from confmgr.web import formats, labels
from confmgr.web.reader import speaking


@dataclass(frozen=True, slots=True)
class Line:
    """One session of a reminder, in the reader's words; `own_time` only where the reader's clock shows another time."""

    title: str
    day: str
    hours: str
    zone: str
    own_time: str
    place: str
    interpretation: str
    answer: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What the templates of a reminder show."""

    kind: MailKind
    headline: str
    lead: str
    lines: tuple[Line, ...]
    due: tuple[str, ...]
    link: str
    meeting: str
    language: str
    direction: str


def render(row: OutboxMessage, *, sender: Correspondent, base_url: str, token: str | None = None) -> Rendered:
    """One mail: plain and HTML alternatives, without a calendar, so that no client takes it for an invitation.

    Args:
        row: A message of one of the kinds of reminders.
        sender: The mailbox that organises.
        base_url: Of this installation.
        token: There is none: each invitation has the answer link of its own.
    """
    language = row.language
    with speaking(language):
        letter = _letter(row, base_url)
        text = Text(
            subject=f"{TLP} {letter.headline}",
            plain=written("mail/reminder.txt", letter=letter, tlp=TLP),
            html=written("mail/reminder.html", letter=letter, tlp=TLP),
        )
    return assemble(row, sender, text)


def _letter(row: OutboxMessage, base_url: str) -> Letter:
    facts = row.facts
    lines = tuple(_line(one, facts["zone"], row.language) for one in facts.get("sessions", ()))
    headline, lead = _WORDS[row.kind](facts, lines)
    page = f"{base_url}/meetings/{facts['slug']}/my-agenda"
    return Letter(
        kind=row.kind,
        headline=headline,
        lead=lead,
        lines=lines,
        due=tuple(_due(one) for one in facts.get("due", ())),
        link=f"{base_url}{facts['page']}" if "page" in facts else page,
        meeting=words(facts["meeting"], row.language),
        language=row.language,
        direction=direction(row.language),
    )


def _line(session: Mapping[str, Any], own_zone: str, language: str) -> Line:
    starts, ends = wall_times(session)
    return Line(
        title=title_of(session, language),
        day=formats.day_long(starts.date()),
        hours=hours(starts, ends),
        zone=zone_of(session),
        own_time=own_time(session, own_zone),
        place=place_of(session, language),
        interpretation=session["interpretation"] or "",
        answer=labels.of(PartStat(session["answer"])),
    )


def _day_before(facts: Mapping[str, Any], lines: tuple[Line, ...]) -> tuple[str, str]:
    day = formats.day_long(date.fromisoformat(facts["day"]))
    headline = ngettext(
        "Reminder: %(num)s session on %(day)s", "Reminder: %(num)s sessions on %(day)s", len(lines), day=day
    )
    return headline, _("These are your sessions on %(day)s.", day=day)


def _hour_before(facts: Mapping[str, Any], lines: tuple[Line, ...]) -> tuple[str, str]:
    one = lines[0]
    when = f"{one.day}, {one.hours}"
    return _("Reminder: %(title)s, %(when)s", title=one.title, when=when), _("This session begins soon.")


def _answers_missing(facts: Mapping[str, Any], lines: tuple[Line, ...]) -> tuple[str, str]:
    headline = ngettext(
        "Reminder: %(num)s invitation waits for your answer",
        "Reminder: %(num)s invitations wait for your answer",
        len(lines),
    )
    return headline, _(
        "You have not answered these invitations yet. Please accept or decline each: with the link in its mail, in your"
        " calendar, or after signing in."
    )


def _results_due(facts: Mapping[str, Any], lines: tuple[Line, ...]) -> tuple[str, str]:
    number = sum(one["requests"] for one in facts["due"])
    headline = ngettext(
        "Reminder: the result of %(num)s request is due", "Reminder: the results of %(num)s requests are due", number
    )
    return headline, _(
        "Your delegation was asked for something of which no result is known yet. What it is stands behind the sign-in."
    )


def _request_urgent(facts: Mapping[str, Any], lines: tuple[Line, ...]) -> tuple[str, str]:
    return _("Urgent: your delegation is asked for something"), _(
        "Another delegation asks yours for something that cannot wait. What it is stands behind the sign-in."
    )


def _return_due(facts: Mapping[str, Any], lines: tuple[Line, ...]) -> tuple[str, str]:
    return _("Reminder: the results of your delegation are asked for"), _(
        "A report of results is open, and your delegation has not sent its own yet. The form stands behind the sign-in."
    )


def _move_noticed(facts: Mapping[str, Any], lines: tuple[Line, ...]) -> tuple[str, str]:
    return _("A displacement over a border that you watch"), _(
        "Something was noticed at a stretch of border that your delegation watches. What it is stands behind the"
        " sign-in."
    )


def _item_notice(facts: Mapping[str, Any], lines: tuple[Line, ...]) -> tuple[str, str]:
    return _("Something about a case or lead waits for you"), _("What it is stands behind the sign-in.")


def _due(one: Mapping[str, Any]) -> str:
    number, day = one["requests"], formats.day_long(date.fromisoformat(one["day"]))
    if one["overdue"]:
        return ngettext("%(num)s request was due on %(day)s.", "%(num)s requests were due on %(day)s.", number, day=day)
    return ngettext("%(num)s request is due on %(day)s.", "%(num)s requests are due on %(day)s.", number, day=day)


_WORDS = {
    MailKind.DAY_BEFORE: _day_before,
    MailKind.HOUR_BEFORE: _hour_before,
    MailKind.ANSWERS_MISSING: _answers_missing,
    MailKind.RESULTS_DUE: _results_due,
    MailKind.REQUEST_URGENT: _request_urgent,
    MailKind.RETURN_DUE: _return_due,
    MailKind.MOVE_NOTICED: _move_noticed,
    MailKind.ITEM_NOTICE: _item_notice,
}
KINDS = frozenset(_WORDS)
"""What this module renders."""
