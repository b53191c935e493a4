"""Entries of what identifies on leads, of what parties say of them, and ask of those who gave them."""

from typing import Annotated

from pydantic import Field

from confmgr.cases.domain import IdentifierKind
from confmgr.interchange.schema.entries import Entry, Moment
from confmgr.sharing.domain import ConsentKind, ConsentState


class ValueEntry(Entry):
    """A number, account, address or name."""

    kind: IdentifierKind
    value: str


class NamedEntry(Entry):
    """What identifies on a lead; `matching`: its giver compares it with what others have."""

    lead: str
    values: list[ValueEntry]
    matching: bool = False


class CommentEntry(Entry):
    """A comment on a lead: for all who may read it, or for its giver and the own party alone."""

    lead: str
    from_: Annotated[str, Field(alias="from")]
    text: str
    at: Moment
    only_for_giver: bool = False


class DecisionEntry(Entry):
    """What the head of the giving party answered."""

    decision: ConsentState
    text: str | None = None
    at: Moment


class QuestionEntry(Entry):
    """A question to the party that gave a lead; `to`: the delegation to which it would be passed on."""

    lead: str
    from_: Annotated[str, Field(alias="from")]
    kind: ConsentKind
    reason: str
    at: Moment
    to: str | None = None
    answer: DecisionEntry | None = None
