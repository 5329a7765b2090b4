"""The picture is well-formed, tells its numbers in words, and keeps its curves inside."""

from __future__ import annotations

import re

import defusedxml.ElementTree
import pytest
from tests.kinship.decision.builders import CHINA, KIT23, one_family

from wayhome import kinship
from wayhome.kinship import Family, Pedigree, PopulationModel
from wayhome.kinship.decision.plot import HEIGHT, WIDTH, power_svg
from wayhome.kinship.decision.power import family_power
from wayhome.kinship.decision.thresholds import Gates

SVG = "{http://www.w3.org/2000/svg}"
EXACT = PopulationModel(kinship.population("china"), kinship.NO_MUTATION)


@pytest.mark.parametrize(
    ("shape", "model", "loci"),
    [("mother", CHINA, KIT23), ("couple", EXACT, KIT23), ("two siblings", CHINA, KIT23), ("mother", EXACT, KIT23[:1])],
)
@pytest.mark.parametrize("gates", [Gates(1_000_000), None], ids=["gates", "no gates"])
def test_every_kind_of_family_can_be_drawn(
    shape: str, model: PopulationModel, loci: tuple[str, ...], gates: Gates | None
) -> None:
    power = family_power(one_family(shape, model, loci), model)
    text = power_svg(power, gates)
    root = defusedxml.ElementTree.fromstring(text)
    assert root.get("role") == "img"
    assert power.family in (root.findtext(f"{SVG}title") or "")
    assert f"{power.lr.median:.1f}" in (root.findtext(f"{SVG}desc") or "")
    curves = [path.get("d", "") for path in root.iter(f"{SVG}path") if "curve" in (path.get("class") or "")]
    assert curves
    for curve in curves:
        for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", curve):
            assert 0 <= float(x) <= WIDTH
            assert 0 <= float(y) <= HEIGHT
    told = [line.text or "" for line in root.iter(f"{SVG}text")]
    assert any("missing child" in one for one in told)
    if gates is not None:
        assert f"lead {gates.lead:.1f}" in told
        assert f"report {gates.report:.1f}" in told
        assert "report gate" in (root.findtext(f"{SVG}desc") or "")


def test_a_familys_name_cannot_break_the_picture() -> None:
    family = one_family("mother", CHINA, KIT23[:5])
    odd = Family(Pedigree(family.pedigree.members, "child", '<script>&"李'), family.profiles)
    root = defusedxml.ElementTree.fromstring(power_svg(family_power(odd, CHINA)))
    assert any('<script>&"李' in (one.text or "") for one in root.iter(f"{SVG}text"))
    assert not list(root.iter(f"{SVG}script"))
