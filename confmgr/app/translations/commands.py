"""`confmgr translations …`."""

from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from confmgr.app.translations import catalogues, faults, glossary, pieces
from confmgr.app.translations.catalogues import TRANSLATED, UNREVIEWED, is_complete, is_reviewed, wanted
from confmgr.config import PACKAGE, TEMPLATES
from confmgr.values.languages import babel_locale

LANGUAGE = click.Choice(TRANSLATED)


@click.group()
def translations() -> None:
    """Catalogues of the interface."""


@translations.command()
def update() -> None:
    """Bring every catalogue up to the strings in code and templates; new entries come in empty."""
    template = catalogues.extracted()
    for tag in TRANSLATED:
        catalog = catalogues.updated(tag, template)
        catalogues.write(tag, catalog)
        missing = [message for message in catalog if message.id and not is_complete(message)]
        click.echo(f"{tag}: {len(missing)} of {len(catalog)} to translate")


@translations.command("compile")
def compile_all() -> None:
    """Write the .mo files that the application reads."""
    for tag in TRANSLATED:
        with catalogues.path(tag).with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogues.read(tag))


@translations.command()
def check() -> None:
    """Fail on an entry that is missing, unsure or breaks a placeholder or the glossary, and on assembled sentences."""
    template = catalogues.extracted()
    found = pieces.of(PACKAGE, TEMPLATES)
    for tag in TRANSLATED:
        found += faults.of(tag, catalogues.read(tag), template, glossary.load(tag))
    for fault in found:
        click.echo(fault, err=True)
    if found:
        raise SystemExit(1)
    click.echo("translations: complete")


@translations.command()
def status() -> None:
    """How many entries of each language are complete, and how many a professional has read."""
    template = catalogues.extracted()
    click.echo(f"{'':8} {'needed':>7} {'complete':>9} {'reviewed':>9}   terms: certain, probable, doubtful")
    for tag in TRANSLATED:
        click.echo(_line(tag, template))


def _line(tag: str, template: Catalog) -> str:
    catalog = catalogues.read(tag)
    entries = [catalog.get(message.id, message.context) for message in wanted(tag, template)]
    complete = [entry for entry in entries if entry is not None and is_complete(entry)]
    reviewed = sum(is_reviewed(entry) for entry in complete)
    terms = [term.certainty for term in glossary.load(tag)]
    certain = ", ".join(str(terms.count(one)) for one in glossary.CERTAINTIES)
    return f"{tag:8} {len(entries):7} {len(complete):9} {reviewed:9}   {certain}"


@translations.command("out")
@click.argument("language", type=LANGUAGE)
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def send_out(language: str, file: Path) -> None:
    """Write a language's catalogue for a translator: what nobody has reviewed is marked fuzzy."""
    catalog = catalogues.updated(language, catalogues.extracted())
    for message in catalog:
        if message.id and all(catalogues.strings(message)) and not is_reviewed(message):
            message.flags.add("fuzzy")
    with file.open("wb") as target:
        write_po(target, catalog, width=110, no_location=True, sort_output=True)
    click.echo(f"{language}: {len(catalog)} entries")


@translations.command("in")
@click.argument("language", type=LANGUAGE)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def take_in(language: str, file: Path) -> None:
    """Take over what a translator has reviewed: entries that are not fuzzy. Nothing is taken if one is faulty."""
    with file.open("rb") as source:
        sent = read_po(source)
    if str(sent.locale) != babel_locale(language):
        raise click.ClickException(f"this file is in {sent.locale or 'no language'}, not in {language}")
    catalog, terms = catalogues.updated(language, catalogues.extracted()), glossary.load(language)
    taken, found, single = 0, [], faults.of_one_number(catalog)
    for entry in sent:
        known = catalog.get(entry.id, entry.context) if entry.id else None
        if known is None or not is_complete(entry):
            continue
        found += [f"{fault} in {entry.id!r}" for fault in faults.of_entry(entry, terms, single)]
        known.string = entry.string
        known.user_comments = [comment for comment in known.user_comments if comment != UNREVIEWED]
        taken += 1
    if found:
        raise click.ClickException("\n".join(found))
    catalogues.write(language, catalog)
    click.echo(f"{language}: {taken} entries reviewed")
