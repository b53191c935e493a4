"""One meeting with something of everything in it, for tests that walk over every route of the application."""

import re
import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from confmgr.accounts.models import User
from confmgr.cases import attaching, matching, naming
from confmgr.cases import services as cases
from confmgr.cases.domain import IdentifierKind
from confmgr.cases.identifiers import Named
from confmgr.cases.models import Case, Lead, Match
from confmgr.interchange.models import UploadedTranslation, UploadedWorkbook
from confmgr.jobs import services as jobs
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Membership
from confmgr.outcomes import services as outcomes
from confmgr.outcomes.models import Move, MoveAlert
from confmgr.papers import services as papers
from confmgr.papers.models import AgendaItem
from confmgr.parties import services as parties
from confmgr.scheduling import plans
from confmgr.scheduling import services as scheduling
from confmgr.scheduling.domain import Answer, AppliedState
from confmgr.sharing.models import Disclosure, Item
from confmgr.values.words import Words
from tests import (
    make,
    make_cases,
    make_invitations,
    make_issued,
    make_moves,
    make_outcomes,
    make_papers,
    make_scheduling,
)
from tests.make_scheduling import NOW, World


@dataclass(frozen=True)
class House:
    """`ids` gives, for each argument of each route, an id that exists: by endpoint and argument, or by argument."""

    world: World
    people: dict[str, User]
    ids: dict[str, str]
    of: dict[str, str]


def house(session: Session) -> House:
    here = make_scheduling.world(session)
    people = _people(session, here)
    interpreter = make_scheduling.interpreter(session, here)
    interpreter.user_id = people["interpreter"].id
    case = make_cases.case(session, here)
    cases.disclose_item(session, case.item, actor=here.head_kh, now=NOW, to=[here.th])
    lead = make_cases.shared_lead(session, here, case)
    comment = _commented(session, here, case, lead)
    file, match = _named(session, here, case)
    figure, rival = make_outcomes.figure(session, here), make_outcomes.figure(session, here, "sihanoukville", 3)
    outcomes.overlap(session, figure, rival)
    unlinked = make_outcomes.figure(session, here, "bangkok", 13)
    measure = make_outcomes.own_measure(session, here)
    request = make_scheduling.request(session, here, note="The note", cases=[case])
    scheduling.answer_request(session, request, actor=here.head_th, now=NOW, delegation=here.th, answer=Answer.ACCEPTED)
    waiting = make_scheduling.request(session, here, asking=here.th, asked=[here.kh])
    meeting_session = make_scheduling.bilateral(session, here, interpreters=[interpreter], interpretation="km-th")
    publication = make_invitations.published(session, here)
    unplaced = scheduling.schedule_request(session, request, actor=here.organiser, now=NOW)
    plan = plans.prepare(session, here.meeting, actor=here.organiser, now=NOW)
    plan.state = AppliedState.OFFERED
    plan.plan = {"placements": {}, "unplaced": [], "because": []}
    draft = scheduling.keep_draft(session, here.meeting, actor=here.organiser, now=NOW, name="Before lunch")
    job = jobs.enqueue(session, "nothing", {}, owner=here.organiser, now=NOW)
    workbook = UploadedWorkbook(meeting_id=here.meeting.id, user_id=here.organiser.id, at=NOW, name="a.xlsx", sheets=[])
    translation = UploadedTranslation(
        meeting_id=here.meeting.id, user_id=here.organiser.id, at=NOW, name="a.po", language="km", entries=[]
    )
    exchange = UploadedWorkbook(
        meeting_id=here.meeting.id,
        user_id=here.head_kh.id,
        at=NOW,
        name="a.json",
        sheets=[{"name": "cases and leads", "rows": [["{}"]], "formulas": []}],
    )
    session.add_all([workbook, translation, exchange])
    extra = make.place(session, here.meeting, "T7")
    moved = _moved(session, here)
    indicator = make_outcomes.indicator(session, here)
    asked = make_outcomes.request(session, here, "KH-R1")
    action = make_outcomes.action(session, here)
    contact = make_outcomes.contact(session, here)
    alliance = parties.found_alliance(
        session, operation=here.meeting.operation, name=Words.of("Body"), founded_on=NOW.date(), members=[here.kh.party]
    )
    persons = outcomes.find_persons(session, action, name=Words.of("In the villa"), count=12)
    force = make_outcomes.task_force(session, here)
    message = make_invitations.messages(session, publication)[0]
    answer_page = make_invitations.answer_links(session, publication, now=NOW)[here.delegate_kh.email or ""]
    ending = session.scalars(select(Membership).where(Membership.user_id == people["press"].id)).one()
    point = _agenda(session, here)
    return House(
        world=here,
        people=people,
        ids={
            "slug": here.meeting.slug,
            "code": here.meeting.operation.code,
            "filename": "confmgr.css",
            "person_uuid": str(here.delegate_kh.uuid),
            "membership_id": str(ending.id),
            "place_id": str(extra.id),
            "number": str(_disclosure(session, case)),
            "document": str(point.documents[0].id),
            "link": str(rival.uuid),
            "indicator": indicator.code,
            "value": str(indicator.values[0].id),
            "state": "open",
            "token": "no-such-address",
            "secret": answer_page.removeprefix("/r/"),
            "place": "T1",
            "other": "TH",
            "answer": "confirm",
            "agency_code": "POL",
            "language": "km",
            "kind": "po",
            "form": "xlsx",
            "section": str(moved.sections[0].section.uuid),
            "ending": "end",
            "watching": "watch",
            "source": "R1",
            "measure": measure.code,
            "currency": "USD",
            "doubt": str(unlinked.uuid),
            "uuid": str(uuid.uuid4()),
            "file": str(uuid.uuid4()),
            "party": "TH",
            "dimension": "sex",
            "key": "male",
        },
        of={
            "/documents/": str(file.uuid),
            "/comments/": str(comment.uuid),
            "/matches/": str(match.uuid),
            "/sessions/<uuid:uuid>/leads": str(meeting_session.uuid),
            "/actions/": str(action.item.uuid),
            "/groups/": str(moved.from_base.group.item.uuid),
            "/bases/": str(moved.from_base.item.uuid),
            "/moves/": str(moved.item.uuid),
            "/borders/": str(moved.sections[0].section.uuid),
            "/move-alerts/": str(session.scalars(select(MoveAlert.uuid)).one()),
            "/persons/": str(persons.uuid),
            "/task-forces/": str(force.item.uuid),
            "/agenda/items/": str(point.uuid),
            "/cases/": str(case.item.uuid),
            "/leads/": str(lead.item.uuid),
            "/figures/": str(figure.uuid),
            "/jobs/": str(job.uuid),
            "/delegations/": str(here.kh.uuid),
            "/import/": str(workbook.uuid),
            "/take-in/": str(exchange.uuid),
            "/readers": str(lead.item.uuid),
            "/translations/file/": str(translation.uuid),
            "/interpreters/": str(interpreter.uuid),
            "/issued/": str(make_issued.bare(session, here).uuid),
            "/my-agenda/": str(meeting_session.uuid),
            "/outbox/": str(message.uuid),
            "/plan/": str(plan.uuid),
            "/meetings/<slug>/requests/": str(waiting.uuid),
            "/requests/": str(asked.item.uuid),
            "/sessions/": str(unplaced.uuid),
            "/slots/": str(waiting.uuid),
            "/drafts/": str(draft.uuid),
            "/publications/": str(publication.uuid),
            "/board/": str(unplaced.uuid),
            "/chain/": str(lead.item.uuid),
            "/contacts/": str(contact.uuid),
            "/alliances/": str(alliance.uuid),
        },
    )


def _moved(session: Session, here: World) -> Move:
    """A move over a border that Thailand watches and was told of."""
    section = make_moves.border(session, here)
    outcomes.watch(session, section, here.th.party, actor=here.head_th, now=NOW, on=True)
    moved = make_moves.fled(session, here, section)
    outcomes.tell_watchers(session, moved, now=NOW, domain=make_moves.DOMAIN)
    return moved


def _agenda(session: Session, here: World) -> AgendaItem:
    """An item with a document."""
    item = make_papers.item(session, here.meeting)
    papers.write_document(
        session, item, actor=here.organiser, now=NOW, seen_version=item.version, title=Words.of("Report")
    )
    return item


def _disclosure(session: Session, case: Case) -> int:
    return session.scalars(select(Disclosure.id).where(Disclosure.item_id == case.id)).first() or 0


def _people(session: Session, here: World) -> dict[str, User]:
    """One of each role, and those who have none."""
    people = {"organiser": here.organiser, "head": here.head_kh, "other_head": here.head_th}
    for name, role, of in (
        ("delegate", Role.DELEGATE, here.kh),
        ("interpreter", Role.INTERPRETER, None),
        ("leadership", Role.LEADERSHIP, None),
        ("auditor", Role.AUDITOR, None),
        ("press", Role.PRESS, None),
    ):
        people[name] = make.user(session, name.title())
        make.membership(session, here.meeting, people[name], role, of_delegation=of)
    people["outsider"] = make.user(session, "Outsider")
    return people


def _commented(session: Session, here: World, case: Case, lead: Lead) -> Item:
    """A comment of Cambodia and one of Thailand under a case and a lead; the first of them."""
    rows = [
        cases.comment(session, of.item, actor=who, now=NOW, party=party, text=f"{party.code} knows it")
        for of in (case, lead)
        for who, party in ((here.head_kh, here.kh.party), (here.head_th, here.th.party))
    ]
    return rows[0].item


def _named(session: Session, here: World, case: Case) -> tuple[Item, Match]:
    """A file under a case of Cambodia, and a hit with a case of Thailand."""
    file = attaching.attach(session, case.item, actor=here.head_kh, now=NOW, name="list.txt", content=b"1\n")
    theirs = make_cases.case(session, here, "TH-09", originator=here.th.party, concerned=[])
    for of in (case, theirs):
        author = of.item.author
        naming.name_values(session, of.item, [Named(IdentifierKind.ALIAS, "Boss")], actor=author, now=NOW)
        matching.put_to_matching(session, of.item, naming.identifiers_of(session, of.item), actor=author, now=NOW)
    matching.find_matches(session, now=NOW)
    return file.item, session.scalars(select(Match)).one()


def address(house: House, rule: Rule, **changes: str) -> str:
    """The address of a route with ids that exist, but for `changes`; unquoted values are put in as they are."""
    text = str(rule.rule)
    of = next((ident for part, ident in house.of.items() if part in text), "")

    def value(match: re.Match[str]) -> str:
        argument = match["argument"]
        if argument == "uuid":
            return changes.get(argument, of or house.ids[argument])
        if argument == "number" and "/agenda/" in text:
            return changes.get(argument, house.ids["document"])
        if argument == "code" and text.startswith("/parties/"):
            return changes.get(argument, "KH")
        return changes.get(argument, house.ids[argument])

    return re.sub(r"<(?:[^<>]*:)?(?P<argument>\w+)>", value, text)
