"""Who reads and who issues reports: each through a seat at the meeting or operation that they are about."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.errors import NotAllowed, NotFound
from confmgr.gateways import clock
from confmgr.meetings.access import in_meeting, in_operation
from confmgr.meetings.domain import Role
from confmgr.meetings.models import Meeting
from confmgr.meetings.queries import operation_and_roles
from confmgr.outcomes.access import headed_parties
from confmgr.parties import queries as parties
from confmgr.parties.models import Operation, Party
from confmgr.reports import queries
from confmgr.sharing import queries as sharing
from confmgr.sharing.rule import Seat, Viewer
from confmgr.web.policy import Arguments, signed_in_user

AUDITOR = in_meeting(Role.AUDITOR)
READERS = (Role.ORGANISER, Role.LEADERSHIP, Role.HEAD, Role.DELEGATE)


def reader_of_meeting(session: Session, arguments: Arguments) -> Arguments:
    """Gives `meeting`, `operation`, `actor`, `viewer`."""
    given = in_meeting(*READERS)(session, arguments)
    return {**given, "operation": given["meeting"].operation, "viewer": _viewer(session)}


def reader_of_operation(session: Session, arguments: Arguments) -> Arguments:
    """Gives `operation`, `actor`, `viewer`."""
    return {**in_operation(*READERS)(session, arguments), "viewer": _viewer(session)}


def reader_of_party(session: Session, arguments: Arguments) -> Arguments:
    """For routes with `<other>`, a party: its own members and the host's leadership; gives `party` too.

    Raises:
        NotFound: The reader is neither; whether there is such a party is not told.
    """
    code = arguments.pop("other")
    given = reader_of_operation(session, arguments)
    party = parties.party_by_code(session, code)
    seats = seats_in(session, given["viewer"], given["operation"])
    if party is None or not any(seat.leads_host or seat.party_id == party.id for seat in seats):
        raise NotFound("party", code)
    return {**given, "party": party}


def issuer_of_meeting(session: Session, arguments: Arguments) -> Arguments:
    """As `reader_of_meeting`, for organisers and the host's leadership."""
    given = reader_of_meeting(session, arguments)
    return _issuer(given, may=may_issue(session, given["viewer"], given["operation"], given["meeting"]))


def issuer_of_operation(session: Session, arguments: Arguments) -> Arguments:
    """As `reader_of_operation`, for organisers and the host's leadership."""
    given = reader_of_operation(session, arguments)
    return _issuer(given, may=may_issue(session, given["viewer"], given["operation"]))


def issuer_of_party(session: Session, arguments: Arguments) -> Arguments:
    """As `reader_of_party`, for the party's head and the host's leadership."""
    given = reader_of_party(session, arguments)
    return _issuer(given, may=may_issue_of(session, given["viewer"], given["operation"], given["party"]))


def reader_of_issued(session: Session, arguments: Arguments) -> Arguments:
    """An issued report for who may see everything that it holds: gives `report`, `operation`, `actor`, `viewer`.

    Raises:
        NotFound: There is none, or not for this reader, or not any more.
    """
    actor, ident = signed_in_user(), arguments.pop("uuid")
    viewer = _viewer(session)
    report = queries.get_issued(session, viewer, ident, clock.now())
    _found, held = operation_and_roles(session, report.operation.code, actor, clock.now())
    if not held & set(READERS):
        raise NotFound("report", ident)
    given = reader_of_operation(session, {**arguments, "code": report.operation.code})
    return {**given, "report": report}


def head_in_operation(session: Session, arguments: Arguments) -> Arguments:
    """As `reader_of_operation`, for heads of a delegation: gives `own` too, the parties that the reader heads.

    Raises:
        NotAllowed: The reader heads none.
    """
    given = reader_of_operation(session, arguments)
    own = headed_parties(session, given["viewer"], given["operation"])
    if not own:
        raise NotAllowed("see who has read what a party gave")
    return {**given, "own": own}


def originator_of_item(session: Session, arguments: Arguments) -> Arguments:
    """Somebody of the party that gave an item, who may see its body: gives `operation`, `actor`, `viewer`, `item`.

    Once it is purged, who could see it.

    Raises:
        NotFound: There is no such item, or not for this reader.
        NotAllowed: The reader was given it, and did not give it.
    """
    viewer, ident = _viewer(session), arguments.pop("uuid")
    now = clock.now()
    item = sharing.find_visible(session, viewer, ident, now) or sharing.find_purged(session, viewer, ident, now)
    if item is None:
        raise NotFound("item", ident)
    given = reader_of_operation(session, {**arguments, "code": item.operation.code})
    if not sharing.gave(viewer, item):
        raise NotAllowed("see who has read this")
    return {**given, "item": item}


def seats_in(session: Session, viewer: Viewer, operation: Operation) -> list[Seat]:
    """Where a viewer sits in an operation."""
    meetings = set(session.scalars(select(Meeting.id).where(Meeting.operation_id == operation.id)))
    return [seat for seat in viewer.seats if seat.meeting_id in meetings]


def may_issue(session: Session, viewer: Viewer, operation: Operation, meeting: Meeting | None = None) -> bool:
    """Whether somebody issues reports of an operation or of a meeting: organisers and the host's leadership."""
    seats = seats_in(session, viewer, operation)
    return _hosts([seat for seat in seats if meeting is None or seat.meeting_id == meeting.id])


def may_issue_of(session: Session, viewer: Viewer, operation: Operation, party: Party) -> bool:
    """Whether somebody issues the report of a party: its head, and the host's leadership."""
    seats = seats_in(session, viewer, operation)
    return any(seat.leads_host or (seat.heads and seat.party_id == party.id) for seat in seats)


def audience_of(session: Session, viewer: Viewer, operation: Operation) -> str:
    """For whom somebody issues: the host, or the own party."""
    seats = seats_in(session, viewer, operation)
    if _hosts(seats):
        return "host"
    return "party " + " ".join(str(ident) for ident in sorted({seat.party_id for seat in seats if seat.party_id}))


def _hosts(seats: list[Seat]) -> bool:
    return any(seat.organises or seat.leads_host for seat in seats)


def _issuer(given: Arguments, *, may: bool) -> Arguments:
    if not may:
        raise NotAllowed("issue this report")
    return given


def _viewer(session: Session) -> Viewer:
    return sharing.viewer_of(session, signed_in_user(), clock.now())
