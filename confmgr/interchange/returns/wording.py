"""What the workbook of a return says in the reader's language, and what its words mean in any."""

from collections.abc import Mapping, Sequence
from enum import Enum

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from confmgr.errors import Refused
from confmgr.interchange.returns.workbook import Line, Printed
from confmgr.outcomes.domain import AnswerKind, Dimension, Publishing
from confmgr.outcomes.forms.rounds import name_of
from confmgr.outcomes.returns import Asked, Written
from confmgr.values.languages import LANGUAGES
from confmgr.web import formats, labels
from confmgr.web.reader import speaking

labels.register_reasons(
    {
        "not_a_return": _l("This is not the form of a reporting round. Download it again and fill that one in."),
        "workbook_of_other_return": _l("This is the form of another round or another party."),
        "row_unknown": _l("This row is not asked for in this round."),
        "row_twice": _l("This row is there twice."),
        "declaration_unknown": _l("“%(value)s” is none of the declarations; choose one from the list."),
    }
)
TEXTS: Mapping[str, object] = {
    "story": _l("What happened, in at most ten lines"),
    "new_methods": _l("New ways of committing offences"),
    "obstacles": _l("Obstacles and needs"),
    "compiled_by": _l("Compiled by"),
    "released_by": _l("Released by (authority)"),
    "publishing": _l("Declaration: what may be published of this return"),
}


def printed(title: str) -> Printed:
    """The words of a workbook."""
    return Printed(
        title=title,
        in_words=_("In words"),
        headings=(
            _("Measure"),
            _("Definition"),
            _("Unit"),
            _("Answer"),
            _("Number"),
            _("Upper end, if it is an interval"),
            _("Currency, like KRW"),
            _("Note"),
            *(labels.term(key, "share") for key in ("male", "female", "adult", "minor")),
            _("Nationalities, like KR 5, CN 3"),
        ),
        answers=_called(AnswerKind),
        publishing=_called(Publishing),
        texts={name: str(text) for name, text in TEXTS.items()},
        notes=(
            _("Fill in the cells with a border; all others are protected."),
            _("An empty cell says nothing; it is not nil."),
            _("Nothing is written before you have seen what the workbook would change."),
        ),
        not_negative=labels.sentence(Refused("negative")),
    )


def _called(kind: type[Enum]) -> dict[str, str]:
    return {str(member.value): labels.of(member) for member in kind}


def meanings(kind: type[Enum]) -> dict[str, str]:
    """Members by what they are called in every language that pages can have, and by their own name."""
    found = {str(member.value).casefold(): str(member.value) for member in kind}
    for language in LANGUAGES:
        with speaking(language):
            found |= {labels.of(member).casefold(): str(member.value) for member in kind}
    return found


def lines(asked: Sequence[Asked], saved: Mapping[str, Written]) -> list[Line]:
    """The rows of the form, with what is saved."""
    return [
        Line(
            slot=slot,
            name=name_of(one),
            definition=definition_of(one),
            unit=labels.of(one.unit),
            is_first=at == 0,
            is_money=len(one.slots) > 1,
            has_parts=one.has_parts,
            cells=saved.get(slot, Written()),
        )
        for one in asked
        for at, slot in enumerate(one.slots)
    ]


def definition_of(asked: Asked) -> str:
    """The definition that is printed beside a measure."""
    if asked.definition is not None:
        return formats.plain_words(asked.definition)
    text = labels.term(asked.code, "definition")
    return "" if text == asked.code else text


def said(cells: Written) -> str:
    """The cells of a row in a few words, for the preview."""
    if cells.is_empty:
        return _("empty")
    number = "–".join(filter(None, (cells.low, cells.high)))
    word = "" if cells.kind in {"", AnswerKind.VALUE.value} else labels.of(AnswerKind(cells.kind))
    parts = [f"{_share(name)} {text}" for name, text in cells.shares.items() if text]
    first = " ".join(filter(None, (word, number, cells.currency if number else "")))
    return formats.listed(filter(None, (first, *parts, cells.note)))


def _share(name: str) -> str:
    return labels.of(Dimension(name)) if "." not in name else labels.term(name.split(".")[1], "share")
