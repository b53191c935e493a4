"""What identifies, on the pages of cases and leads: part of the body, so read by those who read that, and by no one else."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.cases.models import Identifier, Lead
from tests import make_cases
from tests.cases.test_lead_pages import written
from tests.make_cases import case, shared_lead
from tests.make_scheduling import as_, once, world

ROWS: dict[str, object] = {
    "identifiers-kind": ["phone", "wallet", "phone"],
    "identifiers-value": ["+855 12 345 678", "TXYZopYRdj2D9XRtbG411XZZ3kM5VkAeBf", " "],
}


def test_a_lead_is_written_with_what_identifies_and_its_readers_see_it(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    of = case(stored, here)
    as_(client, stored, here.head_kh)
    assert client.post(f"/cases/{of.item.uuid}/leads/new", data=written(**ROWS)).status_code == 302
    row = stored.scalars(select(Lead)).one()
    address = f"/leads/{row.item.uuid}"
    stored.commit()
    for person, seen in ((here.head_kh, True), (here.head_th, True), (here.organiser, False)):
        as_(client, stored, person)
        assert ("+855 12 345 678" in client.get(address).text) is seen


def test_an_edit_changes_what_identifies_only_if_the_form_has_it(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = shared_lead(stored, here, case(stored, here))
    stored.commit()
    address = f"/leads/{row.item.uuid}/edit"
    text = {"kind": "telephone", "title-en": "A number", "body-en": "It calls."}
    as_(client, stored, here.head_kh)
    none: dict[str, object] = {"identifiers-kind": "phone", "identifiers-value": ""}
    turns: list[tuple[dict[str, object], int]] = [(ROWS, 2), ({}, 2), (none, 0)]
    for number, (more, left) in enumerate(turns):
        data = {**text, **more, "seen": make_cases.seen(client, address), "once": once(number)}
        assert client.post(address, data=data).status_code == 302
        assert len(stored.scalars(select(Identifier)).all()) == left
        stored.commit()
        if left:
            assert "+855 12 345 678" in client.get(address).text
    page = client.get(f"/leads/{row.item.uuid}").text
    assert 'Wallet address: <bdi dir="ltr">TXYZopYRdj2D9XRtbG411XZZ3kM5VkAeBf</bdi>' in page


@pytest.mark.parametrize(
    ("kinds", "values", "sentence"),
    [
        (["phone"], ["call me"], "“call me” cannot be read as “Telephone number”."),
        (["gossip"], ["12345"], "Choose what each value is."),
        (["phone", "phone"], ["+85512345678"], "Choose what each value is."),
        (["alias"], ["a\u202eb"], "Remove the invisible control characters."),
        (["alias"], ["x" * 301], "Too long: at most 300 characters."),
        (["alias"] * 51, [f"Boss {n}" for n in range(51)], "At most 50 values that identify."),
    ],
)
def test_a_wrong_value_is_refused_in_words_and_what_was_written_stays(
    client: FlaskClient, stored: Session, kinds: list[str], values: list[str], sentence: str
) -> None:
    here = world(stored)
    of = case(stored, here)
    as_(client, stored, here.head_kh)
    data = written(**{"identifiers-kind": kinds, "identifiers-value": values})
    answer = client.post(f"/cases/{of.item.uuid}/leads/new", data=data)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert stored.scalars(select(Lead)).all() == []
