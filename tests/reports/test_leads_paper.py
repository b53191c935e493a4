"""Leads exchanged on paper: the same rows as on the page, for each of three readers, in two scripts."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.gateways.pdf import Press
from confmgr.reports import queries, rendering
from confmgr.sharing.queries import viewer_of
from tests.gateways.paper import pages, said
from tests.make_scheduling import NOW
from tests.reports.test_leads import chained, leadership, observer


@pytest.mark.parametrize("language", ["en", "ar"])
def test_each_reader_gets_exactly_the_own_rows_on_paper(client: FlaskClient, stored: Session, language: str) -> None:
    here = chained(stored)
    people = {"giver": here.head_kh, "leadership": leadership(stored, here), "observer": observer(stored, here)}
    told = {}
    with client.application.app_context(), Press() as press:
        for name, who in people.items():
            viewer = viewer_of(stored, who, NOW)
            found = queries.leads_report(stored, here.meeting.operation, viewer, NOW, meeting=here.meeting)
            made = rendering.leads(found, language, NOW).pdf(press)
            told[name] = " ".join(said(made, number).replace("\n", " ") for number in range(pages(made)))
    assert "The blue villa" in told["giver"]
    assert "Raid of the blue villa" in told["giver"]
    assert "KH-L1" in told["leadership"]
    for secret in ("The blue villa", "Raid", "Voice phishing"):
        assert secret not in told["leadership"]
        assert secret not in told["observer"]
    assert "KH-L1" not in told["observer"]
    assert "TLP:AMBER" in told["leadership"]
