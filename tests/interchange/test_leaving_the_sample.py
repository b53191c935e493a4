from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from confmgr.config import Settings


@pytest.fixture
def sample(app: Flask) -> Iterator[None]:
    """The application as it is when it shows the sample operation."""
    settings: Settings = app.extensions["confmgr"]
    app.extensions["confmgr"] = replace(settings, sample=True)
    yield
    app.extensions["confmgr"] = settings


def test_the_button_asks_for_an_empty_installation(
    client: FlaskClient, sample: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave = tmp_path / "leave"
    monkeypatch.setenv("CONFMGR_LEAVE_SAMPLE", str(leave))
    answer = client.post("/sample/leave")
    assert answer.status_code == 202
    assert answer.headers["Refresh"] == "4; url=/"
    assert leave.exists()


def test_an_installation_of_ones_own_cannot_be_left(
    client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave = tmp_path / "leave"
    monkeypatch.setenv("CONFMGR_LEAVE_SAMPLE", str(leave))
    assert client.post("/sample/leave").status_code == 404
    assert not leave.exists()


def test_a_link_alone_leaves_nothing(client: FlaskClient, sample: None) -> None:
    assert client.get("/sample/leave").status_code == 405
