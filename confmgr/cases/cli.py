"""`confmgr purges`: what was purged stays purged after an older back-up is put in."""

import uuid
from typing import TextIO

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from confmgr.cases import services as _services  # noqa: F401  # registers what a purge overwrites
from confmgr.gateways import clock
from confmgr.sharing import services
from confmgr.sharing.models import Item
from confmgr.web.db import session, transaction


@click.group()
def purges() -> None:
    """Keep the list of what was purged, and purge it again after an older back-up was put in."""


@purges.command("list")
@with_appcontext
def list_purged() -> None:
    """Print the random ids of what was purged, one a line: to be kept beside the back-ups."""
    for item in services.purged(session()):
        click.echo(item.uuid)


@purges.command("again")
@click.argument("file", type=click.File())
@with_appcontext
def purge_again(file: TextIO) -> None:
    """Purge again what FILE lists (`-`: standard input), after an older back-up was put in; safe to repeat."""
    try:
        wanted = {uuid.UUID(line.strip()) for line in file if line.strip()}
    except ValueError as wrong:
        raise click.ClickException("the file does not hold one id a line") from wrong
    with transaction() as current:
        rows = current.scalars(select(Item).where(Item.uuid.in_(wanted))).all()
        for item in rows:
            services.purge_again(current, item, now=clock.now())
    click.echo(f"{len(rows)} of {len(wanted)} are in this database and are purged")


commands: list[click.Command] = [purges]
