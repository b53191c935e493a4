"""What of an operation's facts belongs to some of its days."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from confmgr.outcomes.charts import LineChart, Reading, line_chart
from confmgr.outcomes.models import Indicator, IndicatorValue, JointAction
from confmgr.outcomes.queries import Facts, Reclassification, RoundTotals
from confmgr.outcomes.queries.counted import Counted
from confmgr.parties.models import Party
from confmgr.reports.domain import Period
from confmgr.values.words import Words


@dataclass(frozen=True, slots=True)
class Series:
    """An indicator with its values of the days that a report is about."""

    code: str
    name: Words
    unit: str
    definition: Words | None
    values: tuple[IndicatorValue, ...]

    @property
    def chart(self) -> LineChart | None:
        """Its values over time."""
        return line_chart(Reading(one.at_on, one.value, one.source.called, one.month_only) for one in self.values)

    @property
    def titles(self) -> dict[str, Words]:
        """What its sources are called, by their codes."""
        return {one.source.code: one.source.title for one in self.values}


def of_period(facts: Facts, period: Period) -> Facts:
    """Figures and counts whose days lie within; one that another source overrules counts in no other period either."""
    overruled = {row.id: rows[0] for rows in facts.disagreements for row in rows[1:]}
    figures = tuple(
        figure
        for figure in facts.figures
        if period.holds(figure.from_on or figure.at_on, figure.to_on or figure.at_on)
        and (
            figure.id not in overruled
            or period.holds(
                overruled[figure.id].from_on or overruled[figure.id].at_on,
                overruled[figure.id].to_on or overruled[figure.id].at_on,
            )
        )
    )
    counts = tuple(count for count in facts.counted.counts if period.holds(count.from_on, count.to_on))
    known = {count.id for count in counts}
    names = {ident: name for ident, name in facts.counted.names.items() if ident in known}
    same = tuple(one for one in facts.counted.same if {one.first, one.second} <= known)
    return replace(facts, figures=figures, counted=replace(facts.counted, counts=counts, names=names, same=same))


def series(rows: Iterable[Indicator], period: Period | None) -> Iterator[Series]:
    """Indicators that have a value, with those of a period only where one is given."""
    for row in rows:
        values = tuple(value for value in row.values if period is None or period.holds(value.at_on))
        if values:
            yield Series(row.code, row.name, row.unit, row.definition, values)


def rounds_of(rows: Iterable[RoundTotals], period: Period | None) -> list[RoundTotals]:
    """Reporting rounds, of a period those that ask for nothing but its days."""
    return [row for row in rows if period is None or period.holds(row.round.from_on, row.round.to_on)]


def decided(
    rows: Iterable[Reclassification], actions: Iterable[JointAction], period: Period | None
) -> list[Reclassification]:
    """Who is held to be something else, of some joint actions and, where one is given, decided within a period."""
    own = {action.id for action in actions}
    return [row for row in rows if row.action.id in own and (period is None or period.holds(row.decided_on))]


def of_owner(facts: Facts, party: Party) -> Facts:
    """The figures that a party stated itself; nothing is counted from records of others."""
    figures = tuple(figure for figure in facts.figures if figure.owner_id == party.id)
    return replace(facts, figures=figures, counted=Counted((), (), {}))
