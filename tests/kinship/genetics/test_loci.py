"""Names of loci and kits in the spellings laboratories use, and labels of alleles."""

from __future__ import annotations

import pytest

from wayhome.kinship.errors import ProfileError, UnknownName
from wayhome.kinship.genetics.loci import (
    Inheritance,
    allele_label,
    allele_order,
    linked_pairs,
    locus,
    locus_name,
    panel,
    panel_name,
    panels,
    reported_locus,
)


@pytest.mark.parametrize(
    ("reported", "name"),
    [
        ("VWA", "vWA"),
        ("THO1", "TH01"),
        ("Th01", "TH01"),
        ("PENTA_D", "Penta D"),
        ("pentae", "Penta E"),
        ("Amelogenin", "AMEL"),
        ("DYS389 I", "DYS389I"),
        ("Yindel", "Y-InDel"),
        ("d3s1358", "D3S1358"),
        (" my locus ", "my locus"),
    ],
)
def test_locus_names(reported: str, name: str) -> None:
    assert locus_name(reported) == name
    assert locus_name(name) == name


@pytest.mark.parametrize(
    ("name", "inheritance", "chromosome"),
    [
        ("vWA", Inheritance.AUTOSOMAL, "12"),
        ("D3S1358", Inheritance.AUTOSOMAL, "3"),
        ("D99X1", Inheritance.AUTOSOMAL, "99"),
        ("rs12345", Inheritance.AUTOSOMAL, None),
        ("DXS10135", Inheritance.X, "X"),
        ("HPRTB", Inheritance.X, "X"),
        ("DYS391", Inheritance.Y, "Y"),
        ("DYF387S1", Inheritance.Y, "Y"),
        ("AMEL", Inheritance.SEX_MARKER, None),
        ("Y-InDel", Inheritance.SEX_MARKER, None),
    ],
)
def test_inheritance(name: str, inheritance: Inheritance, chromosome: str | None) -> None:
    found = locus(name)
    assert (found.name, found.inheritance, found.chromosome) == (name, inheritance, chromosome)


def test_names_that_need_a_kit() -> None:
    assert reported_locus("VWA") == reported_locus("vWA", "GlobalFiler")
    assert reported_locus("D5S2500").needs_kit
    assert reported_locus("D5S2500", "GlobalFiler").needs_kit
    assert reported_locus("D5S2500", "AGCU 21+1").name == "D5S2800"
    assert reported_locus("D6S474", "Investigator HDplex").allele_shift == 1
    assert reported_locus("D6S474", "SureID 27comp").allele_shift == 0
    assert not reported_locus("D6S474", "SureID 27comp").needs_kit


@pytest.mark.parametrize(
    ("text", "shift", "label"),
    [
        ("15", 0, "15"),
        (" 09.30 ", 0, "9.3"),
        ("15.0", 0, "15"),
        ("15.00", 1, "16"),
        ("9.3", 1, "10.3"),
        ("0", 0, "0"),
        ("x", 0, "X"),
        ("Y", 3, "Y"),
    ],
)
def test_allele_labels(text: str, shift: int, label: str) -> None:
    assert allele_label(text, shift) == label


@pytest.mark.parametrize("text", ["", "OL", "9,3", "9.", ".3", "9.123", "-1", "+1", "1e2", "12345", "9 3", "XY", "nan"])
def test_what_is_no_allele(text: str) -> None:
    with pytest.raises(ProfileError) as caught:
        allele_label(text)
    assert caught.value.remedy


def test_the_ladder() -> None:
    assert sorted(["10", "9.3", "Y", "9", "X", "10.1"], key=allele_order) == ["9", "9.3", "10", "10.1", "X", "Y"]


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("globalfiler", "GlobalFiler"),
        ("GlobalFiler_Panel_v1", "GlobalFiler"),
        ("HDplex", "Investigator HDplex"),
        ("", None),
        ("??", None),
    ],
)
def test_kit_names(spelling: str, name: str | None) -> None:
    assert panel_name(spelling) == name


def test_panels() -> None:
    globalfiler = panel("globalfiler")
    assert len(globalfiler.autosomal) == 21
    assert {"SE33", "D3S1358", "TH01"} <= set(globalfiler.autosomal)
    assert not {"AMEL", "DYS391", "Y-InDel"} & set(globalfiler.autosomal)
    with pytest.raises(UnknownName, match="GlobalFiler"):
        panel("no such kit")
    for name, kit in panels().items():
        assert kit.name == name == panel_name(name)
        assert kit.source
        names = [one.name for one in kit.loci]
        assert len(set(names)) == len(names), name
        assert [locus_name(one) for one in names] == names


def test_linked_pairs() -> None:
    pairs = {frozenset((pair.first, pair.second)): pair for pair in linked_pairs()}
    assert frozenset(("vWA", "D12S391")) in pairs
    for pair in pairs.values():
        assert pair.source
        assert pair.recombination is None or 0 <= pair.recombination < 0.4
        first, second = locus(pair.first), locus(pair.second)
        assert first.inheritance is second.inheritance is Inheritance.AUTOSOMAL
