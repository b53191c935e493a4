"""An action request while it waits for an answer: changed by the party that asks, told at once when it is urgent."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.delegations.models import Delegate
from confmgr.errors import Refused, StaleVersion
from confmgr.invitations.domain import MailKind
from confmgr.invitations.reminder_rows import heads
from confmgr.invitations.services import hand_over
from confmgr.meetings.models import Meeting
from confmgr.outcomes.domain import Channel, RequestStep, Urgency
from confmgr.outcomes.models import ActionRequest, RequestHistory
from confmgr.outcomes.services.follow_up import check_due
from confmgr.parties.models import Contact
from confmgr.sharing import queries as sharing
from confmgr.sharing.domain import Tlp
from confmgr.values import times
from confmgr.values.words import Words

PRESSING = frozenset({Urgency.URGENT, Urgency.EMERGENCY})
"""Of these the head of the delegation that is asked hears at once."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the asking party may change of a request. `due`: wall time and zone of the executing party."""

    text: Words
    urgency: Urgency = Urgency.ROUTINE
    channel: Channel = Channel.POLICE
    due: tuple[datetime, str] | None = None
    contact: Contact | None = None


def change_request(
    session: Session, request: ActionRequest, wish: Wish, *, actor: User, now: datetime, seen_version: int
) -> None:
    """The asking party says it differently, as long as nobody has answered; that it did stands in the history.

    Raises:
        Refused: The other party has answered; the due time does not exist; an emergency is due at no time.
        StaleVersion: Somebody changed it meanwhile.
    """
    if request.state is not RequestStep.ASKED:
        raise Refused("request_answered", code=request.asked.code)
    if request.version != seen_version:
        raise StaleVersion("action_request", request.item.uuid)
    check_due(wish.urgency, wish.due)
    request.text, request.urgency, request.channel = wish.text, wish.urgency, wish.channel
    request.due_local, request.due_zone = wish.due or (None, None)
    request.due_at = None if wish.due is None else times.planned_instant(*wish.due, field="due")
    request.asking_contact_id = None if wish.contact is None else wish.contact.id
    request.asking_contact = wish.contact
    request.steps.append(RequestHistory(state=RequestStep.ASKED, at=now, by_id=actor.id))
    session.flush()
    record(
        session,
        actor=actor,
        now=now,
        action="change",
        object_type=request.item.kind.value,
        object_uuid=request.item.uuid,
    )


def tell_at_once(session: Session, request: ActionRequest, *, now: datetime, domain: str) -> bool:
    """Write to the head that is asked of something that cannot wait: once a request, and only if the head may see it.

    What it is stays behind the sign-in. Gives whether a mail was handed over.
    """
    meeting = None if request.meeting_id is None else session.get_one(Meeting, request.meeting_id)
    if meeting is None or request.urgency not in PRESSING or request.item.marking.tlp is Tlp.RED:
        return False
    head = heads(session, meeting).get(request.to_id)
    if head is None or not _sees(session, head.delegate_id, request, now):
        return False
    return hand_over(
        session,
        meeting,
        kind=MailKind.REQUEST_URGENT,
        recipient=head,
        once=f"request_urgent:{request.item.uuid}",
        facts={"page": f"/operations/{request.item.operation.code}/follow-up"},
        now=now,
        at=now,
        domain=domain,
    )


def _sees(session: Session, delegate_id: int | None, request: ActionRequest, now: datetime) -> bool:
    user = session.scalar(
        select(User).join(Delegate, Delegate.user_id == User.id).where(Delegate.id == delegate_id, User.active)
    )
    if user is None:
        return False
    return request.id in sharing.visible_ids(session, sharing.viewer_of(session, user, now), [request.id], now)
