"""Genotypes, the LR of every locus, what does not fit, and the populations and parameters behind it all."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from wayhome import kinship
from wayhome.casework.matching.report.blocks import Block, Column, bullets, code, facts, heading, paragraph, table
from wayhome.casework.matching.report.remarks import MUTATION_KINDS, TITLES
from wayhome.casework.matching.report.view import View
from wayhome.casework.matching.report.words import word

SIDE_BY_SIDE = 5
"""Persons in one table of genotypes; further relatives come in a table of their own."""
SAID_HERE = frozenset(
    {"table_size", "table_size_unknown", "mutation_model", "theta", "minimum_frequency", "caution", "no_dropout"}
)
"""Remarks that the tables of this part say in full."""


def genotypes(view: View) -> Iterator[Block]:
    """Everybody's alleles, with the LR of each locus and of all."""
    made, numbers = view.assessment, view.numbers
    yield heading(_("Genotypes and likelihood ratio per locus"))
    yield paragraph(
        _(
            "LR under the population {population}, which gives the least. An allele is named by its number of repeats; 9.3 is "
            "nine repeats and three bases."
        ).format(population=made.population),
        sticky=True,
    )
    relatives = view.typed[1:]
    groups = [relatives[k : k + SIDE_BY_SIDE - 1] for k in range(0, len(relatives), SIDE_BY_SIDE - 1)] or [()]
    for number, group in enumerate(groups):
        if number:
            yield heading(_("Genotypes of further relatives"), 2)
        yield _genotypes(view, (made.missing, *group), with_lr=not number)
    if made.mismatch_loci:
        yield paragraph(_("† fits under H1 only with a mutation; explained below."), "note")
    product = _("The LR of all loci is the product of those of the loci: log10 LR is their sum, {log10}.").format(
        log10=numbers.decimal(made.log10_lr, 4)
    )
    yield paragraph(product, "note")


def _genotypes(view: View, members: Sequence[str], *, with_lr: bool) -> Block:
    made, numbers = view.assessment, view.numbers
    columns: list[Column] = [(_("Locus"), "left", 0)]
    columns += [(view.person(one), "center", 1) for one in members]
    if with_lr:
        columns += [(_("LR"), "right", 0), (_("log10 LR"), "right", 0)]
    rows: list[list[object]] = []
    marked = []
    for locus in view.loci:
        fits = locus not in made.mismatch_loci
        if not fits:
            marked.append(len(rows))
        row: list[object] = [locus if fits else f"{locus} †"]
        row += [written(made.genotypes[locus].get(member)) for member in members]
        if with_lr:
            log10 = made.loci[locus]
            row += [view.lr(log10), numbers.decimal(log10, 4)]
        rows.append(row)
    if with_lr:
        total: list[object] = [_("All {n} loci").format(n=len(view.loci)), *("" for _member in members)]
        rows.append([*total, view.lr(made.log10_lr), numbers.decimal(made.log10_lr, 4)])
    return table(columns, rows, total=with_lr, marked=marked, small=True)


def written(labels: Sequence[str] | None) -> str:
    """A genotype: "12, 13"; a homozygote's allele twice; a dash where nothing was typed."""
    return ", ".join((labels[0], labels[-1])) if labels else "—"


def mismatches(view: View) -> Iterator[Block]:
    """Why loci do not fit, and what was made of it."""
    made = view.assessment
    yield heading(_("Loci that do not fit without a mutation"))
    if not made.mismatch_loci:
        yield paragraph(_("None: every locus fits the pedigree of H1 without a mutation."))
        return
    said = []
    order = {locus: k for k, locus in enumerate(view.loci)}
    for remark in sorted(made.mismatches, key=lambda one: order.get(str(one.data["locus"]), len(order))):
        locus = str(remark.data["locus"])
        data = dict(remark.data)
        if remark.code == "mismatch_with_family":
            seen = made.genotypes[locus]
            relatives = (one for one in view.typed[1:] if one in seen)
            data["others"] = "; ".join(f"{view.who(one)} {'/'.join((seen[one][0], seen[one][-1]))}" for one in relatives)
        lr = _("The LR of the locus, mutation included, is {lr}.").format(lr=view.lr(made.loci[locus]))
        said.append(view.sentences(view.speaker.say(kinship.Remark(remark.code, data)), lr))
    yield from bullets(said)
    yield paragraph(
        _(
            "A mismatch does not exclude by itself: the mutation model gives each its probability under H1, and the LR has it. "
            "Beyond mutation, a silent allele, a typing error or a relative of the true parent would also look like this. More "
            "than {most} mismatching loci close both gates of the search."
        ).format(most=view.numbers.whole(made.gates.most_mismatches))
    )


def populations(view: View) -> Iterator[Block]:
    """Each table with n, theta, floor, and the LR under it."""
    made, numbers = view.assessment, view.numbers
    yield heading(_("Populations and the range of the LR"))
    columns: list[Column] = [
        (_("Population"), "left", 5),
        (_("People counted (n)"), "left", 3),
        ("θ", "right", 0),
        (_("Least frequency"), "left", 3),
        (_("Silent alleles"), "right", 2),
        (_("LR"), "right", 0),
        (_("log10 LR"), "right", 0),
    ]
    rows = []
    titles = {one.population: one.title for one in view.facts.frequencies}
    for name in view.populations:
        used = view.parameters[name]
        title = word(TITLES, titles.get(name, ""))
        log10 = made.by_population[name]
        silent = used["silent"]
        rows.append(
            (
                f"{name}: {title}" if title else name,
                people(view, name),
                numbers.short(used["theta"]),
                _floor(view, name),
                _("per locus") if isinstance(silent, Mapping) else numbers.short(silent),
                view.lr(log10),
                numbers.decimal(log10),
            )
        )
    yield table(columns, rows, small=True)
    yield paragraph(
        _(
            "θ: coancestry, the probability that two alleles of the population are copies of one ancestral allele. Least "
            "frequency: no allele is taken as rarer, and an allele outside the table has it; N is the number of people counted "
            "at the locus. Where the LR differs between populations, the least counts in every statement of this report."
        ),
        "note",
    )
    yield from bullets(view.speaker.say(one) for one in view.remarks(made.assumptions, "table_size_unknown", "caution"))
    for name in view.populations:
        used = view.parameters[name]
        source = used["population_source"] or "—"
        yield facts(
            [
                (_("Source of {population}").format(population=name), source),
                (_("Digest (SHA-256)"), code(used["frequency_digest"])),
            ]
        )


def people(view: View, population: str) -> str:
    """In how many people a table was counted, at the loci compared."""
    numbers = view.numbers
    parts = []
    for remark in view.remarks(view.assessment.assumptions, "table_size", "table_size_unknown"):
        if remark.data["population"] == population and remark.code == "table_size":
            least, most = (numbers.whole(remark.data[name]) for name in ("least", "most"))
            parts.append(least if least == most else _("{least} to {most}").format(least=least, most=most))
        elif remark.data["population"] == population:
            parts.append(_("not stated; {n} assumed").format(n=numbers.whole(remark.data["people"])))
    return "; ".join(parts) or "—"


def _floor(view: View, population: str) -> str:
    """The rule, and the figures where the facts have them."""
    rule = str(view.parameters[population]["minimum_frequency"])
    used = [one for one in view.facts.frequencies if one.population == population]
    values = sorted({value for one in used for value in one.minimum.values()})
    if not values:
        return rule
    least, most = view.numbers.decimal(values[0], 4), view.numbers.decimal(values[-1], 4)
    return f"{rule} = {least}" if least == most else _("{rule} = {least} to {most}").format(rule=rule, least=least, most=most)


def parameters(view: View) -> Iterator[Block]:
    """Mutation and drop-out."""
    yield heading(_("Mutation and drop-out"))
    columns: list[Column] = [
        (_("Population"), "left", 3),
        (_("Mutation model"), "left", 5),
        (_("Meioses of"), "left", 2),
        (_("Rate"), "right", 2),
        (_("Further step"), "right", 2),
        (_("Partial repeat"), "right", 2),
    ]
    rows: list[Sequence[object]] = []
    for name in view.populations:
        rows += _mutation(view, name, view.parameters[name]["mutation"])
    yield table(columns, rows, small=True)
    yield paragraph(
        _(
            "Rate: mutations per meiosis. Further step: how much rarer each further whole repeat is than the one before. "
            "Partial repeat: rate of mutations by a part of a repeat."
        ),
        "note",
    )
    yield from bullets(view.speaker.say(one) for one in view.remarks(view.assessment.assumptions, "no_dropout"))


def _mutation(view: View, name: str, model: Mapping[str, Any], locus: str = "") -> Iterator[Sequence[object]]:
    """A row for each sex, and for loci with a model of their own."""
    kind = word(MUTATION_KINDS, model["model"])
    where = f"{name}, {locus}" if locus else name
    if "female" not in model:
        yield where, kind, "—", "—", "—", "—"
    for sex, told in (("female", _("mothers")), ("male", _("fathers"))):
        if sex in model:
            rates = model[sex]
            further = (view.numbers.short(rates[one]) if one in rates else "—" for one in ("range", "rate2"))
            yield where, kind, told, view.numbers.short(rates["rate"]), *further
    for other in sorted(model.get("by_locus", {})):
        yield from _mutation(view, name, model["by_locus"][other], other)


def frequencies(view: View) -> Iterator[Block]:
    """The frequencies of every allele of the case, so that each LR can be computed again."""
    numbers = view.numbers
    order = {name: k for k, name in enumerate(view.populations)}
    told = sorted(view.facts.frequencies, key=lambda one: order.get(one.population, len(order)))
    if not told:
        return
    yield heading(_("Annex: allele frequencies used"))
    yield paragraph(
        _("As the likelihoods took them: lifted to the least frequency, and scaled to sum to one over all alleles of the locus."),
        "note",
        sticky=True,
    )
    for one in told:
        yield heading(_("Population {population}").format(population=one.population), 2)
        columns: list[Column] = [
            (_("Locus"), "left", 0),
            ("n", "right", 0),
            (_("Least frequency"), "right", 0),
            (_("Allele and frequency"), "left", 1),
        ]
        rows = []
        for locus in view.loci:
            seen = one.alleles.get(locus, {})
            counted = one.people.get(locus)
            shown = (f"{label}: {numbers.decimal(seen[label], 4)}" for label in sorted(seen, key=kinship.allele_order))
            minimum = one.minimum.get(locus, math.nan)
            rows.append(
                (
                    locus,
                    _("not stated") if counted is None else numbers.whole(counted),
                    numbers.decimal(minimum, 4) if math.isfinite(minimum) else "—",
                    "; ".join(shown) or "—",
                )
            )
        yield table(columns, rows, small=True)
