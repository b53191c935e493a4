"""Indicators: values with their sources, several side by side, mended and removed and brought back."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.errors import Refused, StaleVersion
from confmgr.outcomes import queries, services
from confmgr.outcomes.models import Indicator
from confmgr.outcomes.services.indicators import fingerprint
from confmgr.values.words import Words
from tests.make_outcomes import indicator, source
from tests.make_scheduling import NOW, World, world


def by(here: World, found: Indicator, **more: Any) -> dict[str, Any]:
    return {"actor": here.head_kh, "now": NOW, "seen": fingerprint(found)} | more


def test_two_sources_may_speak_of_one_month_and_one_source_only_once(session: Session) -> None:
    here = world(session)
    found = indicator(session, here, "missing", (10, 93, "R1"), (10, 80, "R2"))
    assert [(int(row.value), row.source.code) for row in found.values] == [(93, "R1"), (80, "R2")]
    with pytest.raises(Refused, match="value_taken"):
        services.add_value(
            session,
            found,
            at_on=date(2025, 10, 17),
            value=Decimal(1),
            source=source(session, here),
            month_only=True,
        )
    services.add_value(session, found, at_on=date(2025, 10, 1), value=Decimal(1), source=source(session, here))


@pytest.mark.parametrize(("value", "reason"), [(-1, "negative"), (10**18, "too_large")])
def test_a_value_that_is_no_amount_is_refused(session: Session, value: int, reason: str) -> None:
    here = world(session)
    found = indicator(session, here)
    with pytest.raises(Refused, match=reason):
        services.add_value(session, found, at_on=date(2025, 11, 1), value=Decimal(value), source=source(session, here))
    assert len(found.values) == 1


def test_a_name_is_taken_once_within_an_operation(session: Session) -> None:
    here = world(session)
    indicator(session, here)
    with pytest.raises(Refused, match="indicator_taken"):
        indicator(session, here)
    other = indicator(session, here, "reports")
    with pytest.raises(Refused, match="indicator_taken"):
        services.change_indicator(
            session, other, **by(here, other), code="missing", name=other.name, unit="persons", definition=None
        )


def test_a_change_from_an_old_page_is_refused(session: Session) -> None:
    here = world(session)
    found = indicator(session, here)
    old = by(here, found)
    services.add_value(session, found, at_on=date(2025, 11, 1), value=Decimal(17), source=source(session, here))
    with pytest.raises(StaleVersion):
        services.remove_indicator(session, found, **old)
    with pytest.raises(StaleVersion):
        services.change_value(
            session,
            found,
            found.values[0],
            **old,
            at_on=date(2025, 10, 1),
            value=Decimal(92),
            source=source(session, here),
        )


def test_a_value_that_was_removed_comes_back_as_it_was(session: Session) -> None:
    here = world(session)
    found = indicator(session, here)
    undo = services.remove_value(session, found, found.values[0], **by(here, found))
    assert found.values == []
    services.restore_removed(session, here.meeting.operation, undo, actor=here.head_kh, now=NOW)
    row = found.values[0]
    assert (row.at_on, int(row.value), row.month_only, row.source.code) == (date(2025, 10, 1), 93, True, "R1")
    with pytest.raises(Refused, match="value_taken"):
        services.restore_removed(session, here.meeting.operation, undo, actor=here.head_kh, now=NOW)


def test_an_indicator_that_was_removed_comes_back_with_its_values(session: Session) -> None:
    here = world(session)
    found = indicator(session, here, "missing", (10, 93, "R1"), (11, 17, "R2"))
    services.change_indicator(
        session,
        found,
        **by(here, found),
        code="missing",
        name=Words.of("Missing"),
        unit="persons",
        definition=Words.of("As reported."),
    )
    undo = services.remove_indicator(session, found, **by(here, found))
    assert session.scalars(select(Indicator)).all() == []
    services.restore_removed(session, here.meeting.operation, undo, actor=here.head_kh, now=NOW)
    again = queries.get_indicator(session, here.meeting.operation, "missing")
    assert again.name.text("en") == "Missing"
    assert again.definition is not None
    assert again.definition.text("en") == "As reported."
    assert [int(row.value) for row in again.values] == [93, 17]


def test_only_who_removed_it_brings_it_back(session: Session) -> None:
    here = world(session)
    found = indicator(session, here)
    undo = services.remove_value(session, found, found.values[0], **by(here, found))
    attempts: list[tuple[uuid.UUID, User]] = [(undo, here.head_th), (uuid.uuid4(), here.head_kh)]
    for ident, who in attempts:
        with pytest.raises(Refused, match="nothing_to_bring_back"):
            services.restore_removed(session, here.meeting.operation, ident, actor=who, now=NOW)


def test_a_value_of_an_indicator_that_is_gone_has_nowhere_to_come_back_to(session: Session) -> None:
    here = world(session)
    found = indicator(session, here)
    undo = services.remove_value(session, found, found.values[0], **by(here, found))
    services.remove_indicator(session, found, **by(here, found))
    with pytest.raises(Refused, match="nothing_to_bring_back"):
        services.restore_removed(session, here.meeting.operation, undo, actor=here.head_kh, now=NOW)
