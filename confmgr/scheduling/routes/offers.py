"""What the selects and check boxes of this room offer, and how a choice leads back to its row."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from flask_babel import gettext as _

from confmgr.cases.queries import CaseRow
from confmgr.delegations.models import Delegate, Delegation, Interpreter
from confmgr.meetings.models import Place
from confmgr.web import formats

Row = TypeVar("Row")
Choices = list[tuple[str, str]]


def chosen(data: Iterable[str] | None, rows: Sequence[Row], key: Callable[[Row], str]) -> list[Row]:
    """The rows that were ticked, each once, in the order in which they were offered."""
    wanted = set(data or ())
    return [row for row in rows if key(row) in wanted]


def code(row: Delegation) -> str:
    """A delegation in a form: its party's code."""
    return row.party.code


def ident(row: Interpreter | Delegate) -> str:
    """A person in a form."""
    return str(row.uuid)


def case_ident(row: CaseRow) -> str:
    """A case in a form."""
    return str(row.item.uuid)


def delegations(rows: Iterable[Delegation]) -> Choices:
    """Code and name."""
    return [(code(row), formats.code_and_name(row.party.code, row.party.short_name)) for row in rows]


def places(rows: Iterable[Place]) -> Choices:
    """None yet, or code and name with the seats."""
    named = [
        (row.code, _("%(code)s · %(name)s, %(seats)s seats", code=row.code, name=_name(row), seats=row.seats))
        for row in rows
    ]
    return [("", _("No place yet")), *named]


def _name(row: Place) -> str:
    return formats.plain_words(row.name)


def interpreters(rows: Iterable[Interpreter]) -> Choices:
    """Name and pairs."""
    return [(ident(row), f"{row.latin_name} · {', '.join(row.pairs)}") for row in rows]


def people(rows: Iterable[Delegate]) -> Choices:
    """Names of those who have not left."""
    return [(ident(row), row.latin_name) for row in rows if row.left_at is None]


def cases(rows: Iterable[CaseRow]) -> Choices:
    """Reference, and the title as far as the reader may see it."""
    return [
        (
            case_ident(row),
            " · ".join(
                text
                for text in (f"{row.item.originator.code}/{row.item.reference}", formats.plain_words(row.title))
                if text
            ),
        )
        for row in rows
    ]
