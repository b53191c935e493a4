"""What the pages of a case and of a lead show beside its text, for readers of the text."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from confmgr.accounts.models import User
from confmgr.cases import matching, meaning, under
from confmgr.cases.consent_forms import CommentForm
from confmgr.gateways import clock
from confmgr.meetings.access import roles_here
from confmgr.meetings.domain import SPEAKERS
from confmgr.meetings.models import Meeting
from confmgr.sharing import asking, recalling
from confmgr.sharing import queries as sharing
from confmgr.sharing.domain import ItemState
from confmgr.sharing.models import Item, Recall
from confmgr.sharing.rule import Viewer
from confmgr.web.db import session


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits for somebody at a meeting: questions and lower markings to agree to, recalls to acknowledge.

    And how many values turned out to be known to another party, of which nobody has said anything yet.
    """

    questions: tuple[asking.Question, ...] = ()
    recalls: tuple[Recall, ...] = ()
    markings: tuple[Item, ...] = ()
    matches: int = 0


def waits_for(actor: User, meeting: Meeting) -> Waits:
    """What waits for the reader of a home page who sits for a delegation."""
    if not roles_here() & SPEAKERS:
        return Waits()
    now = clock.now()
    viewer = sharing.viewer_of(session(), actor, now)
    return Waits(
        tuple(one for one in asking.questions(session(), viewer, meeting, now) if one.waits),
        tuple(row for row in recalling.recalled_from(session(), viewer, meeting, now) if not row.acknowledged_at),
        tuple(sharing.to_second(session(), viewer, meeting, now)),
        matching.unanswered(session(), viewer, now, meeting=meeting),
    )


NOTHING: dict[str, Any] = {
    "questions": (),
    "ended": None,
    "called_back": (),
    "earlier": (),
    "comments": (),
    "comment_form": None,
    "may_ask": False,
    "may_keep": False,
    "me": None,
    "target": meaning.target,
    "of_end": meaning.of_end,
}


def beside(actor: User, viewer: Viewer, item: Item, now: datetime, *, readable: bool, own: bool) -> dict[str, Any]:
    """Questions, recalls, what it said before and comments; nothing of them for those who see the envelope alone."""
    if not readable:
        return NOTHING
    speaks = bool(roles_here() & SPEAKERS)
    shared = item.state is ItemState.SHARED
    form = None
    if speaks and item.state in {ItemState.SHARED, ItemState.DRAFT}:
        form = CommentForm(formdata=None)
        form.offer(own=own, originator=item.originator.code)
    return {
        "ended": sharing.ended(session(), item, actor, now),
        "questions": asking.questions_about(session(), item, viewer, now),
        "called_back": recalling.called_back(session(), item) if own else (),
        "earlier": under.earlier(session(), viewer, item, now),
        "comments": under.comments(session(), viewer, item, now),
        "comment_form": form,
        "may_ask": speaks and shared,
        "may_keep": own and (item.author_id == actor.id or asking.keeps(session(), item, actor, now)),
        "me": actor.id,
        "target": meaning.target,
        "of_end": meaning.of_end,
    }
