"""Random instances so small that their optimum is found by enumeration, with every part of the format."""

import random
from itertools import combinations
from typing import Any

Json = dict[str, Any]
PAIRS = ("km-ko", "en-th")


def small(rng: random.Random) -> tuple[Json, Json | None]:
    """An instance of at most five meetings in at most eight slots, and for some a plan to repair."""
    days, per_day = rng.choice([(1, 4), (1, 5), (1, 6), (2, 3), (2, 4)])
    slots = list(range(days * per_day))
    parties = [f"P{n}" for n in range(rng.randint(2, 4))]
    places = [f"T{n}" for n in range(rng.randint(1, 3))]
    people = [f"N{n}" for n in range(rng.choice([0, 0, 2]))]
    seats = {place: rng.choice([2, 4, 4, 8]) for place in places}
    idents = [f"M{n}" for n in range(rng.randint(2, 5 if len(slots) <= 6 else 4))]

    def some(share: float, low: float = 0.5) -> list[int] | None:
        return (
            sorted(rng.sample(slots, rng.randint(int(len(slots) * low), len(slots)))) if rng.random() < share else None
        )

    def meeting(ident: str) -> Json:
        row: Json = {"id": ident, "parties": rng.sample(parties, min(len(parties), rng.choice([1, 2, 2, 2, 3])))}
        row |= {
            "slots": rng.choice([1, 1, 1, 2, 2, 3]),
            "priority": rng.randint(1, 3),
            "seats": rng.choice([0, 2, 4, 8]),
        }
        row |= {"window": some(0.25), "hold": rng.choice([1, 1, 1, 3, 10])}
        if rng.random() < 0.35:
            row |= {"interpretation": rng.choice(PAIRS), "interpreters": rng.choice([1, 1, 2])}
        if people:
            row["people"] = rng.sample(people, rng.randint(0, 2))
        if rng.random() < 0.15:
            row["locked"] = {"place": rng.choice([p for p in places if seats[p] >= row["seats"]] or [None])}
        return row

    given: Json = {
        "slots": {
            "days": days,
            "per_day": per_day,
            "minutes": 20,
            "blocked": rng.sample(slots, rng.choice([0, 0, 1])),
        },
        "parties": [{"id": p, "teams": rng.choice([1, 1, 1, 2]), "available": some(0.3)} for p in parties],
        "places": [{"id": p, "seats": seats[p], "available": some(0.25)} for p in places],
        "interpreters": [
            {
                "id": f"I{n}",
                "pairs": rng.sample(PAIRS, rng.randint(1, 2)),
                "available": some(0.2),
                "max_run": rng.choice([None, None, 1, 2, 3]),
                "max_day": rng.choice([None, None, 1, 2, 4]),
            }
            for n in range(rng.randint(0, 3))
        ],
        "people": [{"id": p, "available": some(0.4)} for p in people],
        "meetings": [meeting(ident) for ident in idents],
        "after": [list(pair) for pair in combinations(idents, 2) if rng.random() < 0.12],
        "same_day": [list(pair) for pair in combinations(idents, 2) if rng.random() < 0.1],
        "objective": rng.choice([None, None, None, ["breaks"]]),
        "max_break_spread": rng.choice([None, None, None, None, 0, 1, 2]),
    }
    lock_some(rng, given, share=0.2)
    return given, plan_before(rng, given) if rng.random() < 0.4 else None


def lock_some(rng: random.Random, given: Json, *, share: float) -> None:
    """Lock a meeting now and then to where its parties, its people and its place are there."""
    per_day = given["slots"]["per_day"]
    hours = {row["id"]: row["available"] for kind in ("parties", "people", "places") for row in given[kind]}
    for row in given["meetings"]:
        start = rng.randrange(given["slots"]["days"] * per_day)
        span = range(start, start + row["slots"])
        wanted = (row.get("locked") or {}).get("place")
        names = [*row["parties"], *row.get("people", []), *([wanted] if wanted else [])]
        listed = [*(hours[name] for name in names), row["window"]]
        fits = span[-1] // per_day == start // per_day and not set(span) & set(given["slots"]["blocked"])
        if rng.random() < share and fits and all(one is None or set(span) <= set(one) for one in listed):
            row["locked"] = (row.get("locked") or {}) | {"start": start}


def plan_before(rng: random.Random, given: Json) -> Json:
    """Any starts for most meetings: a plan that need not keep a single rule any more."""
    slots = range(given["slots"]["days"] * given["slots"]["per_day"])
    places = [*(row["id"] for row in given["places"]), "gone"]
    return {
        "placements": {
            row["id"]: {"start": rng.choice(slots), "place": rng.choice(places), "interpreters": []}
            for row in given["meetings"]
            if rng.random() < 0.8
        }
    }
