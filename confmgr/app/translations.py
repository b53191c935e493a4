"""`confmgr translations …`: extract, update, compile and check the catalogues."""

import re
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from confmgr.config import PACKAGE, TEMPLATES, TRANSLATIONS
from confmgr.values.languages import LANGUAGES, babel_locale

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
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]")
SOURCES = (
    (PACKAGE, [("**.py", "python")]),
    (TEMPLATES, [("**.html", "jinja2"), ("**.txt", "jinja2")]),
)


@click.group()
def translations() -> None:
    """Catalogues of the interface."""


@translations.command("update")
def update() -> None:
    """Bring every catalogue up to the strings in code and templates; new entries come in empty."""
    template = extracted()
    for tag in LANGUAGES:
        if tag == "en":
            continue
        catalog = _read(tag)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        path = _po(tag)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, width=110, omit_header=False, no_location=True, sort_output=True)
        click.echo(f"{tag}: {len(_missing(catalog))} of {len(catalog)} to translate")


@translations.command("compile")
def compile_all() -> None:
    """Write the .mo files that the application reads."""
    for tag in LANGUAGES:
        if tag != "en":
            with _po(tag).with_suffix(".mo").open("wb") as file:
                write_mo(file, _read(tag))


@translations.command("check")
def check() -> None:
    """Fail on an entry that is missing, empty, fuzzy, or breaks a placeholder."""
    faults = [fault for tag in LANGUAGES if tag != "en" for fault in faults_of(tag, _read(tag), extracted())]
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        raise SystemExit(1)
    click.echo("translations: complete")


def extracted() -> Catalog:
    """Every translatable string of code and templates."""
    catalog = Catalog(project="confmgr", charset="utf-8")
    for folder, methods in SOURCES:
        found = extract_from_dir(
            str(folder),
            methods,
            keywords=KEYWORDS,
            options_map={"**.html": {"silent": "false"}},
            directory_filter=lambda _folder: True,  # Babel would pass over `_ui`
        )
        for _file, line, message, comments, context in found:
            catalog.add(message, None, [("", line)], auto_comments=comments, context=context)
    return catalog


def faults_of(tag: str, catalog: Catalog, template: Catalog) -> list[str]:
    """What is wrong with a catalogue, one line each."""
    faults = []
    for wanted in template:
        if not wanted.id:
            continue
        entry = catalog.get(wanted.id, wanted.context)
        if entry is None or not all(_strings(entry)):
            faults.append(f"{tag}: no translation of {wanted.id!r}")
        elif entry.fuzzy:
            faults.append(f"{tag}: unsure translation of {wanted.id!r}")
        elif any(_placeholders(text) != _placeholders(*_ids(wanted)) for text in _strings(entry)):
            faults.append(f"{tag}: placeholders differ in {wanted.id!r}")
    return faults


def _placeholders(*texts: str) -> set[str]:
    return {match.group(0) for text in texts for match in PLACEHOLDER.finditer(text)}


def _ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def _missing(catalog: Catalog) -> list[Message]:
    return [m for m in catalog if m.id and not all(_strings(m))]


def _po(tag: str) -> Path:
    return TRANSLATIONS / babel_locale(tag) / "LC_MESSAGES" / "messages.po"


def _read(tag: str) -> Catalog:
    path = _po(tag)
    if not path.exists():
        return Catalog(locale=babel_locale(tag), project="confmgr", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=babel_locale(tag))
