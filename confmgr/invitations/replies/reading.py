"""From the bytes of a mail to what it says. Whatever the bytes are, something comes back."""

import hashlib
from dataclasses import replace
from email.errors import MessageError
from email.utils import getaddresses

from confmgr.invitations.domain import ReplyMethod
from confmgr.invitations.replies import parts
from confmgr.invitations.replies.bounces import bounce_in
from confmgr.invitations.replies.calendar import Answer, answer_in
from confmgr.invitations.replies.facts import Incoming, Unreadable
from confmgr.invitations.replies.proof import domain_of, proved_domain
from confmgr.values.texts import cleaned

LARGEST = 2**20
"""Bytes of a mail that are taken apart; of a larger one the headers are read."""
MESSAGE_ID = 300
SENDER = 320
SUBJECT = 300
BODY = 2000
CALENDARS = 4
"""Calendar parts that are looked at: the alternative, the attachment, and what a list server added."""

_BROKEN = (
    OSError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MessageError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What the parsers of mails and calendars raise at input that no program of sound mind has written."""
_BULK = frozenset({"bulk", "junk", "list", "auto_reply"})


def read(raw: bytes, authserv_id: str | None, *, size: int | None = None) -> Incoming:
    """What a mail says. Never raises: what cannot be read is an other mail, with the reason in one word.

    Args:
        raw: The mail, or its beginning where it is larger than `LARGEST`.
        authserv_id: The name under which our own mail server writes its verdicts; None: no sender counts as proved.
        size: Bytes of the whole mail, where `raw` is less.
    """
    digest = hashlib.sha256(raw).hexdigest()
    nothing = Incoming(message_id=name_of(digest), sha256=digest, size=max(size or 0, len(raw)))
    known = nothing
    try:
        mail = parts.head(raw)
        known = _headed(nothing, mail)
        if known.size > LARGEST:
            return replace(known, reason="too_large")
        return _proved(_said(known, parts.opened(raw)), mail, authserv_id)
    except Unreadable as problem:
        return replace(known, reason=problem.reason)
    except _BROKEN:
        return replace(known, reason="unreadable")


def name_of(digest: str) -> str:
    """The name of a mail that has none of its own."""
    return f"<{digest}@sha256.invalid>"


def _headed(nothing: Incoming, mail: parts.Mail) -> Incoming:
    ident = "".join(cleaned(parts.header(mail, "Message-ID"), MESSAGE_ID + 1).split())
    return replace(
        nothing,
        message_id=ident if 0 < len(ident) <= MESSAGE_ID else nothing.message_id,
        sender=_sender(mail),
        subject=cleaned(parts.header(mail, "Subject"), SUBJECT),
        automatic=_automatic(mail),
    )


def _sender(mail: parts.Mail) -> str:
    """The one address in From; empty if there is none, or several."""
    found = parts.headers(mail, "From")
    addresses = [pair[1] for pair in getaddresses(found) if pair[1]]
    return cleaned(addresses[0], SENDER).lower() if len(found) == 1 and len(addresses) == 1 else ""


def _automatic(mail: parts.Mail) -> bool:
    word = parts.header(mail, "Auto-Submitted").partition(";")[0].strip().lower()
    return word not in {"", "no"} or parts.header(mail, "Precedence").strip().lower() in _BULK


def _said(known: Incoming, mail: parts.Mail) -> Incoming:
    bounce = bounce_in(mail)
    if bounce is not None:
        return replace(known, method=ReplyMethod.BOUNCE, bounce=bounce, automatic=True)
    leaves = parts.leaves(mail)
    answers, problems = _answers(leaves)
    if answers:
        return _with(known, answers)
    if known.automatic or any(leaf.get_content_type() == "message/disposition-notification" for leaf in leaves):
        return replace(known, automatic=True, reason="automatic")
    return replace(known, reason=problems[0] if problems else "no_calendar", comment=_body(leaves))


def _answers(leaves: list[parts.Mail]) -> tuple[list[Answer], list[str]]:
    answers, problems = [], []
    for leaf in [one for one in leaves if _is_calendar(one)][:CALENDARS]:
        declared = leaf.get_param("method") if leaf.get_content_type() == "text/calendar" else None
        try:
            answers.append(answer_in(parts.text(leaf), declared.strip() if isinstance(declared, str) else None))
        except Unreadable as problem:
            problems.append(problem.reason)
        except _BROKEN:
            problems.append("unreadable_calendar")
    return answers, problems


def _is_calendar(leaf: parts.Mail) -> bool:
    kind = leaf.get_content_type()
    named = (leaf.get_filename() or "").lower().endswith(".ics")
    return kind in {"text/calendar", "application/ics"} or (kind == "application/octet-stream" and named)


def _with(known: Incoming, answers: list[Answer]) -> Incoming:
    """The first answer; that of another part must not differ from it."""
    first = answers[0]
    differ = any(
        (one.method, one.uid, one.attendee, one.said) != (first.method, first.uid, first.attendee, first.said)
        for one in answers
    )
    return replace(
        known,
        method=first.method,
        reason=first.reason or ("two_answers" if differ else None),
        uid=first.uid,
        attendee=first.attendee,
        said=first.said,
        sequence=first.sequence,
        dtstamp=first.dtstamp,
        comment=first.comment,
        proposed=first.proposed,
        delegated_to=first.delegated_to,
    )


def _body(leaves: list[parts.Mail]) -> str | None:
    plain = next((leaf for leaf in leaves if leaf.get_content_type() == "text/plain"), None)
    return None if plain is None else cleaned(parts.text(plain)[: 4 * BODY], BODY) or None


def _proved(said: Incoming, mail: parts.Mail, authserv_id: str | None) -> Incoming:
    domain = proved_domain(mail, authserv_id)
    claimed = {domain_of(said.sender), domain_of(said.attendee or "")}
    return replace(said, verified=domain is not None and claimed == {domain})
