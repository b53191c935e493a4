"""The agenda of one person as a document: what it holds, whose it is, and that of all delegates by a job."""

import io
import zipfile

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.jobs import running
from confmgr.jobs.models import Job
from confmgr.meetings.domain import Role
from confmgr.reports.models import CachedDocument
from confmgr.scheduling.models import SessionCase
from confmgr.values.words import Words
from tests import make
from tests.conftest import Counter
from tests.gateways.paper import metadata, plain
from tests.make_invitations import case, published
from tests.make_scheduling import ELEVEN, World, as_, bilateral, move, world
from tests.reports.test_prints import get, text

SECRET = "The ringleader of the blue house"
OWN = "/meetings/seoul-2/my-agenda.pdf"
ALL = "/meetings/seoul-2/prints/agendas.zip"


def planned(session: Session) -> World:
    """Cambodia and Thailand meet on a case of Cambodia; Viet Nam has a delegate and nothing to do."""
    here = world(session)
    here.kh.delegates[0].language = "ko"
    vn = make.delegation(session, here.meeting, "VN")
    make.delegate(session, vn, "Nguyen An")
    row = bilateral(session, here, title=Words.of("On the house"))
    row.cases.append(SessionCase(case_id=case(session, here, SECRET).id))
    published(session, here)
    session.commit()
    return here


def zipped(client: FlaskClient, session: Session) -> dict[str, bytes]:
    """All agendas, once the job has made them."""
    assert client.get(ALL).location.startswith("/jobs/")
    job = session.scalars(select(Job).where(Job.kind == "print_document").order_by(Job.id.desc()).limit(1)).one()
    session.commit()
    running.run(client.application, job.id)
    answer = client.get(ALL)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_delegate_prints_the_own_agenda_with_the_cases_that_the_delegate_may_read(
    client: FlaskClient, stored: Session
) -> None:
    here = planned(stored)
    as_(client, stored, here.head_kh)
    (page,) = get(client, f"{OWN}?language=en")
    assert "Sok Dara" in page
    assert "10:00–10:40 On the house" in page
    assert f"KH-01 {SECRET}" in page
    assert "issue 1" in page
    assert page.count("TLP:AMBER") == 2
    as_(client, stored, here.head_th)
    (page,) = get(client, f"{OWN}?language=en")
    assert "10:00–10:40 On the house" in page
    assert SECRET not in page
    assert "KH-01" not in page


def test_who_is_no_delegate_has_no_agenda_and_nobody_prints_that_of_another(
    client: FlaskClient, stored: Session
) -> None:
    here = planned(stored)
    other = f"/meetings/seoul-2/delegations/{here.th.uuid}/people/{here.delegate_th.uuid}/agenda.pdf"
    as_(client, stored, here.head_kh)
    assert client.get(other).status_code == 403
    assert client.get(ALL).status_code == 403
    as_(client, stored, here.organiser)
    assert client.get(OWN).status_code == 404
    assert "Somchai Wong" in get(client, other)[0]
    assert client.get(other.replace(str(here.th.uuid), str(here.kh.uuid))).status_code == 404
    leader = make.user(stored)
    make.membership(stored, here.meeting, leader, Role.LEADERSHIP)
    as_(client, stored, leader)
    assert client.get(other).status_code == 403


def test_the_agendas_of_all_delegates_come_in_a_zip_each_tagged_and_in_its_own_language(
    client: FlaskClient, stored: Session
) -> None:
    here = planned(stored)
    as_(client, stored, here.organiser)
    found = zipped(client, stored)
    assert list(found) == ["KH-Sok-Dara.pdf", "TH-Somchai-Wong.pdf", "VN-Nguyen-An.pdf"]
    assert "2026년 2월 5일 목요일" in text(found["KH-Sok-Dara.pdf"])[0].replace("\u2060", "")
    assert "A fraud case" in text(found["TH-Somchai-Wong.pdf"])[0]  # the envelope, which an organiser may see
    assert SECRET not in " ".join(page for file in found.values() for page in text(file))
    assert "Nothing in the programme yet." in text(found["VN-Nguyen-An.pdf"])[0]
    for file in found.values():
        assert b"/Marked true" in plain(file)
        assert b"pdfuaid" in plain(file)


def test_a_new_publication_leaves_the_agenda_of_who_is_not_concerned_as_it_was(
    client: FlaskClient, stored: Session
) -> None:
    here = planned(stored)
    vn = make.delegation(stored, here.meeting, "LA")
    make.delegate(stored, vn, "Kham La")
    row = bilateral(stored, here, delegations=[here.th, vn], starts=ELEVEN, place=here.t2)
    published(stored, here)
    as_(client, stored, here.organiser)
    first = zipped(client, stored)
    move(stored, here, row, ELEVEN.replace(hour=14))
    published(stored, here)
    stored.commit()
    second = zipped(client, stored)
    assert first["KH-Sok-Dara.pdf"] == second["KH-Sok-Dara.pdf"]
    assert first["TH-Somchai-Wong.pdf"] != second["TH-Somchai-Wong.pdf"]
    assert "Sok Dara" in metadata(first["KH-Sok-Dara.pdf"])["Title"]
    assert len(stored.scalars(select(CachedDocument.id)).all()) == 4 + 2 + 2  # agendas, those that changed, two ZIPs


@pytest.mark.parametrize("number", [1, 20])
def test_all_agendas_ask_the_same_number_of_statements_for_any_number_of_delegates(
    client: FlaskClient, stored: Session, statements: Counter, number: int
) -> None:
    here = planned(stored)
    for n in range(number):
        make.delegate(stored, here.kh, f"Number {n}")
    as_(client, stored, here.organiser)
    statements.statements.clear()
    assert client.get(ALL).status_code == 302
    assert statements.count == 21 - (
        stored.get_bind().dialect.name == "postgresql"
    )  # SQLite hands over its writing lock
