"""Repetitions against a known library, and rules that no library survives."""

from datetime import date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from confmgr.delegations.busy_rules import NotUnderstood, days, rule_of

FIRST = st.dates(date(2019, 1, 1), date(2026, 3, 1))
PLAIN_DAYS = st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), unique=True, max_size=4)
NTH_DAYS = st.lists(st.sampled_from(["1MO", "2TU", "-1FR", "3TH", "-2SU"]), unique=True, max_size=2)
MONTHS = st.lists(st.integers(1, 12), unique=True, max_size=3)
MONTH_DAYS = st.lists(st.sampled_from([1, 5, 15, 29, 30, 31, -1, -3]), unique=True, max_size=3)


@st.composite
def rules(draw: st.DrawFn) -> dict[str, list[str]]:
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    found = {"FREQ": [frequency], "INTERVAL": [str(draw(st.integers(1, 5)))]}
    named = draw(PLAIN_DAYS)
    if frequency in {"MONTHLY", "YEARLY"}:
        named = draw(st.one_of(st.just(named), NTH_DAYS))
    months = draw(MONTHS)
    month_days = draw(MONTH_DAYS) if frequency in {"MONTHLY", "YEARLY"} and not named and not months else []
    for name, values in (("BYDAY", named), ("BYMONTH", months), ("BYMONTHDAY", month_days)):
        if values:
            found[name] = [str(one) for one in values]
    if named and frequency in {"MONTHLY", "YEARLY"} and draw(st.booleans()):
        found["BYSETPOS"] = [str(draw(st.sampled_from([1, 2, -1])))]
    if draw(st.booleans()):
        found["COUNT"] = [str(draw(st.integers(1, 30)))]
    if draw(st.booleans()):
        found["WKST"] = ["SU"]
    return found


@settings(deadline=None, max_examples=80)
@given(rules(), FIRST)
def test_an_entry_repeats_on_the_days_that_a_known_library_finds(parts: dict[str, list[str]], first: date) -> None:
    since, until = date(2026, 1, 1), date(2026, 3, 31)
    text = ";".join(f"{name}={','.join(values)}" for name, values in parts.items())
    at_noon = datetime(first.year, first.month, first.day, 12)  # noqa: DTZ001
    theirs = rrulestr(text + ("" if "COUNT" in parts else ";UNTIL=20260401T000000"), dtstart=at_noon)
    wanted = {moment.date() for moment in theirs if since <= moment.date() <= until}
    assert set(days(rule_of(parts, first), first, since, until)) == wanted


@pytest.mark.parametrize(
    "parts",
    [
        {"FREQ": ["DAILY"], "BYMONTHDAY": ["30"], "BYMONTH": ["2"]},
        {"FREQ": ["DAILY"], "INTERVAL": ["7"], "BYDAY": ["TU"]},
        {"FREQ": ["YEARLY"], "BYMONTH": ["2"], "BYMONTHDAY": ["31"], "BYSETPOS": ["-1"]},
        {"FREQ": ["DAILY"], "COUNT": ["999999999"], "BYMONTHDAY": ["31"], "BYMONTH": ["2"]},
    ],
)
def test_a_rule_without_any_day_is_done_at_once(parts: dict[str, list[str]]) -> None:
    first = date(1990, 1, 1)
    assert not list(days(rule_of(parts, first), first, date(2026, 1, 1), date(2026, 1, 31)))


@pytest.mark.parametrize(
    "parts",
    [
        {"FREQ": ["SECONDLY"]},
        {"FREQ": ["HOURLY"]},
        {"FREQ": ["NEVER"]},
        {},
        {"FREQ": ["YEARLY"], "BYWEEKNO": ["20"]},
        {"FREQ": ["DAILY"], "COUNT": ["many"]},
        {"FREQ": ["WEEKLY"], "BYDAY": ["XX"]},
        {"FREQ": ["DAILY"], "INTERVAL": [""]},
    ],
)
def test_a_rule_that_is_not_understood_says_so(parts: dict[str, list[str]]) -> None:
    with pytest.raises(NotUnderstood):
        rule_of(parts, date(2026, 2, 5))


def test_counting_over_more_than_a_century_is_not_understood() -> None:
    first = date(1800, 1, 1)
    rule = rule_of({"FREQ": ["DAILY"], "COUNT": ["1000000"]}, first)
    with pytest.raises(NotUnderstood):
        list(days(rule, first, date(2026, 2, 5), date(2026, 2, 5) + timedelta(days=1)))
