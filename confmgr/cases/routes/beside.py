"""What the pages of a case and of a lead show beside its text, for readers of the text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from confmgr.accounts.models import User
from confmgr.cases import attaching, matching, meaning, naming, queries, reaching, under
from confmgr.cases.access import speaks_here
from confmgr.cases.consent_forms import CommentForm
from confmgr.gateways import clock
from confmgr.meetings.access import roles_here
from confmgr.meetings.domain import SPEAKERS
from confmgr.meetings.models import Meeting
from confmgr.sharing import asking, recalling
from confmgr.sharing import queries as sharing
from confmgr.sharing.domain import ItemState, Tlp
from confmgr.sharing.models import Item, Recall
from confmgr.sharing.rule import Letter, Viewer
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
    under: Mapping[int, Item] = field(default_factory=dict)


def waits_for(actor: User, meeting: Meeting) -> Waits:
    """What waits for the reader of a home page who sits for a delegation."""
    if not roles_here() & SPEAKERS:
        return Waits()
    now = clock.now()
    viewer = sharing.viewer_of(session(), actor, now)
    recalls = tuple(row for row in recalling.recalled_from(session(), viewer, meeting, now) if not row.acknowledged_at)
    return Waits(
        tuple(one for one in asking.questions(session(), viewer, meeting, now) if one.waits),
        recalls,
        tuple(sharing.to_second(session(), viewer, meeting, now)),
        matching.unanswered(session(), viewer, now, meeting=meeting),
        recalling.stood_under(session(), viewer, recalls, now),
    )


_OF_FEW = frozenset({Tlp.RED, Tlp.AMBER_STRICT})
"""Markings that not everybody of the own party may read."""
NOTHING: dict[str, Any] = {
    "is_author": False,
    "waits": None,
    "readers": (),
    "of_own_party": (),
    "unread_by_others": False,
    "identifiers": (),
    "files": (),
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


def beside(actor: User, viewer: Viewer, item: Item, letter: Letter | None, now: datetime) -> dict[str, Any]:
    """What both pages are made of; for those who see the envelope alone nothing of what hangs on the text."""
    own, readable = sharing.gave(viewer, item), letter is not None
    seen: dict[str, Any] = {"item": item, "letter": letter, "readable": readable, "own": own, "viewer_id": actor.id}
    named = letter is Letter.RECEIVER
    seen["reads_until"] = reaching.reads_until(session(), viewer, item, now) if named else None
    return {**seen, **(_of_readers(actor, viewer, item, now, own=own) if readable else NOTHING)}


def _of_readers(actor: User, viewer: Viewer, item: Item, now: datetime, *, own: bool) -> dict[str, Any]:
    readers = queries.readers(session(), item, now) if own else []
    proposal = sharing.proposed(session(), item, actor, now)
    speaks = speaks_here(item)
    shared = item.state is ItemState.SHARED
    form = None
    if speaks and item.state in {ItemState.SHARED, ItemState.DRAFT}:
        form = CommentForm(formdata=None)
        form.offer(own=own, originator=item.originator.code)
    return {
        "is_author": asking.writes(session(), item, actor, now),
        "waits": proposal if isinstance(proposal, sharing.Waiting) else None,
        "readers": readers,
        "of_own_party": reaching.of_own_party(session(), item) if own and item.marking.tlp in _OF_FEW else (),
        "unread_by_others": own and queries.unread_by_others(item, readers),
        "identifiers": naming.identifiers_of(session(), item),
        "files": attaching.files_under(session(), item, viewer, now),
        "ended": proposal if isinstance(proposal, sharing.Ended) else None,
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
