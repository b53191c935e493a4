"""A figure and the case that it belongs to name each other, to those who may read both."""

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.outcomes.case_figures import cases_of, figures_of
from confmgr.sharing.queries import viewer_of
from tests import make_cases, make_outcomes
from tests.make_scheduling import NOW, as_, world


def test_a_figure_is_named_on_its_case_and_the_case_on_the_figure(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    case = make_cases.case(stored, here, disclose_to=[here.th])
    figure = make_outcomes.figure(stored, here, cases=[case])
    other = make_cases.case(stored, here, "KH-02")
    stored.commit()
    for reader in (here.head_kh, here.head_th):
        as_(client, stored, reader)
        page = client.get(f"/cases/{case.item.uuid}").text
        assert f'href="/figures/{figure.uuid}"' in page
        page = client.get(f"/figures/{figure.uuid}").text
        assert f'href="/cases/{case.item.uuid}"' in page
        assert "KH/KH-01" in page
        assert "Voice phishing ring in Sihanoukville" in page
    as_(client, stored, here.head_kh)
    assert f"/figures/{figure.uuid}" not in client.get(f"/cases/{other.item.uuid}").text


def test_a_case_known_by_its_envelope_alone_is_not_named_on_its_figure(session: Session) -> None:
    here = world(session)
    case = make_cases.case(session, here)
    figure = make_outcomes.figure(session, here, cases=[case])
    mine, secretariat = viewer_of(session, here.head_kh, NOW), viewer_of(session, here.organiser, NOW)
    assert cases_of(session, mine, figure, NOW) == [case]
    assert cases_of(session, secretariat, figure, NOW) == []


def test_a_figure_that_is_also_of_a_case_which_the_reader_does_not_know_is_not_named(session: Session) -> None:
    here = world(session)
    known = make_cases.case(session, here, disclose_to=[here.th])
    hidden = make_cases.case(session, here, "KH-02")
    make_outcomes.figure(session, here, cases=[known, hidden])
    mine, theirs = viewer_of(session, here.head_kh, NOW), viewer_of(session, here.head_th, NOW)
    assert len(figures_of(session, mine, known.item, NOW)) == 1
    assert figures_of(session, theirs, known.item, NOW) == []
