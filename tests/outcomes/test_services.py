"""Figures, requests, joint actions, groups: what services do and refuse, on both databases."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from confmgr.errors import Refused
from confmgr.meetings.domain import Role
from confmgr.outcomes import queries, services
from confmgr.outcomes.domain import (
    FigureKind,
    FigureStatus,
    JointActionState,
    OverlapDecision,
    PersonStatus,
    Qualifier,
    RequestStep,
)
from confmgr.outcomes.models import Figure, Group
from confmgr.outcomes.queries import Facts
from confmgr.sharing import queries as sharing
from confmgr.sharing.domain import ItemKind, Tlp
from confmgr.values.words import Words
from tests import make
from tests.make_cases import case, shared_lead
from tests.make_outcomes import DECEMBER, action, base, carried_out, figure, group, item, request, source
from tests.make_scheduling import NOW, World, world


def seen(session: Session, here: World, who: str = "kh") -> Facts:
    person = {"kh": here.head_kh, "th": here.head_th, "organiser": here.organiser}[who]
    return queries.facts(session, here.meeting.operation, sharing.viewer_of(session, person, NOW), NOW)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"measure": "good_will"}, "unknown_measure"),
        ({"low": -1}, "negative"),
        ({"low": 10**18}, "too_large"),
        ({"high": Decimal(14)}, "interval_reversed"),
        ({"currency": "KRW"}, "currency_not_right"),
        ({"measure": "reported_loss"}, "currency_not_right"),
        ({"measure": "reported_loss", "currency": "XYZ"}, "currency_not_right"),
        ({"period": None}, "flow_needs_period"),
        ({"at_on": date(2025, 12, 4)}, "period_or_moment"),
        ({"period": (date(2025, 12, 31), date(2025, 12, 1))}, "dates_reversed"),
    ],
)
def test_a_wrong_figure_is_refused_with_the_reason(session: Session, changes: dict[str, Any], reason: str) -> None:
    here = world(session)
    with pytest.raises(Refused, match=reason):
        figure(session, here, **changes)


def test_names_of_sources_and_figures_are_taken_once(session: Session) -> None:
    here = world(session)
    figure(session, here)
    with pytest.raises(Refused, match="figure_code_taken"):
        figure(session, here)
    with pytest.raises(Refused, match="source_taken"):
        services.add_source(session, here.meeting.operation, code="R1", title=Words.of("Again"))


def test_only_a_second_person_confirms(session: Session) -> None:
    here = world(session)
    row = figure(session, here)
    with pytest.raises(Refused, match="second_person"):
        services.confirm_figure(session, row, actor=here.head_kh, now=NOW)
    services.confirm_figure(session, row, actor=here.organiser, now=NOW)
    assert (row.status, row.confirmed_by_id) == (FigureStatus.CONFIRMED, here.organiser.id)


def test_a_correction_supersedes_and_takes_the_overlaps_with_it(session: Session) -> None:
    here = world(session)
    old, other = figure(session, here), figure(session, here, "five", 31)
    services.overlap(session, old, other)
    fresh = services.correct_figure(
        session,
        old,
        actor=here.head_kh,
        now=NOW,
        code="poipet-2",
        low=Decimal(17),
        high=None,
        source=source(session, here),
        as_of=date(2026, 1, 12),
    )
    facts = seen(session, here)
    assert (old.status, fresh.supersedes_id) == (FigureStatus.SUPERSEDED, old.id)
    total = facts.total("arrested")
    assert (int(total.low), int(total.high), set(total.parts)) == (31, 48, {"poipet-2", "five"})
    assert [row.code for row in queries.corrections(facts, fresh)] == ["poipet-2", "poipet"]
    with pytest.raises(Refused, match="already_superseded"):
        services.confirm_figure(session, old, actor=here.organiser, now=NOW)


@pytest.mark.parametrize(("corrected", "chosen", "expected"), [(0, 0, 30), (0, 1, 29), (1, 1, 30), (1, 0, 27)])
def test_the_correction_of_one_of_two_sources_takes_its_place_among_them(
    session: Session, corrected: int, chosen: int, expected: int
) -> None:
    here = world(session)
    first = figure(session, here, "r0", 27)
    second = figure(session, here, "r2", 29, alternative_to=first, source=source(session, here, "R2"))
    rows = [first, second]
    services.choose_current(session, rows, rows[chosen], actor=here.head_kh, now=NOW)
    fresh = corrected_to(session, here, rows[corrected], 30)
    facts = seen(session, here)
    assert facts.total("arrested").high == expected
    assert {row.code for row in queries.rivals(facts, fresh)} == {"corrected", rows[1 - corrected].code}


def test_a_correction_keeps_how_was_counted_and_whom(session: Session) -> None:
    here = world(session)
    old = figure(session, here, counting_rule=Words.of("A person once"), qualifier=Qualifier.ABOUT)
    fresh = corrected_to(session, here, old, 17)
    assert (fresh.counting_rule, fresh.qualifier) == (Words.of("A person once"), Qualifier.ABOUT)
    assert corrected_to(session, here, fresh, 18, code="exact", qualifier=Qualifier.EXACT).qualifier is Qualifier.EXACT


def corrected_to(
    session: Session, here: World, old: Figure, low: int, code: str = "corrected", qualifier: Qualifier | None = None
) -> Figure:
    return services.correct_figure(
        session,
        old,
        actor=here.head_kh,
        now=NOW,
        code=code,
        low=Decimal(low),
        high=None,
        source=old.source,
        as_of=date(2026, 1, 12),
        qualifier=qualifier,
    )


def test_excluding_an_overlap_moves_the_total(session: Session) -> None:
    here = world(session)
    link = services.overlap(session, figure(session, here), figure(session, here, "five", 31))
    total = seen(session, here).total("arrested")
    assert (int(total.low), int(total.high)) == (31, 46)
    services.decide_overlap(session, link, actor=here.head_kh, now=NOW, decision=OverlapDecision.EXCLUDED)
    assert seen(session, here).total("arrested").low == 46
    services.decide_overlap(session, link, actor=here.head_kh, now=NOW, decision=OverlapDecision.SAME)
    assert seen(session, here).total("arrested").high == 31


def test_an_overlap_needs_two_figures_of_one_measure(session: Session) -> None:
    here = world(session)
    row = figure(session, here)
    for other in (row, figure(session, here, "saved", measure="rescued")):
        with pytest.raises(Refused, match="overlap_of_two"):
            services.overlap(session, row, other)


def test_of_sources_that_disagree_the_chosen_one_counts(session: Session) -> None:
    here = world(session)
    first = figure(session, here, "r0", 27)
    second = figure(session, here, "r2", 29, alternative_to=first, source=source(session, here, "R2"))
    services.choose_current(session, [first, second], second, actor=here.head_kh, now=NOW)
    facts = seen(session, here)
    assert facts.total("arrested").high == 29
    assert [row.code for row in queries.rivals(facts, first)] == ["r2", "r0"]
    services.choose_current(session, [first, second], first, actor=here.head_kh, now=NOW)
    assert seen(session, here).total("arrested").high == 27


def test_a_declared_total_is_held_against_the_records_and_never_added(session: Session) -> None:
    here = world(session)
    figure(session, here, joint_action=carried_out(session, here))
    figure(session, here, "bangkok", 13, joint_action=carried_out(session, here, "KH-A2"))
    figure(session, here, "announced", 28, kind=FigureKind.DECLARED)
    facts = seen(session, here)
    (held,) = facts.comparisons
    assert (int(facts.total("arrested").high), int(held.recorded.high), held.agrees) == (28, 28, True)
    assert [int(one) for one in held.missing] == [0, 0]


def test_a_figure_is_seen_with_the_action_that_it_belongs_to(session: Session) -> None:
    here = world(session)
    figure(session, here, joint_action=carried_out(session, here))
    figure(session, here, "free", 2)
    assert {row.code for row in seen(session, here).figures} == {"poipet", "free"}
    for who in ("th", "organiser"):
        facts = seen(session, here, who)
        assert ({row.code for row in facts.figures}, int(facts.total("arrested").high)) == ({"free"}, 2)


def test_a_figure_on_cases_is_seen_by_those_who_may_know_of_the_cases(session: Session) -> None:
    here = world(session)
    figure(session, here, cases=[case(session, here)])
    assert [len(seen(session, here, who).figures) for who in ("kh", "organiser", "th")] == [1, 1, 0]


def test_overlaps_with_a_figure_that_is_hidden_are_hidden(session: Session) -> None:
    here = world(session)
    mine = figure(session, here, "free", 2)
    services.overlap(session, mine, figure(session, here, joint_action=carried_out(session, here)))
    assert [len(queries.links_of(seen(session, here, who), mine)) for who in ("kh", "th")] == [1, 0]


def test_a_request_goes_to_another_party_and_keeps_each_step(session: Session) -> None:
    here = world(session)
    with pytest.raises(Refused, match="asks_itself"):
        request(session, here, asked=here.kh.party)
    row = request(session, here, "KH-R2")
    services.advance_request(session, row, actor=here.head_th, now=NOW, state=RequestStep.ACCEPTED)
    with pytest.raises(Refused, match="request_step"):
        services.advance_request(session, row, actor=here.head_th, now=NOW, state=RequestStep.ASKED)
    with pytest.raises(Refused, match="reason_needed"):
        services.advance_request(session, row, actor=here.head_th, now=NOW, state=RequestStep.DECLINED)
    services.advance_request(
        session,
        row,
        actor=here.head_th,
        now=NOW + timedelta(days=1),
        state=RequestStep.DECLINED,
        reason="No such villa",
    )
    assert [(step.state, step.reason) for step in row.steps] == [
        (RequestStep.ASKED, None),
        (RequestStep.ACCEPTED, None),
        (RequestStep.DECLINED, "No such villa"),
    ]


def test_a_request_is_due_by_the_clock_of_the_party_asked(session: Session) -> None:
    here = world(session)
    noon = datetime(2026, 2, 20, 12, 0)  # noqa: DTZ001  # a wall time
    row = request(session, here, due=(noon, "Asia/Bangkok"))
    assert row.due_at is not None
    assert row.due_at.isoformat() == "2026-02-20T05:00:00+00:00"
    gap = datetime(2026, 3, 29, 1, 30)  # noqa: DTZ001  # the clocks of London skip it
    with pytest.raises(Refused):
        request(session, here, "KH-R2", due=(gap, "Europe/London"))


def test_an_action_takes_place_after_the_operation_began_and_ends_once(session: Session) -> None:
    here = world(session)
    row = action(session, here)
    with pytest.raises(Refused, match="before_operation"):
        services.carry_out(session, row, actor=here.head_kh, now=NOW, on=date(2025, 9, 30))
    services.carry_out(session, row, actor=here.head_kh, now=NOW, on=date(2025, 10, 1))
    assert row.state is JointActionState.ENDED
    with pytest.raises(Refused, match="action_ended"):
        services.call_off(session, row, actor=here.head_kh, now=NOW, seen_version=row.version, reason="Rain")


def test_no_more_persons_get_a_status_than_were_found(session: Session) -> None:
    here = world(session)
    found = services.find_persons(session, carried_out(session, here), name=Words.of("In the villa"), count=12)
    services.set_status(session, found, status=PersonStatus.SUSPECT, count=12, decided_on=date(2025, 12, 4))
    with pytest.raises(Refused, match="more_than_set"):
        services.set_status(session, found, status=PersonStatus.VICTIM, count=13, decided_on=date(2025, 12, 5))


def test_a_base_is_not_at_null_island_and_does_not_end_before_it_begins(session: Session) -> None:
    here = world(session)
    of = group(session, here)
    with pytest.raises(Refused, match="null_island"):
        base(session, here, of, "Nowhere", coordinates=(0.0, 0.0))
    with pytest.raises(Refused, match="dates_reversed"):
        base(session, here, of, "Backwards", from_on=date(2025, 12, 2), to_on=date(2025, 12, 1))


def test_each_reader_gets_the_bases_and_moves_that_the_rule_gives_whoever_asked_before(session: Session) -> None:
    here = world(session)
    of = group(session, here)
    known, secret = base(session, here, of, "Poipet"), base(session, here, of, "Hideout", Tlp.AMBER)
    for number, (start, end) in enumerate(((known, None), (known, secret), (secret, known))):
        services.notice_move(
            session,
            item(session, here, ItemKind.MOVE, f"KH-M{number}", tlp=Tlp.GREEN),
            group=of,
            from_base=start,
            to_base=end,
            noticed_on=date(2025, 12, 10),
        )
    session.expire(of)

    def shown(who: str) -> tuple[list[str], int]:
        person = {"kh": here.head_kh, "th": here.head_th}[who]
        viewer = sharing.viewer_of(session, person, NOW)
        found, moves = queries.groups(session, here.meeting.operation, viewer, NOW)
        rows: list[Group] = found
        return sorted(one.name.text("en") for one in rows[0].bases), len(moves)

    assert [shown(who) for who in ("th", "kh", "th")] == [
        (["Poipet"], 1),
        (["Hideout", "Poipet"], 3),
        (["Poipet"], 1),
    ]


def test_a_chain_shows_each_reader_only_what_the_rule_gives(session: Session) -> None:
    here = world(session)
    lead = shared_lead(session, here, case(session, here))
    asked, raid = request(session, here), carried_out(session, here)
    for cause, effect in ((lead.item, asked.item), (asked.item, raid.item)):
        services.link_chain(session, here.meeting.operation, cause, effect)

    def nodes(who: str) -> int:
        person = {"kh": here.head_kh, "th": here.head_th, "organiser": here.organiser}[who]
        viewer = sharing.viewer_of(session, person, NOW)
        return len(queries.chains(session, here.meeting.operation, viewer, NOW).nodes)

    assert [nodes(who) for who in ("kh", "th", "organiser")] == [3, 2, 0]


def test_counted_records_are_those_that_the_reader_may_know_of(session: Session) -> None:
    here = world(session)
    of = case(session, here)
    shared_lead(session, here, of)
    laos = make.delegation(session, here.meeting, "LA")
    other = make.user(session, "Kham Souk")
    make.membership(session, here.meeting, other, Role.HEAD, of_delegation=laos)
    viewer = sharing.viewer_of(session, other, NOW)
    facts = queries.facts(session, here.meeting.operation, viewer, NOW)
    assert facts.total("leads").high == 0
    assert seen(session, here, "organiser").total("leads").high == 1


def test_periods_are_part_of_what_a_total_is_held_against(session: Session) -> None:
    here = world(session)
    figure(session, here, period=(date(2025, 11, 13), date(2025, 11, 13)))
    figure(session, here, "announced", 92, kind=FigureKind.DECLARED, period=DECEMBER)
    (held,) = seen(session, here).comparisons
    assert (held.recorded.parts, held.agrees) == ((), False)
