"""Figures on their way to the public, in the browser: proposed, released, cleared, under embargo, taken back."""

import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.gateways import clock
from confmgr.meetings.domain import Role
from confmgr.outcomes import services
from confmgr.outcomes.models import Figure, PublicFigure
from confmgr.sharing.domain import Tlp
from confmgr.values.words import Words
from tests import make
from tests.make_outcomes import carried_out, figure
from tests.make_scheduling import NOW, World, as_, once, world

PUBLIC = "/operations/breaking-chains/public-figures"
WAITING = "/operations/breaking-chains/public-figures/waiting"


def second(session: Session, here: World) -> User:
    """Another delegate of Cambodia."""
    person = make.user(session, "Chan Thida")
    make.membership(session, here.meeting, person, Role.DELEGATE, of_delegation=here.kh)
    return person


def press(session: Session, here: World) -> User:
    person = make.user(session, "Press officer")
    make.membership(session, here.meeting, person, Role.PRESS)
    return person


def confirmed(session: Session, here: World, by: User, *, low: int = 15, **changes: Any) -> Figure:
    row = figure(session, here, low=low, **{"title": Words.of("Poipet"), **changes})
    services.confirm_figure(session, row, actor=by, now=NOW)
    return row


def proposing(**changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "once": once(),
        "wording-en": "Arrested near the border",
        "clearing_party": "TH",
        "embargo": "",
        "zone": "Asia/Seoul",
    }
    return values | changes


def proposed(session: Session, here: World, row: Figure, **changes: Any) -> PublicFigure:
    """Proposed by the head of Cambodia's delegation; Thailand clears it."""
    values: dict[str, Any] = {"clearing_party": here.th.party} | changes
    return services.propose_figure(session, row, actor=here.head_kh, now=NOW, **values)


def published(session: Session, here: World, by: User, row: Figure, **changes: Any) -> PublicFigure:
    found = proposed(session, here, row, **changes)
    services.release_figure(session, found, actor=by, now=NOW, small_numbers=True)
    services.clear_figure(session, found, actor=here.head_th, now=NOW)
    return found


def versioned(row: PublicFigure, **changes: object) -> dict[str, object]:
    return {"version": row.version, "once": once()} | changes


def test_a_figure_becomes_public_once_proposed_released_and_cleared_by_three_persons(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    other, reader = second(stored, here), press(stored, here)
    row = confirmed(stored, here, other)
    address = f"/figures/{row.uuid}/publish"
    steps = (
        (here.head_kh, "", proposing()),
        (other, "/release", None),
        (here.head_th, "/clear", None),
    )
    for number, (person, path, data) in enumerate(steps, 2):
        as_(client, stored, reader)
        assert "No figure is public yet." in client.get(PUBLIC).text
        as_(client, stored, person)
        assert client.get(address).status_code == 200
        sent = data or versioned(stored.scalars(select(PublicFigure)).one(), once=once(number))
        stored.commit()
        assert client.post(f"{address}{path}", data=sent).status_code == 302
        stored.expire_all()
    as_(client, stored, reader)
    page = client.get(PUBLIC).text
    assert "Arrested near the border" in page
    assert ">15</bdi>" in page
    assert "First deprivation of liberty" in page


def test_who_proposed_does_not_release(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = confirmed(stored, here, second(stored, here))
    way = proposed(stored, here, row)
    as_(client, stored, here.head_kh)
    address = f"/figures/{row.uuid}/publish"
    assert f"{address}/release" not in client.get(address).text
    assert client.post(f"{address}/release", data=versioned(way)).status_code == 302
    assert "A second person releases it: you proposed it yourself." in client.get(address).text
    stored.expire_all()
    assert way.released_at is None


def test_what_waits_for_a_reader_stands_in_a_list(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    other = second(stored, here)
    as_(client, stored, here.head_kh)
    assert "Nothing has been proposed." in client.get(WAITING).text
    way = proposed(stored, here, confirmed(stored, here, other))
    found = []
    for person in (here.head_kh, other, here.head_th):
        as_(client, stored, person)
        found.append("waits for you" in client.get(WAITING).text)
    services.release_figure(stored, way, actor=other, now=NOW)
    for person in (other, here.head_th):
        as_(client, stored, person)
        found.append("waits for you" in client.get(WAITING).text)
    assert found == [False, True, False, False, True]


def test_those_who_write_find_the_list_of_what_is_on_its_way(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    found = []
    for person in (here.head_kh, press(stored, here), here.organiser):
        as_(client, stored, person)
        found.append(f'href="{WAITING}"' in client.get(PUBLIC).text)
    assert found == [True, False, False]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"clearing_party": "XX"}, "Not a valid choice."),
        ({"clearing_party": ""}, "Not a valid choice."),
        ({"embargo": "tomorrow"}, "Not a valid"),
        ({"embargo": "2026-02-30T10:00"}, "Not a valid"),
        ({"embargo": "2026-02-05T10:00", "zone": "Mars/Olympus"}, "zone"),
        ({"embargo": "2026-03-29T02:30", "zone": "Europe/Paris"}, "clock"),
        ({"wording-en": "a\u202eb"}, "Remove the invisible control characters."),
    ],
)
def test_a_wrong_proposal_is_refused_in_words_and_nothing_is_kept(
    client: FlaskClient, stored: Session, changes: dict[str, object], sentence: str
) -> None:
    here = world(stored)
    row = confirmed(stored, here, second(stored, here))
    as_(client, stored, here.head_kh)
    answer = client.post(f"/figures/{row.uuid}/publish", data=proposing(**changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert stored.scalars(select(PublicFigure)).all() == []


def test_a_figure_is_on_its_way_once(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    row = confirmed(stored, here, second(stored, here))
    proposed(stored, here, row)
    as_(client, stored, here.head_kh)
    answer = client.post(f"/figures/{row.uuid}/publish", data=proposing())
    assert answer.status_code == 422
    assert "This figure has been proposed already." in answer.text or "Waits for" in answer.text


@pytest.mark.parametrize(
    ("obstacle", "sentence"),
    [
        ("provisional", "A second person of its owner has to confirm it first."),
        ("corrected", "It has been corrected. Propose the correction instead."),
        ("source", "Its source has been withdrawn."),
        ("action", "It belongs to something marked more strictly than TLP:CLEAR."),
    ],
)
def test_what_keeps_a_figure_from_the_public_is_said_and_it_cannot_be_proposed(
    client: FlaskClient, stored: Session, obstacle: str, sentence: str
) -> None:
    here = world(stored)
    other = second(stored, here)
    row = confirmed(stored, here, other, joint_action=carried_out(stored, here) if obstacle == "action" else None)
    if obstacle == "provisional":
        services.take_back_confirmation(stored, row, actor=other, now=NOW, reason="Counted twice")
    if obstacle == "corrected":
        services.correct_figure(
            stored, row, actor=here.head_kh, now=NOW, code="p2", low=row.low, high=None, source=row.source,
            as_of=row.as_of,
        )  # fmt: skip
    if obstacle == "source":
        services.withdraw_source(stored, row.source, actor=here.head_kh, now=NOW, reason="Wrong")
    as_(client, stored, here.head_kh)
    assert sentence in client.get(f"/figures/{row.uuid}/publish").text
    assert client.post(f"/figures/{row.uuid}/publish", data=proposing()).status_code == 422
    assert stored.scalars(select(PublicFigure)).all() == []


def test_a_public_figure_that_no_longer_holds_is_gone_from_the_next_page_on(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    other = second(stored, here)
    row = confirmed(stored, here, other)
    published(stored, here, other, row)
    as_(client, stored, press(stored, here))
    assert "Poipet" in client.get(PUBLIC).text
    services.take_back_confirmation(stored, row, actor=other, now=NOW, reason="Counted twice")
    stored.commit()
    assert "No figure is public yet." in client.get(PUBLIC).text


def test_the_territory_of_the_joint_action_clears_and_nobody_else(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    other = second(stored, here)
    action = carried_out(stored, here, tlp=Tlp.CLEAR, territory=here.th.party)
    row = confirmed(stored, here, other, joint_action=action)
    as_(client, stored, here.head_kh)
    assert client.post(f"/figures/{row.uuid}/publish", data=proposing(clearing_party="KH")).status_code == 422
    assert client.post(f"/figures/{row.uuid}/publish", data=proposing(once=once(2))).status_code == 302
    way = stored.scalars(select(PublicFigure)).one()
    stored.commit()
    assert client.post(f"/figures/{row.uuid}/publish/clear", data=versioned(way)).status_code == 403
    as_(client, stored, here.head_th)
    assert client.post(f"/figures/{row.uuid}/publish/release", data=versioned(way)).status_code == 403
    assert client.post(f"/figures/{row.uuid}/publish/clear", data=versioned(way)).status_code == 302
    stored.expire_all()
    assert (way.cleared_by_id, way.released_at) == (here.head_th.id, None)


def test_an_embargo_ends_at_its_minute_in_its_own_zone(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    other = second(stored, here)
    row = confirmed(stored, here, other)
    as_(client, stored, here.head_kh)
    sent = proposing(embargo="2026-02-05T10:00", zone="Asia/Seoul")
    assert client.post(f"/figures/{row.uuid}/publish", data=sent).status_code == 302
    way = stored.scalars(select(PublicFigure)).one()
    services.release_figure(stored, way, actor=other, now=NOW)
    services.clear_figure(stored, way, actor=here.head_th, now=NOW)
    assert "5 Feb 2026, 01:00 UTC" in client.get(f"/figures/{row.uuid}/publish").text
    as_(client, stored, press(stored, here))
    ends = datetime.fromisoformat("2026-02-05T01:00:00+00:00")
    found = []
    for at in (ends - timedelta(seconds=1), ends):
        with clock.frozen(at):
            found.append("Arrested near the border" in client.get(PUBLIC).text)
    assert found == [False, True]


def test_fewer_than_five_persons_go_out_only_if_the_second_person_says_so(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    other = second(stored, here)
    row = confirmed(stored, here, other, low=4)
    way = proposed(stored, here, row)
    as_(client, stored, other)
    address = f"/figures/{row.uuid}/publish"
    assert "Fewer than five persons" in client.get(address).text
    client.post(f"{address}/release", data=versioned(way))
    assert "It counts fewer than five persons: say that it may go out all the same." in client.get(address).text
    assert client.post(f"{address}/release", data=versioned(way, once=once(2), small_numbers="y")).status_code == 302
    stored.expire_all()
    assert (way.released_by_id, way.small_numbers) == (other.id, True)


def test_the_owner_or_the_territory_takes_it_back_and_it_begins_anew(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    other = second(stored, here)
    row = confirmed(stored, here, other)
    way = published(stored, here, other, row)
    address = f"/figures/{row.uuid}/publish"
    as_(client, stored, here.organiser)
    assert client.post(f"{address}/take-back").status_code == 403
    as_(client, stored, here.head_th)
    assert client.post(f"{address}/take-back").status_code == 302
    assert "No figure is public yet." in client.get(PUBLIC).text
    as_(client, stored, here.head_kh)
    assert client.post(address, data=proposing()).status_code == 302
    stored.expire_all()
    assert (way.released_at, way.cleared_at, way.withdrawn_at) == (None, None, None)


def test_what_was_written_on_a_page_that_somebody_overtook_is_refused(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    other = second(stored, here)
    row = confirmed(stored, here, other)
    way = proposed(stored, here, row)
    as_(client, stored, other)
    late = versioned(way, version=way.version - 1)
    assert client.post(f"/figures/{row.uuid}/publish/release", data=late).status_code == 409
    as_(client, stored, here.head_th)
    assert client.post(f"/figures/{row.uuid}/publish/clear", data=late).status_code == 409


def test_the_words_that_were_released_stay_whatever_the_title_becomes(client: FlaskClient, stored: Session) -> None:
    here = world(stored)
    other = second(stored, here)
    row = confirmed(stored, here, other)
    published(stored, here, other, row)
    stored.commit()
    as_(client, stored, here.head_kh)
    sent = {"once": once(), "version": row.version, "attribution": "resulting", "title-en": "The villa of Mr Kim"}
    assert client.post(f"/figures/{row.uuid}/edit", data=sent).status_code == 302
    as_(client, stored, press(stored, here))
    page = client.get(PUBLIC).text
    assert ("Poipet" in page, "Mr Kim" in page) == (True, False)


def test_press_and_other_parties_read_what_is_public_and_nothing_of_what_is_on_its_way(
    client: FlaskClient, stored: Session
) -> None:
    here = world(stored)
    other = second(stored, here)
    out = confirmed(stored, here, other)
    published(stored, here, other, out)
    kept = confirmed(stored, here, other, low=77, code="kept", title=Words.of("Held back"))
    services.propose_figure(stored, kept, actor=here.head_kh, now=NOW, clearing_party=here.kh.party)
    readers = (press(stored, here), here.head_th, here.organiser)
    pages = []
    for person in readers:
        as_(client, stored, person)
        page = client.get(PUBLIC)
        assert page.status_code == 200
        found = client.get(f"{PUBLIC}.json")
        pages.append(found.json)
        assert "Held back" not in page.text + found.text
        assert ":77" not in found.text
    assert pages[0] == pages[1] == pages[2]
    assert pages[0] is not None
    assert pages[0]["totals"][0] | {"figures": []} == {
        "measure": "arrested",
        "currency": None,
        "from": 15,
        "to": 15,
        "figures": [],
    }
    assert [row["figure"] for row in pages[0]["figures"]] == [str(out.uuid)]
    assert (pages[0]["marking"], pages[0]["figures"][0]["wording"]) == ("TLP:CLEAR", {"en": "Poipet"})
    for person, code in ((readers[0], 404), (here.head_th, 403)):
        as_(client, stored, person)
        assert client.get(f"/figures/{kept.uuid}/publish").status_code == code
    as_(client, stored, make.user(stored, "Outsider"))
    assert [client.get(f"{PUBLIC}{end}").status_code for end in ("", ".json", ".pdf")] == [404, 404, 404]


def test_the_document_of_public_figures_holds_what_the_page_holds_and_is_marked_clear(
    client: FlaskClient, stored: Session, tmp_path: Path
) -> None:
    here = world(stored)
    other = second(stored, here)
    published(stored, here, other, confirmed(stored, here, other))
    confirmed(stored, here, other, low=77, code="kept", title=Words.of("Held back"))
    as_(client, stored, press(stored, here))
    answer = client.get(f"{PUBLIC}.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    (tmp_path / "public.pdf").write_bytes(answer.data)
    said = subprocess.run(["pdftotext", str(tmp_path / "public.pdf"), "-"], capture_output=True, check=True, timeout=60)
    text = said.stdout.decode()
    assert [word in text for word in ("TLP:CLEAR", "Poipet", "Held back")] == [True, True, False]
    assert client.get(f"{PUBLIC}.pdf").data == answer.data
