"""What files and pages of this room write. Each function is one job, it flushes, the caller commits."""

from confmgr.interchange.services.texts import (
    Writing,
    apply_translations,
    judged,
    keep_translations,
    translate,
)
from confmgr.interchange.services.workbooks import Tally, apply, keep, known, tally

__all__ = [
    "Tally",
    "Writing",
    "apply",
    "apply_translations",
    "judged",
    "keep",
    "keep_translations",
    "known",
    "tally",
    "translate",
]
