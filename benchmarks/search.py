"""How fast an index is searched and built, with the limits measured in the same run.

    uv run python benchmarks/search.py [--json] [--quick]

bandwidth_fraction   bytes of columns screened per second, as a share of the same bytes merely summed; one core
families_per_s       one child, 23 loci, columns in memory, one core
batch_pairs_per_s    256 children at once, one core
by_size              one child against bases of 10^4 to 10^7 families, one core, nothing of them left in its caches
by_size_cached       the same where the base was searched a moment before: the small ones come from the caches
build_per_s          families compiled and written, from profiles to a shard on disk, one core
extra_memory_mb      what a search of the largest base takes beyond the base
two_core_speedup     the same search on two threads instead of one
two_core_limit       the same bytes merely summed, on two threads instead of one: what the memory allows
two_core_batch       256 children at once on two threads instead of one
power_ms             exact error rates of one family, tables given

Columns are made up (byte values drawn at random) where only the speed of adding them counts; builds use gene-dropped families.
"""

from __future__ import annotations

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import argparse
import json
import platform
import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from wayhome import kinship
from wayhome.kinship.search.columns import Layout, write_shard
from wayhome.kinship.search.engine import bunches
from wayhome.kinship.search.index import SHARD_FAMILIES
from wayhome.kinship.search.scan import LIMIT, kernel, padded, screen, screen_numpy

KIT = "Huaxia Platinum"
CHILDREN = 256
CACHES = 128 << 20
"""Bytes that no cache holds."""
PEERS = {
    "forrel": "73-102",
    "pedprobr": "89-121",
    "Familias (R)": "155-185",
}
"""Families per second of one child against 1,000 couples, mothers, or two grandparents and an aunt: shared/golden/README.md."""


def best(work: Callable[[], object], times: int = 5) -> float:
    """Seconds of the quickest of several runs."""
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def made_up_shards(families: int, rows: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Columns of so many families in shards as the index has them; the last row is zeros."""
    shards = []
    for start in range(0, families, SHARD_FAMILIES):
        columns = rng.integers(-LIMIT, LIMIT // 2, (rows, min(SHARD_FAMILIES, families - start)), dtype=np.int8)
        columns[-1] = 0
        shards.append(columns)
    return shards


def cold_seconds(shards: list[np.ndarray], loci: int) -> float:
    """One child against all shards, after something else went through the caches."""
    wanted, unreachable = np.arange(loci)[None, :], np.array([32_000])
    other = np.ones(CACHES // 8)
    seconds = []
    for _ in range(5):
        other += 1
        start = time.perf_counter()
        for shard in shards:
            screen(shard, wanted, unreachable)
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def search_seconds(shards: list[np.ndarray], loci: int, workers: int = 1, children: Any = None) -> float:
    """One child, or the rows of several, against all shards."""
    wanted = np.arange(loci)[None, :] if children is None else children
    unreachable = np.full(len(wanted), 32_000)
    if workers == 1:
        return best(lambda: [screen(shard, wanted, unreachable) for shard in shards])
    runs = bunches(shards, workers)
    with ThreadPoolExecutor(workers) as pool:
        return best(lambda: list(pool.map(lambda run: [screen(shard, wanted, unreachable) for shard in run], runs)))


def streamed_seconds(shards: list[np.ndarray], loci: int, workers: int = 1) -> float:
    """The same bytes, only summed: what memory delivers to so many cores."""
    import numba

    @numba.njit(nogil=True)  # type: ignore[untyped-decorator]
    def total(words: Any) -> int:
        sums = np.int64(0)
        for i in range(len(words)):
            sums += words[i]
        return sums

    parts = [shard[k, : shard.shape[1] // 8 * 8].view(np.int64) for shard in shards for k in range(loci)]
    total(parts[0])
    if workers == 1:
        return best(lambda: [total(part) for part in parts])
    shares = [parts[i::workers] for i in range(workers)]
    with ThreadPoolExecutor(workers) as pool:
        return best(lambda: list(pool.map(lambda share: [total(part) for part in share], shares)))


def rows_of_children(layout: Layout, model: kinship.PopulationModel) -> np.ndarray:
    """[children, loci] the rows that 256 children of realistic genotypes want."""
    base = kinship.simulate_base(CHILDREN, model, loci=layout.loci, seed=4, shapes={"mother": 1})
    return np.array([[layout.row(k, child.genotypes[name]) for k, name in enumerate(layout.loci)] for child in base.children])


def built_per_second(model: kinship.PopulationModel, layout: Layout, families: int) -> dict[str, float]:
    """Families written to a shard per second, by mix."""
    rates = {}
    for name, mix in (("couples", {"couple": 1.0}), ("mothers", {"mother": 1.0}), ("realistic mix", None)):
        base = kinship.simulate_base(families, model, loci=layout.loci, seed=5, shapes=mix, found=0)
        seconds = []
        for _ in range(5):
            with tempfile.TemporaryDirectory() as folder:
                start = time.perf_counter()
                write_shard(Path(folder) / "shard", base.families, model, layout)
                seconds.append(time.perf_counter() - start)
        rates[name] = families / min(seconds)
    return rates


def power_milliseconds(model: kinship.PopulationModel, loci: tuple[str, ...]) -> float | None:
    """Exact error rates of one couple; None where the library has no such thing."""
    if not hasattr(kinship, "family_power"):
        return None
    base = kinship.simulate_base(1, model, loci=loci, seed=6, shapes={"couple": 1})
    power = kinship.family_power
    power(base.families[0], model)
    return 1000 * best(lambda: power(base.families[0], model), 50)


def resident_mb() -> float:
    """Memory of this process at its highest."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def machine() -> str:
    """One line about where this ran."""
    cpu = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")),
        platform.processor(),
    )
    return f"{cpu}, {os.cpu_count()} cores, Python {platform.python_version()}, NumPy {np.__version__}"


def measured(quick: bool) -> dict[str, Any]:
    """All figures."""
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[:1])
    rng = np.random.default_rng(1)
    model = kinship.PopulationModel(kinship.population("china"))
    loci = tuple(name for name in kinship.panel(KIT).autosomal if name in model.loci)
    layout = Layout.of(model, loci)
    children = rows_of_children(layout, model)
    whole = made_up_shards(SHARD_FAMILIES, layout.rows, rng)
    batch = search_seconds(whole, len(loci), children=children)
    result: dict[str, Any] = {"batch_pairs_per_s": CHILDREN * SHARD_FAMILIES / batch}
    shards = made_up_shards(10**6 if quick else 10**7, len(loci) + 1, rng)
    kernel()
    by_size, cached = {}, {}
    for size in (10**4, 10**5, 10**6, 10**7):
        full, rest = divmod(size, SHARD_FAMILIES)
        if full < len(shards):
            some = [*shards[:full], np.ascontiguousarray(shards[full][:, :rest])] if rest else shards[:full]
            by_size[str(size)] = size / cold_seconds(some, len(loci))
            cached[str(size)] = size / search_seconds(some, len(loci))
    families = sum(shard.shape[1] for shard in shards)
    before = resident_mb()
    seconds = search_seconds(shards, len(loci))
    result["extra_memory_mb"] = resident_mb() - before
    result["families_per_s"] = families / seconds
    result["bandwidth_fraction"] = streamed_seconds(shards, len(loci)) / seconds
    result |= {"by_size": by_size, "by_size_cached": cached}
    wanted = padded(np.arange(len(loci))[None, :], len(loci))
    hits = np.empty((1, 2), dtype=np.int64)
    with_numpy = best(lambda: [screen_numpy(shard, wanted, np.array([32_000]), hits) for shard in shards], 2)
    result["compiled_over_numpy"] = with_numpy / seconds
    result["build_per_s"] = built_per_second(model, layout, 2_048 if quick else SHARD_FAMILIES)
    result["power_ms"] = power_milliseconds(model, loci)
    os.sched_setaffinity(0, cores)
    result["two_core_speedup"] = (
        search_seconds(shards, len(loci)) / search_seconds(shards, len(loci), 2) if len(cores) > 1 else None
    )
    result["two_core_limit"] = (
        streamed_seconds(shards, len(loci)) / streamed_seconds(shards, len(loci), 2) if len(cores) > 1 else None
    )
    pair = [whole[0], whole[0].copy()]
    result["two_core_batch"] = (
        search_seconds(pair, len(loci), children=children) / search_seconds(pair, len(loci), 2, children)
        if len(cores) > 1
        else None
    )
    return result | {"machine": machine()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one object on stdout")
    parser.add_argument("--quick", action="store_true", help="a smaller base; ends within 40 s")
    options = parser.parse_args()
    result = measured(options.quick)
    if options.json:
        print(json.dumps(result))
        return
    print(f"{result['machine']}; 23 loci\n")
    print(f"one child, one core            {result['families_per_s']:>16,.0f} families/s")
    print(f"  of what memory delivers      {result['bandwidth_fraction']:>16.0%}")
    print(f"  compiled over NumPy          {result['compiled_over_numpy']:>16.1f} x")
    for size, rate in result["by_size"].items():
        kept = result["by_size_cached"][size]
        print(f"  base of {int(size):>12,}         {rate:>16,.0f} families/s  ({kept:,.0f} if it was searched a moment before)")
    print(f"{CHILDREN} children, one core         {result['batch_pairs_per_s']:>16,.0f} pairs/s")
    print(f"two cores over one             {result['two_core_speedup'] or float('nan'):>16.2f} x")
    print(f"  of two cores' memory         {result['two_core_limit'] or float('nan'):>16.2f} x")
    print(f"two cores over one, {CHILDREN} children{result['two_core_batch'] or float('nan'):>15.2f} x")
    print(f"memory beyond the columns      {result['extra_memory_mb']:>16.0f} MB")
    for mix, rate in result["build_per_s"].items():
        print(f"built, {mix:24s}{rate:>16,.0f} families/s")
    if result["power_ms"] is not None:
        print(f"exact power of one family      {result['power_ms']:>16.1f} ms")
    print("\nfor comparison, families/s of one child against 1,000 families, measured elsewhere on two cores (ratio to ours):")
    for peer, rates in PEERS.items():
        print(f"  {peer:28s}{rates:>16s}  ({result['families_per_s'] / float(rates.split('-')[-1]):,.0f} x)")


if __name__ == "__main__":
    main()
