"""Installations that a bench opens and throws away."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from confmgr.app import create_app
from confmgr.app.migrating import upgrade
from confmgr.config import load


@contextmanager
def installation() -> Iterator[Flask]:
    """An empty installation on SQLite with the usual settings, whatever this machine's environment says."""
    with tempfile.TemporaryDirectory(prefix="confmgr-bench-") as name:
        for setting in [one for one in os.environ if one.startswith("CONFMGR_")]:
            del os.environ[setting]
        os.environ["CONFMGR_INSTANCE"] = name
        app = create_app(load())
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            upgrade()
        yield app
