"""An index of compiled families on disk: search it, add, forget, compact, verify.

    index/
      manifest.json   what the index is and which shards it has; replaced as a whole, so a crash leaves the old one or the new one
      model.json      the population it was built with
      writer.lock     held by the one process that changes it
      shard-XXXX/     see `columns`; written whole before a manifest names it, deleted after none does

Readers take the manifest as it is at that moment and need no lock. A family that withdraws its consent is out of the manifest
when `forget` returns, and its data are gone from the disk after `compact`, which writes the rest anew while searches go on.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from wayhome.kinship.arrays import BoolArray
from wayhome.kinship.errors import InputError
from wayhome.kinship.genetics.loci import names_digest
from wayhome.kinship.genetics.model import PopulationModel
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.provenance import digest
from wayhome.kinship.search.columns import Layout, Shard, write_shard
from wayhome.kinship.search.compiled import Progress, search_loci

FORMAT = 2
SHARD_FAMILIES = 65_600
"""Families in a shard at most: some 280 MB of columns for 23 loci. An odd number of 64-byte cache lines: were it a power of two,
the same place of every column would fall on the same few lines of a cache, and a batch of children would thrash it."""


@dataclass(frozen=True, slots=True)
class ShardEntry:
    """What the manifest says of a shard: its name, families, scale, digests of its files, and which places are forgotten."""

    name: str
    families: int
    scale: float
    files: dict[str, str]
    forgotten: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index holds at one moment.

    generation : grows with every change.
    model_digest, names_digest : of the population model, and of the tables of locus names.
    """

    generation: int
    loci: tuple[str, ...]
    model_digest: str
    names_digest: str
    shards: tuple[ShardEntry, ...] = ()

    @property
    def families(self) -> int:
        """Families that a search sees."""
        return sum(s.families - len(s.forgotten) for s in self.shards)

    @property
    def digest(self) -> str:
        """SHA-256 over everything the manifest says, the digests of all files among it."""
        return str(self.to_json()["digest"])

    def to_json(self) -> dict[str, Any]:
        """With a digest over the rest."""
        value: dict[str, Any] = {
            "format": FORMAT,
            "generation": self.generation,
            "loci": list(self.loci),
            "model": self.model_digest,
            "names": self.names_digest,
            "shards": [
                {"name": s.name, "families": s.families, "scale": s.scale, "files": s.files, "forgotten": list(s.forgotten)}
                for s in self.shards
            ],
        }
        return value | {"digest": digest(value)}


@dataclass
class Index:
    """An index on disk. Make one with `create` or `open`.

    Parameters
    ----------
    folder : where it is.
    model : the population it was built with.
    manifest : as last read; `refresh` reads it again.
    """

    folder: Path
    model: PopulationModel
    manifest: Manifest
    _shards: dict[str, Shard] = field(default_factory=dict, repr=False)

    # -- opening ------------------------------------------------------------------------------------------------------------

    @classmethod
    def create(cls, folder: str | Path, model: PopulationModel, loci: Iterable[str]) -> Index:
        """A new, empty index.

        Raises
        ------
        InputError
            where the folder exists and is not empty, or no locus is given.
        """
        folder = Path(folder)
        names = tuple(loci)
        if not names:
            raise InputError("an index needs a locus", "Name some that the population's table holds", field="loci")
        if folder.exists() and any(folder.iterdir()):
            raise InputError("is not empty", "Choose a new folder, or add to the index that is there", file=folder)
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(model.to_json(), ensure_ascii=False, sort_keys=True)
        _write_durably(folder / "model.json", text)
        index = cls(folder, model, Manifest(0, names, _sha256(text), names_digest()))
        for name in names:
            model.locus(name)
        index._write(index.manifest)
        return index

    @classmethod
    def open(cls, folder: str | Path, model: PopulationModel | None = None) -> Index:
        """An index that is there.

        Parameters
        ----------
        model : the population meant; where given, it must be the one the index was built with.

        Raises
        ------
        InputError
            where there is no index, its files are damaged, or it was built with other tables, parameters or locus names.
        """
        folder = Path(folder)
        manifest = _read_manifest(folder)
        try:
            text = (folder / "model.json").read_text("utf-8")
        except OSError:
            raise InputError("lacks its model.json", "Build the index again", file=folder) from None
        if _sha256(text) != manifest.model_digest:
            raise InputError("was changed since the index was built", "Build the index again", file=folder / "model.json")
        built = PopulationModel.from_json(json.loads(text))
        if manifest.names_digest != names_digest():
            raise InputError(
                "the index was built with other locus names and kits", "Build it again with this version", file=folder
            )
        if model is not None and model.digest != built.digest:
            raise InputError(
                f"the index was built with {_told(built)}, not with {_told(model)}",
                "Search with the population and parameters of the index, or build another",
                file=folder,
            )
        return cls(folder, built, manifest)

    def refresh(self) -> Index:
        """Read the manifest again; returns the index itself."""
        self.manifest = _read_manifest(self.folder)
        self._shards = {s.name: self._shards[s.name] for s in self.manifest.shards if s.name in self._shards}
        return self

    @property
    def layout(self) -> Layout:
        """Rows of the columns."""
        return Layout.of(self.model, self.manifest.loci)

    def shard(self, entry: ShardEntry) -> Shard:
        """A shard of the manifest, opened once."""
        if entry.name not in self._shards:
            self._shards[entry.name] = Shard(self.folder / entry.name, entry.families, entry.scale)
        return self._shards[entry.name]

    def families(self, shards: Iterable[ShardEntry] | None = None) -> Iterator[Family]:
        """Every family that a search sees, or those in some of the shards."""
        for entry in self.manifest.shards if shards is None else shards:
            gone = set(entry.forgotten)
            for place, family in enumerate(self.shard(entry).records):
                if place not in gone:
                    yield family

    # -- changing -----------------------------------------------------------------------------------------------------------

    def add(self, families: Sequence[Family], *, replacing: bool = False, progress: Progress | None = None) -> None:
        """Add families as new shards.

        Parameters
        ----------
        replacing : families whose id is there already take its place, in the same change; otherwise that is an error.

        Raises
        ------
        InputError
            for an id told twice, or there already.
        """
        with self._writing():
            ids = [family.id for family in families]
            if len(set(ids)) != len(ids):
                twice = next(one for one in ids if ids.count(one) > 1)
                raise InputError(f"the family {twice} is told twice", "Give every family an id of its own", field="family")
            manifest = self.manifest
            there = self._places(ids)
            if there and not replacing:
                raise InputError(
                    f"the family {next(iter(there))} is in the index", "Replace it, or use another id", field="family"
                )
            manifest = _without(manifest, there.values())
            new = []
            for start in range(0, len(families), SHARD_FAMILIES):
                new.append(self._new_shard(families[start : start + SHARD_FAMILIES]))
                if progress is not None:
                    progress(min(start + SHARD_FAMILIES, len(families)), len(families))
            self._write(replace(manifest, generation=manifest.generation + 1, shards=(*manifest.shards, *new)))

    def forget(self, ids: Iterable[str]) -> None:
        """Take families out: no search sees them once this returns. Their data leave the disk with `compact`.

        Raises
        ------
        InputError
            for an id that is not in the index; then nothing is forgotten.
        """
        with self._writing():
            wanted = list(dict.fromkeys(ids))
            there = self._places(wanted)
            unknown = [one for one in wanted if one not in there]
            if unknown:
                raise InputError(f"the family {unknown[0]} is not in the index", "Check the id", field="family")
            manifest = _without(self.manifest, there.values())
            self._write(replace(manifest, generation=manifest.generation + 1))

    def compact(self, *, progress: Progress | None = None) -> None:
        """Write small shards and those with forgotten families anew, without stopping searches, and delete the old ones."""
        with self._writing():
            old = [s for s in self.manifest.shards if s.forgotten or s.families < SHARD_FAMILIES]
            if len(old) > 1 or any(s.forgotten for s in old):
                kept = [s for s in self.manifest.shards if s not in old]
                new = []
                for number, families in enumerate(_batches(self.families(old), SHARD_FAMILIES)):
                    new.append(self._new_shard(families))
                    if progress is not None:
                        progress(number + 1, max(number + 1, len(old)))
                self._write(replace(self.manifest, generation=self.manifest.generation + 1, shards=(*kept, *new)))
            self._sweep()

    def _places(self, ids: Iterable[str]) -> dict[str, tuple[str, int]]:
        """Where families are: id -> (shard, place)."""
        wanted = set(ids)
        if not wanted:
            return {}
        return {
            one: (entry.name, place)
            for entry in self.manifest.shards
            for place, one in enumerate(self.shard(entry).records.ids())
            if one in wanted and place not in entry.forgotten
        }

    def _new_shard(self, families: Sequence[Family]) -> ShardEntry:
        name = f"shard-{secrets.token_hex(8)}"
        shard, files = write_shard(self.folder / name, families, self.model, self.layout)
        return ShardEntry(name, shard.families, shard.scale, files)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Be the one writer; start from what is on the disk, and clear away what a crash left."""
        with (self.folder / "writer.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise InputError(
                    "another process is changing the index", "Try again when it has finished", file=self.folder
                ) from None
            self.refresh()
            self._sweep()
            yield

    def _write(self, manifest: Manifest) -> None:
        _write_durably(self.folder / "manifest.json", json.dumps(manifest.to_json()))
        self.manifest = manifest

    def _sweep(self) -> None:
        """Delete shards that no manifest names."""
        named = {s.name for s in self.manifest.shards}
        for path in self.folder.glob("shard-*"):
            if path.name not in named:
                shutil.rmtree(path, ignore_errors=True)

    # -- looking ------------------------------------------------------------------------------------------------------------

    def verify(self, *, progress: Progress | None = None) -> list[str]:
        """Check every file against its digest; returns what is wrong, one sentence each, nothing where all is well."""
        wrong = []
        for number, entry in enumerate(self.manifest.shards):
            for name, expected in entry.files.items():
                path = self.folder / entry.name / name
                try:
                    with path.open("rb") as file:
                        found = hashlib.file_digest(file, "sha256").hexdigest()
                except OSError as error:
                    wrong.append(f"{entry.name}/{name} cannot be read: {error.strerror}")
                    continue
                if found != expected:
                    wrong.append(f"{entry.name}/{name} is not as it was written")
            if progress is not None:
                progress(number + 1, len(self.manifest.shards))
        return wrong

    def stats(self) -> dict[str, Any]:
        """Counts and sizes, for people and programs."""
        sizes = [path.stat().st_size for s in self.manifest.shards for path in (self.folder / s.name).iterdir() if path.is_file()]
        return {
            "families": self.manifest.families,
            "forgotten_on_disk": sum(len(s.forgotten) for s in self.manifest.shards),
            "shards": len(self.manifest.shards),
            "bytes": sum(sizes),
            "generation": self.manifest.generation,
            "loci": list(self.manifest.loci),
            "population": self.model.frequencies.name,
            "parameters": self.model.parameters(),
        }


def build_index(
    folder: str | Path,
    families: Sequence[Family],
    model: PopulationModel,
    *,
    loci: Iterable[str] | None = None,
    progress: Progress | None = None,
) -> Index:
    """Create an index of these families; `loci` are by default those of `compiled.search_loci`."""
    index = Index.create(folder, model, search_loci(families, [model]) if loci is None else loci)
    index.add(families, progress=progress)
    return index


def in_use(entry: ShardEntry) -> BoolArray:
    """[families] which places of a shard a search sees."""
    mask = np.ones(entry.families, dtype=bool)
    mask[list(entry.forgotten)] = False
    return mask


def _without(manifest: Manifest, places: Iterable[tuple[str, int]]) -> Manifest:
    gone: dict[str, set[int]] = {}
    for shard, place in places:
        gone.setdefault(shard, set()).add(place)
    shards = []
    for entry in manifest.shards:
        forgotten = tuple(sorted({*entry.forgotten, *gone.get(entry.name, ())}))
        if len(forgotten) < entry.families:
            shards.append(replace(entry, forgotten=forgotten))
    return replace(manifest, shards=tuple(shards))


def _batches(families: Iterator[Family], size: int) -> Iterator[list[Family]]:
    batch: list[Family] = []
    for family in families:
        batch.append(family)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _read_manifest(folder: Path) -> Manifest:
    path = folder / "manifest.json"
    try:
        value = json.loads(path.read_text("utf-8"))
        if value["format"] != FORMAT:
            raise InputError(f"is of format {value['format']}, this version reads {FORMAT}", "Build the index again", file=path)
        told = value.pop("digest")
        if digest(value) != told:
            raise InputError("is not as it was written", "Restore it from a copy, or build the index again", file=path)
        shards = tuple(
            ShardEntry(s["name"], s["families"], s["scale"], s["files"], tuple(s["forgotten"])) for s in value["shards"]
        )
        return Manifest(value["generation"], tuple(value["loci"]), value["model"], value["names"], shards)
    except FileNotFoundError:
        raise InputError("holds no index", "Build one with `wayhome index build`", file=folder) from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"cannot be read: {error}", "Restore it from a copy, or build the index again", file=path) from None


def _write_durably(path: Path, text: str) -> None:
    """Replace a file as a whole: after a crash it is the old one or the new one."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.draft")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _told(model: PopulationModel) -> str:
    mutation = model.mutation.kind
    return f"{model.frequencies.name} (table {model.frequencies.digest[:8]}, theta {model.theta:g}, {mutation} mutation)"
