"""Reporting rounds, and what parties returned."""

from decimal import Decimal

from confmgr.interchange.loading.book import Book, entry, one
from confmgr.interchange.schema import DataFile
from confmgr.interchange.schema.rounds import AnswerEntry, ReturnEntry, RoundEntry
from confmgr.outcomes import queries
from confmgr.outcomes import services as outcomes
from confmgr.outcomes.domain import AnswerKind, ReturnState
from confmgr.outcomes.models import ReportingRound
from confmgr.outcomes.returns import Said
from confmgr.outcomes.services import Texts, Wanted


def load(book: Book, data: DataFile) -> None:
    """Every round of the file, with the steps of its returns.

    Raises:
        WrongData: With the entry that a rule refused.
    """
    for row in data.round:
        with entry(f"round {row.key}"):
            round_ = _round(book, row)
            for returned in row.returns:
                with entry(f"return of {returned.party}"):
                    _return(book, row, round_, returned)
            if row.closed_at is not None:
                outcomes.close_round(book.session, round_, actor=book.organiser, now=row.closed_at)


def _round(book: Book, row: RoundEntry) -> ReportingRound:
    meeting = one(book.meetings, row.meeting, "meeting")
    usual = [party for party, asked in queries.parties_by_default(book.session, meeting) if asked]
    wanted = Wanted(
        title=row.title,
        note=row.note,
        period=(row.from_, row.to),
        measures=row.measures,
        parties=[one(book.parties, code, "party") for code in row.parties] or usual,
        due=None if row.due is None else (row.due.local, row.due.zone),
    )
    return outcomes.open_round(book.session, meeting, wanted, actor=book.organiser, now=row.at)


def _return(book: Book, of: RoundEntry, round_: ReportingRound, row: ReturnEntry) -> None:
    party = one(book.parties, row.party, "party")
    own = next((one for one in round_.returns if one.party_id == party.id), None)
    found = one({} if own is None else {row.party: own}, row.party, "return of")
    author, session = book.author(row.party), book.session
    outcomes.save_return(
        session,
        found,
        actor=author,
        now=row.at,
        seen_version=found.version,
        answers=[_said(answer) for answer in row.answers],
        texts=Texts(
            compiled_by=row.compiled_by, released_by=row.released_by, story=row.story, publishing=row.publishing
        ),
    )
    if row.state is ReturnState.DRAFT:
        return
    outcomes.submit_return(session, found, actor=author, now=row.at)
    judged = row.judged_at or row.at
    if row.state is ReturnState.ACCEPTED:
        outcomes.accept_return(
            session,
            found,
            actor=book.organiser,
            now=judged,
            seen_version=found.version,
            illustrative=of.illustrative,
        )
    elif row.state is ReturnState.RETURNED:
        outcomes.send_back(
            session, found, actor=book.organiser, now=judged, reason=row.question, seen_version=found.version
        )


def _said(row: AnswerEntry) -> Said:
    low = (row.low or Decimal(0)) if row.kind is AnswerKind.VALUE else None
    high = low if row.high is None else row.high
    return Said(row.measure, row.kind, low, high, row.currency, row.note, row.shares)
