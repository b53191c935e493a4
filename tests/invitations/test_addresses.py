"""Addresses and names as a mail's headers carry them."""

from email import message_from_bytes
from email.policy import default

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from confmgr.values.addresses import ascii_domain
from tests.make_invitations import bytes_of, messages, published
from tests.make_scheduling import bilateral, world


@pytest.mark.parametrize(
    ("domain", "travels"),
    [
        ("Police.Example", "police.example"),
        ("경찰.example", "xn--289ak01d.example"),
        ("-경찰-.example", "-경찰-.example"),
    ],
)
def test_a_domain_travels_as_mail_servers_know_it(domain: str, travels: str) -> None:
    assert ascii_domain(domain) == travels


@pytest.mark.parametrize(
    ("name", "email", "header"),
    [
        ("Sok Dara", "dara@police.example", b'To: "Sok Dara" <dara@police.example>'),
        ('Sok "Dara" \\', "dara@police.example", b'To: "Sok \\"Dara\\" \\\\" <dara@police.example>'),
        ("Sok\r\nBcc: x@y.example", "dara@police.example", b'To: "Sok Bcc: x@y.example" <dara@police.example>'),
        ("Sok Dara", "dara@경찰.example", b'To: "Sok Dara" <dara@xn--289ak01d.example>'),
        ("Sok Dara", "다라@police.example", 'To: "Sok Dara" <다라@police.example>'.encode()),
        ("", "dara@police.example", b"To: dara@police.example"),
    ],
)
def test_a_mail_goes_to_one_address_whatever_the_name(
    app: Flask, stored: Session, name: str, email: str, header: bytes
) -> None:
    here = world(stored)
    here.delegate_kh.name, here.delegate_kh.email = name, email
    bilateral(stored, here)
    row = messages(stored, published(stored, here))[0]
    with app.app_context():
        raw = bytes_of(row)
    lines = raw.split(b"\r\n")
    assert [line for line in lines if line.startswith(b"To:")] == [header]
    mail = message_from_bytes(raw, policy=default)
    assert len(mail["To"].addresses) == 1
    assert mail["Bcc"] is None
