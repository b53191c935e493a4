"""What a database needs beside the table `search_text` to find words: an FTS5 index, or a GIN index over its words.

The words stand in the table folded and parted by blanks (`confmgr.values.searching`), so that both databases compare
them as they are. On SQLite triggers carry every change of the table into the index, in the same transaction.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    Table,
    and_,
    event,
    func,
    literal,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session
from sqlalchemy.sql import column

from confmgr.orm.acting import UNGUARDED
from confmgr.sharing.clause import there
from confmgr.sharing.models import SearchText

SQLITE = (
    """CREATE VIRTUAL TABLE IF NOT EXISTS search_index USING fts5(
  words, content='search_text', content_rowid='item_id', tokenize='ascii', detail='none', columnsize=0)""",
    """CREATE TRIGGER IF NOT EXISTS search_text_added AFTER INSERT ON search_text BEGIN
  INSERT INTO search_index(rowid, words) VALUES (new.item_id, new.words); END""",
    """CREATE TRIGGER IF NOT EXISTS search_text_gone AFTER DELETE ON search_text BEGIN
  INSERT INTO search_index(search_index, rowid, words) VALUES ('delete', old.item_id, old.words); END""",
    """CREATE TRIGGER IF NOT EXISTS search_text_changed AFTER UPDATE ON search_text BEGIN
  INSERT INTO search_index(search_index, rowid, words) VALUES ('delete', old.item_id, old.words);
  INSERT INTO search_index(rowid, words) VALUES (new.item_id, new.words); END""",
)
MANY = 5_000
"""Texts with a word, from which on it is a common one."""
LEXEMES = "array_to_tsvector(string_to_array(words, ' '))"
POSTGRESQL = (
    f"CREATE INDEX IF NOT EXISTS ix_search_text_words ON search_text USING gin ({LEXEMES}) WITH (fastupdate = off)",
)
HOLDING = "confmgr_holding"
"""A function of PostgreSQL, part of the wall: which items hold words, of those whose body may be seen."""
HELD = f"SELECT search_text.item_id FROM search_text WHERE {LEXEMES.replace('words', 'search_text.words')} @@ asked"  # noqa: S608
_padded = literal(" ").concat(SearchText.words).concat(" ")
_index = table("search_index", column("rowid"), column("search_index"))


def _make(target: Table, connection: Any, **_rest: Any) -> None:
    for statement in SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL:
        connection.exec_driver_sql(statement)


event.listen(SearchText.__table__, "after_create", _make)


def few(session: Session, user_id: int, words: tuple[str, ...]) -> list[int] | None:
    """Items whose body an account may see and that hold all of some words, or longer ones that begin with them.

    None where many hold them, or the database cannot say: then they are looked for one by one (`holding`).
    """
    if session.get_bind().dialect.name == "sqlite" or getattr(session, "viewer", None) != user_id:
        return None
    lexemes = " & ".join(f"'{word}'{_star(word, ':*')}" for word in words)
    held: Sequence[int] | None = session.scalar(select(getattr(func, HOLDING)(literal(lexemes).cast(TSQUERY), MANY)))
    return None if held is None else list(held)


def holding(session: Session, words: tuple[str, ...], item: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Whether the text of an item holds all of some words, or longer ones that begin with them.

    SQLite cannot tell how often a word stands there, and would gather all texts with a common one: such words are
    looked for in the texts of a page, one by one, and only the others in the index. So are all on PostgreSQL, where
    the index answers only what is rare (`few`): nothing goes into an index past the wall.
    """
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    common = _common(session, words) if on_sqlite else frozenset(words)
    said = [_padded.contains(f" {word}{'' if _star(word, '*') else ' '}") for word in words if word in common]
    clauses = [there(SearchText, SearchText.item_id == item, *said)] if said else []
    rare = [word for word in words if word not in common]
    return and_(*clauses, *([item.in_(select(_index.c.rowid).where(_match(rare)))] if rare else []))


def _common(session: Session, words: tuple[str, ...]) -> frozenset[str]:
    """Those of some words that many texts hold; one statement."""
    each = [
        select(func.count())
        .select_from(select(_index.c.rowid).where(_match([word])).limit(MANY).subquery())
        .scalar_subquery()
        for word in words
    ]
    counts = session.execute(select(*each), execution_options=UNGUARDED).one()
    return frozenset(word for word, count in zip(words, counts, strict=True) if count == MANY)


def _match(words: Sequence[str]) -> ColumnElement[bool]:
    return _index.c.search_index.op("MATCH")(" ".join(f'"{word}"{_star(word, "*")}' for word in words))


def _star(word: str, star: str) -> str:
    """A single letter stands for itself: so many words begin with it that nothing is found by it."""
    return star if len(word) > 1 else ""
