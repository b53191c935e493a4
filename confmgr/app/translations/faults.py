"""What is wrong with a catalogue, as sentences for whoever mends it."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from gettext import c2py

from babel.messages.catalog import Catalog, Message

from confmgr.app.translations import glossary
from confmgr.app.translations.catalogues import ids, is_complete, strings, wanted
from confmgr.app.translations.glossary import Term

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]")
COUNTS = frozenset({"%(num)s", "%(num)d"})
NUMBERS = 1000
"""So many numbers tell what a plural form stands for."""
INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
MARKUP = re.compile(r"<|&#?\w+;")


def of(tag: str, catalog: Catalog, template: Catalog, terms: Sequence[Term]) -> list[str]:
    """What is wrong with a catalogue, one line each."""
    found, single = [], of_one_number(catalog)
    for message in wanted(tag, template):
        entry = catalog.get(message.id, message.context)
        if entry is None or not all(strings(entry)):
            found.append(f"{tag}: no translation of {message.id!r}")
        elif not is_complete(entry):
            found.append(f"{tag}: unsure translation of {message.id!r}")
        else:
            found += [f"{tag}: {fault} in {message.id!r}" for fault in of_entry(entry, terms, single)]
    return found


def of_one_number(catalog: Catalog) -> frozenset[int]:
    """The plural forms that stand for one number alone; in French the first one is that of none, too."""
    form = c2py(catalog.plural_expr)
    numbers = Counter(form(number) for number in range(NUMBERS))
    return frozenset(one for one, count in numbers.items() if count == 1)


def of_entry(entry: Message, terms: Sequence[Term], single: frozenset[int] = frozenset()) -> Iterator[str]:
    """What is wrong with one entry; plural forms that are among the `single` need not say their number."""
    expected = catalogued(*ids(entry))
    forms = strings(entry)
    for number, text in enumerate(forms):
        given = catalogued(text)
        spared = COUNTS if len(forms) > 1 and number in single else frozenset()  # "one meeting" says no number
        if given - expected or expected - given - spared or _breaks_formats(text, ids(entry)):
            yield "placeholders differ"
        if INVISIBLE.search(text):
            yield "invisible characters"
        if set(MARKUP.findall(text)) - set(MARKUP.findall(" ".join(ids(entry)))):
            yield "markup"
        if _ends(text) != _ends(ids(entry)[0]):
            yield "spaces or line breaks at the ends differ"
        yield from glossary.breaches(terms, ids(entry)[-1], text)


def _breaks_formats(text: str, english: Sequence[str]) -> bool:
    """Whether a per cent sign stands alone: what is put into the sentence could not be put there."""
    return "%" in PLACEHOLDER.sub("", text) and not any("%" in PLACEHOLDER.sub("", one) for one in english)


def catalogued(*texts: str) -> frozenset[str]:
    """The placeholders of texts."""
    return frozenset(match.group(0) for text in texts for match in PLACEHOLDER.finditer(text))


def _ends(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
