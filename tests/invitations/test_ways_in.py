"""The ways in of replies: the pipe, LMTP, and a mailbox that is looked into each minute."""

import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from confmgr.app.factory import create_app
from confmgr.gateways import clock
from confmgr.gateways.imap import Mailbox as Looked
from confmgr.gateways.imap import MailboxBroken
from confmgr.invitations.cli import commands
from confmgr.invitations.domain import PartStat, ReplyState
from confmgr.invitations.models import Participation, Reply
from confmgr.jobs import running
from confmgr.jobs.domain import JobState
from confmgr.jobs.models import Job
from confmgr.orm.base import Base
from confmgr.web.db import db
from tests.conftest import settings_in
from tests.fake_imap import Mailbox, serving
from tests.make_replies import OUR_SERVER, calendar, invited, mail
from tests.make_scheduling import NOW

SOON = NOW + timedelta(hours=2)
INGEST = next(one for one in commands if one.name == "ingest")


@pytest.fixture
def proved(app: Flask) -> Iterator[Flask]:
    """The application, told the name of our mail server."""
    before = app.extensions["confmgr"]
    app.extensions["confmgr"] = replace(before, authserv_id=OUR_SERVER)
    yield app
    app.extensions["confmgr"] = before


def a_reply(session: Session) -> tuple[Participation, bytes]:
    here, person = invited(session)
    session.commit()
    address = str(here.delegate_kh.email)
    return person, mail(calendar(person.uid, address), address)


def piped(app: Flask, raw: bytes) -> Result:
    with clock.frozen(SOON):
        return app.test_cli_runner().invoke(INGEST, input=raw)


def kept(session: Session) -> list[Reply]:
    session.commit()
    return list(session.scalars(select(Reply).order_by(Reply.id)))


# The pipe


def test_a_piped_reply_changes_the_answer_once(proved: Flask, stored: Session) -> None:
    person, raw = a_reply(stored)
    assert [piped(proved, raw).exit_code for _time in range(2)] == [0, 0]
    assert [row.state for row in kept(stored)] == [ReplyState.APPLIED]
    stored.refresh(person)
    assert (person.answer, person.answered_at) == (PartStat.ACCEPTED, SOON)


@pytest.mark.parametrize(
    "raw", [b"", b"\x00\xff" * 100, b"Subject: x\r\n\r\n" + b"x" * (3 * 2**20)], ids=["no", "odd", "large"]
)
def test_whatever_is_piped_is_kept(proved: Flask, stored: Session, raw: bytes) -> None:
    assert piped(proved, raw).exit_code == 0
    (row,) = kept(stored)
    assert (row.state, row.size) == (ReplyState.HELD, len(raw))


def test_a_mail_comes_again_when_the_database_is_away(tmp_path: Path) -> None:
    settings = replace(settings_in(tmp_path), database_url=f"sqlite:///{tmp_path}/there/is/none.db")
    result = create_app(settings).test_cli_runner().invoke(INGEST, input=b"Subject: x\r\n\r\nx")
    assert result.exit_code == 75
    assert "the database cannot keep the mail now" in result.output


@pytest.mark.slow
def test_a_mail_comes_again_when_the_installation_is_not_set_up_right(tmp_path: Path) -> None:
    environment = {**os.environ, "CONFMGR_INSTANCE": str(tmp_path), "CONFMGR_MAILS_PER_MINUTE": "many"}
    command = [sys.executable, "-c", "from confmgr.app.cli import main; main()", "ingest"]
    done = subprocess.run(command, env=environment, input=b"Subject: x\r\n\r\nx", capture_output=True, check=False)
    assert done.returncode == 75
    assert b"confmgr stopped" in done.stderr


# LMTP


@contextmanager
def lmtp(folder: Path, listen: str) -> Iterator[str]:
    """`confmgr lmtp` as a process of its own; gives the address that it takes mails at."""
    environment = {
        **os.environ,
        "CONFMGR_INSTANCE": str(folder),
        "CONFMGR_AUTHSERV_ID": OUR_SERVER,
        "CONFMGR_DATABASE_URL": "",
    }
    command = [sys.executable, "-c", "from confmgr.app.cli import main; main()", "lmtp", "--listen", listen]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            yield next(line for line in process.stderr if "takes mails at" in line).split()[-1]
        finally:
            process.send_signal(signal.SIGTERM)
            process.stderr.read()
            assert process.wait(10) == 0


def database(folder: Path) -> Flask:
    app = create_app(settings_in(folder))
    with app.app_context():
        Base.metadata.create_all(db.engine)
    return app


def client_of(address: str) -> smtplib.LMTP:
    host, _, port = address.rpartition(":")
    return smtplib.LMTP(host, int(port)) if port.isdecimal() else smtplib.LMTP(address)


@pytest.mark.slow
@pytest.mark.parametrize("listen", ["127.0.0.1:0", "socket"])
def test_a_mail_server_hands_many_mails_over_by_lmtp(tmp_path: Path, listen: str) -> None:
    app = database(tmp_path)
    place = listen if ":" in listen else str(tmp_path / "s")
    if ":" not in listen:
        with socket.socket(socket.AF_UNIX) as left_behind:
            left_behind.bind(place)
    with lmtp(tmp_path, place) as address, client_of(address) as client:
        for number in range(5):
            raw = b"Message-ID: <%d@x>\r\nSubject: %d\r\n\r\n%s\r\n" % (number, number, b"x" * 5000)
            assert client.sendmail("a@b.example", ["replies@police.example"], raw) == {}
        again = client.sendmail(
            "a@b.example", ["one@police.example", "two@police.example"], b"Message-ID: <4@x>\r\n\r\n."
        )
        assert again == {"two@police.example": (452, b"4.5.3 One recipient at a time")}
        assert client.docmd("MAIL FROM:<a@b.example> SIZE=20000000")[0] == 552
        with app.app_context():
            db.drop_all()
        with pytest.raises(smtplib.SMTPDataError) as refused:
            client.sendmail("a@b.example", ["replies@police.example"], b"Message-ID: <9@x>\r\n\r\nx")
        assert refused.value.smtp_code == 452
        with app.app_context():
            db.create_all()
        assert client.sendmail("a@b.example", ["replies@police.example"], b"Message-ID: <9@x>\r\n\r\nx") == {}
        with app.app_context():
            assert list(db.session.scalars(select(Reply.message_id))) == ["<9@x>"]
    assert not (tmp_path / "s").exists()


@pytest.mark.slow
def test_more_conversations_at_once_than_a_mail_server_begins_are_sent_away(tmp_path: Path) -> None:
    database(tmp_path)
    with lmtp(tmp_path, "127.0.0.1:0") as address, ExitStack() as others:
        first, *_others = [others.enter_context(client_of(address)) for _one in range(20)]
        host, _, port = address.rpartition(":")
        with socket.create_connection((host, int(port)), timeout=10) as late:
            assert late.recv(100).startswith(b"421 ")
            assert late.recv(100) == b""
        assert first.sendmail("a@b.example", ["replies@police.example"], b"Message-ID: <1@x>\r\n\r\nx") == {}
        first.quit()
        time.sleep(0.5)  # until the server has seen it go
        with client_of(address) as later:
            assert later.noop()[0] == 250


# IMAP


def poll(app: Flask, stored: Session, url: str) -> Job:
    before = app.extensions["confmgr"]
    app.extensions["confmgr"] = replace(before, imap_url=url)
    job = Job(kind="poll_imap", args={}, created_at=NOW)
    stored.add(job)
    stored.commit()
    with clock.frozen(SOON):
        running.run(app, job.id)
    app.extensions["confmgr"] = before
    stored.refresh(job)
    stored.commit()
    return job


LARGE = b"Message-ID: <large@x>\r\nFrom: x@y.example\r\n\r\n" + b"x" * 2**21
BOMB = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(100))


@pytest.mark.parametrize(
    ("capabilities", "prefix"),
    [("IMAP4rev1 MOVE UIDPLUS", ""), ("IMAP4rev1 UIDPLUS", "INBOX."), ("IMAP4rev1", "INBOX/")],
)
def test_new_mails_of_a_mailbox_are_kept_and_moved_away(
    proved: Flask, stored: Session, capabilities: str, prefix: str
) -> None:
    person, raw = a_reply(stored)
    box = Mailbox({3: raw, 4: LARGE, 9: BOMB}, capabilities=capabilities, prefix=prefix)
    with serving(box) as url:
        job = poll(proved, stored, url)
    assert (job.state, job.result) == (JobState.DONE, {"kept": 3})
    assert [row.reason for row in kept(stored)] == [None, "too_large", "too_many_parts"]
    assert [row.size for row in kept(stored)][1] == len(LARGE)
    stored.refresh(person)
    assert person.answer is PartStat.ACCEPTED
    assert box.inbox == {}
    assert box.folders == {f"{prefix}Processed": [raw], f"{prefix}Rejected": [LARGE, BOMB]}
    assert not any("4 (BODY.PEEK[])" in asked for asked in box.asked)


def test_a_mail_that_is_not_kept_stays_in_the_mailbox() -> None:
    box = Mailbox({1: b"Subject: x\r\n\r\nx"})

    def full(_raw: bytes, _size: int) -> bool:
        raise LookupError

    with serving(box) as url, pytest.raises(LookupError):
        Looked(url).drain(full, largest=1000)
    assert list(box.inbox) == [1]
    assert box.folders == {}


@pytest.mark.parametrize(
    "box",
    [
        Mailbox({1: b"x"}, refuses_login=True),
        Mailbox({1: b"x"}, hangs_up_at="SEARCH"),
        Mailbox({1: b"x"}, hangs_up_at="MOVE"),
        Mailbox({1: b"x"}, prefix="Somewhere."),
    ],
    ids=["login", "search", "move", "folders"],
)
def test_a_broken_server_is_asked_again_the_next_minute(proved: Flask, stored: Session, box: Mailbox) -> None:
    with serving(box) as url:
        assert poll(proved, stored, url).state is JobState.DONE
        assert list(box.inbox) == [1]
        box.refuses_login, box.hangs_up_at, box.prefix = False, "", ""
        poll(proved, stored, url)
    assert box.inbox == {}
    assert len(kept(stored)) == 1


def test_nobody_listening_is_no_fault_of_the_worker(proved: Flask, stored: Session) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert poll(proved, stored, f"imaps://a:b@127.0.0.1:{port}/INBOX").result == {"kept": 0}
    with pytest.raises(MailboxBroken):
        Looked(f"imaps://a:b@127.0.0.1:{port}/INBOX").drain(lambda _raw, _size: True, largest=1)


def test_two_workers_do_not_look_at_once(proved: Flask, stored: Session) -> None:
    stored.add(Job(kind="poll_imap", args={}, created_at=NOW, state=JobState.RUNNING, started_at=SOON, beat_at=SOON))
    stored.commit()
    box = Mailbox({1: b"Subject: x\r\n\r\nx"})
    with serving(box) as url:
        assert poll(proved, stored, url).result == {"kept": 0}
    assert box.asked == []


def test_without_an_address_no_mailbox_is_looked_into(app: Flask, stored: Session) -> None:
    job = Job(kind="poll_imap", args={}, created_at=NOW)
    stored.add(job)
    stored.commit()
    running.run(app, job.id)
    stored.refresh(job)
    assert job.result == {"kept": 0}
