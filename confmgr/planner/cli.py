"""`confmgr plan`."""

import json
from pathlib import Path

import click

from confmgr.planner import judge, reading, services

INFEASIBLE = 1
UNREADABLE = 2


@click.command()
@click.argument("instance", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--seconds", type=float, default=10.0, show_default=True)
@click.option("--workers", type=int, default=2, show_default=True, help="Threads that may be busy at once.")
@click.option("--effort", type=click.IntRange(1), help="Steps to search: the same effort and seed give the same plan.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--from", "previous", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--score", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Judge a plan instead.")
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
    """Plan INSTANCE, a JSON file. Exit 0: a plan that keeps the rules; 1: locks that clash; 2: unreadable."""
    try:
        frozen = reading.instance(_load(instance))
        before = None if previous is None else reading.placements(_load(previous), frozen)
        judged = None if score is None else reading.placements(_load(score), frozen)
    except reading.Unreadable as wrong:
        for fault in wrong.faults:
            click.echo(fault, err=True)
        raise SystemExit(UNREADABLE) from None
    if judged is not None:
        faults = judge.faults(frozen, judged)
        click.echo(json.dumps({"levels": judge.levels(frozen, judged, before), "errors": faults}))
        raise SystemExit(1 if faults else 0)
    answer = services.solve(frozen, seconds=seconds, seed=seed, workers=workers, effort=effort, previous=before)
    text = json.dumps(answer.to_json(), ensure_ascii=False, indent=1)
    if out is None:
        click.echo(text)
    else:
        out.write_text(text)
    if answer.status == "infeasible":
        raise SystemExit(INFEASIBLE)


def _load(path: Path) -> object:
    try:
        return json.loads(path.read_text())
    except (ValueError, RecursionError) as wrong:
        raise reading.Unreadable([f"{path.name}: not JSON: {wrong}"]) from wrong


commands: list[click.Command] = [plan]
