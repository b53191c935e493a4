"""What judging a schedule costs: every conflict of 3,000 meetings from nothing, and the best free slots of one session."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from confmgr.scheduling.conflicts import House, Register, Sitting, all_clashes
from confmgr.scheduling.free import Floor, Search
from confmgr.values.times import Span
from tests.bench.measures import Measure, report

NINE = datetime(2026, 2, 5, 8, 0)  # noqa: DTZ001  # a wall time of the venue
SLOT = timedelta(minutes=20)
PER_DAY = 27
ROUNDS = 7
MOST, MOST_BEST = 150, 100


def start(slot: int) -> datetime:
    """Wall time of a slot."""
    day, n = divmod(slot, PER_DAY)
    return NINE + timedelta(days=day) + n * SLOT


def schedule(meetings: int, tables: int, slots: int, delegations: int, seed: int = 1) -> tuple[list[Sitting], House]:
    """Meetings thrown at random tables and slots: a third of them with an interpreter, one in ten clashing."""
    rng = random.Random(seed)
    parties = [f"P{n}" for n in range(delegations)]
    crew = [f"Interpreter #{n}" for n in range(max(2, tables // 2))]
    free = [(table, slot) for table in range(tables) for slot in range(slots)]
    rng.shuffle(free)
    busy: set[tuple[str, int]] = set()
    rows: list[Sitting] = []
    for table, slot in free:
        if len(rows) == meetings:
            break
        sides = rng.sample(parties, 2)
        careless = len(rows) % 10 == 0
        if not careless and any((side, slot) in busy for side in sides):
            continue
        busy.update((side, slot) for side in sides)
        wants = len(rows) % 3 == 0
        rows.append(
            Sitting(
                f"S{len(rows)}",
                Span(start(slot), start(slot) + SLOT),
                delegations=frozenset(sides),
                people=frozenset({f"{sides[0]} head #1"}),
                place=f"T{table}",
                seats_needed=4,
                interpretation="km-ko" if wants else None,
                interpreters_wanted=int(wants),
                interpreters=frozenset({rng.choice(crew)}) if wants else frozenset(),
            )
        )
    return rows, House(
        teams={party: 2 if n % 10 == 0 else 1 for n, party in enumerate(parties)},
        delegation_hours={parties[n]: (Span(start(0), start(slots - 1)),) for n in range(0, delegations, 4)},
        seats={f"T{n}": 6 for n in range(tables)},
        buildings={f"T{n}": "main" if n % 2 else "annex" for n in range(tables)},
        walk_minutes=10,
        interpreter_pairs={name: frozenset({"km-ko"}) for name in crew},
        longest_run=dict.fromkeys(crew, 120),
        longest_day=dict.fromkeys(crew, 360),
    )


def floor(rows: list[Sitting], house: House, tables: int, slots: int) -> Floor:
    """The whole grid."""
    return Floor(
        Register(rows, house),
        starts=[start(slot) for slot in range(slots)],
        closes={start(slot).date(): start(slot) + SLOT for slot in range(slots)},
        places=[f"T{n}" for n in range(tables)],
    )


def spent(work: Callable[[], object]) -> float:
    """Least processor time in milliseconds."""
    found = []
    for _round in range(ROUNDS):
        began = time.process_time()
        work()
        found.append((time.process_time() - began) * 1000)
    return min(found)


def main(options: Sequence[str]) -> int:
    """Measure."""
    rows, house = schedule(3000, 60, 150, 200)
    clashes = all_clashes(rows, house)
    small, small_house = schedule(120, 12, 54, 27)
    view = floor(small, small_house, 12, 54)
    crowded = next(row for row in small if row.interpretation)
    alone = replace(crowded, delegations=frozenset({"P1"}), reference="new")
    return report(
        [
            Measure("meetings", len(rows), ""),
            Measure("of them with a conflict", len(clashes), ""),
            Measure("all conflicts from nothing", spent(lambda: all_clashes(rows, house)), "ms", MOST),
            Measure(
                "best slots of one session, 12 tables × 54 slots", spent(Search(crowded, view).best), "ms", MOST_BEST
            ),
            Measure("the same, of a delegation with much time", spent(Search(alone, view).best), "ms", MOST_BEST),
        ],
        options,
    )
