"""What the processes of one run of the tests make once and share."""

import fcntl
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from confmgr.app.translations import catalogues


def of_run(factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run know, and no other run."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that the first process to ask for it fills; the others wait, and nobody changes it."""
    made, half = of_run(factory) / name, of_run(factory) / f"half-{name}"
    with (of_run(factory) / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir()
            make(half)
            half.rename(made)
    return made


def compiled(app: Flask, factory: pytest.TempPathFactory) -> Flask:
    """The application, which reads templates that another one has compiled: all of them take seconds."""
    folder = of_run(factory) / "templates"
    folder.mkdir(exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder))
    return app


def extracted(factory: pytest.TempPathFactory) -> Catalog:
    """The strings of code and templates: reading all of them takes seconds."""

    def make(folder: Path) -> None:
        (folder / "template").write_bytes(pickle.dumps(catalogues.extracted()))

    found: Catalog = pickle.loads((made_once(factory, "strings", make) / "template").read_bytes())  # noqa: S301  # of this run
    return found
