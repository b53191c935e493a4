"""How long the planner takes for meetings of the sizes that are thought of, and what it leaves out.

Instances are made around a plan, so that nothing need be left out.
"""

import random
import time
from collections.abc import Sequence
from typing import Any

from confmgr.planner import reading, services
from tests.bench.measures import Measure, report

SIZES = ((27, 60, 2), (50, 300, 2), (100, 1000, 3))
"""Parties, meetings, days."""
PER_DAY = 18
LUNCH = (6, 7)
SECONDS = 20.0


def instance(parties: int, meetings: int, days: int, seed: int = 1) -> dict[str, Any]:
    """An instance around a planted plan: pairs that meet for one or two slots at tables, a third with a lock."""
    rng = random.Random(seed)
    slots = range(days * PER_DAY)
    blocked = [s for s in slots if s % PER_DAY in LUNCH]
    teams = {f"P{n}": 2 if n < parties // 5 else 1 for n in range(parties)}
    tables = [f"T{n}" for n in range(2 + meetings * 3 // (2 * (len(slots) - len(blocked))))]
    claimed: dict[tuple[str, int], int] = {}
    planted: list[dict[str, Any]] = []
    for _try in range(meetings * 200):
        if len(planted) == meetings:
            break
        length, start = rng.choice((1, 1, 2)), rng.choice(slots)
        span = range(start, start + length)
        if start // PER_DAY != span[-1] // PER_DAY or set(span) & set(blocked):
            continue
        sides, table = rng.sample(sorted(teams), 2), rng.choice(tables)
        if any(claimed.get((name, s), 0) >= teams.get(name, 1) for name in (*sides, table) for s in span):
            continue
        for name in (*sides, table):
            for s in span:
                claimed[name, s] = claimed.get((name, s), 0) + 1
        row: dict[str, Any] = {"id": f"M{len(planted)}", "parties": sides, "slots": length, "seats": 4}
        planted.append(
            row | {"priority": rng.choice((1, 2, 3))} | ({"locked": {"start": start}} if len(planted) % 30 == 0 else {})
        )
    return {
        "slots": {"days": days, "per_day": PER_DAY, "blocked": blocked},
        "parties": [{"id": name, "teams": number} for name, number in teams.items()],
        "places": [{"id": name, "seats": 4} for name in tables],
        "meetings": planted,
    }


def measure(parties: int, meetings: int, days: int) -> list[Measure]:
    """Seconds until the first plan and until the end, and what was left out."""
    given = instance(parties, meetings, days)
    frozen = reading.instance(given)
    firsts: list[float] = []
    began = time.monotonic()
    plan = services.solve(frozen, seconds=SECONDS, on_progress=lambda _levels, _placed, spent: firsts.append(spent))
    spent = time.monotonic() - began
    name = f"{parties} parties, {len(given['meetings'])} meetings, {days} days"
    levels = [
        Measure(f"{name}: {level.name}", level.value, "") for level in plan.levels if level.name in {"unplaced", "idle"}
    ]
    return [
        Measure(f"{name}: first plan", firsts[0], "s"),
        Measure(f"{name}: end of the search", spent, "s", SECONDS * 1.5),
        *levels,
    ]


def main(options: Sequence[str]) -> int:
    """Measure every size."""
    return report([one for size in SIZES for one in measure(*size)], options)
