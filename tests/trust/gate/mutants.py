"""Changes to the gate, made by machine, that a test must notice: of the guards' SQL and of the rules' tables.

A condition is whatever stands between AND, OR, ON and WHERE, at any depth. Each is replaced by truth and by falsehood. Its
negation needs no mutant of its own: a case in which truth is noticed is one in which the condition is false, and its negation
true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from wayhome.casework.accounts.rules import Role
from wayhome.casework.core.guards import Guard, Require, registry
from wayhome.casework.custody.rules import Kind

TRUE, FALSE = "(1 = 1)", "(1 = 0)"
APPS = (
    "custody_",
    "children_",
    "families_",
    "accounts_",
    "medical_",
    "audit_",
    "operations_",
    "placements_",
    "vault_",
    "laboratory_",
    "matching_",
    "reunification_",
    "exchange_",
    "overview_",
    "clues_",
)
_TOKEN = re.compile(r"'(?:[^']|'')*'|\(|\)|[A-Za-z_][\w.]*|[^\sA-Za-z_'()]+")
_STARTS = {"WHERE", "ON"}
_ENDS = {"JOIN", "LEFT", "WHERE", "ORDER", "GROUP", "LIMIT", "UNION"}
_BEFORE_CONDITIONS = {"NOT", "AND", "OR", "WHERE", "ON", "THEN", ""}


@dataclass(frozen=True)
class Mutant:
    """One change to the condition at one place of a guard; without `legal` the condition is left out, without a place the guard
    is taken down."""

    name: str
    guard: Guard
    place: int | None = None
    legal: str | None = None

    @property
    def in_its_place(self) -> Guard:
        """The guard with the changed condition alone."""
        assert self.place is not None
        require = self.guard.requires[self.place]
        return replace(self.guard, requires=(Require(require.code, self.legal or TRUE),))


def mutants() -> Iterator[Mutant]:
    """Every mutant of every guard that has conditions."""
    for guard in registry.ordered():
        if not guard.table.startswith(APPS) or not guard.requires:
            continue
        short = guard.name.removeprefix("wayhome_")
        yield Mutant(f"{short}: taken down", guard)
        for i, require in enumerate(guard.requires):
            name = f"{short}: {i} {require.code}"
            yield Mutant(f"{name}: left out", guard, i)
            for what, legal in changed(require.legal):
                # A condition that is true as a whole is one left out.
                if legal != TRUE:
                    yield Mutant(f"{name}: {what}", guard, i, legal)


def changed(sql: str) -> Iterator[tuple[str, str]]:
    """What each change to a condition is, and the SQL with it."""
    for n, (start, end) in enumerate(sorted(set(_spans(sql)))):
        there = sql[start:end]
        for word, value in (("true", TRUE), ("false", FALSE)):
            if there not in ("1 = 1", "1 = 0"):
                yield f"{n} {word} for {_short(there)}", sql[:start] + value + sql[end:]
    for n, match in enumerate(re.finditer(r"IN \(('[^()]*')\)", sql)):
        values = match[1].split(", ")
        for i, value in enumerate(values if len(values) > 1 else ()):
            fewer = ", ".join(values[:i] + values[i + 1 :])
            yield f"list {n} without {value}", sql[: match.start(1)] + fewer + sql[match.end(1) :]
        for value in _might_be_added({value.strip("'") for value in values}):
            yield f"list {n} with '{value}'", sql[: match.end(1)] + f", '{value}'" + sql[match.end(1) :]
    for n, match in enumerate(re.finditer(r"(>=|<=|<>|<|>) (\d+)", sql)):
        for other in (int(match[2]) - 1, int(match[2]) + 1):
            yield f"number {n} {match[0]} as {other}", sql[: match.start(2)] + str(other) + sql[match.end(2) :]
    for n, match in enumerate(re.finditer(r" ([+-]) 1\b", sql)):
        yield f"step {n} as 0", sql[: match.start()] + f" {match[1]} 0" + sql[match.end() :]
    for n, match in enumerate(re.finditer(r"⟪(\d+)\|", sql)):
        for other in (int(match[1]) - 1, int(match[1]) + 1):
            yield f"hours {n} {match[1]} as {other}", sql[: match.start(1)] + str(other) + sql[match.end(1) :]
    for n, match in enumerate(re.finditer(r"ORDER BY \S+ DESC", sql)):
        yield f"order {n} turned", sql[: match.start()] + match[0].replace("DESC", "ASC") + sql[match.end() :]


def _might_be_added(values: set[str]) -> list[str]:
    """Other kinds of care, or other roles, where a list is one of those."""
    for every in (set(map(str, Kind)), set(map(str, Role))):
        if values <= every:
            return sorted(every - values)
    return []


def _short(condition: str) -> str:
    return condition if len(condition) <= 60 else f"{condition[:40]}…{condition[-19:]}"


def _spans(sql: str) -> Iterator[tuple[int, int]]:
    """Where each condition in a boolean expression begins and ends."""
    tokens = [(match[0], match.start(), match.end()) for match in _TOKEN.finditer(sql)]
    closing: dict[int, int] = {}
    opened = []
    for i, (token, _, _) in enumerate(tokens):
        if token == "(":
            opened.append(i)
        elif token == ")":
            closing[opened.pop()] = i

    def region(first: int, last: int, *, boolean: bool) -> Iterator[tuple[int, int]]:
        """Conditions among the tokens from `first` up to and without `last`; a SELECT has them after ON and WHERE alone."""
        if first < last and tokens[first][0].upper() == "SELECT":
            boolean = False
        begin: int | None = first if boolean else None
        i = first
        while i < last:
            word = tokens[i][0].upper()
            if word == "(":
                before = tokens[i - 1][0].upper() if i > first else ""
                inner = before in _BEFORE_CONDITIONS and begin is not None
                yield from region(i + 1, closing[i], boolean=inner)
                i = closing[i] + 1
                continue
            if begin is not None and (word in ("AND", "OR") or word in _ENDS):
                yield tokens[begin][1], tokens[i - 1][2]
                begin = i + 1 if word in ("AND", "OR") else None
            if word in _STARTS:
                begin = i + 1
            i += 1
        if begin is not None and begin < last:
            yield tokens[begin][1], tokens[last - 1][2]

    yield from region(0, len(tokens), boolean=True)
