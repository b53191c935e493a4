"""What files and pages of this room write. Each function is one job, it flushes, the caller commits."""

from confmgr.interchange.services.texts import (
    Writing,
    apply_translations,
    judged,
    keep_translations,
    translate,
)
from confmgr.interchange.services.workbooks import WORKBOOK, Tally, apply, keep, known, leave_to_job, tally

__all__ = [
    "WORKBOOK",
    "Tally",
    "Writing",
    "apply",
    "apply_translations",
    "judged",
    "keep",
    "keep_translations",
    "known",
    "leave_to_job",
    "tally",
    "translate",
]
