"""Looking through an XLSX file before anything takes it into memory: how large it unpacks, how far its cells reach.

A few kilobytes can unpack to gigabytes, or hold two cells at opposite corners of a sheet; both are found here by
reading the parts as a stream, and so are formulas, of which a reader of values sees nothing. What the reader of values
might take otherwise than this module is damaged: a place that Excel does not write, a name that stands there twice.
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
MOST_TEXT = 2**24
"""Characters of all cells together: one text may stand in many."""
_CHUNK = 2**16
_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})\Z")
_ROW = re.compile(r"[1-9][0-9]{0,6}\Z")
_TEXTS = "xl/sharedstrings.xml"
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


class TooMuch(NotReadable):
    """The file is larger than any meeting needs."""


@dataclass(slots=True)
class SheetFacts:
    """How far the filled cells of a sheet reach, counted from 1, and which of them hold a formula.

    `text`: how many characters its cells take from the texts that a workbook has once for all of them.
    """

    rows: int = 0
    columns: int = 0
    text: int = 0
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
            paths, texts = _sheet_paths(archive), _texts(archive)
            facts = {name: _scan(archive, path, texts) for name, path in paths.items()}
            if sum(one.text for one in facts.values()) > MOST_TEXT:
                raise TooMuch("unpacks_too_large", most=MOST_UNPACKED // 2**20)
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
    if len({part.filename.replace("\\", "/").lower() for part in parts}) < len(parts):
        raise NotReadable("damaged_workbook")


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
            _once(sheets, attributes["name"], [value for key, value in attributes.items() if _local(key) == "id"])

    def on_target(tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "Relationship":
            _once(targets, attributes["Id"], [value for key, value in attributes.items() if _local(key) == "Target"])

    _parse(archive, "xl/workbook.xml", on_sheet)
    _parse(archive, "xl/_rels/workbook.xml.rels", on_target)
    paths = {name: targets[ident] for name, ident in sheets.items()}
    return {name: path.lstrip("/") if path.startswith("/") else f"xl/{path}" for name, path in paths.items()}


def _once(known: dict[str, str], name: str, values: list[str]) -> None:
    """Keep the one value of a name that is not known yet; which of two is meant, readers may see differently."""
    if name in known or len(values) != 1:
        raise NotReadable("damaged_workbook")
    known[name] = values[0]


def _texts(archive: zipfile.ZipFile) -> list[int]:
    """How long each of the texts is that cells name by their number."""
    lengths: list[int] = []

    def on_start(tag: str, _attributes: dict[str, str]) -> None:
        if _local(tag) == "si":
            lengths.append(0)

    def on_text(text: str) -> None:
        if lengths:
            lengths[-1] += len(text)

    for name in archive.namelist():
        if name.replace("\\", "/").lower() == _TEXTS:
            _parse(archive, name, on_start, on_text)
    return lengths


def _scan(archive: zipfile.ZipFile, path: str, texts: list[int]) -> SheetFacts:
    facts, longest = SheetFacts(), max(texts, default=0)
    row = column = 0
    said: list[str] | None = None
    """What a cell says that names a text by its number."""

    def settle() -> None:
        if said is not None:
            number = "".join(said).strip()
            known = number.isascii() and number.isdigit() and len(number) <= 7 and int(number) < len(texts)  # noqa: PLR2004
            facts.text += texts[int(number)] if known else longest

    def on_text(text: str) -> None:
        if said is not None:
            said.append(text)

    def on_start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, said
        kind = _local(tag)
        if kind == "row":
            row, column = int(_written(_ROW, attributes["r"])[0]) if "r" in attributes else row + 1, 0
        elif kind == "c":
            settle()
            said = [] if attributes.get("t") == "s" else None
            row, column = _place(attributes["r"]) if "r" in attributes else (row, column + 1)
        elif kind in {"v", "is", "f"}:
            facts.rows, facts.columns = max(facts.rows, row), max(facts.columns, column)
            if facts.rows > MOST_ROWS:
                raise TooMuch("too_many_rows", most=MOST_ROWS)
            if facts.columns > MOST_COLUMNS:
                raise TooMuch("too_many_columns", most=MOST_COLUMNS)
            if kind == "f":
                facts.formulas.add((row, column))

    _parse(archive, path, on_start, on_text)
    settle()
    return facts


def _parse(
    archive: zipfile.ZipFile,
    path: str,
    on_start: Callable[[str, dict[str, str]], None],
    on_text: Callable[[str], None] | None = None,
) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = on_start
    parser.CharacterDataHandler = on_text
    parser.StartDoctypeDeclHandler = _no_doctype
    with archive.open(path) as stream:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)  # noqa: FBT003  # expat takes it by position
    parser.Parse(b"", True)  # noqa: FBT003


def _no_doctype(*_declared: object) -> NoReturn:
    raise NotReadable("damaged_workbook")  # entities that multiply are declared in one; no workbook has any


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _written(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    """A place as Excel writes it: others, readers may understand differently."""
    found = pattern.match(text)
    if found is None:
        raise NotReadable("damaged_workbook")
    return found


def _place(text: str) -> tuple[int, int]:
    """Row and column."""
    column, row = _written(_PLACE, text).groups()
    number = 0
    for letter in column:
        number = number * 26 + ord(letter) - 64
    return int(row), number
