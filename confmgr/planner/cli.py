"""`confmgr plan`."""

import json
import math
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from confmgr.planner import judge, reading, services
from confmgr.planner.domain import Instance, Placements

INFEASIBLE = 1
UNREADABLE = 2
LARGEST_SEED = 2**31 - 1


def _finite(_context: click.Context, _option: click.Parameter, value: float) -> float:
    if not math.isfinite(value):
        raise click.BadParameter("not a number of seconds")
    return value


def _writable(_context: click.Context, _option: click.Parameter, value: Path | None) -> Path | None:
    if value is not None and not value.absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder {value.parent}")
    return value


FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("instance", type=FILE)
@click.option("--seconds", type=click.FloatRange(0), callback=_finite, default=10.0, show_default=True)
@click.option(
    "--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Threads that may be busy at once."
)
@click.option("--effort", type=click.IntRange(1), help="Steps to search: the same effort and seed give the same plan.")
@click.option("--seed", type=click.IntRange(0, LARGEST_SEED), default=1, show_default=True)
@click.option("--from", "previous", type=FILE, help="A plan to repair with as few moved meetings as there can be.")
@click.option("--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), callback=_writable)
@click.option("--score", type=FILE, help="Judge a plan instead.")
def plan(
    instance: Path,
    seconds: float,
    workers: int,
    effort: int | None,
    seed: int,
    previous: Path | None,
    out: Path | None,
    score: Path | None,
) -> None:
    """Plan INSTANCE, a JSON file. Exit 0: a plan that keeps the rules; 1: locks that clash; 2: unreadable.

    Ctrl-C ends the search and keeps the best plan so far; pressed again it ends the command.
    """
    faults: list[str] = []
    frozen = _read(instance, reading.instance, faults)
    before, judged = (_read(file, reading.placements, faults) if file else None for file in (previous, score))
    if faults:
        for fault in faults:
            click.echo(fault, err=True)
        raise SystemExit(UNREADABLE)
    if judged is not None:
        answer, wrong = _scored(frozen, judged, before)
    else:
        with _interrupted() as stop:
            found = services.solve(
                frozen, seconds=seconds, seed=seed, workers=workers, effort=effort, previous=before, should_stop=stop
            )
        answer, wrong = found.to_json(), found.status == "infeasible"
    text = json.dumps(answer, ensure_ascii=False, indent=1)
    if out is None:
        click.echo(text)
    else:
        out.write_text(text + "\n", encoding="utf-8")
    if wrong:
        raise SystemExit(INFEASIBLE)


@contextmanager
def _interrupted() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed meanwhile; pressed again it does what it ever does."""
    pressed = threading.Event()

    def press(_number: int, _frame: object) -> None:
        pressed.set()
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, press)
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def _read(file: Path, understand: Any, faults: list[str]) -> Any:
    """What a file says; its faults are added, with the name of the file where they are about the whole of it."""
    try:
        data = reading.loaded(file.read_bytes())
    except reading.Unreadable as wrong:
        faults += [f"{file.name}: {fault}" for fault in wrong.faults]
        return None
    try:
        return understand(data)
    except reading.Unreadable as wrong:
        faults += wrong.faults
    return None


def _scored(instance: Instance, placements: Placements, before: Placements | None) -> tuple[dict[str, Any], bool]:
    """A plan level by level, meeting by meeting and party by party; and whether it breaks a rule."""
    known = {ident: placement for ident, placement in placements.items() if ident in instance.by_id}
    faults = judge.faults(instance, placements)
    held = judge.party_slots(instance, known)
    answer = {
        "levels": judge.levels(instance, known, before),
        "errors": faults,
        "unplaced": [meeting.id for meeting in instance.meetings if meeting.id not in known],
        "meetings": {
            ident: {"start": placement.start, "errors": [line for line in faults if line.startswith(f"{ident}: ")]}
            for ident, placement in sorted(placements.items())
        },
        "parties": {
            party.id: {
                "idle": judge.idle_of(instance, held[party.id], instance.hours(party.available)),
                "breaks": judge.breaks_of(instance, held[party.id]),
            }
            for party in instance.parties
        },
    }
    return answer, bool(faults)


commands: list[click.Command] = [plan]
