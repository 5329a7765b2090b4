"""Small changes by machine to what an action does: its code is exchanged in place, so that every caller runs the other."""

from __future__ import annotations
import __future__

import ast
import contextlib
import inspect
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import CodeType, FunctionType, ModuleType
from typing import Any

MODULES = (
    "custody.gate",
    "custody.actions.access",
    "custody.actions.care",
    "custody.actions.claims",
    "custody.actions.exclusions",
    "custody.actions.foster",
    "custody.actions.handover",
    "custody.actions.night",
    "children.actions",
    "families.actions.consents",
    "families.actions.duplicates",
    "families.actions.file",
    "families.actions.requests",
    "families.actions.tree",
    "medical.actions",
    "laboratory.actions.comparing",
    "laboratory.actions.entries",
    "laboratory.actions.erasure",
    "laboratory.actions.files",
    "laboratory.actions.kits",
    "laboratory.actions.reading",
    "laboratory.actions.registers",
    "operations.actions.people",
    "accounts.actions",
    "audit.attempts",
    "audit.actions",
)
HOME = (
    "matching.actions.kin",
    "matching.actions.due",
    "matching.actions.erasure",
    "matching.actions.ranking",
    "matching.actions.reading",
    "matching.actions.seconds",
    "reunification.actions.afterwards",
    "reunification.actions.deciding",
    "reunification.actions.files",
    "reunification.actions.releasing",
    "reunification.actions.samples",
    "reunification.actions.stopping",
)
"""Tried on a stage of their own (`test_home_mutants.py`)."""
DESK = (
    "clues.actions.compartments",
    "clues.actions.file",
    "clues.actions.intake",
    "clues.actions.linking",
    "clues.actions.steps",
    "exchange.actions.canaries",
    "exchange.actions.corrections",
    "exchange.actions.ending",
    "exchange.actions.files",
    "exchange.actions.messages",
    "exchange.actions.nodes",
    "exchange.actions.renewing",
    "exchange.actions.taking",
    "operations.actions.campaigns",
    "operations.actions.days",
    "operations.actions.investigations",
    "operations.actions.joint",
    "operations.actions.victims",
    "overview.actions.announcing",
    "overview.actions.calendar",
    "overview.actions.exporting",
    "overview.actions.finding",
    "overview.actions.limits",
)
"""And these too (`test_desk_mutants.py`)."""
ASKED = ("exchange.actions.dna_asked", "exchange.actions.dna_asking")
"""And these (`test_dna_mutants.py`)."""
OTHER: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
}
TAKEN_OFF = frozenset({"strip", "filter", "exclude", "distinct"})
"""Methods whose call can be left out: what they are called on is of the same kind."""
MAY_LACK = frozenset({"child_id", "jurisdiction", "by", "level", "code", "agency_id", "subject", "data", "required", "not_after"})
"""Keywords that the house's own functions can do without."""
CALLED = frozenset({"gate", "permitted", "raise_alarm", "record", "text", "moment"})
NOT_ITS_OWN = frozenset({"body", "orelse", "finalbody", "handlers", "annotation", "returns"})
"""Fields of a statement that are statements of their own, or say nothing when it is run."""
Undo = Callable[[], None]


@dataclass(frozen=True)
class Mutant:
    """A function with another body; `lines` are those of which one is run before the change can show."""

    name: str
    function: FunctionType
    code: CodeType
    lines: range
    file: str

    @contextlib.contextmanager
    def standing(self) -> Iterator[None]:
        """Inside, everybody who calls the function runs this."""
        own = self.function.__code__
        self.function.__code__ = self.code
        try:
            yield
        finally:
            self.function.__code__ = own


def modules() -> dict[str, ModuleType]:
    """What is changed."""
    return {name: import_module(f"wayhome.casework.{name}") for name in (*MODULES, *HOME, *DESK, *ASKED)}


@cache
def mutants() -> tuple[Mutant, ...]:
    """All of them, each with a name of its own."""
    found = [mutant for name, module in modules().items() for mutant in of_module(name, module)]
    assert len({mutant.name for mutant in found}) == len(found)
    return tuple(found)


def of_module(name: str, module: ModuleType) -> Iterator[Mutant]:
    """Those of one module's functions; `name` begins theirs."""
    file = str(module.__file__)
    for node in ast.parse(inspect.getsource(module)).body:
        if not isinstance(node, ast.FunctionDef):
            continue
        function = inspect.unwrap(getattr(module, node.name))
        node.decorator_list = []
        seen: Counter[str] = Counter()
        for what, lines, _ in _changes(node):
            seen[what] += 1
            told = f"{name}.{node.name}: {what}" + (f" ({seen[what]})" if seen[what] > 1 else "")
            yield Mutant(told, function, _compiled(node, file), lines, file)


def _compiled(function: ast.FunctionDef, file: str) -> CodeType:
    tree = ast.fix_missing_locations(ast.Module([function], []))
    code = compile(tree, file, "exec", flags=__future__.annotations.compiler_flag, dont_inherit=True)
    return next(const for const in code.co_consts if isinstance(const, CodeType) and const.co_name == function.name)


def _changes(function: ast.FunctionDef) -> Iterator[tuple[str, range, None]]:
    """Each way to change one place; between two of them the function is as it was."""
    for body in _bodies(function):
        for i, statement in enumerate(list(body)):
            lines = _lines(statement)
            for what, becomes in _instead(statement):
                body[i : i + 1] = becomes
                yield what, lines, None
                body[i : i + len(becomes)] = [statement]
            for parent in _own(statement):
                for what, undo in _in_a_place(parent):
                    yield what, lines, None
                    undo()


def _bodies(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for child in ast.walk(node):
        for field in ("body", "orelse", "finalbody"):
            block = getattr(child, field, None)
            if isinstance(block, list) and block:
                yield block


def _lines(statement: ast.stmt) -> range:
    """Lines of a statement itself, without the blocks in it."""
    block = getattr(statement, "body", None)
    end = statement.end_lineno or statement.lineno
    return range(statement.lineno, block[0].lineno if block else end + 1)


def _instead(statement: ast.stmt) -> Iterator[tuple[str, list[ast.stmt]]]:
    """What can stand in the place of a whole statement."""
    told = _told(statement)
    doc = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant | ast.Yield)
    if not doc and isinstance(statement, ast.Expr | ast.Raise | ast.AugAssign | ast.If | ast.For):
        yield f"without {told}", [ast.Pass()]
    if isinstance(statement, ast.With):
        yield f"without {told}", list(statement.body)
    if isinstance(statement, ast.Return) and statement.value is not None and told != "return None":
        yield f"None for {told}", [ast.Return(None)]


def _own(node: ast.AST) -> Iterator[ast.AST]:
    """A statement and what is computed in it, without the blocks in it and without a docstring."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    yield node
    for field, value in ast.iter_fields(node):
        if field not in NOT_ITS_OWN or isinstance(node, ast.expr):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from _own(child)


def _in_a_place(parent: ast.AST) -> Iterator[tuple[str, Undo]]:
    for field, value in ast.iter_fields(parent):
        if field not in NOT_ITS_OWN or isinstance(parent, ast.expr):
            for key, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if isinstance(child, ast.expr):
                    yield from _replaced(parent, field, key, child)
    yield from _changed(parent)


def _replaced(parent: Any, field: str, key: int | None, child: ast.expr) -> Iterator[tuple[str, Undo]]:
    """Another expression in the place of one."""

    def put(becomes: ast.expr) -> None:
        if key is None:
            setattr(parent, field, becomes)
        else:
            getattr(parent, field)[key] = becomes

    def back() -> None:
        put(child)

    told = _told(child)
    for what, becomes in _others(child):
        put(becomes)
        yield f"{told} {what}", back


def _others(node: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "without not", node.operand
    if isinstance(node, ast.BoolOp) and len(node.values) == 2:
        for value in node.values:
            yield f"as {_told(value)} alone", value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in TAKEN_OFF:
        yield f"without {node.func.attr}", node.func.value
    if isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield f"as {not node.value}", ast.Constant(not node.value)
        elif isinstance(node.value, int):
            yield f"as {node.value + 1}", ast.Constant(node.value + 1)
        elif isinstance(node.value, str):
            yield "as another text", ast.Constant(node.value + "~")
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        yield "uncut", node.value


def _changed(node: ast.AST) -> Iterator[tuple[str, Undo]]:
    """One place of an expression, or the condition of a statement."""
    told = _told(node)
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        test = node.test
        node.test = ast.UnaryOp(ast.Not(), test)
        yield f"{_told(test)} turned round", lambda: setattr(node, "test", test)
    if isinstance(node, ast.Compare):
        for i, operator in enumerate(list(node.ops)):
            for other in OTHER[type(operator)]:
                node.ops[i] = other()
                yield f"{told} as {_told(node)}", lambda i=i, operator=operator: node.ops.__setitem__(i, operator)
    if isinstance(node, ast.BoolOp):
        was = node.op
        node.op = ast.And() if isinstance(was, ast.Or) else ast.Or()
        yield f"{told} as {_told(node)}", lambda: setattr(node, "op", was)
        if len(node.values) > 2:
            for i, value in enumerate(list(node.values)):
                del node.values[i]
                yield f"{told} without {_told(value)}", lambda i=i, value=value: node.values.insert(i, value)
    if isinstance(node, ast.Call) and _called(node) in CALLED:
        for i, keyword in enumerate(list(node.keywords)):
            if keyword.arg in MAY_LACK and not (keyword.arg in ("by", "subject") and _called(node) != "raise_alarm"):
                del node.keywords[i]
                yield (
                    f"{_called(node)} without {keyword.arg}={_told(keyword.value)}",
                    (lambda i=i, keyword=keyword: node.keywords.insert(i, keyword)),
                )
    if isinstance(node, ast.comprehension):
        for i, condition in enumerate(list(node.ifs)):
            del node.ifs[i]
            yield f"each, not only if {_told(condition)}", lambda i=i, condition=condition: node.ifs.insert(i, condition)


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""


def _told(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).partition("\n")[0].split())
    return text if len(text) <= 70 else f"{text[:45]}…{text[-24:]}"
