"""How fast several children and families are answered together, and how fast many people are compared with one another.

    uv run python benchmarks/joint.py [--json] [--quick] [--golden FOLDER]

assignments          of `icmp`, the largest data set that the field's program lists exhaustively: how many there are
joint_s              seconds for all of them, with posteriors; one core
peer_s               seconds of that program, dvir 3.4.2, on another machine (dvi.json)
duplicates_pairs_per_s, siblings_pairs_per_s, relatives_pairs_per_s
                     pairs of people per second: direct match; full siblings; full siblings, half siblings, parent and child
the same with _numpy   without Numba
first_s              seconds that the first call takes beyond the others: compiling, and tables of ratios

The people are gene-dropped strangers of the Chinese national table at the 23 loci of Huaxia Platinum. Without the folder of
reference cases (shared/golden beside the checkout) the first three figures are null.
"""

from __future__ import annotations

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import argparse
import json
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from wayhome import kinship
from wayhome.kinship.search import scan

GOLDEN = Path(__file__).resolve().parents[2] / "shared" / "golden"
KIT = "Huaxia Platinum"


def best(work: Callable[[], object], times: int) -> float:
    """Seconds of the quickest of several runs."""
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def machine() -> str:
    """One line about where this ran."""
    cpu = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")),
        platform.processor(),
    )
    return f"{cpu}, {os.cpu_count()} cores, Python {platform.python_version()}, NumPy {np.__version__}"


def reference(golden: Path, times: int) -> dict[str, Any]:
    """The data set `icmp`: what it holds, our seconds, and the program's."""
    if not (golden / "dvi.json").is_file():
        return {"assignments": None, "joint_s": None, "peer_s": None}
    cases = json.loads((golden / "dvi.json").read_text("utf-8"))["cases"]
    (data,) = [case for case in cases if case["id"] == "icmp"]
    model = {
        m["name"]: kinship.LocusModel(m["name"], tuple(m["alleles"]), np.array(m["frequencies"]), None, None)
        for m in data["markers"]
    }
    everybody = {**data["pm_genotypes"], **data["am_genotypes"]}
    profiles = {who: kinship.Profile(who, {k: tuple(v) for k, v in genotypes.items()}) for who, genotypes in everybody.items()}
    families = []
    for name, rows in data["am"].items():
        pedigree = kinship.Pedigree.of([(r["id"], r["father"], r["mother"], r["sex"]) for r in rows], name=name)
        missing = tuple(member for member in data["missing"] if member in pedigree)
        typed = {member: profiles[member] for member in data["am_genotypes"] if member in pedigree}
        families.append(kinship.ReferenceFamily(pedigree, missing, typed))
    children = {child: profiles[child] for child in data["pm_genotypes"]}
    sexes = {child: data["pm"][child]["sex"] for child in children}

    def ask() -> kinship.JointResult:
        return kinship.joint_assignments(
            children, families, model, sexes=sexes, match_sex=True, convention="as_written", keep=20_000
        )

    result = ask()
    assert result.considered == data["n_assignments"]
    assert abs(result.assignments[0].log_likelihood - data["joint"]["best_loglik"]) < 1e-8
    return {"assignments": result.considered, "joint_s": best(ask, times), "peer_s": data["joint"]["seconds"]}


def strangers(people: int) -> dict[str, kinship.Profile]:
    """So many, with nobody related."""
    model = kinship.PopulationModel(kinship.population("china"))
    rng = np.random.default_rng(1)
    shown: list[dict[str, tuple[str, ...]]] = [{} for _ in range(people)]
    for name in kinship.panel(KIT).autosomal:
        locus = model.locus(name)
        drawn = np.sort(rng.choice(len(locus), (people, 2), p=locus.frequencies / locus.frequencies.sum()), axis=1)
        for genotypes, (a, b) in zip(shown, drawn.tolist(), strict=True):
            genotypes[name] = tuple(dict.fromkeys((locus.alleles[a], locus.alleles[b])))
    return {f"{i}": kinship.Profile(f"{i}", genotypes) for i, genotypes in enumerate(shown)}


def compared(people: int, times: int) -> dict[str, float]:
    """Pairs per second of the three comparisons, with Numba and without."""
    profiles = strangers(people)
    model = kinship.PopulationModel(kinship.population("china"))
    pairs = people * (people - 1) / 2

    def related(*relationships: kinship.Relationship) -> object:
        return kinship.related_pairs(profiles, model, least_log10_lr=7.0, relationships=relationships)

    works: dict[str, Callable[[], object]] = {
        "duplicates": lambda: kinship.direct_matches(profiles),
        "siblings": lambda: related(kinship.FULL_SIBLINGS),
        "relatives": lambda: related(*kinship.RELATIONSHIPS),
    }
    start = time.perf_counter()
    for work in works.values():
        work()
    first = time.perf_counter() - start
    found = {f"{name}_pairs_per_s": pairs / best(work, times) for name, work in works.items()}
    first -= sum(pairs / rate for rate in found.values())
    scan._compiled = scan.screen_numpy
    found |= {f"{name}_pairs_per_s_numpy": pairs / best(work, times) for name, work in works.items()}
    return found | {"first_s": first}


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="fewer people and repetitions")
    parser.add_argument("--golden", type=Path, default=GOLDEN, help="folder of the reference cases")
    told = parser.parse_args()
    people, times = (2_000, 1) if told.quick else (10_000, 3)
    result = {"machine": machine(), "people": people, **reference(told.golden, times), **compared(people, times)}
    if told.json:
        print(json.dumps(result))
        return
    print(f"{result['machine']}\n")
    if result["assignments"] is None:
        print(f"no reference cases in {told.golden}: joint answers not measured")
    else:
        ratio = result["peer_s"] / result["joint_s"]
        print(f"{result['assignments']:,} joint assignments       {result['joint_s']:>12.2f} s   one core")
        print(f"dvir 3.4.2, elsewhere         {result['peer_s']:>12.1f} s   ({ratio:.0f} x ours)")
    print(f"\n{people:,} people, 23 loci, one core; million pairs/s {'Numba':>12s}{'NumPy':>8s}")
    for name in ("duplicates", "siblings", "relatives"):
        rates = [result[f"{name}_pairs_per_s{suffix}"] / 1e6 for suffix in ("", "_numpy")]
        print(f"{name:50s}{rates[0]:>12.0f}{rates[1]:>8.0f}")
    print(f"the first call of each takes {result['first_s']:.1f} s more in all")


if __name__ == "__main__":
    main()
