"""What becomes of a lower marking that was proposed: agreed to, taken back, or not agreed to. The caller commits.

A proposal that comes to nothing is ended by a further row that repeats the marking which holds, with who ended it and
why: rows of markings are never changed, and readers, questions and earlier texts stay with the row that held all along.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.errors import NotAllowed, StaleVersion
from confmgr.sharing import seen as looks
from confmgr.sharing.asking import readers_of, speaks_for
from confmgr.sharing.domain import Handling, NoticeKind, Tlp
from confmgr.sharing.models import Item, Marking
from confmgr.sharing.queries import Ended, Waiting, knows_red, proposed, said_of, viewer_of, waiting
from confmgr.sharing.services.items import PAGES, carry_over, grade_of, make_marking, note_marking, put_on
from confmgr.sharing.services.notices import tell


def confirm_marking(session: Session, item: Item, *, actor: User, now: datetime, seen: str) -> None:
    """A second person of the originator agrees that it is lowered: the marking that waited holds from now on.

    Of RED it is one whom the author named; otherwise anybody who speaks for the originator and may read it. Who
    proposed it is told.

    Raises:
        NotAllowed: By the person who proposed it, or somebody else.
        StaleVersion: Nothing waits, or another marking than the one looked at (`sharing.queries.Waiting.seen`).
    """
    looks.lock(session, item)
    found = waiting(session, item, actor, now)
    proposed = found is not None and found.marking.made_by_id == actor.id
    if proposed or not _has_a_say(session, item, actor, now):
        raise NotAllowed("confirm this marking")
    if found is None or found.seen != seen:
        raise StaleVersion(item.kind.value, item.uuid)
    carry_over(session, item, found.marking, now)
    put_on(session, item, found.marking)
    note_marking(session, item, found.marking, actor, now, "mark")
    _tell_proposer(session, item, found.marking, now)


def take_back_marking(session: Session, item: Item, *, actor: User, now: datetime, seen: str) -> bool:
    """Who proposed a lower marking takes the proposal back; False if it was taken back already.

    Nobody is told: it waits for nobody any more, and the page says who took it back.

    Raises:
        NotAllowed: By somebody else.
        StaleVersion: It was confirmed or not agreed to, or another one waits than was looked at.
    """
    return _ended_by(session, item, actor, now, seen, own=True) is not None


def refuse_marking(
    session: Session, item: Item, *, actor: User, now: datetime, seen: str, reason: str | None = None
) -> bool:
    """Somebody whose word a lower marking waits for does not agree: it stays as it is. One person is enough.

    Who proposed it is told, and reads who it was and the reason; so does everybody to whom the proposal was shown.
    False if somebody has said so already.

    Raises:
        NotAllowed: By the person who proposed it, or one who could not confirm it.
        StaleVersion: It was confirmed or taken back, or another one waits than was looked at.
    """
    proposal = _ended_by(session, item, actor, now, seen, own=False, reason=reason)
    if proposal is None:
        return False
    _tell_proposer(session, item, proposal, now)
    return True


def _ended_by(
    session: Session, item: Item, actor: User, now: datetime, seen: str, *, own: bool, reason: str | None = None
) -> Marking | None:
    """The proposal that is ended, one's own or that of another; None if it was ended in this way already."""
    looks.lock(session, item)
    found = proposed(session, item, actor, now)
    proposal = found.proposal if isinstance(found, Ended) else None if found is None else found.marking
    fits = proposal is None or (proposal.made_by_id == actor.id) is own
    if not (fits and _has_a_say(session, item, actor, now)):
        raise NotAllowed("take this proposal back" if own else "disagree with this marking")
    if isinstance(found, Waiting) and found.seen == seen:
        _end(session, item, actor, now, "take_back_mark" if own else "refuse_mark", reason)
        return found.marking
    if isinstance(found, Ended) and found.taken_back is own and said_of(found.proposal) == seen:
        return None
    raise StaleVersion(item.kind.value, item.uuid)


def _has_a_say(session: Session, item: Item, actor: User, now: datetime) -> bool:
    red = item.marking.tlp is Tlp.RED
    asked = knows_red(item, actor) if red else speaks_for(item, viewer_of(session, actor, now))
    return asked and bool(readers_of(session, item, [actor.id], now))


def _end(session: Session, item: Item, actor: User, now: datetime, action: str, reason: str | None) -> None:
    holds = item.marking
    made = make_marking(
        session,
        item,
        actor=actor,
        now=now,
        tlp=holds.tlp,
        handling=[Handling(code) for code in holds.handling],
        handling_text=holds.handling_text,
        grade=grade_of(holds),
        reason=reason,
    )
    note_marking(session, item, made, actor, now, action)


def _tell_proposer(session: Session, item: Item, proposal: Marking, now: datetime) -> None:
    if item.kind in PAGES:
        tell(
            session,
            item,
            to=[proposal.made_by_id],
            kind=NoticeKind.CONSENT_ANSWERED,
            page=f"/{PAGES[item.kind]}/{item.uuid}",
            once=f"lowered_answered:{proposal.id}",
            now=now,
        )
