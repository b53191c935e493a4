"""Reporting rounds from opening to acceptance: what services do and refuse, on both databases."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.delegations.domain import DelegationState, DelegationStatus
from confmgr.errors import NotFound, Refused, StaleVersion
from confmgr.meetings.domain import Role
from confmgr.outcomes import queries, services
from confmgr.outcomes.domain import AnswerKind, FigureKind, FigureStatus, Publishing, ReturnState
from confmgr.outcomes.models import Figure, MeasureInUse
from confmgr.outcomes.returns import Coverage, Said
from confmgr.outcomes.services import Texts
from confmgr.sharing import queries as sharing
from confmgr.values.words import Words
from tests import make
from tests.make_outcomes import figure
from tests.make_rounds import DUE, WINTER, accepted, handed_in, heads, nil, of, round_, saved, value
from tests.make_scheduling import NOW, World, world

DAY = timedelta(days=1)


def n(value: Decimal | None) -> int | None:
    """An amount as an organiser would say it."""
    return None if value is None else int(value)


def seen(session: Session, here: World, who: Any) -> queries.Facts:
    return queries.facts(session, here.meeting.operation, sharing.viewer_of(session, who, NOW), NOW)


def test_a_round_asks_its_parties_in_the_order_of_the_table(session: Session) -> None:
    here = world(session)
    row = round_(session, here, measures=["seized", "arrested", "held"])
    assert row.measures == ["arrested", "held", "seized"]
    assert {one.state for one in row.returns} == {ReturnState.NOT_ANSWERED}
    assert row.due_at is not None
    assert row.due_at.isoformat() == "2026-01-20T08:00:00+00:00"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"measures": []}, "no_measure_asked"),
        ({"measures": ["good_will"]}, "unknown_measure"),
        ({"measures": ["countries"]}, "unknown_measure"),
        ({"parties": []}, "no_party_asked"),
        ({"period": (WINTER[1], WINTER[0])}, "dates_reversed"),
        ({"period": (date(2019, 1, 1), date(2019, 2, 1))}, "before_operation"),
        ({"due": (DUE[0], "Asia/Nowhere")}, "unknown_zone"),
        ({"due": (DUE[0] - timedelta(days=90), "Asia/Seoul")}, "due_before_period"),
    ],
)
def test_a_wrong_round_is_refused_with_the_reason(session: Session, changes: dict[str, Any], reason: str) -> None:
    here = world(session)
    with pytest.raises(Refused, match=reason):
        round_(session, here, **changes)


def test_only_measures_in_use_are_offered_where_an_operation_chose_some(session: Session) -> None:
    here = world(session)
    session.add(MeasureInUse(operation_id=here.meeting.operation_id, measure="arrested"))
    session.flush()
    assert list(queries.measures_offered(session, here.meeting.operation)) == ["arrested"]
    with pytest.raises(Refused, match="unknown_measure"):
        round_(session, here)


def test_members_partners_and_the_host_are_asked_unless_somebody_says_otherwise(session: Session) -> None:
    here = world(session)
    make.delegation(session, here.meeting, "JP", status=DelegationStatus.OBSERVER)
    found = {party.code: asked for party, asked in queries.parties_by_default(session, here.meeting)}
    assert found == {"JP": False, "KH": True, "KR": True, "TH": True}


def change(session: Session, here: World, row: Any, **changes: Any) -> None:
    values: dict[str, Any] = {
        "title": Words.of("Winter round, longer"),
        "period": WINTER,
        "measures": ["arrested", "held", "seized"],
        "parties": [here.kh.party, here.th.party],
    }
    version = changes.pop("seen_version", row.version)
    wanted = services.Wanted(**(values | changes))
    services.change_round(session, row, wanted, actor=here.organiser, now=NOW, seen_version=version)


def test_a_round_changes_until_somebody_answers_what_is_taken_away(session: Session) -> None:
    here = world(session)
    row = round_(session, here)
    change(session, here, row, measures=["arrested"], period=(WINTER[0], WINTER[0]))
    assert (row.measures, row.to_on, row.due_at) == (["arrested"], WINTER[0], None)
    change(session, here, row, parties=[here.kh.party])
    assert [one.party.code for one in row.returns] == ["KH"]
    saved(session, of(row, here.kh), here.head_kh, value("arrested", 15))
    for wrong, reason in (
        ({"measures": ["held"]}, "measure_answered"),
        ({"period": (WINTER[0], WINTER[0])}, "round_begun"),
        ({"parties": [here.th.party]}, "party_answered"),
    ):
        with pytest.raises(Refused, match=reason):
            change(session, here, row, **wrong)
    with pytest.raises(StaleVersion):
        change(session, here, row, seen_version=row.version - 1)


def test_a_closed_round_takes_no_answer_but_of_a_party_for_which_it_is_opened_again(session: Session) -> None:
    here = world(session)
    row = round_(session, here)
    own = of(row, here.kh)
    services.close_round(session, row, actor=here.organiser, now=NOW)
    with pytest.raises(Refused, match="return_not_open"):
        saved(session, own, here.head_kh, value("arrested", 15))
    with pytest.raises(Refused, match="round_closed"):
        services.close_round(session, row, actor=here.organiser, now=NOW)
    with pytest.raises(Refused, match="round_closed"):
        change(session, here, row)
    with pytest.raises(Refused, match="return_reason_needed"):
        services.send_back(session, own, actor=here.organiser, now=NOW, reason=None, seen_version=own.version)
    services.send_back(session, own, actor=here.organiser, now=NOW + DAY, reason="Late", seen_version=own.version)
    handed_in(session, own, here.head_kh, value("arrested", 15), now=NOW + 2 * DAY)
    assert [step.state for step in own.steps] == [ReturnState.RETURNED, ReturnState.SUBMITTED]
    with pytest.raises(Refused, match="return_not_open"):
        saved(session, of(row, here.th), here.head_th, value("arrested", 15))


def test_two_people_do_not_overwrite_each_other_even_if_they_change_one_answer_alone(session: Session) -> None:
    here = world(session)
    own = of(round_(session, here), here.kh)
    saved(session, own, here.head_kh, value("arrested", 15))
    old = own.version
    saved(session, own, here.head_kh, value("arrested", 16))
    assert own.version > old
    with pytest.raises(StaleVersion):
        services.save_return(
            session,
            own,
            actor=here.head_kh,
            now=NOW,
            seen_version=old,
            answers=[value("arrested", 17)],
            texts=Texts(),
        )


@pytest.mark.parametrize(
    ("answers", "texts", "reason"),
    [
        ((), {}, "nothing_answered"),
        ((nil("arrested"),), {"compiled_by": None}, "compiled_by_needed"),
        ((nil("arrested"),), {"released_by": ""}, "released_by_needed"),
        ((nil("arrested"),), {"story": "\n".join("x" * 11)}, "story_too_long"),
        ((nil("convicted"),), {}, "unknown_measure"),
        ((value("seized", 1, currency="KRW"), value("seized", 2, currency="KRW")), {}, "answered_twice"),
    ],
)
def test_a_return_that_is_not_whole_is_not_handed_in(
    session: Session, answers: tuple[Said, ...], texts: dict[str, Any], reason: str
) -> None:
    here = world(session)
    own = of(round_(session, here), here.kh)
    with pytest.raises(Refused, match=reason):
        handed_in(session, own, here.head_kh, *answers, **texts)


def test_an_empty_cell_stays_empty_and_the_return_is_partly_answered(session: Session) -> None:
    here = world(session)
    row = round_(session, here)
    own = handed_in(session, of(row, here.kh), here.head_kh, value("arrested", 15), nil("held"))
    assert queries.coverage_of(own, row.measures) is Coverage.PARTLY
    assert sorted((one.measure, one.kind) for one in own.answers) == [
        ("arrested", AnswerKind.VALUE),
        ("held", AnswerKind.NIL),
    ]


def declared(session: Session) -> list[Figure]:
    return list(session.scalars(select(Figure).where(Figure.kind == FigureKind.DECLARED).order_by(Figure.id)))


def test_accepting_declares_one_figure_a_value_and_adds_nothing(session: Session) -> None:
    here = world(session)
    figure(session, here, "poipet", 10)
    own = accepted(
        session,
        of(round_(session, here), here.kh),
        here.head_kh,
        here.organiser,
        value("arrested", 15, shares={"sex": {"male": "12"}}),
        value("held", 4),
        value("seized", 100, 120, "KRW"),
        value("seized", 5, currency="USD"),
    )
    found = declared(session)
    assert [(row.code, n(row.low), n(row.high), row.currency) for row in found] == [
        ("RR1-KH-arrested", 15, 15, None),
        ("RR1-KH-held", 4, 4, None),
        ("RR1-KH-seized-KRW", 100, 120, "KRW"),
        ("RR1-KH-seized-USD", 5, 5, "USD"),
    ]
    assert (found[0].from_on, found[0].to_on, found[1].at_on) == (*WINTER, WINTER[1])
    assert {(row.owner_id, row.source.code, row.as_of) for row in found} == {
        (here.kh.party_id, "RR1-KH", date(2026, 1, 15))
    }
    assert [(part.key, n(part.value)) for part in found[0].breakdown] == [("male", 12)]
    assert {answer.figure_id for answer in own.answers} == {row.id for row in found}
    facts = seen(session, here, here.organiser)
    assert facts.total("arrested").high == 10
    held_against = next(one for one in facts.comparisons if one.declared.id == "RR1-KH-arrested")
    assert held_against.missing == (Decimal(5), Decimal(5))


def test_a_return_is_held_against_the_records_of_its_own_party(session: Session) -> None:
    here = world(session)
    figure(session, here, "poipet", 10)
    figure(session, here, "bangkok", 40, owner=here.th.party, actor=here.head_th)
    accepted(session, of(round_(session, here), here.kh), here.head_kh, here.organiser, value("arrested", 15))
    found = next(one for one in seen(session, here, here.organiser).comparisons if one.declared.id == "RR1-KH-arrested")
    assert list(found.values) == ["poipet"]


def test_accepting_again_supersedes_and_what_is_no_longer_said_is_superseded_too(session: Session) -> None:
    here = world(session)
    own = accepted(
        session,
        of(round_(session, here), here.kh),
        here.head_kh,
        here.organiser,
        value("arrested", 15),
        value("held", 4),
    )
    services.send_back(
        session, own, actor=here.organiser, now=NOW + DAY, reason="Twice counted?", seen_version=own.version
    )
    handed_in(session, own, here.head_kh, value("arrested", 14), now=NOW + 2 * DAY)
    services.accept_return(session, own, actor=here.organiser, now=NOW + 3 * DAY, seen_version=own.version)
    old, held, fresh = declared(session)
    assert (fresh.code, n(fresh.low), fresh.supersedes_id, fresh.as_of) == (
        "RR1-KH-arrested-2",
        14,
        old.id,
        date(2026, 1, 17),
    )
    assert {old.status, held.status} == {FigureStatus.SUPERSEDED}
    assert fresh.source_id == old.source_id
    assert [step.state for step in own.steps] == [
        ReturnState.DRAFT,
        ReturnState.SUBMITTED,
        ReturnState.ACCEPTED,
        ReturnState.RETURNED,
        ReturnState.SUBMITTED,
        ReturnState.ACCEPTED,
    ]


def test_only_what_was_handed_in_is_accepted_and_only_as_it_was_seen(session: Session) -> None:
    here = world(session)
    own = saved(session, of(round_(session, here), here.kh), here.head_kh, value("arrested", 15))
    with pytest.raises(Refused, match="return_not_handed_in"):
        services.accept_return(session, own, actor=here.organiser, now=NOW, seen_version=own.version)
    with pytest.raises(Refused, match="return_is_with_party"):
        services.send_back(session, own, actor=here.organiser, now=NOW, reason="Why?", seen_version=own.version)
    services.submit_return(session, own, actor=here.head_kh, now=NOW)
    with pytest.raises(StaleVersion):
        services.accept_return(session, own, actor=here.organiser, now=NOW, seen_version=own.version - 1)
    with pytest.raises(StaleVersion):
        services.send_back(session, own, actor=here.organiser, now=NOW, reason="?", seen_version=own.version - 1)


def test_a_figure_of_a_return_is_neither_corrected_by_hand_nor_its_source_taken(session: Session) -> None:
    here = world(session)
    accepted(session, of(round_(session, here), here.kh), here.head_kh, here.organiser, value("arrested", 15))
    (row,) = declared(session)
    with pytest.raises(Refused, match="corrected_by_return"):
        services.correct_figure(
            session,
            row,
            actor=here.head_kh,
            now=NOW,
            code="x",
            low=Decimal(1),
            high=None,
            source=row.source,
            as_of=row.as_of,
        )
    with pytest.raises(Refused, match="source_reserved"):
        services.add_source(session, here.meeting.operation, code="RR9-KH", title=Words.of("Mine"))
    facts = seen(session, here, here.head_kh)
    assert [one.code for one in queries.known_sources(session, here.meeting.operation, facts)] == []


@pytest.mark.parametrize(
    ("publishing", "others"),
    [(Publishing.ALLOWED, 1), (Publishing.IN_TOTALS, 0), (Publishing.NOT_ALLOWED, 0)],
)
def test_other_parties_see_the_figures_of_a_return_only_if_it_may_be_published(
    session: Session, publishing: Publishing, others: int
) -> None:
    here = world(session)
    accepted(
        session,
        of(round_(session, here), here.kh),
        here.head_kh,
        here.organiser,
        value("arrested", 15),
        publishing=publishing,
    )
    counts = {who: len(seen(session, here, who).figures) for who in (here.organiser, here.head_kh, here.head_th)}
    assert counts == {here.organiser: 1, here.head_kh: 1, here.head_th: others}


def totals(session: Session, here: World, row: Any, who: Any) -> queries.RoundTotals:
    session.expire_all()
    return queries.round_totals(
        session, queries.get_round(session, row.uuid), sharing.viewer_of(session, who, NOW), NOW
    )


def line(found: queries.RoundTotals, measure: str) -> queries.RoundLine:
    return next(one for one in found.lines if one.asked.code == measure)


def test_flows_are_added_stocks_are_listed_and_each_total_says_how_many_answered(session: Session) -> None:
    here = world(session)
    more = heads(session, here, ["JP", "VN"])
    row = round_(session, here, parties=[here.kh.party, here.th.party, *(one.party for one, _ in more.values())])
    handed_in(session, of(row, here.kh), here.head_kh, value("arrested", 15, 17), value("held", 4))
    handed_in(session, of(row, here.th), here.head_th, value("arrested", 20), value("held", 7), nil("seized"))
    handed_in(session, of(row, more["JP"][0]), more["JP"][1], nil("arrested"), nil("held"), nil("seized"))
    saved(session, of(row, more["VN"][0]), more["VN"][1], value("arrested", 1000))
    found = totals(session, here, row, here.organiser)
    assert (found.asked, found.reported, found.nil, found.final) == (4, 3, 1, False)
    arrested, held, seized = (line(found, code) for code in ("arrested", "held", "seized"))
    assert (n(arrested.low), n(arrested.high), arrested.reported, arrested.nil) == (35, 37, 3, 1)
    assert [arrested.party_of[part.return_id].code for part in arrested.parts] == ["JP", "KH", "TH"]
    assert (n(held.low), held.is_stock, len(held.parts)) == (None, True, 3)
    assert (n(seized.low), seized.reported, seized.nil) == (0, 2, 2)


def test_a_round_is_final_once_it_is_closed_and_nothing_waits(session: Session) -> None:
    here = world(session)
    row = round_(session, here)
    own = handed_in(session, of(row, here.kh), here.head_kh, value("arrested", 15))
    services.close_round(session, row, actor=here.organiser, now=NOW)
    assert not totals(session, here, row, here.organiser).final
    services.accept_return(session, own, actor=here.organiser, now=NOW, seen_version=own.version)
    assert totals(session, here, row, here.organiser).final
    services.send_back(session, own, actor=here.organiser, now=NOW + DAY, reason="Again", seen_version=own.version)
    found = totals(session, here, row, here.organiser)
    assert (found.final, found.reported) == (False, 0)


def in_totals(session: Session, here: World, declarations: dict[str, Publishing]) -> Any:
    """Each party reports its number of arrests: the first 1, the next 10, then 100, 1000."""
    people = heads(session, here, list(declarations))
    row = round_(session, here, parties=[here.kh.party, *(one.party for one, _ in people.values())])
    for at, (code, publishing) in enumerate(declarations.items()):
        delegation, head = people[code]
        handed_in(session, of(row, delegation), head, value("arrested", 10**at), publishing=publishing)
    return row


TWO = {"JP": Publishing.ALLOWED, "VN": Publishing.IN_TOTALS, "LA": Publishing.IN_TOTALS}


def test_what_a_party_keeps_to_itself_is_in_no_number_of_others(session: Session) -> None:
    here = world(session)
    row = in_totals(session, here, {"JP": Publishing.ALLOWED, "VN": Publishing.NOT_ALLOWED})
    mine = line(totals(session, here, row, here.head_th), "arrested")
    assert (n(mine.low), mine.reported, mine.left_out, len(mine.parts), mine.hidden) == (1, 2, 1, 1, 0)
    theirs = line(totals(session, here, row, here.organiser), "arrested")
    assert (n(theirs.low), theirs.left_out, len(theirs.parts)) == (11, 0, 2)


def test_two_that_gave_theirs_for_totals_are_too_few_to_hide_behind(session: Session) -> None:
    here = world(session)
    row = in_totals(session, here, TWO)
    mine = line(totals(session, here, row, here.head_th), "arrested")
    assert (n(mine.low), mine.left_out, mine.hidden) == (1, 2, 0)


def test_three_that_gave_theirs_for_totals_are_in_the_sum_and_not_named(session: Session) -> None:
    here = world(session)
    row = in_totals(session, here, TWO | {"MY": Publishing.IN_TOTALS})
    mine = line(totals(session, here, row, here.head_th), "arrested")
    assert (n(mine.low), mine.left_out, mine.hidden) == (1111, 0, 3)
    assert [party.code for party in mine.party_of.values()] == ["JP"]


def test_nobody_hides_a_value_behind_those_who_said_nil(session: Session) -> None:
    here = world(session)
    row = in_totals(session, here, {"VN": Publishing.IN_TOTALS})
    for delegation, head in ((here.kh, here.head_kh),):
        handed_in(session, of(row, delegation), head, nil("arrested"), publishing=Publishing.IN_TOTALS)
    mine = line(totals(session, here, row, here.head_th), "arrested")
    assert (mine.low, mine.nil, mine.left_out) == (None, 0, 2)


def test_all_who_may_not_read_returns_see_one_and_the_same_number(session: Session) -> None:
    here = world(session)
    row = in_totals(session, here, TWO)
    own = next(one for one in row.returns if one.party.code == "VN")
    writer = next(step.by for step in own.steps)
    mine = line(totals(session, here, row, writer), "arrested")
    assert (n(mine.low), sorted(int(part.low) for part in mine.parts if part.low)) == (1, [1, 10])


def test_a_currency_that_would_tell_whose_value_it_is_is_not_named(session: Session) -> None:
    here = world(session)
    row = in_totals(session, here, {"JP": Publishing.ALLOWED})
    handed_in(
        session,
        of(row, here.kh),
        here.head_kh,
        value("seized", 500, currency="KHR"),
        publishing=Publishing.NOT_ALLOWED,
    )
    theirs = line(totals(session, here, row, here.head_th), "seized")
    assert (theirs.currency, theirs.low, theirs.parts, theirs.left_out, theirs.reported) == (None, None, (), 1, 1)
    mine = line(totals(session, here, row, here.head_kh), "seized")
    assert (mine.currency, mine.low, len(mine.parts), mine.left_out) == ("KHR", None, 1, 1)
    every = line(totals(session, here, row, here.organiser), "seized")
    assert (every.currency, n(every.low)) == ("KHR", 500)


def test_each_currency_has_its_own_line_and_a_nil_stands_in_all(session: Session) -> None:
    here = world(session)
    row = round_(session, here)
    handed_in(
        session,
        of(row, here.kh),
        here.head_kh,
        value("seized", 5, currency="KRW"),
        value("seized", 7, currency="USD"),
    )
    handed_in(session, of(row, here.th), here.head_th, nil("seized"))
    for who in (here.organiser, here.head_th):
        found = [one for one in totals(session, here, row, who).lines if one.asked.code == "seized"]
        assert [(one.currency, n(one.low), one.reported, one.nil, one.left_out) for one in found] == [
            ("KRW", 5, 2, 1, 0),
            ("USD", 7, 2, 1, 0),
        ]


def test_a_stock_given_for_totals_is_shown_to_nobody_else(session: Session) -> None:
    here = world(session)
    row = round_(session, here)
    handed_in(session, of(row, here.kh), here.head_kh, value("held", 4), publishing=Publishing.IN_TOTALS)
    held = line(totals(session, here, row, here.head_th), "held")
    assert (n(held.low), held.parts, held.left_out, held.reported) == (None, (), 1, 1)


def test_that_a_return_is_all_nil_is_a_value_too(session: Session) -> None:
    here = world(session)
    row = round_(session, here)
    handed_in(
        session,
        of(row, here.kh),
        here.head_kh,
        nil("arrested"),
        nil("held"),
        nil("seized"),
        publishing=Publishing.NOT_ALLOWED,
    )
    assert totals(session, here, row, here.organiser).nil == 1
    found = totals(session, here, row, here.head_th)
    assert (found.nil, {one.nil for one in found.lines}) == (0, {0})


def test_the_form_knows_the_own_records_of_the_period_and_no_others(session: Session) -> None:
    here = world(session)
    own = of(round_(session, here), here.kh)
    figure(session, here, "poipet", 10)
    figure(session, here, "koh-kong", 5)
    figure(session, here, "autumn", 50, period=(date(2025, 11, 1), date(2025, 11, 30)))
    figure(session, here, "bangkok", 40, owner=here.th.party)
    facts = seen(session, here, here.head_kh)
    ((currency, found),) = queries.from_records(facts, own, "arrested")
    assert (currency, n(found.low), n(found.high), found.parts) == (None, 10, 15, ("koh-kong", "poipet"))
    assert queries.from_records(facts, own, "held") == []


def test_a_return_is_found_by_those_who_write_or_judge_it_in_its_own_operation(session: Session) -> None:
    here = world(session)
    winter = round_(session, here)
    elsewhere = make.meeting(session, make.operation(session, here.th.party, "other"), slug="bangkok")
    guest = make.delegation(session, elsewhere, of_party=here.th.party)
    for person, role, of_ in ((here.head_th, Role.DELEGATE, guest), (here.head_kh, Role.ORGANISER, None)):
        make.membership(session, elsewhere, person, role, of_delegation=of_)
    other = services.open_round(
        session,
        elsewhere,
        services.Wanted(
            title=Words.of("Other round"), period=WINTER, measures=["arrested"], parties=[here.th.party, here.kh.party]
        ),
        actor=here.head_kh,
        now=NOW,
    )
    declined = make.user(session, "Declined")
    stays_away = make.delegation(session, elsewhere, of_party=here.kh.party)
    make.membership(session, elsewhere, declined, Role.HEAD, of_delegation=stays_away)
    stays_away.state = DelegationState.DECLINED
    ended = make.user(session, "Ended")
    make.membership(session, here.meeting, ended).ends_at = NOW - DAY
    session.flush()
    returns = [*winter.returns, *other.returns]
    found = {}
    for person in (here.organiser, here.head_kh, here.head_th, declined, ended):
        viewer = sharing.viewer_of(session, person, NOW)
        known = []
        for row in returns:
            rights = queries.round_reader(session, viewer, row.round.operation, NOW)
            if rights.writes(row) or rights.judges(row.round):
                assert queries.get_return(session, row.uuid, person, NOW) == (row, rights)
                known.append(f"{row.round.title.text('en')} {row.party.code}")
            else:
                with pytest.raises(NotFound):
                    queries.get_return(session, row.uuid, person, NOW)
        found[person.name] = sorted(known)
    assert found == {
        here.organiser.name: ["Winter round KH", "Winter round TH"],
        here.head_kh.name: ["Other round KH", "Other round TH", "Winter round KH"],
        here.head_th.name: ["Other round TH", "Winter round TH"],
        "Declined": [],
        "Ended": [],
    }
