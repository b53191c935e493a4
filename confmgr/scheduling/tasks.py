"""Planning as a job: the planner works in a process of its own."""

import logging
from typing import Any

from confmgr.errors import NotFound
from confmgr.jobs.registry import Context, task
from confmgr.planner import process
from confmgr.planner.domain import Level
from confmgr.scheduling import plans
from confmgr.scheduling.domain import AppliedState
from confmgr.scheduling.models import PlanRun
from confmgr.scheduling.stays import is_fixed

log = logging.getLogger(__name__)


@task("plan_meeting", all_or_nothing=True)
def plan_meeting(context: Context, run_id: int, seconds: float) -> dict[str, Any] | None:
    """Plan one run; its job shows the levels, with what is proven of them, and the meetings placed so far."""
    with context.session() as session:
        run = session.get(PlanRun, run_id)
        if run is None:
            raise NotFound("plan", run_id)
        if run.state is not AppliedState.RUNNING:
            return None
        instance = dict(run.instance)
        seed, options = run.seed, dict(run.options)
        previous = options.get("previous")
        page = ["scheduling.show_plan", {"slug": run.meeting.slug, "uuid": str(run.uuid)}]
    fixed = sum(is_fixed(one["id"]) for one in instance["meetings"])
    wanted = len(instance["meetings"]) - fixed

    def tell(levels: tuple[Level, ...], placed: int, spent: float) -> None:
        done = max(0, placed - fixed)
        facts = {
            "levels": [
                {"name": one.name, "value": one.value, "bound": one.bound}
                for one in levels
                if one.name != "moved" or previous
            ],
            "placed": done,
            "wanted": wanted,
            "seconds": spent,
            "allowed": seconds,
            "page": page,
        }
        context.progress(done, wanted, facts=facts)

    plan: dict[str, Any] | None = None
    end: process.End | None = process.End.DIED
    try:
        plan = process.solve_in_process(
            instance,
            seconds=seconds,
            seed=seed,
            previous=previous,
            prefer=options.get("prefer"),
            on_progress=tell,
            should_stop=context.cancelled,
        )
        end = None
    except process.PlannerDied as died:
        plan, end = died.best, died.end
        if plan is None:
            raise
        log.warning("plan %s: %s; the best plan until then is offered", run_id, died)
    finally:
        with context.session() as session:
            run = session.get(PlanRun, run_id)
            if run is not None and run.state is AppliedState.RUNNING:
                plans.offer(session, run, plan, end) if plan is not None else plans.fail(session, run, end)
    return {"page": page, "placed": len(plan["placements"]) - fixed, "wanted": wanted}
