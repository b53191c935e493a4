"""`confmgr audit …`."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.engine import make_url

from confmgr.activity import heads, queries
from confmgr.activity.domain import Break, Fault, Report
from confmgr.config import Settings
from confmgr.errors import ConfmgrError
from confmgr.gateways import clock
from confmgr.orm.engine import writing
from confmgr.web.db import session

BROKEN, UNSEALED = 1, 3
"""Exit codes; what cannot be looked at at all ends with 2, as in every command."""
SENTENCES = {
    Fault.CHANGED: "entry {entry}, sealed as {number}, was changed after it was sealed",
    Fault.MISSING: "the entry sealed as {number} is missing",
    Fault.REORDERED: "entry {entry} stands as {number}, where another one was sealed",
    Fault.INSERTED: "entry {entry} was put in as {number}, before one that was sealed there",
    Fault.ENDS_EARLY: "entries from {number} on are missing: this machine has kept the seal of a later one",
    Fault.REWRITTEN: "seal {number} is another one than this machine has kept: the chain was made anew",
}


@click.group()
def audit() -> None:
    """The audit of this installation."""


@audit.command()
@click.option("--from", "first", type=click.IntRange(1), default=1, help="Begin at this number, not at the start.")
@click.pass_context
@with_appcontext
def verify(context: click.Context, first: int) -> None:
    """Look whether the audit was tampered with.

    Ends with 0 if the chain is whole, 1 if it is broken, 3 if entries wait too long for their seal.
    """
    settings: Settings = current_app.extensions["confmgr"]
    file = make_url(settings.database_url).database if settings.database_url.startswith("sqlite") else None
    if file is not None and not Path(file).exists():  # to open it would make it, and a sample would be one no more
        raise ConfmgrError(
            f"There is no database in {settings.instance}. CONFMGR_INSTANCE names the folder of another installation; "
            f"the sample operation keeps its own in {settings.instance / 'sample'}."
        )
    kept = heads.read(settings.instance)
    writing.set(False)  # a long look keeps nobody from writing
    report = queries.check(session(), first=first, kept=kept)
    for line in lines(report, first):
        click.echo(line)
    if report.broken:
        click.echo(sentence(report.broken), err=True)
        context.exit(BROKEN)
    if report.late(clock.now()):
        click.echo("Entries wait too long: no worker seals them. Start one with confmgr worker.", err=True)
        context.exit(UNSEALED)


def lines(report: Report, first: int) -> list[str]:
    """What was looked at."""
    last = first + report.checked - 1
    checked = f"Whole from {first} to {last}." if report.checked else "Nothing sealed was found whole."
    if report.head.number == 0:
        checked = "Nothing is sealed yet."
    said = [checked, f"Last seal: {report.head.number} {report.head.seal}"]
    if report.waiting_since is None:
        return [*said, "Nothing waits for its seal."]
    since = report.waiting_since.isoformat(timespec="seconds")
    return [*said, f"Not sealed yet: {report.unsealed}, the oldest of {since}. Nothing proves those."]


def sentence(broken: Break) -> str:
    """What is wrong."""
    return "Broken: " + SENTENCES[broken.fault].format(number=broken.number, entry=broken.entry) + "."


commands: list[click.Command] = [audit]
