"""Prints of a schedule: which of them a timetable gives, each as HTML in its language, bound into one PDF."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from flask import current_app, render_template
from flask_babel import gettext

from confmgr.config import Settings
from confmgr.gateways import pdf
from confmgr.gateways.pdf import Attachment, Part, Press
from confmgr.reports import sheets
from confmgr.reports.queries import Timetable
from confmgr.reports.rendering import Paper
from confmgr.reports.sheets import Party, Sheet
from confmgr.reports.tongues import Tongues
from confmgr.sharing.domain import Tlp
from confmgr.values.languages import OWN_NAMES, direction
from confmgr.values.times import start_of
from confmgr.web.reader import speaking

AT_ONCE = 24
"""Sheets that a request makes itself; more are a job's work."""
CHARACTERS_AT_ONCE = 250_000
"""The same for what flows over its pages: about twenty-five of a report."""
OWN = "own"
"""Instead of a language: each sheet in that of its delegation."""


class Kind(StrEnum):
    """What can be printed."""

    DAY_BOARD = "day-board"
    DOOR_SIGNS = "door-signs"
    DELEGATIONS = "delegations"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of a timetable to print, in which language; `day` and `place` narrow boards and signs."""

    kind: Kind
    language: str
    day: date | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Print:
    """A document ready for the press. `sheets` is how many its parts are at least."""

    parts: tuple[Part, ...]
    title: str
    created: datetime
    sheets: int = 1
    attachments: tuple[Attachment, ...] = ()

    @property
    def heavy(self) -> bool:
        """Whether it is a job's work."""
        return self.sheets > AT_ONCE or sum(len(part.html) for part in self.parts) > CHARACTERS_AT_ONCE

    def pdf(
        self,
        press: Press | None = None,
        *,
        seconds: float = pdf.SECONDS,
        wait: float | None = None,
        told: Callable[[int], None] | None = None,
    ) -> bytes:
        """The PDF, from the process's own press where none is given; `wait`: how long to stand in line for it.

        Raises:
            PdfFailed: It could not be made.
        """
        bind = pdf.bind if press is None else press.bind
        return bind(
            self.parts,
            title=self.title,
            created=self.created,
            attachments=self.attachments,
            seconds=seconds,
            wait=wait,
            told=told,
        )


def of(paper: Paper) -> Print:
    """A paper as the press takes it."""
    return Print((Part(paper.html, paper.language),), paper.title, paper.created, attachments=paper.attachments)


def prints(found: Timetable, wanted: Wanted, now: datetime) -> Print:
    """What was asked for; without a single sheet, a page that says so."""
    made = {Kind.DAY_BOARD: _boards, Kind.DOOR_SIGNS: _signs, Kind.DELEGATIONS: _delegations}[wanted.kind]
    parts, number = made(found, wanted)
    language = next(iter(found.meeting.languages), "en") if wanted.language == OWN else wanted.language
    if not parts:
        parts = [_part("nothing.html", found, language, Tlp.GREEN, kind=wanted.kind)]
    return Print(
        tuple(parts), _title(found, language), found.as_of or start_of(now.date(), found.meeting.zone), max(number, 1)
    )


def delegation(found: Timetable, party_id: int, language: str, now: datetime, beside: str | None = None) -> Print:
    """The programme of one delegation; with `beside` in that language too, row by row."""
    party = next(one for one in found.parties if one.id == party_id)
    part = _sheet(found, sheets.sheet(party, found.booked), language, beside)
    return Print((part,), _title(found, language), found.as_of or start_of(now.date(), found.meeting.zone), 1)


def _boards(found: Timetable, wanted: Wanted) -> tuple[Sequence[Part], int]:
    meeting = found.meeting
    days = [one for one in meeting.days if wanted.day in {None, one.day}]
    if not found.booked:
        return [], 0
    pages = [
        sheets.board(one.day, one.opens, one.closes, meeting.slot_minutes, found.booked, found.spots) for one in days
    ]
    shown = [page for of_day in pages for page in of_day]
    parts = [_part("day_board.html", found, wanted.language, Tlp.AMBER, pages=of_day) for of_day in pages]
    return parts, len(shown)


def _signs(found: Timetable, wanted: Wanted) -> tuple[Sequence[Part], int]:
    days = {one.span.start.date() for one in found.booked if wanted.day in {None, one.span.start.date()}}
    spots = [spot for spot in found.spots if wanted.place in {None, spot.code}]
    made = sheets.signs(days, found.booked, spots)
    by_day = [[sign for sign in made if sign.day == day] for day in sorted(days)]
    parts = [_part("door_signs.html", found, wanted.language, Tlp.GREEN, signs=of_day) for of_day in by_day if of_day]
    return parts, len(made)


def _delegations(found: Timetable, wanted: Wanted) -> tuple[Sequence[Part], int]:
    if not found.booked:
        return [], 0
    parts = [
        _sheet(found, sheets.sheet(party, found.booked), _language_of(party, wanted.language))
        for party in found.parties
    ]
    return parts, len(parts)


def _language_of(party: Party, language: str) -> str:
    return next(iter(party.languages), "en") if language == OWN else language


def _sheet(found: Timetable, of: Sheet, language: str, beside: str | None = None) -> Part:
    languages = [OWN_NAMES.get(tag, tag) for tag in of.party.languages]
    return _part("delegation.html", found, language, Tlp.AMBER, beside, sheet=of, languages=languages)


def _part(
    template: str, found: Timetable, language: str, marking: Tlp, beside: str | None = None, **context: object
) -> Part:
    return written(template, language, beside, marking=marking, table=found, meeting=found.meeting, **context)


def written(template: str, language: str, beside: str | None = None, **context: object) -> Part:
    """A page of HTML by a template of documents, in its language."""
    settings: Settings = current_app.extensions["confmgr"]
    with speaking(language):
        html = render_template(
            f"documents/{template}",
            **{
                "lang": language,
                "dir": direction(language),
                "sample": settings.sample,
                "tongues": Tongues(language, beside),
                **context,
            },
        )
    return Part(html, language)


def _title(found: Timetable, language: str) -> str:
    with speaking(language):
        title = found.meeting.title.text(language)
        return title if found.issue else gettext("%(title)s, working schedule", title=title)
