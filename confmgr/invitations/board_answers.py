"""The answers that the schedule board shows on its cards."""

from collections.abc import Collection, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from confmgr.invitations.answers import invitations
from confmgr.invitations.domain import PartStat
from confmgr.invitations.models import Participation
from confmgr.meetings.models import Meeting
from confmgr.scheduling import answers
from confmgr.scheduling.answers import Named, Tally
from confmgr.scheduling.models import MeetingSession

FIELDS = {
    PartStat.ACCEPTED: "accepted",
    PartStat.TENTATIVE: "tentative",
    PartStat.DECLINED: "declined",
    PartStat.NEEDS_ACTION: "unanswered",
}


def tallies(session: Session, meeting: Meeting, ids: Collection[int] | None) -> Mapping[int, Tally]:
    """How many of each session's people gave which answer; one statement."""
    statement = (
        select(Participation.session_id, Participation.answer, func.count())
        .where(Participation.invited)
        .group_by(Participation.session_id, Participation.answer)
    )
    if ids is None:
        statement = statement.join(MeetingSession, MeetingSession.id == Participation.session_id).where(
            MeetingSession.meeting_id == meeting.id
        )
    else:
        statement = statement.where(Participation.session_id.in_(ids))
    found: dict[int, dict[str, int]] = {}
    for ident, answer, number in session.execute(statement):
        found.setdefault(ident, {})[FIELDS[answer]] = number
    return {ident: Tally(**counts) for ident, counts in found.items()}


def names(session: Session, meeting: Meeting, session_id: int) -> Named:
    """Who of a session's people gave which answer; one statement."""
    found: dict[str, list[str]] = {}
    for one in invitations(session, meeting, session_ids=[session_id]):
        found.setdefault(FIELDS[one.answer], []).append(f"{one.person.code} {one.person.latin_name}".strip())
    return Named(**found)


answers.register(answers.Source(tallies, names))
