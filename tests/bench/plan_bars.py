"""What is promised of plans, and whether it is kept: the worst of all seeds counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from tests.bench.measures import Measure
from tests.bench.plan_runs import Other, Run

NEVER = 999.0
"""Stands for a ratio to nothing, and for what is not known at all."""
Pairs = Sequence[tuple[Run, Other | None]]


@dataclass(frozen=True)
class Promise:
    """Of one size: seconds until the first plan and until idle is proven, and the rest as ratios.

    `gap`: lateness above its bound; `idle` and `lateness`: of the other planner's; `gained`: idle of the first plan's.
    """

    first: float
    proven: float | None = None
    gap: float | None = None
    worse: bool = False
    idle: float | None = None
    lateness: float | None = None
    gained: float | None = None
    memory: float | None = None


PROMISES: Mapping[tuple[int, int, int], Promise] = {
    (27, 60, 2): Promise(first=0.3, proven=2, gap=0.15, worse=True),
    (50, 300, 2): Promise(first=1, proven=8, idle=1, lateness=0.8),
    (100, 1000, 3): Promise(first=4, idle=0.5),
    (200, 3000, 5): Promise(first=12, gained=0.9, memory=700),
}
"""By parties, meetings and days."""


def of_size(size: str, promise: Promise, pairs: Pairs, seconds: float) -> list[Measure]:
    """Whether the plans of one size keep what is promised of it."""
    runs = [run for run, _other in pairs]
    both = [(run, other) for run, other in pairs if other]
    found = [
        Measure(f"{size}: first plan", max(run.first for run in runs), "s", promise.first),
        Measure(f"{size}: weight of what is left out", max(run.values["unplaced"] for run in runs), "", 0),
        Measure(f"{size}: search beyond its time", max(run.wall - seconds for run in runs), "s", 1.5),
        Measure(f"{size}: command beyond its search", max(run.command - run.wall for run in runs), "s", 1.5),
    ]
    if promise.proven is not None:
        found.append(
            Measure(f"{size}: idle proven", max(_known(run.proven("idle")) for run in runs), "s", promise.proven)
        )
    if promise.gap is not None:
        gaps = [_ratio(run.values["lateness"] - run.bounds["lateness"], run.bounds["lateness"]) for run in runs]
        found.append(Measure(f"{size}: lateness above its bound", min(NEVER, 100 * max(gaps)), "%", 100 * promise.gap))
    if promise.gained is not None:
        gains = [_ratio(run.values["idle"], run.told[0][1]["idle"][0]) for run in runs]
        found.append(Measure(f"{size}: idle, of the first plan's", max(gains), "x", promise.gained))
    if promise.memory is not None:
        found.append(Measure(f"{size}: most memory", max(run.memory for run in runs), "MB", promise.memory))
    if both and promise.worse:
        worse = sum(tuple(run.values.values()) > tuple(other.levels.values()) for run, other in both)
        found.append(Measure(f"{size}: seeds with a worse plan than the other", worse, "", 0))
    if both and promise.idle is not None:
        ratios = [_against(run, other, "idle") for run, other in both]
        found.append(Measure(f"{size}: idle, of the other's", max(ratios), "x", promise.idle))
    if both and promise.lateness is not None:
        ratios = [_against(run, other, "lateness") for run, other in both if _as_idle(run, other)]
        found.append(Measure(f"{size}: lateness, of the other's", max(ratios, default=0), "x", promise.lateness))
    return found


def of_known(runs: Sequence[Run], optima: Mapping[str, int]) -> list[Measure]:
    """Whether instances whose optimum is known are solved to it, and proven."""
    known = [run for run in runs if run.name in optima]
    if not known:
        return []
    wrong = sum(run.values["unplaced"] > 0 or _aim(run) != optima[run.name] for run in known)
    return [
        Measure("known optima: not found", wrong, f"of {len(known)}", 0),
        Measure("known optima: not proven", sum(run.plan["status"] != "optimal" for run in known), "", 0),
        Measure("known optima: seconds, median", median(run.wall for run in known), "s", 1.5),
        Measure("known optima: seconds, longest", max(run.wall for run in known), "s", 60),
    ]


def of_repair(name: str, runs: Sequence[Run]) -> list[Measure]:
    """How long it takes until the fewest moves are there; how many of them are proven to be the fewest."""
    return [
        Measure(f"repair, {name}: fewest moves", max(run.reached("unplaced", "moved") for run in runs), "s", 2),
        Measure(f"repair, {name}: moved, most", max(run.values["moved"] for run in runs), ""),
        Measure(f"repair, {name}: not proven", sum(_known(run.proven("moved")) == NEVER for run in runs), "plans"),
    ]


def of_reasons(name: str, runs: Sequence[Run], most: float) -> list[Measure]:
    """How long it takes until all reasons are there, and how many of them were verified by a second solve."""
    reasons = [row for run in runs for row in run.plan["because"]]
    without = sum(len(set(run.plan["unplaced"]) - {row["meeting"] for row in run.plan["because"]}) for run in runs)
    return [
        Measure(f"reasons, {name}: all there", max(run.wall for run in runs), "s", most),
        Measure(f"reasons, {name}: nothing to explain", sum(not run.plan["unplaced"] for run in runs), "plans", 0),
        Measure(f"reasons, {name}: without one", without, f"of {len(reasons) + without}", 0),
        Measure(
            f"reasons, {name}: not verified", sum(not row.get("verified") for row in reasons), f"of {len(reasons)}", 0
        ),
    ]


def of_growth(runs: Mapping[int, Sequence[Run]]) -> list[Measure]:
    """How much longer the first plan takes, and how much more memory, when meetings double."""
    found = []
    sizes = sorted(runs)
    for small, large in pairwise(sizes):
        firsts, memory = (
            [median(getattr(run, name) for run in runs[size]) for size in (small, large)]
            for name in ("first", "memory")
        )
        found += [
            Measure(f"growth {small} to {large}: first plan", _ratio(firsts[1], firsts[0]), "x", 3),
            Measure(f"growth {small} to {large}: memory", _ratio(memory[1], memory[0]), "x", 2.5),
        ]
    return found


def _aim(run: Run) -> int:
    """The level that an optimum is known of: breaks where these are asked for, else idle."""
    return run.values.get("breaks", run.values.get("idle", 0))


def _known(seconds: float | None) -> float:
    return NEVER if seconds is None else seconds


def _ratio(value: float, of: float) -> float:
    return value / of if of else NEVER if value else 0.0


def _against(run: Run, other: Other, level: str) -> float:
    """A ratio to the other's level; nothing where the other has no plan or leaves more out, for that is worse."""
    if not other.placed or run.values["unplaced"] < other.levels["unplaced"]:
        return 0.0
    return (
        NEVER if run.values["unplaced"] > other.levels["unplaced"] else _ratio(run.values[level], other.levels[level])
    )


def _as_idle(run: Run, other: Other) -> bool:
    return run.values["unplaced"] == other.levels["unplaced"] and run.values["idle"] == other.levels["idle"]
