"""`confmgr ingest` and `confmgr lmtp`: the two ways in on which our own mail server hands mails over."""

import logging
import os
import sys

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from confmgr.invitations.ingesting import keep
from confmgr.invitations.replies import LARGEST

log = logging.getLogger(__name__)
PIECE = 2**16


@click.command()
@with_appcontext
def ingest() -> None:
    """Keep one mail from standard input: a reply, a proposal, a delivery report.

    Ends with 0 once it is kept, and with 75 (EX_TEMPFAIL) while the database cannot keep it: the mail server then tries
    again.
    """
    stream = sys.stdin.buffer
    raw = stream.read(LARGEST + 1)
    size = len(raw)
    while piece := stream.read(PIECE):  # a mail server must not find its pipe shut
        size += len(piece)
    try:
        keep(raw, size)
    except SQLAlchemyError as problem:
        click.echo(f"confmgr: the database cannot keep the mail now ({type(problem).__name__})", err=True)
        sys.exit(os.EX_TEMPFAIL)


@click.command()
@click.option("--listen", required=True, help="HOST:PORT, or the path of a socket.")
@with_appcontext
def lmtp(listen: str) -> None:
    """Take mails by LMTP until told to stop."""
    from confmgr.gateways.lmtp import serve  # only here: no other command needs the server

    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  # threads keep the app itself
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # it reports every command

    def kept(raw: bytes) -> bool:
        try:
            with app.app_context():
                keep(raw)
        except SQLAlchemyError as problem:
            log.warning("a mail is not kept yet: %s", type(problem).__name__)
            return False
        return True

    serve(listen, kept, ready=lambda address: click.echo(f"confmgr: takes mails at {address}", err=True))


commands: list[click.Command] = [ingest, lmtp]
