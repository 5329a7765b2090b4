"""Familias 3 files: allele frequencies, silent alleles, mutation models."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.kinship.errors import FormatError, FrequencyError, InputError, MutationError, ProfileError
from wayhome.kinship.formats.familias import FamiliasFile
from wayhome.kinship.genetics.model import PopulationModel
from wayhome.kinship.genetics.mutation import DEFAULT_MUTATION

Read = Callable[..., FamiliasFile]
Refuse = Callable[..., InputError]


# The marker database
def test_decimal_commas(fam: Any, read: Read) -> None:
    table = {"14": "0,2", "15,2": "0,3", "16": ",5"}
    info = "(DatabaseSize = 1000 , Dropout probability = 0,05 , Minor allele frequency = 0 )"
    loci = [fam.locus(alleles=table, rate=("0,001", "0,002"), info=info)]  # type: ignore[arg-type]
    file = read(fam.document([fam.mother], loci=loci, theta="0,01"))
    assert file.frequencies.loci["D3S1358"] == {"14": 0.2, "15.2": 0.3, "16": 0.5}
    assert file.profiles[0].genotypes["D3S1358"] == ("14", "15.2")
    assert file.mutation.by_locus["D3S1358"].male.rate == 0.002
    assert file.theta == 0.01
    assert "dropout probability 0.05" in file.notes[0]


@pytest.mark.parametrize(
    ("change", "kind", "problem"),
    [
        ({"alleles": {"14": 0.5, "15": 0.3}}, FrequencyError, "sum to 0.8"),
        ({"alleles": {"14": 1.5, "15": -0.5}}, FrequencyError, "frequency 1.5"),
        ({"alleles": {"14": "nan", "15": 0.5}}, FormatError, "a number"),
        ({"alleles": {"14": "1e999", "15": 0.5}}, FormatError, "a number"),
        ({"alleles": {"14": "1.#QNAN", "15": 0.5}}, FormatError, "a number"),
        ({"alleles": {"15": 0.5, "15.0": 0.5}}, FormatError, "allele 15 of D3S1358 is told twice"),
        ({"alleles": {"A": 0.5, "G": 0.5}}, ProfileError, "not an allele"),
        ({"alleles": {"silent": 0.5, "Silent": 0.5}}, FormatError, "two silent"),
        ({"silent": 1.5}, FrequencyError, "silent allele"),
        ({"model": (5, 0)}, FormatError, "outside 0 to 4"),
        ({"rate": (-0.1, 0)}, MutationError, "outside 0..1"),
        ({"rate": (0.1, 0), "model": (4, 4), "range_": (2, 0.1)}, MutationError, "outside 0..1"),
        ({"rate": (0.1, 0), "model": (4, 4), "range_": (0, 0.1)}, MutationError, "range 0"),
        ({"rate": (0.9, 0.9), "model": (1, 1)}, MutationError, "too high"),
        ({"rate": (0.9, 0.9), "model": (3, 3), "alleles": {"14": 0.01, "15": 0.99}}, MutationError, "too high"),
        ({"info": "(DatabaseSize = many )"}, FormatError, "DatabaseSize"),
    ],
)
def test_loci_that_cannot_be(fam: Any, refused: Refuse, change: dict[str, object], kind: type[InputError], problem: str) -> None:
    error = refused(fam.document(loci=[fam.locus(**change)]), kind)  # type: ignore[arg-type]
    assert problem in str(error)
    assert error.line is not None
    assert error.line >= 14


def test_a_locus_told_twice(fam: Any, refused: Refuse) -> None:
    error = refused(fam.document(loci=[fam.locus("vWA"), fam.locus("VWA")]))
    assert "vWA is told twice" in error.problem
    assert error.line == 34


def test_allele_counts_must_agree(fam: Any, refused: Refuse) -> None:
    text = fam.document().replace("\n3\n0.1\n", "\n7\n0.1\n")
    assert "7 alleles in one line and 3 in another" in refused(text).problem


def test_what_is_no_allele_is_left_out(fam: Any, read: Read, refused: Refuse) -> None:
    table = {"0": 0.001, "14": 0.5, "15": 0.495, "Rest allele": 0.004}
    file = read(fam.document([fam.person("mother", False, 1, 2, 0)], loci=[fam.locus(alleles=table)]))
    assert file.frequencies.loci["D3S1358"] == {"14": 0.5, "15": 0.495}
    assert file.profiles[0].genotypes["D3S1358"] == ("14", "15")
    assert any('"Rest allele"' in note and "0.004 of D3S1358" in note for note in file.notes)
    for index in (0, 3):
        error = refused(fam.document([fam.person("mother", False, index, 1, 0)], loci=[fam.locus(alleles=table)]))
        assert "mother has the allele" in error.problem
        assert error.line == 12


def test_silent_alleles(fam: Any, read: Read, tmp_path: Path) -> None:
    shown = {"14": 0.18, "15": 0.27, "16": 0.45}
    beside = read(fam.document(loci=[fam.locus(alleles=shown, silent=0.1, model=(1, 1), rate=(0.01, 0.01))]))
    assert beside.silent == {"D3S1358": 0.1}
    assert beside.frequencies.loci["D3S1358"] == pytest.approx(fam.table)
    listed = fam.locus(alleles={**shown, "Silent": 0.1}, model=(1, 1), rate=(0.01, 0.01))
    assert read(fam.document(loci=[listed])).frequencies.loci == beside.frequencies.loci
    # Frequencies that sum to one without the silent allele stay as they are.
    assert read(fam.document(loci=[fam.locus(silent=0.1)])).frequencies.loci["D3S1358"] == fam.table
    back = fam.again(beside, tmp_path / "again.fam")
    assert back.silent == beside.silent
    assert back.frequencies.loci["D3S1358"] == pytest.approx(fam.table, abs=1e-15)
    assert back.mutation == beside.mutation
    model = PopulationModel(beside.frequencies, beside.mutation, silent=beside.silent, minimum_count=0).locus("D3S1358")
    np.testing.assert_allclose(model.frequencies, [0.18, 0.27, 0.45, 0.1])
    assert model.male is not None
    np.testing.assert_array_equal(model.male[3], [0, 0, 0, 1])


def test_silent_frequencies_must_agree(fam: Any, read: Read, refused: Refuse) -> None:
    twice = fam.locus(alleles={"14": 0.5, "15": 0.4, "Silent": 0.1}, silent=0.2)
    assert "silent frequency 0.2 in one line and 0.1" in refused(fam.document(loci=[twice])).problem
    off = fam.document(loci=[fam.locus(silent=0.1)]).replace("#TRUE#\n0.1\n", "#FALSE#\n0.1\n").replace("\n4\n", "\n3\n")
    file = read(off)
    assert file.silent == {}
    assert "switched off" in file.notes[0]


# Mutation models
def matrices(file: FamiliasFile, frequencies: Sequence[float] = (0.2, 0.3, 0.5)) -> tuple[np.ndarray, np.ndarray]:
    table = file.frequencies.loci["D3S1358"]
    return file.mutation.matrices("D3S1358", tuple(table), np.array(frequencies))


def test_equal_and_proportional(fam: Any, read: Read) -> None:
    equal, _ = matrices(read(fam.document(loci=[fam.locus(model=(0, 0), rate=(0.01, 0.02))])))
    np.testing.assert_allclose(equal, [[0.99, 0.005, 0.005], [0.005, 0.99, 0.005], [0.005, 0.005, 0.99]])
    female, male = matrices(read(fam.document(loci=[fam.locus(model=(1, 1), rate=(0.01, 0.02))])))
    p = np.array([0.2, 0.3, 0.5])
    assert float(p @ (1 - male.diagonal())) == pytest.approx(0.02)
    np.testing.assert_allclose(female[0, 1:], 0.01 / 0.62 * p[1:])


@pytest.mark.parametrize("code", [2, 4])
def test_stepwise(fam: Any, read: Read, code: int) -> None:
    # By hand: with range 0.5 a 14 goes to 15 twice as often as to 16.
    female, male = matrices(read(fam.document(loci=[fam.locus(model=(code, code), rate=(0.003, 0.006), range_=(0.5, 0.5))])))
    np.testing.assert_allclose(female, [[0.997, 0.002, 0.001], [0.0015, 0.997, 0.0015], [0.001, 0.002, 0.997]])
    np.testing.assert_allclose(male[0], [0.994, 0.004, 0.002])


def test_stationary_stepwise(fam: Any, read: Read) -> None:
    # By hand: the weights 0.5 and 0.25 sum to 2.5 over all pairs, so c = 0.01 / 2.5 = 0.004.
    female, male = matrices(read(fam.document(loci=[fam.locus(model=(3, 3), rate=(0.01, 0.02), range_=(0.5, 0.5))])))
    np.testing.assert_allclose(female[0], [0.985, 0.01, 0.005])
    np.testing.assert_allclose(female[2], [0.002, 0.004, 0.994])
    p = np.array([0.2, 0.3, 0.5])
    np.testing.assert_allclose(p @ female, p)
    assert float(p @ (1 - male.diagonal())) == pytest.approx(0.02)


def test_microvariants_in_the_extended_model(fam: Any, read: Read) -> None:
    table = {"9": 0.3, "9.3": 0.3, "10": 0.4}
    text = fam.document(loci=[fam.locus(alleles=table, model=(4, 4), rate=(0.01, 0.01), rate2=(0.001, 0.001))])
    female, _ = matrices(read(text), (0.3, 0.3, 0.4))
    np.testing.assert_allclose(female, [[0.989, 0.001, 0.01], [0.0005, 0.999, 0.0005], [0.01, 0.001, 0.989]])


@pytest.mark.parametrize("code", [2, 3])
@pytest.mark.parametrize("alleles", [("9", "9.3", "10"), ("9", "10", "12"), ("10", "9", "11")])
def test_a_stepwise_model_that_nobody_can_be_sure_of(
    fam: Any, read: Read, refused: Refuse, code: int, alleles: tuple[str, ...]
) -> None:
    table = dict(zip(alleles, (0.2, 0.3, 0.5), strict=True))
    text = fam.document(loci=[fam.locus("TH01", table, model=(code, code), rate=(0.001, 0.001))])
    error = refused(text)
    assert (error.line, error.field) == (15, "TH01")
    assert "Extended stepwise" in error.remedy
    assert read(text, mutation=DEFAULT_MUTATION).mutation is DEFAULT_MUTATION
    still = fam.document(loci=[fam.locus("TH01", table, model=(code, code))])
    assert read(still).mutation.by_locus["TH01"].kind == "none"


def test_models_that_differ_by_sex(fam: Any, read: Read, tmp_path: Path) -> None:
    text = fam.document(loci=[fam.locus(model=(1, 4), rate=(0.01, 0.003), range_=(0.1, 0.5))])
    file = read(text)
    assert file.mutation.by_locus["D3S1358"].kind == "custom"
    female, male = matrices(file)
    np.testing.assert_allclose(male[0], [0.997, 0.002, 0.001])
    np.testing.assert_allclose(female[1], [0.01 / 0.62 * 0.2, 1 - 0.01 / 0.62 * 0.7, 0.01 / 0.62 * 0.5])
    for ours, theirs in zip(matrices(fam.again(file, tmp_path / "again.fam")), (female, male), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9)


def test_one_sex_without_mutation_needs_no_model_of_its_own(fam: Any, read: Read) -> None:
    model = read(fam.document(loci=[fam.locus(model=(0, 4), rate=(0, 0.003))])).mutation.by_locus["D3S1358"]
    assert (model.kind, model.female.rate, model.male.rate) == ("stepwise", 0, 0.003)


TABLES = st.sampled_from(
    [{"14": 0.2, "15": 0.3, "16": 0.5}, {"9": 0.25, "9.3": 0.25, "10": 0.4, "12": 0.1}, {"8": 0.5, "9": 0.5}]
)


@given(
    table=TABLES,
    codes=st.tuples(st.sampled_from([0, 1, 2, 3, 4]), st.sampled_from([0, 1, 2, 3, 4])),
    rates=st.tuples(st.sampled_from([0, 1e-4, 0.003]), st.sampled_from([0, 0.002, 0.01])),
    range_=st.sampled_from([0.05, 0.1, 0.5]),
    rate2=st.sampled_from([0, 1e-6, 1e-4]),
    silent=st.sampled_from([0, 0.01]),
)
def test_mutation_comes_back(
    fam: Any,
    read: Read,
    tmp_path_factory: pytest.TempPathFactory,
    table: dict[str, float],
    codes: tuple[int, int],
    rates: tuple[float, float],
    range_: float,
    rate2: float,
    silent: float,
) -> None:
    shown = {label: share * (1 - silent) for label, share in table.items()}
    one = fam.locus(alleles=shown, model=codes, rate=rates, range_=(range_, range_), rate2=(rate2, rate2), silent=silent)
    try:
        file = read(fam.document(loci=[one]))
    except FormatError:
        assert "9.3" in table
        assert {2, 3} & set(codes)
        return
    back = fam.again(file, tmp_path_factory.getbasetemp() / "mutation.fam")
    for name in ("female", "male"):
        before, after = (
            getattr(PopulationModel(f.frequencies, f.mutation, silent=f.silent).locus("D3S1358"), name) for f in (file, back)
        )
        if before is None:
            assert after is None
        else:
            np.testing.assert_allclose(after, before, rtol=1e-9, atol=1e-13)
