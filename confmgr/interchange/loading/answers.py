"""What people answer to the invitations of a data file."""

from sqlalchemy import select

from confmgr.interchange.loading.book import Book, entry, one
from confmgr.interchange.schema import AnswersEntry, PublicationEntry
from confmgr.invitations import services
from confmgr.invitations.domain import AnswerWay, PartStat
from confmgr.invitations.models import Participation
from confmgr.meetings.models import Meeting
from confmgr.scheduling.models import MeetingSession


def load(book: Book, meeting: Meeting, of: PublicationEntry) -> None:
    """Answer what a publication asked of delegates and interpreters, as the file says.

    Raises:
        WrongData: It names somebody who is not at the meeting.
    """
    if of.answers is None:
        return
    said, because = _said(book, meeting, of.answers)
    rows = book.session.scalars(
        select(Participation)
        .join(MeetingSession, MeetingSession.id == Participation.session_id)
        .where(
            MeetingSession.meeting_id == meeting.id,
            Participation.invited,
            Participation.answer == PartStat.NEEDS_ACTION,
        )
        .order_by(Participation.id)
    )
    for row in rows:
        answer = said.get(row.delegate_id or 0, PartStat.ACCEPTED)
        if answer is not PartStat.NEEDS_ACTION:
            services.answer(
                book.session,
                row,
                actor=None,
                now=of.answers.at,
                said=answer,
                way=AnswerWay.MAIL,
                reason=because.get(row.delegate_id or 0),
            )


def _said(book: Book, meeting: Meeting, wanted: AnswersEntry) -> tuple[dict[int, PartStat], dict[int, str]]:
    """By a delegate's id, what is not simply accepted, and why."""
    said: dict[int, PartStat] = {}
    because: dict[int, str] = {}
    with entry(f"meeting {meeting.slug}: answers of {wanted.at:%Y-%m-%d}"):
        people = {key: row for (slug, key), row in book.delegates.items() if slug == meeting.slug}
        for keys, answer in ((wanted.silent, PartStat.NEEDS_ACTION), (wanted.perhaps, PartStat.TENTATIVE)):
            said |= {one(people, key, "delegate").id: answer for key in keys}
        for declined in wanted.decline:
            ident = one(people, declined.person, "delegate").id
            said[ident], because[ident] = PartStat.DECLINED, declined.because
    return said, because
