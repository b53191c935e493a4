"""Sentences assembled from pieces, which no language but English can put in its own order; and words left English."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from jinja2 import Environment, nodes

from confmgr.app.translations.catalogues import KEYWORDS

INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "code", "em", "i", "kbd", "s", "small", "span", "strong", "svg", "time", "use"}
)
TAG = re.compile(r"<!--.*?-->|<(/?)([a-zA-Z][\w-]*)[^<>]*>", re.DOTALL)
DANGLING = re.compile(
    r"\b(?:a|an|and|at|between|by|for|from|in|into|is|are|of|on|or|since|than|the|to|until|with|without)$",
    re.IGNORECASE,
)
LETTERS = re.compile(r"[A-Za-z]{2,}")


class Piece(str):
    """A translated text as it stands in a run of words."""

    __slots__ = ()


OTHER = object()
"""Something else that is printed: a value."""


def of(package: Path, templates: Path) -> list[str]:
    """Every assembled sentence of code and templates, one line each."""
    found = []
    for file in sorted(package.rglob("*.py")):
        if "migrations" not in file.parts:
            tree = ast.parse(file.read_text(encoding="utf-8"))
            found += [f"{file.relative_to(package.parent)}:{line}: {why}" for line, why in in_code(tree)]
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    for file in sorted([*templates.rglob("*.html"), *templates.rglob("*.txt")]):
        page = environment.parse(file.read_text(encoding="utf-8"))
        found += [f"{file.relative_to(templates.parent)}:{line}: {why}" for line, why in in_template(page)]
    return found


def in_code(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """`(line, why)` of translated texts that Python glues to other words."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            parts = list(_added(node))
            calls = [part for part in parts if _is_call(part)]
            if calls and (len(calls) > 1 or any(map(_says_words, parts))):
                yield node.lineno, "a sentence is added up from pieces"
        elif isinstance(node, ast.JoinedStr):
            values = [part.value if isinstance(part, ast.FormattedValue) else part for part in node.values]
            calls = [value for value in values if _is_call(value)]
            if calls and (len(calls) > 1 or any(map(_says_words, values))):
                yield node.lineno, "a sentence is put together in an f-string"
        elif _joins_pieces(node):
            yield getattr(node, "lineno", 0), "a sentence is joined from pieces"


def _added(node: ast.AST) -> Iterator[ast.AST]:
    """What a chain of additions adds, from the left."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from _added(node.left)
        yield from _added(node.right)
    else:
        yield node


def _is_call(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    return name in KEYWORDS


def _says_words(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(LETTERS.search(node.value))


def _joins_pieces(node: ast.AST) -> bool:
    """`" ".join([_("…"), _("…")])`; a list with commas, dots or line breaks between is no sentence."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "join"):
        return False
    between, given = node.func.value, node.args[0] if node.args else None
    if not (isinstance(between, ast.Constant) and between.value in {"", " "}):
        return False
    return isinstance(given, ast.List | ast.Tuple) and sum(map(_is_call, given.elts)) > 1


def in_template(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """`(line, why)` of runs of words in which a translated text is only a part of a sentence."""
    run: list[tuple[int, object]] = []
    for line, token in _tokens(tree.body):
        if token is None:
            yield from _in_run(run)
            run = []
        else:
            run.append((line, token))
    yield from _in_run(run)


def _in_run(run: list[tuple[int, object]]) -> Iterator[tuple[int, str]]:
    for (line, one), (_line, other) in pairwise(run):
        if isinstance(other, Piece) and other[:1].islower():
            yield line, f"a sentence goes on with {str(other)!r}"
        elif isinstance(one, Piece) and DANGLING.search(one):
            yield line, f"a sentence breaks off after {str(one)!r}"


def _tokens(body: list[nodes.Node]) -> Iterator[tuple[int, object]]:
    """What is printed one after the other: pieces, other values, and None where the run of words ends."""
    for node in body:
        if isinstance(node, nodes.Output):
            for part in node.nodes:
                if isinstance(part, nodes.TemplateData):
                    yield from _of_data(part)
                elif not _is_drawn(part):
                    yield part.lineno, _printed(part)
        elif isinstance(node, nodes.If):
            branches = [node.body, *(one.body for one in node.elif_), node.else_]
            for branch in branches:
                yield from _tokens(branch)
                yield node.lineno, None
        else:
            yield node.lineno, None
            for name in ("body", "else_"):
                yield from _tokens(getattr(node, name, None) or [])
                yield node.lineno, None


def _of_data(data: nodes.TemplateData) -> Iterator[tuple[int, object]]:
    text, place = data.data, 0
    for tag in TAG.finditer(text):
        if _ends_words(text[place : tag.start()]):
            yield data.lineno, None
        if (tag[2] or "br").lower() not in INLINE:
            yield data.lineno, None
        place = tag.end()
    if _ends_words(text[place:]):
        yield data.lineno, None


def _ends_words(text: str) -> bool:
    """Anything but spaces between two values: a dot, a colon, a bracket, an attribute."""
    return bool(text.strip())


def _is_drawn(node: nodes.Node) -> bool:
    """Whether an icon is printed, not a word."""
    name = getattr(node.node, "attr", getattr(node.node, "name", "")) if isinstance(node, nodes.Call) else ""
    return name == "icon"


def _printed(node: nodes.Node) -> object:
    if not (isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in KEYWORDS):
        return OTHER
    texts = [one.value for one in node.args if isinstance(one, nodes.Const) and isinstance(one.value, str)]
    has_context = node.node.name in {"pgettext", "_p", "npgettext"} and len(texts) > 1
    return Piece(texts[1 if has_context else 0]) if texts else OTHER
