"""Reminders: the rules that a meeting has for them, and the outbox rows that say them once."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import StaleVersion
from confmgr.invitations import reminder_rows as rows
from confmgr.invitations.domain import MailKind
from confmgr.invitations.models import OutboxMessage, ReminderPlan
from confmgr.invitations.reminder_rows import Coming, Recipient
from confmgr.invitations.reminding import Rules
from confmgr.jobs.services import enqueue
from confmgr.meetings.models import Meeting
from confmgr.values import chance
from confmgr.values.addresses import domain_of


def change_plan(
    session: Session, meeting: Meeting, rules: Rules, *, actor: User, now: datetime, seen_version: int
) -> ReminderPlan:
    """Remind by other rules from now on; what is written stays as it is.

    Args:
        session: An open transaction.
        meeting: The meeting.
        rules: All of them; None switches a rule off.
        actor: Who changes them.
        now: When.
        seen_version: Of the plan that the page showed; 0: the meeting had none.

    Raises:
        StaleVersion: Somebody changed the rules meanwhile.
    """
    plan = session.get(ReminderPlan, meeting.id, with_for_update=True)
    if (0 if plan is None else plan.version) != seen_version:
        raise StaleVersion("reminders", meeting.slug)
    if plan is None:
        plan = _first_plan(session, meeting, rules)
    else:
        for name, value in asdict(rules).items():
            setattr(plan, name, value)
    session.flush()
    record(
        session,
        actor=actor,
        now=now,
        action="set_reminders",
        object_type="meeting",
        object_uuid=meeting.uuid,
        meeting_id=meeting.id,
        facts={name: None if value is None else str(value) for name, value in asdict(rules).items()},
    )
    return plan


def _first_plan(session: Session, meeting: Meeting, rules: Rules) -> ReminderPlan:
    plan = ReminderPlan(meeting_id=meeting.id, **asdict(rules))
    try:
        with session.begin_nested():
            session.add(plan)
    except IntegrityError as sent:
        raise StaleVersion("reminders", meeting.slug) from sent
    return plan


def remind(session: Session, *, now: datetime, domain: str) -> int:
    """Write every reminder that is due and not written yet, of all meetings; gives how many.

    Two workers may do so at once: a reminder has a name, and there is one row a name.
    """
    made = 0
    for meeting, rules, publication_id in rows.meetings_ahead(session, now):
        due = rows.coming(session, meeting, rules, publication_id, now, now)
        known = rows.written(session, [one.reminder.once for one in due])
        due = [one for one in due if one.reminder.once not in known]
        if not due:
            continue
        texts = rows.told_texts(session, (told.participation_id for one in due for told in one.reminder.about))
        made += _write(session, meeting, [_message(meeting, one, texts, now, domain) for one in due], now)
    return made


def hand_over(
    session: Session,
    meeting: Meeting,
    *,
    kind: MailKind,
    recipient: Recipient,
    once: str,
    facts: Mapping[str, Any],
    now: datetime,
    at: datetime,
    domain: str,
) -> bool:
    """A reminder that a higher room wants sent; False if it was handed over before.

    Args:
        session: An open transaction.
        meeting: The meeting whose secretariat sends it.
        kind: A kind of reminder.
        recipient: Who gets it.
        once: The name under which it is written once.
        facts: What its renderer needs beside the recipient; counts and dates, never the text of an item.
        now: When.
        at: Not to be sent before.
        domain: Right side of the Message-ID.
    """
    return _write(session, meeting, [_row(meeting, recipient, kind, once, facts, now, at, domain)], now) == 1


def _message(
    meeting: Meeting, one: Coming, texts: Mapping[int, dict[str, Any]], now: datetime, domain: str
) -> dict[str, Any]:
    reminder = one.reminder
    told = [about for about in reminder.about if about.participation_id in texts]
    facts = {
        "sessions": [{**texts[about.participation_id], "answer": about.answer.value} for about in told],
        "participations": {str(about.participation_id): about.sequence for about in told},
        "day": told[0].day.isoformat(),
    }
    return _row(meeting, one.recipient, reminder.kind, reminder.once, facts, now, now, domain)


def _row(
    meeting: Meeting,
    to: Recipient,
    kind: MailKind,
    once: str,
    facts: Mapping[str, Any],
    now: datetime,
    at: datetime,
    domain: str,
) -> dict[str, Any]:
    uuid = chance.public_id()
    return {
        "uuid": uuid,
        "meeting_id": meeting.id,
        "kind": kind,
        "once": once,
        "delegate_id": to.delegate_id,
        "interpreter_id": to.interpreter_id,
        "recipient": to.email,
        "domain": domain_of(to.email),
        "language": to.language,
        "dtstamp": now.replace(microsecond=0),
        "message_id": f"<{uuid}@{domain}>",
        "thread_id": f"<reminders.{meeting.uuid}.{to.uuid}@{domain}>",
        "facts": {
            "participations": {},
            **facts,
            "meeting": meeting.title.to_json(),
            "slug": meeting.slug,
            "name": to.name,
            "zone": to.clock.zone_at(at),
            "role": "interpreter" if to.delegate_id is None else "delegate",
        },
        "next_at": at,
    }


def _write(session: Session, meeting: Meeting, messages: Sequence[dict[str, Any]], now: datetime) -> int:
    """Insert what is not there yet, and have it sent."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    new = dialect.insert(OutboxMessage).on_conflict_do_nothing(index_elements=["once"]).returning(OutboxMessage.id)
    made = len(session.scalars(new, messages).all())
    if made:
        enqueue(session, "send_outbox", {}, owner=None, now=now, meeting_id=meeting.id)
    return made
