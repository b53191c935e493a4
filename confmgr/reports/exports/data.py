"""Outcomes as JSON: totals, and every record with all that makes it hold. The schema: docs/data-format.md."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from confmgr.outcomes.totals import remainders
from confmgr.reports import rendering
from confmgr.reports.queries import Export, Record
from confmgr.reports.queries.markings import UNMARKED
from confmgr.reports.queries.periods import Series
from confmgr.values.words import Words

FORMAT = 2
"""Grows when a key changes its meaning or goes; new keys may come at any time."""


def whole(found: Export) -> dict[str, Any]:
    """Everything that the workbook holds, as data."""
    report = found.report
    meetings = [meeting for meeting, _lines in found.scopes if meeting is not None]
    data = rendering.figures(found.facts, report.operation, meetings, with_operation=report.meeting is None)
    return {
        **data,
        "format": FORMAT,
        "as_of": report.as_of.isoformat(),
        "marking": found.marking.label,
        "figures": [_record(found, row) for row in found.records],
        "overlaps": list(_overlaps(found)),
        "indicators": [_indicator(row) for row in report.indicators],
        "action_requests": [
            {
                "id": str(row.item.uuid),
                "reference": f"{row.asking.code}/{row.item.reference}",
                "kind": row.kind.value,
                "from": row.asking.code,
                "to": row.asked.code,
                "text": _words(row.text) if row.id in report.readable else None,
                "urgency": row.urgency.value,
                "channel": row.channel.value,
                "state": row.state.value,
                "asked_on": row.asked_on.isoformat(),
                "due": None if row.due_at is None else row.due_at.isoformat(),
                "marking": row.item.marking.tlp.label,
            }
            for row in report.requests
        ],
        "joint_actions": [
            {
                "id": str(row.item.uuid),
                "reference": f"{row.item.originator.code}/{row.item.reference}",
                "kind": row.kind.value,
                "title": _words(row.title),
                "state": row.state.value,
                "planned_for": _day(row.planned_for),
                "on": _day(row.on),
                "place": _words(row.place),
                "territory": None if row.territory is None else row.territory.code,
                "parties": [
                    {"party": link.party.code, "officers": link.officers, "about": link.about} for link in row.parties
                ],
                "marking": row.item.marking.tlp.label,
            }
            for row in report.actions
        ],
        "sources": [
            {"source": row.code, "title": _words(row.title), "published_on": _day(row.published_on)}
            for row in report.sources
        ],
    }


def _record(found: Export, row: Record) -> dict[str, Any]:
    count, figure = row.count, row.figure
    said: dict[str, Any] = {
        "record": count.id,
        "measure": count.measure,
        "kind": count.kind.value,
        "from": number(count.low),
        "to": number(count.high),
        "currency": count.currency,
        "qualifier": count.qualifier.value,
        "first_day": _day(count.from_on),
        "last_day": _day(count.to_on),
        "at": _day(count.at_on),
        "added": row.added,
        "meeting": None if row.meeting is None else row.meeting.slug,
        "as_of": row.as_of.isoformat(),
        "marking": row.tlp.label,
        "source": None,
    }
    if figure is None:
        return said
    left = remainders(figure.high, ((part.dimension, part.value) for part in figure.breakdown))
    corrected = found.facts.by_id.get(figure.supersedes_id or 0)
    return said | {
        "id": str(figure.uuid),
        "title": _words(figure.title),
        "source": figure.source.code,
        "status": figure.status.value,
        "attribution": figure.attribution.value,
        "joint_action": None if figure.joint_action is None else str(figure.joint_action.item.uuid),
        "cases": sorted(link.case.item.reference for link in figure.cases),
        "owner": figure.owner.code,
        "corrects": None if corrected is None else corrected.code,
        "counting_rule": _words(figure.counting_rule),
        "note": _words(figure.note),
        "illustrative": figure.illustrative,
        "breakdown": [
            {
                "along": part.dimension.value,
                "part": part.key,
                "value": number(part.value),
                "verified": part.verified,
            }
            for part in figure.breakdown
        ],
        "not_stated": {along.value: number(value) for along, value in left.items()},
        "conversions": [
            {
                "currency": one.currency,
                "rate": str(one.rate.normalize()),
                "rate_on": one.rate_on.isoformat(),
                "source": one.source.code,
            }
            for one in found.conversions.get(figure.id, ())
        ],
    }


def _overlaps(found: Export) -> Iterator[dict[str, Any]]:
    by_id = {row.figure.id: row for row in found.records if row.figure is not None}
    for link in found.facts.links:
        if link.first_id in by_id and link.second_id in by_id:
            yield {
                "records": [by_id[link.first_id].count.id, by_id[link.second_id].count.id],
                "link": link.kind.value,
                "decision": link.decision.value,
                "reason": _words(link.reason),
            }


def _indicator(row: Series) -> dict[str, Any]:
    return {
        "indicator": row.code,
        "name": _words(row.name),
        "definition": _words(row.definition),
        "unit": row.unit,
        "marking": UNMARKED.label,
        "values": [
            {
                "at": value.at_on.strftime("%Y-%m") if value.month_only else value.at_on.isoformat(),
                "value": number(value.value),
                "source": value.source.code,
            }
            for value in row.values
        ],
    }


def number(value: Decimal) -> int | float:
    """A number as JSON has it."""
    return int(value) if value == value.to_integral() else float(value)


def _words(value: Words | None) -> Mapping[str, str] | None:
    return None if value is None else {language: one.text for language, one in value.values.items()}


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()
