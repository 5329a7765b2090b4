"""Familias 3 files: what is written comes back, what cannot be written is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.kinship.errors import InputError, PedigreeError
from wayhome.kinship.formats.familias import FamiliasFile, read_familias, write_familias
from wayhome.kinship.genetics.frequencies import AlleleFrequencies
from wayhome.kinship.genetics.mutation import CustomMatrices, MutationModel, MutationRates
from wayhome.kinship.genetics.profiles import Profile
from wayhome.kinship.pedigrees.pedigree import Member, Pedigree

Read = Callable[..., FamiliasFile]
Refuse = Callable[..., InputError]


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=6).filter(
    lambda text: text == text.strip()
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[tuple[Pedigree, ...], dict[str, Profile], AlleleFrequencies, MutationModel, float]:
    names = draw(st.lists(NAMES, min_size=1, max_size=6, unique=True))
    sexes = {name: draw(st.sampled_from("MF")) for name in names}
    titles = draw(st.lists(NAMES, max_size=3, unique=True))
    pedigrees = []
    for title in titles:
        members = []
        for i, name in enumerate(names):
            parents = {"M": None, "F": None}
            for sex in "MF":
                elder = [other for other in names[:i] if sexes[other] == sex]
                if elder and draw(st.booleans()):
                    parents[sex] = draw(st.sampled_from(elder))
            members.append(Member(name, parents["M"], parents["F"], sexes[name]))
        pedigrees.append(Pedigree(tuple(members), name=title))
    labels = {"D3S1358": ["14", "15", "16"], "TH01": ["6", "9", "9.3"], "Penta D": ["2.2", "11"]}
    loci = {}
    for locus_name, alleles in labels.items():
        weights = draw(st.lists(st.integers(1, 50), min_size=len(alleles), max_size=len(alleles)))
        loci[locus_name] = {label: w / sum(weights) for label, w in zip(alleles, weights, strict=True)}
    profiles = {}
    for name in names:
        typed = draw(st.lists(st.sampled_from(list(labels)), unique=True))
        calls = {locus_name: draw(st.tuples(*[st.sampled_from(labels[locus_name])] * 2)) for locus_name in typed}
        if calls or not titles:
            profiles[name] = Profile.from_calls(name, calls or {"TH01": ("6", "6")})
    frequencies = AlleleFrequencies(draw(NAMES), loci, {"TH01": draw(st.integers(1, 9999))})
    rate = st.sampled_from([0.0005, 0.002, 0.01])
    models = [
        MutationModel("none"),
        MutationModel("equal", MutationRates(draw(rate)), MutationRates(draw(rate))),
        MutationModel("proportional", MutationRates(draw(rate)), MutationRates(draw(rate))),
        MutationModel("stepwise", MutationRates(draw(rate), 0.2, 1e-5), MutationRates(draw(rate), 0.1, 1e-6)),
    ]
    by_locus = {locus_name: draw(st.sampled_from(models)) for locus_name in labels}
    return tuple(pedigrees), profiles, frequencies, MutationModel("none", by_locus=by_locus), draw(st.sampled_from([0.0, 0.01]))


@given(case=cases())
def test_what_is_written_comes_back(
    tmp_path_factory: pytest.TempPathFactory,
    case: tuple[tuple[Pedigree, ...], dict[str, Profile], AlleleFrequencies, MutationModel, float],
) -> None:
    pedigrees, profiles, frequencies, mutation, theta = case
    path = tmp_path_factory.getbasetemp() / "written.fam"
    sexes = {} if pedigrees else dict.fromkeys(profiles, "F")
    notes = write_familias(
        path, pedigrees=pedigrees, profiles=profiles, frequencies=frequencies, mutation=mutation, theta=theta, sexes=sexes
    )
    file = read_familias(path)
    assert notes == ()
    assert file.pedigrees == pedigrees
    assert {p.sample: p for p in file.profiles} == profiles
    assert file.frequencies.name == frequencies.name
    assert file.frequencies.loci == frequencies.loci
    assert file.frequencies.people == {"D3S1358": 1000, "TH01": frequencies.people["TH01"], "Penta D": 1000}
    assert file.mutation.by_locus == mutation.by_locus
    assert file.theta == theta


def simple(**change: object) -> dict[str, object]:
    pedigree = Pedigree.of([("mother", None, None, "F"), ("child", None, "mother", "M")], missing="child", name="F1")
    given = {
        "pedigrees": [pedigree],
        "profiles": {"mother": Profile.from_calls("S1", {"D3S1358": ("14", "15")})},
        "frequencies": AlleleFrequencies("test", {"D3S1358": {"14": 0.2, "15": 0.3, "16": 0.5}}),
    }
    return given | change


def test_a_family_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "family.fam"
    write_familias(path, **simple())  # type: ignore[arg-type]
    (family,) = read_familias(path).families
    assert family.pedigree == simple()["pedigrees"][0]  # type: ignore[index]
    assert path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n")


def test_alleles_and_loci_outside_the_table(fam: Any, tmp_path: Path) -> None:
    path = tmp_path / "family.fam"
    profile = Profile.from_calls("S1", {"D3S1358": ("14", "17"), "vWA": ("14", "15"), "AMEL": ("X", "X")})
    frequencies = AlleleFrequencies("test", {"D3S1358": {**fam.table, "19": 0.0}, "DYS19": {"14": 1.0}}, {"D3S1358": 100})
    notes = write_familias(path, **simple(profiles={"mother": profile}, frequencies=frequencies))  # type: ignore[arg-type]
    assert notes == ("not written, outside the autosomes: DYS19", "not written, without frequencies: vWA, AMEL")
    file = read_familias(path)
    assert file.profiles[0].genotypes == {"D3S1358": ("14", "17")}
    assert file.frequencies.loci["D3S1358"] == pytest.approx({"14": 0.195, "15": 0.2925, "16": 0.4875, "17": 0.025})


def test_a_table_that_does_not_sum_to_one_is_scaled(tmp_path: Path) -> None:
    path = tmp_path / "family.fam"
    table = {"14": 0.2, "15": 0.3, "16": 0.49}
    write_familias(path, **simple(frequencies=AlleleFrequencies("test", {"D3S1358": table})))  # type: ignore[arg-type]
    assert sum(read_familias(path).frequencies.loci["D3S1358"].values()) == pytest.approx(1)


def test_sexes_follow_from_parts_and_amelogenin(tmp_path: Path) -> None:
    path = tmp_path / "family.fam"
    pedigree = Pedigree.of([("p", None, None, "U"), ("q", None, None, "U"), ("c", "p", "q", "U"), ("d", "p", "q", "U")])
    profiles = {"c": Profile.from_calls("c", {"AMEL": ("X", "Y"), "D3S1358": ("14", "14")})}
    with pytest.raises(PedigreeError, match="sex of d") as caught:
        write_familias(path, **simple(pedigrees=[pedigree], profiles=profiles))  # type: ignore[arg-type]
    assert (caught.value.member, caught.value.file) == ("d", str(path))
    assert not path.exists()
    write_familias(path, **simple(pedigrees=[pedigree], profiles=profiles, sexes={"d": "F"}))  # type: ignore[arg-type]
    assert read_familias(path).sexes == {"p": "M", "q": "F", "c": "M", "d": "F"}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"theta": 1.0}, "theta"),
        ({"silent": 1.0}, "silent allele"),
        ({"silent": {"D3S1358": -0.1}}, "silent allele"),
        ({"mutation": MutationModel("onestep")}, "no onestep"),
        ({"mutation": MutationModel("stepwise", MutationRates(0.1, 0.0), MutationRates(0.1, 0.1))}, "range 0"),
        ({"pedigrees": [Pedigree.of([("a\nb", None, None, "F")])], "profiles": {}}, "cannot be written"),
        ({"pedigrees": [Pedigree.of([(" a", None, None, "F")])], "profiles": {}}, "cannot be written"),
        ({"pedigrees": [Pedigree.of([("a", None, None, "F")])] * 2}, "same name"),
        (
            {"pedigrees": [Pedigree.of([("a", None, None, "F")], name="1"), Pedigree.of([("a", None, None, "M")], name="2")]},
            "both male and female",
        ),
        (
            {
                "mutation": MutationModel(
                    "custom",
                    custom={
                        "D3S1358": CustomMatrices(
                            ("14", "15", "16"),
                            np.array([[0.9, 0.1, 0], [0, 1, 0], [0, 0, 1]]),
                            np.eye(3),
                        )
                    },
                )
            },
            "no model that gives",
        ),
    ],
)
def test_what_cannot_be_written(tmp_path: Path, change: dict[str, object], problem: str) -> None:
    path = tmp_path / "family.fam"
    with pytest.raises(InputError, match=problem) as caught:
        write_familias(path, **simple(**change))  # type: ignore[arg-type]
    assert caught.value.file == str(path)
    assert not path.exists()
