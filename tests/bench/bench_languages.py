"""What a page costs in each language against English: the agenda of a delegate and the programme of a large meeting."""

import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from confmgr.app import create_app
from confmgr.app.migrating import upgrade
from confmgr.config import load
from confmgr.orm.engine import writing
from confmgr.values.languages import LANGUAGES
from confmgr.web.db import db
from tests import make
from tests.bench.bench_web import fill
from tests.bench.measures import Measure, report
from tests.setup.serving import environment

ROUNDS = 30
MOST_ABOVE_ENGLISH = 10


def main(options: Sequence[str]) -> int:
    """Measure both pages in every language, one after the other in each round, so that a busy machine is fair to all."""
    with tempfile.TemporaryDirectory(prefix="confmgr-bench-") as name:
        for setting in [one for one in os.environ if one.startswith("CONFMGR_")]:
            del os.environ[setting]
        os.environ.update(environment(Path(name)))
        client, slug = _delegate()
        found = [
            one
            for title, page in (("agenda", "my-agenda"), ("programme", "programme"))
            for one in _compared(client, title, f"/meetings/{slug}/{page}")
        ]
    return report(found, options)


def _compared(client: FlaskClient, title: str, url: str) -> list[Measure]:
    spent: dict[str, float] = {}
    for turn in range(ROUNDS + 1):
        for tag in LANGUAGES:
            if client.get(f"{url}?lang={tag}").status_code != 200:  # the visit keeps the language: asked twice
                raise RuntimeError(url)
            began = time.process_time()
            client.get(f"{url}?lang={tag}")
            took = (time.process_time() - began) * 1000
            if turn:  # the first fills what is kept between pages
                spent[tag] = min(spent.get(tag, took), took)
    return [
        Measure(f"{title}: English", spent["en"], "ms"),
        *(
            Measure(f"{title}: {tag} above English", 100 * (spent[tag] / spent["en"] - 1), "%", MOST_ABOVE_ENGLISH)
            for tag in LANGUAGES
            if tag != "en"
        ),
    ]


def _delegate() -> tuple[FlaskClient, str]:
    app = create_app(load())
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        upgrade()
        engine = db.engine
    token = writing.set(True)
    with Session(engine, expire_on_commit=False) as session:
        here = fill(session)
        client = app.test_client()
        make.sign_in(client, session, here.head_kh)
    writing.reset(token)
    return client, here.meeting.slug
