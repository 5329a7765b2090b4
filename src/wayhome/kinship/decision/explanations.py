"""What an assessment says in words of its hypotheses, its tables and every locus that does not fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from wayhome.kinship.decision.remarks import Remark
from wayhome.kinship.genetics.model import PopulationModel
from wayhome.kinship.genetics.profiles import Profile
from wayhome.kinship.pedigrees.family import Family


def hypotheses(child: Profile, family: Family) -> tuple[Remark, Remark]:
    """What the LR compares."""
    typed = ", ".join(member for member in family.pedigree.ids if member in family.profiles)
    about = {"child": child.sample, "family": family.id, "missing": family.missing, "typed": typed}
    return Remark("hypothesis_related", about), Remark("hypothesis_unrelated", {"child": child.sample, "family": family.id})


def table_sizes(models: Sequence[PopulationModel], loci: Iterable[str]) -> Iterator[Remark]:
    """In how many people each table was counted, at the loci compared."""
    names = list(loci)
    for model in models:
        table = model.frequencies
        counts = sorted({table.people.get(name) or 0 for name in names})
        about = {"population": table.name}
        if counts and counts[-1]:
            yield Remark("table_size", about | {"least": next(n for n in counts if n), "most": counts[-1]})
        if counts and not counts[0]:
            yield Remark("table_size_unknown", about | {"people": table.people_where_not_stated})


def mismatches(family: Family, genotypes: Mapping[str, Mapping[str, Sequence[str]]], loci: Iterable[str]) -> Iterator[Remark]:
    """Why each of these loci does not fit without a mutation.

    Parameters
    ----------
    genotypes : locus -> member -> labels, the child in the missing member's place.
    """
    person = family.pedigree[family.missing]
    for name in loci:
        seen = genotypes[name]
        child = seen[family.missing]
        alone = [parent for parent in person.parents if parent in seen and not set(seen[parent]) & set(child)]
        for parent in alone:
            about = {"locus": name, "child": _written(child), "parent": parent, "alleles": _written(seen[parent])}
            repeats = _repeats_apart(child, seen[parent])
            if repeats is None:
                yield Remark("mismatch_microvariant", about)
            else:
                yield Remark("mismatch_with_parent", about | {"repeats": repeats})
        if not alone:
            others = "; ".join(f"{member} {_written(labels)}" for member, labels in seen.items() if member != family.missing)
            yield Remark("mismatch_with_family", {"locus": name, "child": _written(child), "others": others})


def _written(labels: Sequence[str]) -> str:
    return "/".join((labels[0], labels[-1]))


def _repeats_apart(ones: Sequence[str], others: Sequence[str]) -> int | None:
    """Least number of whole repeats between an allele of each; None where all differ by a part of one."""
    found = [
        abs(int(a.split(".")[0]) - int(b.split(".")[0]))
        for a in ones
        for b in others
        if a.partition(".")[2] == b.partition(".")[2]
    ]
    return min(found, default=None)
