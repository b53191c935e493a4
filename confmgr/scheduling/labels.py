"""Names of this room's words, and sentences of its refusals."""

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p
from flask_babel import ngettext

from confmgr.scheduling.conflicts import Clash, ClashKind, Severity
from confmgr.scheduling.domain import (
    Answer,
    AppliedState,
    CommandKind,
    Keep,
    Prefer,
    RequestKind,
    RequestLevel,
    RequestState,
    SessionKind,
    SessionState,
    key_name,
)
from confmgr.scheduling.free import Cost, CostKind
from confmgr.scheduling.models import MeetingSession
from confmgr.scheduling.plan_checks import Doubt
from confmgr.web import labels
from confmgr.web.formats import plain_words

labels.register(
    {
        SessionKind.PLENARY: _l("Plenary"),
        SessionKind.MULTILATERAL: _l("Multilateral meeting"),
        SessionKind.BILATERAL: _l("Bilateral meeting"),
        SessionKind.BRIEFING: _l("Briefing"),
        SessionKind.BREAK: _l("Break"),
        SessionKind.SOCIAL: _l("Social programme"),
        SessionKind.REGISTRATION: _l("Registration"),
        SessionKind.CEREMONY: _l("Ceremony"),
        SessionKind.HEADS: _l("Heads of delegation"),
        SessionKind.PRESS: _l("Press"),
        SessionKind.HOLD: _l("Blocked time"),
    }
)
labels.register(
    {
        SessionState.DRAFT: _p("session", "Draft"),
        SessionState.CONFIRMED: _p("session", "Confirmed"),
        SessionState.HELD: _p("session", "Held"),
        SessionState.CANCELLED: _p("session", "Cancelled"),
        SessionState.ABSENT: _p("session", "A side did not come"),
    }
)
labels.register(
    {
        RequestKind.CASE: _l("On cases"),
        RequestKind.PLANNING: _l("Planning"),
        RequestKind.COOPERATION: _l("Cooperation"),
        RequestKind.COURTESY: _l("Courtesy"),
    }
)
labels.register(
    {
        RequestLevel.WORKING: _l("Working level"),
        RequestLevel.HEADS: _l("Heads of delegation"),
    }
)
labels.register(
    {
        RequestState.ASKED: _p("request", "Waits for an answer"),
        RequestState.ACCEPTED: _p("request", "Accepted"),
        RequestState.DECLINED: _p("request", "Declined"),
        RequestState.WITHDRAWN: _p("request", "Withdrawn"),
        RequestState.JOINED: _p("request", "Joined with others"),
        RequestState.SCHEDULED: _p("request", "Scheduled"),
        RequestState.HELD: _p("request", "Held"),
    }
)
labels.register(
    {
        AppliedState.RUNNING: _p("plan", "Being computed"),
        AppliedState.OFFERED: _p("plan", "Waits to be taken"),
        AppliedState.APPLIED: _p("plan", "Taken"),
        AppliedState.DISCARDED: _p("plan", "Put aside"),
        AppliedState.FAILED: _p("plan", "Ended without a plan"),
    }
)
labels.register({Doubt.CHANGED: _p("plan", "changed since"), Doubt.CLASHES: _p("plan", "clashes by now")})
labels.register(
    {
        Keep.PLACED: _p("plan", "Everything that has a time"),
        Keep.CLOSE: _p("plan", "What is locked; the rest moves as little as possible"),
        Keep.LOCKED: _p("plan", "Only what is locked"),
        Prefer.IDLE: _p("plan", "Short waits: few gaps between the meetings of a delegation"),
        Prefer.LATENESS: _p("plan", "Early meetings, the most urgent first"),
        Prefer.PLACE_CHANGES: _p("plan", "Each delegation at one table"),
    }
)
labels.register(
    {
        Answer.WAITING: _p("answer", "No answer yet"),
        Answer.ACCEPTED: _p("answer", "Accepts"),
        Answer.DECLINED: _p("answer", "Declines"),
    }
)
labels.register(
    {
        ClashKind.DELEGATION_BUSY: _l("A delegation has no team left"),
        ClashKind.DELEGATION_AWAY: _l("A delegation is not available"),
        ClashKind.PERSON_BUSY: _l("A person is in two meetings at once"),
        ClashKind.PERSON_AWAY: _l("A person is not there, or has something else"),
        ClashKind.PLACE_TAKEN: _l("The place is taken"),
        ClashKind.PLACE_SMALL: _l("The place has too few seats"),
        ClashKind.PLACE_CLOSED: _l("The place is closed"),
        ClashKind.WALK_TOO_SHORT: _l("The time to walk to another building is too short"),
        ClashKind.INTERPRETER_BUSY: _l("An interpreter is in two meetings at once"),
        ClashKind.INTERPRETER_MISSING: _l("An interpreter is missing"),
        ClashKind.INTERPRETER_PAIR: _l("An interpreter does not speak the two languages"),
        ClashKind.INTERPRETER_AWAY: _l("An interpreter does not work then"),
        ClashKind.INTERPRETER_TIRED: _l("An interpreter has no pause"),
        ClashKind.INTERPRETER_LONG_DAY: _l("An interpreter works too long on one day"),
        ClashKind.ORDER_BROKEN: _l("The order of two meetings is broken"),
        ClashKind.WHOLE_MEETING: _l("It falls into a plenary or a break"),
        ClashKind.TIME_NOT_WISHED: _l("It is at a time that was not wished for"),
        ClashKind.WISHED_SAME_DAY: _l("Two meetings are on two days that were wished for one"),
        ClashKind.WISHED_APART: _l("Two meetings are at the same time that were wished apart"),
    }
)
labels.register(
    {
        Severity.BLOCK: _p("rule", "Refuse"),
        Severity.WARN: _p("rule", "Warn"),
        Severity.IGNORE: _p("rule", "Ignore"),
    }
)
labels.register(
    {
        CommandKind.ADD: _p("step", "adding"),
        CommandKind.CHANGE: _p("step", "the change"),
        CommandKind.MOVE: _p("step", "the move"),
        CommandKind.SWAP: _p("step", "the swap"),
        CommandKind.RESIZE: _p("step", "the other length"),
        CommandKind.UNPLACE: _p("step", "putting back"),
        CommandKind.LOCK: _p("step", "the lock"),
        CommandKind.CANCEL: _p("step", "the cancellation"),
        CommandKind.RESTORE: _p("step", "taking place after all"),
        CommandKind.REMOVE: _p("step", "the deletion"),
        CommandKind.DESK: _p("step", "what the desk noted"),
        CommandKind.PLAN: _p("step", "the automatic schedule"),
        CommandKind.TAKE_UP: _p("step", "the draft taken up"),
        CommandKind.PUBLISH: _p("step", "publishing"),
        CommandKind.UNDO: _p("step", "undoing"),
        CommandKind.REDO: _p("step", "doing again"),
    }
)
labels.register_reasons(
    {
        "nobody_asked": _l("Choose at least one delegation to meet."),
        "meets_itself": _l("%(code)s cannot ask to meet itself."),
        "other_meeting": _l("That belongs to another meeting."),
        "not_asked": _l("%(code)s was not asked in this request."),
        "request_closed": _l("The request is “%(state)s” and cannot be changed any more."),
        "not_accepted": _l("The request is “%(state)s”. Every side must accept it before it can be placed."),
        "length_not_right": _l("The length is a multiple of five minutes, at most %(longest)s minutes."),
        "priority_out_of_range": _l("The priority is 1, 2 or 3."),
        "no_such_half_day": _l("The meeting has no such half-day. Choose among those that are offered."),
        "apart_from_itself": _l("A meeting cannot be kept apart from itself."),
        "same_day_as_itself": _l("A meeting is always on the same day as itself."),
        "apart_of_others": _l("Choose among the other requests of the delegation that asks."),
        "join_two": _l("Choose at least two requests that are still open and have no session yet."),
        "join_two_sides": _l(
            "Together these requests still have only two sides; they are one bilateral, not a multilateral."
        ),
        "off_grid": _l("Start and end are multiples of five minutes."),
        "outside_meeting": _l("The meeting is from %(first)s to %(last)s. Choose a time on one of its days."),
        "not_placed": _l("The session has no time yet. Place it first."),
        "session_state": _l("The session is “%(state)s”, so this cannot be done."),
        "nothing_to_plan": _l("Nothing waits to be placed. Accepted requests become sessions first."),
        "not_planning": _l("The planner is not at work on this plan any more."),
        "plan_not_taken": _l("This plan was not taken, or has been taken back already."),
        "plan_overtaken": _l(
            "The plan cannot be taken back, because somebody has changed %(sessions)s since. Move sessions by hand."
        ),
        "no_plan_offered": _l("This plan has been taken or put aside already."),
        "walk_out_of_range": _l("The walk takes at most %(longest)s minutes."),
        "has_left": _l("%(code)s is not at the meeting, or has left it."),
        "host_stays": _l("The host's delegation cannot be taken out of its own meeting."),
        "person_has_left": _l("Somebody of that list has left."),
        "not_in_session": _l("%(code)s takes no part in that session."),
        "other_delegation": _l("Somebody of that list is of another delegation."),
        "two_delegations": _l("Choose at least two delegations."),
        "slot_over": _l("That time is over. Choose a later one."),
        "no_slot": _l("This request names no free slot. Answer it among the meeting requests."),
        "nothing_to_undo": _l("You have nothing to undo."),
        "draft_name_taken": _l("There is a draft of that name already. Choose another one, or delete that one first."),
        "nothing_to_redo": _l("You have nothing to do again."),
    }
)

_SENTENCES = {
    ClashKind.DELEGATION_BUSY: _l("%(who)s has no team left: it is in %(other)s then."),
    ClashKind.DELEGATION_AWAY: _l("%(who)s is not available then."),
    ClashKind.PERSON_BUSY: _l("%(who)s is in %(other)s then."),
    ClashKind.PERSON_AWAY: _l("%(who)s is not there then, or has something else."),
    ClashKind.PLACE_TAKEN: _l("Place %(who)s is taken by %(other)s."),
    ClashKind.PLACE_SMALL: _l("Place %(who)s has too few seats."),
    ClashKind.PLACE_CLOSED: _l("Place %(who)s is closed then."),
    ClashKind.WALK_TOO_SHORT: _l("%(who)s cannot walk between this and %(other)s in time: they are in two buildings."),
    ClashKind.INTERPRETER_BUSY: _l("The interpreter %(who)s is in %(other)s then."),
    ClashKind.INTERPRETER_MISSING: _l("An interpreter for %(who)s is missing."),
    ClashKind.INTERPRETER_PAIR: _l("The interpreter %(who)s does not speak both languages."),
    ClashKind.INTERPRETER_AWAY: _l("The interpreter %(who)s does not work then."),
    ClashKind.INTERPRETER_TIRED: _l("The interpreter %(who)s has no pause."),
    ClashKind.INTERPRETER_LONG_DAY: _l("The interpreter %(who)s works longer that day than allowed."),
    ClashKind.ORDER_BROKEN: _l("It must come after %(other)s, or before it."),
    ClashKind.WHOLE_MEETING: _l("It falls into %(other)s, which is for everybody."),
    ClashKind.TIME_NOT_WISHED: _l("Who asked for it wished for another time."),
    ClashKind.WISHED_SAME_DAY: _l("Who asked wished it on the same day as %(other)s."),
    ClashKind.WISHED_APART: _l("Who asked wished it not to be at the same time as %(other)s."),
}


def clash_sentence(clash: Clash, names: Mapping[str, str] | None = None) -> str:
    """A broken rule in words; people by their name, other sessions as `names` calls them, else by their reference."""
    return str(_SENTENCES[clash.kind]) % {
        "who": key_name(clash.who),
        "other": (names or {}).get(clash.other, clash.other),
    }


def session_names(rows: Iterable[MeetingSession]) -> dict[str, str]:
    """What sessions are called in a sentence, by their references: their codes, else their title or kind."""
    return {
        row.reference: "–".join(link.delegation.party.code for link in row.delegations)
        or plain_words(row.title)
        or labels.of(row.kind)
        for row in rows
    }


def cost_words(costs: Iterable[Cost], names: Mapping[str, str]) -> str:
    """What a time and place cost, in a few words: `one idle slot for Thailand, another table`; `names`: of parties."""
    return ", ".join(_cost(cost, names) for cost in costs) or _("costs nobody anything")


def _cost(cost: Cost, names: Mapping[str, str]) -> str:  # one sentence a kind
    who = names.get(cost.who, key_name(cost.who))
    match cost.kind:
        case CostKind.IDLE:
            return ngettext("one idle slot for %(who)s", "%(num)s idle slots for %(who)s", cost.amount, who=who)
        case CostKind.IDLE_FILLED:
            return ngettext(
                "one idle slot less for %(who)s", "%(num)s idle slots less for %(who)s", cost.amount, who=who
            )
        case CostKind.OTHER_PLACE:
            return _("another table for %(who)s", who=who)
        case CostKind.LATER:
            return _("%(minutes)s min later", minutes=cost.amount)
        case CostKind.DAYS_LATER:
            return ngettext("one day later", "%(num)s days later", cost.amount)
        case CostKind.INTERPRETER_CHANGED:
            return _("%(who)s interprets instead", who=who)
        case CostKind.INTERPRETER_FOUND:
            return _("%(who)s is free to interpret", who=who)


_DONE = {
    CommandKind.ADD: _l("%(who)s added %(what)s."),
    CommandKind.CHANGE: _l("%(who)s changed %(what)s."),
    CommandKind.MOVE: _l("%(who)s moved %(what)s."),
    CommandKind.SWAP: _l("%(who)s swapped %(what)s."),
    CommandKind.RESIZE: _l("%(who)s gave %(what)s another length."),
    CommandKind.UNPLACE: _l("%(who)s put %(what)s back among the unscheduled."),
    CommandKind.LOCK: _l("%(who)s locked or unlocked %(what)s."),
    CommandKind.CANCEL: _l("%(who)s cancelled %(what)s."),
    CommandKind.RESTORE: _l("%(who)s brought %(what)s back."),
    CommandKind.REMOVE: _l("%(who)s deleted %(what)s."),
    CommandKind.DESK: _l("%(who)s noted at the desk what became of %(what)s."),
    CommandKind.PLAN: _l("%(who)s applied an automatic schedule to %(what)s."),
    CommandKind.TAKE_UP: _l("%(who)s took up a draft that places %(what)s."),
    CommandKind.PUBLISH: _l("%(who)s published the schedule."),
    CommandKind.UNDO: _l("%(who)s took back a step on %(what)s."),
    CommandKind.REDO: _l("%(who)s did a step on %(what)s again."),
}


def step_sentence(kind: CommandKind, who: str, what: str) -> str:
    """What somebody did to some sessions, in words."""
    return str(_DONE[kind]) % {"who": who, "what": what}


def clash_templates() -> dict[str, str]:
    """The sentences of broken rules with `{who}` and `{other}` to be filled in, for the board's script."""
    return {kind.value: str(text) % {"who": "{who}", "other": "{other}"} for kind, text in _SENTENCES.items()}
