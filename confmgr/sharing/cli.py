"""`confmgr search`: reads the texts of all items again, so that they are found."""

import click
from flask.cli import with_appcontext

from confmgr.sharing import searching
from confmgr.web.db import transaction


@click.group("search")
def search() -> None:
    """The index by which texts are found."""


@search.command("rebuild")
@with_appcontext
def rebuild() -> None:
    """Read every case and lead again: once after the upgrade that brings the search, and after a restore without it."""
    with transaction() as session:
        done = searching.rebuild(session)
    click.echo(f"items\t{done}")


commands = [search]
