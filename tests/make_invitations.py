"""Builders of publications: the whole way from a placed session to mails."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.cases.models import Case
from confmgr.invitations import rendering
from confmgr.invitations.ical import Correspondent
from confmgr.invitations.models import OutboxMessage, Participation, Publication
from confmgr.invitations.services import answer_token, publish
from confmgr.sharing.domain import ItemKind, ItemState, Tlp
from confmgr.sharing.services import create_item
from confmgr.values.words import Words
from tests.make_scheduling import NOW, World

SENDER = Correspondent("secretariat@police.example", "Secretariat of the meeting")


def bytes_of(row: OutboxMessage, token: str | None = None) -> bytes:
    """A mail as the worker writes it; inside the context of an application."""
    return rendering.render(row, sender=SENDER, base_url="https://meet.example", token=token).raw


def published(session: Session, here: World, now: datetime = NOW) -> Publication:
    return publish(session, here.meeting, actor=here.organiser, now=now, domain="police.example")


def messages(session: Session, publication: Publication) -> list[OutboxMessage]:
    rows = select(OutboxMessage).where(OutboxMessage.publication_id == publication.id).order_by(OutboxMessage.id)
    return list(session.scalars(rows))


def participation(session: Session, delegate_id: int) -> Participation:
    return session.scalars(select(Participation).where(Participation.delegate_id == delegate_id)).one()


def case(session: Session, here: World, title: str, *, reference: str = "KH-01", tlp: Tlp = Tlp.AMBER) -> Case:
    """A case of Cambodia, shared, whose neutral title says nothing."""
    item = create_item(
        session,
        kind=ItemKind.CASE,
        operation=here.meeting.operation,
        originator=here.kh.party,
        author=here.head_kh,
        reference=reference,
        tlp=tlp,
        now=NOW,
        meetings=[here.meeting],
        state=ItemState.SHARED,
    )
    row = Case(id=item.id, title=Words.of(title), neutral_title=Words.of("A fraud case"), crime_types=[])
    session.add(row)
    session.flush()
    return row


def answer_links(
    session: Session,
    publication: Publication | None,
    *,
    now: datetime,
    participation: Participation | None = None,
) -> dict[str, str]:
    """The address of the answer page in each mail of a publication, or in those of one participation, by recipient."""
    rows = select(OutboxMessage).order_by(OutboxMessage.id)
    if publication is not None:
        rows = rows.where(OutboxMessage.publication_id == publication.id)
    if participation is not None:
        rows = rows.where(OutboxMessage.participation_id == participation.id)
    return {row.recipient: f"/r/{answer_token(session, row, now=now)}" for row in session.scalars(rows)}
