"""Familias 3 files: headings, persons, pedigrees, and which of them are families of a search."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wayhome.kinship.errors import FormatError, InputError, PedigreeError
from wayhome.kinship.formats.familias import FamiliasFile, read_familias
from wayhome.kinship.genetics.model import PopulationModel
from wayhome.kinship.genetics.mutation import MutationModel, MutationRates
from wayhome.kinship.pedigrees.pedigree import Member

Read = Callable[..., FamiliasFile]
Refuse = Callable[..., InputError]


# The example
def test_the_example(shared_formats: Path) -> None:
    file = read_familias(shared_formats / "familias3_example.fam")
    mother, father, child = file.profiles
    assert [p.sample for p in file.profiles] == ["SYN-MO-1", "SYN-FA-1", "SYN-CH-1"]
    assert mother.genotypes == {"D3S1358": ("15",), "vWA": ("14", "17"), "D16S539": ("10", "11")}
    assert father.pair("D3S1358") == ("15", "18")
    parents, mother_only = file.pedigrees
    assert parents.name == "H1 parents"
    assert parents["SYN-CH-1"] == Member("SYN-CH-1", "SYN-FA-1", "SYN-MO-1", "M")
    assert mother_only["SYN-CH-1"] == Member("SYN-CH-1", None, "SYN-MO-1", "M")
    assert file.frequencies.loci["D3S1358"]["15"] == 0.34937
    assert file.frequencies.name == "synthetic-demo"
    assert file.frequencies.people["vWA"] == 1000
    assert file.mutation.by_locus["vWA"] == MutationModel(
        "stepwise", MutationRates(0.0005, 0.1, 1e-6), MutationRates(0.002, 0.1, 1e-6)
    )
    assert (file.version, file.theta, file.silent, file.families) == ("3.3.1", 0, {}, ())
    assert child.sample in file.sexes
    assert "nobody is looked for: H1 parents, H2 mother only" in file.notes[0]
    assert len(file.sha256) == 64


def test_the_example_comes_back(fam: Any, shared_formats: Path, tmp_path: Path) -> None:
    file = read_familias(shared_formats / "familias3_example.fam")
    back = fam.again(file, tmp_path / "again.fam")
    assert back.profiles == file.profiles
    assert back.pedigrees == file.pedigrees
    assert back.frequencies.loci == file.frequencies.loci
    assert back.frequencies.people == file.frequencies.people
    assert back.mutation == file.mutation
    assert back.sexes == file.sexes
    assert back.notes == file.notes


def test_the_example_makes_a_population_model(shared_formats: Path) -> None:
    file = read_familias(shared_formats / "familias3_example.fam")
    model = PopulationModel(file.frequencies, file.mutation, file.theta, silent=file.silent)
    male = model.locus("D3S1358").male
    assert male is not None
    np.testing.assert_allclose(male.diagonal(), 1 - 0.002)


# Headings
def test_the_fourth_line_may_be_missing(fam: Any, read: Read) -> None:
    for fourth in ('""', None, '"some text"', ""):
        assert read(fam.document([fam.mother], fourth=fourth)).profiles[0].sample == "mother"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "is no Familias file"),
        ("F1 father 0 0 1 -9\n", "is no Familias file"),
        ('"Output from Familias"\n"x"\n2.0\n""\n0\n', 'version "2.0"'),
        ('"Output from Familias"\n"x"\n3.2 (DVI)\n""\nmany\n', "a whole number"),
    ],
)
def test_what_is_no_familias_3_file(refused: Refuse, content: str, problem: str) -> None:
    assert problem in str(refused(content))


def test_a_database_alone(fam: Any, read: Read, tmp_path: Path) -> None:
    file = read(fam.document())
    assert (file.profiles, file.pedigrees, file.families) == ((), (), ())
    assert file.frequencies.loci == {"D3S1358": fam.table}
    assert fam.again(file, tmp_path / "again.fam").frequencies.loci == file.frequencies.loci


def test_no_loci_and_no_name(fam: Any, read: Read) -> None:
    text = fam.document(loci=[]).replace('#TRUE#\n"test"', "#FALSE#")
    assert read(text).frequencies.name == "Familias database"


# Persons and their genotypes
def test_names_and_encodings(fam: Any, read: Read, refused: Refuse) -> None:
    text = fam.document([fam.person('Ann "Mei" Øster 李', False, 0, 0, 0)])
    assert read(text).profiles[0].sample == 'Ann "Mei" Øster 李'
    assert read(text.encode("utf-8-sig")).profiles[0].sample == 'Ann "Mei" Øster 李'
    assert read(text.encode("gb18030"), encoding="gb18030").profiles[0].sample == 'Ann "Mei" Øster 李'
    latin = fam.document([fam.person("José", True, 0, 0, 0)]).encode("cp1252")
    assert read(latin, encoding="cp1252").profiles[0].sample == "José"
    error = refused(latin)
    assert error.line == 6
    assert "cp1252" in error.remedy


def test_windows_lines_and_locus_names(fam: Any, read: Read) -> None:
    text = fam.document([fam.mother], loci=[fam.locus("PENTA_E")]).replace("\n", "\r\n")
    assert read(text).profiles[0].genotypes == {"Penta E": ("14", "15")}


@pytest.mark.parametrize(
    ("calls", "problem", "line"),
    [
        ((0, 1, 1), "marker index 1, but there are 1", 14),
        ((0, 3, 0), "allele index 3 of D3S1358, which lists 3", 13),
        ((-1, 0, 0), "outside 0 to", 12),
        ((0, 0, 0, 1, 1, 0), "D3S1358 twice", 6),
    ],
)
def test_genotypes_that_cannot_be(fam: Any, refused: Refuse, calls: tuple[int, ...], problem: str, line: int) -> None:
    error = refused(fam.document([fam.person("mother", False, *calls)]), InputError)
    assert problem in error.problem
    assert error.line == line


def test_two_persons_of_one_name(fam: Any, refused: Refuse) -> None:
    assert "mother is told twice" in refused(fam.document([fam.mother, fam.mother])).problem
    assert "no name" in refused(fam.document([fam.person("", True)])).problem


def test_a_locus_that_only_a_kit_explains(fam: Any, read: Read) -> None:
    text = fam.document([fam.person("mother", False, 0, 0, 0)], loci=[fam.locus("D5S2500")])
    file = read(text)
    assert file.profiles[0].flags == {"D5S2500": ("needs_kit",)}
    assert file.notes == ("set aside (needs kit): D5S2500 of mother",)
    file = read(text, kit="AGCU 21+1")
    locus_name = next(iter(file.profiles[0].genotypes))
    assert list(file.frequencies.loci) == [locus_name]


def test_remarks(fam: Any, read: Read) -> None:
    info = "(DatabaseSize = 250 , Dropout probability = 0.05 , Minor allele frequency = 0.001 )"
    tail = ["[Advanced]", "[[Direct/Identity]]", "Dropin= 0", "Dropout= 0,02", "Error= 0", "[[Other]]", "NumberOfDecimals= 10"]
    file = read(
        fam.document([fam.person("mother", False, 0, 0, 0, note=" (Consider dropouts)")], loci=[fam.locus(info=info)], tail=tail)
    )
    assert file.frequencies.people == {"D3S1358": 250}
    notes = "\n".join(file.notes)
    for remark in (
        "dropouts, which is not done here: mother",
        "dropout probability 0.05 (not applied here): D3S1358",
        "minor allele frequency 0.001",
        "dropout 0,02",
    ):
        assert remark in notes


# Pedigrees
def test_extra_persons_and_known_relations(fam: Any, read: Read) -> None:
    # Members: child 0, aunt 1, known extra female 2, then of the pedigree one female 3 and one male 4.
    people = [fam.person("child", True, 0, 0, 0), fam.person("aunt", False, 1, 1, 0)]
    pedigree = fam.pedigree("aunt", 3, 2, 4, 2, 3, 1, 4, 1, females=1, males=1)
    file = read(fam.document(people, [pedigree], known=[1, 0, 1, 2, 0]))
    (found,) = file.pedigrees
    assert found["child"].mother == "extra female 1"
    assert found["extra female 1"].parents == ("extra male 1", "extra female 2")
    assert found["aunt"].parents == ("extra male 1", "extra female 2")
    assert found.ids == ("child", "aunt", "extra female 1", "extra female 2", "extra male 1")


def test_extra_persons_take_no_names_that_exist(fam: Any, read: Read) -> None:
    people = [fam.person("extra female 1", False, 0, 0, 0)]
    (found,) = read(fam.document(people, [fam.pedigree("H", females=1)])).pedigrees
    assert found.ids == ("extra female 1", "extra female 2")


def test_known_relations_without_pedigrees(fam: Any, read: Read) -> None:
    (found,) = read(fam.document([fam.mother, fam.child], known=[0, 0, 1, 0, 1])).pedigrees
    assert (found.name, found["child"].mother) == ("Known relations", "mother")


@pytest.mark.parametrize(
    ("relations", "kind", "problem"),
    [
        ((1, 2, 3, 2), PedigreeError, "child has two fathers, father and uncle"),
        ((0, 2, 4, 2), PedigreeError, "child has two mothers, mother and aunt"),
        ((2, 2), PedigreeError, "child"),
        ((1, 2, 2, 1), PedigreeError, "their own ancestor"),
        ((5, 2), FormatError, "outside 0 to 4"),
        ((-1, 2), FormatError, "outside 0 to 4"),
        ((0, 10**30), FormatError, "a whole number"),
        (("0 - Direct", 2), FormatError, "identical twins (Direct)"),
        (("x", 2), FormatError, "a whole number"),
    ],
)
def test_relations_that_cannot_be(
    fam: Any, refused: Refuse, relations: tuple[int, ...], kind: type[InputError], problem: str
) -> None:
    people = [fam.mother, fam.father, fam.child, fam.person("uncle", True), fam.person("aunt", False)]
    for text in (
        fam.document(people, [fam.pedigree("H1", *relations)]),
        fam.document(people, [fam.pedigree("H1")], known=[0, 0, len(relations) // 2, *relations]),
    ):
        error = refused(text, kind)
        assert problem in str(error)
        assert error.line is not None
        assert error.line > 5


def test_a_relation_told_twice_is_one(fam: Any, read: Read) -> None:
    file = read(fam.document([fam.mother, fam.child], [fam.pedigree("H1", 0, 1, 0, 1)], known=[0, 0, 1, 0, 1]))
    assert file.pedigrees[0]["child"].parents == ("mother",)


def test_pedigrees_of_one_name(fam: Any, refused: Refuse) -> None:
    assert (
        "two pedigrees are called H"
        in refused(fam.document([fam.mother], [fam.pedigree("H"), fam.pedigree("H", index=1)])).problem
    )


def test_stored_results_are_refused(fam: Any, refused: Refuse) -> None:
    assert "stored results" in refused(fam.document().replace("#FALSE# (#Data", "#TRUE# (#Data")).problem
    assert "2 marker databases" in refused(fam.document().replace("#Databases: 1", "#Databases: 2")).problem


# Families of a search
def test_the_untyped_child_is_looked_for(fam: Any, read: Read) -> None:
    people = [fam.mother, fam.father, fam.child, fam.person("stranger", False, 0, 0, 0)]
    file = read(fam.document(people, [fam.pedigree("H1", 0, 2, 1, 2), fam.pedigree("H2", index=1)]))
    (family,) = file.families
    assert (family.id, family.missing) == ("H1", "child")
    assert family.pedigree.ids == ("mother", "father", "child")
    assert set(family.profiles) == {"mother", "father"}
    assert any("nobody is looked for: H2" in note for note in file.notes)


def test_an_untyped_link_is_not_looked_for(fam: Any, read: Read) -> None:
    # Paternal grandparents 0, 1, untyped father 2, child 3.
    people = [fam.person("gm", False, 0, 0, 0), fam.person("gf", True, 0, 0, 0), fam.person("father", True), fam.child]
    (family,) = read(fam.document(people, [fam.pedigree("G", 0, 2, 1, 2, 2, 3)])).families
    assert family.missing == "child"


def test_pedigrees_that_do_not_say_who_is_looked_for(fam: Any, read: Read) -> None:
    people = [fam.mother, fam.child, fam.person("sister", False), fam.person("alone", True)]
    file = read(fam.document(people, [fam.pedigree("two", 0, 1, 0, 2), fam.pedigree("none", index=1)]))
    assert file.families == ()
    assert any("child, sister are untyped" in note for note in file.notes)
    untyped = [fam.person("mother", False), fam.child]
    file = read(fam.document(untyped, [fam.pedigree("H", 0, 1)]))
    assert "no relative of child is typed" in file.notes[0]


def test_a_name_says_who_is_missing(fam: Any, read: Read) -> None:
    people = [
        fam.person("wife", False, 0, 0, 0),
        fam.person("son", True, 0, 0, 0),
        fam.person("missing person", True),
        fam.person("baby", True),
    ]
    (family,) = read(fam.document(people, [fam.pedigree("H", 0, 1, 2, 1, 0, 3)])).families
    assert family.missing == "missing person"
