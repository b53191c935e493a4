"""An invitation, a change or a cancellation, in its recipient's language, from the facts that its publication froze."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from confmgr.invitations.domain import ChangeKind, Method, PartStat, only_clocks_changed, spoken
from confmgr.invitations.ical import Correspondent, Entry, message
from confmgr.invitations.models import OutboxMessage
from confmgr.invitations.rendering.mime import Invite, Rendered, Text, assemble
from confmgr.scheduling.domain import SessionKind
from confmgr.values.languages import babel_locale, direction
from confmgr.values.texts import without_controls
from confmgr.values.times import wall_time
from confmgr.values.words import Words
from confmgr.web import formats, labels

TLP = "TLP:GREEN"
"""What leaves by mail is fit for every delegation of the meeting; cases stay behind the sign-in."""


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
    with force_locale(babel_locale(spoken(row.language))):
        letter = _letter(row, base_url, token)
        text = Text(
            subject=f"{TLP} {_headline(letter)}",
            plain=_written("mail/invitation.txt", letter=letter, tlp=TLP),
            html=_written("mail/invitation.html", letter=letter, tlp=TLP),
        )
        description = _written("mail/description.txt", letter=letter).strip()
    session = facts["session"]
    entry = Entry(
        uid=row.uid,
        sequence=row.sequence,
        dtstamp=row.dtstamp,
        starts_at=datetime.fromisoformat(session["starts_at"]),
        ends_at=datetime.fromisoformat(session["ends_at"]),
        summary=letter.title,
        description=description,
        location=letter.place,
        language=spoken(row.language),
        cancelled=row.method is Method.CANCEL,
    )
    attendee = Correspondent(row.recipient, without_controls(facts["name"]))
    calendar = message(entry, row.method, sender, attendee, PartStat(facts["answer"]))
    return assemble(row, sender, text, Invite(row.method, calendar))


def _written(template: str, **values: Any) -> str:
    """A template of mails, without what pages have around them: who is signed in, and where one can go."""
    return current_app.jinja_env.get_template(template).render(values)


def title_of(session: Mapping[str, Any], language: str) -> str:
    """A session's title for one reader: what organisers wrote, or a neutral line with the parties' codes."""
    if session["title"] is not None:
        return Words.from_json(session["title"]).text(language)
    return neutral_title(SessionKind(session["kind"]), session["parties"])


def neutral_title(kind: SessionKind, parties: Sequence[str]) -> str:
    """What a session without written words is called: its kind, and the codes of the parties that meet."""
    codes = "–".join(parties)
    if kind is SessionKind.BILATERAL:
        return _("Bilateral meeting %(parties)s", parties=codes)
    if kind is SessionKind.MULTILATERAL:
        return _("Multilateral meeting %(parties)s", parties=codes)
    return labels.of(kind)


def place_of(session: Mapping[str, Any], language: str) -> str:
    """Where a session is, with its building."""
    if session["place"] is None:
        return ""
    name = Words.from_json(session["place"]).text(language)
    return f"{name}, {session['building']}" if session["building"] else name


def _letter(row: OutboxMessage, base_url: str, token: str | None) -> Letter:
    facts, language = row.facts, row.language
    session, before = facts["session"], facts["before"]
    starts = datetime.fromisoformat(session["starts_local"])
    ends = datetime.fromisoformat(session["ends_local"])
    starts_at = datetime.fromisoformat(session["starts_at"])
    own = wall_time(starts_at, facts["zone"])
    own_end = wall_time(datetime.fromisoformat(session["ends_at"]), facts["zone"])
    moved = before is not None and (before["starts_local"], before["place"]) != (
        session["starts_local"],
        session["place"],
    )
    return Letter(
        change=row.change or ChangeKind.NEW,
        title=without_controls(title_of(session, language)),
        meeting=without_controls(Words.from_json(facts["meeting"]).text(language)),
        day=formats.day_long(starts.date()),
        hours=f"{formats.clock(starts)}–{formats.clock(ends)}",
        zone=f"{session['zone']}, {formats.offset(session['zone'], starts_at)}",
        before=without_controls(_before(before, language)) if moved else "",
        clocks=row.change is ChangeKind.MOVED and only_clocks_changed(before, session),
        own_time=""
        if own == starts
        else f"{formats.day(own.date())} {formats.clock(own)}–{formats.clock(own_end)} "
        f"({facts['zone']}, {formats.offset(facts['zone'], starts_at)})",
        place=without_controls(place_of(session, language)),
        interpretation=session["interpretation"] or "",
        answer_link=None if token is None else f"{base_url}/r/{token}",
        link=f"{base_url}/meetings/{facts['slug']}/my-agenda",
        name=without_controls(facts["name"]),
        language=spoken(language),
        direction=direction(spoken(language)),
    )


def _before(before: Mapping[str, Any], language: str) -> str:
    starts = datetime.fromisoformat(before["starts_local"])
    ends = datetime.fromisoformat(before["ends_local"])
    text = f"{formats.day(starts.date())} {formats.clock(starts)}–{formats.clock(ends)}"
    place = place_of(before, language)
    return f"{text}, {place}" if place else text


def _headline(letter: Letter) -> str:
    when = f"{letter.day}, {letter.hours}"
    if letter.change is ChangeKind.CANCELLED:
        return _("Cancelled: %(title)s, %(when)s", title=letter.title, when=when)
    if letter.change in {ChangeKind.MOVED, ChangeKind.CHANGED}:
        return _("Changed: %(title)s, %(when)s", title=letter.title, when=when)
    return _("Invitation: %(title)s, %(when)s", title=letter.title, when=when)
