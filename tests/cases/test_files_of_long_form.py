"""On the form in several languages files are added with the lead, as on the plain one."""

import io

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.cases.models import Attachment, Lead
from confmgr.sharing.domain import ItemState
from tests.cases.test_files import PDF
from tests.cases.test_lead_pages import SECRET, written
from tests.make_cases import case
from tests.make_scheduling import as_, world


def test_files_are_chosen_on_the_form_in_several_languages(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    address = f"/cases/{case(stored, here).item.uuid}/leads/new"
    as_(client, stored, here.head_kh)
    form = client.get(address).text
    assert 'enctype="multipart/form-data"' in form
    assert 'data-most="' in form
    assert "Whoever may read this may open the file, today and later." in form
    given = [(io.BytesIO(PDF), "list.pdf"), (io.BytesIO(b"+855 12 345 678"), "numbers.txt")]
    texts = {"title-km": "លេខ", "body-km": "លេខនៅភ្នំពេញ"}
    answer = client.post(address, data=written(file=given, **texts))
    assert answer.status_code == 302
    assert stored.scalars(select(Lead)).one().item.state is ItemState.SHARED
    names = list(stored.scalars(select(Attachment.name).order_by(Attachment.id)))
    assert names == ["list.pdf", "numbers.txt"]
    stored.commit()
    as_(client, stored, here.head_th)
    page = client.get(answer.location).text
    assert "numbers.txt" in page


def test_a_file_that_is_not_taken_holds_the_whole_lead_back(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    address = f"/cases/{case(stored, here).item.uuid}/leads/new"
    as_(client, stored, here.head_kh)
    given = [(io.BytesIO(PDF), "list.pdf"), (io.BytesIO(b"MZ\x90\0"), "program.pdf")]
    answer = client.post(address, data=written(file=given))
    assert answer.status_code == 422
    assert "Files of this type are not taken" in answer.text
    assert "Choose the files again" in answer.text
    assert SECRET in answer.text
    assert stored.scalars(select(Lead)).all() == []
    stored.commit()
    assert client.post(address, data=written(to=[])).status_code == 302
    assert stored.scalars(select(Attachment)).all() == []
