"""Pages of figures are marked as strictly as what the figures belong to, whatever that is."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.outcomes.models import Figure
from confmgr.sharing.domain import Tlp
from tests.make_cases import case
from tests.make_outcomes import carried_out, figure, group, task_force
from tests.make_rounds import accepted, of, round_, value
from tests.make_scheduling import World, as_, world

HOME = "/operations/breaking-chains/outcomes"


def on(session: Session, here: World, what: str) -> Figure:
    """A figure that belongs to something AMBER."""
    if what == "return":
        accepted(session, of(round_(session, here), here.kh), here.head_kh, here.organiser, value("arrested", 15))
        return session.scalars(select(Figure)).one()
    if what == "group":
        return figure(session, here, group=group(session, here, tlp=Tlp.AMBER))
    if what == "task force":
        return figure(session, here, task_force=task_force(session, here))
    if what == "case":
        return figure(session, here, cases=[case(session, here, "KH-01", tlp=Tlp.AMBER)])
    return figure(session, here, joint_action=carried_out(session, here))


@pytest.mark.parametrize("what", ["return", "group", "task force", "case", "joint action"])
def test_the_page_of_a_figure_and_the_outcomes_are_marked_as_what_it_belongs_to(
    client: FlaskClient, stored: Session, what: str
) -> None:
    here = world(stored)
    row = on(stored, here, what)
    as_(client, stored, here.head_kh)
    for page in (f"/figures/{row.uuid}", HOME):
        assert "TLP:AMBER" in client.get(page).text


def test_a_figure_of_nothing_marked_is_for_the_operation_alone(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = figure(stored, here)
    as_(client, stored, here.head_kh)
    for page in (f"/figures/{row.uuid}", HOME):
        assert "TLP:GREEN" in client.get(page).text
