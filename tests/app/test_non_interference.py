"""What somebody may not see changes nothing of what that person gets: no page, count, number, calendar, file or mail."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.activity.services import record
from confmgr.cases import attaching, matching, naming
from confmgr.cases import services as cases
from confmgr.cases.domain import CrimeType, FeedbackKind, IdentifierKind, LeadKind, Readiness
from confmgr.cases.identifiers import Named
from confmgr.cases.models import Case, Lead
from confmgr.delegations.domain import Capacity
from confmgr.delegations.models import Delegation
from confmgr.gateways import clock
from confmgr.invitations import services as invitations
from confmgr.invitations.models import OutboxMessage
from confmgr.meetings.domain import Role
from confmgr.outcomes import services as outcomes
from confmgr.outcomes.domain import Dimension, PersonStatus, RequestedAction
from confmgr.outcomes.models import Figure, FigureBreakdown, JointAction, PublicFigure, ReportingRound
from confmgr.papers import services as papers
from confmgr.papers.domain import ExpectedAction
from confmgr.papers.models import AgendaItemSession
from confmgr.parties.models import Party
from confmgr.scheduling import services as scheduling
from confmgr.scheduling.domain import Answer, SessionKind
from confmgr.scheduling.wishes import Half, HalfDay, Wishes
from confmgr.sharing import services as sharing
from confmgr.sharing.domain import ConsentKind, ConsentState, Tlp
from confmgr.values.times import wall_time
from confmgr.values.words import Words
from confmgr.web.db import db
from tests import make, make_cases, make_consents, make_invitations, make_outcomes, make_rounds, make_scheduling
from tests.conftest import empty
from tests.make_cases import without_tokens
from tests.make_scheduling import ELEVEN, NOW, World

FILE = re.compile(r"\.(pdf|xlsx)$")
UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(user|delegate)[0-9]+@")
"""What differs between two meetings that are built alike: identities, and the addresses that the builders count."""
CANARY = "Canary"
FRIDAY = datetime(2026, 2, 6, 15, 0)  # noqa: DTZ001  # a wall time of the venue
PAGES = [
    "/",
    "/account",
    "/meetings/seoul-2",
    "/meetings/seoul-2/agenda",
    "/meetings/seoul-2/cases",
    "/meetings/seoul-2/cases?state=nominated",
    "/meetings/seoul-2/cases?party=KH",
    "/meetings/seoul-2/consents",
    "/meetings/seoul-2/leads",
    "/meetings/seoul-2/leads?party=KH&tlp=AMBER&last=1",
    "/meetings/seoul-2/search?q=canary",
    "/meetings/seoul-2/search?q=phishing",
    "/meetings/seoul-2/search?q=number&kind=lead&state=shared&here=1",
    "/meetings/seoul-2/delegations",
    "/meetings/seoul-2/exchange",
    "/meetings/seoul-2/leads/new",
    "/meetings/seoul-2/leads/new?to=TH",
    "/meetings/seoul-2/matches",
    "/meetings/seoul-2/my-agenda",
    "/meetings/seoul-2/my-agenda.ics",
    "/meetings/seoul-2/programme",
    "/meetings/seoul-2/programme?day=2026-02-06",
    "/meetings/seoul-2/programme?delegation=TH",
    "/meetings/seoul-2/audit",
    "/meetings/seoul-2/files",
    "/meetings/seoul-2/files/cases-and-leads.json",
    "/meetings/seoul-2/files/cases-and-leads.stix",
    "/meetings/seoul-2/files/take-in",
    "/meetings/seoul-2/reports",
    "/meetings/seoul-2/reports/leads",
    "/meetings/seoul-2/reports/outcome",
    "/meetings/seoul-2/requests",
    "/meetings/seoul-2/requests?state=accepted",
    "/meetings/seoul-2/requests?delegation=TH",
    "/meetings/seoul-2/requests/new",
    "/meetings/seoul-2/reports/leads?giver=KH",
    "/meetings/seoul-2/reports/leads?feedback=in_use",
    "/operations/breaking-chains",
    "/operations/breaking-chains/export",
    "/operations/breaking-chains/export.csv",
    "/operations/breaking-chains/actions/new",
    "/operations/breaking-chains/figures/new",
    "/operations/breaking-chains/contacts",
    "/operations/breaking-chains/follow-up",
    "/operations/breaking-chains/alerts",
    "/operations/breaking-chains/borders",
    "/operations/breaking-chains/follow-up?state=overdue",
    "/operations/breaking-chains/follow-up.xlsx",
    "/operations/breaking-chains/groups",
    "/operations/breaking-chains/groups/new",
    "/operations/breaking-chains/indicators",
    "/operations/breaking-chains/indicators/missing",
    "/operations/breaking-chains/measures",
    "/operations/breaking-chains/outcomes",
    "/operations/breaking-chains/public-figures",
    "/operations/breaking-chains/public-figures.json",
    "/operations/breaking-chains/public-figures/waiting",
    "/operations/breaking-chains/readers",
    "/operations/breaking-chains/readers?own=1",
    "/operations/breaking-chains/readers.csv?what=read",
    "/operations/breaking-chains/report",
    "/operations/breaking-chains/report.json",
    "/operations/breaking-chains/report/period?from=2025-01-01&to=2026-12-31",
    "/operations/breaking-chains/party/KH/report",
    "/operations/breaking-chains/reports",
    "/verify",
    "/operations/breaking-chains/requests/new",
    "/operations/breaking-chains/rounds",
    "/operations/breaking-chains/sources",
    "/operations/breaking-chains/sources/R1/withdraw",
    "/operations/breaking-chains/task-forces/new",
]


@pytest.fixture(autouse=True)
def the_same_minute() -> Iterator[None]:
    """Pages that are compared are not read a minute apart."""
    with clock.frozen(NOW + timedelta(hours=1)):
        yield


def readers(session: Session, here: World) -> dict[str, User]:
    """Those who sit at the meeting and have no part in what Cambodia and Thailand do."""
    jp = make.delegation(session, here.meeting, "JP")
    people = {}
    for name, role, of in (
        ("head", Role.HEAD, jp),
        ("delegate", Role.DELEGATE, jp),
        ("leadership of a delegation", Role.LEADERSHIP, jp),
        ("interpreter", Role.INTERPRETER, None),
        ("press", Role.PRESS, None),
        ("auditor", Role.AUDITOR, None),
    ):
        people[name] = make.user(session, name, email=f"{role.value}@jp.example")
        make.membership(session, here.meeting, people[name], role, of_delegation=of)
    person = make.delegate(session, jp, "Sato Aoi", capacity=Capacity.HEAD_OF_DELEGATION, account=people["head"])
    person.email = "sato@jp.example"
    people["organiser"] = here.organiser
    return people


def hidden(session: Session, here: World) -> None:
    """What goes on between Cambodia and Thailand."""
    two = make_cases.case(session, here, "KH-02", title=Words.of(CANARY), neutral_title=None)
    red = make_cases.case(
        session, here, "KH-03", tlp=Tlp.RED, title=Words.of(CANARY), named_readers=[_colleague(session, here)]
    )
    cases.disclose_item(session, two.item, actor=here.head_kh, now=NOW, to=[here.th])
    make_cases.shared_lead(session, here, two, "KH-L2", title=Words.of(CANARY), body=Words.of(CANARY))
    make_cases.lead(session, here, red, "KH-L3", title=Words.of(CANARY))
    make_outcomes.request(session, here, "KH-R2", text=Words.of(CANARY))
    make_outcomes.action(session, here, "KH-A2", title=Words.of(CANARY))
    carried = make_outcomes.carried_out(session, here, "KH-A3", title=Words.of(CANARY))
    around_actions(session, here, carried)
    secret = make_outcomes.source(session, here, f"{CANARY}-S")
    own_figure = make_outcomes.figure(session, here, f"{CANARY}-F", 40, joint_action=carried, source=secret)
    make_outcomes.figure(session, here, f"{CANARY}-R1", 3, joint_action=carried)
    nearly_public(session, here, own_figure)
    make_outcomes.group(session, here, "KH-G2", Tlp.AMBER)
    own = make_rounds.of(session.scalars(select(ReportingRound)).one(), here.kh)
    make_rounds.saved(session, own, here.head_kh, make_rounds.value("arrested", 40), story=CANARY)
    _matched(session, here, two)
    request = make_scheduling.request(session, here, cases=[two], note=CANARY)
    scheduling.answer_request(session, request, actor=here.head_th, now=NOW, delegation=here.th, answer=Answer.ACCEPTED)


def _matched(session: Session, here: World, two: Case) -> None:
    """A file, and a name that Cambodia and Thailand have both put to matching: they are told of a hit."""
    attaching.attach(session, two.item, actor=here.head_kh, now=NOW, name=f"{CANARY}.txt", content=CANARY.encode())
    theirs = make_cases.case(session, here, "TH-02", originator=here.th.party, title=Words.of(CANARY), concerned=[])
    for of in (two, theirs):
        naming.name_values(session, of.item, [Named(IdentifierKind.ALIAS, CANARY)], actor=of.item.author, now=NOW)
        rows = naming.identifiers_of(session, of.item)
        matching.put_to_matching(session, of.item, rows, actor=of.item.author, now=NOW)
    assert matching.find_matches(session, now=NOW) == 1


def nearly_public(session: Session, here: World, hidden_one: Figure) -> None:
    """Hidden parts of a figure, and another that waits for the party of the territory."""
    hidden_one.breakdown.append(FigureBreakdown(dimension=Dimension.NATIONALITY, key=CANARY, value=Decimal(9)))
    session.add(
        PublicFigure(
            figure=hidden_one,
            wording=Words.of(CANARY),
            clearing_party_id=here.th.party_id,
            proposed_by_id=here.head_kh.id,
            proposed_at=NOW,
        )
    )
    session.flush()


def around_actions(session: Session, here: World, carried: JointAction) -> None:
    """A task force, an action under way with its log, and persons who are held to be something else."""
    force = make_outcomes.task_force(session, here, name=Words.of(CANARY))
    row = make_outcomes.action(session, here, "KH-A4", title=Words.of(CANARY), task_force=force, plan=Words.of(CANARY))
    five = wall_time(NOW, "Asia/Phnom_Penh")
    starts = (five, "Asia/Phnom_Penh")
    outcomes.begin(session, row, actor=here.head_kh, now=NOW, seen_version=row.version, starts=starts)
    outcomes.add_line(
        session, row, actor=here.head_kh, now=NOW, local=starts, text=CANARY, tallies={"arrested": 3, "rescued": 1}
    )
    persons = outcomes.find_persons(session, carried, name=Words.of(CANARY), count=9)
    for status, day in ((PersonStatus.SUSPECT, 4), (PersonStatus.VICTIM, 20)):
        outcomes.set_status(session, persons, status=status, count=9, decided_on=date(2025, 12, day), decided_by=CANARY)


def _around_a_lead(session: Session, here: World, lead: Lead) -> None:
    """What Thailand asks and says of something that Japan reads too, and what is called back from Thailand."""
    question = make_consents.asked(session, here, lead.item, kind=ConsentKind.JUDICIAL_USE)
    question.reason = CANARY
    refused = make_consents.asked(session, here, lead.item, kind=ConsentKind.NEW_PURPOSE)
    make_consents.answered(session, refused, here.head_kh, sharing.Answer(ConsentState.REFUSED, CANARY))
    for only_for in (here.kh, here.th):
        cases.comment(
            session, lead.item, actor=here.head_th, now=NOW, party=here.th.party, text=CANARY, only_for=only_for
        )
    gone = make_cases.shared_lead(session, here, lead.case, "KH-L9", title=Words.of(CANARY))
    record(session, actor=here.head_th, now=NOW, action="read", object_type="lead", object_uuid=gone.item.uuid)
    sharing.withdraw(session, gone.item, actor=here.head_kh, now=NOW)
    invitations.tell_of_items(session, now=NOW, domain="police.example")


def _colleague(session: Session, here: World) -> User:
    person = make.user(session, "Chan Thida")
    make.membership(session, here.meeting, person, Role.DELEGATE, of_delegation=here.kh)
    return person


def build(session: Session, *, more: bool) -> dict[str, User]:
    """The meeting as Japan knows it; with `more`, what Japan must not learn of."""
    here = make_scheduling.world(session)
    people = readers(session, here)
    jp = session.scalars(select(Delegation).join(Party).where(Party.code == "JP")).one()
    make_rounds.round_(session, here)
    if more:
        hidden(session, here)
    case = make_cases.case(session, here, "KH-01")
    cases.disclose_item(session, case.item, actor=here.head_kh, now=NOW, to=[jp, here.th])
    lead = make_cases.lead(session, here, case, "KH-L1")
    cases.share_lead(session, lead, actor=here.head_kh, now=NOW, to=[jp, here.th])
    cases.comment(session, lead.item, actor=here.head_th, now=NOW, party=here.th.party, text="Known in Bangkok")
    if more:
        _around_a_lead(session, here, lead)
    wishes = Wishes((HalfDay(FRIDAY.date(), Half.MORNING),)) if more else Wishes()
    make_scheduling.request(session, here, asked=[jp], wishes=wishes)
    plenary = make_scheduling.bilateral(
        session, here, kind=SessionKind.PLENARY, delegations=[], everybody=True, title=Words.of("Opening")
    )
    item = papers.add_agenda_item(
        session,
        actor=here.organiser,
        now=NOW,
        meeting=here.meeting,
        number="1",
        title=Words.of("Cases"),
        expected=ExpectedAction.DISCUSSION,
        sessions=[plenary],
    )
    if more:
        apart = make_scheduling.bilateral(session, here, starts=FRIDAY)
        item.sessions.append(AgendaItemSession(session_id=apart.id, session=apart))
        cases.give_feedback(
            session,
            lead,
            actor=here.head_th,
            now=NOW,
            party=here.th.party,
            kind=FeedbackKind.IN_USE,
            note=CANARY,
        )
    make_scheduling.bilateral(session, here, starts=ELEVEN, delegations=[here.kh, jp])
    # on which half-days any case meetings are held stands in the agenda: there are some on both
    make_scheduling.bilateral(session, here, starts=FRIDAY.replace(hour=17), delegations=[here.kh, jp])
    make_outcomes.figure(session, here, "stated", 7)
    make_outcomes.indicator(session, here)
    session.flush()
    make_invitations.published(session, here)
    if more:
        make_scheduling.bilateral(session, here, starts=FRIDAY.replace(hour=10), place=here.t2)
    return people


def seen_by(app: Flask, session: Session, who: User) -> dict[str, bytes]:
    """Every page of somebody, its status, headers of note and bytes, and that of every link on them."""
    client = app.test_client()
    make.sign_in(client, session, who)
    found = {}
    waiting = list(PAGES)
    while waiting:
        path = waiting.pop(0)
        answer = client.get(path)
        assert answer.status_code < 500, path
        told = f"{answer.status} {answer.headers.get('Content-Disposition', '')}\n".encode()
        found[path] = told + without_tokens(answer.data)
        assert CANARY.encode() not in answer.data, (path, who.name)
        for link in re.findall(r'href="(/[^"#?]*)', answer.text if answer.mimetype == "text/html" else ""):
            if link not in found and link not in waiting and not link.startswith("/static") and not FILE.search(link):
                waiting.append(link)
    return {UUID.sub(b"#", path.encode()).decode(): UUID.sub(b"#", page) for path, page in found.items()}


def mails(session: Session, address: str) -> list[bytes]:
    rows = session.scalars(select(OutboxMessage).where(OutboxMessage.recipient == address).order_by(OutboxMessage.id))
    return [str(sorted(row.facts.items())).encode() for row in rows]


def emptied(app: Flask, session: Session) -> None:
    session.rollback()
    session.expunge_all()
    with app.app_context():
        empty(db.engine)


def test_what_goes_on_between_others_changes_nothing_of_what_a_reader_gets(app: Flask, stored: Session) -> None:
    seen: list[dict[str, dict[str, bytes]]] = []
    letters: list[list[bytes]] = []
    for more in (False, True):
        people = build(stored, more=more)
        del people["organiser"]
        stored.commit()
        letters.append(mails(stored, "sato@jp.example"))
        seen.append({name: seen_by(app, stored, who) for name, who in people.items()})
        emptied(app, stored)
    assert letters[0]
    assert UUID.sub(b"#", b"".join(letters[0])) == UUID.sub(b"#", b"".join(letters[1]))
    for one in seen:  # auditors know of every event, and of no body: that no canary is on the page was looked at above
        one["auditor"] = {path: page for path, page in one["auditor"].items() if "/audit" not in path}
    for name, pages in seen[0].items():
        assert sorted(pages) == sorted(seen[1][name]), name
        for path, page in pages.items():
            assert page.decode(errors="replace") == seen[1][name][path].decode(errors="replace"), (name, path)


def test_of_red_an_organiser_learns_no_more_than_that_it_is_there(app: Flask, stored: Session) -> None:
    """Two meetings that differ in everything that a RED item says, and in nothing else."""
    seen = []
    for turn in (0, 1):
        here = make_scheduling.world(stored)
        people = readers(stored, here)
        colleague = _colleague(stored, here)
        values: dict[str, Any] = {"tlp": Tlp.RED, "named_readers": [colleague]}
        case = make_cases.case(
            stored,
            here,
            title=Words.of(f"{CANARY}{turn}"),
            neutral_title=Words.of(f"{CANARY}{turn}"),
            readiness=list(Readiness)[turn],
            crime_types=[list(CrimeType)[turn]],
            priority=1 + turn,
            minutes=30 + turn,
            languages=["km", "th"][: 1 + turn],
            concerned=[[here.th.party], []][turn],
            **values,
        )
        stored.flush()
        kind = list(LeadKind)[turn]
        leads = make_cases.lead(stored, here, case, kind=kind, title=Words.of(f"{CANARY}{turn}"), **values)
        cases.share_lead(stored, leads, actor=here.head_kh, now=NOW, persons=[here.head_th])
        cases_of_all = [make_cases.case(stored, here, f"KH-1{number}") for number in (1, 2)]
        other = make_cases.lead(stored, here, cases_of_all[turn], "KH-L9", **values)
        cases.share_lead(stored, other, actor=here.head_kh, now=NOW, persons=[here.head_th])
        make_consents.seconded(stored, colleague)
        due = (datetime(2026, 3, 1 + turn, 12, 0), "Asia/Seoul")  # noqa: DTZ001  # a wall time
        make_outcomes.request(
            stored, here, kind=list(RequestedAction)[turn], due=due, text=Words.of(f"{CANARY}{turn}"), **values
        )
        make_scheduling.bilateral(stored, here, cases=[case])
        make_invitations.published(stored, here)
        stored.commit()
        chief = make.user(stored, "Chief", email="chief@kr.example")
        make.membership(stored, here.meeting, chief, Role.LEADERSHIP)
        stored.commit()
        seen.append([seen_by(app, stored, who) for who in (people["organiser"], chief)])
        emptied(app, stored)
    for one, other in zip(*seen, strict=True):
        for path, page in one.items():
            if "/outbox" not in path and path != "/account":
                assert page.decode(errors="replace") == other[path].decode(errors="replace"), path
