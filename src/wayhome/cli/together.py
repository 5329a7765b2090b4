"""What can be typed after `wayhome` about several people at once: `joint`, `duplicates` and `relatives`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wayhome.cli.options import (
    AsJson,
    Encoding,
    Force,
    Loci,
    Mutation,
    Range,
    Rate2,
    RateFemale,
    RateMale,
    Theta,
)

_People = Annotated[
    Path, typer.Argument(metavar="PEOPLE", help="Profiles in any format, or families: their relatives are compared.")
]
_FamilyProfiles = Annotated[
    Path | None, typer.Option(metavar="FILE", help="The relatives' profiles, where not beside the pedigrees.")
]
_Csv = Annotated[Path | None, typer.Option(metavar="OUT", help="Write the list as a table, its provenance beside it.")]
_Silent = Annotated[float, typer.Option(metavar="F", help="Frequency of a silent allele at every locus.")]
_MinimumCount = Annotated[float, typer.Option(metavar="C", help="Least allele frequency is C / 2N.")]


def joint(
    children: Annotated[Path, typer.Option(metavar="PROFILES", help="Profiles of the rescued children, in any format.")],
    families: Annotated[Path, typer.Option(metavar="FAMILIES", help="A folder or table of pedigrees, or .fam, .ped, NIEM.")],
    population: Annotated[str, typer.Option(metavar="NAME_OR_FILE", help="Allele frequencies.")],
    child: Annotated[list[str] | None, typer.Option(metavar="ID", help="This child; may be given several times.")] = None,
    family: Annotated[list[str] | None, typer.Option(metavar="ID", help="This family; may be given several times.")] = None,
    family_profiles: _FamilyProfiles = None,
    prior_odds: Annotated[
        float, typer.Option(metavar="X", help="Odds of each pair beforehand; about 1 / families after a search.")
    ] = 1.0,
    min_lr: Annotated[float, typer.Option(metavar="LR", help="Leave out pairs below this LR by themselves.")] = 0.0,
    match_sex: Annotated[bool, typer.Option("--match-sex", help="Leave out pairs whose sexes are known to differ.")] = False,
    theta: Theta = 0.0,
    mutation: Mutation = "stepwise",
    mutation_rate_female: RateFemale = None,
    mutation_rate_male: RateMale = None,
    mutation_range: Range = None,
    mutation_rate2: Rate2 = None,
    silent: _Silent = 0.0,
    minimum_count: _MinimumCount = 5.0,
    loci: Loci = None,
    top: Annotated[int, typer.Option(min=1, metavar="N", help="Assignments listed.")] = 10,
    encoding: Encoding = None,
    json: AsJson = False,
    csv: _Csv = None,
    force: Force = False,
) -> None:
    """Children and families at once: who belongs where."""
    from wayhome.cli.joint import Question, joint
    from wayhome.cli.models import Assumptions

    question = Question(
        children,
        families,
        family_profiles,
        population,
        Assumptions(
            theta, mutation, mutation_rate_female, mutation_rate_male, mutation_range, mutation_rate2, silent, minimum_count
        ),
        loci,
        tuple(child or ()),
        tuple(family or ()),
        prior_odds,
        min_lr,
        match_sex,
        top,
        encoding,
    )
    joint(question, as_json=json, csv_path=csv, force=force)


def duplicates(
    people: _People,
    family_profiles: _FamilyProfiles = None,
    differing: Annotated[int, typer.Option(min=0, metavar="N", help="Loci that may differ.")] = 1,
    dropped: Annotated[int, typer.Option(min=0, metavar="N", help="More loci at which one allele may be lost.")] = 2,
    least_loci: Annotated[int, typer.Option(min=1, metavar="N", help="Loci that both must show.")] = 10,
    encoding: Encoding = None,
    json: AsJson = False,
    csv: _Csv = None,
    force: Force = False,
) -> None:
    """Who stands in a file twice: a child, a donor, a whole family."""
    from wayhome.cli.people import Tolerance, duplicates

    tolerance = Tolerance(differing, dropped, least_loci)
    duplicates(people, family_profiles, tolerance, encoding, as_json=json, csv_path=csv, force=force)


def relatives(
    people: _People,
    population: Annotated[str, typer.Option(metavar="NAME_OR_FILE", help="Allele frequencies.")],
    family_profiles: _FamilyProfiles = None,
    min_lr: Annotated[
        float | None, typer.Option(metavar="LR", help="List no pair below this LR; by default the number of pairs compared.")
    ] = None,
    theta: Theta = 0.0,
    mutation: Mutation = "stepwise",
    mutation_rate_female: RateFemale = None,
    mutation_rate_male: RateMale = None,
    mutation_range: Range = None,
    mutation_rate2: Rate2 = None,
    silent: _Silent = 0.0,
    minimum_count: _MinimumCount = 5.0,
    loci: Loci = None,
    encoding: Encoding = None,
    json: AsJson = False,
    csv: _Csv = None,
    force: Force = False,
) -> None:
    """Siblings sold apart, and other kin among many people."""
    from wayhome.cli.models import Assumptions
    from wayhome.cli.people import RelativesQuestion, relatives

    assumptions = Assumptions(
        theta, mutation, mutation_rate_female, mutation_rate_male, mutation_range, mutation_rate2, silent, minimum_count
    )
    question = RelativesQuestion(people, family_profiles, population, assumptions, loci, min_lr, encoding)
    relatives(question, as_json=json, csv_path=csv, force=force)
