"""Personal agendas as PDF: one's own, that of a delegate, and those of all delegates in a ZIP."""

import uuid as uuids
from datetime import datetime

from flask.typing import ResponseReturnValue
from sqlalchemy import select

from confmgr.accounts.models import User
from confmgr.delegations.models import Delegate, Delegation, Interpreter
from confmgr.errors import NotFound
from confmgr.gateways import clock
from confmgr.invitations.queries import persons_of
from confmgr.meetings.access import in_meeting
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Meeting
from confmgr.reports import personal, queries
from confmgr.reports.orders import alone
from confmgr.reports.routes.blueprint import bp, delivered, language
from confmgr.sharing.queries import viewer_of
from confmgr.web.db import session
from confmgr.web.policy import policy

ORGANISER = in_meeting(Role.ORGANISER)


@bp.get("/meetings/<slug>/my-agenda.pdf")
@policy(in_meeting())
def my_agenda_pdf(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """My agenda, as a document."""
    delegates, interpreters = persons_of(session(), meeting, actor)
    people = [
        *session().scalars(select(Delegate).where(Delegate.id.in_(delegates))),
        *session().scalars(select(Interpreter).where(Interpreter.id.in_(interpreters))),
    ]
    if not people:
        raise NotFound("agenda", actor.id)
    return _agenda(meeting, actor, people, f"agenda-{meeting.slug}-own")


@bp.get("/meetings/<slug>/delegations/<uuid:uuid>/people/<uuid:person_uuid>/agenda.pdf")
@policy(ORGANISER)
def delegate_agenda_pdf(
    *, meeting: Meeting, actor: User, uuid: uuids.UUID, person_uuid: uuids.UUID
) -> ResponseReturnValue:
    """The agenda of one delegate, for organisers; in the delegate's language unless another is asked for."""
    found = session().scalar(
        select(Delegate)
        .join(Delegation, Delegation.id == Delegate.delegation_id)
        .where(Delegation.meeting_id == meeting.id, Delegation.uuid == uuid, Delegate.uuid == person_uuid)
    )
    if found is None:
        raise NotFound("delegate", person_uuid)
    return _agenda(meeting, actor, [found], f"agenda-{meeting.slug}-{found.delegation.party.code}", found.language)


@bp.get("/meetings/<slug>/prints/agendas.zip")
@policy(ORGANISER)
def all_agendas(*, meeting: Meeting, actor: User) -> ResponseReturnValue:
    """The agendas of all delegates, each in its own language; a job makes them."""
    now = clock.now()
    found = queries.agendas(session(), meeting, viewer_of(session(), actor, now), now)
    if not found:
        raise NotFound("agenda", meeting.slug)
    return delivered(personal.all_of(found, f"agendas-{meeting.slug}", now), actor, now, meeting)


def _agenda(
    meeting: Meeting, actor: User, people: list[Delegate | Interpreter], name: str, own: str | None = None
) -> ResponseReturnValue:
    now: datetime = clock.now()
    viewer = viewer_of(session(), actor, now)
    found = [queries.agenda_of(session(), meeting, viewer, now, person=one) for one in people]
    tag = language(default=own)
    return delivered(alone(f"{name}-{tag}", personal.of(found, tag, now)), actor, now, meeting)
