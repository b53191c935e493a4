"""One plan in a process of its own: `python -m tests.bench.planning INSTANCE SECONDS [PREVIOUS]`, answered as JSON."""

import json
import resource
import sys
from pathlib import Path

from confmgr.planner import reading, services


def main(path: str, seconds: str, before: str = "") -> None:
    """Plan, and tell when the first plan and the last change of unplaced and moved were there."""
    frozen = reading.instance(json.loads(Path(path).read_text()))
    previous = reading.placements(json.loads(Path(before).read_text()), frozen) if before else None
    told: list[tuple[float, list[int]]] = []
    plan = services.solve(
        frozen,
        seconds=float(seconds),
        previous=previous,
        on_progress=lambda levels, _placed, spent: told.append((spent, [level.value for level in levels[:2]])),
    )
    last = told[-1][1]
    answer = {
        "plan": plan.to_json(),
        "first": told[0][0],
        "settled": next(spent for spent, levels in told if levels == last),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
