"""Calendars to download and to subscribe to: what a person was told, or what is published of some sessions."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from confmgr.invitations import ical
from confmgr.invitations.ical import Correspondent
from confmgr.invitations.rendering import neutral_title, place_of, title_of
from confmgr.invitations.timetable import Heard, Slot

COLOR = "steelblue"


@dataclass(frozen=True, slots=True)
class Cover:
    """What a calendar says of itself, and in what language it speaks; its sentences follow the current locale.

    `link` is where the details are after signing in. `source` is the page on which people find their calendars, for
    one that a program reads again and again.
    """

    name: str
    language: str
    link: str
    organizer: Correspondent
    source: str | None = None


def of_person(rows: Iterable[Heard], cover: Cover) -> bytes:
    """The sessions of one person under the identities that its mails carry; cancelled ones say so."""
    details = _details(cover)
    return _written([_told(row, cover, details) for row in rows], cover)


def of_sessions(slots: Iterable[Slot], cover: Cover, *, slug: str) -> bytes:
    """Published sessions, each under the session's own identity; `slug` is of their meeting."""
    details = _details(cover)
    return _written([_published(slot, cover, slug, details) for slot in slots], cover)


def _written(entries: Iterable[ical.Entry], cover: Cover) -> bytes:
    color = None if cover.source is None else COLOR
    return ical.published(entries, cover.organizer, cover.name, color=color, source=cover.source)


def _details(cover: Cover) -> str:
    return _("Details after signing in: %(link)s", link=cover.link)


def _told(row: Heard, cover: Cover, details: str) -> ical.Entry:
    return ical.Entry(
        uid=row.uid,
        sequence=row.sequence,
        dtstamp=row.dtstamp,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        summary=title_of(row.facts, cover.language),
        description=details,
        location=place_of(row.facts, cover.language),
        language=cover.language,
        cancelled=not row.invited,
    )


def _published(slot: Slot, cover: Cover, slug: str, details: str) -> ical.Entry:
    place = "" if slot.place is None else slot.place.text(cover.language)
    return ical.Entry(
        uid=f"{slot.uuid}@{slug}",
        sequence=slot.number,
        dtstamp=slot.changed_at,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        summary=neutral_title(slot.kind, slot.codes) if slot.title is None else slot.title.text(cover.language),
        description=details,
        location=f"{place}, {slot.building}" if place and slot.building else place,
        language=cover.language,
        cancelled=slot.gone,
    )
