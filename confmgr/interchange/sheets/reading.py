"""Bytes into sheets of text: XLSX through calamine, CSV through the standard library, nothing executed."""

import csv
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, ZipError

from confmgr.errors import NotReadable

MOST_ROWS = 5_000
"""Of all sheets together; the largest meeting has some hundreds."""
MOST_COLUMNS = 60
LARGEST_UNPACKED = 80 * 2**20
"""Bytes that an XLSX file may unpack to."""
FORMULA = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<f[\s/>]')
MIDNIGHT = time()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, and rows of text. `formulas` are (row, column letter) of cells that compute something."""

    name: str
    rows: list[list[str]]
    formulas: list[tuple[int, str]]

    def to_json(self) -> dict[str, object]:
        """What is kept until the workbook is applied."""
        return {"name": self.name, "rows": self.rows, "formulas": self.formulas}


def read(content: bytes, name: str) -> list[Sheet]:
    """Every sheet of an uploaded file.

    Raises:
        NotReadable: Neither XLSX nor CSV, damaged, protected, or too large.
    """
    if content[:4] == b"PK\x03\x04":
        return _xlsx(content)
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" or b"\x00" in content[:4096]:
        raise NotReadable("not_a_workbook", name=name[:80])
    return [_csv(content, name)]


def _xlsx(content: bytes) -> list[Sheet]:
    formulas = _unpacked(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets, rows = [], 0
        for number, name in enumerate(book.sheet_names, 1):
            found = book.get_sheet_by_name(name)
            rows += found.total_height
            _check_size(rows, found.total_width)
            texts = [[_text(cell) for cell in row] for row in found.to_python(skip_empty_area=False)]
            sheets.append(Sheet(name, texts, formulas.get(number, [])))
    except (CalamineError, PasswordError, ZipError) as damaged:
        raise NotReadable("damaged_workbook") from damaged
    return sheets


def _unpacked(content: bytes) -> dict[int, list[tuple[int, str]]]:
    """The formulas of each sheet by its number; refuses what would unpack to too much."""
    found: dict[int, list[tuple[int, str]]] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
                raise NotReadable("too_many_rows", most=MOST_ROWS)
            for part in packed.namelist():
                if match := re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", part):
                    cells = FORMULA.findall(packed.read(part))
                    found[int(match.group(1))] = [(int(row), column.decode()) for column, row in cells[:50]]
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as damaged:
        raise NotReadable("damaged_workbook") from damaged
    return found


def _csv(content: bytes, name: str) -> Sheet:
    for encoding in ("utf-8-sig", "cp949"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise NotReadable("not_a_workbook", name=name[:80])
    sample = text[:4096]
    delimiter = max(",;\t", key=sample.count)
    rows: list[list[str]] = []
    formulas: list[tuple[int, str]] = []
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), 1):
            _check_size(number, len(row))
            rows.append([cell.strip() for cell in row])
            formulas += [(number, _letter(at)) for at, cell in enumerate(row) if cell.strip().startswith("=")]
    except csv.Error as damaged:
        raise NotReadable("damaged_workbook") from damaged
    return Sheet(name.rpartition(".")[0] or name, rows, formulas[:50])


def _check_size(rows: int, columns: int) -> None:
    if rows > MOST_ROWS:
        raise NotReadable("too_many_rows", most=MOST_ROWS)
    if columns > MOST_COLUMNS:
        raise NotReadable("too_many_columns", most=MOST_COLUMNS)


def _letter(at: int) -> str:
    return chr(ord("A") + at) if at < 26 else f"A{chr(ord('A') + at - 26)}"  # noqa: PLR2004  # letters


def _text(cell: str | float | bool | date | datetime | time | timedelta) -> str:  # noqa: FBT001
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}" if cell.time() == MIDNIGHT else f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
