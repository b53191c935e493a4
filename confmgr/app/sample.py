"""`confmgr sample` and `confmgr sample-load`: a whole operation from a data file, in an installation of its own."""

import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from confmgr.accounts.queries import any_account
from confmgr.activity import heads
from confmgr.app.factory import create_app
from confmgr.app.migrating import upgrade
from confmgr.config import PACKAGE, Settings
from confmgr.errors import ConfmgrError
from confmgr.interchange import building, outputs, schema
from confmgr.web.db import db

DATA = PACKAGE / "interchange" / "data" / "breaking-chains.toml"
KEY = "sample"
"""Signs nothing that leaves the machine: the throw-away installation serves no pages."""


class NotEmpty(ConfmgrError):
    """The folder for the files must be new or empty."""


@click.command("sample")
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.option("--data", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=DATA)
def sample(out: Path, data: Path) -> None:
    """Build the sample operation without a browser and write what it gives away into OUT, which must be empty."""
    began = time.monotonic()
    if out.exists() and any(out.iterdir()):
        raise NotEmpty(f"{out} is not empty: name a new folder")
    read = _read(data)
    out.mkdir(parents=True, exist_ok=True)
    with _installation("https://confmgr.example") as app:
        built = building.build(app, read, tell=_tell)
        with app.app_context():
            files = outputs.write(built, read, out, tell=lambda words: click.echo(f"  wrote {words}"))
    seconds = time.monotonic() - began
    click.echo(f"{built.publications} publications, {built.mails} mails sent, {files} files in {out}, {seconds:.0f} s")


@click.command("sample-load")
@with_appcontext
def sample_load() -> None:
    """Fill this sample installation, unless it is filled already. `bin/serve` calls it."""
    settings: Settings = current_app.extensions["confmgr"]
    if not settings.sample or settings.on_postgresql:
        raise ConfmgrError("only an installation of the sample can be filled with it")
    if any_account(db.session()):
        return
    db.session.remove()
    with _installation(settings.base_url) as app:
        building.build(app, _read(DATA), tell=_tell)
        folder = app.extensions["confmgr"].instance
        with app.app_context():
            db.engine.dispose()
        take_over(folder, settings.instance)
    click.echo("The sample operation is loaded.")


def take_over(made: Path, here: Path) -> None:
    """Put database and mails of one installation in place of another's, and forget the seal of the audit that was."""
    shutil.copytree(made / "mail", here / "mail", dirs_exist_ok=True)
    with (
        closing(sqlite3.connect(made / "confmgr.db")) as source,
        closing(sqlite3.connect(here / "confmgr.db", timeout=30)) as target,
    ):
        source.backup(target)
    (here / heads.NAME).unlink(missing_ok=True)


def _read(path: Path) -> schema.DataFile:
    return schema.read(path)


def _tell(done: int, total: int, words: str) -> None:
    click.echo(f"  {done * 100 // total:3} %  {words}")


@contextmanager
def _installation(base_url: str) -> Iterator[Flask]:
    """A throw-away installation on SQLite that sends mail to nobody."""
    with tempfile.TemporaryDirectory(prefix="confmgr-") as name:
        folder = Path(name)
        app = create_app(
            Settings(
                instance=folder,
                database_url=f"sqlite:///{folder / 'confmgr.db'}",
                base_url=base_url,
                sample=True,
                secret_key=KEY,
            )
        )
        with app.app_context():
            upgrade()
        yield app


commands: list[click.Command] = [sample, sample_load]
