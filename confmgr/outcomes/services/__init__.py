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
from confmgr.outcomes.services.reminding import remind_of_results
from confmgr.outcomes.services.rounds import Wanted, change_round, close_round, open_round
from confmgr.outcomes.services.rounds_reminding import remind_of_returns
from confmgr.outcomes.services.rounds_returns import Texts, accept_return, save_return, send_back, submit_return

__all__ = [
    "Texts",
    "Wanted",
    "accept_return",
    "add_indicator",
    "add_source",
    "add_value",
    "advance_request",
    "ask_action",
    "call_off",
    "carry_out",
    "change_round",
    "choose_current",
    "close_round",
    "confirm_figure",
    "correct_figure",
    "decide_overlap",
    "describe_group",
    "find_persons",
    "form_task_force",
    "is_red_plan",
    "link_chain",
    "locate_base",
    "notice_move",
    "open_round",
    "overlap",
    "plan_action",
    "remind_of_results",
    "remind_of_returns",
    "save_return",
    "send_back",
    "set_status",
    "state_figure",
    "submit_return",
]
