"""A language that nobody speaks: what it does not say is not translated, and what it breaks is too narrow."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask

from confmgr.app.sample import DATA
from confmgr.app.translations.catalogues import wanted
from confmgr.values.languages import OWN_NAMES, babel_locale
from confmgr.web.locale import babel

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ACCENTED = "áƀçðéƒĝĥîĵķļɱñöþǫŕšŧüṽŵẋýžÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŦÜṼŴẊÝŽ"
ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمني" * 2
ALPHABETS = {"fr": ACCENTED, "ar": ARABIC}
"""By the locale whose words are replaced: one from the left, one from the right."""
KEPT = re.compile(r"(%\(\w+\)s|%%|<[^>]*>|&\w+;|[A-Za-z]+)")
LATIN = re.compile(r"[A-Za-z]{2,}")
CODES = re.compile(r"TLP:[A-Z+]+|\S+@\S+|\bRR\d+-[A-Z]{2,9}\b")
"""Markings, addresses and returns of parties, of which a part may stand in the data for itself."""
UPRIGHT = re.compile(r"[a-z]+(-[a-z0-9]+)+|\b(PDF|JSON|CSV|XLSX|UTC)\b")
"""Keys of records and names of formats: like codes alike in every language."""
ISOLATES = re.compile(r"[\u2066-\u2069]")
SILENT = frozenset({"script", "style", "bdi", "textarea", "title"})
"""Elements whose text is data, or no text."""
VOID = frozenset(
    {"br", "hr", "img", "input", "link", "meta", "use", "path", "rect", "line", "circle", "wbr", "polygon"}
)
SPOKEN = ("aria-label", "placeholder", "title", "alt")
"""Attributes that a reader meets."""


def disguised(text: str, alphabet: str) -> str:
    """A sentence in other letters, half as long again, in brackets; what is filled in stays."""
    table = str.maketrans(LETTERS, alphabet)

    def one(found: re.Match[str]) -> str:
        word = found[0]
        if not word.isalpha():
            return word
        return word.translate(table) + alphabet[14] * round(0.4 * len(word))

    return f"⟦{KEPT.sub(one, text)}⟧"


@contextmanager
def speaking(app: Flask, template: Catalog, folder: Path) -> Iterator[Flask]:
    """An application with a pseudo catalogue in the place of each locale of `ALPHABETS`."""
    for tag, alphabet in ALPHABETS.items():
        catalog = Catalog(locale=babel_locale(tag), charset="utf-8")
        for message in wanted(tag, template):
            if isinstance(message.id, str):
                said: str | tuple[str, ...] = disguised(message.id, alphabet)
            else:
                one, many = (disguised(text, alphabet) for text in message.id)
                said = (one, *([many] * (catalog.num_plurals - 1)))
            catalog.add(message.id, said, context=message.context)
        place = folder / babel_locale(tag) / "LC_MESSAGES"
        place.mkdir(parents=True)
        with (place / "messages.mo").open("wb") as file:
            write_mo(file, catalog)
    app.extensions["babel"].translation_directories = [str(folder)]
    with app.app_context():
        known = babel.domain_instance.cache  # of the process, not of the application
    known.clear()
    yield app
    known.clear()


class Heard(HTMLParser):
    """The texts of a page that are sentences of confmgr and not data."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.within: list[tuple[str, bool]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if not self._silent:
            self.texts += [text for name in SPOKEN if (text := given.get(name))]
        if tag not in VOID:
            silent = tag in SILENT or given.get("translate") == "no" or ("lang" in given and tag != "html")
            self.within.append((tag, silent))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element without text."""

    def handle_endtag(self, tag: str) -> None:
        while self.within and self.within.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.texts.append(data.strip())

    @property
    def _silent(self) -> bool:
        return any(silent for _tag, silent in self.within)


def facts() -> list[str]:
    """The texts of the sample's data and of their translations, the longest first."""
    files = [DATA, *(DATA.parent / "words" / f"{tag}.toml" for tag in ALPHABETS)]
    texts = (text for file in files for text in _leaves(tomllib.loads(file.read_text(encoding="utf-8"))))
    found = {text for text in texts if LATIN.search(text)}
    return sorted((text for text in found if text.lower() != text or " " in text), key=len, reverse=True)


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    elif isinstance(value, str):
        yield value


def of_calendar(tag: str) -> frozenset[str]:
    """The words that a locale has for days, months, languages, places and money."""
    locale = Locale.parse(babel_locale(tag))
    texts = [
        *(name for width in ("wide", "abbreviated") for name in locale.months["format"][width].values()),
        *(name for width in ("wide", "abbreviated") for name in locale.days["format"][width].values()),
        *locale.languages.values(),
        *locale.territories.values(),
        *locale.currencies.values(),
        *(form for unit in ("year", "month", "week", "day", "hour", "minute") for form in _unit(locale, unit)),
        *(zone["city"] for zone in locale.time_zones.values() if "city" in zone),
        *(name.rpartition("/")[2].replace("_", " ") for name in ("Asia/Phnom_Penh", "Asia/Shanghai", "Asia/Seoul")),
        *OWN_NAMES.values(),
    ]
    return frozenset(word for text in texts for word in LATIN.findall(text))


def _unit(locale: Locale, unit: str) -> list[str]:
    return [
        text
        for style in ("long", "short")
        for text in locale._data["unit_patterns"][f"duration-{unit}"][style].values()
    ]


def untranslated(page: str, data: list[str], known: frozenset[str], judged: dict[str, bool] | None = None) -> list[str]:
    """Texts of a page with Latin words that are neither data nor of the calendar.

    `judged` remembers the texts of earlier pages of one reader: every page has the menus.
    """
    judged = {} if judged is None else judged
    wrong = []
    for text in Heard(page).texts:
        said = ISOLATES.sub("", text)
        if said not in judged:
            judged[said] = bool(LATIN.search(said)) and _is_foreign(said, data, known)
        if judged[said]:
            wrong.append(text)
    return wrong


def _is_foreign(said: str, data: list[str], known: frozenset[str]) -> bool:
    left = CODES.sub(" ", said)
    for fact in data:
        if fact in left:
            left = left.replace(fact, " ")
    left = UPRIGHT.sub(" ", left)
    if said.endswith("…") and any(fact.startswith(said[:-1]) for fact in data):
        return False  # a name that a map shortens
    return any(word not in known for word in LATIN.findall(left))
