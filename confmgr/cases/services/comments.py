"""What parties say of a case or lead before and after they meet. Writes; the caller commits."""

from datetime import datetime

from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.cases.models import Comment
from confmgr.delegations.models import Delegation
from confmgr.errors import Refused
from confmgr.parties.models import Party
from confmgr.sharing import services as sharing
from confmgr.sharing.domain import ItemKind, Tlp
from confmgr.sharing.models import Item


def comment(
    session: Session,
    under: Item,
    *,
    actor: User,
    now: datetime,
    party: Party,
    text: str,
    only_for: Delegation | None = None,
) -> Comment:
    """Say something of a case or lead for a party.

    Args:
        session: An open transaction.
        under: The case or lead.
        actor: Who says it.
        now: When.
        party: For whom the actor speaks: the comment's originator.
        text: Plain words.
        only_for: The delegation of the originator of `under`, if nobody else shall read it; everybody who may read
            `under` if None.

    Raises:
        NotFound: The actor may not see `under`.
        NotAllowed: The actor does not speak for the party there.
        Refused: No words; what `sharing.add_child` refuses.
    """
    if not text.strip():
        raise Refused("nothing_said", field="text")
    item = sharing.add_child(
        session,
        under,
        kind=ItemKind.COMMENT,
        originator=party,
        author=actor,
        now=now,
        tlp=None if only_for is None else Tlp.AMBER,
    )
    if only_for is not None and only_for.party_id != party.id:
        sharing.disclose(session, item, actor=actor, now=now, to_delegation=only_for)
    row = Comment(id=item.id, text=text.strip())
    row.item = item
    session.add(row)
    session.flush()
    return row


def take_back_comment(session: Session, row: Comment, *, actor: User, now: datetime) -> bool:
    """Its author takes a comment back: from now on only its party reads it. False if it was taken back already.

    Raises:
        NotAllowed: Only the author.
    """
    return sharing.withdraw(session, row.item, actor=actor, now=now)
