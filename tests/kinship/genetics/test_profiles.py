"""What a laboratory's calls become, and what is set aside with a flag."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.kinship.errors import ProfileError
from wayhome.kinship.genetics.loci import allele_order
from wayhome.kinship.genetics.profiles import Profile
from wayhome.kinship.provenance import digest


def test_names_and_alleles_become_canonical() -> None:
    profile = Profile.from_calls(" S1 ", {"VWA": ("17.0", "09"), "penta_d": ("2.2", "11"), "THO1": ["9.30", "6"]})
    assert profile.sample == "S1"
    assert profile.genotypes == {"vWA": ("9", "17"), "Penta D": ("2.2", "11"), "TH01": ("6", "9.3")}
    assert profile.flags == {}


@pytest.mark.parametrize("alleles", [("15", "15"), ("15",), ("15", ""), ("15.0", "15", "NA")])
def test_a_homozygote_is_one_label(alleles: tuple[str, ...]) -> None:
    profile = Profile.from_calls("S1", {"D3S1358": alleles})
    assert profile.genotypes == {"D3S1358": ("15",)}
    assert profile.pair("D3S1358") == ("15", "15")


@pytest.mark.parametrize("empty", ["", " ", "0", "-", "NA", "n/a", "nan", "?"])
def test_an_empty_cell_is_no_call(empty: str) -> None:
    profile = Profile.from_calls("S1", {"D3S1358": (empty, empty), "vWA": ("14", "15")})
    assert profile.genotypes == {"vWA": ("14", "15")}
    assert profile.flags == {}
    with pytest.raises(KeyError):
        profile.pair("D3S1358")


@pytest.mark.parametrize(
    ("alleles", "flags"),
    [
        (("OL", "15"), ("off_ladder",)),
        (("omr",), ("outside_marker_range",)),
        (("OS", "OL"), ("off_scale", "off_ladder")),
        (("15", ">18"), ("allele_range",)),
        (("<9",), ("allele_range",)),
        (("14", "15", "16"), ("more_than_two_alleles",)),
        (("14", "15", "16", "OL"), ("off_ladder", "more_than_two_alleles")),
    ],
)
def test_uncertain_calls_are_set_aside(alleles: tuple[str, ...], flags: tuple[str, ...]) -> None:
    profile = Profile.from_calls("S1", {"D3S1358": alleles})
    assert profile.genotypes == {}
    assert profile.flags == {"D3S1358": flags}


def test_a_third_reading_of_the_same_allele_is_no_third_allele() -> None:
    assert Profile.from_calls("S1", {"D3S1358": ("14", "15", "15.0")}).pair("D3S1358") == ("14", "15")


def test_loci_of_the_y_chromosome_have_one_allele() -> None:
    profile = Profile.from_calls("S1", {"DYS19": ("14", "15"), "DYS391": ("10", "10"), "DYS385": ("11", "14")})
    assert profile.flags == {"DYS19": ("more_than_two_alleles",)}
    assert profile.genotypes == {"DYS391": ("10",), "DYS385": ("11", "14")}


@pytest.mark.parametrize(
    ("kit", "name", "alleles", "genotypes"),
    [
        ("AGCU 21+1", "D5S2500", ("15", "17"), {"D5S2800": ("15", "17")}),
        ("SureID 27comp", "D5S2500", ("15", "17"), {"D5S2800": ("15", "17")}),
        ("HDplex", "D5S2500", ("15", "17"), {"D5S2500": ("15", "17")}),
        ("HDplex", "D6S474", ("14", "15.2"), {"D6S474": ("15", "16.2")}),
        ("agcu 21+1", "d6s474", ("14", "15"), {"D6S474": ("14", "15")}),
    ],
)
def test_names_that_a_kit_explains(kit: str, name: str, alleles: tuple[str, ...], genotypes: dict[str, tuple[str, ...]]) -> None:
    profile = Profile.from_calls("S1", {name: alleles}, kit=kit)
    assert profile.genotypes == genotypes
    assert profile.flags == {}
    assert profile.kit == kit


@pytest.mark.parametrize("name", ["D5S2500", "D6S474"])
@pytest.mark.parametrize("kit", [None, "", "GlobalFiler", "a kit nobody knows"])
def test_names_that_no_kit_explains_are_set_aside(name: str, kit: str | None) -> None:
    profile = Profile.from_calls("S1", {name: ("14", "15"), "vWA": ("14", "15")}, kit=kit)
    assert profile.flags == {name: ("needs_kit",)}
    assert profile.genotypes == {"vWA": ("14", "15")}
    assert Profile.from_calls("S1", {name: ("", "")}, kit=kit).flags == {}


def test_a_locus_told_twice() -> None:
    same = [("vWA", ("14", "15")), ("VWA", ("15", "14.0"))]
    assert Profile.from_calls("S1", same).genotypes == {"vWA": ("14", "15")}
    with pytest.raises(ProfileError, match="S1 has vWA twice, as 14/15 and 14/16") as caught:
        Profile.from_calls("S1", [("vWA", ("14", "15")), ("VWA", ("14", "16"))])
    assert caught.value.field == "vWA"


@pytest.mark.parametrize("text", ["A", "15,2", "15.234", "-3", "1e3", "15 16", "FAIL", "12345"])
def test_a_text_that_is_no_allele(text: str) -> None:
    with pytest.raises(ProfileError) as caught:
        Profile.from_calls("S1", {"VWA": (text, "15")})
    assert caught.value.field == "vWA"
    assert caught.value.remedy


@pytest.mark.parametrize("sample", ["", "  "])
def test_a_sample_needs_an_id(sample: str) -> None:
    with pytest.raises(ProfileError, match="without a sample id"):
        Profile.from_calls(sample, {})


@pytest.mark.parametrize(
    ("calls", "sex"),
    [
        ({"AMEL": ("X", "Y")}, "M"),
        ({"Amelogenin": ("X", "X")}, "F"),
        ({"AMEL": ("X",), "Y-InDel": ("2",)}, None),
        ({"AMEL": ("X", "Y"), "Y-InDel": ("2",)}, "M"),
        ({"Yindel": ("2",)}, "M"),
        ({"AMEL": ("OL",)}, None),
        ({}, None),
    ],
)
def test_genetic_sex(calls: dict[str, tuple[str, ...]], sex: str | None) -> None:
    assert Profile.from_calls("S1", calls).genetic_sex == sex


def test_only_some_loci() -> None:
    profile = Profile.from_calls("S1", {"vWA": ("14",), "TH01": ("6",), "FGA": ("OL",)}, kit="GlobalFiler")
    assert profile.only(["TH01", "FGA", "SE33"]) == Profile("S1", {"TH01": ("6",)}, "GlobalFiler", {"FGA": ("off_ladder",)})


def test_a_profile_does_not_change() -> None:
    calls = {"vWA": ("14", "15")}
    profile = Profile("S1", calls)
    calls["vWA"] = ("9",)
    assert profile.genotypes == {"vWA": ("14", "15")}
    with pytest.raises(TypeError):
        profile.genotypes["vWA"] = ("9",)  # type: ignore[index]


def test_the_digest_is_of_sample_and_genotypes() -> None:
    profile = Profile("C1", {"TH01": ("6", "9.3"), "D3S1358": ("15",)})
    same = Profile("C1", {"D3S1358": ("15",), "TH01": ("6", "9.3")}, kit="GlobalFiler")
    assert profile.digest == same.digest == digest(["C1", {"TH01": ["6", "9.3"], "D3S1358": ["15"]}])
    assert replace(profile, sample="C2").digest != profile.digest
    assert profile.only(["TH01"]).digest != profile.digest
    assert profile == Profile("C1", {"TH01": ("6", "9.3"), "D3S1358": ("15",)}), "asking changes nothing"


def test_equality_hash_and_pickle() -> None:
    one = Profile.from_calls("S1", {"vWA": ("14", "15"), "FGA": ("OL",)}, kit="GlobalFiler")
    two = Profile.from_calls("S1", {"FGA": ("OL",), "vWA": ("15", "14")}, kit="GlobalFiler")
    assert one == two
    assert hash(one) == hash(two)
    assert pickle.loads(pickle.dumps(one)) == one
    assert one != Profile.from_calls("S2", {"vWA": ("14", "15"), "FGA": ("OL",)}, kit="GlobalFiler")


@given(st.lists(st.tuples(st.integers(1, 60), st.sampled_from(["", ".1", ".2", ".3", ".0"])), min_size=1, max_size=2))
def test_alleles_come_in_ladder_order(alleles: list[tuple[int, str]]) -> None:
    texts = [f"{whole}{part}" for whole, part in alleles]
    genotype = Profile.from_calls("S1", {"SE33": texts}).genotypes["SE33"]
    assert list(genotype) == sorted(set(genotype), key=allele_order)
    assert {float(label) for label in genotype} == {float(text) for text in texts}
    assert Profile.from_calls("S1", {"SE33": reversed(texts)}).genotypes["SE33"] == genotype
