"""`wayhome duplicates` and `wayhome relatives`: the people of one file against one another."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wayhome import kinship
from wayhome.cli.answers import numbers, print_json
from wayhome.cli.csv_files import check_csv_free, write_csv
from wayhome.cli.models import Assumptions, chosen_loci, read_models, told_mutation

_FAMILIES = (kinship.FileKind.PEDIGREES, kinship.FileKind.PED)


@dataclass(frozen=True, slots=True)
class People:
    """Everybody with a profile.

    Parameters
    ----------
    profiles : name -> profile; relatives are called family/member.
    family : name -> the family of a relative; nobody of a file of profiles is in it.
    families : where the file has families, those.
    """

    profiles: Mapping[str, kinship.Profile]
    family: Mapping[str, str]
    families: tuple[kinship.ReferenceFamily, ...]
    notes: tuple[str, ...]
    inputs: Mapping[str, str]

    @classmethod
    def read(cls, path: Path, family_profiles: Path | None, encoding: str | None) -> People:
        """From profiles or families, whichever the file holds; errors as the readers."""
        if path.is_dir() or family_profiles is not None or kinship.recognise(path, encoding=encoding) in _FAMILIES:
            file = kinship.read_any_families(path, family_profiles, encoding=encoding)
            # A family that stands there once for each missing child is no duplicate.
            families = kinship.reference_families(file.families)
            told = [(_name(f.id, member), f.id, profile) for f in families for member, profile in f.profiles.items()]
            profiles = {name: profile for name, _, profile in told}
            if len(profiles) < len(told):
                raise kinship.InputError(
                    "two relatives are both called family/member", "Take the slash out of ids", file=path, field="member"
                )
            return cls(profiles, {name: id_ for name, id_, _ in told}, families, file.notes, file.sha256)
        found = kinship.read_profiles(path, encoding=encoding)
        profiles = {profile.sample: profile for profile in found.profiles}
        return cls(profiles, {}, (), found.notes, {str(path): found.sha256})


def _name(family: str, member: str) -> str:
    return f"{family}/{member}"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far two samples of one person may differ; see `kinship.direct_matches`."""

    differing: int = 1
    dropped: int = 2
    least_loci: int = 10


def duplicates(
    path: Path,
    family_profiles: Path | None,
    tolerance: Tolerance,
    encoding: str | None,
    *,
    as_json: bool,
    csv_path: Path | None,
    force: bool,
) -> None:
    """Find samples that may be of one person, and tell."""
    if csv_path is not None:
        check_csv_free(csv_path, force=force)
    people = People.read(path, family_profiles, encoding)
    limits = {
        "most_differing": tolerance.differing,
        "most_dropped": tolerance.dropped,
        "least_loci": tolerance.least_loci,
    }
    repeated: tuple[kinship.RepeatedRelatives, ...] = ()
    if people.families:
        repeated = kinship.repeated_relatives(people.families, **limits)
        rows = [(_name(*m.first), _name(*m.second), m.loci, m.differing, m.dropped) for found in repeated for m in found.matches]
    else:
        matches = kinship.direct_matches(people.profiles, **limits)
        rows = [(m.first, m.second, m.loci, m.differing, m.dropped) for m in matches]
    provenance = kinship.provenance(limits, people.inputs)
    if csv_path is not None:
        cells = ((*row[:3], " ".join(row[3]), " ".join(row[4])) for row in rows)
        write_csv(csv_path, ("first", "second", "loci", "differing", "dropped"), cells, provenance, force=force)
    if as_json:
        keys = ("first", "second", "loci", "differing", "dropped")
        print_json(
            {
                "people": len(people.profiles),
                "pairs": [dict(zip(keys, row, strict=True)) for row in rows],
                "families": [{"first": row.first, "second": row.second, "people": len(row.matches)} for row in repeated],
                "notes": list(people.notes),
                "provenance": provenance,
            }
        )
    elif csv_path is not None:
        print(f"{csv_path}: {len(rows):,} pairs of {len(people.profiles):,} people")
    else:
        _print_duplicates(people, repeated, rows)


Row = tuple[str, str, int, tuple[str, ...], tuple[str, ...]]


def _print_duplicates(people: People, repeated: tuple[kinship.RepeatedRelatives, ...], rows: list[Row]) -> None:
    from wayhome.cli.terminal import console, table
    from wayhome.cli.wording import counted, listed, printable

    out = console()
    compared = _pairs(people.profiles)
    found = counted(len(rows), "pair") if rows else "no pair"
    out.print(f"{counted(len(people.profiles), 'profile')}, {counted(compared, 'pair')} compared: {found} alike.", style="bold")
    out.print()
    if rows:
        made = table("first", "second", "loci", "differing", "one allele lost", numbers=("loci",))
        for first, second, loci, differing, dropped in rows:
            made.add_row(printable(first), printable(second), f"{loci}", listed(differing) or "-", listed(dropped) or "-")
        out.print(made)
        out.print()
        for row in repeated:
            if row.first != row.second and len(row.matches) > 1:
                out.print(
                    f"{printable(row.first)} and {printable(row.second)} share {len(row.matches)} relatives: "
                    "perhaps one family reported twice."
                )
        out.print(
            "One person typed twice, or identical twins: their DNA cannot tell these apart. Look at who brought the samples."
        )
    for note in people.notes:
        out.print(f"- {printable(note)}")


@dataclass(frozen=True, slots=True)
class RelativesQuestion:
    """What is asked of `wayhome relatives`, as it was typed; without `min_lr` the number of pairs compared is taken."""

    people: Path
    family_profiles: Path | None
    population: str
    assumptions: Assumptions = field(default_factory=Assumptions)
    loci: str | None = None
    min_lr: float | None = None
    encoding: str | None = None


def relatives(question: RelativesQuestion, *, as_json: bool, csv_path: Path | None, force: bool) -> None:
    """Find siblings, and parents and children, and tell."""
    if csv_path is not None:
        check_csv_free(csv_path, force=force)
    if question.min_lr is not None and not question.min_lr > 0:
        raise kinship.InputError(f"{question.min_lr} is no LR to reach", "Give a number above 0", field="--min-lr")
    (model,), digests = read_models([question.population], question.assumptions, question.encoding)
    people = People.read(question.people, question.family_profiles, question.encoding)
    min_lr = float(max(1, _pairs(people.profiles))) if question.min_lr is None else question.min_lr
    loci = chosen_loci(question.loci, [model])
    start = time.perf_counter()
    pairs = kinship.related_pairs(
        people.profiles, model, least_log10_lr=math.log10(min_lr), loci=loci, together=people.family or None
    )
    seconds = time.perf_counter() - start
    names = [relationship.name for relationship in kinship.RELATIONSHIPS]
    parameters = {
        "population": model.parameters(),
        "loci": None if loci is None else list(loci),
        "convention": "pruned",
        "relationships": names,
        "min_lr": min_lr,
    }
    provenance = kinship.provenance(parameters, {**people.inputs, **digests})
    if csv_path is not None:
        header = ("first", "second", "relationship", *(f"log10_lr {name}" for name in names), "loci")
        cells = ((p.first, p.second, p.best, *(p.log10_lr[name] for name in names), p.loci) for p in pairs)
        write_csv(csv_path, header, cells, provenance, force=force)
    if as_json:
        told = {"people": len(people.profiles), "min_lr": min_lr, "pairs": list(_pairs_told(pairs))}
        print_json({**told, "notes": list(people.notes), "provenance": provenance})
    elif csv_path is not None:
        print(f"{csv_path}: {len(pairs):,} pairs of {len(people.profiles):,} people")
    else:
        _print_relatives(people, model, pairs, min_lr, seconds)


def _pairs_told(pairs: tuple[kinship.RelatedPair[str], ...]) -> Iterator[dict[str, Any]]:
    for pair in pairs:
        lrs = {"relationship": pair.best, "log10_lr": numbers(pair.log10_lr)}
        yield {"first": pair.first, "second": pair.second, **lrs, "reversed": sorted(pair.reversed), "loci": pair.loci}


def _print_relatives(
    people: People, model: kinship.PopulationModel, pairs: tuple[kinship.RelatedPair[str], ...], min_lr: float, seconds: float
) -> None:
    from wayhome.cli.terminal import console, table
    from wayhome.cli.wording import counted, log_text, lr_in_words, printable

    out = console()
    compared = counted(_pairs(people.profiles), "pair")
    out.print(f"{counted(len(people.profiles), 'profile')}, {compared} compared in {seconds:.1f} s", style="bold")
    out.print(f"Frequencies {printable(model.frequencies.name)}; theta {model.theta:g}; {told_mutation(model.mutation)}.")
    out.print()
    if pairs:
        names = [relationship.name for relationship in kinship.RELATIONSHIPS]
        made = table("first", "second", "likeliest", *names, "loci", numbers=(*names, "loci"))
        for p in pairs:
            lrs = [log_text(p.log10_lr[name]) for name in names]
            made.add_row(printable(p.first), printable(p.second), p.best, *lrs, f"{p.loci}")
        out.print(made)
    else:
        out.print(f"No pair reaches an LR of {lr_in_words(math.log10(min_lr))}.")
    out.print()
    for note in people.notes:
        out.print(f"- {printable(note)}")
    out.print("How to read this", style="bold")
    chance = _pairs(people.profiles) / min_lr
    out.print(
        f"Each number is the log10 LR of a relationship against strangers; listed is who reaches an LR of "
        f"{lr_in_words(math.log10(min_lr))} (--min-lr). If all were strangers, no more than {chance:.2g} of these pairs would be "
        "expected to reach it as siblings of either kind, and twice as many as parent and child, who are tried both ways round. "
        "Relatives of one family of the file are not compared. Who are likelier siblings than strangers may still be uncle and "
        "niece or cousins; linked loci are taken as independent."
    )


def _pairs(people: Mapping[str, object]) -> int:
    return len(people) * (len(people) - 1) // 2
