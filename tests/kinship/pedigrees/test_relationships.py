"""The usual relationships have the members and the kinship that the textbooks give."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from wayhome.kinship.errors import PedigreeError
from wayhome.kinship.pedigrees import relationships as rel
from wayhome.kinship.pedigrees.pedigree import Pedigree


def kinship(pedigree: Pedigree, one: str, other: str) -> Fraction:
    """Malecot's coefficient by its recursion, the younger of the two replaced by its parents."""
    age = {member: i for i, member in enumerate(pedigree.from_the_oldest)}

    def phi(a: str | None, b: str | None) -> Fraction:
        if a is None or b is None:
            return Fraction(0)
        if a == b:
            return (1 + phi(pedigree[a].father, pedigree[a].mother)) / 2
        if age[a] < age[b]:
            a, b = b, a
        return (phi(pedigree[a].father, b) + phi(pedigree[a].mother, b)) / 2

    return phi(one, other)


BUILDERS: list[tuple[Callable[..., Pedigree], int, str, Fraction]] = [
    (rel.duo, 2, "mother", Fraction(1, 4)),
    (lambda **k: rel.duo("father", **k), 2, "father", Fraction(1, 4)),
    (rel.trio, 3, "father", Fraction(1, 4)),
    (rel.full_siblings, 4, "sibling 1", Fraction(1, 4)),
    (lambda **k: rel.full_siblings(5, **k), 8, "sibling 5", Fraction(1, 4)),
    (lambda **k: rel.mother_and_siblings(2, **k), 5, "sibling 2", Fraction(1, 4)),
    (rel.half_siblings, 3, "sibling 1", Fraction(1, 8)),
    (lambda **k: rel.half_siblings(3, shared="father", **k), 5, "sibling 3", Fraction(1, 8)),
    (rel.grandparents, 4, "grandfather", Fraction(1, 8)),
    (lambda **k: rel.grandparents("mother", both=False, **k), 3, "grandmother", Fraction(1, 8)),
    (rel.avuncular, 5, "uncle", Fraction(1, 8)),
    (lambda **k: rel.avuncular("mother", "aunt", **k), 5, "aunt", Fraction(1, 8)),
    (rel.first_cousins, 6, "cousin", Fraction(1, 16)),
    (lambda **k: rel.first_cousins("mother", "aunt", **k), 6, "cousin", Fraction(1, 16)),
    (rel.double_first_cousins, 10, "cousin", Fraction(1, 8)),
    (rel.three_generations, 7, "mother's father", Fraction(1, 8)),
    # An inbred child shares more with a sibling: (1/4)(2 x 1/2 x (1 + 0) + 2 x 1/16) = 9/32.
    (rel.first_cousin_marriage, 10, "sibling 1", Fraction(9, 32)),
]


@pytest.mark.parametrize(("build", "size", "relative", "expected"), BUILDERS)
def test_members_and_kinship(build: Callable[..., Pedigree], size: int, relative: str, expected: Fraction) -> None:
    pedigree = build()
    assert len(pedigree) == size
    assert pedigree.missing == "child"
    assert pedigree["child"].sex == "U"
    assert kinship(pedigree, "child", relative) == expected


@pytest.mark.parametrize(("build", "size", "relative", "expected"), BUILDERS)
def test_the_missing_member_and_its_sex(build: Callable[..., Pedigree], size: int, relative: str, expected: Fraction) -> None:
    girl = build(sex="F")
    assert girl["child"].sex == "F"
    assert build(missing=None).missing is None
    assert build(missing=relative).missing == relative
    assert [m.id for m in girl] == [m.id for m in build(missing=relative)]
    with pytest.raises(PedigreeError, match="nobody"):
        build(missing="nobody")
    assert len(girl) == size
    assert kinship(girl, relative, "child") == expected


def test_only_the_child_of_cousins_is_inbred() -> None:
    pedigree = rel.first_cousin_marriage()
    parents = pedigree["child"].parents
    assert kinship(pedigree, *parents) == Fraction(1, 16)
    assert kinship(rel.double_first_cousins(), *rel.double_first_cousins()["child"].parents) == 0


def test_the_parts_tell_the_sex() -> None:
    assert rel.avuncular("mother", "uncle")["uncle"].sex == "M"
    assert rel.grandparents("mother")["child"].mother == "mother"
    assert rel.half_siblings(shared="father")["sibling 1"].father == "father"
    assert rel.duo("father")["child"].mother is None
    assert rel.mother_and_siblings().name == "mother and siblings"


def test_half_siblings_share_one_parent_alone() -> None:
    pedigree = rel.half_siblings(2)
    assert kinship(pedigree, "sibling 1", "sibling 2") == Fraction(1, 8)
    assert pedigree.founders == ("mother",)


@pytest.mark.parametrize(
    "build",
    [
        lambda: rel.full_siblings(0),
        lambda: rel.half_siblings(-1),
        lambda: rel.half_siblings(shared="uncle"),  # type: ignore[arg-type]
        lambda: rel.duo("aunt"),  # type: ignore[arg-type]
        lambda: rel.duo("child"),  # type: ignore[arg-type]
        lambda: rel.grandparents("left"),  # type: ignore[arg-type]
        lambda: rel.avuncular("uncle", "uncle"),  # type: ignore[arg-type]
        lambda: rel.first_cousins("mother", "mother"),  # type: ignore[arg-type]
        lambda: rel.trio(missing="father", sex="F"),
        lambda: rel.avuncular(missing="uncle", sex="F"),
    ],
)
def test_what_is_no_relationship(build: Callable[[], Pedigree]) -> None:
    with pytest.raises(PedigreeError) as caught:
        build()
    assert caught.value.remedy
