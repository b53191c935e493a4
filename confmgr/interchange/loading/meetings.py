"""Meetings: their places, delegations, sessions, cases, leads and requests."""

from datetime import datetime, time

from confmgr.accounts.models import User
from confmgr.cases import services as cases
from confmgr.cases.domain import NOMINATION_STEPS, NominationState
from confmgr.cases.models import Nomination
from confmgr.delegations import services as delegations
from confmgr.delegations.domain import Capacity
from confmgr.delegations.models import Delegation
from confmgr.interchange.loading.book import Book, entry, maybe, one
from confmgr.interchange.schema import CaseEntry, DelegationEntry, LeadEntry, MeetingEntry, RequestEntry, WrongData
from confmgr.meetings import services as meetings
from confmgr.meetings.domain import STATE_STEPS, MeetingState, Role
from confmgr.meetings.models import Meeting
from confmgr.papers import services as papers
from confmgr.papers.models import AgendaItem
from confmgr.parties.queries import agencies
from confmgr.scheduling import services as scheduling
from confmgr.scheduling.domain import Answer, RequestState
from confmgr.sharing.services import Grade
from confmgr.values.times import instant


def load(book: Book, row: MeetingEntry) -> Meeting:
    """A meeting with everything brought to it before it is planned.

    Raises:
        WrongData: With the entry that a rule refused.
    """
    with entry(f"meeting {row.slug}"):
        meeting = meetings.plan_meeting(
            book.session,
            actor=book.organiser,
            now=row.at,
            operation=book.operation,
            slug=row.slug,
            number=row.number,
            title=row.title,
            description=row.description,
            venue=row.venue,
            zone=row.zone,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            languages=row.languages,
            host=one(book.parties, row.host, "party"),
            host_counts=row.host_counts,
            slot_minutes=row.slot_minutes,
            hours=(row.opens, row.closes),
            follows=maybe(book.meetings, row.follows, "meeting"),
        )
        book.meetings[row.slug] = meeting
        _places(book, meeting, row)
        for delegation in row.delegations:
            with entry(f"delegation {delegation.party}"):
                _delegation(book, meeting, row, delegation)
        _roles(book, meeting, row)
        _interpreters(book, meeting, row)
        _sessions(book, meeting, row)
        _agenda(book, meeting, row)
        for case in row.cases:
            with entry(f"case {case.from_}/{case.reference}"):
                _case(book, meeting, row, case)
        for request in row.requests:
            with entry(f"request of {request.from_} to {', '.join(request.to)}"):
                _request(book, meeting, row, request)
    return meeting


def open_and_close(book: Book, meeting: Meeting, row: MeetingEntry) -> None:
    """Bring a meeting to the state that the file gives it, step by step."""
    order = (MeetingState.PLANNING, MeetingState.OPEN, MeetingState.CLOSED, MeetingState.ARCHIVED)
    for state in order[1 : order.index(row.state) + 1]:
        if state in STATE_STEPS[meeting.state]:
            meetings.set_state(book.session, meeting, actor=book.organiser, now=row.at, state=state)


def _places(book: Book, meeting: Meeting, row: MeetingEntry) -> None:
    for place in row.places:
        with entry(f"place {place.code}"):
            here = {code: found for (slug, code), found in book.places.items() if slug == row.slug}
            book.places[row.slug, place.code] = meetings.add_place(
                book.session,
                actor=book.organiser,
                now=row.at,
                meeting=meeting,
                code=place.code,
                name=place.name,
                kind=place.kind,
                seats=place.seats,
                booths=place.booths,
                room=maybe(here, place.room, "room"),
            )


def _delegation(book: Book, meeting: Meeting, row: MeetingEntry, wanted: DelegationEntry) -> None:
    party = one(book.parties, wanted.party, "party")
    delegation = delegations.invite_party(
        book.session,
        actor=book.organiser,
        now=row.at,
        meeting=meeting,
        party=party,
        status=wanted.status,
        state=wanted.state,
        teams=wanted.teams,
        languages=wanted.languages,
        illustrative=wanted.illustrative,
    )
    book.delegations[row.slug, wanted.party] = delegation
    if wanted.hours:
        spans = [(hours.starts, hours.ends) for hours in wanted.hours]
        delegations.set_availability(book.session, delegation, spans, zone=row.zone)
    bodies = {agency.code: agency for agency in agencies(book.session, party)}
    for key in wanted.people:
        with entry(f"person {key}"):
            person = one(book.people, key, "person")
            account = book.accounts.get(key)
            agency = maybe(bodies, person.agency, "agency")
            book.delegates[row.slug, key] = delegations.name_delegate(
                book.session,
                actor=book.organiser,
                now=row.at,
                delegation=delegation,
                name=person.name,
                latin_name=person.latin_name,
                language=person.language,
                zone=person.zone,
                email=person.email,
                grade=person.grade,
                capacity=person.capacity,
                printed_as=person.printed_as,
                agency=agency,
                account=account,
                illustrative=True,
            )
            if account is not None:
                head = person.capacity in {Capacity.HEAD_OF_DELEGATION, Capacity.HEAD_OF_AGENCY}
                meetings.give_role(
                    book.session,
                    actor=book.organiser,
                    now=row.at,
                    meeting=meeting,
                    user=account,
                    role=Role.HEAD if head else Role.DELEGATE,
                    delegation_id=delegation.id,
                    agency=agency,
                )


def _roles(book: Book, meeting: Meeting, row: MeetingEntry) -> None:
    for role in row.roles:
        with entry(f"role of {role.account}"):
            delegation = None if role.delegation is None else _delegation_of(book, row.slug, role.delegation)
            meetings.give_role(
                book.session,
                actor=book.organiser,
                now=row.at,
                meeting=meeting,
                user=one(book.accounts, role.account, "account"),
                role=role.role,
                delegation_id=None if delegation is None else delegation.id,
            )


def _interpreters(book: Book, meeting: Meeting, row: MeetingEntry) -> None:
    for person in row.interpreters:
        with entry(f"interpreter {person.latin_name}"):
            delegations.engage_interpreter(
                book.session,
                actor=book.organiser,
                now=row.at,
                meeting=meeting,
                name=person.name,
                latin_name=person.latin_name,
                name_language=person.language,
                pairs=person.pairs,
                modes=person.modes,
                language=person.language,
                zone=person.zone,
                email=person.email,
                longest_run_minutes=person.longest_run_minutes,
                longest_day_minutes=person.longest_day_minutes,
            )


def _sessions(book: Book, meeting: Meeting, row: MeetingEntry) -> None:
    for wanted in row.sessions:
        with entry(f"session {wanted.key}"):
            here = {code: place for (slug, code), place in book.places.items() if slug == row.slug}
            book.sessions[f"{row.slug}/{wanted.key}"] = scheduling.create_session(
                book.session,
                actor=book.organiser,
                now=row.at,
                meeting=meeting,
                kind=wanted.kind,
                title=wanted.title,
                description=wanted.description,
                starts=wanted.starts,
                ends=wanted.ends,
                place=maybe(here, wanted.place, "place"),
                everybody=wanted.everybody,
                locked=True,
                reference=wanted.key,
            )


def _agenda(book: Book, meeting: Meeting, row: MeetingEntry) -> None:
    made: dict[str, AgendaItem] = {}
    for wanted in row.agenda:
        with entry(f"agenda item {wanted.number}"):
            item = made[wanted.number] = papers.add_agenda_item(
                book.session,
                actor=book.organiser,
                now=row.at,
                meeting=meeting,
                number=wanted.number,
                title=wanted.title,
                expected=wanted.expected,
                kind=wanted.kind,
                mandate=wanted.mandate,
                annotation=wanted.annotation,
                speaker=wanted.speaker,
                chair=maybe(book.parties, wanted.chair, "party"),
                under=maybe(made, wanted.under, "agenda item"),
                sessions=[book.sessions[f"{row.slug}/{s.key}"] for s in row.sessions if wanted.number in s.agenda],
            )
            for document in wanted.documents:
                papers.write_document(
                    book.session,
                    item,
                    actor=book.organiser,
                    now=row.at,
                    seen_version=item.version,
                    title=document.title,
                    symbol=document.symbol,
                    languages=document.languages,
                )
    with entry("agenda_paper"):
        _agenda_paper(book, meeting, row)


def _agenda_paper(book: Book, meeting: Meeting, row: MeetingEntry) -> None:
    wanted = row.agenda_paper
    if wanted is None:
        return
    papers.write_agenda(
        book.session,
        meeting,
        actor=book.organiser,
        now=row.at,
        seen_version=0,
        symbol=wanted.symbol,
        original_language=wanted.original_language,
        organisation=wanted.organisation,
    )
    if wanted.adopted_on is not None:
        then = instant(datetime.combine(wanted.adopted_on, time(12)), row.zone)
        papers.adopt_agenda(book.session, meeting, actor=book.organiser, now=then, on=wanted.adopted_on)


def _case(book: Book, meeting: Meeting, row: MeetingEntry, wanted: CaseEntry) -> None:
    author = book.author(wanted.from_)
    concerned = [one(book.parties, code, "party") for code in wanted.concerned]
    case = cases.nominate_case(
        book.session,
        actor=author,
        now=row.at,
        meeting=meeting,
        originator=one(book.parties, wanted.from_, "party"),
        reference=wanted.reference,
        title=wanted.title,
        summary=wanted.summary,
        crime_types=wanted.crime_types,
        concerned=concerned,
        tlp=wanted.tlp,
        readiness=wanted.readiness,
        priority=wanted.priority,
        nominated_on=wanted.nominated_on,
        disclose_to=[
            book.delegations[row.slug, party.code] for party in concerned if (row.slug, party.code) in book.delegations
        ],
        illustrative=wanted.illustrative,
    )
    book.cases[f"{wanted.from_}/{wanted.reference}"] = case
    nomination = book.session.query(Nomination).filter_by(case_id=case.id, meeting_id=meeting.id).one()
    for state in _steps_to(wanted.state):
        cases.set_nomination(
            book.session,
            nomination,
            actor=book.organiser,
            now=row.at,
            state=state,
            reason="-" if state is NominationState.NOT_TAKEN else None,
        )


def _steps_to(state: NominationState) -> list[NominationState]:
    """The shortest way from a nomination to a state."""
    ways = [[NominationState.NOMINATED]]
    for way in ways:
        if way[-1] is state:
            return way[1:]
        ways.extend([*way, step] for step in NOMINATION_STEPS[way[-1]] if step not in way)
    return []


def load_lead(book: Book, row: MeetingEntry, wanted: LeadEntry) -> None:
    """A lead, shared at a meeting, and what its receivers said of it.

    Raises:
        WrongData: With the entry that a rule refused.
    """
    with entry(f"lead {wanted.from_}/{wanted.reference}"):
        author = book.author(wanted.from_)
        meeting = book.meetings[row.slug]
        lead = cases.create_lead(
            book.session,
            actor=author,
            now=wanted.at,
            case=one(book.cases, wanted.case, "case"),
            originator=one(book.parties, wanted.from_, "party"),
            operation=book.operation,
            reference=wanted.reference,
            kind=wanted.kind,
            title=wanted.title,
            body=wanted.body,
            tlp=wanted.tlp,
            meeting=meeting,
            handling=wanted.handling,
            grade=None
            if wanted.grade is None
            else Grade(wanted.grade.scheme, wanted.grade.source, wanted.grade.information),
            illustrative=wanted.illustrative,
        )
        cases.share_lead(
            book.session,
            lead,
            actor=author,
            now=wanted.at,
            to=[_delegation_of(book, row.slug, code) for code in wanted.to],
        )
        book.leads[f"{wanted.from_}/{wanted.reference}"] = lead
        for code, kind in wanted.feedback.items():
            cases.give_feedback(
                book.session,
                lead,
                actor=book.author(code),
                now=wanted.at,
                party=one(book.parties, code, "party"),
                kind=kind,
            )


def _request(book: Book, meeting: Meeting, row: MeetingEntry, wanted: RequestEntry) -> None:
    asked = [_delegation_of(book, row.slug, code) for code in wanted.to]
    request = scheduling.ask_meeting(
        book.session,
        actor=_speaker(book, wanted.from_),
        now=row.at,
        asking=_delegation_of(book, row.slug, wanted.from_),
        asked=asked,
        minutes=wanted.minutes,
        kind=wanted.kind,
        cases=[one(book.cases, key, "case") for key in wanted.cases],
        interpretation=wanted.interpretation,
        priority=wanted.priority,
        illustrative=wanted.illustrative,
    )
    for delegation in asked:
        answer = Answer(wanted.answers.get(delegation.party.code, Answer.ACCEPTED.value))
        if answer is not Answer.WAITING:
            scheduling.answer_request(
                book.session,
                request,
                actor=_speaker(book, delegation.party.code),
                now=row.at,
                delegation=delegation,
                answer=answer,
                reason=wanted.reason if answer is Answer.DECLINED else None,
            )
    if request.state is RequestState.ACCEPTED:
        made = scheduling.schedule_request(book.session, request, actor=book.organiser, now=row.at)
        book.sessions[f"{row.slug}/{made.reference}"] = made


def _delegation_of(book: Book, slug: str, code: str) -> Delegation:
    found = book.delegations.get((slug, code))
    if found is None:
        raise WrongData([f"{code} has no delegation at {slug}"])
    return found


def _speaker(book: Book, code: str) -> User:
    """Who asks and answers for a delegation; the secretariat where nobody of it may sign in."""
    return next(
        (book.accounts[key] for key in book.people if key.rpartition("-")[0] == code and key in book.accounts),
        book.organiser,
    )
