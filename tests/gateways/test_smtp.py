"""Handing mails to servers: that refuse, hang up, never answer, want encryption, a password, or letters of all scripts."""

import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from aiosmtpd.smtp import Session as Conversation

from confmgr.gateways.mail import MailRefused, Smtp
from tests.make_mail import Dropping, Refusing, Silent, Taking, free_port, listening

RAW = "Subject: Hello\r\n\r\n.One line that begins with a dot\r\n경찰\r\n".encode()
TO = "dara@police.example"
FROM = "secretariat@police.example"


class Counting(Taking):
    """Counts the connections, too."""

    def __init__(self) -> None:
        super().__init__()
        self.peers: set[object] = set()
        self.options: list[str] = []

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, session: Conversation, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.peers.add(session.peer)
        self.options += options
        envelope.mail_from = address
        return "250 OK"


class Picky(Taking):
    """Refuses some recipients, by their local part, and takes the others."""

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Conversation, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        code = address.partition("@")[0]
        if code.isdecimal():
            return f"{code} Not this one"
        envelope.rcpt_tos.append(address)
        return "250 OK"


class Content(Taking):
    """Answers the content of a mail with one line."""

    async def handle_DATA(self, *_asked: object) -> str:  # noqa: N802
        return "554 Looks like spam"


class Sender(Taking):
    async def handle_MAIL(self, *_asked: object) -> str:  # noqa: N802
        return "550 Who are you?"


class Certificate:
    """A certificate of its own authority, for a server."""

    def __init__(self, folder: Path, host: str) -> None:
        self.file, key = folder / "server.pem", folder / "key.pem"
        words = ["-subj", f"/CN={host}", "-addext", f"subjectAltName=IP:{host}", "-out", str(self.file)]
        made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "9", "-keyout", str(key), *words]
        subprocess.run(made, check=True, capture_output=True)
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.context.load_cert_chain(self.file, key)

    @property
    def option(self) -> str:
        return f"cafile={quote(str(self.file))}"


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate(tmp_path_factory.mktemp("here"), "127.0.0.1")


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate(tmp_path_factory.mktemp("elsewhere"), "192.0.2.1")


def refusal(url: str, recipient: str = TO, sender: str = FROM) -> MailRefused:
    with closing(Smtp(url)) as way, pytest.raises(MailRefused) as refused:
        way.send(RAW, sender=sender, recipient=recipient)
    return refused.value


def test_many_mails_go_over_one_connection_byte_for_byte() -> None:
    taking = Counting()
    with listening(taking) as port, closing(Smtp(f"smtp://127.0.0.1:{port}")) as way:
        for n in range(5):
            way.send(RAW, sender=FROM, recipient=f"person{n}@police.example")
    assert len(taking.peers) == 1
    assert [raw for _to, raw in taking.taken] == [RAW] * 5


def test_a_connection_that_was_dropped_between_two_mails_is_opened_again() -> None:
    with closing(Smtp(f"smtp://127.0.0.1:{(port := free_port())}")) as way:
        for _server in range(2):
            taking = Taking()
            with listening(taking, port=port):
                way.send(RAW, sender=FROM, recipient=TO)
            assert len(taking.taken) == 1


@pytest.mark.parametrize(("code", "permanent"), [(550, True), (451, False)])
def test_a_refused_recipient_does_not_keep_the_next_from_the_mail(code: int, *, permanent: bool) -> None:
    taking = Picky()
    with listening(taking) as port, closing(Smtp(f"smtp://127.0.0.1:{port}")) as way:
        with pytest.raises(MailRefused) as refused:
            way.send(RAW, sender=FROM, recipient=f"{code}@police.example")
        way.send(RAW, sender=FROM, recipient=TO)
    assert refused.value.reason == f"{code} Not this one"
    assert (refused.value.permanent, refused.value.server) == (permanent, False)
    assert [to for to, _raw in taking.taken] == [TO]


def test_a_refused_content_is_refused_for_good() -> None:
    with listening(Content()) as port:
        refused = refusal(f"smtp://127.0.0.1:{port}")
    assert (refused.reason, refused.permanent, refused.server) == ("554 Looks like spam", True, False)


def test_a_server_that_does_not_take_our_sender_takes_no_mail_at_all() -> None:
    with listening(Sender()) as port:
        refused = refusal(f"smtp://127.0.0.1:{port}")
    assert (refused.reason, refused.permanent) == ("sender: 550 Who are you?", False)
    assert (refused.server, refused.offered) == (True, False)


def test_a_goodbye_is_no_matter_of_this_mail() -> None:
    with listening(Refusing("421 Closing")) as port:
        refused = refusal(f"smtp://127.0.0.1:{port}")
    assert (refused.reason, refused.permanent, refused.server) == ("421 Closing", False, True)


def test_a_server_that_never_answers_the_content_is_given_up_after_the_time() -> None:
    with listening(Silent()) as port:
        refused = refusal(f"smtp://127.0.0.1:{port}?timeout=0.3")
    assert (refused.reason, refused.permanent, refused.server, refused.offered) == ("timeout:", False, True, True)


def test_a_server_that_hangs_up_in_the_content_is_asked_again() -> None:
    with listening(Dropping()) as port:
        refused = refusal(f"smtp://127.0.0.1:{port}")
    assert (refused.reason, refused.permanent, refused.server, refused.offered) == ("dropped:", False, False, True)


def test_a_port_that_nobody_listens_on_and_one_that_stays_silent_are_no_matter_of_the_mail() -> None:
    refused = refusal(f"smtp://127.0.0.1:{free_port()}")
    assert (refused.reason, refused.server, refused.offered) == ("unreachable:", True, False)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        refused = refusal(f"smtp://127.0.0.1:{silent.getsockname()[1]}?timeout=0.3")
    assert (refused.reason, refused.server, refused.offered) == ("timeout:", True, False)


def test_starttls_and_implicit_tls_reach_a_server_that_proves_itself(here: Certificate) -> None:
    taking = Taking()
    for url, options in (
        (
            f"smtp://127.0.0.1:{{port}}?starttls=1&{here.option}",
            {"tls_context": here.context, "require_starttls": True},
        ),
        (f"smtps://127.0.0.1:{{port}}?{here.option}", {"ssl_context": here.context}),
    ):
        with listening(taking, **options) as port, closing(Smtp(url.format(port=port))) as way:
            way.send(RAW, sender=FROM, recipient=TO)
    assert [raw for _to, raw in taking.taken] == [RAW, RAW]


def test_a_certificate_of_another_host_or_of_a_stranger_is_refused(here: Certificate, elsewhere: Certificate) -> None:
    with listening(Taking(), tls_context=elsewhere.context, require_starttls=True) as port:
        wrong = refusal(f"smtp://127.0.0.1:{port}?starttls=1&{elsewhere.option}")
    with listening(Taking(), tls_context=here.context, require_starttls=True) as port:
        unknown = refusal(f"smtp://127.0.0.1:{port}?starttls=1")
    for refused in (wrong, unknown):
        assert refused.reason.startswith("certificate: ")
        assert (refused.permanent, refused.server, refused.offered) == (False, True, False)


def test_no_mail_leaves_in_the_open_where_encryption_was_asked_for() -> None:
    taking = Taking()
    with listening(taking) as port:
        refused = refusal(f"smtp://127.0.0.1:{port}?starttls=1")
    assert refused.reason.startswith("encryption: ")
    assert taking.taken == []


def check(_server: SMTP, _session: Conversation, _envelope: Envelope, _mechanism: str, given: object) -> AuthResult:
    good = isinstance(given, LoginPassword) and (given.login, given.password) == (b"us", b"a secret/")
    return AuthResult(success=good, handled=False, message=None if good else "535 5.7.8 Wrong")


@pytest.fixture
def guarded(here: Certificate) -> Iterator[tuple[Taking, str]]:
    taking = Taking()
    with listening(taking, tls_context=here.context, authenticator=check, auth_required=True) as port:
        yield taking, f"127.0.0.1:{port}?starttls=1&{here.option}"


def test_a_good_password_is_taken(guarded: tuple[Taking, str]) -> None:
    taking, address = guarded
    with closing(Smtp(f"smtp://us:{quote('a secret/', safe='')}@{address}")) as way:
        way.send(RAW, sender=FROM, recipient=TO)
    assert len(taking.taken) == 1


def test_a_bad_password_is_no_matter_of_the_mail(guarded: tuple[Taking, str]) -> None:
    taking, address = guarded
    refused = refusal(f"smtp://us:wrong@{address}")
    assert refused.reason.startswith("login: 535")
    assert (refused.permanent, refused.server, refused.offered, taking.taken) == (False, True, False, [])


def test_a_server_that_knows_no_passwords_is_named_so() -> None:
    with listening(Taking()) as port:
        refused = refusal(f"smtp://us:secret@127.0.0.1:{port}")
    assert refused.reason.startswith("login: ")


def test_a_domain_of_another_script_travels_encoded() -> None:
    taking = Counting()
    with listening(taking) as port, closing(Smtp(f"smtp://127.0.0.1:{port}")) as way:
        way.send(RAW, sender=FROM, recipient="dara@경찰.example")
    assert [to for to, _raw in taking.taken] == ["dara@xn--289ak01d.example"]


def test_a_name_of_another_script_needs_a_server_that_knows_it() -> None:
    taking = Counting()
    with listening(taking, enable_SMTPUTF8=True) as port, closing(Smtp(f"smtp://127.0.0.1:{port}")) as way:
        way.send(RAW, sender=FROM, recipient="다라@경찰.example")
    assert [to for to, _raw in taking.taken] == ["다라@xn--289ak01d.example"]
    assert "SMTPUTF8" in taking.options
    with listening(Taking(), enable_SMTPUTF8=False) as port:
        refused = refusal(f"smtp://127.0.0.1:{port}", "다라@경찰.example")
    assert (refused.reason, refused.permanent, refused.server) == ("smtputf8:", True, False)


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b.example, evil@c.example", "a@b.example\r\nRCPT TO:<evil@c.example>", "a b@c.example"]
)
def test_what_is_not_one_address_is_never_offered(address: str) -> None:
    taking = Taking()
    with listening(taking) as port:
        refused = refusal(f"smtp://127.0.0.1:{port}", address)
    assert (refused.reason, refused.permanent, taking.taken) == ("bad_address:", True, [])
