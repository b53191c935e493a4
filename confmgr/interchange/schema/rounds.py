"""Entries of reporting rounds and of what parties returned."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from confmgr.interchange.schema.entries import Entry, Moment, Text
from confmgr.interchange.schema.outcomes import DueEntry
from confmgr.outcomes.domain import AnswerKind, Publishing, ReturnState


class AnswerEntry(Entry):
    """What a party said of one measure; `high` makes an interval, money has its `currency`."""

    measure: str
    kind: AnswerKind = AnswerKind.VALUE
    low: Decimal | None = None
    high: Decimal | None = None
    currency: str | None = None
    note: str | None = None
    shares: dict[str, dict[str, str]] = {}


class ReturnEntry(Entry):
    """A party's return. `at`: saved and handed in; `judged_at`: accepted or sent back with the `question`."""

    party: str
    at: Moment
    state: ReturnState
    judged_at: Moment | None = None
    question: str | None = None
    publishing: Publishing = Publishing.NOT_ALLOWED
    compiled_by: str | None = None
    released_by: str | None = None
    story: str | None = None
    answers: list[AnswerEntry]


class RoundEntry(Entry):
    """A reporting round of a meeting; without `parties` its members, partners and host are asked."""

    key: str
    meeting: str
    at: Moment
    title: Text
    note: Text | None = None
    from_: Annotated[date, Field(alias="from")]
    to: date
    due: DueEntry | None = None
    measures: list[str]
    parties: list[str] = []
    returns: list[ReturnEntry] = []
    closed_at: Moment | None = None
    illustrative: bool = False
