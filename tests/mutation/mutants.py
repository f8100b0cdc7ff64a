"""One small change to a module at a time, of the kinds that open a door: a guard that is gone, a limit that
is off by one, a permission too many, a header that is spelt otherwise.

The tree keeps its line numbers, so a traceback of a mutant reads like one of the module.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_COMPARED = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE,
    ast.GtE: ast.Gt, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_CALCULATED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.RShift: ast.LShift,
}  # fmt: skip
_CLEANING = frozenset({"strip", "lower", "translate", "rstrip"})
_CONDITIONS = frozenset({"absent", "exists"})
_SWAPPED = {"any": "all", "all": "any"}
_SAID = frozenset({"ConfigDict", "dataclass", "info", "warning", "AssertionError", "TypeVar"})
"""What is passed to these is for people, or about the class and not what it does."""

type Place = tuple[ast.AST, str, int | None]
"""A node's parent, the field it is in, and its position where the field is a list."""


@dataclass(frozen=True)
class Mutant:
    """``scope`` is the function or class, dotted; ``number`` tells equal changes in one scope apart."""

    path: Path
    line: int
    scope: str
    before: str
    after: str
    number: int
    runs_later: bool
    """In the body of a function: it can be put into a module that is imported already."""

    tree: ast.Module
    place: Place
    instead: Any

    @property
    def id(self) -> str:
        """Without line numbers: it stays when code above it changes."""
        which = f" #{self.number}" if self.number > 1 else ""
        return f"{self.path.stem}.{self.scope}: {self.before} → {self.after}{which}"

    def applied(self) -> ast.Module:
        """The tree with the change in it. It is one tree for all: take it in a process of its own."""
        parent, field, index = self.place
        if index is None:
            setattr(parent, field, self.instead)
        else:
            getattr(parent, field)[index] = self.instead
        return ast.fix_missing_locations(self.tree)


def mutants(path: Path) -> list[Mutant]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    members, held = _members(tree), _held_by_constants(tree)
    found: list[Mutant] = []
    seen: dict[tuple[str, str, str], int] = {}
    for scope, runs_later, place, node in _nodes(tree):
        for instead in _changes(node, place, members, held):
            before, after = _told(node, instead)
            number = seen[scope, before, after] = seen.get((scope, before, after), 0) + 1
            line = getattr(node, "lineno", 0)
            found.append(Mutant(path, line, scope, before, after, number, runs_later, tree, place, instead))
    return found


def _nodes(tree: ast.Module) -> Iterator[tuple[str, bool, Place, ast.AST]]:
    """With their scope, and whether they run when a function is called."""
    waiting: list[tuple[str, bool, ast.AST]] = [("", False, tree)]
    while waiting:
        scope, runs_later, parent = waiting.pop()
        for field, value in ast.iter_fields(parent):
            later = runs_later or (isinstance(parent, ast.FunctionDef) and field == "body")
            for index, child in enumerate(value) if isinstance(value, list) else ((None, value),):
                if not isinstance(child, ast.AST) or _is_passed_over(parent, field, child):
                    continue
                within = _name(parent, child)
                yield scope or "module", later, (parent, field, index), child
                waiting.append((".".join(filter(None, (scope, within))), later, child))


def _name(parent: ast.AST, child: ast.AST) -> str:
    """Of what a node begins: a function, a class, a constant of the module."""
    match child:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name if isinstance(parent, ast.Module) else ""
    return ""


def _is_passed_over(parent: ast.AST, field: str, child: ast.AST) -> bool:
    """Annotations, docstrings, imports, what only a type checker sees, and the words of a refusal."""
    match child:
        case ast.Expr(value=ast.Constant()) | ast.Import() | ast.ImportFrom():
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _SAID:
            return True
        case ast.Assign(targets=[ast.Name(id="__all__")]) | ast.TypeAlias():
            return True
    if isinstance(parent, ast.ClassDef) and (field in {"bases", "keywords"} or _is_member(parent, child)):
        return True
    return isinstance(parent, ast.Raise) or field in _UNCHANGED


def _changes(
    node: ast.AST, place: Place, members: dict[str, set[str]], held: dict[str, set[str]]
) -> Iterator[ast.AST]:
    match node:
        case ast.Compare() | ast.BoolOp() | ast.UnaryOp() | ast.BinOp():
            yield from _other_operators(node)
        case ast.stmt() | ast.IfExp():
            yield from _other_steps(node, place)
        case ast.Constant() if not isinstance(place[0], ast.While):
            yield from _other_values(node.value, place)
        case ast.Tuple() if isinstance(place[0], ast.Return | ast.Assign):
            return  # several values, no collection
        case ast.Set(elts=elements) | ast.List(elts=elements) | ast.Tuple(elts=elements, ctx=ast.Load()):
            yield from _other_elements(node, elements, place, members, held)
        case ast.Dict(keys=keys, values=values) if len(keys) > 1:
            for at in range(len(keys)):
                yield ast.Dict(keys[:at] + keys[at + 1 :], values[:at] + values[at + 1 :])
        case ast.Call():
            yield from _other_calls(node)


def _other_steps(node: ast.AST, place: Place) -> Iterator[ast.AST]:
    match node:
        case ast.If() | ast.IfExp():
            for value in (True, False):
                yield type(node)(**dict(ast.iter_fields(node)) | {"test": ast.Constant(value)})
        case ast.Raise() if not _is_all_of_an_if(place):
            yield ast.Pass()
        case ast.Expr(value=ast.Call()):
            yield ast.Pass()


def _other_operators(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(left=left, ops=ops, comparators=others):
            for at, op in enumerate(ops):
                other = _COMPARED[type(op)]()
                yield ast.Compare(left, [*ops[:at], other, *ops[at + 1 :]], others)
        case ast.BoolOp(op=op, values=values):
            for at in range(len(values)):
                rest = values[:at] + values[at + 1 :]
                yield rest[0] if len(rest) == 1 else ast.BoolOp(op, rest)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _CALCULATED:
            yield ast.BinOp(left, _CALCULATED[type(op)](), right)


def _other_values(value: object, place: Place) -> Iterator[ast.AST]:
    match value:
        case bool():
            yield ast.Constant(not value)
        case int():
            yield ast.Constant(value + 1)
        case str() if value:
            yield ast.Constant("" if isinstance(place[0], ast.JoinedStr) else f"{value}~")
        case bytes() if value:
            yield ast.Constant(value + b"~")


def _other_elements(
    node: ast.AST,
    elements: list[ast.expr],
    place: Place,
    members: dict[str, set[str]],
    held: dict[str, set[str]],
) -> Iterator[ast.AST]:
    if len(elements) > 1 and not isinstance(place[0], ast.Subscript):
        for at in range(len(elements)):
            yield type(node)(elements[:at] + elements[at + 1 :])
    match elements[:1]:
        case [ast.Attribute(value=ast.Name(id=name))] if name in members and isinstance(node, ast.Set):
            whole = place[0] if isinstance(place[0], ast.BinOp) else node
            for member in sorted(members[name] - _held(whole, held)):
                yield ast.Set([*elements, ast.Attribute(ast.Name(name), member)])


def _other_calls(call: ast.Call) -> Iterator[ast.AST]:
    match call.func:
        case ast.Name(id=name) if name in _SWAPPED:
            yield ast.Call(ast.Name(_SWAPPED[name]), call.args, call.keywords)
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in _CONDITIONS:
            yield ast.Constant(None)
        case ast.Attribute(value=value, attr=name) if name in _CLEANING:
            yield value
    for at, keyword in enumerate(call.keywords):
        if not isinstance(keyword.value, ast.Constant):
            yield ast.Call(call.func, call.args, call.keywords[:at] + call.keywords[at + 1 :])


def _members(tree: ast.Module) -> dict[str, set[str]]:
    """Of the module's own enumerations."""
    return {
        each.name: {part.targets[0].id for part in each.body if isinstance(part, ast.Assign)}  # type: ignore[attr-defined]  # a plain name
        for each in tree.body
        if isinstance(each, ast.ClassDef) and "StrEnum" in map(ast.unparse, each.bases)
    }


def _held_by_constants(tree: ast.Module) -> dict[str, set[str]]:
    """The members in each set of the module's: what one has from another is nothing more to give it."""
    found: dict[str, set[str]] = {}
    for each in tree.body:
        match each:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found[name] = _held(value, found)
    return found


def _held(value: ast.AST, by_constants: dict[str, set[str]]) -> set[str]:
    match value:
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _held(left, by_constants) | _held(right, by_constants)
        case ast.Call(func=ast.Name(id="frozenset"), args=[inner]):
            return _held(inner, by_constants)
        case ast.Set(elts=elements):
            return {element.attr for element in elements if isinstance(element, ast.Attribute)}
        case ast.Name(id=name):
            return by_constants.get(name, set())
    return set()


_UNCHANGED = frozenset(
    {"annotation", "returns", "type_params", "decorator_list", "type", "format_spec", "ctx"}
)


def _is_member(parent: ast.ClassDef, child: ast.AST) -> bool:
    """Of an enumeration: another spelling is another database, not another rule."""
    return isinstance(child, ast.Assign) and "StrEnum" in map(ast.unparse, parent.bases)


def _is_all_of_an_if(place: Place) -> bool:
    """Then the ``if`` that is never taken is the same mutant."""
    parent, field, _ = place
    return isinstance(parent, ast.If) and field == "body" and len(parent.body) == 1


def _told(node: ast.AST, instead: ast.AST) -> tuple[str, str]:
    """Of collections only what is more or less in one."""
    match node, instead:
        case (ast.Set(elts=old), ast.Set(elts=new)) | (ast.List(elts=old), ast.List(elts=new)):
            more = [ast.unparse(each) for each in new if each not in old]
            less = [ast.unparse(each) for each in old if each not in new]
            return " ".join(less), " ".join(more)
    return _short(node), _short(instead)


def _short(node: ast.AST) -> str:
    if isinstance(node, ast.If):
        return f"if {ast.unparse(node.test)}"
    return " ".join(ast.unparse(ast.fix_missing_locations(node)).split())[:120]
