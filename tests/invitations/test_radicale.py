"""A calendar server of another make (Radicale) takes what we send, and returns the same."""

import threading
from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
import radicale.config
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from radicale.app import Application
from sqlalchemy.orm import Session

from confmgr.scheduling.services import cancel_session
from confmgr.values.words import Words
from tests.calendar_program import content, mail
from tests.make_invitations import bytes_of, messages, published
from tests.make_scheduling import ELEVEN, NOW, as_, bilateral, move, world

pytestmark = pytest.mark.slow
SIGNED_IN = {"Authorization": "Basic " + b64encode(b"dara:any").decode()}
HARD = "한국–ប្រទេសកម្ពុជា; “Talks”, part 1\\2 😀 " + "far beyond one line of seventy-five octets " * 3


class Quiet(WSGIRequestHandler):
    def log_message(self, *_words: object) -> None:
        """Say nothing."""


class CalendarServer:
    """One collection of one person."""

    def __init__(self, server: WSGIServer) -> None:
        self._port = server.server_port

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "text/calendar") -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=20)
        connection.request(method, path, body, {**SIGNED_IN, "Content-Type": f"{kind}; charset=utf-8"})
        answer = connection.getresponse()
        result = answer.status, answer.read()
        connection.close()
        return result


@pytest.fixture
def server(tmp_path: Path) -> Iterator[CalendarServer]:
    settings = {
        "auth": {"type": "none"},
        "storage": {"filesystem_folder": str(tmp_path)},
        "rights": {"type": "authenticated"},
    }
    configuration = radicale.config.load()
    configuration.update(settings, "tests", privileged=True)
    with make_server("127.0.0.1", 0, Application(configuration), handler_class=Quiet) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        found = CalendarServer(running)
        assert found.ask("MKCALENDAR", "/dara/meeting/")[0] == 201
        yield found
        running.shutdown()
        thread.join()


def shape(content_of: bytes) -> list[tuple[str, ...]]:
    """What matters of each event."""
    names = ("UID", "SEQUENCE", "SUMMARY", "LOCATION", "DESCRIPTION", "STATUS", "ORGANIZER")
    found = []
    for event in Calendar.from_ical(content_of).walk("VEVENT"):
        times = tuple(str(event[name].dt) for name in ("DTSTART", "DTEND"))  # type: ignore[union-attr]
        found.append((*times, *(str(event.get(name)) for name in names)))
    return sorted(found)


def stored_form(scheduling_object: bytes) -> bytes:
    """As a program keeps an invitation: without its method (RFC 4791, 4.1)."""
    return b"".join(line for line in scheduling_object.splitlines(keepends=True) if not line.startswith(b"METHOD:"))


def test_the_server_returns_each_version_of_an_invitation_as_it_was_sent(
    app: Flask, stored: Session, server: CalendarServer
) -> None:
    here = world(stored)
    row = bilateral(stored, here)
    row.title = Words.of(HARD)
    here.t1.name = Words.of("Room “Han”, 3; left\\right")
    stored.flush()
    versions = [messages(stored, published(stored, here))[0]]
    move(stored, here, row)
    versions.append(messages(stored, published(stored, here, NOW + timedelta(hours=1)))[0])
    cancel_session(stored, row, actor=here.organiser, now=NOW)
    versions.append(messages(stored, published(stored, here, NOW + timedelta(hours=2)))[0])
    for sequence, version in enumerate(versions):
        with app.app_context():
            raw = bytes_of(version)
        sent = stored_form(content(mail(raw), "text/calendar"))
        path = f"/dara/meeting/{version.uid}.ics"
        assert server.ask("PUT", path, sent)[0] in {201, 204}
        status, returned = server.ask("GET", path)
        assert status == 200
        assert shape(returned) == shape(sent)
        assert shape(returned)[0][3] == str(sequence)
        assert HARD.strip() in shape(returned)[0][4]
    assert shape(server.ask("GET", "/dara/meeting/")[1])[0][7] == "CANCELLED"


def test_the_server_takes_a_downloaded_agenda_as_a_whole_calendar(
    client: FlaskClient, stored: Session, server: CalendarServer
) -> None:
    here = world(stored)
    bilateral(stored, here)
    bilateral(stored, here, starts=ELEVEN, minutes=20)
    published(stored, here)
    as_(client, stored, here.head_kh)
    sent = client.get("/meetings/seoul-2/my-agenda.ics").data
    assert server.ask("PUT", "/dara/whole/", sent)[0] == 201
    status, returned = server.ask("GET", "/dara/whole/")
    assert status == 200
    assert shape(returned) == shape(sent)
    assert len(shape(returned)) == 2
