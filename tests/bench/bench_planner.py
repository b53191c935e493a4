"""What the planner reaches: first plan, levels with their bounds, processor time and memory, by size and seed.

    bin/bench planner [--seconds=60] [--seeds=1] [--instances=DIR] [--against='COMMAND {instance} {seconds} {workers}']

Without `--instances` the tasks are this project's own (`planted.py`). `--against` runs another planner on each in turn,
with the same time and workers; its plan, on standard output, is judged by our judge. Repairs are measured on 50/300.
"""

import json
import os
import resource
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from confmgr.planner import judge, reading
from tests.bench import planted
from tests.bench.measures import Measure, report

SIZES: Mapping[tuple[int, int, int], float] = {(27, 60, 2): 0.3, (50, 300, 2): 1, (100, 1000, 3): 4, (200, 3000, 5): 12}
"""Parties, meetings, days; seconds until the first plan at most."""
WORKERS = 2
LEVELS = ("unplaced", "moved", "idle", "unfairness", "lateness", "place_changes", "breaks")


def main(options: Sequence[str]) -> int:
    """Measure every size and seed, or every instance of a folder."""
    given = {name: value for name, _, value in (option.lstrip("-").partition("=") for option in options)}
    seconds, seeds = float(given.get("seconds") or 60), int(given.get("seeds") or 1)
    found: list[Measure] = []
    with tempfile.TemporaryDirectory(prefix="confmgr-bench-") as name:
        for path, first in _instances(given.get("instances"), seeds, Path(name)):
            found += _measured(path, first, seconds, given.get("against"))
        if "instances" not in given:
            found += _repairs(Path(name) / "50-300-2-1.json")
    return report(found, options)


def _instances(folder: str | None, seeds: int, into: Path) -> list[tuple[Path, float | None]]:
    if folder:
        return [(path, None) for path in sorted(Path(folder).glob("*.json"))]
    found: list[tuple[Path, float | None]] = []
    for (parties, meetings, days), first in SIZES.items():
        for seed in range(1, seeds + 1):
            path = into / f"{parties}-{meetings}-{days}-{seed}.json"
            path.write_text(json.dumps(planted.instance(parties, meetings, days, seed)))
            found.append((path, first))
    return found


def _measured(path: Path, first: float | None, seconds: float, against: str | None) -> list[Measure]:
    ours = planned(path, seconds)
    name = path.stem
    found = [
        Measure(f"{name}: first plan", ours["first"], "s", first),
        Measure(f"{name}: end of the search", ours["wall"], "s", seconds + 2),
        Measure(f"{name}: processor", ours["processor"], "s"),
        Measure(f"{name}: most memory", ours["memory"], "MB", 700.0),
    ]
    for level in ours["plan"]["levels"]:
        found.append(
            Measure(f"{name}: {level['name']}", level["value"], "", 0 if level["name"] == "unplaced" else None)
        )
        found.append(Measure(f"{name}: {level['name']}, proven", level["bound"], ""))
    if against:
        theirs = _other(path, seconds, against)
        found += [Measure(f"{name}: {level} of the other", value, "") for level, value in theirs.items()]
    return found


def _other(path: Path, seconds: float, command: str) -> dict[str, float]:
    line = command.format(instance=shlex.quote(str(path)), seconds=seconds, workers=WORKERS)
    done = subprocess.run(shlex.split(line), capture_output=True, text=True, check=False, timeout=seconds * 2 + 60)
    frozen = reading.instance(json.loads(path.read_text()))
    placements = reading.placements(json.loads(done.stdout), frozen)
    return {"faults": len(judge.faults(frozen, placements)), **judge.levels(frozen, placements)}


def planned(path: Path, seconds: float, previous: Path | None = None) -> dict[str, Any]:
    """A plan made in a process of its own, and what that took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    words = [sys.executable, "-m", "tests.bench.planning", str(path), str(seconds), str(previous or "")]
    done = subprocess.run(words, capture_output=True, text=True, check=True, env=dict(os.environ))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return json.loads(done.stdout) | {
        "wall": time.monotonic() - began,
        "processor": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
    }


def _repairs(path: Path) -> list[Measure]:
    """A late delegation, a lost table, a lost interpreter, an added meeting: seconds until the fewest moves are known."""
    given = json.loads(path.read_text())
    plan = planned(path, 20)["plan"]
    path.with_suffix(".plan").write_text(json.dumps(plan))
    first = min(given["parties"][5]["available"])
    changed = {
        "late delegation": {
            "parties": [
                p | {"available": [s for s in p["available"] if s >= first + 5]} if n == 5 else p
                for n, p in enumerate(given["parties"])
            ]
        },
        "lost table": {"places": given["places"][1:]},
        "lost interpreter": {"interpreters": given["interpreters"][1:]},
        "added meeting": {"meetings": [*given["meetings"], given["meetings"][0] | {"id": "new", "locked": None}]},
    }
    found = []
    for name, change in changed.items():
        path.write_text(json.dumps(given | change))
        done = planned(path, 10, path.with_suffix(".plan"))
        moved = next(level for level in done["plan"]["levels"] if level["name"] == "moved")
        found += [
            Measure(f"repair, {name}: fewest moves known", done["settled"], "s", 2.0),
            Measure(f"repair, {name}: moved", moved["value"], ""),
            Measure(f"repair, {name}: moved, proven", moved["bound"], ""),
        ]
    return found
