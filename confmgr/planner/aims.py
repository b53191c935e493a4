"""What a plan is judged by, as terms of a model: not placed, moved, idle, unfairness, lateness, breaks."""

from collections.abc import Mapping

from confmgr.planner.ending import unless
from confmgr.planner.frame import Spot, ones
from confmgr.planner.model import Linear, Model


class Aims:
    """The levels of a model by name; what they need is added to it when it is asked for first."""

    def __init__(self, model: Model, previous: Mapping[int, int]) -> None:
        self.model, self.previous = model, previous
        self._idle: list[Linear] | None = None
        self._made: dict[str, Linear] = {}

    def of(self, name: str) -> Linear:
        """A level as a term."""
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def _make(self, name: str) -> Linear:
        if name == "unplaced":
            return unplaced(self.model)
        if name == "moved":
            return moved(self.model, self.previous)
        if name == "lateness":
            return lateness(self.model)
        if name == "breaks":
            return sum(breaks(self.model))
        self._idle = self._idle or idle(self.model)
        if name == "idle":
            return sum(self._idle)
        most = self.model.cp.new_int_var(0, self.model.frame.total, "")
        for one in self._idle:
            self.model.cp.add(one <= most)
        return most


def even(model: Model, spread: int) -> None:
    """The rule that no two parties differ by more breaks than `spread`."""
    most, least = (model.cp.new_int_var(0, model.frame.total, "") for _ in range(2))
    for one in breaks(model, exact=True):
        model.cp.add(one <= most)
        model.cp.add(one >= least)
    model.cp.add(most - least <= spread)


def unplaced(model: Model) -> Linear:
    """Weight of what is left out."""
    return sum(model.frame.wishes[at].weight * literal for at, literal in model.out.items())


def moved(model: Model, previous: Mapping[int, int]) -> Linear:
    """Meetings that do not begin where they did, by what they weigh: those that are placed, at another start."""
    terms: list[Linear] = []
    for at, start in previous.items():
        stays = model.x.get((at, start), 0)
        terms.append(model.frame.wishes[at].hold * (1 - stays - model.out.get(at, 0)))
    return sum(terms)


def lateness(model: Model) -> Linear:
    """Weighted ranks of starts."""
    frame = model.frame
    return sum(
        frame.wishes[at].late * frame.rank[start] * literal
        for (at, start), literal in model.x.items()
        if frame.wishes[at].late and frame.rank[start]
    )


def idle(model: Model) -> list[Linear]:
    """Idle slots of each party: free where it is there, after its first meeting of the day and before its last."""
    return [sum(_holes(model, party)) for party in unless(model.over, range(len(model.frame.party_ids)))]


def _holes(model: Model, party: int) -> list[Linear]:
    frame, cp = model.frame, model.cp
    found: list[Linear] = []
    for day in range(frame.days):
        hours = [s for s in ones(frame.hours[party]) if s // frame.per_day == day]
        if len(hours) < 3:  # noqa: PLR2004  # first, hole, last
            continue
        begun = [cp.new_bool_var("") for _ in hours]
        coming = [cp.new_bool_var("") for _ in hours]
        for k, slot in enumerate(hours):
            busy = model.busy[party, slot]
            cp.add(begun[k] >= busy)
            cp.add(coming[k] >= busy)
            if k:
                cp.add_implication(begun[k - 1], begun[k])
                cp.add_implication(coming[k], coming[k - 1])
            hole = cp.new_bool_var("")
            cp.add(hole >= begun[k] + coming[k] - busy - 1)
            found.append(hole)
    return found


def breaks(model: Model, *, exact: bool = False) -> list[Linear]:
    """Breaks of each party: free slots, one or more, between two of its meetings of a day.

    Not `exact`, a term may be more than there are: enough where fewer are better.
    """
    return [sum(_breaks(model, party, exact=exact)) for party in unless(model.over, range(len(model.frame.party_ids)))]


def _breaks(model: Model, party: int, *, exact: bool) -> list[Linear]:
    frame, cp = model.frame, model.cp
    found: list[Linear] = []
    for day in range(frame.days):
        today = range(day * frame.per_day, (day + 1) * frame.per_day)
        coming = {slot: cp.new_bool_var("") for slot in today}
        for slot in today:
            busy = model.busy.get((party, slot), 0)
            cp.add(coming[slot] >= busy)
            if slot > today[0]:
                cp.add_implication(coming[slot], coming[slot - 1])
                ends = cp.new_bool_var("")
                before = model.busy.get((party, slot - 1), 0)
                cp.add(ends >= before - busy + coming[slot] - 1)
                if exact:
                    cp.add(ends <= before)
                    cp.add(ends <= 1 - busy)
                    cp.add(ends <= coming[slot])
                found.append(ends)
        if exact:
            for slot in today:
                cp.add(coming[slot] <= model.busy.get((party, slot), 0) + coming.get(slot + 1, 0))
    return found


def hint(model: Model, spots: Mapping[int, Spot]) -> None:
    """Tell the solver of a plan that is known."""
    model.cp.clear_hints()  # type: ignore[no-untyped-call]
    for (at, start), literal in model.x.items():
        model.cp.add_hint(literal, at in spots and spots[at].start == start)
    for at, literal in model.out.items():
        model.cp.add_hint(literal, at not in spots)
