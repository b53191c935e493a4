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
from confmgr.invitations.mailbox import Shown
from confmgr.invitations.sending import Trouble, Withdrawal
from confmgr.web import labels

labels.register(
    {
        PartStat.NEEDS_ACTION: _p("answer", "No answer yet"),
        PartStat.ACCEPTED: _p("answer", "Accepted"),
        PartStat.DECLINED: _p("answer", "Declined"),
        PartStat.TENTATIVE: _p("answer", "Perhaps"),
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
        MailKind.REQUEST_URGENT: _p("mail", "Urgent request"),
        MailKind.RETURN_DUE: _p("mail", "Reminder of a report of results"),
        MailKind.MOVE_NOTICED: _p("mail", "Displacement at a border"),
        MailKind.ITEM_NOTICE: _p("mail", "Notice about a case or lead"),
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
        "told_otherwise": _l(
            "The invitation has changed since you opened this page. Look at it once more, then answer."
        ),
        "session_started": _l("The session has started. Tell the secretariat if you cannot come."),
        "unknown_answer": _l("Answer with accepted, declined or tentative."),
        "cannot_try_again": _l("The mail is “%(state)s”; it is not sent once more."),
        "too_many_feeds": _l("You have %(most)s calendars already. Take one back first."),
        "feed_without_delegation": _l("You belong to no delegation of this meeting."),
        "not_a_calendar": _l("This is no calendar file. Export your calendar as a file that ends with .ics."),
        "calendar_too_large": _l("The file is larger than %(most)s MB. Export fewer weeks."),
        "too_many_entries": _l("The file has more than %(most)s entries. Export fewer weeks."),
        "too_many_times": _l("The file repeats its entries too often to be read. Export fewer weeks."),
        "too_many_busy_times": _l("There are more than %(most)s busy times on the days of the meeting."),
        "already_sent": _l("The mail has left already."),
        "newer_mail": _l("A newer mail about the same session has taken its place; this one is not sent any more."),
    }
)
labels.register(
    {
        Withdrawal.NOT_INVITED: _l("The person is not invited any more."),
        Withdrawal.CHANGED: _l("What it reminds of has changed since it was written."),
        Withdrawal.LEFT: _l("The person has left the delegation."),
        Withdrawal.DELEGATION: _l("The delegation does not come."),
        Withdrawal.ADDRESS: _l("The person has another address now, or none."),
        Trouble.UNREACHABLE: _l("The mail server cannot be reached. All mails wait and are tried again each minute."),
        Trouble.TIMEOUT: _l("The mail server did not answer in time. It is asked again."),
        Trouble.DROPPED: _l("The mail server hung up while it was given the mail. It is tried again."),
        Trouble.LOGIN: _l("The mail server does not accept our user and password. An administrator has to look."),
        Trouble.CERTIFICATE: _l("The mail server cannot prove that it is itself. An administrator has to look."),
        Trouble.ENCRYPTION: _l("The mail server offers no safe connection. An administrator has to look."),
        Trouble.SENDER: _l("The mail server does not take mail from our address. An administrator has to look."),
        Trouble.BAD_ADDRESS: _l("This is no mail address. Correct it at the person; the mail then leaves by itself."),
        Trouble.SMTPUTF8: _l(
            "The mail server takes no address with letters outside of English. Another one is needed."
        ),
        Trouble.UNWRITABLE: _l("The mail could not be written. An administrator finds the reason in the log."),
    }
)
labels.register(
    {
        Shown.WAITING: _p("replies", "Waiting"),
        Shown.APPLIED: _p("replies", "Taken over by itself"),
        Shown.TAKEN: _p("replies", "Taken over by you"),
        Shown.ASIDE: _p("replies", "Set aside"),
        Shown.BOUNCED: _p("replies", "Not delivered"),
        Shown.ALL: _p("replies", "All"),
    }
)
labels.register_reasons(
    {
        "no_answer_in_it": _l("This mail says no answer that could be taken over."),
        "no_proposal_in_it": _l("This mail proposes no time that could be declined."),
        "person_not_invited": _l("This person is not invited to the session any more."),
        "answers_older_version": _l(
            "The session has changed since this was answered. The person has been asked again; wait for the new answer."
        ),
        "answered_since": _l("The person has answered since, in another way. That later answer stays."),
        "no_address": _l("This person has no address, so no mail can be sent."),
    }
)
labels.register_terms(
    "reply_reason",
    {
        "unverified": _l("Our mail server could not prove the sender. It may be right; ask if in doubt."),
        "other_sender": _l("It came from another address than the one that was invited."),
        "proposal": _l("Another time is proposed. Move the session, or decline."),
        "delegated": _l("The invitation is passed on to somebody else. Nobody is added by itself."),
        "unknown_uid": _l("It answers an invitation that is not known here."),
        "no_uid": _l("It does not say which invitation it answers."),
        "no_attendee": _l("It does not say who answers."),
        "several_attendees": _l("It answers for several people at once."),
        "several_sessions": _l("It answers for several sessions at once."),
        "unknown_answer": _l("It says neither yes, nor no, nor perhaps."),
        "two_methods": _l("It says two things of what it is."),
        "two_answers": _l("It holds two answers that differ."),
        "wrong_method": _l("It holds a calendar entry, but no answer to an invitation."),
        "unreadable_calendar": _l("It holds a calendar entry that cannot be read."),
        "unreadable": _l("It cannot be read."),
        "too_large": _l("It is larger than one megabyte, so only its headers were read."),
        "too_many_parts": _l("It has more parts than an answer can have, so it was not taken apart."),
        "too_many_headers": _l("It has more headers than an answer can have, so it was not taken apart."),
        "no_calendar": _l("A person wrote it, no calendar. Read it, and answer from your mail program if needed."),
        "unknown_mail": _l("A mail came back that is not in the outbox of a meeting."),
        "automatic": _l("A program sent it by itself, such as an absence note."),
        "delayed": _l("The mail is late; its server goes on trying."),
        "delivered": _l("The mail has arrived."),
        "asked_lately": _l("The invitation is on its way already, or was sent again within the hour."),
        "not_invited": _l("The person is not invited any more, and was told so again."),
        "left": _l("The person or the whole delegation takes part no more."),
        "over": _l("It came after the session."),
        "older_version": _l("It answers an older version. The current invitation was sent again."),
        "older_answer": _l("The person has given a later answer already."),
        "proposal_declined": _l("The proposed time was declined by mail."),
    },
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
