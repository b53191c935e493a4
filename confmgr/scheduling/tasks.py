"""Planning as a job: the planner works in a process of its own."""

from typing import Any

from confmgr.errors import NotFound
from confmgr.jobs.registry import Context, task
from confmgr.planner import process
from confmgr.scheduling import plans
from confmgr.scheduling.models import PlanRun


@task("plan_meeting")
def plan_meeting(context: Context, run_id: int, seconds: float) -> dict[str, Any]:
    """Plan one run; its job shows the meetings placed so far."""
    with context.session() as session:
        run = session.get(PlanRun, run_id)
        if run is None:
            raise NotFound("plan", run_id)
        instance = dict(run.instance)
        seed, options = run.seed, dict(run.options)
        page = ["scheduling.show_plan", {"slug": run.meeting.slug, "uuid": str(run.uuid)}]
    wanted = len(instance["meetings"])
    plan: dict[str, Any] | None = None
    try:
        plan = process.solve_in_process(
            instance,
            seconds=seconds,
            seed=seed,
            previous=options.get("previous"),
            prefer=options.get("prefer"),
            on_progress=lambda _levels, placed, _spent: context.progress(placed, wanted),
            should_stop=context.cancelled,
        )
    finally:
        with context.session() as session:
            run = session.get(PlanRun, run_id)
            if run is not None:
                plans.offer(session, run, plan) if plan is not None else plans.fail(session, run)
    return {"page": page, "placed": len(plan["placements"]), "wanted": wanted}
