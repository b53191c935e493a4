"""Sealing the audit, some seconds after its entries were added."""

import logging
from pathlib import Path
from typing import Any

from flask import current_app

from confmgr.activity import heads, queries, services
from confmgr.activity.domain import Head
from confmgr.config import Settings
from confmgr.jobs.registry import Context, task

log = logging.getLogger(__name__)


@task("seal_audit", each_minute=True, each_moment=True)
def seal_audit(context: Context) -> dict[str, Any]:
    """Tell what was refused, seal what waits in batches, and write down the last seal beside the database."""
    settings: Settings = current_app.extensions["confmgr"]
    batches = 0
    while True:
        with context.session() as session:
            services.tell_denials(session, context.now())
            last = services.seal(session)
        if last is None:
            return {"batches": batches}
        _keep(context, settings.instance, last)
        batches += 1


def _keep(context: Context, folder: Path, last: Head) -> None:
    """Write down a head, unless it does not follow from the one that was kept: then that one is the proof."""
    try:
        kept = heads.read(folder)
    except heads.HeadUnreadable:
        log.exception("the seal that was kept cannot be read")
        return
    with context.session() as session:
        follows = kept is None or queries.holds(session, kept)
    if follows and (kept is None or kept.number < last.number):
        heads.keep(folder, last)
    elif not follows:
        log.error("the audit does not hold the seal that was kept in %s: run confmgr audit verify", folder)
