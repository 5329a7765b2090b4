"""Genotypes become indices once, whatever pedigree is asked about next."""

from __future__ import annotations

import numpy as np
import pytest

from wayhome import kinship
from wayhome.kinship import LocusModel, Pedigree, PedigreeError, ProfileError, UnknownName
from wayhome.kinship.likelihood.encoding import codes_of, encode, together
from wayhome.kinship.likelihood.stacking import Stack


def ladder(name: str, labels: str = "ABC", *, silent: int | None = None, x_linked: bool = False) -> LocusModel:
    n = len(labels)
    return LocusModel(name, tuple(labels), np.full(n, 1 / n), silent=silent, x_linked=x_linked)


L1, L2, L3, QUIET, X1, X2 = (
    ladder("L1"),
    ladder("L2", "CAB"),
    ladder("L3"),
    ladder("Q", silent=2),
    ladder("X1", x_linked=True),
    ladder("X2", x_linked=True),
)


def test_loci_go_together_where_the_same_people_were_typed() -> None:
    told = {
        "child": {"L1": ("A", "B"), "L2": ("A", "B"), "L3": ("B",), "Q": ("A",), "X1": ("C",)},
        "mother": {"L1": ("C",), "L2": ("B", "C"), "L3": (), "Q": ("A", "B"), "X1": ("A", "C")},
    }
    groups = together(told, [L1, L2, L3, QUIET, X1])
    assert [(g.typed, [locus.name for locus in g.loci]) for g in groups] == [
        (("child", "mother"), ["L1", "L2"]),
        (("child",), ["L3"]),
        (("child", "mother"), ["Q"]),
        (("child", "mother"), ["X1"]),
    ]
    assert groups[0].codes.tolist() == [[[0, 1], [2, 2]], [[1, 2], [0, 2]]]


def test_codes_follow_the_order_of_each_pedigree() -> None:
    (group,) = together({"child": {"L1": ("A", "B")}, "mother": {"L1": ("C",)}}, [L1])
    trio = kinship.trio()
    shape, codes = group.under(trio)
    assert [member for member, state in zip(trio.from_the_oldest, shape.states, strict=True) if state] == ["mother", "child"]
    assert codes.tolist() == [[[2, 2], [0, 1]]]
    _, apart = group.under(Pedigree.of([("child", None, None, "M"), ("mother", None, None, "F")]))
    assert apart.tolist() == [[[0, 1], [2, 2]]]
    single, own = encode(trio, {"mother": ("C",), "child": ("B", "A")}, L1)
    assert (single, own.tolist()) == (shape, codes.tolist())


def test_the_faulty_locus_of_a_man_is_named() -> None:
    (group,) = together({"child": {"X1": ("A",), "X2": ("A", "B")}}, [X1, X2])
    group.under(kinship.duo("mother", sex="F"))
    with pytest.raises(ProfileError, match="child is male and has two alleles at the X-chromosomal locus X2"):
        group.under(kinship.duo("mother", sex="M"))
    with pytest.raises(PedigreeError, match="the sex of child must be known"):
        group.under(kinship.duo("mother", sex="U"))


def test_who_has_no_place_is_refused_even_untyped() -> None:
    (group,) = together({"stranger": {"L1": ("A",)}}, [L1])
    with pytest.raises(UnknownName):
        group.under(kinship.trio())
    with pytest.raises(UnknownName):
        encode(kinship.trio(), {"stranger": ()}, L1)


def test_a_ladder_remembers_right_genotypes_only() -> None:
    locus = ladder("L")
    for _ in range(2):
        assert codes_of(["C", "A"], locus) == (0, 2)
        assert codes_of(("B",), locus) == (1, 1)
        with pytest.raises(ProfileError, match="allele Z is not on the ladder"):
            codes_of(("A", "Z"), locus)
        with pytest.raises(ProfileError, match="child has 3 alleles at L"):
            codes_of(("A", "B", "C"), locus, member="child")
        with pytest.raises(ProfileError, match="child has 0 alleles at L"):
            codes_of((), locus, member="child")
    assert locus.known_pairs == {("C", "A"): (0, 2), ("B",): (1, 1)}


def test_a_stack_is_kept_and_a_part_of_it_is_not_the_whole() -> None:
    labels = ("1", "2", "3")
    frequencies = np.array([0.2, 0.3, 0.5])
    female, male = kinship.MutationModel("stepwise").matrices("L", labels, frequencies)
    locus = LocusModel("L", labels, frequencies, female, male)
    stack = Stack.of((locus, L1))
    assert Stack.of((locus, L1)) is stack
    assert stack.part(0, 2) is stack
    part = stack.part(1, 2)
    assert part.frequencies.tolist() == [L1.frequencies.tolist()]
    assert stack.passed_on(True)[0] == pytest.approx(locus.passed_on(True), abs=1e-16)
    assert stack.passed_on(False)[0] == pytest.approx(locus.passed_on(False), abs=1e-16)
    assert not np.allclose(stack.passed_on(True)[0], stack.passed_on(False)[0], atol=1e-7)
