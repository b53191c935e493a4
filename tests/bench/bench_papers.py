"""What a programme of two pages costs in each language: processor time of a warm renderer, and of one that starts."""

import os
import resource
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from confmgr.app import create_app
from confmgr.config import load
from confmgr.gateways.pdf import Press
from confmgr.reports.rendering import programme
from confmgr.values.languages import LANGUAGES
from tests.bench.measures import Measure, report
from tests.make_programme import CREATED, two_pages
from tests.setup.serving import environment

MOST = 0.8
"""Seconds, from the data to the file. The renderer's start is not in it, because it serves forty documents."""
TIMES = 3


def main(options: Sequence[str]) -> int:
    """The mean of three programmes in each language, after one that is not counted."""
    with tempfile.TemporaryDirectory(prefix="confmgr-bench-") as name:
        os.environ.update(environment(Path(name)))
        with create_app(load()).app_context():
            found = [_cost(language) for language in LANGUAGES]
            found.append(_start())
    return report(found, options)


def _cost(language: str) -> Measure:
    """Once with two programmes and once with five: the difference is three, without the start."""
    few, many = _spent(language, 2), _spent(language, 2 + TIMES)
    return Measure(f"{language}, programme of two pages: processor", (many - few) / TIMES, "s", MOST)


def _start() -> Measure:
    return Measure("en, programme of two pages and the start of a renderer: processor", _spent("en", 1), "s", None)


def _spent(language: str, times: int) -> float:
    with _counted() as spent, Press() as press:
        for _turn in range(times):
            programme(two_pages(), language, CREATED).pdf(press)
    return spent[0]


@contextmanager
def _counted() -> Iterator[list[float]]:
    """Processor time of this process and of the children that ended meanwhile."""
    spent: list[float] = []
    before = _all()
    yield spent
    spent.append(_all() - before)


def _all() -> float:
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, who))
