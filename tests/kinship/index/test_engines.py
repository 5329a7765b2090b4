"""One question, several engines, one answer: NumPy, compiled loops, threads, and a real Dask cluster that loses a worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome import kinship
from wayhome.kinship.search import index as index_module
from wayhome.kinship.search import scan
from wayhome.kinship.search.dask_engine import dask_engine
from wayhome.kinship.search.engine import Question, answer, find_in_index, threads
from wayhome.kinship.search.index import Index, build_index
from wayhome.kinship.search.scan import LIMIT, ROWS_PER_PASS, TILE, screen_numpy


@given(
    families=st.sampled_from([1, 31, TILE - 1, TILE, TILE + 1, 4 * TILE + 5]),
    loci=st.integers(1, 2 * ROWS_PER_PASS + 3),
    children=st.integers(1, 4),
    seed=st.integers(0, 2**32 - 1),
    extreme=st.booleans(),
)
def test_compiled_loops_find_what_numpy_finds(families: int, loci: int, children: int, seed: int, extreme: bool) -> None:
    compiled = scan.kernel()
    if compiled is screen_numpy:
        pytest.fail("Numba is part of the development environment: install it, or unset WAYHOME_NUMBA")
    rng = np.random.default_rng(seed)
    values = [-LIMIT, LIMIT] if extreme else range(-LIMIT, LIMIT + 1)
    columns = rng.choice(np.array(values, dtype=np.int8), size=(12, families))
    columns[-1] = 0
    wanted = scan.padded(rng.integers(0, 12, (children, loci)), 11)
    sums = columns[wanted].astype(np.int64).sum(axis=1)
    thresholds = np.array([int(np.quantile(row, 0.99)) for row in sums])
    expected = {(c, f) for c in range(children) for f in np.flatnonzero(sums[c] >= thresholds[c])}
    for run in (screen_numpy, compiled):
        hits = np.empty((max(len(expected), 1), 2), dtype=np.int64)
        assert run(columns, wanted, thresholds, hits) == len(expected)
        assert {(int(c), int(f)) for c, f in hits[: len(expected)]} == expected


def test_a_cut_cache_of_compiled_loops_is_thrown_away(tmp_path: Path) -> None:
    """Numba raises EOFError for one; the search must go on."""
    code = (
        "import numpy as np; from wayhome.kinship.search import scan;"
        "columns = np.ones((2, 9), np.int8); columns[1] = 0;"
        "print(len(scan.screen(columns, np.zeros((1, 3), np.int64), np.array([3]))), scan.kernel() is not scan.screen_numpy)"
    )
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
    for cut in (False, True):
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
        assert run.stdout.split() == ["9", "True"], f"cut: {cut}"
        cached = [path for path in tmp_path.rglob("*.nb?") if path.is_file()]
        assert cached or cut
        for path in cached:
            path.write_bytes(path.read_bytes()[:20])


def test_more_hits_than_expected_are_not_lost() -> None:
    columns = np.ones((2, 3 * TILE), dtype=np.int8)
    columns[-1] = 0
    hits = scan.screen(columns, np.zeros((2, 3), dtype=np.int64), np.array([3, 4]))
    assert len(hits) == 3 * TILE
    assert set(hits[:, 0]) == {0}
    assert sorted(hits[:, 1]) == list(range(3 * TILE))


@pytest.fixture(scope="module")
def many_shards(
    tmp_path_factory: pytest.TempPathFactory, base: kinship.SimulatedBase, model: kinship.PopulationModel
) -> Iterator[Index]:
    """An index of 15 shards."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index_module, "SHARD_FAMILIES", 10)
        yield build_index(tmp_path_factory.mktemp("shards") / "index", base.families, model)


def test_threads(many_shards: Index, base: kinship.SimulatedBase) -> None:
    assert len(many_shards.manifest.shards) == 15
    one = find_in_index(base.children, many_shards, engine=threads(1), min_lr=1)
    assert find_in_index(base.children, many_shards, engine=threads(4), min_lr=1) == one
    assert find_in_index(base.children, many_shards, engine=lambda questions: map(answer, questions), min_lr=1) == one


def test_a_cluster_answers_the_same_when_a_worker_is_killed(
    many_shards: Index, base: kinship.SimulatedBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    distributed = pytest.importorskip("distributed") if not os.environ.get("CI") else __import__("distributed")
    expected = find_in_index(base.children, many_shards, min_lr=1)
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1", silence_logs=50
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        assert find_in_index(base.children, many_shards, engine=dask_engine(client), min_lr=1) == expected

        def slow_answer(question: Question) -> object:
            """So that a worker is at work when it is killed. Told here, it travels whole: workers do not have this file."""
            time.sleep(0.3)
            return answer(question)

        monkeypatch.setattr("wayhome.kinship.search.dask_engine.answer", slow_answer)
        victim = next(iter(client.run(os.getpid).values()))
        killer = threading.Timer(0.5, os.kill, (victim, signal.SIGKILL))
        killer.start()
        try:
            found = find_in_index(base.children, many_shards, engine=dask_engine(client), min_lr=1)
        finally:
            killer.join()
        assert found == expected
        with pytest.raises(ProcessLookupError):
            _gone(victim)


def _gone(pid: int) -> None:
    for _ in range(100):
        os.kill(pid, 0)
        time.sleep(0.1)


def test_only_paths_travel(many_shards: Index, base: kinship.SimulatedBase) -> None:
    sent: list[Question] = []

    def spy(questions: list[Question]) -> Iterator[object]:
        sent.extend(questions)
        return map(answer, questions)

    find_in_index(base.children, many_shards, engine=spy)  # type: ignore[arg-type]
    assert len(sent) == 15
    for question in sent:
        assert Path(question.folder).is_dir()
        assert question.rows.nbytes < 100 * len(base.children) * len(many_shards.manifest.loci)
