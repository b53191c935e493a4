"""What is done every few seconds: in a process of its own beside those that do jobs, so that no long job delays it."""

import contextlib
import multiprocessing
import signal
import time
from collections.abc import Iterator
from multiprocessing.process import BaseProcess

from flask import Flask

from confmgr.gateways.processes import dies_with_parent
from confmgr.jobs import running
from confmgr.web.db import db

PAUSE = 4.0
"""Seconds between two rounds."""


@contextlib.contextmanager
def beside(app: Flask) -> Iterator[BaseProcess]:
    """Run the rounds in a child process as long as the block lasts. Start it before any thread."""
    with app.app_context():
        db.engine.dispose()  # the child must open connections of its own
    child = multiprocessing.get_context("fork").Process(
        target=_rounds, args=(app, dies_with_parent(signal.SIGKILL)), name="moments", daemon=True
    )
    child.start()
    try:
        yield child
    finally:
        child.terminate()
        child.join()


def _rounds(app: Flask, tie_to_parent: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends it
    if callable(tie_to_parent):
        tie_to_parent()
    while True:
        running.run_often(app)
        time.sleep(PAUSE)
