"""Records as CSV for other programs: RFC 4180, UTF-8 with a byte order mark, no cell that a spreadsheet computes."""

import csv
import io
import re
from datetime import date
from decimal import Decimal

from confmgr.reports.exports.book import Cell, Live
from confmgr.reports.exports.rows import PARTS, cells_of
from confmgr.reports.queries import Export
from confmgr.web.reader import speaking

SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""A text that begins so would be computed by a spreadsheet; those of full width by one in Japanese or Korean."""
FORMULA = (*SIGNS, "\t", "\r", "\n")
_INSIDE = re.compile(f'([;\\t\\r\\n][\\s"]*)(?=[{re.escape("".join(SIGNS))}])')
"""Where a cell begins in a country whose spreadsheets part cells with semicolons: no quotes hold it together there."""
MARK = "\ufeff"


def figures(found: Export, language: str) -> str:
    """Every record with source, date and marking, a row each; headings are names for machines."""
    out = io.StringIO(newline="")
    written = csv.writer(out, lineterminator="\r\n")
    written.writerow([part.key for part in PARTS])
    with speaking(language):
        for row in found.records:
            written.writerow([text(cell) for cell in cells_of(found, row)])
    return MARK + out.getvalue()


def text(cell: Cell) -> str:
    """A cell as a file of text holds it; an apostrophe keeps a text from being taken for a formula."""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}"
    if isinstance(cell, Live):
        return text(cell.value)
    if not isinstance(cell, str):
        return "" if cell is None else str(cell)
    cell = _INSIDE.sub(r"\1'", cell)
    return f"'{cell}" if cell.lstrip(" \u3000\u00a0").startswith(FORMULA) else cell
