"""Families on disk: every field comes back, whatever stands in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome import kinship
from wayhome.kinship.genetics.profiles import Profile
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.pedigrees.pedigree import Member, Pedigree
from wayhome.kinship.search.columns import Layout, Shard, write_shard

LOCI = ("TH01", "FGA")
LABELS = ("6", "7", "9.3", "21", "77")
TEXTS = st.text(min_size=1, max_size=6) | st.sampled_from(['"', "\n", "\u2028", "\ud800", "王 二", "[1,2]"])
GENOTYPES = st.dictionaries(
    st.sampled_from([*LOCI, "AMEL", "vWA"]),
    st.lists(st.sampled_from(LABELS), max_size=2, unique=True).map(tuple),
)
FLAGS = st.dictionaries(st.sampled_from(LOCI), st.lists(st.sampled_from(["off_ladder", "allele_range"]), max_size=2).map(tuple))


@st.composite
def families(draw: st.DrawFn) -> Family:
    """A child, parents and siblings under any ids, any of the relatives typed."""
    ids = draw(st.lists(TEXTS, min_size=3, max_size=6, unique=True))
    father, mother, *children = ids
    members = [Member(father, None, None, draw(st.sampled_from(["M", "U"]))), Member(mother, None, None, "F")]
    members += [
        Member(
            child,
            draw(st.sampled_from([None, father])),
            draw(st.sampled_from([None, mother])),
            draw(st.sampled_from(["M", "F", "U"])),
        )
        for child in children
    ]
    pedigree = Pedigree(tuple(draw(st.permutations(members))), children[0], draw(TEXTS))
    typed = draw(st.lists(st.sampled_from([one for one in ids if one != children[0]]), unique=True))
    profiles = {one: Profile(draw(st.text(max_size=4)), draw(GENOTYPES), draw(st.none() | TEXTS), draw(FLAGS)) for one in typed}
    return Family(pedigree, profiles)


def _written(folder: Path, some: list[Family], model: kinship.PopulationModel) -> Shard:
    shard, digests = write_shard(folder / "shard", some, model, Layout.of(model, LOCI))
    assert set(digests) == {path.name for path in shard.folder.iterdir()}
    return shard


@given(some=st.lists(families(), min_size=1, max_size=5))
def test_every_field_comes_back(
    tmp_path_factory: pytest.TempPathFactory, model: kinship.PopulationModel, some: list[Family]
) -> None:
    shard = _written(tmp_path_factory.mktemp("records"), some, model)
    assert list(shard.records) == some
    assert list(shard.records.ids()) == [family.id for family in some]
    for place, family in reversed(list(enumerate(some))):
        again = shard.records.family(place)
        assert again == family
        # Equal mappings may differ in order, which is kept too.
        assert list(again.profiles) == list(family.profiles)
        for member, profile in family.profiles.items():
            assert list(again.profiles[member].genotypes) == list(profile.genotypes)


def test_repeated_things_are_told_once(tmp_path: Path, model: kinship.PopulationModel) -> None:
    """Families that differ in names alone share form, kinds and genotypes."""
    profile = {"TH01": ("6", "7"), "FGA": ("21",)}

    def named(number: int) -> Family:
        father, child = f"father of {number}", f"child {number}"
        pedigree = Pedigree.of([(father, None, None, "M"), (child, father, None, "F")], child, f"F{number}")
        return Family(pedigree, {father: Profile(f"S{number}", profile, "Kit")})

    one, many = (_written(tmp_path / str(n), [named(i) for i in range(n)], model).folder for n in (1, 300))
    assert (one / "vocabulary.json").read_bytes() == (many / "vocabulary.json").read_bytes()
    assert np.load(many / "calls.npy").tolist() == 300 * np.load(one / "calls.npy").tolist()
