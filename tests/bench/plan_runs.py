"""Running planners on an instance, each in a process of its own, and what that took."""

import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from confmgr.planner import judge, reading

WORKERS = 2
Levels = Mapping[str, int]


@dataclass(frozen=True)
class Run:
    """A plan of ours. `told`: seconds, levels as (value, bound), and how many are placed, of every better plan."""

    name: str
    plan: Mapping[str, Any]
    told: Sequence[tuple[float, Mapping[str, Sequence[int]], int]]
    wall: float
    command: float
    cpu: float
    memory: float

    @property
    def first(self) -> float:
        """Seconds until the first plan that leaves out no more than the last one."""
        return self.reached("unplaced")

    @property
    def values(self) -> dict[str, int]:
        """Every level of the plan."""
        return {level["name"]: level["value"] for level in self.plan["levels"]}

    @property
    def bounds(self) -> dict[str, int]:
        """What is proven of every level."""
        return {level["name"]: level["bound"] for level in self.plan["levels"]}

    def reached(self, *names: str) -> float:
        """Seconds until these levels were what they are in the end."""
        last = {name: self.values[name] for name in names}
        return next(at for at, levels, _n in self.told if all(levels[name][0] == last[name] for name in last))

    def proven(self, name: str) -> float | None:
        """Seconds until a level and those above it were known to be the best; None if that is not known."""
        names = list(self.values)
        names = names[: names.index(name) + 1]
        if any(self.values[one] != self.bounds[one] for one in names):
            return None
        for at, levels, _placed in self.told:
            if all(levels[one][0] == self.values[one] == levels[one][1] for one in names):
                return at
        return self.wall


@dataclass(frozen=True)
class Other:
    """The plan of another planner, judged by our judge: levels, broken rules, whether there is a plan at all."""

    levels: Levels
    faults: int
    placed: int
    wall: float
    cpu: float
    memory: float


def ours(path: Path, seconds: float, *, previous: Path | None = None, seed: int = 1, name: str | None = None) -> Run:
    """A plan made in a process of its own."""
    asked = {"instance": str(path), "seconds": seconds, "seed": seed, "workers": WORKERS}
    asked |= {"previous": str(previous)} if previous else {}
    output, wall, cpu, _memory = _started([sys.executable, "-m", "tests.bench.planning", json.dumps(asked)])
    answer = json.loads(output)
    return Run(
        name=name or path.stem,
        plan=answer["plan"],
        told=answer["told"],
        wall=answer["wall"],
        command=wall,
        cpu=cpu,
        memory=answer["memory"],
    )


def another(path: Path, seconds: float, command: str) -> Other:
    """A plan of a command that prints it; what it names as `{instance}`, `{seconds}`, `{workers}` is filled in."""
    filled = command if "{instance}" in command else f"{command} {{instance}} {{seconds}} {{workers}}"
    words = shlex.split(filled.format(instance=shlex.quote(str(path)), seconds=seconds, workers=WORKERS))
    output, wall, cpu, memory = _started(words)
    frozen = reading.instance(json.loads(path.read_bytes()))
    placements = reading.placements(json.loads(output), frozen)
    return Other(
        levels=judge.levels(frozen, placements),
        faults=len(judge.faults(frozen, placements)),
        placed=len(placements),
        wall=wall,
        cpu=cpu,
        memory=memory,
    )


def _started(words: Sequence[str]) -> tuple[bytes, float, float, float]:
    """What a command printed, its seconds, its seconds of the processor and its megabytes."""
    began = time.monotonic()
    child = subprocess.Popen(words, stdout=subprocess.PIPE)
    output = child.stdout.read() if child.stdout else b""
    _pid, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.stdout:
        child.stdout.close()
    if child.returncode and not output:
        raise RuntimeError(f"{shlex.join(words)} ended with {child.returncode}")
    return output, time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
