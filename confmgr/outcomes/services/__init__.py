"""What is written of outcomes. The caller commits."""

from confmgr.outcomes.services.action_log import (
    add_line,
)
from confmgr.outcomes.services.action_steps import (
    begin,
    call_off,
    carry_out,
    confirm_action,
    make_reservation,
    open_up,
    reschedule,
)
from confmgr.outcomes.services.actions import (
    change_action,
    is_red_plan,
    plan_action,
    remove_party,
    set_party,
)
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
)
from confmgr.outcomes.services.groups import (
    describe_group,
    link_chain,
    locate_base,
    notice_move,
)
from confmgr.outcomes.services.persons import (
    asks_again,
    change_persons,
    find_persons,
    remove_share,
    set_share,
    set_status,
)
from confmgr.outcomes.services.reminding import remind_of_results
from confmgr.outcomes.services.task_forces import (
    change_task_force,
    form_task_force,
    remove_staff,
    set_staff,
)

__all__ = [
    "add_indicator",
    "add_line",
    "add_source",
    "add_value",
    "advance_request",
    "ask_action",
    "asks_again",
    "begin",
    "call_off",
    "carry_out",
    "change_action",
    "change_persons",
    "change_task_force",
    "choose_current",
    "confirm_action",
    "confirm_figure",
    "correct_figure",
    "decide_overlap",
    "describe_group",
    "find_persons",
    "form_task_force",
    "is_red_plan",
    "link_chain",
    "locate_base",
    "make_reservation",
    "notice_move",
    "open_up",
    "overlap",
    "plan_action",
    "remind_of_results",
    "remove_party",
    "remove_share",
    "remove_staff",
    "reschedule",
    "set_party",
    "set_share",
    "set_staff",
    "set_status",
    "state_figure",
]
