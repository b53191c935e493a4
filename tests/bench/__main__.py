"""`bin/bench [ROOM…] [--json]`: runs `main(options)` of tests/bench/bench_<room>.py, which prints what it measured."""

import importlib
import sys
from pathlib import Path

HERE = Path(__file__).parent
VALUED = frozenset({"--instances", "--against", "--seconds", "--seeds", "--only", "--sizes"})
"""Options whose value may also be the next word."""


def rooms() -> list[str]:
    """Rooms that have something to measure."""
    return sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))


def main(argv: list[str]) -> int:
    """Run the named benches, or all; options go to each. Returns the worst status."""
    words = _joined(argv)
    options = [word for word in words if word.startswith("-")]
    chosen = [word for word in words if not word.startswith("-")] or rooms()
    if unknown := sorted(set(chosen) - set(rooms())):
        sys.stderr.write(f"bin/bench: no bench of {', '.join(unknown)}; there are: {', '.join(rooms())}\n")
        return 2
    return max((importlib.import_module(f"tests.bench.bench_{room}").main(options) or 0 for room in chosen), default=0)


def _joined(argv: list[str]) -> list[str]:
    found: list[str] = []
    for word in argv:
        if found and found[-1] in VALUED:
            found[-1] += f"={word}"
        else:
            found.append(word)
    return found


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
