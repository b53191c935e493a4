"""Planning tasks that something happened to: what a plan is repaired after, and conflicts put into a task that had none."""

from collections import Counter
from typing import Any

Json = dict[str, Any]


def repairs(given: Json) -> dict[str, Json]:
    """A late delegation, a lost table, a lost interpreter of the pair that most work for, and an added meeting."""
    late = next(n for n, party in enumerate(given["parties"]) if n >= 5)
    hours = given["parties"][late]["available"]
    colleagues = Counter(pair for one in given["interpreters"] for pair in one["pairs"])
    gone = max(given["interpreters"], key=lambda one: colleagues[one["pairs"][0]])["id"]
    return {
        "late delegation": given
        | {
            "parties": _hours(given, late, [s for s in hours if s >= hours[0] + 5]),
            "meetings": _unlocked(given, given["parties"][late]["id"]),
        },
        "lost table": given | {"places": given["places"][1:]},
        "lost interpreter": given | {"interpreters": [i for i in given["interpreters"] if i["id"] != gone]},
        "added meeting": given
        | {"meetings": [*given["meetings"], given["meetings"][0] | {"id": "new", "locked": None}]},
    }


def conflicts(given: Json) -> dict[str, Json]:
    """A task with more than fits, or with locks that clash: five kinds, one at a time."""
    return {
        "a party's hours are too few": _short_stay(given),
        "order against locks": _order_against_locks(given),
        "two locks on one table": _two_on_one_table(given),
        "too few places": _few_places(given),
        "too few interpreters": _few_interpreters(given),
    }


def _hours(given: Json, number: int, hours: list[int]) -> list[Json]:
    return [row | {"available": hours} if n == number else row for n, row in enumerate(given["parties"])]


def _unlocked(given: Json, party: str | None = None) -> list[Json]:
    """Meetings without their locks: all, or those of a party."""
    return [row | {"locked": None} if party in {None, *row["parties"]} else row for row in given["meetings"]]


def _short_stay(given: Json) -> Json:
    """The busiest party of one team stays for fewer slots than its meetings take."""
    load: Counter[str] = Counter()
    for row in given["meetings"]:
        load.update(dict.fromkeys(row["parties"], row["slots"]))
    party = max((row for row in given["parties"] if row["teams"] == 1), key=lambda row: (load[row["id"]], row["id"]))
    number, hours = given["parties"].index(party), party["available"]
    return given | {"parties": _hours(given, number, hours[: load[party["id"]] - 3]), "meetings": _unlocked(given)}


def _apart(given: Json) -> tuple[Json, Json, int]:
    """Two meetings that share no party, and a start at which both could be."""
    there = {row["id"]: set(row["available"]) for row in given["parties"]}
    rows = [row for row in given["meetings"] if row["slots"] == 1 and not row.get("locked")]
    for one in rows:
        for other in rows:
            both = [*one["parties"], *other["parties"]]
            if len(both) == len(set(both)):
                common = set.intersection(*(there[party] for party in both))
                if common:
                    return one, other, sorted(common)[len(common) // 2]
    raise ValueError("no two meetings that could be at one time")


def _locked(given: Json, locks: dict[str, Json]) -> list[Json]:
    return [row | {"locked": locks.get(row["id"])} for row in given["meetings"]]


def _order_against_locks(given: Json) -> Json:
    one, other, start = _apart(given)
    locks = {row["id"]: {"start": start} for row in (one, other)}
    return given | {"meetings": _locked(given, locks), "after": [[one["id"], other["id"]]]}


def _two_on_one_table(given: Json) -> Json:
    one, other, start = _apart(given)
    seats = max(one["seats"], other["seats"])
    place = next(row["id"] for row in given["places"] if row["seats"] >= seats)
    locks = {row["id"]: {"start": start, "place": place} for row in (one, other)}
    return given | {"meetings": _locked(given, locks), "after": []}


def _few_places(given: Json) -> Json:
    """So few places, the largest of them, that all together do not have as many slots as the meetings take."""
    slots = given["slots"]["days"] * given["slots"]["per_day"] - len(given["slots"]["blocked"])
    needed = sum(row["slots"] for row in given["meetings"])
    places = sorted(given["places"], key=lambda row: -row["seats"])
    return given | {"places": places[: max(1, (needed - 1) // slots)], "meetings": _unlocked(given)}


def _few_interpreters(given: Json) -> Json:
    """One interpreter is left of the pair that is asked for most, who works fewer slots than it is asked for."""
    needs: Counter[str] = Counter()
    for row in given["meetings"]:
        if row.get("interpretation"):
            needs[row["interpretation"]] += row["slots"]
    pair, needed = needs.most_common(1)[0]
    others = [one for one in given["interpreters"] if pair not in one["pairs"]]
    most = max(1, (needed - 1) // given["slots"]["days"] // 2)
    left = {"id": f"{pair} 1", "pairs": [pair], "max_day": most}
    return given | {"interpreters": [*others, left], "meetings": _unlocked(given)}
