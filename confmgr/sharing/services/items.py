"""Items, markings and disclosures. Writes; the caller commits."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.errors import NotAllowed, Refused
from confmgr.meetings.models import Meeting
from confmgr.orm.acting import Purpose, for_nobody
from confmgr.orm.unique import once
from confmgr.parties.models import Agency, Operation, Party
from confmgr.sharing import seen as looks
from confmgr.sharing.asking import has_second, seconds, writes
from confmgr.sharing.consent import is_lower
from confmgr.sharing.domain import GradeScheme, Handling, ItemKind, ItemState, NoticeKind, RecallCause, Tlp
from confmgr.sharing.heading import get_red
from confmgr.sharing.models import Disclosure, Item, ItemMeeting, Marking, NamedReader
from confmgr.sharing.queries import standing, viewer_of
from confmgr.sharing.services.notices import tell
from confmgr.sharing.services.recalls import call_back

TAKEN_BACK = frozenset({ItemState.WITHDRAWN, ItemState.PURGED})
PAGES = {ItemKind.CASE: "cases", ItemKind.LEAD: "leads"}
"""Where a second person finds what waits."""

LOWERED_BY_TWO = frozenset({ItemKind.CASE, ItemKind.LEAD})
"""Kinds of which every marking is lowered by two persons, not only RED."""


@dataclass(frozen=True, slots=True)
class Grade:
    """Source and information as the originator graded them, with the scheme."""

    scheme: GradeScheme
    source: str
    information: str


def create_item(
    session: Session,
    *,
    kind: ItemKind,
    operation: Operation,
    originator: Party,
    author: User,
    reference: str,
    tlp: Tlp,
    now: datetime,
    meetings: Sequence[Meeting] = (),
    agency: Agency | None = None,
    handling: Sequence[Handling] = (),
    handling_text: str | None = None,
    grade: Grade | None = None,
    state: ItemState = ItemState.DRAFT,
    named_readers: Sequence[User] = (),
    parent: Item | None = None,
    illustrative: bool = False,
    purpose: str | None = None,
) -> Item:
    """What every case, lead, request and so on has in common, with its first marking row.

    Raises:
        Refused: H3 without its text; the originator has used this reference; RED to be shared without another person.
    """
    reference = reference.removeprefix(f"{originator.code}/") or reference
    item = Item(
        kind=kind,
        operation_id=operation.id,
        originator_id=originator.id,
        agency_id=None if agency is None else agency.id,
        author_id=author.id,
        parent_id=None if parent is None else parent.id,
        reference=reference,
        state=ItemState.DRAFT,
        purpose=purpose,
        created_at=now,
        illustrative=illustrative,
    )
    item.operation, item.originator, item.agency, item.author = operation, originator, agency, author
    item.meetings = [ItemMeeting(meeting_id=meeting.id) for meeting in meetings]
    item.named_readers = [NamedReader(user_id=user.id) for user in named_readers]
    with once(session, lambda: _check_free(session, originator, kind, reference)):
        session.add(item)
    marking = make_marking(
        session, item, actor=author, now=now, tlp=tlp, handling=handling, handling_text=handling_text, grade=grade
    )
    put_on(session, item, marking)
    record(session, actor=author, now=now, action="create", object_type=kind.value, object_uuid=item.uuid)
    if state is ItemState.SHARED:
        _let_out(session, item, actor=author, now=now)
    return item


def _check_free(session: Session, originator: Party, kind: ItemKind, reference: str) -> None:
    taken = select(Item.id).where(Item.originator_id == originator.id, Item.kind == kind, Item.reference == reference)
    with for_nobody(session, Purpose.NUMBERING):  # who writes may not see what has it: a colleague's RED, or draft
        used = session.scalar(taken) is not None
    if used:
        raise Refused("reference_taken", field="reference", reference=reference)


def share_item(session: Session, item: Item, *, actor: User, now: datetime, seen: str | None = None) -> bool:
    """Let its readers see an item; False if they could already. `seen`: `sharing.seen.of_marking`.

    Raises:
        NotAllowed: Only the author shares, or a head of the originator (`asking.writes`).
        StaleVersion: It was taken back or marked anew since `seen`.
        Refused: RED needs a second person of the originator; what was taken back stays so.
    """
    if seen is not None:
        looks.lock(session, item)
    if not writes(session, item, actor, now):
        raise NotAllowed("share")
    if item.state is ItemState.SHARED:
        return False
    looks.compare(session, item, seen, looks.of_marking)
    if item.state in TAKEN_BACK:
        raise Refused("taken_back")
    _let_out(session, item, actor=actor, now=now)
    return True


def _let_out(session: Session, item: Item, *, actor: User, now: datetime) -> None:
    if item.marking.tlp is Tlp.RED:
        _check_second_person(session, item, now)
    item.state, item.shared_at = ItemState.SHARED, now
    session.flush()
    record(session, actor=actor, now=now, action="share", object_type=item.kind.value, object_uuid=item.uuid)


def change_marking(
    session: Session,
    item: Item,
    *,
    actor: User,
    now: datetime,
    tlp: Tlp,
    handling: Sequence[Handling] = (),
    handling_text: str | None = None,
    grade: Grade | None = None,
    reason: str | None = None,
    named_readers: Sequence[User] = (),
    seen: str | None = None,
) -> Marking:
    """A new marking row. Disclosures of the old one stop matching at once; the grade stays unless another is given.

    What is no draft is lowered by two persons of the originator (`lowered_by_two`): the new row waits until the second
    one confirms it, or it is ended (`services.lowering`). `seen`: `sharing.seen.of_marking`.

    Raises:
        NotAllowed: Only the author marks, or a head of the originator (`asking.writes`).
        StaleVersion: Somebody marked, shared or withdrew it since `seen`, or proposed another marking.
        Refused: H3 without its text; into or out of RED of something shared without a second person of the originator.
    """
    if not writes(session, item, actor, now):
        raise NotAllowed("mark")
    looks.check(session, item, seen, looks.of_marking)
    have = {reader.user_id for reader in item.named_readers}
    item.named_readers.extend(NamedReader(user_id=user.id) for user in named_readers if user.id not in have)
    waits = lowered_by_two(item, tlp)
    if (waits and item.marking.tlp is Tlp.RED) or (tlp is Tlp.RED and item.state is ItemState.SHARED):
        _check_second_person(session, item, now)
    marking = make_marking(
        session,
        item,
        actor=actor,
        now=now,
        tlp=tlp,
        handling=handling,
        handling_text=handling_text,
        grade=grade or grade_of(item.marking),
        reason=reason,
    )
    if not waits:
        put_on(session, item, marking)
        call_back(session, item, RecallCause.RAISED, now=now)
    elif item.kind in PAGES:
        tell(
            session,
            item,
            to=seconds(session, item, actor.id, now),
            kind=NoticeKind.CONSENT_SECOND,
            page=f"/{PAGES[item.kind]}/{item.uuid}",
            once=f"lowered:{marking.id}",
            now=now,
        )
    note_marking(session, item, marking, actor, now, "propose_mark" if waits else "mark")
    return marking


def lowered_by_two(item: Item, tlp: Tlp) -> bool:
    """Whether a marking lets more people read something that is no draft: RED of all kinds, any marking of some."""
    if item.state is ItemState.DRAFT or not is_lower(tlp, item.marking.tlp):
        return False
    return item.marking.tlp is Tlp.RED or item.kind in LOWERED_BY_TWO


def lower(session: Session, item: Item, tlp: Tlp, *, actor: User, now: datetime) -> Marking:
    """A marking to which two persons of the originator have agreed already. Who could read it still can.

    The caller has locked the item. Handling and grade stay as they are.
    """
    present = item.marking
    marking = make_marking(
        session,
        item,
        actor=actor,
        now=now,
        tlp=tlp,
        handling=[Handling(code) for code in present.handling],
        handling_text=present.handling_text,
        grade=grade_of(present),
    )
    carry_over(session, item, marking, now)
    put_on(session, item, marking)
    note_marking(session, item, marking, actor, now, "mark")
    return marking


def carry_over(session: Session, item: Item, marking: Marking, now: datetime) -> None:
    """Disclosures that stand are given anew under a lower marking, for as long as they held."""
    rows = session.scalars(
        select(Disclosure).join(Item, Item.id == Disclosure.item_id).where(Item.id == item.id, standing(now))
    ).all()
    for row in rows:
        repeat(session, row, item, marking).consent_id = row.consent_id
    session.flush()


def repeat(session: Session, row: Disclosure, item: Item, marking: Marking) -> Disclosure:
    """The same disclosure of another item, or under another marking: to whom, by whom, since and until when.

    The caller flushes.
    """
    again = Disclosure(
        item_id=item.id,
        marking_id=marking.id,
        to_user_id=row.to_user_id,
        to_agency_id=row.to_agency_id,
        to_delegation_id=row.to_delegation_id,
        granted_by_id=row.granted_by_id,
        granted_at=row.granted_at,
        until=row.until,
    )
    again.item = item
    session.add(again)
    return again


def note_marking(session: Session, item: Item, marking: Marking, actor: User, now: datetime, action: str) -> None:
    """An entry about a marking that was made, proposed, or settled."""
    record(
        session,
        actor=actor,
        now=now,
        action=action,
        object_type=item.kind.value,
        object_uuid=item.uuid,
        facts={"tlp": marking.tlp.value},
    )


def withdraw(session: Session, item: Item, *, actor: User, now: datetime, seen: str | None = None) -> bool:
    """Take an item back: from now on only the originator sees it, and no earlier disclosure stands.

    Who had read it is asked to use no copy any more. False if it was taken back already. `seen`:
    `sharing.seen.of_state`.

    Raises:
        NotAllowed: Only the author withdraws, or a head of the originator (`asking.writes`).
        StaleVersion: It was shared, or shared again, since `seen`.
    """
    looks.lock(session, item)
    if not writes(session, item, actor, now):
        raise NotAllowed("withdraw")
    if item.state in TAKEN_BACK:
        return False
    looks.compare(session, item, seen, looks.of_state)
    _take_back(session, item, actor, now)
    return True


def withdraw_red(session: Session, ident: uuid.UUID, *, meeting: Meeting, actor: User, now: datetime) -> bool:
    """Take a RED case or lead of the own agency back on its envelope, as its head; False if it was taken back already.

    Raises:
        NotFound: There is none that the actor heads at the meeting: the same as for none at all.
    """
    item = get_red(session, viewer_of(session, actor, now), meeting, ident, now)
    with for_nobody(session, Purpose.HEADING):
        looks.lock(session, item)
        if item.state in TAKEN_BACK:
            return False
        _take_back(session, item, actor, now)
    return True


def _take_back(session: Session, item: Item, actor: User, now: datetime) -> None:
    item.state, item.withdrawn_at = ItemState.WITHDRAWN, now
    for disclosure in item.disclosures:
        if disclosure.revoked_at is None:
            disclosure.revoked_at, disclosure.revoked_by_id = now, actor.id
    session.flush()
    call_back(session, item, RecallCause.WITHDRAWN, now=now)
    record(session, actor=actor, now=now, action="withdraw", object_type=item.kind.value, object_uuid=item.uuid)


def take_up(session: Session, item: Item, *, actor: User, now: datetime) -> None:
    """Share again what was withdrawn. Whom it reached by name is not named any more: the author names anew.

    Raises:
        NotAllowed: Only the author takes it up, for as long as the author sits for the originator.
        Refused: It was not withdrawn; RED needs a second person of the originator.
    """
    if actor.id != item.author_id or not writes(session, item, actor, now):
        raise NotAllowed("take up")
    if item.state is not ItemState.WITHDRAWN:
        raise Refused("not_withdrawn")
    if item.marking.tlp is Tlp.RED:
        _check_second_person(session, item, now)
    item.state, item.withdrawn_at, item.shared_at = ItemState.SHARED, None, now
    session.flush()
    record(session, actor=actor, now=now, action="take_up", object_type=item.kind.value, object_uuid=item.uuid)


def _check_second_person(session: Session, item: Item, now: datetime) -> None:
    if not has_second(session, item, now):
        raise Refused("red_needs_second_person", field="second")


def grade_of(marking: Marking) -> Grade | None:
    """The grade that a marking holds, if it is graded."""
    if marking.grade_scheme is None or marking.grade_source is None or marking.grade_information is None:
        return None
    return Grade(marking.grade_scheme, marking.grade_source, marking.grade_information)


def make_marking(
    session: Session,
    item: Item,
    *,
    actor: User,
    now: datetime,
    tlp: Tlp,
    handling: Sequence[Handling],
    handling_text: str | None,
    grade: Grade | None,
    reason: str | None = None,
) -> Marking:
    """A new row of an item, which holds once it is put on.

    Raises:
        Refused: H3 without its text.
    """
    if Handling.H3 in handling and not handling_text:
        raise Refused("h3_needs_text", field="handling_text")
    marking = Marking(
        item_id=item.id,
        tlp=tlp,
        handling=[code.value for code in handling],
        handling_text=handling_text,
        grade_scheme=None if grade is None else grade.scheme,
        grade_source=None if grade is None else grade.source,
        grade_information=None if grade is None else grade.information,
        made_by_id=actor.id,
        made_at=now,
        reason=reason,
    )
    session.add(marking)
    session.flush()
    return marking


def put_on(session: Session, item: Item, marking: Marking) -> None:
    """From now on the marking holds. What is CLEAR no more is published no more, whatever it is lowered to later."""
    item.marking = marking
    if marking.tlp is not Tlp.CLEAR:
        item.published_at = None
    session.flush()
