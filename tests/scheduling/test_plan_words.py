"""What the planner says in words: each kind of reason, each level, with times where the slots are known."""

from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy.orm import Session

from confmgr.scheduling import plan_words
from confmgr.scheduling.grid import Grid
from tests.make_scheduling import world

NAMES = {"R1": "KH–TH", "R2": "KH–VN", "R3": "TH–VN"}


def because(kind: str, **facts: Any) -> dict[str, Any]:
    return {"meeting": "R1", "kind": kind, **facts}


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (
            because("party_full", party="LA", needs=14, has=11),
            "LA is asked for more than its teams can hold: 14 of 11 slots.",
        ),
        (
            because("interval_full", party="LA", needs=6, has=4, first=3, last=5),
            "From Thu, 5 Feb 10:00 to Thu, 5 Feb 11:00 LA is asked for 6 slots, and has 4.",
        ),
        (
            because("places_full", needs=8, has=6, seats=4),
            "Meetings of this size need 8 slots at a place, and there are 6.",
        ),
        (
            because("interpreters_full", pair="km-ko", needs=5, has=4),
            "Meetings in Khmer–Korean need 5 slots of interpreters, and there are 4.",
        ),
        (
            because("persons_full", person="Sok Dara #3", needs=3, has=2, first=27, last=28),
            "From Fri, 6 Feb 09:00 to Fri, 6 Feb 09:40 Sok Dara is asked for 3 slots, and has 2.",
        ),
        (because("order_clash", before="=R2", after="R1"), "KH–TH must come after KH–VN, and cannot."),
        (
            because("lock_clash", meetings=["R1", "R2"], place="T1"),
            "KH–TH, KH–VN are locked so that they need T1 at the same time.",
        ),
        (
            because("lock_clash", meetings=["R1", "R2"], person="Sok Dara #3"),
            "KH–TH, KH–VN are locked so that they need Sok Dara at the same time.",
        ),
        (
            because("no_common_time", parties=["KH"], people=["Sok Dara #3"], window=True, slots=2),
            "KH, Sok Dara have no time in common that is long enough, within the time that is left for it.",
        ),
        (because("something_new", verified=False), "There is no room for it beside the others."),
    ],
)
def test_a_reason_is_a_sentence_with_names_and_times(
    app: Flask, session: Session, reason: dict[str, Any], said: str
) -> None:
    with app.test_request_context(), force_locale("en"):
        grid = Grid(world(session).meeting)
        assert plan_words.because_sentences(reason, NAMES, grid) == [said]


WISHED: dict[str, dict[str, Any]] = {
    "R1": {"half_days": ["2026-02-05 am", "2026-02-06 pm"], "beside": ["R2"]},
    "R3": {"apart": ["R2"], "else": True},
}
FOR_R1 = "KH–TH is wished for Thu, 5 Feb, morning · Fri, 6 Feb, afternoon."
R1_R2 = "KH–TH and KH–VN are not to be at the same time, as was wished."
R2_R3 = "KH–VN and TH–VN are not to be at the same time, as was wished."


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (because("no_common_time", parties=["KH"], people=[], window=True, slots=2), [FOR_R1, R1_R2]),
        (because("no_common_time", parties=["KH"], people=[], window=False, slots=2), []),
        (because("all_times_taken", starts=4, party=0, person=4, place=0, interpreter=0), [FOR_R1, R1_R2]),
        (because("no_place_large_enough", seats=8, largest=4), []),
    ],
)
def test_wishes_are_named_where_time_is_what_a_session_lacks(
    app: Flask, reason: dict[str, Any], said: list[str]
) -> None:
    with app.test_request_context(), force_locale("en"):
        assert plan_words.because_sentences(reason, NAMES, None, WISHED)[1:] == said


def test_two_that_are_to_be_apart_are_no_person(app: Flask) -> None:
    taken = because("all_times_taken", starts=4, party=0, person=4, place=0, interpreter=0)
    with app.test_request_context(), force_locale("en"):
        assert plan_words.because_sentence(taken) == "At every possible start somebody who must be there is not."
        said = plan_words.because_sentences(taken, NAMES, None, WISHED)
    assert said[0] == "There is no room for it beside the others."
    short = because("persons_full", person="~R1|R2", needs=6, has=4, first=0, last=3)
    rules = [
        {"kind": "person", "names": ["~R1|R2"]},
        {"kind": "window", "names": ["R1"]},
        {"kind": "window", "names": ["R3"]},
        {"kind": "window", "names": ["R2"]},
    ]
    with app.test_request_context(), force_locale("en"):
        assert plan_words.because_sentences(short, NAMES, None, WISHED) == [
            "One after the other they need 6 slots, and there are 4.",
            R1_R2,
            FOR_R1,
        ]
        told = plan_words.because_sentences(because("rules_clash", meetings=["R1"], rules=rules), NAMES, None, WISHED)
    assert told[1:] == [
        R1_R2,
        FOR_R1,
        R2_R3,
        "TH–VN may only be at certain times.",
        "KH–VN may only be at certain times.",
    ]


def test_clashing_rules_are_a_list_of_short_sentences_and_what_stays_is_said_once(app: Flask) -> None:
    rules = [
        {"kind": "party", "names": ["KH", "2"]},
        {"kind": "party", "names": ["TH"]},
        {"kind": "available", "names": ["KH"]},
        {"kind": "window", "names": ["R1"]},
        {"kind": "lock", "names": ["=R2"]},
        {"kind": "seats", "names": ["=R2"]},
        {"kind": "order", "names": ["=R2", "R1"]},
        {"kind": "place", "names": [f"T{n}" for n in range(1, 10)]},
        {"kind": "interpretation", "names": ["R1"]},
        {"kind": "interpreter", "names": ["Sok Dara #3"]},
        {"kind": "max_run", "names": ["Sok Dara #3"]},
    ]
    with app.test_request_context(), force_locale("en"):
        said = plan_words.because_sentences(because("rules_clash", meetings=["R1", "=R2"], rules=rules), NAMES)
    assert said == [
        "KH–TH, KH–VN: these rules cannot all be kept.",
        "KH can be in 2 meetings at once.",
        "TH can be in no more meetings at once than it has teams.",
        "KH is there only part of the time.",
        "KH–TH may only be at certain times.",
        "KH–VN stays where it is.",
        "KH–TH comes after KH–VN.",
        "T1, T2, T3, T4, T5, T6 and 3 others: one meeting at a time at each, and only when it is open.",
        "KH–TH needs interpreters of its languages.",
        "Sok Dara: each interprets one meeting at a time, and only when there.",
        "Sok Dara: a pause is due after a while.",
    ]


def test_every_kind_of_rule_and_note_and_end_has_its_words(app: Flask) -> None:
    kinds = [
        "available", "interpretation", "interpreter", "lock", "lock_place", "max_day", "max_run", "meeting", "order",
        "person", "place", "seats", "window",
    ]  # fmt: skip
    with app.test_request_context(), force_locale("en"):
        for kind in kinds:
            rules = [{"kind": kind, "names": ["R1", "R2"]}]
            assert len(plan_words.because_sentences(because("rules_clash", meetings=["R1"], rules=rules), NAMES)) == 2
        ends = {plan_words.end_sentence(end) for end in ("died", "silent", "late", "memory", None)}
    assert len(ends) == 5


def test_the_first_level_that_is_not_proven_is_worked_on_and_those_below_wait(app: Flask) -> None:
    levels = [
        {"name": "unplaced", "value": 0, "bound": 0},
        {"name": "idle", "value": 5, "bound": 2},
        {"name": "unfairness", "value": 0, "bound": 0},
        {"name": "lateness", "value": 70, "bound": 10},
    ]
    with app.test_request_context():
        now = [line.standing for line in plan_words.level_lines(levels, working=True)]
        after = [line.standing for line in plan_words.level_lines(levels)]
    assert now == ["proven", "now", "later", "later"]
    assert after == ["proven", "open", "proven", "open"]


def test_progress_before_the_first_plan_and_after_the_last_proof_is_said(app: Flask) -> None:
    facts = {"placed": 0, "wanted": 4, "seconds": 0.2, "allowed": 8.0}
    proven = [{"name": "idle", "value": 2, "bound": 2}]
    with app.test_request_context(), force_locale("en"):
        first = plan_words.progress({**facts, "levels": []})
        last = plan_words.progress({**facts, "levels": proven})
        assert first is not None
        assert last is not None
        assert first.sentence == "Looking for a first plan."
        assert last.sentence == "Nothing can be better any more."
    assert plan_words.progress(None) is None
