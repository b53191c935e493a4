"""Names of this room's words."""

from flask_babel import lazy_gettext as _l

from confmgr.jobs.domain import JobState
from confmgr.web import labels

labels.register(
    {
        JobState.WAITING: _l("Waiting to start"),
        JobState.RUNNING: _l("Working"),
        JobState.DONE: _l("Done"),
        JobState.FAILED: _l("Failed"),
        JobState.CANCELLED: _l("Cancelled"),
    }
)
