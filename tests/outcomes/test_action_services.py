"""Joint actions, their logs, task forces and persons: what services do and refuse, on both databases."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.errors import NotAllowed, NotFound, Refused, StaleVersion
from confmgr.meetings.domain import Role
from confmgr.outcomes import queries, services
from confmgr.outcomes.domain import Dimension, FigureStatus, JointActionState, PersonStatus
from confmgr.outcomes.models import AppendOnly, JointAction, PersonSet, SituationEntry
from confmgr.outcomes.naming import called
from confmgr.sharing import queries as sharing
from confmgr.sharing import services as markings
from confmgr.sharing.domain import Tlp
from confmgr.values.words import Words
from tests import make
from tests.make_outcomes import action, carried_out, figure, request, task_force
from tests.make_scheduling import NOW, World, world

FIVE = datetime(2026, 1, 14, 5, 0)  # noqa: DTZ001  # a wall time of the place
PHNOM_PENH = "Asia/Phnom_Penh"


def colleague(session: Session, here: World) -> User:
    person = make.user(session, "Chan Thida")
    make.membership(session, here.meeting, person, Role.DELEGATE, of_delegation=here.kh)
    return person


def moved(session: Session, here: World, row: JointAction, state: str, day: date, **changes: Any) -> None:
    values: dict[str, Any] = {"seen_version": row.version, "reason": "The villa is empty"} | changes
    services.reschedule(
        session, row, actor=here.head_kh, now=NOW, state=JointActionState(state), planned_for=day, **values
    )


def begun(session: Session, here: World, **changes: Any) -> JointAction:
    row = action(session, here, **changes)
    services.begin(session, row, actor=here.head_kh, now=NOW, seen_version=row.version, starts=(FIVE, PHNOM_PENH))
    return row


def line(session: Session, here: World, row: JointAction, text: str = "Doors open", **changes: Any) -> SituationEntry:
    values: dict[str, Any] = {"local": (FIVE, PHNOM_PENH), "actor": here.head_kh} | changes
    return services.add_line(session, row, now=NOW, text=text, **values)


def test_each_step_of_an_action_is_kept_with_the_day_it_was_then_planned_for(session: Session) -> None:
    here = world(session)
    row = action(session, here, planned_for=date(2026, 2, 20))
    moved(session, here, row, "brought_forward", date(2026, 2, 10))
    moved(session, here, row, "postponed", date(2026, 2, 25))
    services.begin(session, row, actor=here.head_kh, now=NOW, seen_version=row.version, starts=(FIVE, PHNOM_PENH))
    services.carry_out(session, row, actor=here.head_kh, now=NOW, on=date(2026, 1, 14))
    assert [(step.state.value, step.planned_for and step.planned_for.day) for step in row.steps] == [
        ("planned", 20),
        ("brought_forward", 10),
        ("postponed", 25),
        ("under_way", 25),
        ("ended", 25),
    ]
    assert row.starts_at == datetime(2026, 1, 13, 22, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "day", "changes", "reason"),
    [
        ("brought_forward", date(2026, 2, 20), {}, "not_earlier"),
        ("brought_forward", date(2025, 9, 30), {}, "before_operation"),
        ("postponed", date(2026, 2, 20), {}, "not_later"),
        ("postponed", date(2026, 2, 21), {"reason": " "}, "action_reason"),
        ("planned", date(2026, 2, 21), {}, "action_step"),
    ],
)
def test_another_day_needs_a_reason_and_lies_where_it_is_said_to(
    session: Session, state: str, day: date, changes: dict[str, Any], reason: str
) -> None:
    here = world(session)
    row = action(session, here, planned_for=date(2026, 2, 20))
    with pytest.raises(Refused, match=reason):
        moved(session, here, row, state, day, **changes)
    assert (row.planned_for, len(row.steps)) == (date(2026, 2, 20), 1)


def test_an_action_without_a_day_gets_one_either_way(session: Session) -> None:
    here = world(session)
    row = action(session, here)
    moved(session, here, row, "postponed", date(2026, 2, 21))
    assert row.planned_for == date(2026, 2, 21)


def test_what_somebody_changed_meanwhile_is_not_overwritten(session: Session) -> None:
    here = world(session)
    row = action(session, here)
    seen = row.version
    services.set_party(
        session, row, actor=here.head_kh, now=NOW, seen_version=seen, party=here.th.party, officers=40, about=True
    )
    with pytest.raises(StaleVersion):
        moved(session, here, row, "postponed", date(2026, 2, 21), seen_version=seen)
    with pytest.raises(StaleVersion):
        changed(session, here, row, seen_version=seen)
    with pytest.raises(StaleVersion):
        services.confirm_action(session, row, actor=here.head_th, now=NOW, seen_version=seen)


def changed(session: Session, here: World, row: JointAction, **changes: Any) -> None:
    values: dict[str, Any] = {
        "seen_version": row.version,
        "title": Words.of("Raid of the green villa"),
        "place": None,
        "territory": here.kh.party,
        "coordinates": None,
        "plan": None,
        "task_force": None,
        "cases": [],
        "requests": [],
    }
    services.change_action(session, row, actor=here.head_kh, now=NOW, **(values | changes))


def test_an_action_rests_on_the_requests_that_were_chosen_last(session: Session) -> None:
    here = world(session)
    row, first, second = action(session, here), request(session, here), request(session, here, "KH-R2")
    changed(session, here, row, requests=[first])
    changed(session, here, row, requests=[second])
    viewer = sharing.viewer_of(session, here.head_kh, NOW)
    assert queries.action_view(session, row, viewer, NOW).requests == [second]


def test_parties_come_and_go_with_their_officers(session: Session) -> None:
    here = world(session)
    row = action(session, here)
    for officers in (30, 40):
        services.set_party(
            session,
            row,
            actor=here.head_kh,
            now=NOW,
            seen_version=row.version,
            party=here.th.party,
            officers=officers,
            about=officers == 40,
        )
    assert [(link.officers, link.about) for link in row.parties] == [(40, True)]
    services.remove_party(session, row, actor=here.head_kh, now=NOW, seen_version=row.version, party=here.th.party)
    assert row.parties == []


def test_no_action_is_at_null_island_or_changed_after_its_end(session: Session) -> None:
    here = world(session)
    with pytest.raises(Refused, match="null_island"):
        action(session, here, coordinates=(0.0, 0.0))
    row = action(session, here, "KH-A2")
    with pytest.raises(Refused, match="null_island"):
        changed(session, here, row, coordinates=(0.0, 0.0))
    services.carry_out(session, row, actor=here.head_kh, now=NOW, on=date(2026, 1, 14))
    with pytest.raises(Refused, match="action_ended"):
        changed(session, here, row)
    with pytest.raises(Refused, match="before_operation"):
        action(session, here, "KH-A3", planned_for=date(2025, 9, 30))


def test_nothing_begins_before_the_operation_or_in_time_to_come(session: Session) -> None:
    here = world(session)
    row = action(session, here)
    for year, reason in ((2025, "before_operation"), (2027, "not_yet")):
        with pytest.raises(Refused, match=reason):
            services.begin(
                session,
                row,
                actor=here.head_kh,
                now=NOW,
                seen_version=row.version,
                starts=(FIVE.replace(year=year), PHNOM_PENH),
            )


def test_an_action_under_way_is_not_called_off(session: Session) -> None:
    here = world(session)
    row = begun(session, here)
    with pytest.raises(Refused, match="action_step"):
        services.call_off(session, row, actor=here.head_kh, now=NOW, seen_version=row.version, reason="Rain")


def test_author_and_second_person_open_a_red_action_to_those_taking_part_as_it_begins(session: Session) -> None:
    here = world(session)
    second = colleague(session, here)
    row = action(session, here, tlp=Tlp.RED, named_readers=[second], parties=[(here.th.party, 40, True)])
    assert queries.named_persons(session, row.item) == [second, here.head_kh]
    assert queries.partners(session, row) == [here.th]
    with pytest.raises(NotAllowed):
        services.open_up(session, row, actor=second, now=NOW, tlp=Tlp.AMBER, to=[here.th])
    with pytest.raises(Refused, match="tlp_cannot_reach"):
        services.open_up(session, row, actor=here.head_kh, now=NOW, tlp=None, to=[here.th])
    services.open_up(session, row, actor=here.head_kh, now=NOW, tlp=Tlp.AMBER, to=[here.th])
    viewer = sharing.viewer_of(session, here.head_th, NOW)
    with pytest.raises(NotFound):
        queries.get_action(session, viewer, row.item.uuid, NOW)
    waits = sharing.waiting(session, row.item, second, NOW)
    assert waits is not None
    markings.confirm_marking(session, row.item, actor=second, now=NOW, seen=waits.seen)
    assert queries.get_action(session, viewer, row.item.uuid, NOW).id == row.id


def test_a_line_has_the_clock_of_the_place_and_common_time(session: Session) -> None:
    here = world(session)
    row = begun(session, here)
    entry = line(session, here, row, tallies={"arrested": 12})
    assert (entry.local, entry.zone, entry.at) == (FIVE, PHNOM_PENH, datetime(2026, 1, 13, 22, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"local": (FIVE.replace(year=2027), PHNOM_PENH)}, "not_yet"),
        ({"local": (FIVE.replace(year=2025), PHNOM_PENH)}, "before_operation"),
        ({"local": (FIVE, "Asia/Nowhere")}, "unknown_zone"),
        ({"tallies": {"good_will": 1}}, "unknown_measure"),
        ({"tallies": {"arrested": -1}}, "negative"),
    ],
)
def test_a_wrong_line_is_refused(session: Session, changes: dict[str, Any], reason: str) -> None:
    here = world(session)
    with pytest.raises(Refused, match=reason):
        line(session, here, begun(session, here), **changes)


def test_lines_wait_until_the_action_is_under_way(session: Session) -> None:
    here = world(session)
    with pytest.raises(Refused, match="not_under_way"):
        line(session, here, action(session, here))


def test_a_line_is_corrected_once_by_a_line_of_its_own_action(session: Session) -> None:
    here = world(session)
    row, other = begun(session, here), begun(session, here, reference="KH-A2")
    wrong = line(session, here, row)
    right = line(session, here, row, "Doors closed", corrects=wrong)
    assert (right.corrects_id, wrong.text) == (wrong.id, "Doors open")
    with pytest.raises(Refused, match="line_corrected"):
        line(session, here, row, "Doors ajar", corrects=wrong)
    with pytest.raises(Refused, match="line_of_another"):
        line(session, here, other, "Doors ajar", corrects=right)
    assert line(session, here, row, "Doors ajar", corrects=right).corrects_id == right.id


def test_nothing_changes_or_deletes_a_line(session: Session) -> None:
    here = world(session)
    entry = line(session, here, begun(session, here))
    with session.begin_nested() as nested:
        entry.text = "Nobody was there"
        with pytest.raises(AppendOnly):
            session.flush()
        nested.rollback()
    with session.begin_nested() as nested:
        session.delete(entry)
        with pytest.raises(AppendOnly):
            session.flush()
        nested.rollback()
    table = SituationEntry.__table__
    for statement in (
        update(SituationEntry).values(text="Nobody was there"),
        delete(SituationEntry),
        update(table).values(text="Nobody was there"),  # type: ignore[arg-type]
        delete(table),  # type: ignore[arg-type]
    ):
        with pytest.raises(AppendOnly):
            session.execute(statement)
    session.expire_all()
    assert entry.text == "Doors open"


def test_what_came_of_an_action_is_provisional_until_the_territory_confirms(session: Session) -> None:
    here = world(session)
    row = carried_out(session, here, territory=here.th.party)
    found = figure(session, here, joint_action=row, status=FigureStatus.CONFIRMED)
    assert found.standing is FigureStatus.PROVISIONAL
    services.make_reservation(
        session, row, actor=here.head_th, now=NOW, seen_version=row.version, text="We count fourteen"
    )
    assert (row.confirmed_at, row.steps[-1].reason) == (None, "We count fourteen")
    services.confirm_action(session, row, actor=here.head_th, now=NOW, seen_version=row.version)
    assert (row.confirmed_by_id, found.standing) == (here.head_th.id, FigureStatus.CONFIRMED)
    with pytest.raises(Refused, match="nothing_to_confirm"):
        services.confirm_action(session, row, actor=here.head_th, now=NOW, seen_version=row.version)


def test_on_the_own_territory_a_second_person_confirms(session: Session) -> None:
    here = world(session)
    second = colleague(session, here)
    row = carried_out(session, here, territory=here.kh.party)
    with pytest.raises(Refused, match="second_person_confirms"):
        services.confirm_action(session, row, actor=here.head_kh, now=NOW, seen_version=row.version)
    services.confirm_action(session, row, actor=second, now=NOW, seen_version=row.version)
    assert row.confirmed_by_id == second.id


def test_who_made_a_reservation_may_confirm_later(session: Session) -> None:
    here = world(session)
    row = action(session, here)
    services.carry_out(session, row, actor=here.head_kh, now=NOW, on=date(2026, 1, 14), territory=here.th.party)
    assert row.territory is here.th.party
    with pytest.raises(Refused, match="action_reason"):
        services.make_reservation(session, row, actor=here.head_th, now=NOW, seen_version=row.version, text="")


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        ({"ends_on": date(2025, 11, 9)}, "dates_reversed"),
        ({"starts_on": date(2025, 1, 1), "ends_on": date(2025, 2, 1)}, "before_operation"),
    ],
)
def test_a_task_force_ends_after_it_starts_and_in_the_operation(
    session: Session, days: dict[str, Any], reason: str
) -> None:
    here = world(session)
    with pytest.raises(Refused, match=reason):
        task_force(session, here, **days)


def test_a_task_force_is_staffed_by_party_and_guarded_by_its_version(session: Session) -> None:
    here = world(session)
    row = task_force(session, here)
    seen = row.version
    services.set_staff(session, row, actor=here.head_kh, now=NOW, seen_version=seen, party=here.th.party, officers=4)
    assert {(link.party.code, link.officers) for link in row.parties} == {("KH", None), ("TH", 4)}
    with pytest.raises(StaleVersion):
        services.remove_staff(session, row, actor=here.head_kh, now=NOW, seen_version=seen, party=here.th.party)
    services.remove_staff(session, row, actor=here.head_kh, now=NOW, seen_version=row.version, party=here.th.party)
    assert [link.party.code for link in row.parties] == ["KH"]


def persons(session: Session, here: World, *held: tuple[PersonStatus, int, date], **changes: Any) -> PersonSet:
    row = carried_out(session, here, **changes)
    found = services.find_persons(session, row, name=Words.of("In the villa"), count=12)
    for status, count, day in held:
        services.set_status(session, found, status=status, count=count, decided_on=day)
    return found


def test_a_set_keeps_the_history_of_its_status(session: Session) -> None:
    here = world(session)
    found = persons(
        session,
        here,
        (PersonStatus.VICTIM, 2, date(2026, 1, 10)),
        (PersonStatus.SUSPECT, 12, date(2025, 12, 4)),
    )
    assert [row.status.value for row in queries.decisions(found)] == ["suspect", "victim"]
    assert queries.standing_of(found) == {PersonStatus.SUSPECT: 10, PersonStatus.VICTIM: 2}
    with pytest.raises(Refused, match="fewer_than_held"):
        services.change_persons(session, found, name=found.name, count=11)
    services.change_persons(session, found, name=found.name, count=13)
    assert found.count == 13


@pytest.mark.parametrize(
    ("day", "count", "reason"),
    [
        (date(2025, 9, 30), 1, "before_operation"),
        (date(2026, 1, 17), 1, "not_yet"),
        (date(2025, 12, 5), -1, "negative"),
        (date(2025, 12, 5), 13, "more_than_set"),
    ],
)
def test_a_wrong_status_is_refused(session: Session, day: date, count: int, reason: str) -> None:
    here = world(session)
    found = persons(session, here)
    with pytest.raises(Refused, match=reason):
        services.set_status(
            session,
            found,
            status=PersonStatus.VICTIM,
            count=count,
            decided_on=day,
            actor=here.head_kh,
            now=NOW,
            operation_starts=here.meeting.operation.starts_on,
        )


def test_reclassifications_are_those_since_a_day_that_the_reader_may_see(session: Session) -> None:
    here = world(session)
    suspects = (PersonStatus.SUSPECT, 12, date(2025, 12, 4))
    persons(session, here, suspects, (PersonStatus.VICTIM, 2, date(2026, 1, 10)))
    persons(session, here, suspects, (PersonStatus.WITNESS, 3, date(2026, 1, 12)), reference="KH-A2", tlp=Tlp.GREEN)

    def seen(who: User, since: date) -> list[tuple[str, int]]:
        viewer = sharing.viewer_of(session, who, NOW)
        rows = queries.reclassified(session, here.meeting.operation, viewer, since, NOW)
        return [(row.status.value, row.count) for row in rows]

    assert seen(here.head_kh, date(2026, 1, 1)) == [("victim", 2), ("witness", 3)]
    assert seen(here.head_kh, date(2026, 1, 11)) == [("witness", 3)]
    assert seen(here.head_th, date(2026, 1, 1)) == [("witness", 3)]


def test_a_decision_entered_late_is_a_reclassification_since_it_was_entered(session: Session) -> None:
    here = world(session)
    found = persons(session, here, (PersonStatus.SUSPECT, 12, date(2025, 12, 4)))
    services.set_status(
        session,
        found,
        status=PersonStatus.VICTIM,
        count=1,
        decided_on=date(2025, 12, 20),
        actor=here.head_kh,
        now=NOW,
    )
    viewer = sharing.viewer_of(session, here.head_kh, NOW)
    rows = queries.reclassified(session, here.meeting.operation, viewer, date(2026, 1, 15), NOW)
    assert [(row.before, row.after) for row in rows] == [
        ({PersonStatus.SUSPECT: 12}, {PersonStatus.SUSPECT: 11, PersonStatus.VICTIM: 1})
    ]


def test_a_second_word_on_a_share_takes_the_place_of_the_first(session: Session) -> None:
    here = world(session)
    found = persons(session, here)
    for count in (9, 11):
        share = services.set_share(
            session, found, dimension=Dimension.SEX, key="male", count=count, verified=count == 11
        )
    assert [(row.count, row.verified) for row in found.shares] == [(11, True)]
    services.remove_share(session, found, share)
    assert found.shares == []


def test_more_returned_than_arrested_is_asked_about(session: Session) -> None:
    here = world(session)
    found = persons(session, here)
    assert services.asks_again(session, found, "returned", Decimal(12)) is None
    figure(session, here, low=9, person_set=found, joint_action=session.get_one(JointAction, found.joint_action_id))
    assert services.asks_again(session, found, "returned", Decimal(9)) is None
    assert services.asks_again(session, found, "returned", Decimal(10)) == ("exceeds_arrested", 9)
    assert services.asks_again(session, found, "charged", Decimal(13)) == ("exceeds_set", 12)


def test_a_short_name_that_its_writer_sees_taken_gets_a_number(session: Session) -> None:
    here = world(session)

    def name(actor: User) -> str:
        return called(services.free_figure_code(session, here.meeting.operation, "poipet", actor=actor, now=NOW))

    assert name(here.head_kh) == "poipet"
    figure(session, here, joint_action=action(session, here))
    assert (name(here.head_kh), name(here.head_th)) == ("poipet-2", "poipet")
