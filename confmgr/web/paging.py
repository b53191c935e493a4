"""Long lists page by page; the page that is asked for stands in `?page=`."""

from collections.abc import Sequence
from typing import TypeVar

from flask import request

One = TypeVar("One")


def part(rows: Sequence[One], most: int) -> tuple[int, int, Sequence[One]]:
    """The number of the page that is asked for, that of the last one, and what stands on it."""
    last = max(1, -(-len(rows) // most))
    page = min(max(request.args.get("page", 1, int), 1), last)
    return page, last, rows[(page - 1) * most : page * most]
