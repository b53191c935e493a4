"""What an uploaded form of a reporting round would change in a draft, and what is wrong with it, cell by cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from confmgr.errors import Refused
from confmgr.interchange.returns.workbook import FIELDS, FIRST, Found, Place
from confmgr.outcomes.domain import Publishing
from confmgr.outcomes.returns import Asked, Said, Written, read_answer
from confmgr.outcomes.services import Texts
from confmgr.values.texts import has_controls, one_kind_of_line

LONGEST = {"story": 4000, "new_methods": 4000, "obstacles": 4000, "compiled_by": 300, "released_by": 300}


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that cannot be right."""

    place: Place
    problem: Refused


@dataclass(frozen=True, slots=True)
class Change:
    """A slot whose cells differ from what is saved."""

    asked: Asked
    before: Written
    after: Written


@dataclass(frozen=True, slots=True)
class Judged:
    """What applying a workbook would do."""

    faults: Sequence[Fault]
    changes: Sequence[Change]
    changed_texts: Sequence[str]
    answers: Sequence[Said]
    texts: Texts


def judge(found: Found, asked: Sequence[Asked], saved: Mapping[str, Written], present: Texts) -> Judged:
    """Every cell of a workbook against what is saved of the return; what the workbook leaves out stays."""
    faults = [Fault(place, Refused("formula")) for place in found.formulas]
    faults += [Fault(place, Refused("row_twice")) for place, _slot in found.twice]
    known = {slot: one for one in asked for slot in one.slots}
    faults += [Fault(found.rows[slot], Refused("row_unknown")) for slot in found.slots if slot not in known]
    answers: list[Said] = []
    changes: list[Change] = []
    for slot, one in known.items():
        before = saved.get(slot, Written())
        after = found.slots.get(slot, before)
        try:
            said = _read(one, after)
        except Refused as problem:
            faults.append(Fault(_at(found.rows.get(slot), problem.field), problem))
            continue
        if said is not None:
            answers.append(said)
        if said != read_answer(one, before):
            changes.append(Change(one, before, after))
    texts, changed = _texts(found, present, faults)
    return Judged(faults, changes, changed, answers, texts)


def _read(one: Asked, cells: Written) -> Said | None:
    if any(has_controls(text) for text in (cells.kind, cells.low, cells.high, cells.note, *cells.shares.values())):
        raise Refused("text_has_controls", field="note")
    return read_answer(one, cells)


def _at(row: Place | None, name: str | None) -> Place:
    place = row or Place("", 1, 0)
    return Place(place.sheet, place.row, FIRST + FIELDS.index(name) if name in FIELDS else FIRST)


def _texts(found: Found, present: Texts, faults: list[Fault]) -> tuple[Texts, list[str]]:
    kept: dict[str, str | None] = {}
    for name, most in LONGEST.items():
        old: str | None = getattr(present, name)
        text = one_kind_of_line(found.texts.get(name, old or "")).strip()
        if len(text) > most or has_controls(text):
            problem = Refused("text_has_controls") if has_controls(text) else Refused("text_too_long", limit=most)
            faults.append(Fault(found.rows[name], problem))
        kept[name] = text or None
    value = found.texts.get("publishing") or present.publishing.value
    try:
        publishing = Publishing(value)
    except ValueError:
        faults.append(Fault(found.rows["publishing"], Refused("declaration_unknown", value=value[:60])))
        publishing = present.publishing
    texts = Texts(**kept, publishing=publishing)
    names = (*LONGEST, "publishing")
    return texts, [name for name in names if getattr(texts, name) != getattr(present, name)]
