"""Two who put files under one lead at the same moment, on PostgreSQL (SQLite lets one write at a time)."""

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from confmgr.accounts.models import User
from confmgr.cases import attaching, files
from confmgr.cases.models import Attachment, Lead
from confmgr.errors import Refused
from tests import make_cases
from tests.make_scheduling import NOW, world
from tests.scheduling.test_races import at_once, engine

__all__ = ["engine"]


def test_two_at_the_same_moment_do_not_put_more_files_there_than_there_may_be(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "MOST_FILES", 1)
    with Session(engine, expire_on_commit=False) as session:
        here = world(session)
        lead = make_cases.lead(session, here, make_cases.case(session, here)).id
        author = here.head_kh.id
        session.commit()

    def attach(session: Session) -> None:
        item, actor = session.get_one(Lead, lead).item, session.get_one(User, author)
        attaching.attach(session, item, actor=actor, now=NOW, name="a.txt", content=b"a")

    late = at_once(engine, attach, attach)
    assert isinstance(late, Refused)
    assert late.reason == "too_many_files"
    with Session(engine) as session:
        assert session.scalar(select(func.count(Attachment.id))) == 1
