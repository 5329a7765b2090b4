"""The index on disk: what is put in is found, what is taken out is gone, and nobody is misled by another's tables."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from wayhome import kinship
from wayhome.kinship.search import index as index_module
from wayhome.kinship.search.engine import find_in_index
from wayhome.kinship.search.index import Index, build_index

FIRST = "manifest.json"


def _answers(found: kinship.Found) -> list[tuple[str, list[tuple[str, int]]]]:
    return [(r.child, [(c.family, round(c.log10_lr * 1e8)) for c in r.candidates]) for r in found.children]


def _same(found: kinship.Found, expected: kinship.Found) -> None:
    assert _answers(found) == _answers(expected)
    for one, other in zip(found.children, expected.children, strict=True):
        for a, b in zip(one.candidates, other.candidates, strict=True):
            assert a.log10_lr == pytest.approx(b.log10_lr, abs=1e-9)
            assert a.mismatch_loci == b.mismatch_loci
            assert a.notes == b.notes


@pytest.mark.parametrize("min_lr", [0.0, 1e-3, 1.0, 100.0, 1e6])
def test_the_same_as_exhaustive_search(
    tmp_path: Path, base: kinship.SimulatedBase, model: kinship.PopulationModel, min_lr: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "SHARD_FAMILIES", 40)
    index = build_index(tmp_path / "index", base.families, model)
    assert len(index.manifest.shards) == 4
    assert index.manifest.families == 150
    expected = kinship.find(base.children, base.families, [model], min_lr=min_lr, loci=index.manifest.loci)
    _same(find_in_index(base.children, index, min_lr=min_lr), expected)
    if min_lr == 100.0:
        assert sum(len(r.candidates) for r in expected.children) > 3


def test_add_replace_forget_compact(tmp_path: Path, base: kinship.SimulatedBase, model: kinship.PopulationModel) -> None:
    folder = tmp_path / "index"
    index = build_index(folder, base.families[:100], model)
    loci = index.manifest.loci

    def check(families: list[kinship.Family]) -> None:
        expected = kinship.find(base.children, families, [model], loci=loci)
        _same(find_in_index(base.children, Index.open(folder)), expected)

    check(list(base.families[:100]))
    index.add(base.families[100:])
    check(list(base.families))
    with pytest.raises(kinship.InputError, match=base.families[3].id):
        index.add([base.families[3]])
    index.add([base.families[3]], replacing=True)
    assert index.manifest.families == 150
    gone = {base.truth[child] for child in list(base.truth)[:5]}
    index.forget(gone)
    left = [family for family in base.families if family.id not in gone]
    assert index.manifest.families == len(left)
    found = find_in_index(base.children, Index.open(folder), min_lr=0, top=None)
    assert all(len(r.candidates) == len(left) for r in found.children)
    assert not gone.intersection(c.family for r in found.children for c in r.candidates)
    index.compact()
    assert index.stats()["forgotten_on_disk"] == 0
    assert index.manifest.families == len(left)
    assert index.verify() == []
    found = find_in_index(base.children, Index.open(folder), min_lr=0, top=None)
    assert all({c.family for c in r.candidates} == {family.id for family in left} for r in found.children)


def test_a_forgotten_family_leaves_no_trace_on_disk(
    tmp_path: Path, base: kinship.SimulatedBase, model: kinship.PopulationModel
) -> None:
    canary = "CANARY-93f1"
    family = base.families[0]
    marked = kinship.Family(replace(family.pedigree, name=canary), dict(family.profiles))
    index = build_index(tmp_path / "index", [*base.families[1:20], marked], model)
    assert any(canary.encode() in path.read_bytes() for path in (tmp_path / "index").rglob("*") if path.is_file())
    index.forget([canary])
    index.compact()
    assert not any(canary.encode() in path.read_bytes() for path in (tmp_path / "index").rglob("*") if path.is_file())


def test_an_open_index_survives_compaction_by_another(
    tmp_path: Path, base: kinship.SimulatedBase, model: kinship.PopulationModel
) -> None:
    folder = tmp_path / "index"
    build_index(folder, base.families, model)
    reader = Index.open(folder)
    before = find_in_index(base.children, reader)
    writer = Index.open(folder)
    writer.forget([base.families[-1].id])
    writer.compact()
    after = find_in_index(base.children, reader)
    without = [(child, [c for c in kept if c[0] != base.families[-1].id]) for child, kept in _answers(before)]
    assert [(child, kept[:10]) for child, kept in _answers(after)] == without


@pytest.mark.parametrize(
    "other",
    [
        {"theta": 0.01},
        {"minimum_count": 1.0},
        {"mutation": kinship.NO_MUTATION},
        {"mutation": kinship.MutationModel("equal", kinship.MutationRates(0.001), kinship.MutationRates(0.001))},
        {"frequencies": kinship.population("nist-asian")},
        {"silent": 0.001},
    ],
    ids=lambda other: next(iter(other)),
)
def test_an_index_built_otherwise_is_refused(
    tmp_path: Path, base: kinship.SimulatedBase, model: kinship.PopulationModel, other: dict[str, object]
) -> None:
    folder = tmp_path / "index"
    build_index(folder, base.families[:5], model)
    Index.open(folder, model)
    with pytest.raises(kinship.InputError, match="was built with"):
        Index.open(folder, replace(model, **other))  # type: ignore[arg-type]


def test_other_locus_names_are_refused(
    tmp_path: Path, base: kinship.SimulatedBase, model: kinship.PopulationModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(tmp_path / "index", base.families[:5], model)
    monkeypatch.setattr(index_module, "names_digest", lambda: "another")
    with pytest.raises(kinship.InputError, match="locus names"):
        Index.open(tmp_path / "index")


@pytest.mark.parametrize("name", ["manifest.json", "model.json"])
def test_a_changed_file_is_refused(
    tmp_path: Path, base: kinship.SimulatedBase, model: kinship.PopulationModel, name: str
) -> None:
    build_index(tmp_path / "index", base.families[:5], model)
    path = tmp_path / "index" / name
    value = json.loads(path.read_text("utf-8"))
    value["theta" if name == "model.json" else "generation"] = 7
    path.write_text(json.dumps(value), "utf-8")
    with pytest.raises(kinship.InputError):
        Index.open(tmp_path / "index")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 2}', "\x00", '{"digest": 1, "format": 2}'])
def test_a_broken_manifest_is_a_clear_error(
    tmp_path: Path, base: kinship.SimulatedBase, model: kinship.PopulationModel, text: str
) -> None:
    build_index(tmp_path / "index", base.families[:5], model)
    (tmp_path / "index" / FIRST).write_text(text, "utf-8")
    with pytest.raises(kinship.InputError):
        Index.open(tmp_path / "index")


def test_an_index_of_an_older_format_is_refused(
    tmp_path: Path, base: kinship.SimulatedBase, model: kinship.PopulationModel
) -> None:
    build_index(tmp_path / "index", base.families[:5], model)
    path = tmp_path / "index" / FIRST
    value = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(value | {"format": index_module.FORMAT - 1}), "utf-8")
    with pytest.raises(kinship.InputError, match=r"is of format 1, this version reads 2.*Build the index again"):
        Index.open(tmp_path / "index")


def test_verify_finds_a_flipped_byte(tmp_path: Path, base: kinship.SimulatedBase, model: kinship.PopulationModel) -> None:
    index = build_index(tmp_path / "index", base.families[:5], model)
    assert index.verify() == []
    files = sorted((tmp_path / "index" / index.manifest.shards[0].name).iterdir())
    assert len(files) == 5
    for number, path in enumerate(files, 1):
        data = bytearray(path.read_bytes())
        data[-1] ^= 1
        path.write_bytes(data)
        assert len(index.verify()) == number
    files[0].unlink()
    assert sum("cannot be read" in one for one in index.verify()) == 1


def test_no_index_and_not_empty(tmp_path: Path, model: kinship.PopulationModel) -> None:
    with pytest.raises(kinship.InputError, match="holds no index"):
        Index.open(tmp_path)
    (tmp_path / "something").write_text("x", "utf-8")
    with pytest.raises(kinship.InputError, match="not empty"):
        Index.create(tmp_path, model, ["TH01"])
    with pytest.raises(kinship.InputError, match="needs a locus"):
        Index.create(tmp_path / "new", model, [])


def test_an_empty_index_answers(tmp_path: Path, base: kinship.SimulatedBase, model: kinship.PopulationModel) -> None:
    index = Index.create(tmp_path / "index", model, ["TH01", "FGA"])
    assert all(r.candidates == () for r in find_in_index(base.children, index).children)
    index.add(base.families[:3])
    index.forget([family.id for family in base.families[:3]])
    assert index.manifest.families == 0
    index.compact()
    assert index.verify() == []
    with pytest.raises(kinship.InputError, match="not in the index"):
        index.forget(["nobody"])


HOLD = """
import sys
from wayhome.kinship.search.index import Index
with Index.open(sys.argv[1])._writing():
    print("ready", flush=True)
    sys.stdin.read()
"""


def test_one_writer_at_a_time(tmp_path: Path, base: kinship.SimulatedBase, model: kinship.PopulationModel) -> None:
    index = build_index(tmp_path / "index", base.families[:5], model)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "index")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "ready\n"
        with pytest.raises(kinship.InputError, match="another process"):
            index.add(base.families[5:6])
        assert find_in_index(base.children, index).families == 5
        holder.communicate("", timeout=60)
    index.add(base.families[5:6])
    assert index.manifest.families == 6
