"""What the planner says, in the reader's words: its levels, how far it is, why it left something out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from confmgr.jobs.labels import register_progress
from confmgr.scheduling import wish_words
from confmgr.scheduling.domain import AppliedState, CommandState, Keep, Prefer, key_name
from confmgr.scheduling.grid import Grid
from confmgr.scheduling.models import BoardCommand, PlanRun
from confmgr.scheduling.stays import FIXED
from confmgr.scheduling.wish_words import Wished
from confmgr.scheduling.wording import moment
from confmgr.web import formats, labels

LEVELS = {
    "unplaced": _l("Left out; the most urgent count three times"),
    "moved": _l("Moved; published sessions count ten times, accepted ones a hundred times"),
    "idle": _l("Slots in which delegations wait between two meetings"),
    "unfairness": _l("Slots in which the delegation waits that waits most"),
    "lateness": _l("Lateness; the most urgent count three times"),
    "place_changes": _l("Changes of place from one meeting to the next"),
}
"""The levels of the planner (`confmgr.planner.domain.Level`)."""


@dataclass(frozen=True, slots=True)
class LevelLine:
    """One level as pages show it; `standing`: `proven`, `now` (worked on), `later`, `open`; `judged` without bounds."""

    name: str
    title: str
    value: int
    bound: int | None
    standing: str


def level_lines(levels: Iterable[Mapping[str, Any]], *, working: bool = False) -> list[LevelLine]:
    """Levels in the order in which they are decided; while the planner is at work the first open one is worked on."""
    found: list[LevelLine] = []
    for one in levels:
        taken = any(line.standing == "now" for line in found)
        standing = _standing(one, taken=taken, working=working)
        found.append(LevelLine(one["name"], level_title(one["name"]), one["value"], one.get("bound"), standing))
    return found


def levels_of(run: PlanRun) -> list[LevelLine]:
    """The levels of a run's plan; what moved only where as little as possible was to."""
    levels = (run.plan or {}).get("levels", ())
    return level_lines(one for one in levels if one["name"] != "moved" or "previous" in run.options)


def _standing(one: Mapping[str, Any], *, taken: bool, working: bool) -> str:
    if "bound" not in one:
        return "judged"
    if one["value"] == one["bound"] and not taken:
        return "proven"
    return "open" if not working else "later" if taken else "now"


def level_title(name: str) -> str:
    """What a level counts."""
    return str(LEVELS[name])


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    placed: int
    wanted: int
    seconds: int
    allowed: int
    levels: tuple[LevelLine, ...]

    @property
    def sentence(self) -> str:
        """The level that is worked on, and what is known of it."""
        now = next((line for line in self.levels if line.standing == "now"), None)
        if now is None:
            return _("Nothing can be better any more.") if self.levels else _("Looking for a first plan.")
        facts = {"level": now.title, "value": formats.number(now.value), "bound": formats.number(now.bound or 0)}
        return _("At work on: %(level)s. So far %(value)s, and it cannot be less than %(bound)s.", **facts)


def progress(facts: Mapping[str, Any] | None) -> Progress | None:
    """What a job of the planner noted of itself (`confmgr.scheduling.tasks`); None before it began."""
    if not facts or "levels" not in facts:
        return None
    return Progress(
        facts["placed"],
        facts["wanted"],
        round(facts["seconds"]),
        round(facts["allowed"]),
        tuple(level_lines(facts["levels"], working=True)),
    )


def _told(facts: Mapping[str, Any]) -> str:
    known = progress(facts)
    return "" if known is None else known.sentence


register_progress("plan_meeting", _told)


@dataclass(frozen=True, slots=True)
class Past:
    """A run as the history shows it."""

    run: PlanRun
    asked: str
    levels: str
    state: str
    kind: str
    can_go_back: bool


def history(runs: Iterable[PlanRun], steps: Mapping[int, BoardCommand]) -> list[Past]:
    """Runs with what they were asked, how good they are, and what became of them; `steps` by the id of the run."""
    return [_past(run, steps.get(run.id)) for run in runs]


def _past(run: PlanRun, step: BoardCommand | None) -> Past:
    stands = step is not None and step.state is CommandState.DONE
    taken_back = run.state is AppliedState.APPLIED and step is not None and not stands
    kinds = {"offered": "info", "applied": "ok", "failed": "conflict", "running": "half"}
    return Past(
        run,
        asked=_asked(run),
        levels=", ".join(
            str(_SHORT[one["name"]]) % {"number": formats.number(one["value"])}
            for one in (run.plan or {}).get("levels", ())
            if one["name"] in _SHORT and (one["name"] != "moved" or "previous" in run.options)
        ),
        state=_("Taken back") if taken_back else labels.of(run.state),
        kind="neutral" if taken_back else kinds.get(run.state.value, "neutral"),
        can_go_back=run.state is AppliedState.APPLIED and stands,
    )


def _asked(run: PlanRun) -> str:
    words = [labels.of(Keep(run.options["keep"])), labels.of(Prefer(run.options["prefer"]))]
    if run.job is not None and "seconds" in run.job.args:
        seconds = round(run.job.args["seconds"])
        words.append(ngettext("%(num)s second", "%(num)s seconds", seconds))
    return " · ".join(words)


_SHORT = {
    "moved": _l("moved %(number)s"),
    "idle": _l("waiting %(number)s"),
    "lateness": _l("lateness %(number)s"),
    "place_changes": _l("changes of place %(number)s"),
}

_ENDS = {
    "died": _l("The planner broke off. Nothing was changed."),
    "silent": _l("The planner gave no sign of life any more and was ended. Nothing was changed."),
    "late": _l("The planner did not answer in time and was ended. Nothing was changed."),
    "memory": _l("The planner needed more memory than it may use. Nothing was changed. Plan fewer sessions at once."),
}


def end_sentence(end: str | None) -> str:
    """Why a run has no plan (`confmgr.planner.process.End`)."""
    return str(_ENDS[end]) if end in _ENDS else _("The planner ended without a plan. Nothing was changed.")


def broken_off(run: PlanRun) -> str:
    """That an offered plan is what a planner had found that broke off; empty for one that it answered."""
    if run.plan is None or "end" not in run.options:
        return ""
    return _("The planner broke off before it was done. This is the best plan that it had found by then.")


_NOTES: dict[str, Any] = {
    "walks": _l("The time to walk from building to building."),
    "work_before": _l(
        "What interpreters do in plenaries, and did before now: %(names)s may work longer without a pause, or longer "
        "in a day, than they should."
    ),
    "work_too_long": _l("In what stays, %(names)s interpret twice at once or too long; they rest beside it."),
    "off_grid": _l("Not on the grid, so they stay, and every slot that they touch counts as taken: %(names)s."),
    "not_planned": _l("For everybody or without delegations, so you place them yourself: %(names)s."),
    "requests": _l("Accepted requests that have no session yet: %(count)s."),
    "ignored": _l("This meeting only warns of some rules, or ignores them; the planner keeps them all the same."),
    "over": _l("The meeting is over; its times count as if they were still to come."),
    "clashing": _l("What stays clashes already, and stays so: %(names)s."),
    "against_wish": _l("Where they are now, and may stay, a wish for the time is not kept: %(names)s."),
    "wish_gone": _l("The meeting no longer has the half-days that were wished for: %(names)s."),
}


def note_sentences(notes: Iterable[Mapping[str, Any]], names: Mapping[str, str] | None = None) -> list[str]:
    """What a plan could not take into account; `names`: of sessions, by reference."""
    return [_note(note, names or {}) for note in notes]


def _note(note: Mapping[str, Any], names: Mapping[str, str]) -> str:
    facts = dict(note)
    facts["names"] = ", ".join(_named(one, names) for one in note.get("names", ()))
    return str(_NOTES[str(note["kind"])]) % facts


def _named(reference: str, names: Mapping[str, str]) -> str:
    """A session as a sentence calls it: what is fixed has a sign before its reference in the planner's task."""
    reference = reference.removeprefix(FIXED).partition("/")[0]
    return key_name(names.get(reference, reference))


_REASONS = {
    "no_place_large_enough": _l("It needs %(seats)s seats, and the largest place has %(largest)s."),
    "no_interpreter": _l("It needs %(needs)s interpreters for %(pair)s, and there are %(has)s."),
    "party_full": _l("%(party)s is asked for more than its teams can hold: %(needs)s of %(has)s slots."),
    "order_clash": _l("%(after)s must come after %(before)s, and cannot."),
    "places_full": _l("Meetings of this size need %(needs)s slots at a place, and there are %(has)s."),
    "interpreters_full": _l("Meetings in %(pair)s need %(needs)s slots of interpreters, and there are %(has)s."),
    "persons_full": _l("%(person)s is asked for %(needs)s slots, and has %(has)s."),
}
_WITHIN = {
    "interval_full": _l("From %(first)s to %(last)s %(party)s is asked for %(needs)s slots, and has %(has)s."),
    "places_full": _l(
        "From %(first)s to %(last)s meetings of this size need %(needs)s slots at a place, and there are %(has)s."
    ),
    "interpreters_full": _l(
        "From %(first)s to %(last)s meetings in %(pair)s need %(needs)s slots of interpreters, and there are %(has)s."
    ),
    "persons_full": _l("From %(first)s to %(last)s %(person)s is asked for %(needs)s slots, and has %(has)s."),
}
"""The same where the slots lie within a stretch of time."""
_RULES = {
    "meeting": _l("%(names)s is to be placed."),
    "available": _l("%(names)s is there only part of the time."),
    "window": _l("%(names)s may only be at certain times."),
    "lock": _l("%(names)s is locked to its time."),
    "lock_place": _l("%(names)s is locked to its place."),
    "order": _l("%(second)s comes after %(first)s."),
    "same_day": _l("%(first)s and %(second)s are to be on one day, as was wished."),
    "place": _l("%(names)s: one meeting at a time at each, and only when it is open."),
    "seats": _l("%(names)s needs a place with enough seats."),
    "interpretation": _l("%(names)s needs interpreters of its languages."),
    "interpreter": _l("%(names)s: each interprets one meeting at a time, and only when there."),
    "max_run": _l("%(names)s: a pause is due after a while."),
    "max_day": _l("%(names)s: each interprets only so long a day."),
    "person": _l("%(names)s can be in one meeting at a time."),
}
_OF_MEETINGS = frozenset({"meeting", "window", "lock", "lock_place", "seats", "interpretation"})
"""Rules that name a meeting; of one that stays only that it does is said."""
SHOWN = 6
"""Names of one rule that a sentence lists; of more it says how many."""


def because_sentences(
    because: Mapping[str, Any],
    names: Mapping[str, str] | None = None,
    grid: Grid | None = None,
    wished: Wished | None = None,
) -> list[str]:
    """Why the planner left a session out, the reason first (`confmgr.planner.because`), then the rules that clash.

    Args:
        because: A reason as data.
        names: What sessions are called, by reference.
        grid: The slots of the meeting as times; without it slots have numbers.
        wished: The wishes that the planner was told, by reference.
    """
    kind, known = str(because["kind"]), names or {}
    if kind == "rules_clash":
        meetings = _keys([_named(str(one), known) for one in because.get("meetings", ())])
        lines = [line for rule in because["rules"] for line in _rule(rule, known, wished or {})]
        return [_("%(meetings)s: these rules cannot all be kept.", meetings=meetings), *dict.fromkeys(lines)]
    said = (wished or {}).get(str(because["meeting"]), {})
    if kind == "all_times_taken" and _most(because) == "person" and said.get("beside"):
        kind = "beside"
    return [
        _reason(kind, because, known, grid),
        *wish_words.of_reason(because, wished or {}, partial(_named, names=known)),
    ]


def because_sentence(
    because: Mapping[str, Any],
    names: Mapping[str, str] | None = None,
    grid: Grid | None = None,
    wished: Wished | None = None,
) -> str:
    """The same as one text."""
    return " ".join(because_sentences(because, names, grid, wished))


def was_counted(because: Mapping[str, Any] | None) -> bool:
    """Whether a reason was not found once more by a second solve."""
    return because is not None and not because.get("verified", True)


def _reason(kind: str, because: Mapping[str, Any], names: Mapping[str, str], grid: Grid | None) -> str:
    special: dict[str, Callable[[], str]] = {
        "all_times_taken": lambda: _taken(because),
        "no_common_time": lambda: _no_common_time(because),
        "lock_clash": lambda: _lock_clash(because, names),
    }
    if kind in special:
        return special[kind]()
    if short := wish_words.shortage(because):
        return short
    facts = {**because, "person": key_name(str(because.get("person", "")))}
    facts |= {one: _named(str(because[one]), names) for one in ("before", "after") if one in because}
    if because.get("pair"):
        facts["pair"] = formats.pair_name(str(because["pair"]))
    if "first" in because and kind in _WITHIN:
        first, last = int(because["first"]), int(because["last"])
        return str(_WITHIN[kind]) % {**facts, "first": _slot(first, grid), "last": _slot(last, grid, ends=True)}
    if kind not in _REASONS:
        return _("There is no room for it beside the others.")
    return str(_REASONS[kind]) % facts


def _slot(slot: int, grid: Grid | None, *, ends: bool = False) -> str:
    if grid is None:
        return str(slot)
    at: datetime = grid.start(slot) + timedelta(minutes=grid.minutes if ends else 0)
    return moment(at)


def _no_common_time(because: Mapping[str, Any]) -> str:
    who = [*because.get("parties", ()), *map(key_name, because.get("people", ()))]
    if because.get("window"):
        return _(
            "%(parties)s have no time in common that is long enough, within the time that is left for it.",
            parties=", ".join(who),
        )
    return _("%(parties)s have no time in common that is long enough.", parties=", ".join(who))


def _lock_clash(because: Mapping[str, Any], names: Mapping[str, str]) -> str:
    what = next((str(because[one]) for one in ("place", "party", "person", "interpreter") if one in because), "")
    meetings = formats.listed(_named(str(one), names) for one in because["meetings"])
    return _(
        "%(meetings)s are locked so that they need %(what)s at the same time.",
        meetings=meetings,
        what=_keys(what.split(", ")),
    )


def _keys(names: Sequence[str]) -> str:
    shown = ", ".join(key_name(name) for name in names[:SHOWN])
    more = len(names) - SHOWN
    if more <= 0:
        return shown
    return ngettext("%(names)s and %(num)s other", "%(names)s and %(num)s others", more, names=shown)


def _rule(rule: Mapping[str, Any], names: Mapping[str, str], wished: Wished) -> list[str]:
    kind, about = str(rule["kind"]), [str(one) for one in rule["names"]]
    if kind != "order" and about[0].startswith(FIXED) and kind in _OF_MEETINGS:
        return [_("%(session)s stays where it is.", session=_named(about[0], names))] if kind == "lock" else []
    if kind == "party":
        return [_party_rule(about)]
    lines, is_all = wish_words.of_rule(kind, about[0], wished, partial(_named, names=names))
    if is_all:
        return lines
    called = [_named(one, names) for one in about]
    facts = {"names": _keys(called), "first": called[0], "second": called[-1]}
    return [*lines, str(_RULES[kind]) % facts]


def _party_rule(about: Sequence[str]) -> str:
    if len(about) > 1 and about[1].isdecimal():
        teams = int(about[1])
        return ngettext(
            "%(party)s can be in %(num)s meeting at once.",
            "%(party)s can be in %(num)s meetings at once.",
            teams,
            party=about[0],
        )
    return _("%(party)s can be in no more meetings at once than it has teams.", party=", ".join(about))


def _taken(because: Mapping[str, Any]) -> str:
    return {
        "party": _("At every possible start one of its delegations is in another session."),
        "place": _("At every possible start every large enough place is taken."),
        "interpreter": _("At every possible start the interpreters are taken."),
        "person": _("At every possible start somebody who must be there is not."),
    }[_most(because)]


def _most(because: Mapping[str, Any]) -> str:
    names = ("party", "place", "interpreter", "person")
    return max(names, key=lambda name: int(str(because.get(name, 0))))
