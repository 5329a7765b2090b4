"""Familias 3 files: the disaster victim section."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from wayhome.kinship.errors import InputError
from wayhome.kinship.formats.familias import FamiliasFile

Read = Callable[..., FamiliasFile]
Refuse = Callable[..., InputError]


def test_the_disaster_victim_section(fam: Any, read: Read) -> None:
    file = read(fam.with_victims())
    (victim,) = file.unidentified
    assert (victim.sample, victim.genotypes) == ("V1 [left bank]", {"D3S1358": ("14", "15"), "TH01": ("9.3",)})
    assert file.sexes == {"V1 [left bank]": "M", "V2": "U"}
    (family,) = file.families
    assert (family.id, family.missing) == ("F1", "Missing person")
    assert family.pedigree["Missing person"].parents == ("P1", "M1")
    assert list(family.profiles) == ["M1"]
    assert file.notes == ("typed, but no relative of the one who is looked for, so left out: U1 of F1",)


def test_a_section_with_a_blank_line_before_it_and_inside(fam: Any, read: Read) -> None:
    assert read(fam.document(tail=fam.victims.replace("[[Reference", "\n[[Reference").split("\n"))).families[0].id == "F1"


def test_hypotheses_of_a_reference_family(fam: Any, read: Read) -> None:
    file = read(fam.with_victims("Name= F1\nnRelations= 2\nParent= M1\nChild= Missing person\n", "Name= half\nnRelations= 1\n"))
    assert [family.id for family in file.families] == ["F1"]
    assert any("no relative of Missing person is typed" in note for note in file.notes)
    both = read(
        fam.with_victims(
            "Child= Missing person\nParent= P1\nChild= Missing person\n[Prior]", "Child= Missing person\n[Prior]"
        ).replace("Name= F1\nnRelations= 2", "Name= F1\nnRelations= 1")
    )
    assert [family.id for family in both.families] == ["F1, Reference pedigree", "F1, F1"]
    assert [len(family.pedigree) for family in both.families] == [3, 2]


def test_a_missing_parent_gets_the_sex_the_other_leaves(fam: Any, read: Read) -> None:
    relations = "nRelations= 2\nParent= M1\nChild= Missing person\nParent= P1\nChild= Missing person\n[[[[[Pedigree 2]"
    parent = "nRelations= 2\nParent= M1\nChild= U1\nParent= Missing person\nChild= U1\n[[[[[Pedigree 2]"
    family = read(fam.with_victims(relations, parent)).families[0]
    assert family.pedigree["Missing person"].sex == "M"
    assert family.pedigree["U1"].father == "Missing person"
    alone = "nRelations= 1\nParent= Missing person\nChild= U1\n[[[[[Pedigree 2]"
    file = read(fam.with_victims(relations, alone))
    assert any("whether Missing person is a father or a mother: F1, Reference pedigree" in note for note in file.notes)
    assert len(file.families) == 1


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("nPersons= 2", "nPersons= 3", "tells of 3 persons, but holds 2"),
        ("nPersons= 2\n", "", "does not tell the number"),
        ("nPersons= 2", "nPersons= 1000000000000", "but holds 2"),
        ("nFamilies= 1\n[[[Family", "nFamilies= 2\n[[[Family", "tells of 2 families"),
        ("nSystems= 2", "nSystems= 1", "tells of 1 systems"),
        ("Allele2= 15\n", "", "SystemName, Allele1, Allele2"),
        ("Allele1= 14", "Allele1= A", "not an allele"),
        ("SystemName= TH01", "SystemName=", "no name"),
        ("Name= V2\n", "", "no name"),
        ("Name= V2", "Name= V1 [left bank]", "told twice"),
        ("[[[[Pedigrees]]]]", "[[[[Something]]]]", "no pedigrees"),
        ("nPedigrees= 2", "nPedigrees= 1", "tells of 1 pedigrees"),
        ("nRelations= 2", "nRelations= 3", "tells of 3 relations"),
        ("Parent= M1\n", "", "Parent, Child"),
        ("Parent= M1", "Parent= M1 (Direct)", "identical twins"),
        ("Parent= M1", "Parent=", "names nobody"),
        ("Parent= M1", "Parent= U1", "two fathers, U1 and P1"),
        ("Child= Missing person", "Child= M1", "ancestor"),
        ("[[Unidentified persons]]", "[[[[Unidentified persons]]]]", "nested wrongly"),
        ("[[Unidentified persons]]", "[[Unidentified persons]", "nested wrongly"),
        ("[DVI]\n", "lost line\n[DVI]\n", "after the last locus"),
    ],
)
def test_sections_that_cannot_be(fam: Any, refused: Refuse, old: str, new: str, problem: str) -> None:
    error = refused(fam.with_victims(old, new), InputError)
    assert problem in str(error)
    assert error.line is not None
    assert error.line > 30


def test_one_allele_of_two_is_set_aside(fam: Any, read: Read) -> None:
    file = read(fam.with_victims("Allele2= 15", "Allele2= "))
    assert file.unidentified[0].genotypes == {"TH01": ("9.3",)}
    assert any("only one allele" in note and "D3S1358 of V1" in note for note in file.notes)


def test_two_reference_families_of_one_name(fam: Any, refused: Refuse) -> None:
    start, end = fam.victims.index("[[[Family 1"), fam.victims.index("[Prior]")
    family = fam.victims[start:end]
    text = fam.with_victims("nFamilies= 1\n[[[Family", "nFamilies= 2\n[[[Family").replace("[Prior]", family + "[Prior]")
    assert "two reference families are called F1" in refused(text).problem


def test_every_truncation_of_a_section_is_refused(fam: Any, refused: Refuse) -> None:
    lines = fam.with_victims().split("\n")
    for end in range(lines.index("[DVI]") + 1, lines.index("[Prior]") - 1):
        refused("\n".join(lines[:end]), InputError)
