"""What the planner reaches, how soon, and with what proof: one line a plan, then every promise and whether it is kept.

    bin/bench planner [--seconds=60] [--seeds=5] [--only=sizes,repairs,reasons,growth] [--sizes=50-300-2,…]
                      [--quick] [--json]
    bin/bench planner --instances=DIR [--seconds=60]
    bin/bench planner --against='COMMAND {instance} {seconds} {workers}'

All of it takes half an hour, with `--against` an hour; `--quick` two minutes, as a sample that proves nothing. Tasks are
this project's own (`planted.py`), or the instances of a folder, in which `optima.json` may say the fewest breaks
(or idle slots) by name. `--against` runs another planner on each in turn, with the same time and workers; its plan, on standard output, is
judged by our judge. Seconds count from the instance being read; `command` is the whole process.
"""

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.bench import plan_bars, plan_tasks, planted
from tests.bench.measures import Measure, lines
from tests.bench.plan_runs import Other, Run, another, ours

PARTS = ("sizes", "repairs", "reasons", "growth")
OPTIONS = {"seconds", "seeds", "only", "sizes", "quick", "json", "instances", "against"}
REASONS = {(50, 300, 2): (1.0, 3.0), (100, 1000, 3): (2.0, 8.0)}
"""Seconds of search, and seconds until all reasons are there at most."""
DOUBLING = ((25, 150), (50, 300), (100, 600), (200, 1200))
"""Parties and meetings of two days."""
LONG_ENOUGH = 20.0
"""Seconds for a plan that is then repaired."""


@dataclass(frozen=True)
class Asked:
    """What to measure."""

    seconds: float
    seeds: int
    parts: tuple[str, ...]
    sizes: tuple[str, ...]
    quick: bool
    against: str | None
    folder: Path


def main(options: Sequence[str]) -> int:
    """Measure every size and seed, or every instance of a folder; 1 when a promise is broken."""
    given = {name: value for name, _, value in (option.lstrip("-").partition("=") for option in options)}
    if set(given) - OPTIONS:
        sys.stdout.write(__doc__ or "")
        return 0 if "help" in given else 2
    quick = "quick" in given
    with tempfile.TemporaryDirectory(prefix="confmgr-bench-") as name:
        asked = Asked(
            seconds=float(given.get("seconds") or (5 if quick else 60)),
            seeds=int(given.get("seeds") or (1 if quick else 5)),
            parts=tuple(given["only"].split(",")) if "only" in given else PARTS,
            sizes=tuple(given["sizes"].split(",")) if "sizes" in given else (),
            quick=quick,
            against=given.get("against"),
            folder=Path(name),
        )
        rows = Table(asked, quiet="json" in given)
        if "instances" in given:
            bars = _folder(Path(given["instances"]), rows)
        else:
            bars = [bar for part in PARTS if part in asked.parts for bar in MEASURED[part](rows)]
    if "json" in given:
        answer = {"plans": rows.rows, "promises": [asdict(bar) | {"kept": bar.kept} for bar in bars]}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("\n" + "".join(lines(bars)))
    return int(not all(bar.kept for bar in bars))


class Table:
    """Makes plans, and prints a line of each."""

    HEAD = "plan,first,idle,proven,lateness,above,cpu,wall,command,MB,other idle,lateness,ratio"

    def __init__(self, asked: Asked, *, quiet: bool) -> None:
        self.asked, self.quiet = asked, quiet
        self.rows: list[dict[str, Any]] = []

    def instance(self, parties: int, meetings: int, days: int, seed: int) -> Path:
        """A task of our own, in a file."""
        path = self.asked.folder / f"{parties}-{meetings}-{days}-{seed}.json"
        if not path.exists():
            path.write_text(json.dumps(planted.instance(parties, meetings, days, seed)))
        return path

    def write(self, name: str, task: plan_tasks.Json) -> Path:
        """Another task, in a file."""
        path = self.asked.folder / f"{name}.json"
        path.write_text(json.dumps(task))
        return path

    def plan(self, path: Path, seconds: float, **options: Any) -> Run:
        """A plan of ours."""
        return self._shown(ours(path, seconds, **options), None)

    def pair(self, path: Path, seconds: float) -> tuple[Run, Other | None]:
        """A plan of ours, and the other's if there is one."""
        run = ours(path, seconds)
        other = another(path, seconds, self.asked.against) if self.asked.against else None
        return self._shown(run, other), other

    def _shown(self, run: Run, other: Other | None) -> Run:
        if not self.quiet and not self.rows:
            sys.stdout.write(_line(self.HEAD.split(",")))
        values, bounds = run.values, run.bounds
        aim = next(name for name in ("breaks", "idle") if name in values)
        proven, late, bound = run.proven(aim), values.get("lateness"), bounds.get("lateness")
        self.rows.append(
            {
                "name": run.name,
                "first": run.first,
                "values": values,
                "bounds": bounds,
                "proven": {level: run.proven(level) for level in values},
                "status": run.plan["status"],
                "because": run.plan["because"],
                "cpu": run.cpu,
                "wall": run.wall,
                "command": run.command,
                "memory": run.memory,
                "other": None if other is None else asdict(other),
            }
        )
        cells = [
            run.name,
            f"{run.first:.2f}",
            f"{values[aim]}/{bounds[aim]}",
            "-" if proven is None else f"{proven:.1f}",
            "-" if late is None else f"{late}/{bound}",
            f"{100 * (late - bound) / bound:.0f} %" if late is not None and bound else "-",
            *(f"{number:.1f}" for number in (run.cpu, run.wall, run.command)),
            f"{run.memory:.0f}",
        ]
        if other:
            theirs = other.levels.get("lateness")
            ratio = f"{late / theirs:.2f}" if late is not None and theirs else "-"
            more = "".join(
                f" +{n} {what}" for what, n in (("out", other.levels["unplaced"]), ("faults", other.faults)) if n
            )
            cells += [f"{other.levels[aim]}{more}" if other.placed else "none", str(theirs), ratio]
        if not self.quiet:
            sys.stdout.write(_line(cells))
            sys.stdout.flush()
        return run


def _line(cells: Sequence[str]) -> str:
    return f"{cells[0]:<34}" + "".join(f"{cell:>11}" for cell in cells[1:]) + "\n"


def _folder(folder: Path, rows: Table) -> list[Measure]:
    known = folder / "optima.json"
    optima = json.loads(known.read_bytes()) if known.exists() else {}
    paths = [path for path in sorted(folder.glob("*.json")) if path != known]
    return plan_bars.of_known([rows.pair(path, rows.asked.seconds)[0] for path in paths], optima)


def _sizes(rows: Table) -> Iterator[Measure]:
    for at, (size, promise) in enumerate(plan_bars.PROMISES.items()):
        if rows.asked.quick and at > 1:
            return
        if rows.asked.sizes and "-".join(map(str, size)) not in rows.asked.sizes:
            continue
        pairs = [rows.pair(rows.instance(*size, seed), rows.asked.seconds) for seed in range(1, rows.asked.seeds + 1)]
        yield from plan_bars.of_size("-".join(map(str, size)), promise, pairs, rows.asked.seconds)


def _repairs(rows: Table) -> Iterator[Measure]:
    found: dict[str, list[Run]] = {}
    for seed in range(1, rows.asked.seeds + 1):
        path = rows.instance(50, 300, 2, seed)
        before = rows.asked.folder / f"before-{seed}.plan"
        before.write_text(json.dumps(ours(path, min(LONG_ENOUGH, rows.asked.seconds)).plan))
        for name, task in plan_tasks.repairs(json.loads(path.read_bytes())).items():
            run = rows.plan(rows.write(f"{name} {seed}", task), 5, previous=before)
            found.setdefault(name, []).append(run)
    for name, runs in found.items():
        yield from plan_bars.of_repair(name, runs)


def _reasons(rows: Table) -> Iterator[Measure]:
    for at, (size, (seconds, most)) in enumerate(REASONS.items()):
        if rows.asked.quick and at:
            return
        found: dict[str, list[Run]] = {}
        for seed in range(1, rows.asked.seeds + 1):
            given = json.loads(rows.instance(*size, seed).read_bytes())
            for name, task in plan_tasks.conflicts(given).items():
                found.setdefault(name, []).append(rows.plan(rows.write(f"{size[1]} {name} {seed}", task), seconds))
        for name, runs in found.items():
            yield from plan_bars.of_reasons(f"{size[1]}, {name}", runs, most)


def _growth(rows: Table) -> Iterator[Measure]:
    quick = rows.asked.quick
    seconds, seeds = (2.0, 1) if quick else (10.0, min(3, rows.asked.seeds))
    yield from plan_bars.of_growth(
        {
            meetings: [rows.plan(rows.instance(parties, meetings, 2, seed), seconds) for seed in range(1, seeds + 1)]
            for parties, meetings in DOUBLING[: 2 if quick else None]
        }
    )


MEASURED = {"sizes": _sizes, "repairs": _repairs, "reasons": _reasons, "growth": _growth}
