"""The answer to a proposed time: the session stays where it is (RFC 5546, 3.2.8)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from confmgr.invitations.domain import PartStat
from confmgr.invitations.ical import Correspondent, Entry, message
from confmgr.invitations.models import OutboxMessage
from confmgr.invitations.rendering.mime import Invite, Rendered, Text, assemble
from confmgr.invitations.rendering.texts import (
    TLP,
    hours,
    instants,
    place_of,
    title_of,
    wall_times,
    words,
    written,
    zone_of,
)
from confmgr.values.languages import direction
from confmgr.values.times import wall_time
from confmgr.web import formats
from confmgr.web.reader import speaking


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
    starts_at, ends_at = instants(row.facts["session"])
    with speaking(row.language):
        letter = _letter(row, base_url)
        headline = _("%(title)s stays at its time, %(when)s", title=letter.title, when=letter.stays)
        text = Text(
            subject=f"{TLP} {headline}",
            plain=written("mail/proposal.txt", letter=letter, tlp=TLP),
            html=written("mail/proposal.html", letter=letter, tlp=TLP),
        )
    entry = Entry(
        uid=row.uid,
        sequence=row.sequence,
        dtstamp=row.dtstamp,
        starts_at=starts_at,
        ends_at=ends_at,
        summary=letter.title,
        description="",
        location=letter.place,
        language=row.language,
    )
    attendee = Correspondent(row.recipient, row.facts["name"])
    calendar = message(entry, row.method, sender, attendee, PartStat(row.facts["answer"]))
    return assemble(row, sender, text, Invite(row.method, calendar))


def _letter(row: OutboxMessage, base_url: str) -> Letter:
    facts, session = row.facts, row.facts["session"]
    return Letter(
        title=title_of(session, row.language),
        meeting=words(facts["meeting"], row.language),
        proposed=_proposed(facts, session["zone"]),
        stays=_span(*wall_times(session)),
        zone=zone_of(session),
        place=place_of(session, row.language),
        link=f"{base_url}/meetings/{facts['slug']}/my-agenda",
        language=row.language,
        direction=direction(row.language),
    )


def _proposed(facts: Mapping[str, Any], zone: str) -> str:
    times: Sequence[str] = facts.get("proposed") or []
    return _span(*(wall_time(datetime.fromisoformat(one), zone) for one in times)) if times else ""


def _span(starts: datetime, ends: datetime) -> str:
    return f"{formats.day_long(starts.date())}, {hours(starts, ends)}"
