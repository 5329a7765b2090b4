"""The results of `wayhome lr` as a person reads them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich.table import Table

from wayhome import kinship
from wayhome.cli.ratios import Result
from wayhome.cli.terminal import console, table
from wayhome.cli.wording import counted, listed, log_text, lr_in_words, printable


def print_cases(results: Sequence[Result], convention: kinship.Convention) -> None:
    """A table of each case, and one over all where there are several."""
    out = console()
    for result in results:
        case = result.case
        typed = listed(list(case.genotypes)) if case.genotypes else "nobody"
        out.print(printable(case.id), style="bold")
        told = f"{counted(len(case.loci), 'marker')}, theta {case.theta:g}, untyped founders {convention.replace('_', ' ')}"
        out.print(f"{told}; typed: {typed}")
        out.print()
        out.print(_by_marker(result))
        out.print(_verdict(result))
        out.print()
    if len(results) > 1:
        out.print(_summary(results))


def _by_marker(result: Result) -> Table:
    hypotheses = list(result.log_likelihoods)
    logs = [f"ln P({printable(name)})" for name in hypotheses]
    made = table("marker", *logs, "log10 LR", numbers=(*logs, "log10 LR"))
    for marker, log10_lr in result.loci.items():
        told = (log_text(result.log_likelihoods[name][marker], 4) for name in hypotheses)
        made.add_row(printable(marker), *told, log_text(log10_lr, 4))
    made.add_section()
    totals = (log_text(result.total(name), 4) for name in hypotheses)
    made.add_row("all", *totals, log_text(result.log10_lr, 4), style="bold")
    return made


def _verdict(result: Result) -> str:
    first, second = map(printable, result.compared)
    lines = []
    if math.isnan(result.log10_lr):
        lines.append(f"The genotypes are impossible under {first} and under {second}: there is no ratio.")
    else:
        lines.append(f"LR {lr_in_words(result.log10_lr)}, {first} over {second}.")
    for name in result.compared:
        excluding = [marker for marker, log in result.log_likelihoods[name].items() if log == -math.inf]
        if excluding:
            lines.append(f"{printable(name)} is impossible at {listed(excluding, 30)}.")
    return "\n".join(lines)


def _summary(results: Sequence[Result]) -> Table:
    made = table("case", "markers", "log10 LR", "LR", "impossible at", numbers=("markers", "log10 LR", "LR"))
    for result in results:
        first, _ = result.compared
        excluding = [marker for marker, log in result.log_likelihoods[first].items() if log == -math.inf]
        made.add_row(
            printable(result.case.id),
            f"{len(result.case.loci):,}",
            log_text(result.log10_lr),
            lr_in_words(result.log10_lr),
            listed(excluding, 3),
        )
    return made
