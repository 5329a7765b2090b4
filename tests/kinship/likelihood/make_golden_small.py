"""Makes golden_small.json: `uv run python -m tests.kinship.likelihood.make_golden_small`.

Inputs are simulated here by gene dropping, values come from the enumeration in oracle.py.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from tests.kinship.likelihood import oracle
from tests.kinship.likelihood.golden_cases import locus_of, questions

from wayhome import kinship
from wayhome.kinship import MutationModel, MutationRates, Pedigree
from wayhome.kinship.pedigrees.gene_drop import observed

OUT = Path(__file__).with_name("golden_small.json")
RATES = MutationRates(0.004, 0.2, 1e-4), MutationRates(0.01, 0.1, 1e-4)
TRIO, SIBLINGS, GRANDPARENTS = kinship.trio(sex="F"), kinship.full_siblings(sex="M"), kinship.grandparents("mother", sex="F")
COUSINS = Pedigree.of(
    [
        ("grandfather", None, None, "M"),
        ("aunt", "grandfather", None, "F"),
        ("father", "grandfather", None, "M"),
        ("mother", None, "aunt", "F"),
        ("child", "father", "mother", "F"),
        ("sibling", "father", "mother", "M"),
    ]
)
# id, pedigree, typed, mutation model, theta, X?, silent?
PLAN: list[tuple[str, Pedigree, tuple[str, ...], str, float, bool, bool]] = [
    ("trio", TRIO, ("father", "mother", "child"), "stepwise", 0.0, False, False),
    ("mother and child", TRIO, ("mother", "child"), "stepwise", 0.0, False, False),
    ("mother and child, theta", TRIO, ("mother", "child"), "equal", 0.03, False, False),
    ("siblings", SIBLINGS, ("sibling 1", "child"), "onestep", 0.0, False, False),
    ("siblings, theta", SIBLINGS, ("sibling 1", "child"), "none", 0.02, False, False),
    ("trio without mutation", TRIO, ("father", "mother", "child"), "none", 0.0, False, False),
    ("trio without mutation, theta", TRIO, ("father", "mother", "child"), "none", 0.01, False, False),
    ("siblings, X", SIBLINGS, ("mother", "sibling 1", "child"), "stepwise", 0.0, True, False),
    ("grandparents", GRANDPARENTS, ("grandfather", "grandmother", "child"), "proportional", 0.0, False, False),
    ("grandparents, silent", GRANDPARENTS, ("grandfather", "grandmother", "child"), "stepwise", 0.0, False, True),
    ("grandfather, X and theta", GRANDPARENTS, ("grandfather", "child"), "equal", 0.05, True, False),
    ("half-cousins married", COUSINS, ("grandfather", "aunt", "child", "sibling"), "stepwise", 0.0, False, False),
    ("half-cousins married, silent and theta", COUSINS, ("grandfather", "aunt", "child", "sibling"), "none", 0.01, False, True),
]


def marker(rng: np.random.Generator, name: str, kind: str, x_linked: bool, silent: bool) -> dict[str, Any]:
    """Two to four alleles with rounded frequencies, the matrices of a mutation model."""
    labels = ["9", "9.3", "10", "11"][: 3 if silent else 4]
    shares = rng.multinomial(90, np.full(len(labels), 1 / len(labels))) + 10 / len(labels)
    if silent:
        labels, shares = [*labels, "silent"], np.append(shares, 5.0)
    p = shares / shares.sum()
    where = len(labels) - 1 if silent else None
    female, male = MutationModel(kind, *RATES).matrices(name, labels, p, where)  # type: ignore[arg-type]
    mutation = {"model": kind, "matrix_female": female.tolist(), "matrix_male": male.tolist()}
    made = {"name": name, "chromosome": "X" if x_linked else "autosomal", "alleles": labels, "frequencies": p.tolist()}
    return made | {"mutation": None if kind == "none" else mutation} | ({"silent_allele": "silent"} if silent else {})


def rows(pedigree: Pedigree) -> list[dict[str, str | None]]:
    return [{"id": m.id, "father": m.father, "mother": m.mother, "sex": m.sex} for m in pedigree]


def with_sexes(pedigree: Pedigree) -> Pedigree:
    """Whoever has no sex recorded is a man here, so that the X is served as well."""
    return pedigree.replacing(*(kinship.Member(m.id, m.father, m.mother, "M") for m in pedigree if m.sex == "U"))


def main() -> None:
    rng = np.random.default_rng(20110715)
    cases: list[dict[str, Any]] = []
    for name, plan, typed, kind, theta, x_linked, silent in PLAN:
        pedigree = with_sexes(plan)
        # The last marker's child is a stranger: sometimes impossible, always worth a mutation.
        markers = [marker(rng, f"L{i}", kind, x_linked, silent) for i in range(4)]
        genotypes: dict[str, dict[str, list[str]]] = {person: {} for person in pedigree.ids}
        for i, one in enumerate(markers):
            truth = pedigree if i < 3 else pedigree.with_unrelated("child")
            drawn = kinship.gene_drop(truth, locus_of(one), 1, rng, theta=theta)[0]
            for person in typed:
                labels = observed(drawn[truth.ids.index(person)], locus_of(one))
                if labels:
                    genotypes[person][one["name"]] = list(labels)
        hypotheses = {"H1": rows(pedigree), "H2": rows(pedigree.with_unrelated("child"))}
        case = {"id": name, "markers": markers, "theta": theta, "hypotheses": hypotheses, "genotypes": genotypes}
        values: dict[str, dict[str, dict[str, float | str]]] = {}
        for key, convention in (("loglik", "as_written"), ("pruned", "pruned")):
            table = values.setdefault(key, {"H1": {}, "H2": {}})
            for hypothesis, locus, family, calls, model in questions(case):
                value = oracle.log_likelihood(family, calls, model, theta=theta, convention=convention)
                table[hypothesis][locus] = "-inf" if math.isinf(value) else value
        cases.append(case | {"expected": values})
    source = "simulated with wayhome.kinship.gene_drop; values by enumeration (tests/kinship/likelihood/oracle.py)"
    lines = ",\n".join(json.dumps(case) for case in cases)
    OUT.write_text(f'{{"source": {json.dumps(source)}, "cases": [\n{lines}\n]}}\n', "utf-8")


if __name__ == "__main__":
    main()
