"""Publishing: a frozen publication and its outbox rows in one transaction. Nothing is sent here."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import Refused, StaleVersion
from confmgr.invitations.domain import Difference
from confmgr.invitations.models import Publication
from confmgr.invitations.services.freezing import Frozen, Material, as_published, freeze, material
from confmgr.invitations.services.previewing import Preview, held_in, preview_of
from confmgr.invitations.services.telling import addressees_of, tell
from confmgr.jobs.services import enqueue
from confmgr.meetings.models import Meeting
from confmgr.scheduling.domain import CommandKind, SessionState
from confmgr.scheduling.models import MeetingSession
from confmgr.scheduling.services import step
from confmgr.scheduling.services.commands import Step


def publish(
    session: Session,
    meeting: Meeting,
    *,
    actor: User | None,
    now: datetime,
    domain: str,
    note: str | None = None,
    seen: str | None = None,
    chosen: Mapping[str, bool] | None = None,
    only: Collection[int] | None = None,
    losing: Collection[int] = (),
) -> Publication:
    """Freeze the schedule, raise sequences, and write one outbox row for each participation that must hear.

    Args:
        session: An open transaction; everything happens in it.
        meeting: The meeting.
        actor: Who publishes; None: confmgr itself, which changes no session.
        now: When; DTSTAMP of every message unless an earlier one was not older.
        domain: Right side of the Message-IDs.
        note: For the change log.
        seen: `Preview.mark` of what the person confirmed; None to publish whatever there is.
        chosen: By reference of a changed session, whether it is held back from now on; others stay as they are marked.
        only: Publish these sessions (ids) and nothing else this once, whatever is held back; no mark is changed.
        losing: Ids of delegates who may not see any more what they were told; their sessions are cancelled for them.

    Raises:
        Refused: Nothing is placed yet.
        StaleVersion: The schedule has changed since the preview was shown.
    """
    with _recorded(session, meeting, actor, now) as made:
        given = material(session, meeting)
        held = held_in(given, chosen)
        if only is not None:
            held = frozenset(row.id for row in given.rows if row.id not in only)
        changes: Sequence[Difference] = ()
        shown: Preview | None = None
        if seen is not None or chosen:
            shown = preview_of(session, meeting, given, held, now)
            changes = shown.changes if only is None else ()
            if seen is not None and shown.mark != seen:
                raise StaleVersion("schedule", meeting.slug)
        frozen = freeze(given, held, losing=losing)
        if not frozen:
            raise Refused("nothing_to_publish")
        addressees = addressees_of(session, meeting, frozen, now) if shown is None else shown.addressees
        publication = Publication(
            meeting_id=meeting.id,
            number=1 if given.last is None else given.last.number + 1,
            made_at=now,
            made_by_id=None if actor is None else actor.id,
            note=note,
        )
        session.add(publication)
        session.flush()
        session.bulk_save_objects([as_published(publication, one) for one in frozen])
        if made is not None:
            _mark_held(given, changes, made)
            _confirm(session, frozen, made)
    tell(session, meeting, publication, addressees, now, domain)
    record(
        session,
        actor=actor,
        now=now,
        action="publish",
        object_type="publication",
        object_uuid=publication.uuid,
        meeting_id=meeting.id,
        facts={"number": publication.number, "told": len(addressees)},
    )
    enqueue(session, "send_outbox", {}, owner=actor, now=now, meeting_id=meeting.id)
    return publication


def _recorded(
    session: Session, meeting: Meeting, actor: User | None, now: datetime
) -> AbstractContextManager[Step | None]:
    if actor is None:
        return nullcontext()
    return step(session, meeting, actor=actor, now=now, kind=CommandKind.PUBLISH)


def _mark_held(given: Material, changes: Sequence[Difference], made: Step) -> None:
    rows = {row.id: row for row in given.rows}
    for one in changes:
        if rows[one.session_id].held_back != one.held:
            made.watch(rows[one.session_id])
            rows[one.session_id].held_back = one.held


def _confirm(session: Session, frozen: Sequence[Frozen], made: Step) -> None:
    """Drafts become firm, all in one statement."""
    drafts = [
        one.row for one in frozen if one.row.state is SessionState.DRAFT and not one.kept and not one.row.removed_at
    ]
    if not drafts:
        return
    made.watch(*drafts)
    session.flush()
    session.execute(
        update(MeetingSession)
        .where(MeetingSession.id.in_([row.id for row in drafts]))
        .values(state=SessionState.CONFIRMED, version=MeetingSession.version + 1)
        .execution_options(synchronize_session=False)
    )
    for row in drafts:
        set_committed_value(row, "state", SessionState.CONFIRMED)
        set_committed_value(row, "version", row.version + 1)
