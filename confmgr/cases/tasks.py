"""Each minute: values that two originators have. Each hour: questions that ran out, what is kept no longer."""

from typing import Any

from confmgr.cases import matching
from confmgr.cases import services as _services  # noqa: F401  # registers what a purge overwrites
from confmgr.jobs.registry import Context, task
from confmgr.sharing import services


@task("end_questions", each_minute=True)
def end_questions(context: Context) -> dict[str, Any]:
    """End what nobody answered in time, and what was asked under a marking that holds no more."""
    with context.session() as session:
        return {"ended": services.expire_questions(session, now=context.now())}


@task("end_retention", each_minute=True)
def end_retention(context: Context) -> dict[str, Any]:
    """Tell of what is kept no longer, and purge it a fortnight later, at every full hour."""
    if context.now().minute:
        return {}
    with context.session() as session:
        told, purged = services.end_retention(session, now=context.now())
    return {"told": told, "purged": purged}


@task("find_matches", each_minute=True)
def find_matches(context: Context) -> dict[str, Any]:
    """Tell two originators that they should talk; away from the request that put a value to matching."""
    with context.session() as session:
        return {"found": matching.find_matches(session, now=context.now())}
