"""`bin/bench [ROOM…] [--json]`: runs `main(argv)` of tests/bench/bench_<room>.py, which prints what it measured."""

import importlib
import sys
from pathlib import Path

HERE = Path(__file__).parent


def rooms() -> list[str]:
    """Rooms that have something to measure."""
    return sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))


def main(argv: list[str]) -> int:
    """Run the named benches, or all; options go to each. Returns the worst status."""
    options = [word for word in argv if word.startswith("-")]
    chosen = [word for word in argv if not word.startswith("-")] or rooms()
    if unknown := sorted(set(chosen) - set(rooms())):
        sys.stderr.write(f"bin/bench: no bench of {', '.join(unknown)}; there are: {', '.join(rooms())}\n")
        return 2
    return max((importlib.import_module(f"tests.bench.bench_{room}").main(options) or 0 for room in chosen), default=0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
