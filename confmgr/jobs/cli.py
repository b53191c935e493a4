"""`confmgr worker`."""

import click
from flask import current_app
from flask.cli import with_appcontext

from confmgr.config import Settings


@click.command()
@with_appcontext
def worker() -> None:
    """Do the jobs of this installation until told to stop."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  # children keep the app itself
    settings: Settings = app.extensions["confmgr"]
    if settings.on_postgresql:
        from confmgr.jobs import on_procrastinate

        on_procrastinate.work(app, settings.database_url)
    else:
        app.extensions["confmgr_huey"].work()


commands: list[click.Command] = [worker]
