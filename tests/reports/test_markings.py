"""A report is marked as strictly as the strictest thing that it shows, whatever kind of thing that is."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from confmgr.outcomes import services
from confmgr.reports import queries
from confmgr.sharing.domain import Tlp
from confmgr.sharing.models import Marking
from confmgr.sharing.queries import viewer_of
from tests import make_cases, make_moves, make_outcomes, make_rounds
from tests.make_scheduling import NOW, World, world


def marking(session: Session, here: World) -> Tlp:
    """Of the report of the operation, as the head of Cambodia's delegation gets it."""
    viewer = viewer_of(session, here.head_kh, NOW)
    return queries.outcome_report(session, here.meeting.operation, viewer, NOW, as_of=NOW.date()).marking


def an_exchange_of_leads(session: Session, here: World) -> None:
    make_cases.shared_lead(session, here, make_cases.case(session, here))


def a_base(session: Session, here: World) -> None:
    make_outcomes.base(session, here, make_outcomes.group(session, here), "Poipet", Tlp.AMBER)


def a_move(session: Session, here: World) -> None:
    start = make_outcomes.base(session, here, make_outcomes.group(session, here), "Poipet", Tlp.GREEN)
    make_moves.moved(session, here, start, None, Tlp.AMBER)


def a_figure_of_a_task_force(session: Session, here: World) -> None:
    make_outcomes.figure(session, here, task_force=make_outcomes.task_force(session, here))


def a_figure_of_a_group(session: Session, here: World) -> None:
    make_outcomes.figure(session, here, group=make_outcomes.group(session, here, tlp=Tlp.AMBER))


def a_figure_on_a_case(session: Session, here: World) -> None:
    make_outcomes.figure(session, here, cases=[make_cases.case(session, here)])


def marked(session: Session, here: World, tlp: Tlp) -> None:
    own = Marking(tlp=tlp, made_by_id=here.head_kh.id, made_at=NOW)
    session.add(own)
    session.flush()
    make_outcomes.figure(session, here).marking_id = own.id


def a_figure_marked_by_itself(session: Session, here: World) -> None:
    marked(session, here, Tlp.AMBER)


def a_figure_of_a_return(session: Session, here: World) -> None:
    row = make_rounds.of(make_rounds.round_(session, here), here.kh)
    answers = [make_rounds.value("arrested", 3), make_rounds.nil("held"), make_rounds.nil("seized")]
    make_rounds.accepted(session, row, here.head_kh, here.organiser, *answers)


def a_task_force_in_a_chain(session: Session, here: World) -> None:
    force = make_outcomes.task_force(session, here)
    raid = make_outcomes.carried_out(session, here, tlp=Tlp.GREEN)
    services.link_chain(session, here.meeting.operation, force.item, raid.item)


SHOWN = [
    an_exchange_of_leads,
    a_base,
    a_move,
    a_figure_of_a_task_force,
    a_figure_of_a_group,
    a_figure_on_a_case,
    a_figure_marked_by_itself,
    a_figure_of_a_return,
    a_task_force_in_a_chain,
]


@pytest.mark.parametrize("shown", SHOWN, ids=lambda one: one.__name__)
def test_a_report_is_marked_as_strictly_as_what_it_shows(
    session: Session, shown: Callable[[Session, World], None]
) -> None:
    here = world(session)
    shown(session, here)
    session.flush()
    assert marking(session, here) is Tlp.AMBER


def test_what_everybody_in_the_operation_may_see_is_not_public(session: Session) -> None:
    here = world(session)
    make_outcomes.figure(session, here)
    assert marking(session, here) is Tlp.GREEN
    make_outcomes.carried_out(session, here, tlp=Tlp.CLEAR)
    assert marking(session, here) is Tlp.GREEN


def test_the_report_of_a_party_is_marked_by_its_figures_too(session: Session) -> None:
    here = world(session)
    marked(session, here, Tlp.AMBER_STRICT)
    session.flush()
    viewer = viewer_of(session, here.head_kh, NOW)
    found = queries.party_report(session, here.meeting.operation, here.kh.party, viewer, NOW, as_of=NOW.date())
    assert found.marking is Tlp.AMBER_STRICT
