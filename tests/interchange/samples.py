"""The sample operation in sizes that tests can afford, and the one of them that is made once a run."""

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from confmgr.app.factory import create_app
from confmgr.app.sample import DATA
from confmgr.config import Settings
from confmgr.interchange import building, schema
from confmgr.interchange.outputs import last_day, leader
from confmgr.orm.base import Base
from confmgr.reports import queries, rendering
from confmgr.sharing.queries import viewer_of
from confmgr.web.db import db
from tests.once import compiled, made_once

Raw = dict[str, Any]
Figures = dict[str, Any]


def real() -> Raw:
    """The data file with two requests a meeting and no publication: what the figures need, planned in a moment."""
    raw = tomllib.loads(DATA.read_text(encoding="utf-8"))
    for meeting in raw["meeting"]:
        meeting["requests"] = meeting["requests"][:2]
        meeting["publications"] = []
    return raw


def bare(raw: Raw) -> Raw:
    """A data file without requests, leads, what is said of them, and cases that nothing names: it loads in a moment."""
    named = {key for row in (*raw["figure"], *raw["joint_action"]) for key in row.get("cases", ())}
    named |= {row.get("case") for row in raw["action_request"]}
    for meeting in raw["meeting"]:
        meeting["cases"] = [case for case in meeting["cases"] if f"{case['from']}/{case['reference']}" in named]
        meeting["leads"] = meeting["requests"] = []
    for asked in raw["action_request"]:
        asked.pop("session", None)
    return raw | {key: [] for key in ("named", "comment", "question", "link")}


def opened(folder: Path) -> Flask:
    """The application of an installation of the sample."""
    app = create_app(
        Settings(
            instance=folder,
            database_url=f"sqlite:///{folder / 'confmgr.db'}",
            base_url="http://localhost",
            sample=True,
            secret_key="of a test, long enough to sign",
        )
    )
    app.config.update(WTF_CSRF_ENABLED=False)
    return app


def figures_of(raw: Raw, folder: Path) -> Figures:
    """The totals that a file leads to, once it is loaded into a new installation.

    Raises:
        schema.WrongData: The file contradicts itself.
    """
    data = schema.parse(raw)
    app = opened(folder)
    with app.app_context():
        Base.metadata.create_all(db.engine)
    built = building.build(app, data, tell=lambda *_words: None)
    with app.app_context():
        session, operation = built.book.session, built.book.operation
        viewer = viewer_of(session, leader(data, built), data.operation.at.replace(year=2027))
        now, day = data.operation.at.replace(year=2027), last_day(data)
        report = queries.outcome_report(session, operation, viewer, now, as_of=day)
        found = rendering.figures(report.facts, operation, [meeting for meeting, _found in report.earlier])
        db.session.remove()
        db.engine.dispose()
    return found


def small_sample(factory: pytest.TempPathFactory) -> Flask:
    """The sample with two requests a meeting, each meeting published once, in all languages that it has."""
    folder = factory.mktemp("sample")
    shutil.copytree(made_once(factory, "small-sample", _make), folder, dirs_exist_ok=True)
    return compiled(opened(folder), factory)


def small_figures(factory: pytest.TempPathFactory) -> Figures:
    """The totals of the small sample."""
    file = made_once(factory, "small-sample", _make) / "figures.json"
    found: Figures = json.loads(file.read_text(encoding="utf-8"))
    return found


def _make(folder: Path) -> None:
    raw = real()
    for meeting in raw["meeting"]:
        meeting["publications"] = [{"at": meeting["at"]}]
    found = figures_of(schema.translated(raw, DATA.parent / "words"), folder)
    (folder / "figures.json").write_text(json.dumps(found), encoding="utf-8")
