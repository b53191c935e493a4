"""What the members of enums, and the reasons of refusals, are called on a page: each room registers its own."""

from collections.abc import Mapping
from enum import Enum

from flask_babel import LazyString

from confmgr.errors import NotReadable, Refused

_labels: dict[Enum, LazyString] = {}
_reasons: dict[str, LazyString] = {}
_terms: dict[tuple[str, str], LazyString] = {}


def register(labels: Mapping[Enum, LazyString]) -> None:
    """Add the names of enum members."""
    _labels.update(labels)


def register_reasons(reasons: Mapping[str, LazyString]) -> None:
    """Add sentences for the `reason` of `Refused` and `NotReadable`; `%(fact)s` is filled from its facts."""
    _reasons.update(reasons)


def register_terms(vocabulary: str, terms: Mapping[str, LazyString]) -> None:
    """Add the names of codes that are data and no enum: measures of the standard table, and their definitions."""
    _terms.update({(vocabulary, code): text for code, text in terms.items()})


def term(code: str, vocabulary: str) -> str:
    """The translated name of a code; the code itself where a vocabulary does not know it."""
    return str(_terms.get((vocabulary, code), code))


def of(member: Enum) -> str:
    """The translated name of an enum member."""
    return str(_labels[member])


def choices(kind: type[Enum]) -> list[tuple[str, str]]:
    """`(value, label)` of every member, for a select field."""
    return [(str(member.value), of(member)) for member in kind]


def sentence(problem: Refused | NotReadable) -> str:
    """A refusal in words."""
    facts = {k: of(v) if isinstance(v, Enum) and v in _labels else v for k, v in problem.facts.items()}
    return str(_reasons[problem.reason]) % facts


def known_reasons() -> frozenset[str]:
    """Every reason that has a sentence."""
    return frozenset(_reasons)
