"""`wayhome simulate`: a made-up base of families, and children to search it for."""

from __future__ import annotations

import csv
import json
import math
import shlex
from dataclasses import dataclass, replace
from pathlib import Path

from wayhome import kinship
from wayhome.cli.models import Assumptions, chosen_loci, read_models
from wayhome.cli.staging import check_free, staged
from wayhome.cli.wording import counted, listed, printable

FILES = ("pedigrees.csv", "profiles.csv", "children.csv", "truth.csv", "provenance.json")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be made, as it was typed."""

    families: int
    population: str
    seed: int
    kit: str | None = None
    loci: str | None = None
    shapes: str | None = None
    typed: float = 1.0
    unrelated: int = 0
    found: float = 1.0
    encoding: str | None = None


def simulate(out: Path, plan: Plan, assumptions: Assumptions, *, force: bool) -> None:
    """Make a base and write it as the files that `find` reads, with the truth beside them.

    Raises
    ------
    InputError
        for anything that cannot be, and for files that are there already; nothing is written then.
    """
    if out.exists() and not out.is_dir():
        raise kinship.FormatError("is no folder", "Name a folder", file=out)
    check_free([out / name for name in FILES], force=force)
    (model,), digests = read_models([plan.population], assumptions, plan.encoding)
    kit = kinship.panel(plan.kit) if plan.kit is not None else None
    loci, left_out = _loci(plan, kit, model)
    shapes = _shapes(plan.shapes) if plan.shapes is not None else None
    base = kinship.simulate_base(
        plan.families,
        model,
        loci=loci,
        seed=plan.seed,
        shapes=shapes,
        typed=plan.typed,
        unrelated=plan.unrelated,
        found=plan.found,
    )
    parameters = {
        "population": model.parameters(),
        "families": plan.families,
        "seed": plan.seed,
        "kit": kit.name if kit else None,
        "loci": list(loci),
        "shapes": shapes,
        "typed": plan.typed,
        "unrelated": plan.unrelated,
        "found": plan.found,
    }
    _write(out, base, kit, kinship.provenance(parameters, digests), force=force)
    families = counted(len(base.families), "family", "families")
    children = counted(len(base.children), "child", "children")
    alone = len(base.children) - len(base.truth)
    print(f"{printable(str(out))}: {families} and {children}, {alone} of them without a family here; all of them made up")
    print(f"{counted(len(loci), 'locus', 'loci')} typed: {', '.join(loci)}")
    if left_out:
        print(f"left out, for want of sure frequencies: {listed(left_out, 40)}")
    again = ["--children", str(out / "children.csv"), "--families", str(out), "--population", plan.population]
    print(printable(f"search them with: wayhome find {shlex.join(again)}"))


def _loci(plan: Plan, kit: kinship.Panel | None, model: kinship.PopulationModel) -> tuple[tuple[str, ...], list[str]]:
    """The loci to type, and those of the kit that the table does not hold or that are doubtful in it."""
    named = chosen_loci(plan.loci, [model])
    if named is None:
        if kit is None:
            raise kinship.InputError("neither a kit nor loci are named", "Add --kit, such as GlobalFiler, or --loci")
        known = set(model.loci) - model.frequencies.doubtful_loci
        named = tuple(name for name in kit.autosomal if name in known)
        if not named:
            raise kinship.InputError(
                f"the population {model.frequencies.name} has frequencies for no autosomal locus of {kit.name}",
                "Choose another kit or table",
                field="--kit",
            )
        return named, [name for name in kit.autosomal if name not in known]
    for name in named:
        if kinship.locus(name).inheritance is not kinship.Inheritance.AUTOSOMAL:
            raise kinship.InputError(f"{name} is no autosomal locus", "Leave it out", field="--loci")
        if kinship.reported_locus(name, plan.kit).needs_kit:
            raise kinship.InputError(
                f"{name} means different things in different kits", "Name the kit with --kit", field="--loci"
            )
    return named, []


def _shapes(text: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for part in text.split(","):
        name, _, weight = (piece.strip() for piece in part.partition("="))
        try:
            value = float(weight)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or not name:
            raise kinship.InputError(
                f'"{part.strip()}" is no kind of family with its weight',
                'Write "couple=0.7,mother=0.3"',
                field="--shapes",
            )
        if name in weights:
            raise kinship.InputError(f'"{name}" is told twice', "Give it one weight", field="--shapes")
        weights[name] = value
    return weights


def _write(out: Path, base: kinship.SimulatedBase, kit: kinship.Panel | None, provenance: object, *, force: bool) -> None:
    name = kit.name if kit else None
    families = [
        kinship.Family(family.pedigree, {member: replace(profile, kit=name) for member, profile in family.profiles.items()})
        for family in base.families
    ]
    with staged(out, force=force, make=True) as folder:
        kinship.write_families(folder / "pedigrees.csv", folder / "profiles.csv", families)
        kinship.write_profile_table(folder / "children.csv", [replace(child, kit=name) for child in base.children])
        with (folder / "truth.csv").open("w", encoding="utf-8", newline="") as stream:
            rows = csv.writer(stream, lineterminator="\n")
            rows.writerow(["child", "family"])
            rows.writerows((child.sample, base.truth.get(child.sample, "")) for child in base.children)
        (folder / "provenance.json").write_text(json.dumps(provenance, indent=2, ensure_ascii=False) + "\n", "utf-8")
