"""What is written of outcomes. The caller commits."""

from confmgr.outcomes.services.figures import (
    add_indicator,
    add_source,
    add_value,
    choose_current,
    confirm_figure,
    correct_figure,
    decide_overlap,
    overlap,
    state_figure,
)
from confmgr.outcomes.services.follow_up import (
    advance_request,
    ask_action,
    call_off,
    carry_out,
    find_persons,
    form_task_force,
    is_red_plan,
    plan_action,
    set_status,
)
from confmgr.outcomes.services.groups import (
    describe_group,
    link_chain,
    locate_base,
    notice_move,
)
from confmgr.outcomes.services.issuing import Issue, issue_report
from confmgr.outcomes.services.reminding import remind_of_results

__all__ = [
    "Issue",
    "add_indicator",
    "add_source",
    "add_value",
    "advance_request",
    "ask_action",
    "call_off",
    "carry_out",
    "choose_current",
    "confirm_figure",
    "correct_figure",
    "decide_overlap",
    "describe_group",
    "find_persons",
    "form_task_force",
    "is_red_plan",
    "issue_report",
    "link_chain",
    "locate_base",
    "notice_move",
    "overlap",
    "plan_action",
    "remind_of_results",
    "set_status",
    "state_figure",
]
