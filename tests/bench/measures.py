"""What a bench found, as lines for people or JSON for programs."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure; `most` is what it may be, None where nothing is promised."""

    name: str
    value: float
    unit: str
    most: float | None = None

    @property
    def kept(self) -> bool:
        """Whether it is within its promise."""
        return self.most is None or self.value <= self.most


def report(measures: Sequence[Measure], options: Sequence[str]) -> int:
    """Print measures; 1 when a promise is broken."""
    if "--json" in options:
        sys.stdout.write(json.dumps([asdict(measure) for measure in measures], ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("".join(lines(measures)))
    return int(not all(measure.kept for measure in measures))


def lines(measures: Sequence[Measure]) -> Iterator[str]:
    """A line of each, with its promise if there is one and whether it is kept."""
    for measure in measures:
        promise = "" if measure.most is None else f"  (at most {measure.most:g})  {'ok' if measure.kept else 'BROKEN'}"
        yield f"{measure.name:<56} {_figure(measure.value):>10} {measure.unit}{promise}\n"


def _figure(value: float) -> str:
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"
