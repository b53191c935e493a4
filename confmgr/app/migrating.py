"""Bringing a database up to date. Alembic is large: commands alone import this, and no web process does."""

import flask_migrate
from flask import Flask, current_app

from confmgr.app.factory import create_app
from confmgr.config import PACKAGE
from confmgr.web.db import db

_migrate = flask_migrate.Migrate(directory=str(PACKAGE / "migrations"), compare_type=True)


def create_migrating_app() -> Flask:
    """The application of one installation, for commands: migrations can run in it."""
    app = create_app()
    _migrate.init_app(app, db)
    return app


def upgrade() -> None:
    """Bring the database of the current application up to this version."""
    _migrate.init_app(current_app, db)
    flask_migrate.upgrade()
