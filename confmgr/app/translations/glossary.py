"""Terms of the field in each language, and translations that do not use them."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from confmgr.config import TRANSLATIONS
from confmgr.values.languages import babel_locale

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
CERTAINTIES = ("certain", "probable", "doubtful")


class BrokenGlossary(ValueError):
    """A glossary says something that it must not; the message names the term."""


@dataclass(frozen=True, slots=True)
class Term:
    """An English term and what may stand for it.

    `forms`: stems of which one must stand wherever the term stands, without regard to case. `avoid`: what must not.
    `elsewhere`: English texts in which the word means something else. `checked` is false for terms that are everyday
    words, too (to record, to be held).
    """

    english: str
    forms: tuple[str, ...]
    certainty: str
    avoid: tuple[str, ...] = ()
    elsewhere: frozenset[str] = frozenset()
    checked: bool = True
    note: str = ""


def path(tag: str) -> Path:
    """Where a language's glossary is."""
    return TRANSLATIONS / babel_locale(tag) / "glossary.toml"


def load(tag: str) -> list[Term]:
    """The terms of a language, longer ones first.

    Raises:
        BrokenGlossary: A term without a form or with an unknown certainty, twice, missing, or not among the terms.
    """
    wanted = {str(entry["english"]): entry for entry in _entries(TRANSLATIONS / "terms.toml")}
    terms = [_term(entry, wanted) for entry in _entries(path(tag))]
    names = {term.english for term in terms}
    if len(names) < len(terms):
        raise BrokenGlossary(f"{tag}: a term stands twice")
    if missing := wanted.keys() - names:
        raise BrokenGlossary(f"{tag}: no {', '.join(sorted(missing))}")
    return sorted(terms, key=lambda term: -len(term.english))


def _entries(file: Path) -> list[Mapping[str, object]]:
    found = tomllib.loads(file.read_text(encoding="utf-8"))
    return list(found["term"])


def _term(entry: Mapping[str, object], wanted: Mapping[str, Mapping[str, object]]) -> Term:
    english = str(entry["english"])
    of_all = wanted.get(english)
    if of_all is None:
        raise BrokenGlossary(f"{english} is not in terms.toml")
    forms, certainty = _texts(entry.get("forms", [])), str(entry.get("certainty", ""))
    if not forms or not all(forms) or certainty not in CERTAINTIES:
        raise BrokenGlossary(english)
    return Term(
        english,
        forms,
        certainty,
        _texts(entry.get("avoid", [])),
        frozenset((*_texts(of_all.get("elsewhere", [])), *_texts(entry.get("elsewhere", [])))),
        bool(of_all.get("checked", True)),
        str(entry.get("note", "")),
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


def breaches(terms: Sequence[Term], english: str, translation: str) -> Iterator[str]:
    """What of a translation is against the glossary: `case: none of affaire`, one a term.

    A longer term covers the shorter ones inside it: "joint operation" says nothing about "operation".
    """
    rest, told = PLACEHOLDER.sub(" ", english), translation.casefold()
    for term in terms:
        pattern = re.compile(rf"(?<![\w-]){re.escape(term.english)}(?:s|es)?(?![\w-])", re.IGNORECASE)
        if not pattern.search(rest):
            continue
        rest = pattern.sub(" ", rest)
        if not term.checked or english in term.elsewhere:
            continue
        if not any(form.casefold() in told for form in term.forms):
            yield f"{term.english}: none of {', '.join(term.forms)}"
        for word in term.avoid:
            if word.casefold() in told:
                yield f"{term.english}: not {word}"
