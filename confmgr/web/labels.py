"""What the members of enums, and the reasons of refusals, are called on a page: each room registers its own."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum

from flask_babel import LazyString

from confmgr.errors import NotReadable, Refused

_labels: dict[tuple[type[Enum], str], LazyString] = {}
"""By class and value: members of two StrEnum classes with the same text are equal, and a plain dict mixes them up."""

_reasons: dict[str, LazyString] = {}
_terms: dict[tuple[str, str], LazyString] = {}
_sought: dict[str, Callable[[str], str | None]] = {}
_dates: list[Callable[[date], str]] = []


def write_dates(written: Callable[[date], str]) -> None:
    """How days in sentences are written for their reader."""
    _dates.append(written)


def register(labels: Mapping[Enum, LazyString]) -> None:
    """Add the names of enum members; those of two enums that share a value in two calls, for the same reason."""
    _labels.update({(type(member), str(member.value)): text for member, text in labels.items()})


def register_reasons(reasons: Mapping[str, LazyString]) -> None:
    """Add sentences for the `reason` of `Refused` and `NotReadable`; `%(fact)s` is filled from its facts.

    Raises:
        ValueError: A reason has its sentence already: two rooms mean different things by one word.
    """
    twice = sorted(reasons.keys() & _reasons.keys())
    if twice:
        raise ValueError(f"reasons that have their sentence already: {', '.join(twice)}")
    _reasons.update(reasons)


def register_terms(vocabulary: str, terms: Mapping[str, LazyString]) -> None:
    """Add the names of codes that are data and no enum: measures of the standard table, and their definitions."""
    _terms.update({(vocabulary, code): text for code, text in terms.items()})


def known_terms(vocabulary: str) -> frozenset[str]:
    """Every code that has a name of its own in a vocabulary."""
    return frozenset(code for of, code in _terms if of == vocabulary)


def register_search(vocabulary: str, search: Callable[[str], str | None]) -> None:
    """Where the names of codes are looked up that people add: asked only for what `register_terms` does not know."""
    _sought[vocabulary] = search


def term(code: str, vocabulary: str) -> str:
    """The translated name of a code; the code itself where a vocabulary does not know it."""
    known = _terms.get((vocabulary, code))
    if known is None and vocabulary in _sought:
        return _sought[vocabulary](code) or code
    return code if known is None else str(known)


def of(member: Enum) -> str:
    """The translated name of an enum member."""
    return str(_labels[type(member), str(member.value)])


def choices(kind: type[Enum]) -> list[tuple[str, str]]:
    """`(value, label)` of every member, for a select field."""
    return [(str(member.value), of(member)) for member in kind]


def sentence(problem: Refused | NotReadable) -> str:
    """A refusal in words."""
    return str(_reasons[problem.reason]) % {name: _said(fact) for name, fact in problem.facts.items()}


def _said(fact: object) -> object:
    if isinstance(fact, Enum) and (type(fact), str(fact.value)) in _labels:
        return of(fact)
    return _dates[-1](fact) if type(fact) is date and _dates else fact


def known_reasons() -> frozenset[str]:
    """Every reason that has a sentence."""
    return frozenset(_reasons)


def unnamed() -> list[str]:
    """Members without a name of enums of which some member has one: names that were lost or forgotten."""
    kinds = {kind for kind, _value in _labels}
    return sorted(
        f"{kind.__name__}.{member.name}"
        for kind in kinds
        for member in kind
        if (kind, str(member.value)) not in _labels
    )
