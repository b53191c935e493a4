"""Everything that a service refuses, and every measure, has words."""

import ast
from pathlib import Path

import pytest
from flask import Flask

import confmgr
from confmgr.outcomes.measures import MEASURES
from confmgr.web import labels

RAISED = {"Refused", "NotReadable"}


def reasons() -> set[str]:
    """The first argument of every `Refused("…")` and `NotReadable("…")` in the whole product."""
    found = set()
    for path in Path(confmgr.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found


def test_every_reason_of_a_refusal_has_a_sentence(app: Flask) -> None:
    assert "asks_itself" in reasons()
    assert reasons() - labels.known_reasons() == set()


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_has_a_name_and_a_printed_definition(app: Flask, measure: str) -> None:
    with app.test_request_context():
        assert labels.term(measure, "measure") != measure
        assert labels.term(measure, "definition") != measure
