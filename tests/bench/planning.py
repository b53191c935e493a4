"""One plan in a process of its own: `python -m tests.bench.planning '{"instance": PATH, "seconds": 5}'`, as JSON."""

import json
import sys
import time
from pathlib import Path

from confmgr.planner import reading, services
from confmgr.planner.domain import Level

WORKERS = 2


def main(words: str) -> None:
    """Plan, and tell when which levels were there; all seconds count from the instance being read."""
    asked = json.loads(words)
    frozen = reading.instance(json.loads(Path(asked["instance"]).read_bytes()))
    before = asked.get("previous")
    previous = reading.placements(json.loads(Path(before).read_bytes()), frozen) if before else None
    began = time.monotonic()
    told: list[tuple[float, dict[str, tuple[int, int]], int]] = []

    def hear(levels: tuple[Level, ...], placed: int, _seconds: float) -> None:
        told.append((time.monotonic() - began, {one.name: (one.value, one.bound) for one in levels}, placed))

    plan = services.solve(
        frozen,
        seconds=asked["seconds"],
        workers=asked.get("workers", WORKERS),
        seed=asked.get("seed", 1),
        previous=previous,
        on_progress=hear,
    )
    wall = time.monotonic() - began
    answer = {"plan": plan.to_json(), "told": told, "wall": wall, "memory": most_memory()}
    sys.stdout.write(json.dumps(answer))


def most_memory() -> float:
    """Megabytes that this process held at most; what its parent held before it began does not count."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
