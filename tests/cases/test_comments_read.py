"""A comment is read where its text stands: the audit says so, and who has read it is asked when it is taken back."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.activity.models import AuditEntry
from confmgr.cases import services as cases
from confmgr.cases.models import Lead
from confmgr.gateways import clock
from confmgr.sharing import queries, recalling
from confmgr.sharing import services as sharing
from confmgr.sharing.domain import RecallCause
from confmgr.sharing.models import Recall
from tests.make_consents import colleague
from tests.make_scheduling import NOW, World, as_

pytestmark = pytest.mark.usefixtures("soon_after")


def test_who_opened_the_page_on_which_a_comment_stands_has_read_it(
    client: FlaskClient, stored: Session, here: World, lead: Lead
) -> None:
    row = cases.comment(stored, lead.item, actor=here.head_th, now=NOW, party=here.th.party, text="Seen in Trat.")
    colleague(stored, here, here.kh, "Never Opened It")
    as_(client, stored, here.head_kh)
    assert "Seen in Trat." in client.get(f"/leads/{lead.item.uuid}").text
    entry = stored.scalars(select(AuditEntry).where(AuditEntry.action == "read")).one()
    assert (entry.object_uuid, entry.object_ids) == (lead.item.uuid, [str(row.item.uuid)])
    assert entry.facts == {"page": "cases.lead", "whole": [str(row.item.uuid)]}
    cases.take_back_comment(stored, row, actor=here.head_th, now=clock.now())
    recalls = stored.scalars(select(Recall))
    assert [(one.user_id, one.item_id, one.taken) for one in recalls] == [(here.head_kh.id, row.id, False)]


def test_a_page_without_comments_names_none(client: FlaskClient, stored: Session, here: World, lead: Lead) -> None:
    as_(client, stored, here.head_th)
    assert client.get(f"/leads/{lead.item.uuid}").status_code == 200
    entry = stored.scalars(select(AuditEntry).where(AuditEntry.action == "read")).one()
    assert entry.facts == {"page": "cases.lead"}


@pytest.mark.parametrize("withdrawn", [False, True])
def test_a_recall_of_a_comment_says_whose_it_was_and_on_what_as_its_reader_knew_it(
    client: FlaskClient, stored: Session, here: World, lead: Lead, withdrawn: bool
) -> None:
    row = cases.comment(stored, lead.item, actor=here.head_kh, now=NOW, party=here.kh.party, text="Seen in Trat.")
    as_(client, stored, here.head_th)
    assert "Seen in Trat." in client.get(f"/leads/{lead.item.uuid}").text
    cases.take_back_comment(stored, row, actor=here.head_kh, now=clock.now())
    if withdrawn:
        sharing.withdraw(stored, lead.item, actor=here.head_kh, now=clock.now())
    recall = stored.scalars(select(Recall).where(Recall.item_id == row.id)).one()
    stored.commit()
    for page in (f"/recalls/{recall.uuid}", "/meetings/seoul-2/consents", "/meetings/seoul-2"):
        text = re.sub("</?bdi[^>]*>", "", client.get(page).text)
        assert f"KH · Comment on KH/{lead.item.reference}" in text, page
        assert row.item.reference not in text, page


def test_a_recall_does_not_name_what_its_reader_lost_without_being_told(
    stored: Session, here: World, lead: Lead
) -> None:
    row = cases.comment(stored, lead.item, actor=here.head_kh, now=NOW, party=here.kh.party, text="Seen in Trat.")
    recall = Recall(item_id=row.id, user_id=here.organiser.id, cause=RecallCause.WITHDRAWN, at=NOW, read_at=NOW)
    recall.item = row.item
    viewer = queries.viewer_of(stored, here.organiser, NOW)
    assert recalling.stood_under(stored, viewer, [recall], NOW) == {}
