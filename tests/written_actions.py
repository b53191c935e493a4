"""Every action that the code writes into the audit, found by reading the code: none is left to be remembered."""

import ast
import importlib
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import confmgr
from confmgr.activity.services import record

ROOT = Path(confmgr.__file__).parent
Function = ast.FunctionDef | ast.AsyncFunctionDef


class CannotTell(AssertionError):
    """An action is put together in a way that reading the code does not follow: write it plainer."""


@dataclass(frozen=True)
class Place:
    """A call in the code, with the function in which it stands."""

    module: str
    within: Function | None
    call: ast.Call

    @cached_property
    def names(self) -> ModuleType:
        """What the names around it stand for."""
        return importlib.import_module(self.module)

    @cached_property
    def said(self) -> Any:
        """What is called, as far as a name of the module stands for it."""
        return named(self.call.func, self.names)


def named(expression: ast.expr, names: Any) -> Any:
    """What a name, or one in a module that is named before a dot, stands for; None if it is something else."""
    if isinstance(expression, ast.Name):
        return getattr(names, expression.id, None)
    if isinstance(expression, ast.Attribute):
        of = named(expression.value, names)
        return getattr(of, expression.attr, None) if isinstance(of, ModuleType) else None
    return None


def calls(tree: ast.AST, module: str, within: Function | None = None) -> Iterator[Place]:
    """All calls of a module, each with the innermost function around it."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call):
            yield Place(module, within, node)
        yield from calls(node, module, node if isinstance(node, Function) else within)


class Code:
    """The application's code, or another module beside it."""

    def __init__(self, *sources: tuple[str, str]) -> None:
        self.places = [place for module, text in sources for place in calls(ast.parse(text), module)]

    def actions(self) -> set[str]:
        """Every action that is given to `activity.services.record`."""
        return {action for place in self.places if place.said is record for action in self._given(place, record)}

    def _given(self, place: Place, function: Any, name: str = "action") -> set[str]:
        """The values that a call gives to a parameter."""
        at = list(inspect.signature(function).parameters).index(name)
        for keyword in place.call.keywords:
            if keyword.arg == name:
                return self._values(keyword.value, place)
        if at < len(place.call.args):
            return self._values(place.call.args[at], place)
        default = inspect.signature(function).parameters[name].default
        if isinstance(default, str):
            return {default}
        raise CannotTell(f"{place.module}:{place.call.lineno}")

    def _values(self, expression: ast.expr, place: Place) -> set[str]:
        match expression:
            case ast.Constant(value=str(value)):
                return {value}
            case ast.IfExp(body=one, orelse=other):
                return self._values(one, place) | self._values(other, place)
            case ast.JoinedStr(values=[ast.Constant(value=str(start)), ast.FormattedValue(value=rest)]):
                return {f"{start}{value}" for value in self._values(rest, place)}
            case ast.Call(func=ast.Attribute(value=of, attr="lower"), args=[]):
                return {value.lower() for value in self._values(of, place)}
            case ast.Attribute(value=ast.Name(id=name), attr="value"):
                return self._members(name, place)
            case ast.Name(id=name):
                return self._of_name(name, place)
        raise CannotTell(f"{place.module}:{place.call.lineno}: {ast.unparse(expression)}")

    def _members(self, name: str, place: Place) -> set[str]:
        """The values of the enum of which a parameter is a member."""
        if place.within is not None:
            for parameter in (*place.within.args.args, *place.within.args.kwonlyargs):
                if parameter.arg == name and parameter.annotation is not None:
                    kind = named(parameter.annotation, place.names)
                    if isinstance(kind, type) and issubclass(kind, Enum):
                        return {str(member.value) for member in kind}
        raise CannotTell(f"{place.module}:{place.call.lineno}: of which enum {name} is")

    def _of_name(self, name: str, place: Place) -> set[str]:
        """A constant of the module, or a parameter: then whatever the callers give."""
        within = place.within
        if within is not None and name in {one.arg for one in (*within.args.args, *within.args.kwonlyargs)}:
            function = getattr(place.names, within.name)
            callers = [one for one in self.places if one.said is function]
            return {value for one in callers for value in self._given(one, function, name)}
        found = getattr(place.names, name, None)
        if isinstance(found, str):
            return {found}
        raise CannotTell(f"{place.module}:{place.call.lineno}: {name}")


def of_confmgr() -> Code:
    """All of the application."""
    paths = sorted(path for path in ROOT.rglob("*.py") if "migrations" not in path.parts)
    parts = [(".".join(path.relative_to(ROOT.parent).with_suffix("").parts), path) for path in paths]
    return Code(*((name.removesuffix(".__init__"), path.read_text(encoding="utf-8")) for name, path in parts))
