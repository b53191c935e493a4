"""Commands of the whole application: database, translations, and the sample operation."""

import click
from flask_migrate.cli import db as database

from confmgr.app import sample
from confmgr.app.translations import translations

commands: list[click.Command] = [database, translations, *sample.commands]
