"""An invitation, a change or a cancellation, in its recipient's language, from the facts that its publication froze."""

from dataclasses import dataclass

from flask_babel import gettext as _

from confmgr.invitations.domain import ChangeKind, Method, PartStat, only_clocks_changed
from confmgr.invitations.ical import Correspondent, Entry, message
from confmgr.invitations.models import OutboxMessage
from confmgr.invitations.rendering.mime import Invite, Rendered, Text, assemble
from confmgr.invitations.rendering.texts import (
    TLP,
    hours,
    instants,
    own_time,
    place_of,
    title_of,
    wall_times,
    when_and_where,
    words,
    written,
    zone_of,
)
from confmgr.values.languages import direction
from confmgr.values.texts import without_controls
from confmgr.web import formats
from confmgr.web.reader import speaking


@dataclass(frozen=True, slots=True)
class Letter:
    """What the mail templates show: text in the reader's language, times of the venue and of the reader."""

    change: ChangeKind
    title: str
    meeting: str
    day: str
    hours: str
    zone: str
    before: str
    clocks: bool
    own_time: str
    place: str
    interpretation: str
    answer_link: str | None
    link: str
    name: str
    language: str
    direction: str


def render(row: OutboxMessage, *, sender: Correspondent, base_url: str, token: str | None = None) -> Rendered:
    """One mail: plain, HTML and calendar alternatives, and the calendar again as an attachment (RFC 6047, 2.4).

    Args:
        row: A message of kind invitation.
        sender: The mailbox that organises.
        base_url: Of this installation.
        token: The secret of the answer link; None: the link leads to the agenda behind the sign-in.
    """
    if row.uid is None or row.sequence is None or row.method is None:
        raise ValueError("an invitation has a calendar identity")
    facts = row.facts
    with speaking(row.language):
        letter = _letter(row, base_url, token)
        text = Text(
            subject=f"{TLP} {_headline(letter)}",
            plain=written("mail/invitation.txt", letter=letter, tlp=TLP),
            html=written("mail/invitation.html", letter=letter, tlp=TLP),
        )
        description = written("mail/description.txt", letter=letter).strip()
    starts_at, ends_at = instants(facts["session"])
    entry = Entry(
        uid=row.uid,
        sequence=row.sequence,
        dtstamp=row.dtstamp,
        starts_at=starts_at,
        ends_at=ends_at,
        summary=letter.title,
        description=description,
        location=letter.place,
        language=row.language,
        cancelled=row.method is Method.CANCEL,
    )
    attendee = Correspondent(row.recipient, facts["name"])
    calendar = message(entry, row.method, sender, attendee, PartStat(facts["answer"]))
    return assemble(row, sender, text, Invite(row.method, calendar))


def _letter(row: OutboxMessage, base_url: str, token: str | None) -> Letter:
    facts, language = row.facts, row.language
    session, before = facts["session"], facts["before"]
    starts, ends = wall_times(session)
    moved = before is not None and (before["starts_local"], before["place"]) != (
        session["starts_local"],
        session["place"],
    )
    return Letter(
        change=row.change or ChangeKind.NEW,
        title=title_of(session, language),
        meeting=words(facts["meeting"], language),
        day=formats.day_long(starts.date()),
        hours=hours(starts, ends),
        zone=zone_of(session),
        before=when_and_where(before, language) if moved else "",
        clocks=row.change is ChangeKind.MOVED and only_clocks_changed(before, session),
        own_time=own_time(session, facts["zone"]),
        place=place_of(session, language),
        interpretation=session["interpretation"] or "",
        answer_link=None if token is None else f"{base_url}/r/{token}",
        link=f"{base_url}/meetings/{facts['slug']}/my-agenda",
        name=without_controls(facts["name"]),
        language=language,
        direction=direction(language),
    )


def _headline(letter: Letter) -> str:
    when = f"{letter.day}, {letter.hours}"
    if letter.change is ChangeKind.CANCELLED:
        return _("Cancelled: %(title)s, %(when)s", title=letter.title, when=when)
    if letter.change in {ChangeKind.MOVED, ChangeKind.CHANGED}:
        return _("Changed: %(title)s, %(when)s", title=letter.title, when=when)
    return _("Invitation: %(title)s, %(when)s", title=letter.title, when=when)
