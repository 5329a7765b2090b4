"""A small made-up base that all index tests search."""

from __future__ import annotations

import pytest

from wayhome import kinship

LOCI = ("D3S1358", "vWA", "D16S539", "TH01", "TPOX", "CSF1PO", "D5S818", "D13S317", "FGA")


@pytest.fixture(scope="session")
def model() -> kinship.PopulationModel:
    """The Chinese table with the default mutation model."""
    return kinship.PopulationModel(kinship.population("china"))


@pytest.fixture(scope="session")
def base(model: kinship.PopulationModel) -> kinship.SimulatedBase:
    """150 families of all kinds, partly typed, and children with and without a family among them."""
    return kinship.simulate_base(150, model, loci=LOCI, seed=20, typed=0.95, unrelated=2, found=0.06)
