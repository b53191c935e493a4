"""Figures on their way to the public: what two persons and the territory let out, and nothing that one added later."""

from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.errors import Refused
from confmgr.meetings.domain import Role
from confmgr.outcomes import services
from confmgr.outcomes.domain import Attribution
from confmgr.outcomes.models import Figure, PublicFigure
from confmgr.values.words import Words
from tests import make
from tests.make_outcomes import figure
from tests.make_scheduling import NOW, World, as_, world

PUBLIC = "/operations/breaking-chains/public-figures"


def second(session: Session, here: World) -> User:
    person = make.user(session, "Chan Thida")
    make.membership(session, here.meeting, person, Role.DELEGATE, of_delegation=here.kh)
    return person


def proposed(session: Session, here: World, row: Figure, by: User) -> PublicFigure:
    """Confirmed by the second person, proposed by the first, for Thailand to clear."""
    services.confirm_figure(session, row, actor=by, now=NOW)
    return services.propose_figure(session, row, actor=here.head_kh, now=NOW, clearing_party=here.th.party)


def reworded(session: Session, here: World, row: Figure, title: str) -> None:
    services.describe_figure(
        session,
        row,
        actor=here.head_kh,
        now=NOW,
        title=Words.of(title),
        note=None,
        counting_rule=None,
        attribution=Attribution.SUPPORTED,
        breakdown=[],
    )


@pytest.mark.parametrize("title", ["Poipet", None])
def test_what_one_person_writes_on_a_figure_after_its_release_does_not_become_public(
    client: FlaskClient, stored: Session, title: str | None
) -> None:
    here = world(stored)
    row, other = figure(stored, here, title=None if title is None else Words.of(title)), second(stored, here)
    public = proposed(stored, here, row, other)
    services.release_figure(stored, public, actor=other, now=NOW)
    services.clear_figure(stored, public, actor=here.head_th, now=NOW)
    reworded(stored, here, row, "Canary")
    press = make.user(stored, "press")
    make.membership(stored, here.meeting, press, Role.PRESS)
    as_(client, stored, press)
    page, data = client.get(PUBLIC).text, client.get(f"{PUBLIC}.json").text
    assert (title or "Arrested") in page
    assert "Canary" not in page + data


@pytest.mark.parametrize(("low", "high"), [(4, 4), (0, 3), (0, 12), (2, 9)])
def test_an_interval_that_may_be_few_persons_is_released_only_by_who_says_so(
    stored: Session, low: int, high: int
) -> None:
    here = world(stored)
    row, other = figure(stored, here, low=low, high=Decimal(high)), second(stored, here)
    public = proposed(stored, here, row, other)
    with pytest.raises(Refused, match="small_number"):
        services.release_figure(stored, public, actor=other, now=NOW)
    services.release_figure(stored, public, actor=other, now=NOW, small_numbers=True)
    assert public.small_numbers


@pytest.mark.parametrize(("low", "high"), [(0, 0), (5, 5), (5, 9)])
def test_none_and_five_or_more_persons_are_no_small_number(stored: Session, low: int, high: int) -> None:
    here = world(stored)
    assert not services.is_small(figure(stored, here, low=low, high=Decimal(high)))
