"""How a report is marked: as strictly as the strictest thing that it shows."""

from collections.abc import Iterable, Iterator

from confmgr.cases.queries import LeadRow
from confmgr.outcomes.queries import RETURNS, UNMARKED
from confmgr.outcomes.queries import markings_of as of_figures
from confmgr.sharing.domain import Tlp

__all__ = ["ENVELOPES", "RETURNS", "UNMARKED", "of_figures", "of_leads"]

ENVELOPES = Tlp.AMBER
"""How a report is marked at least that holds envelopes: who gave how much to whom is not for everybody."""


def of_leads(rows: Iterable[LeadRow]) -> Iterator[Tlp]:
    """Of leads whose reader sees the body, their own; of all others that of envelopes."""
    for row in rows:
        yield ENVELOPES if row.title is None else row.tlp
