"""Names of this room's words, and sentences of its refusals."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from confmgr.invitations.answers import Shown as ShownAnswers
from confmgr.invitations.domain import (
    AnswerWay,
    ChangeKind,
    FeedKind,
    MailKind,
    OutboxState,
    PartStat,
    ReplyMethod,
    ReplyState,
)
from confmgr.web import labels

labels.register(
    {
        PartStat.NEEDS_ACTION: _p("answer", "No answer yet"),
        PartStat.ACCEPTED: _p("answer", "Accepted"),
        PartStat.DECLINED: _p("answer", "Declined"),
        PartStat.TENTATIVE: _p("answer", "Tentative"),
        OutboxState.WAITING: _p("mail", "Waits"),
        OutboxState.SENDING: _p("mail", "Being sent"),
        OutboxState.SENT: _p("mail", "Sent"),
        OutboxState.REFUSED: _p("mail", "Not taken"),
        OutboxState.HELD: _p("mail", "Held back"),
        OutboxState.OVERTAKEN: _p("mail", "Overtaken by a newer one"),
        OutboxState.WITHDRAWN: _p("mail", "Not sent: no right to it any more"),
        OutboxState.BOUNCED: _p("mail", "Came back undelivered"),
        MailKind.INVITATION: _p("mail", "Invitation"),
        MailKind.PROPOSAL_ANSWER: _p("mail", "Answer to a proposed time"),
        MailKind.DAY_BEFORE: _p("mail", "Reminder of the day before"),
        MailKind.HOUR_BEFORE: _p("mail", "Reminder shortly before"),
        MailKind.ANSWERS_MISSING: _p("mail", "Reminder of answers that are missing"),
        MailKind.RESULTS_DUE: _p("mail", "Reminder of results that are due"),
        AnswerWay.MAIL: _p("answer", "by a calendar"),
        AnswerWay.LINK: _p("answer", "by the link in the mail"),
        AnswerWay.AGENDA: _p("answer", "in the agenda"),
        AnswerWay.SECRETARIAT: _p("answer", "noted by the secretariat"),
        ChangeKind.NEW: _p("change", "New"),
        ChangeKind.MOVED: _p("change", "Moved"),
        ChangeKind.CHANGED: _p("change", "Changed"),
        ChangeKind.CANCELLED: _p("change", "Cancelled"),
        ChangeKind.AGAIN: _p("change", "Takes place after all"),
        ChangeKind.REPEATED: _p("change", "Sent again"),
    }
)
labels.register(  # words of one text each, so that no member hides another of the same text
    {
        ReplyMethod.REPLY: _p("reply", "Answer"),
        ReplyMethod.COUNTER: _p("reply", "Another time proposed"),
        ReplyMethod.REFRESH: _p("reply", "Asks for the invitation again"),
        ReplyMethod.BOUNCE: _p("reply", "Not delivered"),
        ReplyMethod.OTHER: _p("reply", "Other mail"),
        ReplyState.APPLIED: _p("reply", "Taken over by itself"),
        ReplyState.HELD: _p("reply", "Waits for you"),
        ReplyState.OLD: _p("reply", "Answers an older version"),
        ReplyState.TAKEN: _p("reply", "Taken over"),
        ReplyState.DISMISSED: _p("reply", "Set aside"),
        FeedKind.PERSONAL: _p("calendar", "My own sessions"),
        FeedKind.DELEGATION: _p("calendar", "Sessions of the delegation"),
        FeedKind.PUBLIC: _p("calendar", "What the whole meeting may know"),
    }
)
labels.register_reasons(
    {
        "nothing_to_publish": _l("Nothing is placed yet, so there is nothing to publish."),
        "not_invited": _l("You are not invited to this session any more."),
        "session_over": _l("The session is over; its answers are not changed any more."),
        "session_started": _l("The session has started. Tell the secretariat if you cannot come."),
        "unknown_answer": _l("Answer with accepted, declined or tentative."),
        "cannot_try_again": _l("The mail is “%(state)s”; it is not sent once more."),
        "already_sent": _l("The mail has left already."),
    }
)
labels.register(
    {
        ShownAnswers.ALL: _p("answers", "All"),
        ShownAnswers.OPEN: _p("answers", "Not answered"),
        ShownAnswers.DECLINED: _p("answers", "Declined"),
        ShownAnswers.SOON: _p("answers", "Not answered, in the next 48 hours"),
    }
)


def said_by_telephone() -> list[tuple[PartStat, str]]:
    """What can be noted, each with its name."""
    return [(one, labels.of(one)) for one in (PartStat.ACCEPTED, PartStat.TENTATIVE, PartStat.DECLINED)]
