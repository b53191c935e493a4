"""Leaving the sample operation for an installation of one's own."""

import os
from pathlib import Path

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from confmgr.config import Settings
from confmgr.errors import NotFound
from confmgr.interchange.routes.imports import bp
from confmgr.web.policy import policy, public


@bp.post("/sample/leave")
@policy(public)
def leave_sample() -> ResponseReturnValue:
    """Ask whoever serves the sample to open an empty installation instead; the sample is reachable from here alone."""
    settings: Settings = current_app.extensions["confmgr"]
    leave = os.environ.get("CONFMGR_LEAVE_SAMPLE")
    if not settings.sample or not leave:
        raise NotFound
    Path(leave).touch()
    return render_template("interchange/leaving.html"), 202, {"Refresh": "4; url=/"}
