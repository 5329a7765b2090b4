"""What a search found, as its readers see it: everybody by kinship and number of their sample, never by name."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wayhome import kinship
from wayhome.casework.core import numbers as house_numbers
from wayhome.casework.matching.queries.candidates import Detail, Taken
from wayhome.casework.matching.report import kin
from wayhome.casework.matching.report.numbers import Numbers
from wayhome.casework.matching.report.remarks import Speaker
from wayhome.casework.matching.report.words import GATES, word
from wayhome.web.waterfall import Waterfall, waterfall
from wayhome.web.words import word as coded


@dataclass(frozen=True, slots=True)
class Locus:
    """A row of the table of loci: everybody's alleles in the order of its heads, the LR, and why it does not fit."""

    name: str
    cells: tuple[str, ...]
    lr: str
    log10_lr: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Population:
    """The LR by one table of frequencies; `least`: whether it is the one that counts."""

    title: str
    lr: str
    log10_lr: str
    least: bool


@dataclass(frozen=True, slots=True)
class Step:
    """An act that would help: what it is, how likely it decides, and what that assumes."""

    act: str
    decisive: str
    note: str


@dataclass(frozen=True)
class Assessed:
    """Everything on the page that comes from what was sealed."""

    in_words: str
    log10_lr: str
    prior: str
    families: str
    posterior: str
    adventitious: str
    stranger_above: str
    hypotheses: tuple[str, ...]
    drawing: SafeString
    heads: tuple[str, ...]
    loci: tuple[Locus, ...]
    mismatches: int
    populations: tuple[Population, ...]
    waterfall: Waterfall
    gate: str
    reasons: tuple[str, ...]
    case_work: str
    not_tested: tuple[str, ...]
    steps: tuple[Step, ...]
    steps_known: bool
    assumptions: tuple[str, ...]


class _View:
    """One assessment in the language that is active."""

    def __init__(self, detail: Detail, samples: Sequence[Taken]) -> None:
        self.made = detail.assessment
        self.findings = detail.evidence.findings
        self.numbers = Numbers(get_language() or "en")
        self.speaker = Speaker(self.numbers, self.who)
        self.called = called(self.made)
        self.kits = {str(one.relative or self.made.missing): one.kit.number for one in samples if one.kit is not None}
        self.members = tuple(one for one in self._order() if one in self.made.samples)

    def _order(self) -> list[str]:
        """The child, its parents, everybody else."""
        rows = self.made.pedigree
        child = next(row for row in rows if row[0] == self.made.missing)
        first = [child[0], *(parent for parent in (child[2], child[1]) if parent is not None)]
        return [*first, *(row[0] for row in rows if row[0] not in first)]

    def who(self, member: str) -> str:
        return self.called.get(member, member)

    def say(self, remark: kinship.Remark, **told: Any) -> str:
        return self.speaker.say(kinship.Remark(remark.code, {**remark.data, **told}) if told else remark)


def called(made: kinship.Assessment) -> Mapping[str, str]:
    """Member -> what they are to the child; several of a kind are counted."""
    codes = kin.kin(made.pedigree, made.missing)
    seen: dict[str, int] = {}
    found = {}
    for member, code in codes.items():
        seen[code] = seen.get(code, 0) + 1
        told = str(kin.WORDS[code])
        found[member] = told if seen[code] == 1 else f"{told} {seen[code]}"
    return found


def wanted_again(made: kinship.Assessment) -> list[int]:
    """Relatives whose second sample is compared before anybody confirms: the typed parents, or else one of the others."""
    child = next(row for row in made.pedigree if row[0] == made.missing)
    typed = [row[0] for row in made.pedigree if row[0] in made.samples and row[0] != made.missing]
    parents = [one for one in typed if one in child[1:3]]
    return [int(one) for one in parents or typed]


def assessed(detail: Detail, samples: Sequence[Taken]) -> Assessed:
    """The page's part of a detail."""
    view = _View(detail, samples)
    made, numbers = view.made, view.numbers
    return Assessed(
        in_words=_in_words(made.log10_lr, numbers),
        log10_lr=numbers.decimal(made.log10_lr),
        prior=numbers.probability(made.prior),
        families=numbers.whole(made.gates.families),
        posterior=numbers.probability(made.posterior),
        adventitious=_bounded(made.adventitious, numbers),
        stranger_above=numbers.probability(made.stranger_above.value),
        hypotheses=tuple(_hypotheses(view)),
        drawing=_drawing(view),
        heads=tuple(_("rescued child") if one == made.missing else view.who(one) for one in view.members),
        loci=tuple(_loci(view)),
        mismatches=len(made.mismatch_loci),
        populations=tuple(_populations(made, numbers)),
        waterfall=waterfall(made.stages, view.findings, numbers),
        gate=word(GATES, made.verdict.gate),
        reasons=tuple(view.say(one) for one in made.verdict.remarks),
        case_work=view.say(made.case_work),
        not_tested=tuple(_not_tested(view)),
        steps=tuple(_steps(view)),
        steps_known=made.next_steps is not None,
        assumptions=tuple(view.say(one) for one in made.assumptions),
    )


def _in_words(log10_lr: float, numbers: Numbers) -> str:
    if log10_lr == -math.inf:
        return _("What the DNA shows cannot be if the child is this family's.")
    if log10_lr >= 0:
        said = _("What the DNA shows is %(lr)s times as likely if the child is this family's as if it is of strangers.")
        return said % {"lr": numbers.lr_in_words(log10_lr)}
    said = _("What the DNA shows is %(lr)s times as likely if the child is of strangers as if it is this family's.")
    return said % {"lr": numbers.lr_in_words(-log10_lr)}


def _bounded(told: Any, numbers: Numbers) -> str:
    return numbers.scientific(math.log10(told.value), 1) if told.value > 0 else "0"


def _hypotheses(view: _View) -> Iterator[str]:
    made = view.made
    typed = _(", ").join(view.who(one) for one in view.members if one != made.missing)
    about = {name: house_numbers.grouped(of) for name, of in (("child", made.child), ("family", made.family))}
    for remark in made.hypotheses:
        yield view.say(remark, **about, **({"typed": typed} if "typed" in remark.data else {}))


def _drawing(view: _View) -> SafeString:
    made = view.made
    members = tuple(kinship.Member(who, father, mother, sex) for who, father, mother, sex in made.pedigree)  # type: ignore[arg-type]
    labels = {
        member: [view.who(member), *([house_numbers.grouped(view.kits[member])] if member in view.kits else [])]
        for member, *_rest in made.pedigree
    }
    svg = kinship.pedigree_svg(
        kinship.Pedigree(members, missing=made.missing, name=made.family),
        labels=labels,
        typed=[one for one in view.members if one != made.missing],
        title=_("Family tree"),
        legend={
            "missing": _("the child that is looked for"),
            "typed": _("sample compared"),
            "related": _("parents who are related"),
            "copy": _("the same person"),
        },
    )
    # Made here of texts that the drawing escapes.
    return mark_safe(svg)


def _loci(view: _View) -> Iterator[Locus]:
    """Those that do not fit first."""
    made = view.made
    notes: dict[str, list[str]] = {}
    for remark in made.mismatches:
        locus = str(remark.data["locus"])
        seen = made.genotypes[locus]
        others = [f"{view.who(one)} {'/'.join((seen[one][0], seen[one][-1]))}" for one in view.members[1:] if one in seen]
        told = {"others": "; ".join(others)} if remark.code == "mismatch_with_family" else {}
        notes.setdefault(locus, []).append(view.say(remark, **told))
    for locus in sorted(made.loci, key=lambda one: (one not in made.mismatch_loci, *_place(one))):
        seen = made.genotypes[locus]
        yield Locus(
            locus,
            tuple(", ".join((seen[one][0], seen[one][-1])) if one in seen else "–" for one in view.members),
            view.numbers.scientific(made.loci[locus]),
            view.numbers.decimal(made.loci[locus]),
            tuple(notes.get(locus, ())),
        )


def _place(name: str) -> tuple[int, int, str]:
    """By chromosome where the name tells it, then by name."""
    found = re.match(r"D(\d+)S(\d+)", name)
    return (99, 0, name) if found is None else (int(found[1]), int(found[2]), name)


def _populations(made: kinship.Assessment, numbers: Numbers) -> Iterator[Population]:
    for name in sorted(made.by_population, key=lambda one: (one != made.population, one)):
        log10_lr = made.by_population[name]
        least = name == made.population
        yield Population(str(coded("population", name)), numbers.scientific(log10_lr), numbers.decimal(log10_lr), least)


def _not_tested(view: _View) -> Iterator[str]:
    """Loci are told together."""
    loci = [str(one.data["locus"]) for one in view.made.not_tested if one.code == "untested_locus"]
    for remark in view.made.not_tested:
        if remark.code != "untested_locus":
            yield view.say(remark)
    if loci:
        yield view.say(kinship.Remark("untested_locus", {"locus": _(", ").join(loci)}))
    yield _("Whether a close relative of the parents, such as a brother of the father, is the parent instead.")
    yield _("Whether the missing child has an identical twin.")


def _steps(view: _View) -> Iterator[Step]:
    steps = view.made.next_steps
    for step in () if steps is None else steps.steps:
        decisive = "" if step.decisive is None else view.numbers.probability(step.decisive)
        yield Step(view.say(step.act), decisive, view.speaker.step_note(step))
