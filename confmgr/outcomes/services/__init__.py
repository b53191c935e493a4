"""What is written of outcomes. The caller commits."""

from confmgr.outcomes.services.figures import (
    confirm_figure,
    convert_figure,
    correct_figure,
    describe_figure,
    remove_conversion,
    state_figure,
    take_back_confirmation,
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
from confmgr.outcomes.services.links import (
    agrees_again,
    choose_current,
    decide_overlap,
    disagrees,
    overlap,
    remove_overlap,
)
from confmgr.outcomes.services.measures import add_own_measure, remove_measure, reword_measure, use_measures
from confmgr.outcomes.services.public import (
    clear_figure,
    is_small,
    propose_figure,
    release_figure,
    take_back_publication,
)
from confmgr.outcomes.services.reminding import remind_of_results
from confmgr.outcomes.services.sources import (
    add_indicator,
    add_source,
    add_value,
    reinstate_source,
    withdraw_source,
)

__all__ = [
    "add_indicator",
    "add_own_measure",
    "add_source",
    "add_value",
    "advance_request",
    "agrees_again",
    "ask_action",
    "call_off",
    "carry_out",
    "choose_current",
    "clear_figure",
    "confirm_figure",
    "convert_figure",
    "correct_figure",
    "decide_overlap",
    "describe_figure",
    "describe_group",
    "disagrees",
    "find_persons",
    "form_task_force",
    "is_red_plan",
    "is_small",
    "link_chain",
    "locate_base",
    "notice_move",
    "overlap",
    "plan_action",
    "propose_figure",
    "reinstate_source",
    "release_figure",
    "remind_of_results",
    "remove_conversion",
    "remove_measure",
    "remove_overlap",
    "reword_measure",
    "set_status",
    "state_figure",
    "take_back_confirmation",
    "take_back_publication",
    "use_measures",
    "withdraw_source",
]
