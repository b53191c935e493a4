"""What is written of outcomes. The caller commits."""

from confmgr.outcomes.services.chains import say_it_led_to, take_back_link
from confmgr.outcomes.services.contacts import (
    Membership,
    Post,
    add_contact,
    change_alliance,
    change_contact,
    confirm_contact,
    end_contact,
    found_alliance,
    resume_contact,
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
from confmgr.outcomes.services.requests import Wish, change_request, tell_at_once

__all__ = [
    "Membership",
    "Post",
    "Wish",
    "add_contact",
    "add_indicator",
    "add_source",
    "add_value",
    "advance_request",
    "ask_action",
    "call_off",
    "carry_out",
    "change_alliance",
    "change_contact",
    "change_request",
    "choose_current",
    "confirm_contact",
    "confirm_figure",
    "correct_figure",
    "decide_overlap",
    "describe_group",
    "end_contact",
    "find_persons",
    "form_task_force",
    "found_alliance",
    "is_red_plan",
    "link_chain",
    "locate_base",
    "notice_move",
    "overlap",
    "plan_action",
    "remind_of_results",
    "resume_contact",
    "say_it_led_to",
    "set_status",
    "state_figure",
    "take_back_link",
    "tell_at_once",
]
