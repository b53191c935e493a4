"""Reports as documents: HTML under the reader's language, then PDF; and their totals as JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import current_app, get_template_attribute, render_template

from confmgr.config import Settings
from confmgr.gateways import pdf
from confmgr.gateways.pdf import Attachment, Press
from confmgr.meetings.models import Meeting
from confmgr.outcomes.queries import Facts
from confmgr.papers.queries import Annotated
from confmgr.parties.models import Operation
from confmgr.reports.domain import ANSWER_DAYS, URGENT
from confmgr.reports.queries import LeadsReport, OutcomeReport, PartyReport, Programme
from confmgr.reports.stating import Changes
from confmgr.reports.tongues import Tongues
from confmgr.sharing.domain import Tlp
from confmgr.values.languages import direction
from confmgr.values.times import start_of
from confmgr.web.reader import speaking


@dataclass(frozen=True, slots=True)
class Paper:
    """A document ready for the press."""

    html: str
    title: str
    language: str
    created: datetime
    attachments: tuple[Attachment, ...] = ()
    beside: str | None = None

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that it is written in, the first one first."""
        return (self.language,) if self.beside is None else (self.language, self.beside)

    def pdf(self, press: Press | None = None) -> bytes:
        """The PDF, from the process's own press where none is given; the same paper gives the same bytes.

        Raises:
            PdfFailed: It could not be made.
        """
        render = pdf.render if press is None else press.render
        return render(
            self.html, title=self.title, language=self.language, created=self.created, attachments=self.attachments
        )


def agenda(found: Annotated, language: str, now: datetime, beside: str | None = None) -> Paper:
    """The annotated agenda; with `beside` in that language too, row by row."""
    html = page("documents/annotated_agenda.html", language, beside, agenda=found, marking=Tlp.GREEN)
    return Paper(
        html,
        found.meeting.title.text(language),
        language,
        found.published_at or _day(found.meeting, now),
        beside=beside,
    )


def programme(found: Programme, language: str, now: datetime, beside: str | None = None) -> Paper:
    """The published programme; of one delegation with its own meetings, and then AMBER."""
    marking = Tlp.GREEN if found.delegation is None else Tlp.AMBER
    html = page("documents/programme.html", language, beside, programme=found, marking=marking)
    return Paper(
        html,
        found.meeting.title.text(language),
        language,
        found.published_at or _day(found.meeting, now),
        beside=beside,
    )


def leads(found: LeadsReport, language: str, as_of: datetime) -> Paper:
    """Leads exchanged, as the reader may know of them."""
    html = page("documents/leads.html", language, report=found, marking=found.marking, as_of=as_of.date())
    return Paper(html, _subject(found.meeting, found.operation, language), language, _day(found.meeting, as_of))


@dataclass(frozen=True, slots=True)
class Copy:
    """Whose copy a report is; of an issued one the number on its pages, and what it says otherwise than the last."""

    made_for: str | None = None
    number: str | None = None
    changes: Changes | None = None


PLAIN = Copy()


def outcomes(found: OutcomeReport, language: str, as_of: datetime, copy: Copy = PLAIN) -> Paper:
    """The outcome report of a meeting, of the operation or of a period, its totals attached as JSON."""
    html = _report("documents/outcomes.html", found, language, copy, urgent=URGENT)
    with speaking(language):
        title = get_template_attribute("reports/_outcome.html", "title")(found)
    return Paper(html, str(title), language, _dated(found, as_of, copy), _attached(totals(found)))


def party(found: PartyReport, language: str, as_of: datetime, copy: Copy = PLAIN) -> Paper:
    """What one party gave and got, its totals attached as JSON."""
    html = _report("documents/party.html", found, language, copy, answer_days=ANSWER_DAYS)
    with speaking(language):
        title = get_template_attribute("reports/_party.html", "title")(found)
    return Paper(html, str(title), language, _dated(found, as_of, copy), _attached(totals(found)))


def totals(found: OutcomeReport | PartyReport) -> dict[str, Any]:
    """The totals that a report prints, as data."""
    if isinstance(found, PartyReport):
        return {"party": found.party.code, **figures(found.facts, found.operation, [])}
    scopes = [found.meeting] if found.meeting is not None else [meeting for meeting, _ in found.earlier]
    data = figures(found.facts, found.operation, scopes, with_operation=found.meeting is None)
    if found.period is not None:
        data["days"] = {"first": found.period.first.isoformat(), "last": found.period.last.isoformat()}
    return data


def _attached(data: Mapping[str, Any]) -> tuple[Attachment, ...]:
    text = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True)
    return (Attachment("figures.json", text, "Figures of this report"),)


def _report(template: str, found: OutcomeReport | PartyReport, language: str, copy: Copy, **context: object) -> str:
    settings: Settings = current_app.extensions["confmgr"]
    return page(
        template,
        language,
        None,
        report=found,
        marking=found.marking,
        made_for=copy.made_for,
        number=copy.number,
        changes=copy.changes,
        verify_url=f"{settings.base_url}/verify",
        **context,
    )


def _dated(found: OutcomeReport | PartyReport, as_of: datetime, copy: Copy) -> datetime:
    """An issued report is of the newest thing that it tells; a reader's own copy is the same all day."""
    if copy.number is not None:
        return as_of
    return _day(None if isinstance(found, PartyReport) else found.meeting, as_of)


def _day(meeting: Meeting | None, as_of: datetime) -> datetime:
    return start_of(as_of.date(), "UTC" if meeting is None else meeting.zone)


def _subject(meeting: Meeting | None, operation: Operation, language: str) -> str:
    return (operation.name if meeting is None else meeting.title).text(language)


def page(template: str, language: str, beside: str | None = None, **context: object) -> str:
    """A document's HTML in a language."""
    settings: Settings = current_app.extensions["confmgr"]
    with speaking(language):
        return render_template(
            template,
            **{
                "lang": language,
                "dir": direction(language),
                "sample": settings.sample,
                "tongues": Tongues(language, beside),
                **context,
            },
        )


def figures(
    facts: Facts, operation: Operation, meetings: list[Meeting], *, with_operation: bool = True
) -> dict[str, Any]:
    """Every total as data: measure, scope, period or date, range, status, declared, ids of its records.

    A total computed from records has `declared` null; an entry with `declared` holds what somebody announced beside
    what the records of the same scope come to.
    """
    slugs = {str(meeting.id): meeting.slug for meeting in meetings}
    totals = []
    scopes: list[Meeting | None] = [None] if with_operation else []
    for meeting in [*scopes, *meetings]:
        meeting_id = None if meeting is None else meeting.id
        for measure, currency in facts.measures(meeting_id):
            found = facts.total(measure, meeting_id=meeting_id, currency=currency)
            parts = set(found.parts)
            dates = [count for count in facts.counts if count.id in parts]
            totals.append(
                {
                    "measure": measure,
                    **_scope(operation, None if meeting is None else meeting.slug),
                    "currency": currency,
                    "period": _period(
                        [count.from_on or count.at_on for count in dates],
                        [count.to_on or count.at_on for count in dates],
                    ),
                    "from": as_number(found.low),
                    "to": as_number(found.high),
                    "status": facts.status(found).value,
                    "declared": None,
                    "records": list(found.parts),
                }
            )
    for one in facts.comparisons:
        declared = one.declared
        if declared.meeting is not None and declared.meeting not in slugs:
            continue
        if not with_operation and declared.meeting is None:
            continue
        figure = facts.by_code[declared.id]
        totals.append(
            {
                "measure": declared.measure,
                **_scope(operation, slugs.get(declared.meeting or "")),
                "currency": declared.currency,
                "period": _period([declared.from_on or declared.at_on], [declared.to_on or declared.at_on]),
                "from": as_number(one.recorded.low),
                "to": as_number(one.recorded.high),
                "status": figure.status.value,
                "declared": as_number(declared.low),
                "qualifier": figure.qualifier.value,
                "figure": declared.id,
                "source": figure.source.code,
                "as_of": figure.as_of.isoformat(),
                "records": list(one.recorded.parts),
            }
        )
    return {"operation": operation.code, "totals": totals, "disagreements": _disagreements(facts)}


def _scope(operation: Operation, slug: str | None) -> dict[str, str | None]:
    return {"operation": None if slug else operation.code, "meeting": slug or None}


def _period(first: list[date | None], last: list[date | None]) -> Mapping[str, str] | None:
    begins = [day for day in first if day is not None]
    ends = [day for day in last if day is not None]
    return {"first": min(begins).isoformat(), "last": max(ends).isoformat()} if begins and ends else None


def as_number(value: Any) -> int | float:
    """A decimal as JSON has it."""
    return int(value) if value == int(value) else float(value)


def _disagreements(facts: Facts) -> list[dict[str, Any]]:
    return [
        {
            "measure": rows[0].measure,
            "figures": [
                {
                    "figure": row.code,
                    "from": as_number(row.low),
                    "to": as_number(row.high),
                    "qualifier": row.qualifier.value,
                    "source": row.source.code,
                    "as_of": row.as_of.isoformat(),
                    "chosen": row.chosen_at is not None,
                }
                for row in rows
            ],
        }
        for rows in facts.disagreements
    ]
