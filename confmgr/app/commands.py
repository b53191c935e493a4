"""Commands of the whole application: database and translations."""

import click
from flask_migrate.cli import db as database

from confmgr.app.translations import translations

commands: list[click.Command] = [database, translations]
