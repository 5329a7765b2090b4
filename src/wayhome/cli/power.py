"""`wayhome power`: what a search can expect of a family before any child is compared, and what to do where that is too little."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wayhome import kinship
from wayhome.cli.answers import print_json
from wayhome.cli.index import progress
from wayhome.cli.models import Assumptions, chosen_loci, read_models
from wayhome.cli.staging import check_free, staged
from wayhome.cli.wording import share_text


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be computed, as it was typed.

    Parameters
    ----------
    wanted : ids of families; all where there are none.
    base : families in the base; None for those in the file.
    advise : whether to compute what would help; None for one family alone.
    """

    families: Path
    family_profiles: Path | None
    wanted: tuple[str, ...]
    population: str
    assumptions: Assumptions
    loci: str | None = None
    base: int | None = None
    children: int = 1
    in_base: float = 0.5
    advise: bool | None = None
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class FamilyAnswer:
    """One family: its power, what bars it from a report, and what would help where that was asked."""

    power: kinship.FamilyPower
    support: kinship.Support
    steps: kinship.NextSteps | None


@dataclass(frozen=True, slots=True)
class Answer:
    """All families, the gates of the search, and what made the numbers."""

    families: tuple[FamilyAnswer, ...]
    gates: kinship.Gates
    notes: tuple[str, ...]
    provenance: dict[str, Any]


def power(question: Question, *, as_json: bool, plot: Path | None, force: bool) -> None:
    """Compute, and tell: as JSON, as a picture in a file, or to a person."""
    if plot is not None:
        if plot.suffix.lower() not in (".svg", ".png"):
            raise kinship.InputError(f"{plot.name} is no picture", "Let its name end in .svg or .png", field="--plot")
        check_free([plot], force=force)
    answer = computed(question, silent=as_json)
    if plot is not None:
        if len(answer.families) != 1:
            raise kinship.InputError(
                f"a picture shows one family, not {len(answer.families):,}", "Name one with --family", field="--plot"
            )
        picture = _drawn(kinship.power_svg(answer.families[0].power, answer.gates), plot.suffix.lower())
        with staged(plot.parent, force=force) as draft:
            (draft / plot.name).write_bytes(picture)
    if as_json:
        print_json(_told(answer))
    else:
        print_answer(answer)


def _drawn(svg: str, suffix: str) -> bytes:
    """The picture as the file is to hold it."""
    if suffix == ".svg":
        return svg.encode()
    try:
        import resvg_py
    except ModuleNotFoundError:
        raise kinship.InputError(
            "a PNG is drawn by resvg-py, which is not installed", "Install wayhome[png], or draw an .svg", field="--plot"
        ) from None
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=2.0))


def computed(question: Question, *, silent: bool = False) -> Answer:
    """Read the files and compute; errors as the readers, `kinship.family_power` and `kinship.next_steps`."""
    (model,), digests = read_models([question.population], question.assumptions, question.encoding)
    file = kinship.read_any_families(question.families, question.family_profiles, encoding=question.encoding)
    chosen = [family for family in file.families if not question.wanted or family.id in question.wanted]
    for id_ in question.wanted:
        if id_ not in {family.id for family in chosen}:
            raise kinship.UnknownName(f"{question.families} holds no family {id_}", "Check the id", field="--family")
    loci = chosen_loci(question.loci, [model])
    gates = kinship.Gates(question.base or len(file.families), question.children, question.in_base)
    advise = len(chosen) == 1 if question.advise is None else question.advise
    found = []
    for family in chosen:
        strength = kinship.family_power(family, model, loci)
        steps = None
        if advise:
            with progress(f"acts weighed for {family.id}", silent=silent) as report:
                steps = kinship.next_steps(family, model, gates, loci=loci, progress=report)
        found.append(FamilyAnswer(strength, kinship.Support.of(family, len(strength.loci)), steps))
    parameters = {
        "population": model.parameters(),
        "loci": None if loci is None else list(loci),
        "convention": "pruned",
        "gates": gates.to_json(),
    }
    notes = tuple(f"families: {note}" for note in file.notes)
    return Answer(tuple(found), gates, notes, kinship.provenance(parameters, {**file.sha256, **digests}))


def _told(answer: Answer) -> dict[str, Any]:
    """The answer as JSON values."""
    gates = answer.gates
    thresholds = sorted({*range(0, 13, 2), gates.lead, gates.report})
    return {
        "families": [
            {
                **one.power.to_json(gates.families, gates.children, thresholds),
                "report_barred": [remark.to_json() for remark in one.support.report_barred],
                "next_steps": None if one.steps is None else one.steps.to_json(),
            }
            for one in answer.families
        ],
        "gates": gates.to_json(),
        "notes": list(answer.notes),
        "provenance": answer.provenance,
    }


def print_answer(answer: Answer) -> None:
    """The gates, every family, and what would help."""
    from wayhome.cli.terminal import console, table
    from wayhome.cli.wording import counted, listed, log_text, lr_in_words, printable

    out = console()
    gates = answer.gates
    out.print(
        f"A search of {counted(gates.children, 'child', 'children')} in {counted(gates.families, 'family', 'families')}: "
        f"lead from log10 LR {log_text(gates.lead)} ({lr_in_words(gates.lead)}), report from {log_text(gates.report)}.",
        style="bold",
    )
    out.print()
    columns = ("family", "loci", "median", "lead", "report", "chance matches", "exclusion")
    made = table(*columns, numbers=columns[1:])
    for one in answer.families:
        lr = one.power.lr
        made.add_row(
            printable(one.power.family),
            f"{len(one.power.loci)}",
            log_text(lr.median),
            share_text(lr.true_above(gates.lead).value, lr.true_below(gates.lead).value),
            share_text(lr.true_above(gates.report).value, lr.true_below(gates.report).value)
            + ("*" if one.support.report_barred else ""),
            f"{one.power.adventitious(gates.lead, gates.families, gates.children).value:.1e}",
            share_text(one.power.exclusion, one.power.stranger_mismatches.at_most(0)),
        )
    out.print(made)
    out.print()
    out.print(
        "median: log10 LR of the missing child. lead, report: probability that it reaches the gate. chance matches: strangers "
        "expected at the lead gate in the whole search, if all families were like this one. exclusion: probability that a "
        "stranger mismatches at one locus or more."
    )
    for one in answer.families:
        for remark in one.support.report_barred:
            out.print(f"* {printable(one.power.family)}: {remark.text}.")
        if one.power.impossible:
            loci = listed(one.power.impossible, 20)
            out.print(
                f"{printable(one.power.family)}: the relatives cannot be related as recorded at {loci}; check samples and family."
            )
    for note in answer.notes:
        out.print(f"- {printable(note)}")
    if len(answer.families) == 1:
        strength = answer.families[0].power
        out.print()
        out.print(f"What a threshold lets through; the bounds account for {strength.lr.shift:.3f} in log10 LR.", style="bold")
        out.print(_thresholds(strength, gates))
    for one in answer.families:
        if one.steps is not None:
            out.print()
            now = share_text(one.steps.now)
            out.print(
                f"What to do next for {printable(one.power.family)}: a report is reached with probability {now} now.",
                style="bold",
            )
            out.print(_advice(one.steps))


def _thresholds(strength: kinship.FamilyPower, gates: kinship.Gates) -> Any:
    from wayhome.cli.terminal import table

    columns = ("log10 LR >", "missing child", "stranger", "at least", "at most", "chance matches")
    made = table(*columns, numbers=columns)
    for t in sorted({0.0, 2.0, 4.0, 6.0, 8.0, 10.0, gates.lead, gates.report}):
        stranger = strength.lr.stranger_above(t)
        made.add_row(
            f"{t:g}" if t == round(t) else f"{t:.2f}",
            share_text(strength.lr.true_above(t).value, strength.lr.true_below(t).value),
            *(f"{p:.2e}" for p in stranger),
            f"{strength.adventitious(t, gates.families, gates.children).value:.1e}",
        )
    return made


def _advice(steps: kinship.NextSteps) -> Any:
    from wayhome.cli.terminal import table
    from wayhome.cli.wording import log_text, printable

    made = table("act", "report", "gain", "median", numbers=("report", "gain", "median"))
    for step in steps.steps:
        if step.decisive is None or step.gain is None or step.median_log10_lr is None:
            made.add_row(printable(step.act.text), "", "", "")
            continue
        error = f" ± {step.standard_error:.1%}" if step.standard_error > 5e-4 else ""
        made.add_row(
            printable(step.act.text), share_text(step.decisive) + error, f"{step.gain:+.1%}", log_text(step.median_log10_lr)
        )
    return made
