"""Wrong versions of a module, one fault each: a test that lets one of them pass does not hold its promise."""

import ast
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from types import ModuleType

SWAPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Gt: ast.GtE,
    ast.Lt: ast.GtE,
}
OTHER_CALL = {"any": "all", "all": "any", "min": "max"}
Change = Callable[[], object]


@dataclass(frozen=True)
class Mutant:
    """What was changed, and the module that this gives."""

    words: str
    tree: ast.Module

    def load(self, like: ModuleType) -> ModuleType:
        """The module, in whose classes it is written: values of the true module are values of this one."""
        module = ModuleType("mutant")
        sys.modules["mutant"] = module  # dataclasses look their module up
        exec(compile(self.tree, f"<mutant of {like.__name__}>", "exec"), module.__dict__)  # noqa: S102
        return module


def mutants(source: str, names: frozenset[str]) -> list[Mutant]:
    """Every mutant of the named functions and constants; classes stay as they are, so that values can be handed over."""
    tree = ast.parse(source)
    kept = [top for top in tree.body if _name(top) in names]
    count = sum(len(list(_changes(node))) for top in kept for node in ast.walk(top))
    return [_mutant(source, names, number) for number in range(count)]


def _mutant(source: str, names: frozenset[str], number: int) -> Mutant:
    fresh = ast.parse(source)  # quicker than a copy of the tree
    at = 0
    for top in fresh.body:
        if _name(top) not in names:
            continue
        for node in ast.walk(top):
            for words, change in _changes(node):
                if at == number:
                    before = f"{getattr(node, 'lineno', 0)}: {ast.unparse(node)}"
                    change()
                    return Mutant(f"{before}: {words}", ast.fix_missing_locations(fresh))
                at += 1
    raise IndexError(number)


def _name(top: ast.stmt) -> str:
    if isinstance(top, ast.FunctionDef):
        return top.name
    if isinstance(top, ast.Assign) and isinstance(top.targets[0], ast.Name):
        return top.targets[0].id
    return ""


def _changes(node: ast.AST) -> Iterator[tuple[str, Change]]:
    """What can be done to one node: each as words, and the deed itself."""
    yield from _of_logic(node)
    yield from _of_course(node)


def _of_logic(node: ast.AST) -> Iterator[tuple[str, Change]]:
    if isinstance(node, ast.Compare):
        other = SWAPPED[type(node.ops[0])]
        yield other.__name__, partial(node.ops.__setitem__, 0, other())
    elif isinstance(node, ast.BoolOp):
        neutral = ast.Constant(isinstance(node.op, ast.And))
        for place in range(len(node.values)):
            yield f"without part {place + 1}", partial(node.values.__setitem__, place, neutral)
        yield "the other connective", partial(setattr, node, "op", ast.Or() if neutral.value else ast.And())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        turned = ast.UnaryOp(ast.Not(), node.operand)
        yield "not left out", partial(setattr, node, "operand", turned)
    elif isinstance(node, ast.Set):
        for place in range(len(node.elts)):
            yield f"without member {place + 1}", partial(node.elts.__delitem__, place)


def _of_course(node: ast.AST) -> Iterator[tuple[str, Change]]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in OTHER_CALL:
        name = OTHER_CALL[node.func.id]
        yield name, partial(setattr, node.func, "id", name)
    elif isinstance(node, ast.Return) and node.value is not None:
        for constant in (None, True, False):
            if not isinstance(node.value, ast.Constant) or bool(node.value.value) is not bool(constant):
                yield f"returns {constant}", partial(setattr, node, "value", ast.Constant(constant))
    elif isinstance(node, ast.If):
        for truth in (False, True):
            yield f"if {truth}", partial(setattr, node, "test", ast.Constant(truth))
    elif isinstance(node, ast.comprehension):
        for place in range(len(node.ifs)):
            yield f"without condition {place + 1}", partial(node.ifs.__delitem__, place)
