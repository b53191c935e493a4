"""Cases and leads as JSON of our own, which is taken in again: docs/data-format.md has every key."""

from typing import Any

from confmgr.cases.queries import CaseRow, LeadRow
from confmgr.interchange.exchange.gathering import Exchanged, handling_of
from confmgr.sharing.models import Item
from confmgr.values.words import Words

FORMAT = 1
KIND = "confmgr cases and leads"


def whole(found: Exchanged) -> dict[str, Any]:
    """Everything, as data."""
    return {
        "kind": KIND,
        "format": FORMAT,
        "made_at": found.made_at.isoformat(),
        "operation": found.meeting.operation.code,
        "meeting": found.meeting.slug,
        "marking": found.marking.label,
        "cases": [_case(found, row) for row in found.cases],
        "leads": [_lead(found, row) for row in found.leads],
    }


def _case(found: Exchanged, row: CaseRow) -> dict[str, Any]:
    nomination = row.nomination
    return {
        **_item(found, row.item),
        "title": _words(row.case.title),
        "summary": _words(row.case.summary),
        "neutral_title": _words(row.case.neutral_title),
        "crime_types": list(row.case.crime_types),
        "concerns": [link.party.code for link in row.case.parties],
        "state": nomination.state.value,
        "readiness": nomination.readiness.value,
        "priority": nomination.priority,
        "minutes": nomination.minutes,
        "languages": list(nomination.languages),
    }


def _lead(found: Exchanged, row: LeadRow) -> dict[str, Any]:
    return {
        **_item(found, row.item),
        "case": f"{row.lead.case.item.originator.code}/{row.case_reference}",
        "kind": row.lead.kind.value,
        "title": _words(row.title),
        "body": _words(row.body),
        "shared_at": None if row.item.shared_at is None else row.item.shared_at.isoformat(),
        "to": [party.code for party in row.receivers],
        "feedback": [
            {"party": one.party.code, "said": one.kind.value, "note": one.note, "given_at": one.given_at.isoformat()}
            for one in row.feedback
        ],
    }


def _item(found: Exchanged, item: Item) -> dict[str, Any]:
    marking = item.marking
    grade = None
    if marking.grade_scheme is not None:
        grade = {
            "scheme": marking.grade_scheme.value,
            "source": marking.grade_source,
            "information": marking.grade_information,
        }
    return {
        "id": str(item.uuid),
        "reference": f"{item.originator.code}/{item.reference}",
        "tlp": marking.tlp.value,
        "handling": [code.value for code in handling_of(item)],
        "handling_text": marking.handling_text,
        "grade": grade,
        "identifiers": [{"kind": one.kind, "value": one.value} for one in found.identifiers.get(item.id, ())],
        "created_at": item.created_at.isoformat(),
    }


def _words(value: Words | None) -> dict[str, str] | None:
    """Texts by language, the one in which they were written first."""
    if value is None:
        return None
    tags = (value.source, *(tag for tag in value.values if tag != value.source))
    return {tag: value.values[tag].text for tag in tags}
