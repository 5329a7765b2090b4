"""What a pedigree refuses, what it lets pass, and the pedigrees made from it."""

from __future__ import annotations

import pickle
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.kinship.errors import PedigreeError, UnknownName
from wayhome.kinship.pedigrees.pedigree import Member, Pedigree, Sex

Row = tuple[str, str | None, str | None, Sex]
TRIO: list[Row] = [("f", None, None, "M"), ("m", None, None, "F"), ("c", "f", "m", "U")]
UNCLE: list[Row] = [
    *(("gf", None, None, "M"), ("gm", None, None, "F"), ("f", "gf", "gm", "M"), ("u", "gf", "gm", "M")),
    *(("m", None, None, "F"), ("c", "f", "m", "U"), ("s", "f", "m", "F")),
]


@pytest.mark.parametrize(
    ("rows", "problem", "member"),
    [
        ([("", None, None, "U")], "without an id", None),
        ([*TRIO, ("c", "f", None, "U")], "c is told twice", "c"),
        ([*TRIO, ("m2", None, None, "F"), ("c", "f", "m2", "U")], "c has two mothers, m and m2", "c"),
        ([*TRIO, ("f2", None, None, "M"), ("c", "f2", "m", "U")], "c has two fathers, f and f2", "c"),
        ([("c", "f", None, "U")], "f, father of c, is not in the pedigree", "c"),
        ([("c", None, "m", "U")], "m, mother of c, is not in the pedigree", "c"),
        ([("f", None, None, "F"), ("c", "f", None, "U")], "f, father of c, is recorded as female", "f"),
        ([("m", None, None, "M"), ("c", None, "m", "U")], "m, mother of c, is recorded as male", "m"),
        ([("p", None, None, "U"), ("c", "p", "p", "U")], "p is both father and mother of c", "c"),
        ([("p", None, None, "U"), ("c", "p", None, "U"), ("d", None, "p", "U")], "named as a father and as a mother", "p"),
        ([("c", "c", None, "U")], "c is their own ancestor", "c"),
        ([("a", "b", None, "M"), ("b", "a", None, "M")], "is their own ancestor", None),
        ([*TRIO, ("x", "z", None, "M"), ("y", "x", None, "M"), ("z", "y", None, "M")], "is their own ancestor", None),
    ],
)
def test_what_a_pedigree_refuses(rows: list[Row], problem: str, member: str | None) -> None:
    with pytest.raises(PedigreeError, match=problem) as caught:
        Pedigree.of(rows, name="F1")
    assert str(caught.value).startswith("F1: ")
    assert caught.value.remedy
    if member is not None:
        assert caught.value.member == member


def test_whoever_descends_from_a_loop_is_not_blamed_for_it() -> None:
    loop: list[Row] = [("leaf", "a", None, "U"), ("a", "b", None, "M"), ("b", "a", None, "M")]
    with pytest.raises(PedigreeError) as caught:
        Pedigree.of(loop)
    assert caught.value.member in {"a", "b"}


def test_an_unknown_missing_member() -> None:
    with pytest.raises(PedigreeError, match="the missing member x is not in the pedigree") as caught:
        Pedigree.of(TRIO, missing="x")
    assert caught.value.member == "x"


def test_members_may_come_in_any_order() -> None:
    pedigree = Pedigree.of(reversed(TRIO), missing="c")
    assert pedigree.ids == ("c", "m", "f")
    assert pedigree.from_the_oldest[-1] == "c"
    assert pedigree.founders == ("m", "f")
    assert pedigree["c"].parents == ("f", "m")
    assert pedigree.children("f") == ("c",)
    assert "c" in pedigree
    assert "x" not in pedigree
    with pytest.raises(UnknownName, match="Its members are c, m, f"):
        pedigree["x"]


@pytest.mark.parametrize(
    "rows",
    [
        [*TRIO, ("d", "f", "c", "U")],  # father and daughter
        [*TRIO, ("d", "f", "m", "M"), ("e", "d", "c", "U")],  # brother and sister
        [*TRIO, ("d", None, "m", "M"), ("e", "d", "c", "U")],  # half sibs
        [("a", None, None, "U"), ("b", None, None, "U")],  # strangers
        [("f", None, None, "U"), ("c", "f", None, "U")],  # a father whose sex nobody wrote down
    ],
)
def test_legal_pedigrees_pass(rows: list[Row]) -> None:
    pedigree = Pedigree.of(rows)
    place = {member: i for i, member in enumerate(pedigree.from_the_oldest)}
    assert sorted(place) == sorted(pedigree.ids)
    for member in pedigree:
        assert all(place[parent] < place[member.id] for parent in member.parents)


def test_ten_thousand_generations() -> None:
    line: list[Row] = [("0", None, None, "M"), *((str(i), str(i - 1), None, "M") for i in range(1, 10_000))]
    assert Pedigree.of(reversed(line)).from_the_oldest == tuple(map(str, range(10_000)))
    with pytest.raises(PedigreeError, match="their own ancestor"):
        Pedigree.of([("0", "9999", None, "M"), *line[1:]])


def test_unrelated_without_children() -> None:
    pedigree = Pedigree.of(TRIO, missing="c").with_unrelated("c")
    assert pedigree["c"] == Member("c")
    assert pedigree.ids == ("f", "m", "c")
    assert pedigree.missing == "c"


def test_unrelated_with_children_leaves_a_stand_in() -> None:
    pedigree = Pedigree.of(UNCLE, missing="f").with_unrelated("f")
    assert pedigree["f"] == Member("f", None, None, "M")
    assert pedigree["f'"] == Member("f'", "gf", "gm", "M")
    assert pedigree["c"].father == pedigree["s"].father == "f'"
    assert pedigree["c"].mother == "m"
    assert pedigree["c"].sex == "U"
    assert pedigree.children("f") == ()
    assert len(pedigree) == len(UNCLE) + 1


def test_a_stand_in_takes_nobodys_name() -> None:
    rows: list[Row] = [("m", None, None, "F"), ("m'", None, None, "F"), ("c", None, "m", "U")]
    assert Pedigree.of(rows).with_unrelated("m")["c"].mother == "m''"


def test_unrelated_of_nobody() -> None:
    with pytest.raises(UnknownName):
        Pedigree.of(TRIO).with_unrelated("x")


def test_replacing() -> None:
    pedigree = Pedigree.of(TRIO, missing="c", name="F1").replacing(Member("c", None, "m", "F"), Member("d", "f", "m"))
    assert pedigree.ids == ("f", "m", "c", "d")
    assert pedigree["c"] == Member("c", None, "m", "F")
    assert (pedigree.missing, pedigree.name) == ("c", "F1")


def test_relabelled() -> None:
    pedigree = Pedigree.of(TRIO, missing="c").relabelled({"c": "child", "f": "m", "m": "f"})
    assert pedigree["child"].parents == ("m", "f")
    assert pedigree["m"].sex == "M"
    assert pedigree.missing == "child"
    with pytest.raises(PedigreeError, match="told twice"):
        Pedigree.of(TRIO).relabelled({"f": "x", "c": "x", "m": "y"})


def test_equality_hash_and_pickle() -> None:
    one, two = Pedigree.of(TRIO, missing="c"), Pedigree.of(TRIO, missing="c")
    assert one == two
    assert hash(one) == hash(two)
    assert one != Pedigree.of(TRIO)
    back = pickle.loads(pickle.dumps(one))
    assert back == one
    assert back["c"] == one["c"]


@given(
    parents=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=25),
    order=st.randoms(use_true_random=False),
)
def test_any_pedigree_in_which_parents_are_older_passes(parents: list[tuple[int, int]], order: random.Random) -> None:
    rows: list[Row] = []
    for i, (father, mother) in enumerate(parents):
        # Even numbers are men, odd ones women; parents are taken among those before, or nobody.
        men, women = [None, *map(str, range(0, i, 2))], [None, *map(str, range(1, i, 2))]
        rows.append((str(i), men[father % len(men)], women[mother % len(women)], "M" if i % 2 == 0 else "F"))
    order.shuffle(rows)
    pedigree = Pedigree.of(rows)
    place = {member: i for i, member in enumerate(pedigree.from_the_oldest)}
    assert len(place) == len(rows)
    assert all(place[p] < place[m.id] for m in pedigree for p in m.parents)
