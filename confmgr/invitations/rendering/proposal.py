"""The answer to a proposed time: the session stays where it is (RFC 5546, 3.2.8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from confmgr.invitations.domain import PartStat, spoken
from confmgr.invitations.ical import Correspondent, Entry, message
from confmgr.invitations.models import OutboxMessage
from confmgr.invitations.rendering.invitation import TLP, place_of, title_of
from confmgr.invitations.rendering.mime import Invite, Rendered, Text, assemble
from confmgr.values.languages import babel_locale, direction
from confmgr.values.times import wall_time
from confmgr.values.words import Words
from confmgr.web import formats


@dataclass(frozen=True, slots=True)
class Letter:
    """What the mail templates show: the time that was proposed, and the one that stays."""

    title: str
    meeting: str
    proposed: str
    stays: str
    zone: str
    place: str
    link: str
    language: str
    direction: str


def render(row: OutboxMessage, *, sender: Correspondent, base_url: str, token: str | None = None) -> Rendered:
    """One mail with a DECLINECOUNTER of the same UID and SEQUENCE; a calendar then keeps what it has.

    Args:
        row: A message of kind answer to a proposal.
        sender: The mailbox that organises.
        base_url: Of this installation.
        token: Not used: there is nothing to answer.
    """
    if row.uid is None or row.sequence is None or row.method is None:
        raise ValueError("an answer to a proposal has a calendar identity")
    session = row.facts["session"]
    with force_locale(babel_locale(spoken(row.language))):
        letter = _letter(row, base_url)
        headline = _("%(title)s stays at its time, %(when)s", title=letter.title, when=letter.stays)
        text = Text(
            subject=f"{TLP} {headline}",
            plain=render_template("mail/proposal.txt", letter=letter, tlp=TLP),
            html=render_template("mail/proposal.html", letter=letter, tlp=TLP),
        )
    entry = Entry(
        uid=row.uid,
        sequence=row.sequence,
        dtstamp=row.dtstamp,
        starts_at=datetime.fromisoformat(session["starts_at"]),
        ends_at=datetime.fromisoformat(session["ends_at"]),
        summary=letter.title,
        description="",
        location=letter.place,
        language=spoken(row.language),
    )
    attendee = Correspondent(row.recipient, row.facts["name"])
    calendar = message(entry, row.method, sender, attendee, PartStat(row.facts["answer"]))
    return assemble(row, sender, text, Invite(row.method, calendar))


def _letter(row: OutboxMessage, base_url: str) -> Letter:
    facts, session = row.facts, row.facts["session"]
    starts = datetime.fromisoformat(session["starts_local"])
    return Letter(
        title=title_of(session, row.language),
        meeting=Words.from_json(facts["meeting"]).text(row.language),
        proposed=_proposed(facts, session["zone"]),
        stays=_span(starts, datetime.fromisoformat(session["ends_local"])),
        zone=f"{session['zone']}, {formats.offset(session['zone'], datetime.fromisoformat(session['starts_at']))}",
        place=place_of(session, row.language),
        link=f"{base_url}/meetings/{facts['slug']}/my-agenda",
        language=spoken(row.language),
        direction=direction(spoken(row.language)),
    )


def _proposed(facts: Mapping[str, Any], zone: str) -> str:
    times: Sequence[str] = facts.get("proposed") or []
    return _span(*(wall_time(datetime.fromisoformat(one), zone) for one in times)) if times else ""


def _span(starts: datetime, ends: datetime) -> str:
    return f"{formats.day_long(starts.date())}, {formats.clock(starts)}–{formats.clock(ends)}"
