"""Builders of mails that come in: what calendars answer, what mail servers send back."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from confmgr.invitations.domain import OutboxState
from confmgr.invitations.models import OutboxMessage, Participation
from confmgr.invitations.replies import Incoming, read
from tests.make_invitations import participation, published
from tests.make_scheduling import NOW, World, bilateral, world

OUR_SERVER = "mx.police.example"
DTSTAMP = "20260115T040000Z"


def passed(domain: str = "police.example") -> str:
    """The verdict that our own server writes on top of a mail."""
    return f"Authentication-Results: {OUR_SERVER}; dmarc=pass (p=reject dis=none) header.from={domain}\r\n"


def calendar(
    uid: str,
    attendee: str,
    said: str = "ACCEPTED",
    *,
    method: str = "REPLY",
    sequence: int | None = 0,
    dtstamp: str = DTSTAMP,
    lines: tuple[str, ...] = (),
) -> str:
    """The object that a calendar sends; `lines` are further lines of its event. No ORGANIZER, as Outlook has none."""
    number = [] if sequence is None else [f"SEQUENCE:{sequence}"]
    return "\r\n".join(
        [
            "BEGIN:VCALENDAR",
            "PRODID:-//Somebody//Calendar//EN",
            "VERSION:2.0",
            f"METHOD:{method}",
            "BEGIN:VEVENT",
            f"UID:{uid}",
            f"DTSTAMP:{dtstamp}",
            *number,
            f"ATTENDEE;PARTSTAT={said}:mailto:{attendee}",
            *lines,
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]
    )


def mail(
    text: str,
    sender: str,
    *,
    top: str | None = None,
    message_id: str = "<reply-1@mail.example>",
    kind: str | None = None,
    headers: str = "",
) -> bytes:
    """One mail with a plain text and a calendar whose method its part names; `top` are the headers of our server, its DMARC verdict by default."""
    method = text.partition("METHOD:")[2].partition("\r\n")[0] or "REPLY"
    kind = kind or f"text/calendar; charset=UTF-8; method={method}"
    verdict = passed(sender.rpartition("@")[2]) if top is None else top
    return (
        f"{verdict}From: Sok Dara <{sender}>\r\nTo: secretariat@police.example\r\nSubject: Accepted: Bilateral\r\n"
        f"Message-ID: {message_id}\r\n{headers}MIME-Version: 1.0\r\n"
        'Content-Type: multipart/alternative; boundary="b1"\r\n\r\n'
        "--b1\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\nSok Dara has answered.\r\n"
        f"--b1\r\nContent-Type: {kind}\r\n\r\n{text}\r\n--b1--\r\n"
    ).encode()


def incoming(text: str, sender: str, **how: str) -> Incoming:
    """What such a mail says, read with our server's name."""
    return read(mail(text, sender, **how), OUR_SERVER)


def bounce(message_id: str, *, action: str = "failed", original: str = "text/rfc822-headers") -> bytes:
    """A delivery report."""
    return (
        "From: MAILER-DAEMON@mx.elsewhere.example\r\nTo: secretariat@police.example\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <bounce-1@mx.elsewhere.example>\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b2"\r\n\r\n'
        "--b2\r\nContent-Type: text/plain\r\n\r\nI'm sorry to have to inform you that …\r\n"
        "--b2\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.elsewhere.example\r\n\r\n"
        "Final-Recipient: rfc822; sok.dara@police.example\r\n"
        f"Action: {action}\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 No such user\r\n"
        f"--b2\r\nContent-Type: {original}\r\n\r\n"
        f"From: secretariat@police.example\r\nMessage-ID: {message_id}\r\nSubject: Invitation\r\n\r\n--b2--\r\n"
    ).encode()


def invited(session: Session) -> tuple[World, Participation]:
    """A bilateral that is published and sent, and the participation of Cambodia's head."""
    here = world(session)
    bilateral(session, here)
    return here, told(session, here)


def told(session: Session, here: World, now: datetime = NOW) -> Participation:
    """The same after a further publication whose mails have left."""
    published(session, here, now)
    session.execute(
        update(OutboxMessage).where(OutboxMessage.state == OutboxState.WAITING).values(state=OutboxState.SENT)
    )
    session.flush()
    session.expire_all()
    return participation(session, here.delegate_kh.id)
