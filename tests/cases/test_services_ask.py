"""Services ask for the right themselves: a caller who forgets it opens nothing."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from confmgr.cases import naming, services
from confmgr.cases.domain import FeedbackKind, IdentifierKind, NominationState
from confmgr.cases.identifiers import Named
from confmgr.errors import NotAllowed, NotFound
from confmgr.sharing import services as sharing
from confmgr.sharing.domain import ConsentKind
from tests.make_cases import case, shared_lead
from tests.make_scheduling import NOW, world

NUMBER = [Named(IdentifierKind.PHONE, "+855 12 345 678")]
WANTED = sharing.Wanted(ConsentKind.JUDICIAL_USE, "For a trial")


def test_a_question_is_asked_by_who_reads_the_item_and_speaks_for_who_asks(session: Session) -> None:
    here = world(session)
    row = case(session, here)
    with pytest.raises(NotFound):
        sharing.ask(session, row.item, WANTED, actor=here.head_th, now=NOW, delegation=here.th)
    open_to = case(session, here, "C-02", disclose_to=[here.th])
    with pytest.raises(NotAllowed):
        sharing.ask(session, open_to.item, WANTED, actor=here.head_th, now=NOW, delegation=here.kh)
    assert sharing.ask(session, open_to.item, WANTED, actor=here.head_th, now=NOW, delegation=here.th).id


def test_feedback_is_given_by_who_reads_the_lead_and_speaks_for_the_party(session: Session) -> None:
    here = world(session)
    row = shared_lead(session, here, case(session, here))
    for actor, refused in ((here.organiser, NotFound), (here.head_kh, NotAllowed)):
        with pytest.raises(refused):
            services.give_feedback(session, row, actor=actor, now=NOW, party=here.th.party, kind=FeedbackKind.RECEIVED)
    assert row.feedback == []


def test_what_identifies_is_said_by_who_writes_the_item(session: Session) -> None:
    here = world(session)
    row = case(session, here, disclose_to=[here.th])
    for actor, refused in ((here.organiser, NotFound), (here.head_th, NotAllowed)):
        with pytest.raises(refused):
            naming.name_values(session, row.item, NUMBER, actor=actor, now=NOW)
    assert naming.identifiers_of(session, row.item) == []


def test_what_becomes_of_a_case_is_decided_by_who_organises_the_meeting(session: Session) -> None:
    here = world(session)
    row = case(session, here).nominations[0]
    selected = NominationState.SELECTED
    with pytest.raises(NotAllowed):
        services.set_nomination(session, row, actor=here.head_kh, now=NOW, state=selected)
    services.set_nomination(session, row, actor=here.organiser, now=NOW, state=selected)
    with pytest.raises(NotAllowed):
        services.take_decision_back(
            session, row, actor=here.head_kh, now=NOW + timedelta(minutes=1), seen_version=row.version
        )
    assert row.state is selected
