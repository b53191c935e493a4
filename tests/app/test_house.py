"""Rules of the house that no linter knows."""

import ast
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask

from confmgr.config import PACKAGE, TEMPLATES

LONGEST = 400
EDGES = {"web/problems.py", "jobs/running.py", "app/cli.py"}
"""The only files that may catch every exception: request, job and command."""
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_file_is_small_enough_to_be_read_at_once(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_only_the_three_edges_catch_every_exception() -> None:
    broad = {
        str(path.relative_to(PACKAGE))
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "Exception"))
    }
    assert broad <= EDGES


def test_only_the_clock_reads_the_clock() -> None:
    readers = {
        str(path.relative_to(PACKAGE))
        for path in SOURCES
        if "datetime.now(" in path.read_text(encoding="utf-8") or "date.today(" in path.read_text(encoding="utf-8")
    }
    assert readers == {"gateways/clock.py"}


def test_no_template_switches_escaping_off_for_data() -> None:
    """`|safe` stands only behind literals of the template itself."""
    for path in sorted(TEMPLATES.rglob("*.html")):
        for line in path.read_text(encoding="utf-8").splitlines():
            for before, _, _after in (part.partition("|safe") for part in [line] if "|safe" in part):
                assert before.rstrip().endswith(("'", '"')), f"{path.name}: {line.strip()}"


def test_every_page_has_an_address_of_its_own(application: Flask) -> None:
    """Of two pages at one address only the first is ever seen."""
    pages = Counter(
        (rule.rule, method)
        for rule in application.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD"}
    )
    assert [address for address, number in pages.items() if number > 1 and address[1] != "OPTIONS"] == []
