"""The catalogues in `translations/`, and the strings of code and templates that they must hold."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from confmgr.app.translations.scope import is_outward
from confmgr.config import PACKAGE, TEMPLATES, TRANSLATIONS
from confmgr.values.languages import LANGUAGES, OWN_NAMES, WHOLE_LANGUAGES, babel_locale

KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "lazy_gettext": None,
    "_l": None,
    "_p": ((1, "c"), 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
SOURCES = (
    (PACKAGE, [("**.py", "python")]),
    (TEMPLATES, [("**.html", "jinja2"), ("**.txt", "jinja2")]),
)
TRANSLATED = tuple(tag for tag in LANGUAGES if tag != "en")
"""Languages with a catalogue; English is the language of the strings themselves."""
UNREVIEWED = "machine draft, not reviewed"
"""The translator comment of an entry that no professional has read; it goes when one has."""

PLURALS = {"ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"}
"""Where Babel orders the forms in another way than CLDR and translators do: many and other are the wrong way round."""

HEADER = """# {name}: the words of confmgr, under the licence of confmgr.
msgid ""
msgstr ""
"Language: {locale}\\n"
"Plural-Forms: {plurals}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def extracted() -> Catalog:
    """Every translatable string of code and templates, with the files that it occurs in."""
    catalog = Catalog(project="confmgr", charset="utf-8")
    for folder, methods in SOURCES:
        found = extract_from_dir(
            str(folder),
            methods,
            keywords=KEYWORDS,
            options_map={"**.html": {"silent": "false"}},
            directory_filter=lambda _folder: True,  # Babel would pass over `_ui`
        )
        for file, line, message, comments, context in found:
            place = (f"{folder.name}/{file}", line)
            catalog.add(message, None, [place], auto_comments=comments, context=context)
    return catalog


def wanted(tag: str, template: Catalog) -> Iterator[Message]:
    """The messages that a language's catalogue must hold: all of them, or the outward ones."""
    for message in template:
        if message.id and (tag in WHOLE_LANGUAGES or any(is_outward(file) for file, _line in message.locations)):
            yield message


def path(tag: str) -> Path:
    """Where a language's catalogue is."""
    return TRANSLATIONS / babel_locale(tag) / "LC_MESSAGES" / "messages.po"


def read(tag: str) -> Catalog:
    """A language's catalogue; an empty one where there is none yet."""
    if not path(tag).exists():
        return Catalog(locale=babel_locale(tag), project="confmgr", charset="utf-8")
    with path(tag).open("rb") as file:
        return read_po(file, locale=babel_locale(tag))


def write(tag: str, catalog: Catalog) -> None:
    """Write a catalogue so that two writings of the same entries give the same bytes: no times, no names of tools."""
    path(tag).parent.mkdir(parents=True, exist_ok=True)
    plurals = PLURALS.get(tag, catalog.plural_forms)
    header = HEADER.format(name=OWN_NAMES[tag], locale=babel_locale(tag), plurals=plurals)
    with path(tag).open("wb") as file:
        file.write(header.encode())
        write_po(file, catalog, width=110, omit_header=True, no_location=True, sort_output=True)


def updated(tag: str, template: Catalog) -> Catalog:
    """A catalogue brought up to the strings of code and templates; new entries come in empty, old ones go."""
    narrow = Catalog(locale=babel_locale(tag), project="confmgr", charset="utf-8")
    for message in wanted(tag, template):
        narrow.add(message.id, None, flags=message.flags, auto_comments=message.auto_comments, context=message.context)
    catalog = read(tag)
    catalog.update(narrow, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog


def ids(message: Message) -> tuple[str, ...]:
    """The English texts of a message: one, or singular and plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def strings(message: Message) -> tuple[str, ...]:
    """Its translations; empty texts where there is none."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def is_complete(message: Message | None) -> bool:
    """Whether every form of a message is translated and sure."""
    return message is not None and all(strings(message)) and not message.fuzzy


def is_reviewed(message: Message) -> bool:
    """Whether a professional has read a translation."""
    return UNREVIEWED not in message.user_comments
