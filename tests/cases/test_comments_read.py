"""A comment is read where its text stands: the audit says so, and who has read it is asked when it is taken back."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.activity.models import AuditEntry
from confmgr.cases import services as cases
from confmgr.cases.models import Lead
from confmgr.gateways import clock
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
