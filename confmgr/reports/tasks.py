"""Making documents as a job, in renderers of its own."""

from typing import Any

from confmgr.errors import NotFound
from confmgr.gateways.pdf import PdfFailed
from confmgr.jobs.registry import Context, task
from confmgr.jobs.services import forget_results
from confmgr.reports import cache, orders
from confmgr.reports import models as _models  # noqa: F401  # its table is known where jobs are


@task("print_document", all_or_nothing=True)
def print_document(context: Context, key: str, order: str, page: list[Any]) -> dict[str, Any]:
    """Make what somebody ordered and keep it for a day; its own address then gives it to whoever may still have it.

    Documents of an earlier order that are kept are not made again. The order, which holds their text, is dropped.
    """
    with context.session() as session:
        raw = cache.kept(session, [order]).get(order)
        if raw is None:
            raise NotFound("order", order)
        wanted = orders.opened(raw)
        prints = {cache.key(ready): ready for _name, ready in wanted.files}
        found = cache.kept(session, prints)
    new = {name: ready for name, ready in prints.items() if name not in found}
    before = sum(len(prints[name].parts) for name in found)

    def told(done: int) -> None:
        context.progress(before + done, wanted.steps)

    try:
        made = orders.made(new, told, stopped=context.cancelled)
    except PdfFailed:
        with context.session() as session:
            cache.drop(session, order)
        raise
    with context.session() as session:
        cache.drop(session, order)
        if made is None:
            return {}
        cache.keep(session, made, context.now())
        if wanted.packed:
            files = found | made
            archive = {name: files[cache.key(ready)] for name, ready in wanted.files}
            newest = max(ready.created for _name, ready in wanted.files)
            cache.keep(session, {key: orders.packed(archive, newest)}, context.now())
    return {"page": page}


@task("forget_documents", each_minute=True)
def forget_documents(context: Context) -> None:
    """Drop documents that nobody used for a day."""
    with context.session() as session:
        cache.forget(session, context.now())
        forget_results(session, "print_schedule", before=context.now())  # of versions before this one
