"""Bytes into sheets of text: XLSX through calamine, CSV through the standard library, nothing executed."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Self

from python_calamine import CalamineError, CalamineWorkbook

from confmgr.errors import NotReadable
from confmgr.interchange.sheets.archive import MOST_COLUMNS, MOST_ROWS, TooMuch, look_through

ZIP = b"PK\x03\x04"
OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How Excel's old format begins, and how every workbook does that has a password."""
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
MIDNIGHT = time()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, and rows of text. `formulas` are (row, column) of cells that compute something, from 1."""

    name: str
    rows: list[list[str]]
    formulas: list[tuple[int, int]]

    def to_json(self) -> dict[str, object]:
        """What is kept until the workbook is applied."""
        return {"name": self.name, "rows": self.rows, "formulas": self.formulas}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """What was kept."""
        return cls(kept["name"], kept["rows"], [(row, column) for row, column in kept["formulas"]])


def read(content: bytes, name: str) -> list[Sheet]:
    """Every sheet of an uploaded file.

    Raises:
        TooMuch: More rows, columns or bytes than any meeting needs.
        NotReadable: Neither XLSX nor CSV, damaged, or protected.
    """
    if content.startswith(ZIP):
        return _xlsx(content, name[:80])
    if content.startswith(OLD_OR_LOCKED):
        raise NotReadable("old_workbook", name=name[:80])
    return [_csv(content, name)]


def _xlsx(content: bytes, name: str) -> list[Sheet]:
    facts = look_through(content, name)
    _check_size(sum(one.rows for one in facts.values()), 0)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            return [
                Sheet(
                    title,
                    [
                        [_text(cell) for cell in row]
                        for row in book.get_sheet_by_name(title).to_python(skip_empty_area=False)
                    ],
                    sorted(facts[title].formulas),
                )
                for title in book.sheet_names
                if title in facts
            ]
    except CalamineError as damaged:
        raise NotReadable("damaged_workbook") from damaged


def _csv(content: bytes, name: str) -> Sheet:
    text = _decoded(content, name[:80])
    delimiter = max(",;\t", key=text[:4096].count)
    rows: list[list[str]] = []
    formulas: list[tuple[int, int]] = []
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), 1):
            _check_size(number, len(row))
            rows.append([cell.strip() for cell in row])
            formulas += [(number, at) for at, cell in enumerate(row, 1) if cell.strip().startswith("=")]
    except csv.Error as damaged:
        raise NotReadable("damaged_workbook") from damaged
    return Sheet(name.rpartition(".")[0] or name, rows, formulas)


def _decoded(content: bytes, name: str) -> str:
    """The text of a CSV file; Korean Excel writes cp949, and UTF-16 as "Unicode text"."""
    for encoding in ("utf-16",) if content.startswith(UTF_16) else ("utf-8-sig", "cp949"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NotReadable("not_a_workbook", name=name)


def _check_size(rows: int, columns: int) -> None:
    if rows > MOST_ROWS:
        raise TooMuch("too_many_rows", most=MOST_ROWS)
    if columns > MOST_COLUMNS:
        raise TooMuch("too_many_columns", most=MOST_COLUMNS)


def _text(cell: str | float | bool | date | datetime | time | timedelta) -> str:  # noqa: FBT001
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}" if cell.time() == MIDNIGHT else f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
