"""PDFs kept for a while under the hash of everything that they are made from: nobody reaches one without its HTML."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from confmgr.config import PACKAGE, STATIC
from confmgr.reports.models import CachedDocument
from confmgr.reports.printing import Print

KEPT = timedelta(days=1)
"""After the last use."""
FRESH = timedelta(hours=1)
"""A use is noted once an hour, so that reading seldom writes."""
MOST = 200 * 2**20
"""Bytes of all documents together; those go first that were not used for longest."""


def key(ready: Print) -> str:
    """What a document is kept under: its HTML (and with it what its reader may see), languages, files and program."""
    found = hashlib.sha256(program())
    for text in _said(ready):
        raw = text.encode("utf-8", "surrogatepass")
        found.update(b"%d:" % len(raw))
        found.update(raw)
    return found.hexdigest()


def _said(ready: Print) -> Iterable[str]:
    yield ready.title
    yield ready.created.isoformat()
    for part in ready.parts:
        yield part.language
        yield part.html
    for one in ready.attachments:
        yield "attached"
        yield one.name
        yield one.description
        yield one.content


@cache
def program() -> bytes:
    """A hash of what makes a PDF of HTML: this program's renderer and style sheets, the libraries and the fonts."""
    found = hashlib.sha256()
    for library in ("weasyprint", "pydyf", "fonttools", "pyicu-wheels"):
        found.update(f"{library} {_version(library)}\n".encode())
    for path in sorted([*(PACKAGE / "gateways" / "pdf").glob("*.py"), *STATIC.glob("*.css"), *STATIC.glob("*.svg")]):
        found.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    for path in sorted((STATIC / "vendor" / "fonts").glob("*/*.ttf")):
        found.update(f"{path.name} {path.stat().st_size}\n".encode())
    return found.digest()


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:  # built from elsewhere under another name
        return "?"


def kept(session: Session, keys: Collection[str]) -> dict[str, bytes]:
    """Those of some documents that are still there, by key; one statement."""
    rows = session.execute(select(CachedDocument.key, CachedDocument.file).where(CachedDocument.key.in_(keys)))
    return {key: bytes(file) for key, file in rows}


def keep(session: Session, made: Mapping[str, bytes], now: datetime) -> None:
    """Keep documents, or note that they are used; what is old or too much goes."""
    here = select(CachedDocument.key).where(CachedDocument.key.in_(made))
    known = set(session.scalars(here))
    if known:
        session.execute(
            update(CachedDocument)
            .where(CachedDocument.key.in_(known), CachedDocument.used_at < now - FRESH)
            .values(used_at=now)
        )
    new = {key: file for key, file in made.items() if key not in known}
    for name, file in new.items():
        _insert(session, CachedDocument(key=name, file=file, size=len(file), made_at=now, used_at=now))
    if new:
        forget(session, now)


def _insert(session: Session, row: CachedDocument) -> None:
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # somebody else made the same meanwhile
        return
    session.expunge(row)


def drop(session: Session, name: str) -> None:
    """Remove one at once."""
    session.execute(delete(CachedDocument).where(CachedDocument.key == name))


def forget(session: Session, now: datetime, *, most: int = MOST) -> None:
    """Drop what nobody used for a day; then, while there is too much, what was not used for longest."""
    session.execute(delete(CachedDocument).where(CachedDocument.used_at < now - KEPT))
    if (session.scalar(select(func.sum(CachedDocument.size))) or 0) <= most:
        return
    total, surplus = 0, []
    newest = select(CachedDocument.id, CachedDocument.size).order_by(
        CachedDocument.used_at.desc(), CachedDocument.id.desc()
    )
    for ident, size in session.execute(newest):
        total += size
        if total > most:
            surplus.append(ident)
    session.execute(delete(CachedDocument).where(CachedDocument.id.in_(surplus)))
