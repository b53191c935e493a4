"""Terms of the field in each language, and translations that do not use them."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from confmgr.config import TRANSLATIONS
from confmgr.values.languages import babel_locale

CERTAINTIES = ("certain", "probable", "doubtful")


class BrokenGlossary(ValueError):
    """A glossary says something that it must not; the message names the term."""


@dataclass(frozen=True, slots=True)
class Term:
    """An English term and what may stand for it.

    `forms`: stems of which one must stand wherever the term stands, without regard to case. `avoid`: what must not.
    `sense_elsewhere`: English texts in which the term means something else. `checked` is false for terms that are also
    everyday words (to record, a host of).
    """

    english: str
    forms: tuple[str, ...]
    certainty: str
    avoid: tuple[str, ...] = ()
    sense_elsewhere: frozenset[str] = frozenset()
    checked: bool = True
    note: str = ""


def path(tag: str) -> Path:
    """Where a language's glossary is."""
    return TRANSLATIONS / babel_locale(tag) / "glossary.toml"


def load(tag: str) -> list[Term]:
    """The terms of a language, longer ones first.

    Raises:
        BrokenGlossary: A term without a form or with an unknown certainty, or twice.
    """
    with path(tag).open("rb") as file:
        found = tomllib.load(file)
    terms = [_term(entry) for entry in found["term"]]
    if len({term.english for term in terms}) < len(terms):
        raise BrokenGlossary(f"{tag}: a term stands twice")
    return sorted(terms, key=lambda term: -len(term.english))


def _term(entry: Mapping[str, object]) -> Term:
    english = str(entry["english"])
    forms, certainty = _texts(entry.get("forms", [])), str(entry.get("certainty", ""))
    if not forms or not all(forms) or certainty not in CERTAINTIES:
        raise BrokenGlossary(english)
    return Term(
        english,
        forms,
        certainty,
        _texts(entry.get("avoid", [])),
        frozenset(_texts(entry.get("sense_elsewhere", []))),
        bool(entry.get("checked", True)),
        str(entry.get("note", "")),
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


def breaches(terms: Sequence[Term], english: str, translation: str) -> Iterator[str]:
    """What of a translation is against the glossary: `case: none of affaire`, one a term.

    A longer term covers the shorter ones inside it: "joint operation" says nothing about "operation".
    """
    rest, told = english, translation.casefold()
    for term in terms:
        pattern = re.compile(rf"(?<![\w-]){re.escape(term.english)}(?:s|es)?(?![\w-])", re.IGNORECASE)
        if not pattern.search(rest):
            continue
        rest = pattern.sub(" ", rest)
        if not term.checked or english in term.sense_elsewhere:
            continue
        if not any(form.casefold() in told for form in term.forms):
            yield f"{term.english}: none of {', '.join(term.forms)}"
        for word in term.avoid:
            if word.casefold() in told:
                yield f"{term.english}: not {word}"
