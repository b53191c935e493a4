"""The schedule board: its page, and what it writes; every write is one step of undo and tells what it changed."""

import uuid as uuids

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from confmgr.accounts.models import User
from confmgr.errors import NotFound
from confmgr.gateways import clock
from confmgr.meetings.models import Meeting
from confmgr.scheduling import answers, queries, services
from confmgr.scheduling import board as boards
from confmgr.scheduling.access import ORGANISER, at_the_board
from confmgr.scheduling.conflicts import all_clashes
from confmgr.scheduling.domain import CommandKind
from confmgr.scheduling.routes import cards, steps
from confmgr.scheduling.routes.blueprint import bp
from confmgr.web.db import session
from confmgr.web.policy import policy


@bp.get("/meetings/<slug>/board")
@policy(ORGANISER)
def board(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """The whole board; `?day=` chooses a day, `?move=` leads to the form of one session, `?plan=` shows a plan."""
    if chosen := request.args.get("move"):
        return redirect(url_for("scheduling.place_session", slug=meeting.slug, uuid=_ident(chosen), board=1))
    run = queries.run_at_work(session(), meeting, actor, request.args.get("plan"))
    return render_template("scheduling/board.html", meeting=meeting, run=run, **steps.page(session(), meeting, actor))


def _ident(text: str) -> uuids.UUID:
    try:
        return uuids.UUID(text)
    except ValueError:
        raise NotFound("session", text) from None


@bp.get("/meetings/<slug>/board/<uuid:uuid>/details")
@policy(at_the_board)
def board_details(*, meeting: Meeting, actor: User, uuid: uuids.UUID) -> ResponseReturnValue:
    """One session in the tray's column: what it is, what stands in its way, and what can be done without dragging."""
    loaded = boards.load(session(), meeting)
    card = loaded.by_uuid().get(uuid)
    if card is None or card.removed:
        raise NotFound("session", uuid)
    frame = cards.Frame(loaded, meeting.slot_minutes)
    one = cards.drawn(frame, card, all_clashes(loaded.sittings(), loaded.house))
    return render_template(
        "scheduling/_board_details.html",
        meeting=meeting,
        one=one,
        frame=frame,
        interpreters=cards.interpreters(loaded, card),
        answered=answers.names(session(), meeting, card.id),
        openings_url=steps.served(f"/meetings/{meeting.slug}/sessions/{uuid}/openings"),
    )


@bp.get("/meetings/<slug>/board/changes")
@policy(at_the_board)
def board_changes(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """What has changed since the revision `?after=`; 204 for nothing."""
    after = steps.after_of_address()
    revision = services.revision_of(session(), meeting)
    if revision <= after:
        return "", 204
    return steps.told(session(), meeting, actor, after, revision)


@bp.post("/meetings/<slug>/board/move")
@policy(at_the_board)
def board_move(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Move sessions, or give them another length, in one step."""
    given = steps.Given.read()
    kind = CommandKind.RESIZE if given.kind == "resize" else CommandKind.MOVE
    return steps.write(
        meeting,
        actor,
        given,
        lambda current: services.move_sessions(
            current, meeting, given.placings, actor=actor, now=clock.now(), kind=kind, anyway=given.anyway
        ),
    )


@bp.post("/meetings/<slug>/board/swap")
@policy(at_the_board)
def board_swap(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Let two sessions change time and place."""
    given = steps.Given.read(exactly=2)
    one, other = given.placings
    return steps.write(
        meeting,
        actor,
        given,
        lambda current: services.swap_sessions(
            current, meeting, one, other, actor=actor, now=clock.now(), anyway=given.anyway
        ),
    )


@bp.post("/meetings/<slug>/board/unplace")
@policy(at_the_board)
def board_unplace(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Put sessions back among the unscheduled."""
    given = steps.Given.read()
    return steps.write(
        meeting,
        actor,
        given,
        lambda current: services.unplace_sessions(current, meeting, given.placings, actor=actor, now=clock.now()),
    )


@bp.post("/meetings/<slug>/board/lock")
@policy(at_the_board)
def board_lock(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Lock sessions, or free them again without `locked`."""
    given = steps.Given.read()
    return steps.write(
        meeting,
        actor,
        given,
        lambda current: services.lock_sessions(
            current, meeting, given.placings, actor=actor, now=clock.now(), locked=given.locked
        ),
    )


@bp.post("/meetings/<slug>/board/undo")
@policy(at_the_board)
def board_undo(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Take back the own last step."""
    return steps.go(meeting, actor, lambda current: services.undo(current, meeting, actor=actor, now=clock.now()))


@bp.post("/meetings/<slug>/board/redo")
@policy(at_the_board)
def board_redo(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """Do again what the actor took back."""
    return steps.go(meeting, actor, lambda current: services.redo(current, meeting, actor=actor, now=clock.now()))
