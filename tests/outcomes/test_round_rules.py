"""What a party writes into a return: what it says, what is refused of it, how far the return is. No database."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from confmgr.errors import Refused
from confmgr.outcomes.domain import AnswerKind, ReturnState, RoundState
from confmgr.outcomes.measures import Nature, Unit
from confmgr.outcomes.returns import (
    Asked,
    Coverage,
    Written,
    coverage,
    is_source_of_return,
    may_be_reopened,
    may_be_written,
    read_answer,
    shown_nationalities,
)

ARRESTED = Asked("arrested", Unit.PERSONS, Nature.FLOW)
SEIZED = Asked("seized", Unit.MONEY, Nature.FLOW)
SITES = Asked("sites_searched", Unit.SITES, Nature.FLOW)
NOON = datetime(2026, 2, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 2, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize("cells", [Written(), Written(low="  "), Written(currency="KRW")])
def test_an_empty_cell_says_nothing_and_is_not_nil(cells: Written) -> None:
    assert read_answer(ARRESTED, cells) is None


@pytest.mark.parametrize(
    ("cells", "low", "high"),
    [
        (Written(low="15"), "15", "15"),
        (Written(kind="value", low="1,200", high="1 300"), "1200", "1300"),
        (Written(low="15", high="15"), "15", "15"),
    ],
)
def test_a_number_is_a_value_however_it_is_grouped(cells: Written, low: str, high: str) -> None:
    said = read_answer(ARRESTED, cells)
    assert said is not None
    assert (said.kind, said.low, said.high) == (AnswerKind.VALUE, Decimal(low), Decimal(high))


def test_a_written_zero_is_nil() -> None:
    said = read_answer(ARRESTED, Written(low="0", note="None this winter"))
    assert said is not None
    assert (said.kind, said.low, said.note) == (AnswerKind.NIL, None, "None this winter")


@pytest.mark.parametrize("kind", ["nil", "not_available", "not_relevant"])
def test_a_word_is_an_answer_without_a_number(kind: str) -> None:
    said = read_answer(SEIZED, Written(kind=kind, currency="KRW"))
    assert said is not None
    assert (said.kind, said.low, said.currency) == (AnswerKind(kind), None, None)


def test_money_keeps_its_currency_and_four_digits_after_the_point() -> None:
    said = read_answer(SEIZED, Written(low="1,200.5", currency="usd"))
    assert said is not None
    assert (said.low, said.currency) == (Decimal("1200.5"), "USD")


@pytest.mark.parametrize(
    ("asked", "cells", "reason", "field"),
    [
        (ARRESTED, Written(low="-3"), "negative", "low"),
        (ARRESTED, Written(low="a lot"), "not_a_number", "low"),
        (ARRESTED, Written(low="NaN"), "not_a_number", "low"),
        (ARRESTED, Written(low="Infinity"), "not_a_number", "low"),
        (ARRESTED, Written(low="1e3000000"), "too_large", "low"),
        (ARRESTED, Written(low="1e-999999999"), "number_not_whole", "low"),
        (SEIZED, Written(low="1e-999999999", currency="KRW"), "number_too_fine", "low"),
        (ARRESTED, Written(low="1" + "0" * 18), "too_large", "low"),
        (ARRESTED, Written(low="1.5"), "number_not_whole", "low"),
        (SEIZED, Written(low="1.00005", currency="KRW"), "number_too_fine", "low"),
        (ARRESTED, Written(low="20", high="15"), "interval_reversed", "high"),
        (ARRESTED, Written(high="15"), "value_missing", "low"),
        (ARRESTED, Written(kind="value"), "value_missing", "low"),
        (ARRESTED, Written(kind="nil", low="3"), "value_and_word", "low"),
        (ARRESTED, Written(kind="some"), "answer_unknown", "kind"),
        (ARRESTED, Written(note="see letter"), "answer_not_said", "kind"),
        (ARRESTED, Written(low="3", note="x" * 2001), "note_too_long", "note"),
        (ARRESTED, Written(kind="nil", shares={"sex.male": "3"}), "parts_without_value", "low"),
        (ARRESTED, Written(low="3", shares={"sex.male": "2", "sex.female": "2"}), "parts_exceed", "low"),
        (ARRESTED, Written(low="3", shares={"age.minor": "-1"}), "negative", "age.minor"),
        (ARRESTED, Written(low="3", shares={"nationality": "Korean 3"}), "nationality_not_read", "nationality"),
        (ARRESTED, Written(low="3", shares={"nationality": "KR 1, KR 2"}), "answered_twice", "nationality"),
        (SEIZED, Written(low="3"), "currency_not_right", "currency"),
        (SEIZED, Written(low="3", currency="XYZ"), "currency_not_right", "currency"),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_cell(asked: Asked, cells: Written, reason: str, field: str) -> None:
    with pytest.raises(Refused, match=reason) as refused:
        read_answer(asked, cells)
    assert refused.value.field == field


def test_parts_are_kept_by_dimension_and_nationalities_read_as_they_are_written() -> None:
    said = read_answer(
        ARRESTED, Written(low="1500", shares={"sex.male": "1,200", "nationality": "KR 1,200, cn: 3; VN 40"})
    )
    assert said is not None
    assert said.shares == {"sex": {"male": "1200"}, "nationality": {"KR": "1200", "CN": "3", "VN": "40"}}
    assert shown_nationalities(said.shares) == "KR 1200, CN 3, VN 40"


def test_only_persons_have_parts() -> None:
    said = read_answer(SITES, Written(low="3", shares={"sex.male": "2"}))
    assert said is not None
    assert said.shares == {}
    assert (ARRESTED.slots, SEIZED.slots) == (("arrested.0",), ("seized.0", "seized.1"))


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, Coverage.NONE),
        ({"arrested": AnswerKind.VALUE}, Coverage.PARTLY),
        ({"arrested": AnswerKind.NIL}, Coverage.PARTLY),
        ({"arrested": AnswerKind.NIL, "seized": AnswerKind.NIL}, Coverage.NIL),
        ({"arrested": AnswerKind.NIL, "seized": AnswerKind.NOT_RELEVANT}, Coverage.ANSWERED),
        ({"arrested": AnswerKind.VALUE, "seized": AnswerKind.NOT_AVAILABLE}, Coverage.ANSWERED),
    ],
)
def test_how_far_a_return_is_follows_from_its_answers(answers: dict[str, AnswerKind], expected: Coverage) -> None:
    assert coverage(["arrested", "seized"], answers) is expected


@pytest.mark.parametrize(
    ("round_state", "closed", "state", "returned", "expected"),
    [
        (RoundState.OPEN, None, ReturnState.NOT_ANSWERED, None, True),
        (RoundState.OPEN, None, ReturnState.SUBMITTED, None, False),
        (RoundState.OPEN, None, ReturnState.RETURNED, NOON, True),
        (RoundState.CLOSED, NOON, ReturnState.DRAFT, None, False),
        (RoundState.CLOSED, LATER, ReturnState.RETURNED, NOON, False),
        (RoundState.CLOSED, NOON, ReturnState.RETURNED, LATER, True),
    ],
)
def test_a_closed_round_takes_only_what_was_opened_again(
    round_state: RoundState, closed: datetime | None, state: ReturnState, returned: datetime | None, expected: bool
) -> None:
    assert may_be_written(round_state, closed, state, returned) is expected


@pytest.mark.parametrize(
    ("round_state", "state", "expected"),
    [
        (RoundState.OPEN, ReturnState.ACCEPTED, True),
        (RoundState.OPEN, ReturnState.SUBMITTED, True),
        (RoundState.OPEN, ReturnState.DRAFT, False),
        (RoundState.CLOSED, ReturnState.NOT_ANSWERED, True),
    ],
)
def test_what_a_party_is_writing_is_not_opened_again(
    round_state: RoundState, state: ReturnState, expected: bool
) -> None:
    assert may_be_reopened(round_state, state) is expected


@pytest.mark.parametrize(
    ("code", "expected"), [("RR1-KH", True), ("RR12-INTERPOL", True), ("RR-KH", False), ("R1", False)]
)
def test_short_names_of_returns_are_told_from_others(code: str, expected: bool) -> None:
    assert is_source_of_return(code) is expected
