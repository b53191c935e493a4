"""What the secretariat does with mails that wait: taken over, set aside, a proposed time declined."""

import contextlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import Refused, StaleVersion
from confmgr.invitations import mailbox
from confmgr.invitations.domain import MailKind, Method, ReplyMethod, ReplyState, stamp
from confmgr.invitations.models import Participation, Reply
from confmgr.invitations.services.repeating import following, id_domain
from confmgr.invitations.services.replies import ANSWERS, apply, is_older


def may_take_over(row: Reply) -> bool:
    """Whether a mail that waits says an answer of somebody here."""
    return (
        row.state is ReplyState.HELD
        and row.method is ReplyMethod.REPLY
        and row.participation_id is not None
        and row.said in ANSWERS
    )


def may_decline(row: Reply) -> bool:
    """Whether a mail that waits proposes another time for a session of somebody here."""
    return row.state is ReplyState.HELD and row.method is ReplyMethod.COUNTER and row.participation_id is not None


def take_over(session: Session, row: Reply, *, actor: User, now: datetime, seen_version: int) -> None:
    """Let an answer count as if it had been proved.

    Raises:
        StaleVersion: Somebody else has settled it.
        Refused: It is no answer of a person invited, or the person has answered or been told something newer.
    """
    _check(row, seen_version)
    person = row.participation
    if person is None or not may_take_over(row):
        raise Refused("no_answer_in_it")
    if not person.invited:
        raise Refused("person_not_invited")
    if row.sequence is not None and row.sequence < person.sequence:
        raise Refused("answers_older_version")
    if is_older(person, row.dtstamp):
        raise Refused("answered_since")
    apply(session, person, row, actor=actor, now=now, latest=min(row.received_at, now))
    _settle(session, row, ReplyState.TAKEN, actor, now, "take_over")


def take_over_unproved(session: Session, rows: Sequence[tuple[Reply, int]], *, actor: User, now: datetime) -> int:
    """Take over, of rows with the versions seen, the answers that only lack proof of their sender; how many those are.

    What waits for another reason, or cannot be taken over any more, goes on waiting.

    Raises:
        StaleVersion: Somebody else has settled one of them.
    """
    for row, seen_version in rows:
        _check(row, seen_version)
    done = 0
    for row, _seen in rows:
        if row.state is ReplyState.HELD and row.reason == "unverified":  # a later answer may have settled it just now
            with contextlib.suppress(Refused):
                take_over(session, row, actor=actor, now=now, seen_version=row.version)
                done += 1
    return done


def set_aside(session: Session, row: Reply, *, actor: User, now: datetime, seen_version: int) -> None:
    """Nothing follows from a mail.

    Raises:
        StaleVersion: Somebody else has settled it.
    """
    _check(row, seen_version)
    _settle(session, row, ReplyState.DISMISSED, actor, now, "set_aside")


def decline_proposal(session: Session, row: Reply, *, actor: User, now: datetime, seen_version: int) -> None:
    """Tell somebody who proposed another time that the session stays where it is (RFC 5546, 3.2.8).

    Raises:
        StaleVersion: Somebody else has settled it.
        Refused: It proposes nothing, its person is not invited any more, or has no address.
    """
    _check(row, seen_version)
    person = row.participation
    if person is None or not may_decline(row):
        raise Refused("no_proposal_in_it")
    if not person.invited:
        raise Refused("person_not_invited")
    _tell(session, row, person, now)
    row.reason = "proposal_declined"
    _settle(session, row, ReplyState.DISMISSED, actor, now, "decline_proposal")


def _tell(session: Session, row: Reply, person: Participation, now: datetime) -> None:
    last, address = mailbox.last_invitation(session, person), mailbox.address_of(person)
    if last is None or address is None:
        raise Refused("no_address")
    message = following(person, last, address, now=now)
    message.kind, message.method = MailKind.PROPOSAL_ANSWER, Method.DECLINECOUNTER
    message.dtstamp = stamp(now, person.dtstamp)
    message.message_id = f"<{person.uid}.{person.sequence}.{row.uuid}@{id_domain(last)}>"
    message.facts = {**message.facts, "proposed": row.facts.get("proposed", [])}
    session.add(message)


def _check(row: Reply, seen_version: int) -> None:
    if row.version != seen_version or row.state is not ReplyState.HELD:
        raise StaleVersion("reply", row.uuid)


def _settle(session: Session, row: Reply, state: ReplyState, actor: User, now: datetime, action: str) -> None:
    row.state, row.decided_by_id, row.decided_at = state, actor.id, now
    session.flush()
    record(
        session,
        actor=actor,
        now=now,
        action=action,
        object_type="reply",
        object_uuid=row.uuid,
        meeting_id=row.meeting_id,
    )
