"""Looking through an XLSX file before anything takes it into memory: how large it unpacks, how far its cells reach.

A few kilobytes can unpack to gigabytes, or hold two cells at opposite corners of a sheet; both are found here by
reading the parts as a stream, and so are formulas, of which a reader of values sees nothing.
"""

import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import NoReturn
from xml.parsers import expat

from confmgr.errors import NotReadable

MOST_ROWS = 5_000
"""Of all sheets together; the largest meeting has some hundreds."""
MOST_COLUMNS = 60
MOST_UNPACKED = 64 * 2**20
MOST_PARTS = 2000
MOST_COUNTED = 1_000_000
_CHUNK = 2**16
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


class TooMuch(NotReadable):
    """The file is larger than any meeting needs."""


@dataclass(slots=True)
class SheetFacts:
    """How far the filled cells of a sheet reach, counted from 1, and which of them hold a formula."""

    rows: int = 0
    columns: int = 0
    formulas: set[tuple[int, int]] = field(default_factory=set)


def look_through(data: bytes, file_name: str) -> dict[str, SheetFacts]:
    """The facts of each sheet of an XLSX file, by its name.

    Raises:
        NotReadable: It is no XLSX file, or damaged.
        TooMuch: It unpacks to more than `MOST_UNPACKED` bytes, or has more rows or columns than are read.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check_size(archive)
            paths = _sheet_paths(archive)
            facts = {name: _scan(archive, path) for name, path in paths.items()}
            _check_the_rest(archive, set(paths.values()))
            return facts
    except KeyError as other_archive:
        raise NotReadable("not_a_workbook", name=file_name) from other_archive
    except (*_BROKEN, expat.ExpatError, LookupError, ValueError) as problem:
        raise NotReadable("damaged_workbook") from problem


def _check_size(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise TooMuch("unpacks_too_large", most=MOST_UNPACKED // 2**20)
    if any(part.flag_bits & 1 for part in parts):
        raise NotReadable("old_workbook", name="ZIP")


def _check_the_rest(archive: zipfile.ZipFile, done: set[str]) -> None:
    """Unpack every other part once, so that one whose stated size or count is a lie is met here."""
    for part in archive.infolist():
        if part.filename in done:
            continue
        if part.filename.endswith(".xml"):
            _parse(archive, part.filename, _check_counts)
        else:
            with archive.open(part) as stream:
                while stream.read(_CHUNK):
                    pass


def _check_counts(_tag: str, attributes: dict[str, str]) -> None:
    """Readers set aside as much memory as a part says that it needs."""
    for name in ("count", "uniqueCount"):
        stated = attributes.get(name, "0")
        if not stated.isascii() or not stated.isdigit() or len(stated) > 9 or int(stated) > MOST_COUNTED:  # noqa: PLR2004
            raise NotReadable("damaged_workbook")


def _sheet_paths(archive: zipfile.ZipFile) -> dict[str, str]:
    sheets: dict[str, str] = {}
    targets: dict[str, str] = {}

    def on_sheet(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "sheet":
            sheets[attributes["name"]] = next((v for k, v in attributes.items() if _local(k) == "id" and ":" in k), "")

    def on_target(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "Relationship":
            targets[attributes["Id"]] = attributes["Target"]

    _parse(archive, "xl/workbook.xml", on_sheet)
    _parse(archive, "xl/_rels/workbook.xml.rels", on_target)
    paths = {name: targets[ident] for name, ident in sheets.items()}
    return {name: path.lstrip("/") if path.startswith("/") else f"xl/{path}" for name, path in paths.items()}


def _scan(archive: zipfile.ZipFile, path: str) -> SheetFacts:
    facts = SheetFacts()
    row = column = 0

    def on_start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column
        kind = _local(tag)
        if kind == "row":
            row, column = _number(attributes.get("r")) or row + 1, 0
        elif kind == "c":
            place = _PLACE.match(attributes.get("r", ""))
            row, column = (int(place[2]), _letters(place[1])) if place else (row, column + 1)
        elif kind in {"v", "is", "f"}:
            facts.rows, facts.columns = max(facts.rows, row), max(facts.columns, column)
            if facts.rows > MOST_ROWS:
                raise TooMuch("too_many_rows", most=MOST_ROWS)
            if facts.columns > MOST_COLUMNS:
                raise TooMuch("too_many_columns", most=MOST_COLUMNS)
            if kind == "f":
                facts.formulas.add((row, column))

    _parse(archive, path, on_start)
    return facts


def _parse(archive: zipfile.ZipFile, path: str, on_start: Callable[[str, dict[str, str]], None]) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = on_start
    parser.StartDoctypeDeclHandler = _no_doctype
    with archive.open(path) as stream:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)  # noqa: FBT003  # expat takes it by position
    parser.Parse(b"", True)  # noqa: FBT003


def _no_doctype(*_declared: object) -> NoReturn:
    raise NotReadable("damaged_workbook")  # entities that multiply are declared in one; no workbook has any


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 7 else 0  # noqa: PLR2004


def _letters(text: str) -> int:
    number = 0
    for letter in text:
        number = number * 26 + ord(letter) - 64
    return number
