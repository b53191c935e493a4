"""The command `confmgr`: a group of each room's commands, and the third edge where errors end."""

import logging
import os
import sys

import click
from flask import Flask
from flask.cli import FlaskGroup

from confmgr.errors import ConfmgrError
from confmgr.failures import keep_content_out_of_logs, named
from confmgr.planner import cli as planner

log = logging.getLogger("confmgr")
COMES_AGAIN = frozenset({"ingest"})
"""Commands of a mail server: whatever fails, it must try again and not send the mail back to who wrote it."""
ALONE = frozenset({"plan"})
"""Commands that need no other room: to load them all takes longer than to plan a small meeting."""


def _create_app() -> Flask:
    from confmgr.app.migrating import create_migrating_app

    return create_migrating_app()


@click.group(cls=FlaskGroup, create_app=_create_app, add_default_commands=False, add_version_option=False)
def cli() -> None:
    """Plan, hold and follow up joint operational meetings."""


def main() -> None:
    """Run one command; expected problems are one line and exit 2, anything else is its frames and exit 70.

    Those of `COMES_AGAIN` end with 75 (EX_TEMPFAIL) in both cases; the mail server keeps what they say in its log.
    """
    comes_again = not COMES_AGAIN.isdisjoint(sys.argv[1:2])
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    keep_content_out_of_logs()
    for engine in ("huey", "procrastinate"):
        logging.getLogger(engine).setLevel(logging.WARNING)  # they report every tick
    for command in planner.commands:
        cli.add_command(command)
    if ALONE.isdisjoint(sys.argv[1:2]):
        _add_rooms()
    try:
        cli.main(prog_name="confmgr")
    except ConfmgrError as problem:
        click.echo(f"confmgr: {named(problem) if comes_again else problem}", err=True)
        raise SystemExit(os.EX_TEMPFAIL if comes_again else 2) from problem
    except Exception:
        log.exception("confmgr stopped")
        raise SystemExit(os.EX_TEMPFAIL if comes_again else os.EX_SOFTWARE) from None


def _add_rooms() -> None:
    from confmgr.app.factory import ROOMS, part
    from confmgr.orm.acting import Purpose, started_for
    from confmgr.orm.engine import writing

    writing.set(True)
    started_for.set(Purpose.COMMAND)
    for room in (*ROOMS, "app"):
        module = part(room, "commands" if room == "app" else "cli")
        for command in module.commands if module else ():
            cli.add_command(command)
