"""A chain is walked both ways, and a link that runs backwards in time is shown but is no cause."""

import uuid
from datetime import date

from confmgr.outcomes.chains import Chain, LinkEnd, Node, chain
from confmgr.values.words import Words


def node(key: str, kind: LinkEnd, on: date) -> Node:
    return Node(key, kind, uuid.UUID(int=1), on, Words.of(key))


LEAD = node("lead", LinkEnd.LEAD, date(2025, 11, 11))
SESSION = node("session", LinkEnd.SESSION, date(2025, 11, 11))
REQUEST = node("request", LinkEnd.ACTION_REQUEST, date(2025, 11, 11))
FORCE = node("force", LinkEnd.TASK_FORCE, date(2025, 11, 10))
RAID = node("raid", LinkEnd.JOINT_ACTION, date(2025, 12, 4))
OTHER = node("other", LinkEnd.JOINT_ACTION, date(2025, 12, 9))


def poipet() -> Chain:
    links = [
        ("lead", "session"),
        ("session", "request"),
        ("request", "force"),
        ("request", "raid"),
        ("force", "raid"),
        ("force", "other"),
    ]
    return chain([LEAD, SESSION, REQUEST, FORCE, RAID, OTHER], [(*link, None, None) for link in links])


def test_an_arrest_opens_the_lead_that_it_came_from() -> None:
    assert {"lead", "session", "request"} <= set(poipet().around("raid").nodes)


def test_a_lead_opens_what_came_of_it() -> None:
    assert {"session", "request", "raid"} <= set(poipet().around("lead").nodes)


def test_what_only_shares_a_cause_is_left_out() -> None:
    assert "other" not in poipet().around("raid").nodes


def test_a_task_force_older_than_the_request_is_marked_as_no_result_of_it() -> None:
    backwards = [(step.cause, step.effect) for step in poipet().steps if step.backwards]
    assert backwards == [("request", "force")]


def test_a_backward_link_is_not_walked_as_a_cause() -> None:
    assert "request" not in {step.cause for step in poipet().around("other").steps if not step.backwards}


def test_what_only_a_backward_link_joins_is_not_in_the_chain() -> None:
    assert set(poipet().around("other").nodes) == {"force", "other"}
    assert [(step.cause, step.effect) for step in poipet().around("other").steps] == [("force", "other")]


def test_a_backward_link_is_shown_where_both_its_ends_belong() -> None:
    shown = [(step.cause, step.effect) for step in poipet().around("raid").steps if step.backwards]
    assert shown == [("request", "force")]


def test_a_things_own_backward_link_is_shown_but_nothing_beyond_it() -> None:
    assert set(poipet().around("force").nodes) == {"request", "force", "raid", "other"}


def test_the_longest_way_from_the_first_lead_leads_to_an_arrest() -> None:
    assert [node.key for node in poipet().path_to("raid")] == ["lead", "session", "request", "raid"]
    assert [node.key for node in poipet().path_to("other")] == ["force", "other"]


def test_a_link_to_something_hidden_leaves_no_trace() -> None:
    shown = chain([SESSION, RAID], [("lead", "session", None, None), ("session", "raid", None, None)])
    assert set(shown.nodes) == {"session", "raid"}
    assert [(step.cause, step.effect) for step in shown.steps] == [("session", "raid")]
