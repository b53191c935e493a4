"""Sets of persons: as what they are held to be, what shares leave over; and what a situation log comes to."""

from datetime import datetime, timedelta

import pytest

from confmgr.outcomes.domain import AHEAD, JOINT_ACTION_STEPS, Dimension, JointActionState, PersonStatus
from confmgr.outcomes.persons import Held, changes, remainders, standing
from confmgr.outcomes.situation import Line, latest

SUSPECT, VICTIM, WITNESS, FOUND = (
    PersonStatus.SUSPECT,
    PersonStatus.VICTIM,
    PersonStatus.WITNESS,
    PersonStatus.FOUND,
)
FIVE = datetime.fromisoformat("2026-01-10T22:00:00+00:00")


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        pytest.param([], {}, id="nothing_said"),
        pytest.param([Held(SUSPECT, 17)], {SUSPECT: 17}, id="all_suspects"),
        pytest.param([Held(SUSPECT, 17), Held(WITNESS, 2)], {SUSPECT: 15, WITNESS: 2}, id="two_are_witnesses"),
        pytest.param([Held(SUSPECT, 10), Held(VICTIM, 4)], {SUSPECT: 10, VICTIM: 4}, id="of_three_nothing_is_said"),
        pytest.param([Held(VICTIM, 17), Held(SUSPECT, 17)], {SUSPECT: 17}, id="all_of_them_changed"),
        pytest.param(
            [Held(SUSPECT, 17), Held(WITNESS, 2), Held(VICTIM, 2), Held(WITNESS, 0)],
            {SUSPECT: 15, VICTIM: 2},
            id="the_witnesses_became_victims",
        ),
    ],
)
def test_the_newest_word_on_each_status_holds_and_older_ones_as_far_as_persons_are_left(
    held: list[Held], expected: dict[PersonStatus, int]
) -> None:
    assert standing(17, held) == expected


def test_only_who_was_held_to_be_something_is_reclassified() -> None:
    held = [Held(FOUND, 17), Held(SUSPECT, 15), Held(VICTIM, 2), Held(WITNESS, 3)]
    assert [change.reclassifies for change in changes(17, held)] == [False, False, False, True]


def test_shares_leave_a_remainder_or_exceed_the_set() -> None:
    shares = [(Dimension.SEX, 9), (Dimension.SEX, 5), (Dimension.AGE, 20)]
    assert remainders(17, shares) == {Dimension.SEX: 3, Dimension.AGE: -3}


def test_the_latest_tallies_are_of_lines_that_nothing_corrected() -> None:
    hour = timedelta(hours=1)
    log = [
        Line(1, FIVE, {"arrested": 12, "rescued": 1}),
        Line(2, FIVE + hour, {"arrested": 51}),
        Line(3, FIVE + hour, {"arrested": 15}, corrects=2),
    ]
    assert [(tally.measure, tally.number, tally.at) for tally in latest(log)] == [
        ("arrested", 15, FIVE + hour),
        ("rescued", 1, FIVE),
    ]


def test_nothing_leads_out_of_the_end_and_back_into_a_plan() -> None:
    assert [state for state, ways in JOINT_ACTION_STEPS.items() if not ways] == [
        JointActionState.CALLED_OFF,
        JointActionState.ENDED,
    ]
    assert JOINT_ACTION_STEPS[JointActionState.UNDER_WAY] == (JointActionState.ENDED,)
    assert {state for state in JointActionState if JointActionState.UNDER_WAY in JOINT_ACTION_STEPS[state]} == AHEAD
