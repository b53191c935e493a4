"""Names of this room's words, and sentences of its refusals."""

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _p

from confmgr.invitations.domain import ChangeKind, OutboxState, PartStat
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
        ChangeKind.NEW: _p("change", "New"),
        ChangeKind.MOVED: _p("change", "Moved"),
        ChangeKind.CHANGED: _p("change", "Changed"),
        ChangeKind.CANCELLED: _p("change", "Cancelled"),
        ChangeKind.AGAIN: _p("change", "Takes place after all"),
    }
)
labels.register_reasons(
    {
        "nothing_to_publish": _l("Nothing is placed yet, so there is nothing to publish."),
        "not_invited": _l("You are not invited to this session any more."),
        "unknown_answer": _l("Answer with accepted, declined or tentative."),
        "cannot_try_again": _l("The mail is “%(state)s”; it is not sent once more."),
        "already_sent": _l("The mail has left already."),
    }
)
