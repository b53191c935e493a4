"""Each hour: whom to remind of results and of returns that are due."""

from typing import Any

from flask import current_app

from confmgr.config import Settings
from confmgr.jobs.registry import Context, task
from confmgr.outcomes import services


@task("results_due", each_minute=True)
def results_due(context: Context) -> dict[str, Any]:
    """Hand over what has become due, at every full hour."""
    now = context.now()
    if now.minute:
        return {}
    settings: Settings = current_app.extensions["confmgr"]
    with context.session() as session:
        return {"written": services.remind_of_results(session, now=now, domain=settings.mail_domain)}


@task("returns_due", each_minute=True)
def returns_due(context: Context) -> dict[str, Any]:
    """Remind heads of delegations whose return of a reporting round is missing, at every full hour."""
    now = context.now()
    if now.minute:
        return {}
    settings: Settings = current_app.extensions["confmgr"]
    with context.session() as session:
        return {"written": services.remind_of_returns(session, now=now, domain=settings.mail_domain)}
