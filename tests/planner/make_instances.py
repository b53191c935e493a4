"""Instances of the planner: small ones by hand, and random ones for properties."""

import random
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from confmgr.planner import reading, services
from tests.planner.make_small import lock_some

Json = dict[str, Any]
PAIRS = ("km-ko", "en-th")


def instance(meetings: list[Json], *, per_day: int = 6, days: int = 1, **changes: Any) -> Json:
    """A day of six slots, the parties KR, KH and TH, and two tables of four seats."""
    values: Json = {
        "slots": {"days": days, "per_day": per_day, "minutes": 20, "blocked": changes.pop("blocked", [])},
        "parties": [{"id": "KR"}, {"id": "KH"}, {"id": "TH"}],
        "places": [{"id": "T1", "seats": 4}, {"id": "T2", "seats": 4}],
        "meetings": meetings,
    }
    return values | changes


def meeting(ident: str, *parties: str, slots: int = 1, **changes: Any) -> Json:
    """A meeting of KR and KH, one slot long."""
    return {"id": ident, "parties": list(parties or ("KR", "KH")), "slots": slots, **changes}


def long_task() -> Json:
    """One that is not proven within seconds: places for a third of what is asked for, and no two parties alike."""
    parties = [f"P{n}" for n in range(30)]
    meetings = [
        meeting(f"M{n}", parties[n % 30], parties[(7 * n + 1 + n // 30) % 30], slots=1 + n % 2, priority=1 + n % 3)
        for n in range(150)
        if parties[n % 30] != parties[(7 * n + 1 + n // 30) % 30]
    ]
    return instance(
        meetings,
        per_day=20,
        days=2,
        parties=[{"id": p, "available": [s for s in range(40) if (s + n) % 7]} for n, p in enumerate(parties)],
    )


def solve(given: Json, *, seconds: float = 20.0, seed: int = 1, previous: Json | None = None, **options: Any) -> Json:
    """The plan in its JSON format."""
    frozen = reading.instance(given)
    before = None if previous is None else reading.placements(previous, frozen)
    return services.solve(frozen, seconds=seconds, seed=seed, previous=before, **options).to_json()


def after(number: int) -> Callable[[], bool]:
    """A person who wants the search to end when asked for the n-th time."""
    asked = iter(range(10**9))
    return lambda: next(asked) >= number


def planted(seed: int) -> Json:
    """A random instance made around a plan, so that all of it can be placed; every lock follows that plan."""
    rng = random.Random(seed)
    days, per_day = rng.randint(1, 2), rng.randint(3, 7)
    slots = range(days * per_day)
    blocked = [s for s in slots if rng.random() < 0.1]
    parties: list[Json] = [{"id": f"P{n}", "teams": rng.choice([1, 1, 2])} for n in range(rng.randint(2, 5))]
    places: list[Json] = [{"id": f"T{n}", "seats": rng.choice([2, 4, 8])} for n in range(rng.randint(1, 4))]
    crews: list[Json] = [{"id": f"I{n}", "pairs": [rng.choice(PAIRS)]} for n in range(rng.randint(0, 3))]
    claimed: dict[tuple[str, int], int] = {}
    meetings: list[Json] = []
    for n in range(rng.randint(1, 12)):
        length, start = rng.randint(1, 2), rng.choice(slots)
        span = range(start, start + length)
        if span[-1] >= len(slots) or span[0] // per_day != span[-1] // per_day or set(span) & set(blocked):
            continue
        sides, place = rng.sample(parties, 2), rng.choice(places)
        crew = rng.sample(crews, min(len(crews), rng.choice([0, 0, 1])))
        most = [(row["id"], row.get("teams", 1)) for row in (*sides, place, *crew)]
        if any(claimed.get((ident, s), 0) >= limit for ident, limit in most for s in span):
            continue
        for ident, _limit in most:
            for s in span:
                claimed[ident, s] = claimed.get((ident, s), 0) + 1
        lock: Json = {}
        if rng.random() < 0.4:
            lock = {"start": start} | ({"place": place["id"]} if rng.random() < 0.5 else {})
        meetings.append(
            meeting(f"M{n}", *(row["id"] for row in sides), slots=length, seats=rng.randint(0, place["seats"]))
            | ({"locked": lock} if lock else {})
            | ({"interpretation": crew[0]["pairs"][0]} if crew else {})
        )
    return {
        "slots": {"days": days, "per_day": per_day, "blocked": blocked},
        "parties": parties,
        "places": places,
        "interpreters": crews,
        "meetings": meetings or [meeting("M0", "P0", "P1", locked={"place": "T0"})],
    }


@st.composite
def instances(draw: st.DrawFn) -> Json:
    """Any small instance that does not contradict itself; often too much for all to be placed, and locks may clash."""
    days, per_day = draw(st.integers(1, 2)), draw(st.integers(2, 7))
    slots = list(range(days * per_day))
    some = st.none() | st.lists(st.sampled_from(slots), unique=True, min_size=len(slots) // 2)
    blocked = draw(st.lists(st.sampled_from(slots), unique=True, max_size=2))
    parties = [f"P{n}" for n in range(draw(st.integers(2, 5)))]
    places = [f"T{n}" for n in range(draw(st.integers(1, 3)))]
    people = [f"N{n}" for n in range(draw(st.integers(0, 3)))]
    idents = [f"M{n}" for n in range(draw(st.integers(1, 9)))]
    row = st.fixed_dictionaries(
        {
            "parties": st.lists(st.sampled_from(parties), unique=True, min_size=1, max_size=3),
            "slots": st.integers(1, 3),
            "priority": st.integers(1, 3),
            "seats": st.integers(0, 6),
            "interpretation": st.none() | st.sampled_from(PAIRS),
            "interpreters": st.integers(1, 2),
            "window": some,
            "people": st.lists(st.sampled_from(people), unique=True, max_size=2) if people else st.just([]),
        }
    )
    given: Json = {
        "slots": {"days": days, "per_day": per_day, "minutes": 20, "blocked": blocked},
        "parties": [{"id": p, "teams": draw(st.integers(1, 2)), "available": draw(some)} for p in parties],
        "places": [{"id": p, "seats": draw(st.integers(2, 6)), "available": draw(some)} for p in places],
        "interpreters": [
            {
                "id": f"I{n}",
                "pairs": draw(st.lists(st.sampled_from(PAIRS), unique=True, min_size=1)),
                "available": draw(some),
                "max_run": draw(st.none() | st.integers(1, 3)),
                "max_day": draw(st.none() | st.integers(1, 4)),
            }
            for n in range(draw(st.integers(0, 3)))
        ],
        "people": [{"id": p, "available": draw(some)} for p in people],
        "meetings": [{"id": ident, **draw(row)} for ident in idents],
        "after": [[a, b] for a, b in pairwise(idents) if draw(st.booleans())],
        "same_day": [[a, b] for a, b in pairwise(idents[::-1]) if draw(st.integers(0, 3)) == 0],
        "max_break_spread": draw(st.none() | st.integers(0, 2)),
        "objective": draw(st.sampled_from([None, ["breaks"]])),
    }
    rng = draw(st.randoms(use_true_random=False))
    for row in given["meetings"]:
        large = [place["id"] for place in given["places"] if place["seats"] >= row["seats"]]
        row["locked"] = {"place": rng.choice(large)} if large and rng.random() < 0.3 else None
    lock_some(rng, given, share=draw(st.sampled_from([0.0, 0.1, 0.3])))
    return given
