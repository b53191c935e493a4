"""Calendars to download: what a person was told, or what is published of some sessions."""

from collections.abc import Iterable
from datetime import UTC, datetime

from flask_babel import gettext as _

from confmgr.invitations import ical
from confmgr.invitations.ical import Correspondent
from confmgr.invitations.models import Participation, Publication
from confmgr.invitations.queries import Entry
from confmgr.invitations.rendering import neutral_title, place_of, title_of
from confmgr.meetings.models import Meeting
from confmgr.scheduling.domain import GONE

START = datetime(2000, 1, 1, tzinfo=UTC)


def of_person(rows: Iterable[Participation], *, name: str, language: str, link: str, organizer: Correspondent) -> bytes:
    """The sessions of one person under the identities that its mails carry; cancelled ones say so.

    Args:
        rows: What the person was told (`queries.told_to`).
        name: Of the calendar.
        language: BCP 47 tag of titles and places; the sentences follow the current locale.
        link: Where the details are after signing in.
        organizer: The mailbox that organises.
    """
    return ical.published([_told(row, language, link) for row in rows], organizer, name)


def _told(row: Participation, language: str, link: str) -> ical.Entry:
    facts = row.told_text or {}
    return ical.Entry(
        uid=row.uid,
        sequence=row.sequence,
        dtstamp=START if row.told_in is None else row.told_in.made_at,
        starts_at=datetime.fromisoformat(facts["starts_at"]),
        ends_at=datetime.fromisoformat(facts["ends_at"]),
        summary=title_of(facts, language),
        description=_("Details after signing in: %(link)s", link=link),
        location=place_of(facts, language),
        language=language,
        cancelled=not row.invited,
    )


def of_sessions(
    entries: Iterable[Entry],
    *,
    publication: Publication,
    meeting: Meeting,
    name: str,
    language: str,
    link: str,
    organizer: Correspondent,
) -> bytes:
    """Published sessions for a secretariat or a delegation, each under the session's own identity."""
    return ical.published(
        [_published(entry, publication, meeting, language, link) for entry in entries], organizer, name
    )


def _published(entry: Entry, publication: Publication, meeting: Meeting, language: str, link: str) -> ical.Entry:
    row = entry.row
    codes = [delegation.party.code for delegation in entry.delegations]
    title = row.session.title
    place = "" if entry.place is None else entry.place.name.text(language)
    return ical.Entry(
        uid=f"{row.session.uuid}@{meeting.slug}",
        sequence=publication.number,
        dtstamp=publication.made_at,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        summary=neutral_title(row.kind, codes) if title is None else title.text(language),
        description=_("Details after signing in: %(link)s", link=link),
        location=f"{place}, {row.building}" if place and row.building else place,
        language=language,
        cancelled=row.state in GONE,
    )
