"""Plain facts about families, and what the rules must say to each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from wayhome.casework.families import rules
from wayhome.casework.families.rules import CannotBe, Growth, Node, Sought

ONE = Sought(
    sex="F",
    born=(date(2011, 1, 3), date(2011, 1, 5)),
    lost=(date(2011, 5, 1), date(2011, 5, 2)),
    names=frozenset({("name", "lixiaomei"), ("name", "xiaoyue")}),
    people=frozenset({("phone", "13877001199"), ("id", "452601198203040015")}),
    place="CN/GX/",
)
TRIO = {1: Node("F", 2, 3), 2: Node("F"), 3: Node("M")}
"""The child that is looked for, and its parents."""


@dataclass(frozen=True)
class Fact:
    """A question, and its answer."""

    name: str
    ask: Callable[[], Any]
    says: Any


def facts() -> Iterator[Fact]:
    """All of them."""
    yield from _duplicates()
    yield from _growth()
    yield from _nearness()
    yield from _typing()
    yield Fact("a pedigree", _pedigree, ("7", "R 1", [("7", "9", "8", "F"), ("8", None, None, "F"), ("9", None, None, "M")]))


def _duplicates() -> Iterator[Fact]:
    strangers: dict[str, Any] = {"people": frozenset({("phone", "13811112222")})}
    nameless: dict[str, Any] = {"names": frozenset({("name", "moxiaobao")})}

    def pair(name: str, says: str, one: Sought = ONE, **other: Any) -> Iterator[Fact]:
        """Whichever of the two is asked about first."""
        codes = [{"code": code} for code in says.split()]
        two = replace(ONE, **other)
        yield Fact(name, lambda: rules.duplicate_reasons(one, two), codes)
        yield Fact(f"{name}, the other way round", lambda: rules.duplicate_reasons(two, one), codes)

    def moved(field: str, days: int) -> dict[str, Any]:
        """An interval that begins so many days after the other ends."""
        first = getattr(ONE, field)[1] + timedelta(days=days)
        return {field: (first, first + timedelta(days=1))}

    everything = "same_id same_phone name_agrees birth_near loss_near place_same"
    yield from pair("the same told twice", everything)
    yield from pair("the telephone alone", "same_phone birth_near loss_near", **nameless, place="CN/GD/", people=_only("phone"))
    yield from pair("the identity number alone", "same_id birth_near loss_near", **nameless, place="", people=_only("id"))
    yield from pair("the same name, time and place", "name_agrees birth_near loss_near place_same", **strangers)
    yield from pair("one of two names", "name_agrees birth_near loss_near place_same", **strangers, names=_a_name())
    yield from pair("time and place of another", "", **strangers, **nameless)
    yield from pair("the same name elsewhere", "", **strangers, place="CN/GD/")
    yield from pair(
        "the same name in a county of it", "name_agrees birth_near loss_near place_same", **strangers, place="CN/GX/BS/"
    )
    yield from pair("the same name nobody knows where", "name_agrees birth_near loss_near", **strangers, place="")
    yield from pair(
        "where neither was lost is known", "name_agrees birth_near loss_near", replace(ONE, place=""), **strangers, place=""
    )
    yield from pair("the same name at another time", "", **strangers, **moved("lost", 91))
    yield from pair("the same name at another time nobody knows where", "", **strangers, **moved("lost", 91), place="")
    yield from pair("a boy", "", sex="M")
    yield from pair("of a sex that is not known", everything, sex="U")
    for field, code, near in (("born", "birth_near", 60), ("lost", "loss_near", 90)):
        without = everything.replace(f"{code} ", "")
        yield from pair(f"{field} within it", everything, **{field: (getattr(ONE, field)[0], getattr(ONE, field)[0])})
        yield from pair(f"{field} the longest that is near", everything, **moved(field, near))
        yield from pair(f"{field} the shortest that is not", without, **moved(field, near + 1))
        yield from pair(f"{field} the longest that can be", without, **moved(field, 366))
        yield from pair(f"{field} too far apart", "", **moved(field, 367))


def _only(kind: str) -> frozenset[tuple[str, str]]:
    return frozenset(one for one in ONE.people if one[0] == kind)


def _a_name() -> frozenset[tuple[str, str]]:
    return frozenset({("name", "xiaoyue"), ("name", "lixiaohua")})


def _growth() -> Iterator[Fact]:
    def grows(name: str, tree: rules.Tree, of: int, relation: str, says: Any, **more: Any) -> Fact:
        return Fact(f"{relation} of {name}", lambda: _grown(tree, of, relation, **more), says)

    alone, unknown = {1: Node("F")}, {1: Node("U"), 2: Node("M")}
    for relation, sex in (("mother", "F"), ("father", "M")):
        yield grows("a child without parents", alone, 1, relation, ({-1: sex}, [(1, -1)]))
        yield grows("a child with parents", TRIO, 1, relation, "has_parent")
        yield grows("a mother", TRIO, 2, relation, ({-1: sex}, [(2, -1)]))
    half = {1: Node("F", 2), 2: Node("F")}, {1: Node("F", None, 3), 3: Node("M")}
    yield grows("a child with a mother alone", half[0], 1, "mother", "has_parent")
    yield grows("a child with a mother alone", half[0], 1, "father", ({-1: "M"}, [(1, -1)]))
    yield grows("a child with a father alone", half[1], 1, "mother", ({-1: "F"}, [(1, -1)]))
    yield grows("a child with a father alone", half[1], 1, "father", "has_parent")
    for relation, sex in (("sister", "F"), ("brother", "M")):
        both = ({-1: sex, -2: "F", -3: "M"}, [(1, -2), (-1, -2), (1, -3), (-1, -3)])
        yield grows("a child with parents", TRIO, 1, relation, ({-1: sex}, [(-1, 2), (-1, 3)]))
        yield grows("a child without parents", alone, 1, relation, both)
        mothers, fathers = f"half_{relation}_mother", f"half_{relation}_father"
        yield grows("a child with parents", TRIO, 1, mothers, ({-1: sex}, [(-1, 2)]))
        yield grows("a child with parents", TRIO, 1, fathers, ({-1: sex}, [(-1, 3)]))
        yield grows("a child without parents", alone, 1, mothers, ({-1: sex, -2: "F"}, [(1, -2), (-1, -2)]))
        yield grows("a child without parents", alone, 1, fathers, ({-1: sex, -2: "M"}, [(1, -2), (-1, -2)]))
    for relation, sex in (("daughter", "F"), ("son", "M")):
        yield grows("a mother", TRIO, 2, relation, ({-1: sex}, [(-1, 2)]))
        yield grows("a mother with a father", TRIO, 2, relation, ({-1: sex}, [(-1, 2), (-1, 3)]), partner=3)
        yield grows("a father with a mother", TRIO, 3, relation, ({-1: sex}, [(-1, 3), (-1, 2)]), partner=2)
        yield grows("two women", TRIO, 2, relation, "partner_same_sex", partner=1)
        yield grows("somebody of unknown sex", unknown, 1, relation, "parent_sex_unknown")
        yield grows("a man with somebody of unknown sex", unknown, 2, relation, "partner_same_sex", partner=1)


def _grown(tree: rules.Tree, of: int, relation: str, **more: Any) -> Any:
    try:
        growth = rules.grow(tree, of, relation, **more)
    except CannotBe as wrong:
        return wrong.code if str(wrong) == wrong.code else repr(wrong)
    assert isinstance(growth, Growth)
    return growth.members, growth.links


def _nearness() -> Iterator[Fact]:
    tree = {1: Node("F", 2, 3), 2: Node("F", 4, 5), 3: Node("M"), 4: Node("F"), 5: Node("M"), 6: Node("F", 2, None)}
    tree |= {7: Node("M", 4, 5), 8: Node("F", None, 7), 9: Node("M")}
    near = {1: 0, 2: 1, 3: 1, 4: 2, 5: 2, 6: 2, 7: 3, 8: 4}
    yield Fact("births between a child and its kin", lambda: rules.nearness(tree, 1), near)
    own = {1: Node("F", 2, 3), 2: Node("F", None, 3), 3: Node("M", 4), 4: Node("F"), 5: Node("M", 4)}
    yield Fact("whose father is her mother's father", lambda: rules.nearness(own, 1), {1: 0, 2: 1, 3: 1, 4: 2, 5: 3})


def _typing() -> Iterator[Fact]:
    for life in rules.LIFE:
        for reach in rules.REACH:
            for consented in (False, True):
                can = life in ("living", "unknown") and (consented or reach in ("willing", "to_ask"))
                asked = (life, reach, consented)
                yield Fact(f"a sample: {asked}", lambda asked=asked: rules.can_be_typed(*asked), can)


def _pedigree() -> Any:
    tree = {9: Node("M"), 7: Node("F", 8, 9), 8: Node("F")}
    made = rules.pedigree(tree, 7, names={number: str(number) for number in tree}, name="R 1")
    return made.missing, made.name, [(one.id, one.father, one.mother, one.sex) for one in made.members]
