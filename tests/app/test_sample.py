"""An installation that the sample takes over."""

import sqlite3
from contextlib import closing
from pathlib import Path

from confmgr.activity import heads
from confmgr.activity.domain import Head
from confmgr.app.sample import take_over


def test_the_sample_takes_over_an_installation_whose_worker_has_sealed_its_audit_already(tmp_path: Path) -> None:
    """The seal was of another database: held against this one it would look as if somebody had rewritten the audit."""
    made, here = tmp_path / "made", tmp_path / "here"
    for folder, word in ((made, "sample"), (here, "before")):
        (folder / "mail").mkdir(parents=True)
        (folder / "mail" / f"{word}.eml").write_text(word)
        with closing(sqlite3.connect(folder / "confmgr.db")) as database:
            database.execute("CREATE TABLE told (word TEXT)")
            database.execute("INSERT INTO told VALUES (?)", (word,))
            database.commit()
    heads.keep(here, Head(1, "a" * 64))
    take_over(made, here)
    with closing(sqlite3.connect(here / "confmgr.db")) as database:
        assert database.execute("SELECT word FROM told").fetchall() == [("sample",)]
    assert sorted(path.name for path in (here / "mail").iterdir()) == ["before.eml", "sample.eml"]
    assert heads.read(here) is None
