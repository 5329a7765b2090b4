from __future__ import annotations

import json
from pathlib import Path

import pytest

from wayhome import kinship

from .conftest import Wayhome


def test_kits_as_json(wayhome: Wayhome) -> None:
    told = json.loads(wayhome("kits", "--json").out)["kits"]
    assert [kit["name"] for kit in told] == list(kinship.panels())
    for kit in told:
        panel = kinship.panel(kit["name"])
        assert [locus["name"] for locus in kit["loci"]] == [locus.name for locus in panel.loci]
        assert kit["source"] == panel.source
    (one,) = json.loads(wayhome("kits", "GLOBALFILER_v1", "--json").out)["kits"]
    assert one["name"] == "GlobalFiler"
    assert {"name": "DYS391", "inheritance": "Y", "chromosome": "Y"} in one["loci"]


def test_kits_to_read(wayhome: Wayhome) -> None:
    told = wayhome("kits").out
    assert all(name.split()[0] in told for name in kinship.panels())
    line = next(line for line in told.splitlines() if line.startswith("GlobalFiler"))
    assert line.split()[1:4] == ["21", "1", "2"]
    one = " ".join(wayhome("kits", "huaxia platinum").out.split())
    panel = kinship.panel("Huaxia Platinum")
    assert one.startswith(f"Huaxia Platinum Source: {panel.source}")
    assert f"Autosomal (23): {', '.join(panel.autosomal)}" in one


def test_populations_as_json(wayhome: Wayhome) -> None:
    told = json.loads(wayhome("populations", "--json").out)["populations"]
    assert [one["name"] for one in told] == list(kinship.population_names())
    for one in told:
        table = kinship.population(one["name"])
        assert one["loci"] == {locus: dict(frequencies) for locus, frequencies in table.loci.items()}
        assert one["cautions"] == list(table.cautions)
        assert one["source"] == table.source
        assert one["digest"] == table.digest


def test_populations_to_read(wayhome: Wayhome) -> None:
    told = " ".join(wayhome("populations").out.split())
    for name in kinship.population_names():
        table = kinship.population(name)
        assert kinship.population_title(name) in told
        assert table.source in told
        assert all(caution in told for caution in table.cautions)


def test_one_population_locus_by_locus(wayhome: Wayhome, tmp_path: Path) -> None:
    lines = [line.split() for line in wayhome("populations", "nist-asian").out.splitlines()]
    assert ["TH01", "6", "97", "0.0258", "1.0000", "6", "to", "10"] in lines
    path = tmp_path / "own.csv"
    path.write_text("marker,allele,frequency,n\nTH01,6,0.25,\nTH01,9.3,0.75,\n", "utf-8")
    ended = wayhome("populations", path)
    assert (ended.code, ended.err) == (0, "")
    assert ["TH01", "2", "0.0025", "1.0000", "6", "to", "9.3"] in [line.split() for line in ended.out.splitlines()]


@pytest.mark.parametrize("name", ["kits", "populations"])
def test_a_name_nobody_knows_is_refused(wayhome: Wayhome, name: str) -> None:
    wayhome(name, "nowhere").refused('is called "nowhere"')
    wayhome(name, "nowhere", "--json").refused('is called "nowhere"')


def test_a_file_that_is_no_table_is_refused(wayhome: Wayhome, base: Path) -> None:
    wayhome("populations", base / "truth.csv").refused("truth.csv", "of no known format")
