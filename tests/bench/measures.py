"""What a bench found, as lines for people or JSON for programs."""

import json
import sys
from collections.abc import Sequence
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
        for measure in measures:
            promise = "" if measure.most is None else f"  (at most {measure.most:g})"
            broken = "" if measure.kept else "  BROKEN"
            sys.stdout.write(f"{measure.name:<48} {measure.value:>10.1f} {measure.unit}{promise}{broken}\n")
    return int(not all(measure.kept for measure in measures))
