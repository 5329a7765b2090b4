"""Every change that a machine can make to the rules of a handover, or of families, must be noticed by a case of plain facts."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest

from factories import custody_model as expected
from factories.family_rules import Fact, facts
from trust.acts.mutants import of_module
from wayhome.casework.accounts.rules import FacilityKind, Role
from wayhome.casework.custody import rules
from wayhome.casework.custody.rules import HandoverFacts, Kind, Match, Signatory
from wayhome.casework.families import rules as family_rules

NOON = datetime(2011, 7, 20, 12, tzinfo=UTC)
LEGAL = HandoverFacts(
    kind=Kind.WELFARE_INSTITUTION,
    to_kind=Kind.HOSPITAL,
    facility_kind=FacilityKind.HOSPITAL,
    facility_open=True,
    from_agency=1,
    to_agency=2,
    giver=Signatory(10, 1, "caseworker", active=True),
    receiver=Signatory(20, 2, "nurse", active=True),
    is_head=True,
    wristband_fits=True,
    cleared=False,
    matches={},
    found_here=False,
    absorbed=False,
    foster_asked=False,
    foster_ready=False,
    started_at=NOON,
    before=NOON,
)
AT_HOME = {"facility_kind": FacilityKind.WELFARE_INSTITUTION}
FOSTER = AT_HOME | {"to_kind": Kind.FOSTER, "foster_asked": True, "foster_ready": True}
HOME = AT_HOME | {"to_kind": Kind.REUNIFIED, "released": True}
DISCHARGED = AT_HOME | {"kind": Kind.HOSPITAL, "to_kind": Kind.WELFARE_INSTITUTION, "cleared": True}


@dataclass(frozen=True)
class Case:
    """What differs from the legal handover, and what must be said to it."""

    facts: HandoverFacts
    codes: list[str]


def case(*codes: str, **differs: Any) -> Case:
    """One of them."""
    return Case(replace(LEGAL, **differs), list(codes))


def signatory(who: str, **differs: Any) -> dict[str, Signatory]:
    """The giver or the receiver, but for something."""
    return {who: replace(getattr(LEGAL, who), **differs)}


def cases() -> Iterator[Case]:
    """All of them."""
    yield case()
    yield case(receiver=None)
    yield case(started_at=NOON + timedelta(seconds=1))
    yield case("before_last", started_at=NOON - timedelta(seconds=1))
    yield case("excluded", matches={"giver": Match.SAME})
    yield case("kin_of_excluded", matches={"escort": Match.KIN})
    yield case("excluded", "kin_of_excluded", matches={"giver": Match.SAME, "escort": Match.KIN})
    yield case("place_of_rescue", found_here=True)
    yield case("not_current", is_head=False)
    yield case("merged_away", absorbed=True)
    yield case("place_closed", facility_open=False)
    yield case("wristband", wristband_fits=False)
    yield case("giver_not_custodian", **signatory("giver", active=False))
    yield case("giver_not_custodian", **signatory("giver", agency_id=2))
    yield case("one_signatory", **signatory("receiver", staff_id=10))
    yield case("receiver_not_of_place", **signatory("receiver", active=False))
    yield case("receiver_not_of_place", **signatory("receiver", agency_id=1))
    yield case("giver_not_custodian", receiver=None, **signatory("giver", active=False))
    for role in Role:
        answers = role in ("officer", "nurse", "doctor", "caseworker", "partner_liaison")
        yield case(*([] if answers else ["receiver_not_of_place"]), **signatory("receiver", role=str(role)))
    yield case(**DISCHARGED)
    yield case("not_cleared", **DISCHARGED | {"cleared": False})
    yield case(**FOSTER)
    yield case("foster_not_approved", **FOSTER | {"foster_ready": False})
    yield case("foster_not_approved", **FOSTER | {"foster_asked": False, "foster_ready": False})
    yield case("foster_not_approved", **FOSTER | {"foster_asked": False})
    yield case("foster_not_approved", foster_asked=True, foster_ready=True)
    yield case("foster_not_approved", foster_asked=True)
    yield case("foster_not_approved", foster_ready=True)
    yield case("not_released", released=True)
    yield case(**HOME)
    yield case("not_released", **HOME | {"released": False})
    for one in Kind:
        for other in Kind:
            for place in FacilityKind:
                fostered = other is Kind.FOSTER
                there = "police" if place == "police_post" else str(place)
                codes = [] if (one, other) in expected.STEPS else ["no_such_step"]
                codes += [] if there == expected.ANSWERS.get(other, other) else ["wrong_kind_of_place"]
                released = other in ("reunified", "repatriated")
                differs = {"kind": one, "to_kind": other, "facility_kind": place, "cleared": True, "released": released}
                yield case(*codes, **differs, foster_asked=fostered, foster_ready=fostered)


def sources() -> Iterator[tuple[str, str]]:
    """Names of mutants of `refusals`, and the module with each."""
    tree = ast.parse(inspect.getsource(rules))
    (function,) = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "refusals")
    lists = [node for node in ast.walk(function) if isinstance(node, ast.List)]
    for entries in lists:
        for i, entry in enumerate(list(entries.elts)):
            assert isinstance(entry, ast.Tuple)
            assert isinstance(entry.elts[0], ast.Constant)
            code = entry.elts[0].value
            del entries.elts[i]
            yield f"{code}: left out", ast.unparse(tree)
            entries.elts.insert(i, entry)
            for node in ast.walk(entry.elts[1]):
                for what, undo in _changes(node):
                    yield f"{code}: {what}", ast.unparse(tree)
                    undo()
    swapped = ast.unparse(tree).replace("if facts.receiver is not None:", "if facts.receiver is None and False:")
    assert swapped != ast.unparse(tree)
    yield "the receiver is not looked at", swapped


OPPOSITE: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Lt: ast.GtE,
}


def _changes(node: ast.AST) -> Iterator[tuple[str, Any]]:
    """Each way to change one place of a condition, and how to change it back."""
    if isinstance(node, ast.Compare):
        was = node.ops[0]
        told = ast.unparse(node)
        for other in {OPPOSITE[type(was)], ast.LtE if isinstance(was, ast.Lt) else OPPOSITE[type(was)]}:
            node.ops[0] = other()
            yield f"{told} as {ast.unparse(node)}", lambda: node.ops.__setitem__(0, was)
    if isinstance(node, ast.BoolOp):
        told = ast.unparse(node)
        operator = node.op
        node.op = ast.And() if isinstance(operator, ast.Or) else ast.Or()
        yield f"{told} with another operator", lambda: setattr(node, "op", operator)
        for i, value in enumerate(list(node.values)):
            if len(node.values) > 1:
                del node.values[i]
                yield f"{told} without {ast.unparse(value)}", lambda i=i, value=value: node.values.insert(i, value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        operator_was, told = node.op, ast.unparse(node)
        node.op = ast.UAdd()  # type: ignore[assignment]
        yield f"{told} without not", lambda: setattr(node, "op", operator_was)


def tables() -> Iterator[tuple[str, str, Any]]:
    """Names of mutants of the tables, which table, and what it becomes."""
    for one in Kind:
        for other in Kind:
            changed = dict(rules.NEXT) | {one: rules.NEXT[one] ^ {other}}
            yield f"NEXT: {one} to {other} turned", "NEXT", changed
    for kind in Kind:
        for place in (None, *FacilityKind):
            if place is not rules.PLACES.get(kind):
                changed_places = {k: v for k, v in rules.PLACES.items() if k is not kind} | ({kind: place} if place else {})
                yield f"PLACES: {kind} at {place}", "PLACES", changed_places
    for role in Role:
        yield f"RECEIVERS: {role} turned", "RECEIVERS", rules.RECEIVERS ^ {str(role)}


def mutants() -> Iterator[tuple[str, Any]]:
    """Names, and the function as it would be."""
    for name, source in sources():
        module = _module(source)
        yield name, module
    for name, table, becomes in tables():
        module = _module(inspect.getsource(rules))
        setattr(module, table, becomes)
        yield name, module


def _module(source: str) -> ModuleType:
    import sys

    module = ModuleType("rules_mutant")
    sys.modules[module.__name__] = module
    try:
        exec(compile(source, "rules_mutant", "exec"), module.__dict__)
    finally:
        del sys.modules[module.__name__]
    # The kinds are the house's own, so that a mutant's tables know those of the facts.
    for table in ("NEXT", "PLACES"):
        setattr(module, table, getattr(rules, table))
    for name in ("Kind", "Match"):
        setattr(module, name, getattr(rules, name))
    return module


MUTANTS = list(mutants())


def test_the_rules_say_what_the_cases_do() -> None:
    for one in cases():
        assert rules.refusals(one.facts) == one.codes


def test_there_are_mutants_of_every_rule() -> None:
    names = [name for name, _ in MUTANTS]
    assert len(names) == len(set(names))
    codes = {code for one in cases() for code in one.codes}
    assert {name.partition(":")[0] for name in names} >= codes
    print(f"\n{len(names)} mutants of the rules")


@pytest.mark.parametrize("name", [name for name, _ in MUTANTS])
def test_a_mutant_of_the_rules_is_noticed(name: str) -> None:
    module = dict(MUTANTS)[name]
    assert any(module.refusals(one.facts) != one.codes for one in cases()), "no case tells it from the rules"


def answer(fact: Fact) -> Any:
    """What the rules say to it, or that they say nothing any more."""
    try:
        return fact.ask()
    except Exception as error:
        return error


def test_a_mutant_of_the_rules_of_families_is_noticed() -> None:
    """`tests/casework/families/test_rules.py` says that the rules themselves answer so."""
    tried, asked = list(of_module("families.rules", family_rules)), list(facts())
    unnoticed = []
    for mutant in tried:
        with mutant.standing():
            if all(answer(fact) == fact.says for fact in asked):
                unnoticed.append(mutant.name)
    assert unnoticed == []
    assert {mutant.function.__name__ for mutant in tried} >= {"duplicate_reasons", "grow", "nearness", "pedigree", "can_be_typed"}
