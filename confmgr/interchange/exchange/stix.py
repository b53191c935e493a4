"""A STIX 2.1 bundle (OASIS Standard, 10 June 2021) of cases and leads.

A case is a `grouping`, a lead a `report`, a grade a `note` in the words of its scheme: never a `confidence`, which
would convert it. TLP 2.0 is marked with the definitions that OASIS has published, handling codes with statements. The
same item has the same id in every bundle; what has no id of its own gets one from what it says.
"""

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from confmgr.cases.domain import LeadKind
from confmgr.cases.queries import CaseRow, LeadRow
from confmgr.interchange.exchange.gathering import Exchanged, Identified, handling_of
from confmgr.parties.models import Party
from confmgr.sharing.domain import GradeScheme, Handling, Tlp
from confmgr.sharing.models import Item
from confmgr.values.words import Words

Thing = dict[str, Any]

OWN = uuid.UUID("d6c8ba1a-6c52-4bfc-9845-6423dfba795b")
"""The namespace of ids that are made from what an object says."""
OBSERVABLES = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
"""The namespace that STIX 2.1 prescribes for ids of observables (2.9)."""
EVER = "2025-01-01T00:00:00.000Z"
"""When things were made that are the same in every bundle."""
TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
TLP_MARKINGS = {
    Tlp.CLEAR: "94868c89-83c2-464b-929b-a1a8aa3c8487",
    Tlp.GREEN: "bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    Tlp.AMBER: "55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    Tlp.AMBER_STRICT: "939a9414-2ddd-4d32-a0cd-375ea402b003",
    Tlp.RED: "e828b379-4e03-4974-9ac4-e53a884c97c1",
}
"""The marking definitions of TLP 2.0, published by OASIS on 1 October 2022."""
TLP_PUBLISHED = "2022-10-01T00:00:00.000Z"
STATEMENTS = {
    Handling.H0: "H0: only for preventing and combating crime under the applicable law",
    Handling.H1: "H1: not in judicial proceedings without the permission of the provider",
    Handling.H2: "H2: not passed on without the permission of the provider",
    Handling.H3: "H3: another restriction",
}
"""Handling codes of Europol; English, as the codes themselves."""
SCHEMES = {
    GradeScheme.EUROPOL_4X4: "Europol 4x4",
    GradeScheme.ADMIRALTY_6X6: "Admiralty 6x6",
    GradeScheme.UK_3X5: "United Kingdom 3x5",
    GradeScheme.UK_5X5: "United Kingdom 5x5",
}
REPORT_TYPES = {LeadKind.PERSON: "identity"}
"""What a report is about, by the kind of the lead; all others are observed data."""
OBSERVED: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
    "url": ("url", "value", {}),
    "domain": ("domain-name", "value", {}),
    "email": ("email-addr", "value", {}),
    "handle": ("user-account", "account_login", {}),
    "phone": ("user-account", "user_id", {"account_type": "telephone"}),
    "bank_account": ("user-account", "user_id", {"account_type": "bank-account"}),
    "wallet": ("user-account", "user_id", {"account_type": "crypto-wallet"}),
}
"""Observables of identifiers by their kind: type, property of the value, further properties. Others stand in a note."""


def bundle(found: Exchanged) -> Thing:
    """The whole bundle; every object that is referred to is in it."""
    things: dict[str, Thing] = {}

    def add(some: Iterable[Thing]) -> None:
        for one in some:
            known = things.setdefault(one["id"], one)
            if known is not one and "object_marking_refs" in one:  # a value on two items: the markings of both hold
                both = (*known["object_marking_refs"], *one["object_marking_refs"])
                known["object_marking_refs"] = list(dict.fromkeys(both))

    reports = {row.lead.id: f"report--{row.item.uuid}" for row in found.leads}
    for row in found.cases:
        below = [reports[one.lead.id] for one in found.leads if one.lead.case_id == row.case.id]
        add([_identity(row.item.originator), *_markings(row.item)])
        add(_case(row, below, found.identifiers.get(row.item.id, ())))
    for lead in found.leads:
        add([_identity(lead.originator), *_markings(lead.item)])
        add(_lead(lead, found.identifiers.get(lead.item.id, ())))
    objects = list(things.values())
    named = _own(json.dumps(sorted(things)))
    return {"type": "bundle", "id": f"bundle--{named}", **({"objects": objects} if objects else {})}


def _case(row: CaseRow, below: list[str], values: tuple[Identified, ...]) -> Iterator[Thing]:
    about = f"grouping--{row.item.uuid}"
    seen = list(_observed(row.item, values))
    yield from seen
    yield {
        **_common(row.item, about, "grouping"),
        **_texts(row.case.title, row.case.summary),
        "context": "suspicious-activity",
        "labels": list(row.case.crime_types) or ["case"],
        "object_refs": [*(below or [_identity(row.item.originator)["id"]]), *(one["id"] for one in seen)],
    }
    yield from _around(row.item, about, row.case.title, row.case.summary, values)


def _lead(row: LeadRow, values: tuple[Identified, ...]) -> Iterator[Thing]:
    about = f"report--{row.item.uuid}"
    seen = list(_observed(row.item, values))
    yield from seen
    yield {
        **_common(row.item, about, "report"),
        **_texts(row.lead.title, row.lead.body),
        "report_types": [REPORT_TYPES.get(row.lead.kind, "observed-data")],
        "published": _stamp(row.item.shared_at or row.item.created_at),
        "labels": [row.lead.kind.value],
        "object_refs": [_identity(row.originator)["id"], *(one["id"] for one in seen)],
    }
    yield from _around(row.item, about, row.lead.title, row.lead.body, values)


def _around(
    item: Item, about: str, name: Words, description: Words | None, values: tuple[Identified, ...]
) -> Iterator[Thing]:
    """What is said of a case or lead beside it: its grade, further languages, values that are no observables."""
    marking = item.marking
    if marking.grade_scheme is not None:
        grade = f"{SCHEMES[marking.grade_scheme]}: {marking.grade_source}{marking.grade_information}"
        yield _note(item, about, "Grade of source and information", grade)
    others = [f"{one.kind}: {one.value}" for one in values if one.kind not in OBSERVED]
    if others:
        yield _note(item, about, "Identifiers", "\n".join(others))
    said = {"name": name, **({} if description is None else {"description": description})}
    languages = dict.fromkeys(tag for words in said.values() for tag in words.values if tag != name.source)
    if languages:
        yield {
            **_common(item, f"language-content--{_own(f'texts of {about}')}", "language-content"),
            "object_ref": about,
            "object_modified": _stamp(item.changed_at or item.created_at),
            "contents": {
                tag: {field: words.values[tag].text for field, words in said.items() if tag in words.values}
                for tag in languages
            },
        }


def _note(item: Item, about: str, abstract: str, content: str) -> Thing:
    return {
        **_common(item, f"note--{_own(f'{abstract} of {about}')}", "note", named=False),
        "abstract": abstract,
        "content": content,
        "object_refs": [about],
    }


def _common(item: Item, ident: str, kind: str, *, named: bool = True) -> Thing:
    """What all objects of an item share; none is less marked than the item."""
    reference = f"{item.originator.code}/{item.reference}"
    return {
        "type": kind,
        "spec_version": "2.1",
        "id": ident,
        "created_by_ref": _identity(item.originator)["id"],
        "created": _stamp(item.created_at),
        "modified": _stamp(item.changed_at or item.created_at),
        "object_marking_refs": [one["id"] for one in _markings(item)],
        **({"external_references": [{"source_name": "confmgr", "external_id": reference}]} if named else {}),
    }


def _texts(name: Words, description: Words | None) -> Thing:
    """Texts in the language in which they were written."""
    tag = name.source
    found = {"lang": tag, "name": name.values[tag].text}
    if description is not None:
        found["description"] = (description.values.get(tag) or description.values[description.source]).text
    return found


def _observed(item: Item, values: tuple[Identified, ...]) -> Iterator[Thing]:
    """Observables of identifiers, under the markings of their item."""
    for one in values:
        if one.kind in OBSERVED:
            kind, field, more = OBSERVED[one.kind]
            contributing = json.dumps({**more, field: one.value}, sort_keys=True, separators=(",", ":"))
            yield {
                "type": kind,
                "spec_version": "2.1",
                "id": f"{kind}--{uuid.uuid5(OBSERVABLES, contributing)}",
                field: one.value,
                **more,
                "object_marking_refs": [marking["id"] for marking in _markings(item)],
            }


def _identity(party: Party) -> Thing:
    name = party.short_name
    return {
        "type": "identity",
        "spec_version": "2.1",
        "id": f"identity--{_own(f'party {party.code}')}",
        "created": EVER,
        "modified": EVER,
        "name": name.values[name.source].text,
        "identity_class": "organization",
        "labels": [party.code],
    }


def _markings(item: Item) -> list[Thing]:
    statements = [
        f"{STATEMENTS[code]}: {item.marking.handling_text}" if code is Handling.H3 else STATEMENTS[code]
        for code in handling_of(item)
    ]
    return [_tlp(item.marking.tlp), *(_statement(text) for text in statements)]


def _tlp(tlp: Tlp) -> Thing:
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": f"marking-definition--{TLP_MARKINGS[tlp]}",
        "created": TLP_PUBLISHED,
        "name": tlp.label,
        "extensions": {TLP_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": tlp.value.lower()}},
    }


def _statement(text: str) -> Thing:
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": f"marking-definition--{_own(f'statement {text}')}",
        "created": EVER,
        "definition_type": "statement",
        "definition": {"statement": text},
    }


def _own(text: str) -> uuid.UUID:
    return uuid.uuid5(OWN, text)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
