"""The results of a search as a person reads them."""

from __future__ import annotations

import math
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from wayhome import kinship
from wayhome.cli.models import told_mutation
from wayhome.cli.searching import Answer
from wayhome.cli.terminal import console, table
from wayhome.cli.wording import counted, listed, log_text, lr_in_words, printable

WHAT_AN_LR_IS = (
    "An LR says how many times more probable the profiles are if the child is the one that the family misses than if it is a "
    "stranger. It is not the probability that the child is theirs, and it does not say that the family was honest: a high LR "
    "opens an enquiry, it releases nobody. Confirm it on a second sample, and have it read again by somebody who does not know "
    "the first reading."
)


_MOST_NAMED = 2
"""Loci named of each kind."""
_TELLS = 0.05
"""What a locus must add to a log10 LR to be named."""


def print_answer(answer: Answer) -> None:
    """The search, the candidates of each child, and how to read them."""
    out = console()
    print_search(out, answer)
    if any(child.candidates for child in answer.found.children):
        out.print(candidates_table(answer))
        out.print()
    without = [child.child for child in answer.found.children if not child.candidates]
    if without:
        out.print(f"No family reaches an LR of {answer.search.min_lr:g} for {listed(without, 40)}.")
        out.print()
    print_notes(out, answer)
    print_reading(out, answer)


def print_search(out: Console, answer: Answer) -> None:
    """What was searched, and under which assumptions."""
    found = answer.found
    out.print(
        f"{counted(len(found.children), 'child', 'children')}, {counted(found.families, 'family', 'families')}, "
        f"{counted(len(found.loci), 'locus', 'loci')}, searched in {answer.seconds:.1f} s",
        style="bold",
    )
    model = answer.models[0]
    names = listed([one.frequencies.name for one in answer.models])
    least = ", the least LR counts" if len(answer.models) > 1 else ""
    out.print(f"Frequencies {names}{least}; theta {model.theta:g}; {told_mutation(model.mutation)}.")
    out.print()


def candidates_table(answer: Answer) -> Table:
    """The candidates of each child, best first, with the loci that weigh most."""
    made = table("child", "family", "log10 LR", "LR", "mismatch", "for and against", numbers=("log10 LR", "LR"))
    for child in answer.found.children:
        if not child.candidates:
            continue
        made.add_section()
        name = f"{printable(child.child)}\n{counted(len(child.loci), 'locus', 'loci')}"
        for candidate in child.candidates:
            made.add_row(
                name,
                printable(candidate.family),
                log_text(candidate.log10_lr),
                lr_in_words(candidate.log10_lr),
                "\n".join([f"{candidate.mismatches}", *candidate.mismatch_loci[:_MOST_NAMED]]),
                "\n".join(_weights(candidate)),
            )
            name = ""
    return made


def _weights(candidate: kinship.Candidate) -> Iterator[str]:
    """The loci that weigh most, then those that speak most against, then the LR by population where there are several."""
    told = sorted(((value, name) for name, value in candidate.loci.items() if not math.isnan(value)), reverse=True)
    strongest = [item for item in told[:_MOST_NAMED] if item[0] >= _TELLS]
    against = [item for item in told[: -_MOST_NAMED - 1 : -1] if item[0] <= -_TELLS]
    for chosen in (strongest, against):
        if chosen:
            yield ", ".join(f"{printable(name)} {value:+.1f}" for value, name in chosen)
    if len(candidate.by_population) > 1:
        yield from (f"{printable(name)}: {log_text(value)}" for name, value in candidate.by_population.items())


def loci_table(answer: Answer, child: kinship.ChildResult, candidate: kinship.Candidate) -> Table:
    """Locus by locus: the child, the relatives, and what the locus adds, the most telling first."""
    profile = next(profile for profile in answer.children if profile.sample == child.child)
    family = answer.found.named[candidate.family]
    made = table("locus", printable(child.child), *map(printable, family.profiles), "log10 LR", "", numbers=("log10 LR",))
    for name, value in sorted(candidate.loci.items(), key=lambda item: -item[1]):
        seen = (_genotype(one, name) for one in (profile, *family.profiles.values()))
        remark = "only by mutation" if name in candidate.mismatch_loci else _bar(value)
        made.add_row(printable(name), *seen, log_text(value), remark)
    return made


def _genotype(profile: kinship.Profile, name: str) -> str:
    return "/".join(profile.pair(name)) if name in profile.genotypes else "-"


def _bar(log10_lr: float) -> str:
    """Four characters for a factor of ten."""
    return ("+" if log10_lr > 0 else "-") * min(20, round(4 * abs(log10_lr))) if math.isfinite(log10_lr) else ""


def print_notes(out: Console, answer: Answer) -> None:
    """What an analyst must know beside the numbers."""
    pairs: dict[str, list[str]] = {}
    for child in answer.found.children:
        for candidate in child.candidates:
            for note in candidate.notes:
                pairs.setdefault(note, []).append(f"{child.child} and {candidate.family}")
    notes = [*(f"{note}: {listed(which, 5)}" for note, which in pairs.items()), *answer.notes]
    if notes:
        out.print("Notes", style="bold")
        for note in notes:
            out.print(f"- {printable(note)}")
        out.print()


def sure_log10_lr(answer: Answer) -> int:
    """log10 of an LR that a search of so many strangers shows at most once in a hundred.

    P(LR >= t) <= 1 / t for a stranger, since the expected LR of a stranger is 1.
    """
    return math.ceil(math.log10(max(1, len(answer.found.children) * answer.found.families))) + 2


def print_reading(out: Console, answer: Answer) -> None:
    """How to read the numbers."""
    pairs = len(answer.found.children) * answer.found.families
    out.print("How to read this", style="bold")
    out.print(WHAT_AN_LR_IS)
    if pairs:
        out.print(
            f"{counted(pairs, 'pair')} of child and family were compared. If all of them were strangers, an LR of "
            f"{lr_in_words(sure_log10_lr(answer))} or more would turn up in at most one of a hundred such searches, provided "
            "that the frequencies suit the child's people."
        )
