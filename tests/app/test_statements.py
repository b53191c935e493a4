"""No list page asks the database more often because there is more to list; the pages opened most stay under their bar."""

from datetime import date
from decimal import Decimal

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.cases import matching, naming
from confmgr.cases.domain import IdentifierKind
from confmgr.cases.identifiers import Named
from confmgr.delegations.domain import Capacity
from confmgr.outcomes import services as outcomes
from confmgr.outcomes.domain import RequestedAction
from confmgr.outcomes.models import Source
from confmgr.papers import services as papers
from confmgr.papers.domain import ExpectedAction
from confmgr.sharing import services as sharing
from confmgr.sharing.domain import ConsentKind, ItemKind, ItemState, Tlp
from confmgr.values.words import Words
from tests import make, make_cases, make_consents, make_outcomes
from tests.conftest import Counter
from tests.make_scheduling import NOW, World, as_, request, world

BAR = 15
"""Statements of a meeting's home, its programme and a delegation."""
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def grow(session: Session, here: World, rows: int) -> None:
    """So many of everything that pages list."""
    source = outcomes.add_source(session, here.meeting.operation, code="R", title=Words.of("Report"))
    for n in range(rows):
        code = f"X{LETTERS[n // 26]}{LETTERS[n % 26]}"
        delegation = make.delegation(session, here.meeting, code)
        make.delegate(session, delegation, f"Head {n}", capacity=Capacity.HEAD_OF_DELEGATION)
        make.place(session, here.meeting, f"P{n}")
        make.interpreter(session, here.meeting, f"Interpreter {n}")
        make.membership(session, here.meeting, make.user(session))
        request(session, here)
        papers.add_agenda_item(
            session,
            actor=here.organiser,
            now=NOW,
            meeting=here.meeting,
            number=str(n + 1),
            title=Words.of(f"Item {n}"),
            expected=ExpectedAction.DISCUSSION,
        )
        _case(session, here, n)
        _outcome(session, here, n, source)
        _figure(session, here, n)
    session.commit()


def _case(session: Session, here: World, n: int) -> None:
    case = make_cases.case(session, here, f"C-{n}", disclose_to=[here.th])
    lead = make_cases.shared_lead(session, here, case, f"L-{n}")
    make_consents.asked(session, here, lead.item, kind=ConsentKind.JUDICIAL_USE)
    theirs = make_cases.case(session, here, f"T-{n}", originator=here.th.party, concerned=[])
    for of in (case, theirs):
        naming.name_values(session, of.item, [Named(IdentifierKind.ALIAS, f"Boss {n}")], actor=of.item.author, now=NOW)
        rows = naming.identifiers_of(session, of.item)
        matching.put_to_matching(session, of.item, rows, actor=of.item.author, now=NOW)
    matching.find_matches(session, now=NOW)


def _outcome(session: Session, here: World, n: int, source: Source) -> None:
    item = sharing.create_item(
        session,
        kind=ItemKind.ACTION_REQUEST,
        operation=here.meeting.operation,
        originator=here.kh.party,
        author=here.head_kh,
        reference=f"A-{n}",
        tlp=Tlp.GREEN,
        now=NOW,
        meetings=[here.meeting],
        state=ItemState.SHARED,
    )
    outcomes.ask_action(
        session,
        item,
        actor=here.head_kh,
        now=NOW,
        kind=RequestedAction.IDENTIFICATION,
        asked=here.th.party,
        text=Words.of("Who is it?"),
        asked_on=date(2026, 2, 5),
        meeting=here.meeting,
    )
    outcomes.state_figure(
        session,
        actor=here.head_kh,
        now=NOW,
        operation=here.meeting.operation,
        owner=here.kh.party,
        code=f"f-{n}",
        measure="arrested",
        low=Decimal(n),
        source=source,
        as_of=date(2026, 2, 6),
        period=(date(2026, 2, 5), date(2026, 2, 5)),
        meeting=here.meeting,
    )


def _figure(session: Session, here: World, n: int) -> None:
    """A figure of a source of its own, which is public."""
    source = outcomes.add_source(session, here.meeting.operation, code=f"S{n}", title=Words.of("Statement"))
    make_outcomes.own_measure(session, here, f"own-{n}")
    figure = make_outcomes.figure(session, here, f"public-{n}", n, source=source)
    outcomes.confirm_figure(session, figure, actor=here.organiser, now=NOW)
    way = outcomes.propose_figure(session, figure, actor=here.organiser, now=NOW, clearing_party=here.th.party)
    outcomes.release_figure(session, way, actor=here.head_kh, now=NOW, small_numbers=True)
    outcomes.clear_figure(session, way, actor=here.head_th, now=NOW)


PAGES = [
    "/",
    "/parties",
    "/operations/breaking-chains",
    "/meetings/seoul-2",
    "/meetings/seoul-2/consents",
    "/meetings/seoul-2/delegations",
    "/meetings/seoul-2/interpreters",
    "/meetings/seoul-2/places",
    "/meetings/seoul-2/people",
    "/meetings/seoul-2/agenda",
    "/meetings/seoul-2/answers",
    "/meetings/seoul-2/answers?by=person",
    "/meetings/seoul-2/answers/calls",
    "/meetings/seoul-2/cases",
    "/meetings/seoul-2/exchange",
    "/meetings/seoul-2/leads/new",
    "/meetings/seoul-2/matches",
    "/meetings/seoul-2/leads",
    "/meetings/seoul-2/search?q=number",
    "/meetings/seoul-2/files",
    "/meetings/seoul-2/files/cases-and-leads.json",
    "/meetings/seoul-2/files/cases-and-leads.stix",
    "/meetings/seoul-2/files/cases-and-leads.xlsx",
    "/meetings/seoul-2/reports",
    "/meetings/seoul-2/reports/leads",
    "/meetings/seoul-2/reports/outcome",
    "/operations/breaking-chains/readers?own=1",
    "/operations/breaking-chains/readers.csv?own=1",
    "/operations/breaking-chains/report",
    "/operations/breaking-chains/report/period?from=2026-01-01&to=2026-12-31",
    "/operations/breaking-chains/party/KH/report",
    "/operations/breaking-chains/reports",
    "/operations/breaking-chains/outcomes",
    "/operations/breaking-chains/contacts",
    "/operations/breaking-chains/follow-up",
    "/operations/breaking-chains/groups",
    "/operations/breaking-chains/alerts",
    "/operations/breaking-chains/borders",
    "/operations/breaking-chains/indicators",
    "/operations/breaking-chains/export",
    "/operations/breaking-chains/export.csv",
    "/operations/breaking-chains/export.xlsx",
    "/operations/breaking-chains/report.json",
    "/meetings/seoul-2/reports/leads.xlsx",
    "/operations/breaking-chains/rounds",
    "/operations/breaking-chains/sources",
    "/operations/breaking-chains/measures",
    "/operations/breaking-chains/public-figures",
    "/operations/breaking-chains/public-figures.json",
    "/operations/breaking-chains/public-figures/waiting",
]


def asked(client: FlaskClient, statements: Counter, page: str) -> list[str]:
    """The statements of a page that has been opened before."""
    client.get(page)
    statements.statements.clear()
    answer = client.get(page)
    assert answer.status_code in {200, 403, 404}, page
    return list(statements.statements)


def grow_again(session: Session, here: World) -> None:
    """Twenty-nine more of everything."""
    second = [make.delegation(session, here.meeting, f"Y{LETTERS[n // 26]}{LETTERS[n % 26]}") for n in range(29)]
    for n, delegation in enumerate(second, 1):
        make.delegate(session, delegation, f"Head {n}", capacity=Capacity.HEAD_OF_DELEGATION)
        make.place(session, here.meeting, f"P{n}")
        make.interpreter(session, here.meeting, f"Interpreter {n}")
        make.membership(session, here.meeting, make.user(session))
        request(session, here)
        _case(session, here, n)
        _figure(session, here, n)
    session.commit()


def test_thirty_rows_cost_as_many_statements_as_one(client: FlaskClient, stored: Session, statements: Counter) -> None:
    """Of every page; growing takes longer than opening them all, so they share what has grown."""
    here = world(stored)
    grow(stored, here, 1)
    readers = {"organiser": here.organiser, "head": here.head_kh}
    before: dict[tuple[str, str], int] = {}
    for name, who in readers.items():
        as_(client, stored, who)
        before |= {(name, page): len(asked(client, statements, page)) for page in PAGES}
    stored.expire_all()
    grow_again(stored, here)
    wrong: dict[tuple[str, str], list[str]] = {}
    for name, who in readers.items():
        as_(client, stored, who)
        after = {page: asked(client, statements, page) for page in PAGES}
        wrong |= {(name, page): ones for page, ones in after.items() if len(ones) > before[name, page]}
    assert not wrong


def test_the_pages_opened_most_stay_under_fifteen_statements(
    client: FlaskClient, stored: Session, statements: Counter
) -> None:
    here = world(stored)
    grow(stored, here, 20)
    for page in ("/meetings/seoul-2", "/meetings/seoul-2/programme", f"/meetings/seoul-2/delegations/{here.kh.uuid}"):
        as_(client, stored, here.organiser)
        client.get(page)
        statements.statements.clear()
        assert client.get(page).status_code == 200
        assert statements.count <= BAR, (page, statements.statements)
