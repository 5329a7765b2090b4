"""How fast pedigree likelihoods are: families compiled, likelihood ratios, looped pedigrees. One core, 23 STR loci.

    uv run python benchmarks/likelihood.py [--json] [--quick]

"Compiled" means: from the relatives' alleles to the log10 LR of every genotype the missing child can have, at all 23 loci, with
the default stepwise mutation. Families are made by gene dropping; equal genotypes of the relatives are computed once. Timings are
the best of three, the machine is printed with them.
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

import numpy as np

from wayhome import kinship
from wayhome.kinship.likelihood import contraction, evaluation
from wayhome.kinship.likelihood.encoding import wiring
from wayhome.kinship.search.tables import distinct_rows, lr_table

KIT = "Huaxia Platinum"
SHAPES = {
    "mother only": "mother",
    "couple": "couple",
    "two grandparents + aunt": "two grandparents and aunt",
    "mother + two siblings": "mother and two siblings",
    "five typed relatives of three generations": "three generations",
    "first-cousin marriage": "first-cousin marriage",
}
FLOOR = dict(zip(SHAPES, (50_000, 10_000, 5_000, 2_000, 2_000, 500), strict=True))
LOOPS = {
    # one cousin marriage: 9 members; two of them among the grandchildren of one couple: 16 members
    1: (
        "GF - - M|GM - - F|A1 GF GM M|A2 GF GM F|B1 - - F|B2 - - M|C1 A1 B1 M|C2 B2 A2 F|D1 C1 C2 M",
        ("D1", "GM"),
    ),
    2: (
        "GF - - M|GM - - F|A1 GF GM M|A2 GF GM F|A3 GF GM M|A4 GF GM F|B1 - - F|B2 - - M|B3 - - F|B4 - - M|"
        "C1 A1 B1 M|C2 B2 A2 F|C3 A3 B3 M|C4 B4 A4 F|D1 C1 C2 M|D2 C3 C4 F",
        ("D1", "D2"),
    ),
}


def best(work: Callable[[], object], times: int = 3) -> float:
    """Seconds of the quickest of several runs."""
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def forget_plans() -> None:
    """As in a new process."""
    for cached in (evaluation._form, contraction._plan, contraction._path):
        cached.cache_clear()


def compiled_per_second(model: kinship.PopulationModel, loci: list[str], families: int) -> dict[str, float]:
    """Families of each shape compiled per second."""
    rates = {}
    for name, kind in SHAPES.items():
        shape = kinship.FAMILY_SHAPES[kind]
        pedigree = kinship.Pedigree.of(shape.members, "child")
        wired = wiring(pedigree)
        form = wired.shape(shape.typed, x_linked=False, open_member="child")
        typed = [pedigree.ids.index(i) for i in wired.ids if i in shape.typed]
        rng = np.random.default_rng(1)
        data = []
        for marker in loci:
            locus = model.locus(marker)
            data.append((locus, np.sort(kinship.gene_drop(pedigree, locus, families, rng)[:, typed], axis=2)))

        def compile_all(form=form, data=data) -> None:  # type: ignore[no-untyped-def]
            for locus, codes in data:
                n = len(locus)
                distinct, _ = distinct_rows(codes[..., 0] * n + codes[..., 1], n * n)
                rows = np.stack(np.divmod(distinct, n), axis=2)
                for at in range(0, len(rows), 4096):
                    lr_table(form, locus, rows[at : at + 4096])

        rates[name] = families / best(compile_all)
    return rates


def ratios_per_second(model: kinship.PopulationModel, loci: list[str], families: int) -> dict[str, float]:
    """LRs of all loci per second, many families at once, all their genotypes different."""
    rates = {}
    for name, kind in (("duo", "mother"), ("trio", "couple")):
        shape = kinship.FAMILY_SHAPES[kind]
        h1 = kinship.Pedigree.of(shape.members, "child")
        h2 = h1.with_unrelated("child")
        people = [*shape.typed, "child"]
        rng = np.random.default_rng(2)
        data = []
        for marker in loci:
            locus = model.locus(marker)
            alleles = np.sort(kinship.gene_drop(h1, locus, families, rng), axis=2)
            sides = []
            for pedigree in (h1, h2):
                wired = wiring(pedigree)
                order = [h1.ids.index(i) for i in wired.ids if i in people]
                sides.append((wired.shape(people, x_linked=False), alleles[:, order]))
            data.append((locus, sides))

        def all_ratios(data=data) -> None:  # type: ignore[no-untyped-def]
            for locus, ((shape1, codes1), (shape2, codes2)) in data:
                first = evaluation.evaluate(shape1, locus, codes1).log_likelihood
                first - evaluation.evaluate(shape2, locus, codes2).log_likelihood

        rates[name] = families / best(all_ratios)
    return rates


def single_ratios_per_second(model: kinship.PopulationModel, loci: list[str]) -> dict[str, float]:
    """LRs per second asked for one by one, from profiles to the result with its provenance."""
    rates = {}
    for name, kind in (("duo", "mother"), ("trio", "couple")):
        base = kinship.simulate_base(60, model, loci=loci, seed=3, shapes={kind: 1})
        own = {family: child for child, family in base.truth.items()}
        children = {child.sample: child for child in base.children}

        def ask(base=base, own=own, children=children) -> None:  # type: ignore[no-untyped-def]
            for family in base.families:
                profiles = dict(family.profiles) | {"child": children[own[family.id]]}
                kinship.likelihood_ratio(family.pedigree, family.pedigree.with_unrelated("child"), profiles, model, loci=loci)

        rates[name] = len(base.families) / best(ask)
    return rates


def looped() -> list[dict[str, object]]:
    """Seconds of one locus of a looped pedigree, the search for the order of contraction included."""
    rows: list[dict[str, object]] = []
    for loops, (text, typed) in LOOPS.items():
        members = [[None if word == "-" else word for word in line.split()] for line in text.split("|")]
        pedigree = kinship.Pedigree.of([tuple(row) for row in members])  # type: ignore[misc]
        for alleles in (12, 24, 48):
            labels = tuple(str(5 + i) for i in range(alleles))
            frequencies = np.random.default_rng(alleles).dirichlet(np.ones(alleles))
            for kind in ("stepwise", "proportional"):
                female, male = kinship.MutationModel(kind).matrices("L", labels, frequencies)
                locus = kinship.LocusModel("L", labels, frequencies, female, male)
                genotypes = {m: (labels[i], labels[i + 3]) for i, m in enumerate(typed)}
                seconds = []
                for _ in range(3):
                    forget_plans()
                    start = time.perf_counter()
                    kinship.log_likelihood(pedigree, genotypes, locus)
                    seconds.append(time.perf_counter() - start)
                rows.append(
                    {
                        "members": len(pedigree),
                        "loops": loops,
                        "alleles": alleles,
                        "model": kind,
                        "seconds": round(min(seconds), 4),
                    }
                )
    return rows


def machine() -> str:
    """One line about where this ran."""
    cpu = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")),
        platform.processor(),
    )
    return f"{cpu}, {os.cpu_count()} cores, Python {platform.python_version()}, NumPy {np.__version__}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one object on stdout")
    parser.add_argument("--quick", action="store_true", help="fewer families")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    model = kinship.PopulationModel(kinship.population("china"))
    loci = [name for name in kinship.panel(KIT).autosomal if name in model.loci]
    families = 1_000 if options.quick else 10_000
    compiled = compiled_per_second(model, loci, families)
    ratios = ratios_per_second(model, loci, families)
    loops = looped()
    if options.json:
        print(json.dumps({"families_per_s": compiled, "lr_per_s": ratios, "loops": loops, "machine": machine()}))
        return
    print(f"{machine()}; one core, {len(loci)} loci, stepwise mutation, {families:,} families of each shape\n")
    print(f"{'compiled':44s}{'families/s':>12s}{'floor':>10s}")
    for name, rate in compiled.items():
        print(f"{name:44s}{rate:12,.0f}{FLOOR[name]:10,}")
    single = single_ratios_per_second(model, loci)
    print(f"\n{'likelihood ratios':44s}{'in bulk /s':>12s}{'singly /s':>12s}")
    for name, rate in ratios.items():
        print(f"{name:44s}{rate:12,.0f}{single[name]:12,.0f}")
    print(f"\n{'looped pedigrees, one locus':44s}{'seconds':>12s}")
    for row in loops:
        name = f"{row['members']} members, {row['loops']} loops, {row['alleles']} alleles, {row['model']}"
        print(f"{name:44s}{row['seconds']:12.3f}")


if __name__ == "__main__":
    main()
