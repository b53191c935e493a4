"""What the secretariat and the leadership of the host may not see changes no page, count, total or file of theirs."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from confmgr.cases import attaching, matching, naming
from confmgr.cases import services as cases
from confmgr.cases.domain import FeedbackKind, IdentifierKind
from confmgr.cases.identifiers import Named
from confmgr.cases.models import Case, Lead
from confmgr.gateways import clock
from confmgr.meetings.domain import Role
from confmgr.sharing.domain import ConsentKind, ItemState, Tlp
from confmgr.values.words import Words
from tests import make, make_cases, make_consents, make_invitations, make_outcomes, make_scheduling
from tests.app.test_non_interference import CANARY, around_actions, emptied, nearly_public, readers, seen_by
from tests.make_scheduling import NOW, World


@pytest.fixture(autouse=True)
def the_same_minute() -> Iterator[None]:
    """Pages that are compared are not read a minute apart."""
    with clock.frozen(NOW + timedelta(hours=1)):
        yield


def kept_apart(session: Session, here: World, case: Case, theirs: Case, lead: Lead) -> None:
    """What Cambodia and Thailand do beside items whose envelopes the secretariat sees: all that no envelope names."""
    make_cases.case(session, here, "KH-02", title=Words.of(CANARY), state=ItemState.DRAFT)
    make_cases.lead(session, here, case, "KH-L3", title=Words.of(CANARY))
    attaching.attach(session, case.item, actor=here.head_kh, now=NOW, name=f"{CANARY}.txt", content=CANARY.encode())
    for of, head in ((case, here.head_kh), (theirs, here.head_th)):
        naming.name_values(session, of.item, [Named(IdentifierKind.ALIAS, CANARY)], actor=head, now=NOW)
        rows = naming.identifiers_of(session, of.item)
        matching.put_to_matching(session, of.item, rows, actor=head, now=NOW)
    assert matching.find_matches(session, now=NOW) == 1
    carried = make_outcomes.carried_out(session, here, "KH-A3", title=Words.of(CANARY))
    around_actions(session, here, carried)
    secret = make_outcomes.source(session, here, f"{CANARY}-S")
    figure = make_outcomes.figure(session, here, f"{CANARY}-F", 40, joint_action=carried, source=secret)
    nearly_public(session, here, figure)
    group = make_outcomes.group(session, here, "KH-G2", Tlp.AMBER)
    make_outcomes.base(session, here, group, CANARY, Tlp.AMBER)
    question = make_consents.asked(session, here, lead.item, kind=ConsentKind.JUDICIAL_USE)
    question.reason = CANARY
    cases.comment(session, lead.item, actor=here.head_th, now=NOW, party=here.th.party, text=CANARY)
    kind = FeedbackKind.IN_USE
    cases.give_feedback(session, lead, actor=here.head_th, now=NOW, party=here.th.party, kind=kind, note=CANARY)


def test_what_no_envelope_names_changes_nothing_for_organisers_and_the_leadership_of_the_host(
    app: Flask, stored: Session
) -> None:
    """No count of theirs, no total and no file is another one when something is added that they may not see."""
    seen = []
    for more in (False, True):
        here = make_scheduling.world(stored)
        people = readers(stored, here)
        case = make_cases.case(stored, here)
        theirs = make_cases.case(stored, here, "TH-02", originator=here.th.party, concerned=[])
        lead = make_cases.shared_lead(stored, here, case)
        make_outcomes.figure(stored, here, "stated", 7)
        make_scheduling.bilateral(stored, here, cases=[case])
        if more:
            kept_apart(stored, here, case, theirs, lead)
        make_invitations.published(stored, here)
        chief = make.user(stored, "Chief", email="chief@kr.example")
        make.membership(stored, here.meeting, chief, Role.LEADERSHIP)
        stored.commit()
        seen.append([seen_by(app, stored, who) for who in (people["organiser"], chief)])
        emptied(app, stored)
    for one, other in zip(*seen, strict=True):
        assert sorted(one) == sorted(other)
        for path, page in one.items():
            if "/outbox" not in path:  # mails name the addresses that the builders count
                assert page.decode(errors="replace") == other[path].decode(errors="replace"), path
