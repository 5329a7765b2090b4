"""`wayhome kits` and `wayhome populations`: what is shipped, with its sources and cautions."""

from __future__ import annotations

from collections import Counter
from typing import Any

from wayhome import kinship
from wayhome.cli.answers import print_json
from wayhome.cli.wording import counted, printable


def kits(name: str | None, *, as_json: bool) -> None:
    """Tell the kits, or one of them with its loci; UnknownName for one nobody knows."""
    chosen = list(kinship.panels().values()) if name is None else [kinship.panel(name)]
    if as_json:
        print_json({"kits": [_kit(panel) for panel in chosen]})
        return
    from wayhome.cli.terminal import console, table

    out = console()
    if name is not None:
        (panel,) = chosen
        out.print(panel.name, style="bold")
        out.print(f"Source: {panel.source}")
        out.print()
        for inheritance, loci in _by_inheritance(panel).items():
            out.print(f"{_IN_WORDS[inheritance]} ({len(loci)}): {', '.join(loci)}")
        return
    made = table("kit", "autosomal", "X", "Y", "sex", "source", numbers=("autosomal", "X", "Y", "sex"))
    for panel in chosen:
        n = Counter(locus.inheritance for locus in panel.loci)
        made.add_row(panel.name, *(str(n[kind]) if n[kind] else "" for kind in kinship.Inheritance), panel.source)
    out.print(made)
    out.print()
    out.print("wayhome kits NAME lists the loci of one. A kit is found in any usual spelling.")


_IN_WORDS = {
    kinship.Inheritance.AUTOSOMAL: "Autosomal",
    kinship.Inheritance.X: "X-chromosomal",
    kinship.Inheritance.Y: "Y-chromosomal",
    kinship.Inheritance.SEX_MARKER: "Sex markers",
}


def _by_inheritance(panel: kinship.Panel) -> dict[kinship.Inheritance, list[str]]:
    told: dict[kinship.Inheritance, list[str]] = {}
    for locus in panel.loci:
        told.setdefault(locus.inheritance, []).append(locus.name)
    return told


def _kit(panel: kinship.Panel) -> dict[str, Any]:
    loci = [{"name": one.name, "inheritance": one.inheritance.value, "chromosome": one.chromosome} for one in panel.loci]
    return {"name": panel.name, "loci": loci, "source": panel.source}


def populations(name: str | None, encoding: str | None, *, as_json: bool) -> None:
    """Tell the shipped tables, or one table, shipped or from a file, locus by locus; errors as `kinship.read_frequencies`."""
    if name is None:
        chosen = [kinship.population(one) for one in kinship.population_names()]
    else:
        chosen = [kinship.read_frequencies(name, encoding=encoding)]
    if as_json:
        print_json({"populations": [_population(one) for one in chosen]})
        return
    from wayhome.cli.terminal import console, table

    out = console()
    for one in chosen:
        out.print(printable(one.name), style="bold")
        if one.name in kinship.population_names():
            out.print(kinship.population_title(one.name))
        loci = counted(len(one.loci), "locus", "loci")
        out.print(f"{loci}, {_people(one)}; least frequency used {min(map(one.minimum, one.loci)):.4f}")
        out.print(f"Source: {printable(one.source)}")
        for caution in one.cautions:
            out.print(f"Caution: {printable(caution)}")
        if one.doubtful_loci:
            out.print(f"Left out of a search unless named: {', '.join(sorted(one.doubtful_loci))}")
        out.print()
    if name is None:
        out.print("wayhome populations NAME_OR_FILE shows one table, locus by locus.")
        return
    (one,) = chosen
    columns = ("alleles", "people", "least", "sum")
    made = table("locus", *columns, "range", numbers=columns)
    for locus, frequencies in one.loci.items():
        labels = sorted(frequencies, key=kinship.allele_order)
        made.add_row(
            printable(locus),
            str(len(labels)),
            f"{n:,}" if (n := one.people.get(locus)) else "",
            f"{one.minimum(locus):.4f}",
            f"{sum(frequencies.values()):.4f}",
            f"{printable(labels[0])} to {printable(labels[-1])}",
        )
    out.print(made)


def _people(one: kinship.AlleleFrequencies) -> str:
    told = [n for n in one.people.values() if n]
    if not told:
        return f"number of people not stated, {one.people_where_not_stated:,} taken"
    least, most = min(told), max(told)
    return f"{most:,} people" if least == most else f"{least:,} to {most:,} people"


def _population(one: kinship.AlleleFrequencies) -> dict[str, Any]:
    return {
        "name": one.name,
        "title": kinship.population_title(one.name) if one.name in kinship.population_names() else "",
        "people": {locus: one.people.get(locus) for locus in one.loci},
        "people_where_not_stated": one.people_where_not_stated,
        "loci": {locus: dict(frequencies) for locus, frequencies in one.loci.items()},
        "minimum_frequency": {locus: one.minimum(locus) for locus in one.loci},
        "doubtful_loci": sorted(one.doubtful_loci),
        "source": one.source,
        "cautions": list(one.cautions),
        "digest": one.digest,
    }
