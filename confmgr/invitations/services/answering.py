"""What people answer to their invitations."""

from datetime import datetime

from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import Refused
from confmgr.invitations.domain import AnswerWay, PartStat, Stage, stage
from confmgr.invitations.models import Participation
from confmgr.values.texts import cleaned

LONGEST_REASON = 500
"""Characters of a reason; more is cut off, as nobody is asked again."""
ALTERED = (
    "invited",
    "sequence",
    "told_text",
    "answer",
    "answered_at",
    "answered_by",
    "answered_sequence",
    "answered_dtstamp",
    "reason",
)
"""What a publication or another answer may have changed since the row was read."""


def answer(
    session: Session,
    row: Participation,
    *,
    actor: User | None,
    now: datetime,
    said: PartStat,
    way: AnswerWay,
    reason: str | None = None,
    sequence: int | None = None,
    dtstamp: datetime | None = None,
) -> None:
    """Keep what a person answered; what says the same once more, without another reason, is no new answer.

    Args:
        session: An open transaction.
        row: Whose answer it is.
        actor: Who gave or noted it; None where nobody has signed in.
        now: When.
        said: The answer.
        way: How it reached us.
        reason: In the person's own words; cleaned and cut.
        sequence: The version that the person has seen; None: the one told last.
        dtstamp: When it was given by the sender's clock; None: now.

    Raises:
        Refused: The person is not invited (any more), has been told another version since, or the session is over.
    """
    session.flush()
    session.refresh(row, ALTERED, with_for_update=True)
    if not row.invited:
        raise Refused("not_invited")
    if stage(row.told_text or {}, now) is Stage.OVER:
        raise Refused("session_over")
    if sequence is not None and sequence != row.sequence:
        raise Refused("told_otherwise")
    words = cleaned(reason or "", LONGEST_REASON) or None
    same = said is row.answer and words in {None, row.reason}
    row.answered_sequence = row.sequence
    row.answered_dtstamp = dtstamp or now
    if same and row.answered_at is not None:
        session.flush()
        return
    row.answer, row.answered_at, row.answered_by, row.reason = said, now, way, words
    session.flush()
    record(
        session,
        actor=actor,
        now=now,
        action=f"answer_{said.value.lower()}",
        object_type="participation",
        object_ids=[row.id],
        meeting_id=row.session.meeting_id,
        facts={"way": way.value},
    )
