"""The first pages: result, readers, hypotheses, pedigree."""

from __future__ import annotations

import math
from collections.abc import Iterator

from django.utils.translation import gettext as _

from wayhome import kinship
from wayhome.casework.matching.report import words
from wayhome.casework.matching.report.blocks import Block, bullets, facts, heading, paragraph, picture, shortened, table
from wayhome.casework.matching.report.drawing import parted
from wayhome.casework.matching.report.view import View

MILLIMETRES = 0.23
"""Of the pedigree's pixels, so that its letters are as large as those of the tables."""


def front(view: View) -> Block:
    """What the report is about."""
    told = view.facts
    laboratories = (f"{name} ({accreditation})" if accreditation else name for name, accreditation in told.laboratories.items())
    rows = [
        (_("Case"), told.case_number),
        (_("Rescued child"), told.child_number),
        (_("Tracing request"), told.request_number),
        (_("Issued by"), told.issued_by),
        (_("Laboratories"), "; ".join(laboratories) or "—"),
        (_("Date of issue"), view.numbers.day(told.issued)),
        (_("Issued in"), ", ".join(words.LANGUAGE_NAMES.get(one, one) for one in told.languages)),
    ]
    return facts(rows)


def result(view: View) -> Iterator[Block]:
    """What came out, before everything that it rests on."""
    made, numbers = view.assessment, view.numbers
    least, greatest = made.log10_lr_range
    several = len(made.by_population) > 1
    yield heading(_("Result"))
    yield paragraph(statement(view), "strong")
    rows = [
        (
            _("Likelihood ratio (LR), least over the populations") if several else _("Likelihood ratio (LR)"),
            f"{view.lr(made.log10_lr)} (log10 {numbers.decimal(made.log10_lr)})",
        )
    ]
    if several:
        between = _("{least} to {greatest} (log10 {log_least} to {log_greatest})").format(
            least=view.lr(least),
            greatest=view.lr(greatest),
            log_least=numbers.decimal(least),
            log_greatest=numbers.decimal(greatest),
        )
        rows.append((_("Range over {n} populations").format(n=len(made.by_population)), between))
    rows += [
        (_("Loci compared"), numbers.whole(len(made.loci))),
        (_("Loci that fit only with a mutation"), ", ".join(made.mismatch_loci) or _("none")),
        (_("Prior probability, not part of the LR"), prior_text(view)),
        (_("Posterior probability"), numbers.probability(made.posterior)),
        (_("Adventitious matches expected in the search"), numbers.short(_two(made.adventitious.value))),
        (_("Conditions of the search"), words.word(words.GATES, made.verdict.gate)),
    ]
    yield facts(rows, strong=True)
    yield from bullets(view.speaker.say(remark) for remark in made.verdict.remarks)
    yield paragraph(
        _(
            "The LR says how much more probable the genotypes are under H1 than under H2. It is not the probability of "
            "kinship: that is the posterior probability, which also rests on the prior and on the evidence beside DNA."
        ),
        "note",
    )


def statement(view: View) -> str:
    """The LR in one sentence."""
    made = view.assessment
    about = {"child": view.facts.child_number, "family": view.facts.request_number}
    if made.log10_lr == -math.inf:
        return _("The genotypes cannot be explained if {child} is the child of tracing request {family} (H1).").format(**about)
    if made.log10_lr < 0:
        text = _(
            "The genotypes are {times} times less probable if {child} is the child of tracing request {family} (H1) than if it "
            "is unrelated to that family (H2)."
        )
    else:
        text = _(
            "The genotypes are {times} times more probable if {child} is the child of tracing request {family} (H1) than if it "
            "is unrelated to that family (H2)."
        )
    return text.format(times=view.numbers.lr_in_words(abs(made.log10_lr)), **about)


def prior_text(view: View) -> str:
    """The prior, also as one in so many."""
    prior = view.assessment.prior
    if not prior:
        return "0"
    return _("{probability} (1 in {n})").format(
        probability=view.numbers.probability(prior), n=view.numbers.whole(round(1 / prior))
    )


def readers(view: View) -> Iterator[Block]:
    """Who read the case, and what they conclude."""
    yield heading(_("Readers and their conclusions"))
    yield paragraph(_("The computation concludes nothing. The conclusions are those of the persons named here."), sticky=True)
    told = view.facts.readers
    if not told:
        yield paragraph(_("Nobody has concluded yet: this is a draft for the readers, and no report."), "strong")
        return
    columns = [
        (_("Reader"), "left", 3),
        (_("Role, organisation"), "left", 3),
        (_("Date"), "left", 0),
        (_("Conclusion"), "left", 4),
        (_("Grounds"), "left", 5),
    ]
    yield table(
        columns,  # type: ignore[arg-type]
        (
            (
                one.name,
                "; ".join(part for part in (words.word(words.ROLES, one.role), one.organisation) if part),
                one.on.isoformat(),
                words.word(words.CONCLUSIONS, one.conclusion),
                one.grounds or "—",
            )
            for one in told
        ),
    )


def hypotheses(view: View) -> Iterator[Block]:
    """What is compared with what."""
    made = view.assessment
    yield heading(_("Question and hypotheses"))
    yield paragraph(
        _("Is the rescued child {child} the child whom the family of tracing request {family} looks for?").format(
            child=view.facts.child_number, family=view.facts.request_number
        ),
        sticky=True,
    )
    for remark in made.hypotheses:
        # The library calls the child by its sample and the family by its key; the reader knows them by their numbers.
        own = {"child": view.facts.child_number, "family": view.facts.request_number, "typed": view.everybody(view.typed[1:])}
        data = {name: own.get(name, value) for name, value in remark.data.items()}
        yield paragraph(view.speaker.say(kinship.Remark(remark.code, data)), "strong", sticky=True)
    yield paragraph(
        _("LR = probability of the genotypes under H1 divided by their probability under H2. No other hypothesis was compared."),
        "note",
    )


def pedigree(view: View) -> Iterator[Block]:
    """The family as H1 draws it."""
    made = view.assessment
    drawn = kinship.Pedigree.of(made.pedigree, made.missing)  # type: ignore[arg-type]
    labels = {}
    for member in view.members:
        named = view.facts.names.get(member, "")
        word = view.kinship_word(member)
        own = "" if view.who(member) == word else member
        labels[member] = [shortened(line, 60) for line in (word, own, named) if line]
    legend = {
        "missing": _("looked for"),
        "typed": _("DNA profile known"),
        "marked": _("pointed out"),
        "deceased": _("deceased"),
        "related": _("partners are related"),
        "copy": _("the same person twice"),
    }
    title = _("Pedigree under H1")
    svg = kinship.pedigree_svg(drawn, labels=labels, typed=set(view.typed) - {made.missing}, title=title, legend=legend)
    yield heading(_("Pedigree"))
    told = _("{title}: {members}. Typed: {typed}.").format(
        title=title, members=", ".join(map(view.who, view.members)), typed=view.everybody(view.typed[1:])
    )
    yield picture(parted(svg), told, MILLIMETRES)
    yield paragraph(
        _(
            "Square: male; circle: female; diamond: sex not known. A dot marks whoever was typed; the child is typed as the "
            "rescued child."
        ),
        "note",
    )


def _two(value: float) -> float:
    """To two figures."""
    return float(f"{value:.1e}")
