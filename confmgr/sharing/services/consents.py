"""Questions to the originator of an item: asked, answered, carried out. Writes; the caller commits."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.delegations.models import Delegation
from confmgr.errors import MarkingChanged, NotAllowed, Refused, StaleVersion
from confmgr.sharing import asking
from confmgr.sharing import seen as looks
from confmgr.sharing.consent import GIVEN, LASTS, is_lower, needs_two
from confmgr.sharing.domain import ConsentKind, ConsentState, ItemState, NoticeKind, Tlp
from confmgr.sharing.models import ConsentRequest, Item
from confmgr.sharing.queries import viewer_of
from confmgr.sharing.services.disclosing import Target, let_reach
from confmgr.sharing.services.items import lower
from confmgr.sharing.services.notices import tell

NOBODY = Target()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: to whom, under which marking, until when; which of these counts depends on the kind."""

    kind: ConsentKind
    reason: str
    to: Target = NOBODY
    tlp: Tlp | None = None
    retain_until: date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody of the originator decides; limits make a grant a part of what was asked."""

    decision: ConsentState
    text: str | None = None
    until: datetime | None = None
    tlp: Tlp | None = None
    retain_until: date | None = None


def ask(
    session: Session,
    item: Item,
    wanted: Wanted,
    *,
    actor: User,
    now: datetime,
    delegation: Delegation,
    lasts: timedelta = LASTS,
) -> ConsentRequest:
    """Ask the originator of an item. Who asks reads it, and speaks for `delegation`.

    A head of the originator who proposes something has decided it by asking; a second person is waited for.

    Raises:
        NotFound: The actor may not read it.
        NotAllowed: The actor does not speak for the party of `delegation`.
        Refused: Not shared; no or several targets; a marking that is not lower, cannot reach them; a day that is not
            later; asked already.
    """
    asking.check_speaks(session, item, delegation.party_id, actor, now)
    _check(session, item, wanted, delegation)
    row = ConsentRequest(
        item_id=item.id,
        marking_id=item.marking.id,
        kind=wanted.kind,
        **wanted.to.ids,
        tlp=Tlp.CLEAR if wanted.kind is ConsentKind.PUBLICATION else wanted.tlp,
        retain_until=wanted.retain_until,
        reason=wanted.reason,
        asked_by_id=actor.id,
        asked_for_id=delegation.id,
        asked_at=now,
        until=now + lasts,
    )
    row.item, row.marking, row.asked_by, row.asked_for = item, item.marking, actor, delegation
    row.to_user, row.to_agency, row.to_delegation = wanted.to.user, wanted.to.agency, wanted.to.delegation
    session.add(row)
    session.flush()
    _note(session, row, "ask_consent", actor, now)
    deciders = asking.deciders(session, item, now)
    if delegation.party_id == item.originator_id and actor.id in deciders:
        _decide(session, row, Answer(ConsentState.GRANTED), actor=actor, now=now)
    else:
        _tell(session, row, deciders, NoticeKind.CONSENT_ASKED, now)
    return row


def _check(session: Session, item: Item, wanted: Wanted, delegation: Delegation) -> None:
    present = item.marking.tlp
    if item.state is not ItemState.SHARED:
        raise Refused("not_shared")
    if wanted.kind is ConsentKind.ONWARD:
        if wanted.to.number != 1:
            raise Refused("one_target", field="to")
        if not wanted.to.reached_by(present):
            raise Refused("tlp_cannot_reach", field="to", tlp=present.label)
    if wanted.kind is ConsentKind.DOWNGRADE and (wanted.tlp is None or not is_lower(wanted.tlp, present)):
        raise Refused("not_lower", field="tlp", tlp=present.label)
    if wanted.kind is ConsentKind.LONGER_RETENTION and (
        wanted.retain_until is None or item.retain_until is None or wanted.retain_until <= item.retain_until
    ):
        raise Refused("not_longer", field="retain_until")
    same = session.scalar(
        select(ConsentRequest.id)
        .where(
            ConsentRequest.item_id == item.id,
            ConsentRequest.state == ConsentState.OPEN,
            ConsentRequest.marking_id == item.marking.id,
            ConsentRequest.kind == wanted.kind,
            ConsentRequest.asked_for_id == delegation.id,
        )
        .filter_by(**wanted.to.ids)
    )
    if same is not None:
        raise Refused("asked_already", field="kind")


def answer(
    session: Session, request: ConsentRequest, given: Answer, *, actor: User, now: datetime, seen_version: int
) -> None:
    """Decide a question, as head or deputy of the originating agency; of RED, as somebody who may read it.

    Raises:
        NotAllowed: Nobody else decides.
        StaleVersion: Somebody has answered, or withdrawn the question, meanwhile.
        MarkingChanged: It was asked under another marking.
        Refused: It has run out; a part without a limit in words or numbers; a limit that is past, or beyond what was
            asked; a day until which it is kept anyway.
    """
    check_decides(session, request, actor=actor, now=now, seen_version=seen_version)
    looks.lock(session, request.item)
    _check_open(request, now, seen_version)
    if given.decision in GIVEN:
        _check_limits(request, given, now)
    _decide(session, request, given, actor=actor, now=now)


def _check_limits(request: ConsentRequest, given: Answer, now: datetime) -> None:
    item, wanted = request.item, request.retain_until
    limits = (given.text, given.until, given.tlp, given.retain_until)
    if given.decision is ConsentState.PARTLY and not any(limits):
        raise Refused("part_needs_limit", field="text")
    if given.until is not None and given.until <= now:
        raise Refused("day_is_past", field="until")
    if given.tlp is not None and (request.tlp is None or is_lower(given.tlp, request.tlp)):
        raise Refused("more_than_asked", field="tlp")
    if given.tlp is not None and not is_lower(given.tlp, item.marking.tlp):
        raise Refused("not_lower", field="tlp", tlp=item.marking.tlp.label)
    if given.retain_until is not None and (wanted is None or given.retain_until > wanted):
        raise Refused("more_than_asked", field="retain_until")
    day = given.retain_until or wanted
    if day is not None and (item.retain_until is None or day <= item.retain_until):  # it was set anew meanwhile
        raise Refused("not_longer", field="retain_until")


def check_decides(session: Session, request: ConsentRequest, *, actor: User, now: datetime, seen_version: int) -> None:
    """Say why somebody may not decide a question, if it is so; writes nothing.

    Raises:
        NotAllowed: Neither a head nor deputy of the originating agency nor, of RED, one who may read it.
        StaleVersion: Somebody has answered, or withdrawn the question, meanwhile.
        MarkingChanged: It was asked under another marking.
        Refused: It has run out.
    """
    _check_open(request, now, seen_version)
    if actor.id not in asking.deciders(session, request.item, now):
        raise NotAllowed("decide this")
    if request.decision is not None:
        raise StaleVersion("consent", request.uuid)


def _decide(session: Session, request: ConsentRequest, given: Answer, *, actor: User, now: datetime) -> None:
    request.decision, request.decided_by_id, request.decided_at = given.decision, actor.id, now
    request.answer, request.granted_until = given.text, given.until
    request.granted_tlp, request.granted_retain_until = given.tlp, given.retain_until
    request.decided_by = actor
    if given.decision not in GIVEN:
        _close(session, request, given.decision, actor, now)
    elif not needs_two(request.kind, request.marking.tlp):
        _carry_out(session, request, actor, now)
    elif request.asked_by_id != actor.id and _asked_as_own(session, request, now):
        request.second_id, request.seconded_at, request.second = request.asked_by_id, request.asked_at, request.asked_by
        _carry_out(session, request, actor, now)
    else:
        session.flush()
        _note(session, request, "decide_consent", actor, now)
        to = asking.seconds(session, request.item, actor.id, now)
        _tell(session, request, to, NoticeKind.CONSENT_SECOND, now)


def _asked_as_own(session: Session, request: ConsentRequest, now: datetime) -> bool:
    """Whether who asked did so for the originator, and still speaks for it: to ask was to agree."""
    own = request.asked_for.party_id == request.item.originator_id
    return own and asking.speaks_for(request.item, viewer_of(session, request.asked_by, now))


def confirm(
    session: Session, request: ConsentRequest, *, actor: User, now: datetime, seen_version: int, agrees: bool
) -> None:
    """The second person of the originator agrees to what the first has decided, or does not.

    Raises:
        NotAllowed: By the first person, or somebody who may not speak for the originator, or not read it.
        StaleVersion: Nothing waits, or something else than was looked at.
        MarkingChanged: It was asked under another marking.
        Refused: It has run out.
    """
    _check_open(request, now, seen_version)
    if request.decision is None:
        raise StaleVersion("consent", request.uuid)
    speaks = asking.speaks_for(request.item, viewer_of(session, actor, now))
    may = speaks and bool(asking.readers_of(session, request.item, [actor.id], now))
    if actor.id == request.decided_by_id or not may:
        raise NotAllowed("be the second person")
    looks.lock(session, request.item)
    _check_open(request, now, seen_version)
    request.second_id, request.seconded_at, request.second = actor.id, now, actor
    if agrees:
        _carry_out(session, request, actor, now)
    else:
        _close(session, request, ConsentState.REFUSED, actor, now)


def withdraw_question(
    session: Session, request: ConsentRequest, *, actor: User, now: datetime, seen_version: int
) -> None:
    """Take a question back, for the delegation that asked it.

    Raises:
        NotAllowed: By somebody who does not speak for it.
        StaleVersion: It was answered meanwhile.
    """
    if not asking.speaks_for_asker(request, viewer_of(session, actor, now)):
        raise NotAllowed("take this question back")
    if request.version != seen_version or request.state is not ConsentState.OPEN:
        raise StaleVersion("consent", request.uuid)
    request.state = ConsentState.WITHDRAWN
    session.flush()
    _note(session, request, "withdraw_consent", actor, now)


def expire_questions(session: Session, *, now: datetime) -> int:
    """End what nobody has answered in time, and what was asked under a marking that holds no more; gives how many."""
    rows = session.scalars(
        select(ConsentRequest)
        .join(Item, Item.id == ConsentRequest.item_id)
        .where(
            ConsentRequest.state == ConsentState.OPEN,
            or_(
                ConsentRequest.until <= now,
                ConsentRequest.marking_id != Item.marking_id,
                Item.state != ItemState.SHARED,
            ),
        )
        .options(joinedload(ConsentRequest.item))
    ).all()
    for row in rows:
        _close(session, row, ConsentState.EXPIRED, None, now)
    return len(rows)


def _check_open(request: ConsentRequest, now: datetime, seen_version: int) -> None:
    if request.version != seen_version or request.state is not ConsentState.OPEN:
        raise StaleVersion("consent", request.uuid)
    if request.until <= now:
        raise Refused("ran_out")
    if request.marking_id != request.item.marking.id or request.item.state is not ItemState.SHARED:
        raise MarkingChanged("consent", request.uuid)


def _carry_out(session: Session, request: ConsentRequest, actor: User, now: datetime) -> None:
    """What was granted comes about, in the transaction of the last word."""
    item, decided = request.item, request.decided_by or actor
    if request.kind is ConsentKind.ONWARD:
        let_reach(
            session,
            item,
            Target(request.to_delegation, request.to_agency, request.to_user),
            actor=decided,
            now=now,
            until=request.granted_until,
            consent=request,
        )
    elif request.kind is ConsentKind.DOWNGRADE:
        lower(session, item, request.granted_tlp or request.tlp or item.marking.tlp, actor=decided, now=now)
    elif request.kind is ConsentKind.PUBLICATION:
        if item.marking.tlp is not Tlp.CLEAR:
            lower(session, item, Tlp.CLEAR, actor=decided, now=now)
        item.published_at = now
    elif request.kind is ConsentKind.LONGER_RETENTION:
        item.retain_until, item.retention_told_at = request.granted_retain_until or request.retain_until, None
    _close(session, request, request.decision or ConsentState.GRANTED, actor, now)


def _close(session: Session, request: ConsentRequest, state: ConsentState, actor: User | None, now: datetime) -> None:
    request.state = state
    session.flush()
    _note(session, request, f"consent_{state.value}", actor, now)
    if actor is None or request.asked_by_id != actor.id:
        _tell(session, request, {request.asked_by_id}, NoticeKind.CONSENT_ANSWERED, now)


def _tell(
    session: Session, request: ConsentRequest, to: frozenset[int] | set[int], kind: NoticeKind, now: datetime
) -> None:
    tell(
        session,
        request.item,
        to=to,
        kind=kind,
        page=f"/consents/{request.uuid}",
        once=f"{kind.value}:{request.uuid}",
        now=now,
    )


def _note(session: Session, request: ConsentRequest, action: str, actor: User | None, now: datetime) -> None:
    record(
        session,
        actor=actor,
        now=now,
        action=action,
        object_type=request.item.kind.value,
        object_uuid=request.item.uuid,
        object_ids=[str(request.uuid)],
        facts={"kind": request.kind.value},
    )
