"""Planning tasks made around a plan, so that nothing need be left out; more than one room, hours, languages, order."""

import random
from typing import Any

PER_DAY = 18
LUNCH = (6, 7)
ROOMS = (("Table", 4, 2), ("Room", 8, 4), ("Hall", 20, 99))
"""Name, seats, and up to how many parties meet there."""
LANGUAGES = ("en", "en", "en", "fr", "km", "ko", "th", "vi")

Json = dict[str, Any]


def instance(parties: int, meetings: int, days: int, seed: int = 1) -> Json:
    """A task of pairs and of groups of up to five, some locked, some in an order, some with an interpreter."""
    rng = random.Random(seed)
    total = days * PER_DAY
    blocked = {s for s in range(total) if s % PER_DAY in LUNCH} | {0, 1, total - 1}
    usable = [s for s in range(total) if s not in blocked]
    sides = [_party(rng, n, usable) for n in range(parties)]
    weights = [1 / (1 + n) ** 0.4 for n in range(parties)]
    claims: dict[tuple[str, int], int] = {}
    used: dict[str, set[int]] = {}
    crew: dict[str, set[int]] = {}
    planted: list[tuple[int, Json]] = []
    for _try in range(meetings * 60):
        if len(planted) == meetings:
            break
        size = rng.choices((2, 3, 4, 5), (70, 15, 10, 5))[0]
        members = {rng.choices(range(parties), weights)[0] for _ in range(size)}
        length = rng.choice((1, 1, 2)) if len(members) == 2 else rng.choice((2, 3))
        start = rng.choice(usable)
        span = range(start, start + length)
        chosen = [sides[n] for n in sorted(members)]
        if len(chosen) == 1 or start // PER_DAY != span[-1] // PER_DAY or not set(span) <= set(usable):
            continue
        if any(
            set(span) - side["hours"] or any(claims.get((side["id"], s), 0) >= side["teams"] for s in span)
            for side in chosen
        ):
            continue
        for side in chosen:
            for s in span:
                claims[side["id"], s] = claims.get((side["id"], s), 0) + 1
        kind = next(name for name, _seats, most in ROOMS if len(chosen) <= most)
        _dealt(used, kind, span)
        row: Json = {"id": f"M{len(planted)}", "parties": [side["id"] for side in chosen], "slots": length}
        row |= {"priority": rng.choices((1, 2, 3), (20, 30, 50))[0], "seats": 2 * len(chosen)}
        tongues = sorted({side["language"] for side in chosen})
        if len(tongues) == 2 and rng.random() < 0.8:
            row["interpretation"] = "-".join(tongues)
            _dealt(crew, row["interpretation"], span)
        if len(planted) % 40 == 7:
            row["locked"] = {"start": start}
        planted.append((start, row))
    order = [
        [one["id"], other["id"]]
        for (start, one), (later, other) in zip(planted[::9], planted[4::9], strict=False)
        if start + one["slots"] <= later
    ]
    return {
        "slots": {"days": days, "per_day": PER_DAY, "minutes": 20, "blocked": sorted(blocked)},
        "parties": [{"id": s["id"], "teams": s["teams"], "available": sorted(s["hours"])} for s in sides],
        "places": [
            {"id": ident, "seats": seats} for name, seats, _most in ROOMS for ident in used if ident.startswith(name)
        ],
        "interpreters": [{"id": ident, "pairs": [ident.rsplit(" ", 1)[0]], "max_day": 14} for ident in crew],
        "meetings": [row for _start, row in planted],
        "after": order,
    }


def _party(rng: random.Random, number: int, usable: list[int]) -> Json:
    hours = set(usable)
    draw = rng.random()
    if draw < 0.12:
        hours = {s for s in usable if s >= rng.choice((6, 8))}
    elif draw < 0.2:
        hours = {s for s in usable if s < usable[-1] - rng.choice((4, 8))}
    return {
        "id": f"P{number}",
        "teams": 2 if rng.random() < 0.2 else 1,
        "hours": hours,
        "language": "ko" if number == 0 else rng.choice(LANGUAGES),
    }


def _dealt(used: dict[str, set[int]], kind: str, span: range) -> None:
    number = 1
    while used.setdefault(f"{kind} {number}", set()) & set(span):
        number += 1
    used[f"{kind} {number}"] |= set(span)
