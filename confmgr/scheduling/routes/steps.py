"""Between the board's script and the services: what it asks for, and what it is told."""

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, Self

from flask import abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.errors import Conflict, Refused, StaleVersion
from confmgr.gateways import clock
from confmgr.meetings.models import Meeting
from confmgr.scheduling import answers, services
from confmgr.scheduling import board as boards
from confmgr.scheduling.answers import Tally
from confmgr.scheduling.board import Board, Card
from confmgr.scheduling.conflicts import Clash, ClashKind, all_clashes
from confmgr.scheduling.domain import CommandKind
from confmgr.scheduling.labels import clash_sentence, clash_templates, step_sentence
from confmgr.scheduling.models import BoardCommand
from confmgr.scheduling.routes import cards
from confmgr.scheduling.services import LaterStep, Made, Placing, Reach
from confmgr.scheduling.services.moves import LONGEST
from confmgr.values.texts import LARGEST_INTEGER
from confmgr.values.times import wall_time
from confmgr.web import formats, labels
from confmgr.web.db import session, transaction

MOST = 1000
"""Sessions that one step may touch."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the script sent: sessions with the versions it has seen, and the revision that it knows."""

    placings: list[Placing]
    after: int
    kind: str
    anyway: bool
    locked: bool

    @classmethod
    def read(cls, exactly: int | None = None) -> Self:
        """From the request; 400 for what is not of this form."""
        data = sent()
        try:
            placings = [_placing(one) for one in data["cards"]]
            given = cls(
                placings,
                _revision(int(data.get("after", 0))),
                str(data.get("kind", "move")),
                anyway=bool(data.get("anyway")),
                locked=bool(data.get("locked")),
            )
        except (TypeError, KeyError, ValueError, AttributeError, OverflowError):
            abort(400)
        idents = {one.ident for one in placings}
        if not 0 < len(placings) <= MOST or len(idents) != len(placings) or len(placings) != (exactly or len(placings)):
            abort(400)
        return given


def _placing(one: Mapping[str, Any]) -> Placing:
    start = one.get("start")
    starts = None if start is None else datetime.fromisoformat(start)
    if starts is not None and starts.tzinfo is not None:
        raise ValueError(start)
    _end = starts and starts + timedelta(minutes=LONGEST)  # the last days of the calendar have none
    place, minutes = one.get("place"), one.get("minutes")
    return Placing(
        uuid.UUID(one["i"]),
        int(one["v"]),
        starts=starts,
        place=None if not place else str(place),
        minutes=None if minutes is None else int(minutes),
    )


def sent() -> Any:
    """The JSON of the request; None for what is none, or nested beyond reading."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


def _revision(number: int) -> int:
    """A revision as it can be compared in the database."""
    return min(max(number, 0), LARGEST_INTEGER)


@dataclass(frozen=True, slots=True)
class Changed:
    """Cards that were touched or whose conflicts changed, with their answers; and those no longer on the board."""

    shown: Sequence[Card]
    gone: Sequence[Card]
    answers: Mapping[int, Tally]


def write(meeting: Meeting, actor: User, given: Given, do: Callable[[Session], Made]) -> ResponseReturnValue:
    """Carry out one step; 409 when a session has changed since it was seen, 422 when a rule forbids it."""
    try:
        with transaction() as current:
            made = do(current)
            since = _since(meeting, made, given.after)
            changed = _changed(current, meeting, made.board, made.clashes, since)
    except StaleVersion as stale:
        return _stale(meeting, actor, stale, given.after)
    except Conflict as conflict:
        return _blocked(meeting, conflict)
    except Refused as refused:
        return {"problem": labels.sentence(refused)}, 422
    reach = Reach(made.command.kind, None) if made.command else services.reach(session(), meeting, actor)
    said = "" if made.command is None else _said(made.board, made.command)
    answer = _answer(meeting, actor, made.board, made.clashes, made.revision, since, reach, changed)
    return _whole(answer, since, given.after) | {"said": said}


def go(meeting: Meeting, actor: User, do: Callable[[Session], BoardCommand]) -> ResponseReturnValue:
    """Take back a step, or do it again; 409 when a session has changed since."""
    after = after_of_request()
    try:
        with transaction() as current:
            command = do(current)
    except StaleVersion as stale:
        return _stale(meeting, actor, stale, after)
    except Refused as refused:
        return {"problem": labels.sentence(refused)}, 422
    told_ = told(session(), meeting, actor, after, services.revision_of(session(), meeting))
    back = command.state.value == "undone"
    sentence = _("Undone: %(step)s.") if back else _("Done again: %(step)s.")
    return told_ | {"said": sentence % {"step": labels.of(command.kind)}, "taken_back": back}


def after_of_request() -> int:
    """The revision that the script knows."""
    data = sent()
    return _revision(data["after"]) if isinstance(data, dict) and isinstance(data.get("after"), int) else 0


def after_of_address() -> int:
    """The same, asked for by `?after=`."""
    return _revision(request.args.get("after", 0, int))


def _since(meeting: Meeting, made: Made, after: int) -> Sequence[BoardCommand]:
    if made.command is not None and made.revision == after + 1:
        return [made.command]
    return services.steps_after(session(), meeting, after)


def told(current: Session, meeting: Meeting, actor: User, after: int, revision: int) -> dict[str, Any]:
    """What has changed after a revision."""
    loaded = boards.load(current, meeting)
    since = services.steps_after(current, meeting, after)
    clashes = all_clashes(loaded.sittings(), loaded.house)
    changed = _changed(current, meeting, loaded, clashes, since)
    answer = _answer(meeting, actor, loaded, clashes, revision, since, services.reach(current, meeting, actor), changed)
    return _whole(answer, since, after)


def _whole(answer: dict[str, Any], since: Sequence[BoardCommand], after: int) -> dict[str, Any]:
    """A revision without a step changed the rules, not sessions: the page is drawn anew."""
    return answer if len(since) >= answer["revision"] - after else answer | {"frame": ""}


def _answer(
    meeting: Meeting,
    actor: User,
    board: Board,
    clashes: cards.Clashes,
    revision: int,
    since: Sequence[BoardCommand],
    reach: Reach,
    changed: Changed,
) -> dict[str, Any]:
    frame = cards.Frame(board, meeting.slot_minutes)
    frame.answers = changed.answers
    return {
        "revision": revision,
        "frame": mark(frame),
        "cards": cards.answer(frame, changed.shown, clashes),
        "gone": [str(card.uuid) for card in changed.gone],
        "by": [
            step_sentence(command.kind, command.actor.name, cards.several(board, _of(board, command)))
            for command in since
            if command.actor_id != actor.id
        ],
        "reach": _reach(reach),
        "tally": cards.tally(board, clashes),
    }


def _changed(
    current: Session, meeting: Meeting, board: Board, clashes: cards.Clashes, since: Sequence[BoardCommand]
) -> Changed:
    touched = {int(ident) for command in since for ident in command.touched}
    before = board
    for command in reversed(since):
        before = before.before(command.touched)
    was = all_clashes(before.sittings(), before.house)
    both = {r for r in was.keys() | clashes.keys() if was.get(r) != clashes.get(r)}
    found = [card for card in board.cards.values() if card.id in touched or card.reference in both]
    there = [card for card in found if not card.removed and cards.is_drawn(card)]
    gone = [card for card in found if card.removed or not cards.is_drawn(card)]
    return Changed(there, gone, answers.tallies(current, meeting, {card.id for card in there}))


def _of(board: Board, command: BoardCommand) -> list[Card]:
    return [board.cards[int(ident)] for ident in command.touched if int(ident) in board.cards]


def _reach(reach: Reach) -> dict[str, str]:
    return {
        "undo": "" if reach.undo is None else labels.of(reach.undo),
        "redo": "" if reach.redo is None else labels.of(reach.redo),
    }


def _said(board: Board, command: BoardCommand) -> str:
    mine = _of(board, command)
    if len(mine) == 1 and command.kind in {CommandKind.MOVE, CommandKind.RESIZE} and mine[0].starts is not None:
        place = cards.where(board, mine[0])
        name, when = cards.short_name(board, mine[0]), cards.when(mine[0])
        if place:
            return _("%(what)s: %(when)s, %(where)s.", what=name, when=when, where=place)
        return _("%(what)s: %(when)s.", what=name, when=when)
    what = cards.several(board, mine)
    if command.kind is CommandKind.LOCK:
        locked = all(card.time_locked for card in mine)
        return _("%(what)s: locked.", what=what) if locked else _("%(what)s: unlocked.", what=what)
    return step_sentence(command.kind, _("You"), what)


def _stale(meeting: Meeting, actor: User, stale: StaleVersion, after: int) -> ResponseReturnValue:
    current = session()
    revision = services.revision_of(current, meeting)
    answer = told(current, meeting, actor, min(after, revision), revision)
    by_id = boards.load(current, meeting).cards
    names = [
        _("%(sentence)s (%(time)s)", sentence=_later(one, by_id), time=formats.clock(wall_time(one.at, meeting.zone)))
        for one in stale.since[:3]
        if isinstance(one, LaterStep)
    ]
    problem = " ".join([_("Not saved, because somebody was faster."), *names])
    return answer | {"problem": problem}, 409


def _later(one: LaterStep, by_id: Mapping[int, Card]) -> str:
    what = ", ".join(by_id[i].reference for i in one.session_ids if i in by_id)
    return step_sentence(one.kind, one.name, what)


def _blocked(meeting: Meeting, conflict: Conflict) -> ResponseReturnValue:
    loaded = boards.load(session(), meeting)
    names = cards.Frame(loaded, meeting.slot_minutes).names
    found = [clash_sentence(clash, names) for clash in conflict.clashes if isinstance(clash, Clash)]
    return {"problem": " ".join(found), "clashes": found, "blocked": True}, 422


def served(url: str) -> str:
    """An address of this site if something answers there, else nothing."""
    adapter = current_app.create_url_adapter(request)
    return url if adapter is not None and adapter.test(url, "GET") else ""


def mark(frame: cards.Frame) -> str:
    """A short mark of days and columns: when it changes, the page must be drawn anew."""
    text = json.dumps([[(str(one.first), one.units) for one in frame.days], [one.code for one in frame.columns]])
    return blake2b(text.encode(), digest_size=6).hexdigest()


def page(current: Session, meeting: Meeting, actor: User) -> dict[str, Any]:
    """What the board's template needs."""
    revision = services.revision_of(current, meeting)
    board = boards.load(current, meeting)
    frame = cards.Frame(board, meeting.slot_minutes)
    frame.answers = answers.tallies(current, meeting)
    clashes = all_clashes(board.sittings(), board.house)
    shown = [cards.drawn(frame, card, clashes) for card in board.shown() if cards.is_drawn(card)]
    now = wall_time(clock.now(), meeting.zone)
    return {
        "frame": frame,
        "board": board,
        "conflicts_url": served(f"/meetings/{meeting.slug}/schedule/conflicts"),
        "waiting": [one for one in shown if one.day is None and one.card.is_open],
        "by_day": [[one for one in shown if one.day == n] for n in range(len(frame.days))],
        "chosen": _chosen_day(frame, now),
        "tally": cards.tally(board, clashes),
        "reach": _reach(services.reach(current, meeting, actor)),
        "data": cards.house(frame, now)
        | {
            "revision": revision,
            "frame": mark(frame),
            "severities": {kind.value: str(board.house.severity(kind)) for kind in ClashKind},
            "sentences": clash_templates(),
            "cards": [cards.numbers(one) for one in shown],
        },
    }


def _chosen_day(frame: cards.Frame, now: datetime) -> int:
    if request.args.get("day") == "all":
        return -1
    wanted = request.args.get("day") or now.date().isoformat()
    return next((n for n, one in enumerate(frame.days) if one.day.isoformat() == wanted), 0)
