"""Figures of a data file, which of them sources give differently, and which may count the same people."""

from datetime import UTC, datetime, time

from confmgr.interchange.loading.book import Book, entry, maybe, one
from confmgr.interchange.schema import DataFile, FigureEntry
from confmgr.outcomes import services as outcomes
from confmgr.outcomes.domain import FigureStatus

MIDDAY = time(12, tzinfo=UTC)
"""The hour at which the load enters a figure on its as-of date."""


def load(book: Book, data: DataFile) -> None:
    """Every figure of the file, the later ones of a disagreement after the first."""
    for figure in data.figure:
        with entry(f"figure {figure.code}"):
            _figure(book, figure)
    _choose(book, data)
    _overlaps(book, data)


def _figure(book: Book, row: FigureEntry) -> None:
    owner = book.operation.lead_party if row.owner is None else one(book.parties, row.owner, "party")
    rivals = [] if row.disagrees is None else book.disagreements.setdefault(row.disagrees, [])
    author = book.author(owner.code)
    figure = outcomes.state_figure(
        book.session,
        actor=author,
        now=datetime.combine(row.as_of, MIDDAY),
        operation=book.operation,
        owner=owner,
        code=row.code,
        title=row.title,
        measure=row.measure,
        low=row.low,
        high=row.high,
        kind=row.kind,
        qualifier=row.qualifier,
        currency=row.currency,
        period=None if row.from_ is None or row.to is None else (row.from_, row.to),
        at_on=row.at,
        source=one(book.sources, row.source, "source"),
        as_of=row.as_of,
        attribution=row.attribution,
        meeting=maybe(book.meetings, row.meeting, "meeting"),
        joint_action=maybe(book.actions, row.action, "joint action"),
        task_force=maybe(book.task_forces, row.task_force, "task force"),
        group=maybe(book.groups, row.group, "group"),
        person_set=maybe(book.persons, row.persons, "set of persons"),
        cases=[one(book.cases, key, "case") for key in row.cases],
        breakdown=[(part.dimension, part.key, part.value, part.verified) for part in row.breakdown],
        alternative_to=rivals[0] if rivals else None,
        note=row.note,
        illustrative=row.illustrative,
    )
    rivals.append(figure)
    for other in row.conversions:
        outcomes.convert_figure(
            book.session,
            figure,
            actor=author,
            now=datetime.combine(row.as_of, MIDDAY),
            currency=other.currency,
            rate=other.rate,
            rate_on=other.rate_on,
            source=one(book.sources, other.source, "source"),
        )
    if row.status is FigureStatus.CONFIRMED:
        now = datetime.combine(row.as_of, MIDDAY)
        outcomes.confirm_figure(book.session, figure, actor=book.organiser, now=now)
    book.figures[row.code] = figure


def _choose(book: Book, data: DataFile) -> None:
    for row in data.figure:
        if row.chosen and row.disagrees is not None:
            outcomes.choose_current(
                book.session,
                book.disagreements[row.disagrees],
                book.figures[row.code],
                actor=book.organiser,
                now=datetime.combine(row.as_of, MIDDAY),
            )


def _overlaps(book: Book, data: DataFile) -> None:
    for row in data.overlap:
        with entry(f"overlap of {row.first} and {row.second}"):
            outcomes.overlap(
                book.session,
                one(book.figures, row.first, "figure"),
                one(book.figures, row.second, "figure"),
                kind=row.kind,
                reason=row.reason,
                decision=row.decision,
            )
