"""The families of a shard on disk: all that exact rescoring needs, told once where it repeats.

families.jsonl   one family a line: [id, form, [id of each member], [sample of each profile], [kind of each profile]]
calls.npy        int32, the genotypes: profile by profile in the order of the line, locus by locus in that of its kind
starts.npy       int64 [families + 1, 2] where each family starts in families.jsonl and in calls.npy
vocabulary.json  {"forms": [...], "kinds": [...], "genotypes": [...]}, what those numbers mean
    form      [[[father, mother, sex] of each member], missing, [who has a profile]], people told by their place among the
              members
    kind      [kit, [locus...], [[locus, [flag...]]...]]
    genotype  [label...]
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import cached_property
from json.encoder import encode_basestring_ascii as quoted
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from wayhome.kinship.arrays import IntArray
from wayhome.kinship.genetics.profiles import Profile
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.pedigrees.pedigree import Member, Pedigree
from wayhome.kinship.search.coding import Coded, Form, Vocabulary


class Sink(Protocol):
    """A file being written."""

    def write(self, data: Any, /) -> int:
        """Write bytes, or an array that is contiguous."""


def write_records(coded: Coded, create: Callable[[str], AbstractContextManager[Sink]]) -> None:
    """Write families.

    Parameters
    ----------
    coded : the families.
    create : opens a new file of the shard.
    """
    forms = Vocabulary[tuple[object, ...]]()
    heads = [f"{forms[_nameless(form)]},{json.dumps([m.id for m in form.members])}" for form in coded.forms]
    first, kinds = coded.first_profile.tolist(), coded.kind.tolist()
    lines = []
    for i, (family, form) in enumerate(zip(coded.families, coded.form.tolist(), strict=True)):
        samples = ",".join([quoted(profile.sample) for profile in family.profiles.values()])
        lines.append(f"[{quoted(family.id)},{heads[form]},[{samples}],{kinds[first[i] : first[i + 1]]}]\n")
    with create("families.jsonl") as file:
        file.write("".join(lines).encode("ascii"))
    starts = np.stack([np.cumsum([0, *map(len, lines)]), coded.first_call[coded.first_profile]], axis=1)
    for name, numbers in (("calls.npy", coded.calls.astype(np.int32)), ("starts.npy", starts)):
        with create(name) as file:
            np.save(file, numbers)
    vocabulary = {"forms": list(forms), "kinds": coded.kinds, "genotypes": coded.genotypes}
    with create("vocabulary.json") as file:
        file.write(json.dumps(vocabulary).encode("ascii"))


def _nameless(form: Form) -> tuple[object, ...]:
    at: dict[str | None, int | None] = {None: None} | {member.id: i for i, member in enumerate(form.members)}
    members = tuple((at[m.father], at[m.mother], m.sex) for m in form.members)
    return members, at[form.missing], tuple(at[member] for member in form.typed)


class Records:
    """The families of a shard, read one by one.

    Parameters
    ----------
    folder : the shard.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def family(self, index: int) -> Family:
        """The family at a place."""
        start, stop = self._starts[index : index + 2, 0].tolist()
        with (self._folder / "families.jsonl").open("rb") as file:
            file.seek(start)
            return self._family(index, file.read(stop - start))

    def __iter__(self) -> Iterator[Family]:
        """Every family, in order."""
        with (self._folder / "families.jsonl").open("rb") as file:
            for index, line in enumerate(file):
                yield self._family(index, line)

    def ids(self) -> Iterator[str]:
        """Every family's id, in order."""
        with (self._folder / "families.jsonl").open("rb") as file:
            for line in file:
                yield json.loads(line)[0]

    @cached_property
    def _starts(self) -> IntArray:
        starts: IntArray = np.load(self._folder / "starts.npy", mmap_mode="r")
        return starts

    @cached_property
    def _calls(self) -> IntArray:
        calls: IntArray = np.load(self._folder / "calls.npy", mmap_mode="r")
        return calls

    @cached_property
    def _vocabulary(self) -> dict[str, Any]:
        value: dict[str, Any] = json.loads((self._folder / "vocabulary.json").read_bytes())
        return value | {"genotypes": [tuple(labels) for labels in value["genotypes"]]}

    def _family(self, index: int, line: bytes) -> Family:
        name, form, ids, samples, kinds = json.loads(line)
        rows, missing, typed = self._vocabulary["forms"][form]
        at: dict[int | None, str | None] = {None: None} | dict(enumerate(ids))
        members = tuple(Member(id_, at[father], at[mother], sex) for id_, (father, mother, sex) in zip(ids, rows, strict=True))
        genotypes = self._vocabulary["genotypes"]
        calls = iter(self._calls[self._starts[index, 1] : self._starts[index + 1, 1]].tolist())
        profiles = {}
        for place, sample, number in zip(typed, samples, kinds, strict=True):
            kit, loci, flags = self._vocabulary["kinds"][number]
            # The loci come first: zip must not take a call that belongs to the next profile.
            called = {locus: genotypes[call] for locus, call in zip(loci, calls, strict=False)}
            profiles[ids[place]] = Profile(sample, called, kit, {locus: tuple(told) for locus, told in flags})
        return Family(Pedigree(members, ids[missing], name), profiles)
