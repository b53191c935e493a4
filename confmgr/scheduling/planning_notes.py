"""What of a meeting a planning task cannot say: told on the page of the plan. Plain data, put into words elsewhere."""

from collections.abc import Sequence
from typing import Any

from confmgr.scheduling import judged
from confmgr.scheduling.conflicts import USUAL, House, Severity, all_clashes, blocking
from confmgr.scheduling.models import MeetingSession
from confmgr.scheduling.queries import is_open
from confmgr.scheduling.stays import Stays


def notes(
    rows: Sequence[MeetingSession], free: Sequence[MeetingSession], stays: Stays, house: House, requests: int
) -> list[dict[str, Any]]:
    """Each note once, with the references or names that it is about; `requests`: how many have no session yet."""
    wanted = {row.reference for row in free}
    found: list[dict[str, Any]] = [
        {"kind": "not_planned", "names": [r.reference for r in rows if _waits(r) and r.reference not in wanted]},
        {"kind": "off_grid", "names": stays.off_grid},
        {"kind": "clashing", "names": _clashing(rows, wanted, house)},
        {"kind": "work_too_long", "names": sorted(stays.overworked)},
        {"kind": "work_before", "names": sorted(stays.unseen)},
    ]
    found = [note for note in found if note["names"]]
    if requests:
        found.append({"kind": "requests", "count": requests})
    if house.walk_minutes and len(set(house.buildings.values())) > 1:
        found.append({"kind": "walks"})
    if any(_weight(severity) < _weight(USUAL[kind]) for kind, severity in house.severities.items()):
        found.append({"kind": "ignored"})
    return found


def _waits(row: MeetingSession) -> bool:
    return row.starts_local is None and is_open(row)


def _weight(severity: Severity) -> int:
    return [Severity.IGNORE, Severity.WARN, Severity.BLOCK].index(severity)


def _clashing(rows: Sequence[MeetingSession], wanted: set[str], house: House) -> list[str]:
    sitting = judged.sittings([row for row in rows if row.reference not in wanted])
    return sorted(reference for reference, clashes in all_clashes(sitting, house).items() if blocking(clashes))
