"""`wayhome joint`: children and families at once, no child in two places and no place with two children."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from wayhome import kinship
from wayhome.cli.answers import number, numbers, print_json
from wayhome.cli.csv_files import check_csv_free, write_csv
from wayhome.cli.models import Assumptions, chosen_loci, read_models, told_mutation
from wayhome.cli.progress import Progress, progress_bar

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, as it was typed.

    Parameters
    ----------
    only_children, only_families : ids; all where there are none.
    top : assignments listed.
    min_lr : pairs of a lower LR by themselves are left out.
    """

    children: Path
    families: Path
    family_profiles: Path | None
    population: str
    assumptions: Assumptions
    loci: str | None = None
    only_children: tuple[str, ...] = ()
    only_families: tuple[str, ...] = ()
    prior_odds: float = 1.0
    min_lr: float = 0.0
    match_sex: bool = False
    top: int = 10
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, with all that made it."""

    question: Question
    result: kinship.JointResult
    families: int
    model: kinship.PopulationModel
    notes: tuple[str, ...]
    provenance: dict[str, Any]
    seconds: float


def joint(question: Question, *, as_json: bool, csv_path: Path | None, force: bool) -> None:
    """Compute, and tell: as JSON, as a table in a file, or to a person."""
    if csv_path is not None:
        check_csv_free(csv_path, force=force)
    with progress_bar("families computed", silent=as_json) as progress:
        answer = computed(question, progress)
    if csv_path is not None:
        header = ("child", "family", "member", "posterior", "log10_lr", "mismatches")
        write_csv(csv_path, header, _rows(answer.result), answer.provenance, force=force)
    if as_json:
        print_json(_told(answer))
    elif csv_path is not None:
        print(f"{csv_path}: {len(answer.result.children):,} children, {len(answer.result.places):,} places")
    else:
        print_answer(answer)


def computed(question: Question, progress: Progress | None = None) -> Answer:
    """Read the files and compute; errors as the readers and `kinship.joint_assignments`."""
    if not question.min_lr >= 0:
        raise kinship.InputError(f"{question.min_lr} is no LR", "Give a number of 0 or more", field="--min-lr")
    (model,), digests = read_models([question.population], question.assumptions, question.encoding)
    children = kinship.read_profiles(question.children, encoding=question.encoding)
    file = kinship.read_any_families(question.families, question.family_profiles, encoding=question.encoding)
    profiles = _chosen({p.sample: p for p in children.profiles}, question.only_children, question.children, "--child")
    some = _chosen({family.id: family for family in file.families}, question.only_families, question.families, "--family")
    families = kinship.reference_families(some.values())
    loci = chosen_loci(question.loci, [model])
    start = time.perf_counter()
    result = kinship.joint_assignments(
        profiles,
        families,
        model,
        loci=loci,
        match_sex=question.match_sex,
        prior_odds=question.prior_odds,
        least_log10_lr=math.log10(question.min_lr) if question.min_lr > 0 else -math.inf,
        keep=question.top,
        progress=progress,
    )
    seconds = time.perf_counter() - start
    inputs = {str(question.children): children.sha256, **file.sha256, **digests}
    chosen = {"children": list(question.only_children), "families": list(question.only_families), "top": question.top}
    made_by = kinship.provenance({**result.provenance["parameters"], "chosen": chosen}, inputs)
    notes = (*(f"children: {note}" for note in children.notes), *(f"families: {note}" for note in file.notes), *result.notes)
    return Answer(question, result, len(families), model, notes, made_by, seconds)


def _chosen(things: Mapping[str, Thing], wanted: Sequence[str], path: Path, field: str) -> dict[str, Thing]:
    """Those wanted, in the file's order; all where none is named."""
    for id_ in wanted:
        if id_ not in things:
            raise kinship.UnknownName(f"{path} holds no {field.removeprefix('--')} {id_}", "Check the id", field=field)
    return {id_: thing for id_, thing in things.items() if not wanted or id_ in wanted}


def _places(result: kinship.JointResult, c: int) -> Iterator[tuple[kinship.Place, float, float, int]]:
    """(place, posterior, log10 LR of the pair alone, mismatches) of the places considered for a child, the likeliest first."""
    order = sorted(range(len(result.places)), key=lambda p: (-result.pairing[c, p], -result.pairwise_log10_lr[c, p], p))
    for p in order:
        if result.mismatches[c, p] >= 0:
            lr = float(result.pairwise_log10_lr[c, p])
            yield result.places[p], float(result.pairing[c, p]), lr, int(result.mismatches[c, p])


def _rows(result: kinship.JointResult) -> Iterator[tuple[object, ...]]:
    """A row for each pair considered, and one without a place: nobody's child among these."""
    for c, child in enumerate(result.children):
        for place, posterior, log10_lr, mismatches in _places(result, c):
            yield child, place.family, place.member, posterior, log10_lr, mismatches
        yield child, "", "", float(result.pairing[c, -1]), "", ""


def _told(answer: Answer) -> dict[str, Any]:
    """The answer as JSON values."""
    result = answer.result
    return {
        "assignments": [
            {
                "pairs": [{"child": child, **place._asdict()} for child, place in one.pairs.items()],
                "posterior": one.posterior,
                "log10_lr": number(one.log10_lr),
                "loci": numbers(one.loci),
            }
            for one in result.assignments
        ],
        "children": [
            {
                "child": child,
                "none": float(result.pairing[c, -1]),
                "places": [
                    {**place._asdict(), "posterior": posterior, "log10_lr": number(log10_lr), "mismatches": mismatches}
                    for place, posterior, log10_lr, mismatches in _places(result, c)
                ],
            }
            for c, child in enumerate(result.children)
        ],
        "places": [
            {**place._asdict(), "unfilled": float(share)} for place, share in zip(result.places, result.unfilled, strict=True)
        ],
        "possible": result.possible,
        "considered": result.considered,
        "identical": [list(group) for group in result.identical],
        "interchangeable": [[place._asdict() for place in group] for group in result.interchangeable],
        "notes": list(answer.notes),
        "provenance": answer.provenance,
    }


_SHOWN = 1e-6
"""Posterior from which an assignment, or a place of a child, is shown to a person."""


def print_answer(answer: Answer) -> None:
    """The best assignments, what each child's own chances are, and how to read them."""
    from wayhome.cli.terminal import console, table
    from wayhome.cli.wording import counted, listed, log_text, printable, share_text

    result = answer.result
    out = console()
    out.print(
        f"{counted(len(result.children), 'child', 'children')}, {counted(len(result.places), 'missing member')} of "
        f"{counted(answer.families, 'family', 'families')}, {counted(result.possible, 'possible assignment')}, "
        f"summed in {answer.seconds:.1f} s",
        style="bold",
    )
    out.print(
        f"Frequencies {printable(answer.model.frequencies.name)}; theta {answer.model.theta:g}; "
        f"{told_mutation(answer.model.mutation)}; prior odds {answer.question.prior_odds:g} for each pair."
    )
    out.print()
    made = table("assignment", "posterior", "log10 LR", numbers=("posterior", "log10 LR"))
    for rank, one in enumerate(result.assignments):
        if rank and one.posterior < _SHOWN:
            break
        pairs = [printable(f"{child} is {place.family}/{place.member}") for child, place in one.pairs.items()]
        made.add_section()
        made.add_row("\n".join(pairs) or "nobody identified", share_text(one.posterior), log_text(one.log10_lr))
    out.print(made)
    out.print()
    columns = ("posterior", "alone: log10 LR", "mismatches")
    made = table("child", "family", "missing member", *columns, numbers=columns)
    for c, child in enumerate(result.children):
        rows = [
            (printable(place.family), printable(place.member), share_text(posterior), log_text(log10_lr), f"{mismatches}")
            for place, posterior, log10_lr, mismatches in _places(result, c)
            if posterior >= _SHOWN
        ]
        if (none := float(result.pairing[c, -1])) >= _SHOWN:
            rows.append(("none of these", "", share_text(none), "", ""))
        made.add_section()
        for k, row in enumerate(rows):
            made.add_row("" if k else printable(child), *row)
    out.print(made)
    out.print()
    alike = [f"{group[0].family}: {listed([place.member for place in group])}" for group in result.interchangeable]
    notes = [*answer.notes, *(f"no DNA tells these apart, so a child's posterior is spread over them, {one}" for one in alike)]
    if notes:
        out.print("Notes", style="bold")
        for note in notes:
            out.print(f"- {printable(note)}")
        out.print()
    out.print("How to read this", style="bold")
    out.print(
        "A posterior speaks of these children and these families only: whoever is not among them has no share in it. Beforehand "
        f"each pair had odds of {answer.question.prior_odds:g} against leaving it out (--prior-odds); after a search of a large "
        "base, give about one over the number of families searched. A high posterior may still rest on a weak ratio: read the "
        "log10 LR beside it, which is against nobody identified. It opens an enquiry, it releases nobody."
    )
