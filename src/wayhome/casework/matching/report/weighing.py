"""The search behind the pair, the way from prior to posterior, evidence beside DNA, and what would tell more."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from wayhome.casework.matching.report import words
from wayhome.casework.matching.report.blocks import Block, Column, bullets, clean, facts, heading, paragraph, table
from wayhome.casework.matching.report.numbers import log_odds
from wayhome.casework.matching.report.view import View

_TICKS = 8


def search(view: View) -> Iterator[Block]:
    """How many were asked, and what chance alone would bring."""
    made, numbers = view.assessment, view.numbers
    gates = made.gates
    yield heading(_("The search, and matches to be expected by chance"))
    yield facts(
        [
            (_("Searched on"), view.facts.searched_on.isoformat()),
            (_("Families searched (N)"), numbers.whole(gates.families)),
            (_("Children compared with them"), numbers.whole(gates.children)),
            (_("Comparisons"), numbers.whole(gates.pairs)),
            (_("Probability that a stranger's LR is above this one"), _bounded(view, made.stranger_above, share=True)),
            (_("Adventitious matches above this LR to be expected in the whole search"), _bounded(view, made.adventitious)),
            (
                _("Probability that a stranger mismatches these relatives at one locus or more"),
                numbers.probability(made.exclusion),
            ),
            (
                _("Share of missing children of such a family whose LR would be no higher"),
                _bounded(view, made.true_below, share=True),
            ),
            (_("Least log10 LR of a lead in this search"), numbers.decimal(gates.lead)),
            (_("Least log10 LR of a report in this search"), numbers.decimal(gates.report)),
            (_("Least posterior probability of a report"), numbers.probability(gates.report_posterior)),
        ]
    )
    yield paragraph(
        _(
            "The more families are searched, the more strangers resemble a child by chance. The thresholds therefore grow with "
            "the number of comparisons: at most {lead} adventitious leads and {report} adventitious reports are to be expected "
            "in a search of this size. Expected matches are computed as if all families were like this one."
        ).format(lead=numbers.short(gates.lead_expected), report=numbers.short(gates.report_expected))
    )
    yield paragraph(view.speaker.say(made.case_work))
    yield paragraph(
        _("That rule does not ask how many families were searched, and is unsafe in a search; it is told for comparison only."),
        "note",
    )


def _bounded(view: View, value: Any, *, share: bool = False) -> str:
    """A mean, or a share, with what it lies between where that is further than rounding."""

    def told(one: float) -> str:
        if share:
            return view.numbers.probability(float(f"{one:.3g}"))
        return view.numbers.scientific(math.log10(one), 1) if one else "0"

    number, least, most = value
    if told(least) == told(most):
        return told(number)
    return _("{value} (for certain between {least} and {most})").format(value=told(number), least=told(least), most=told(most))


def posterior(view: View) -> Iterator[Block]:
    """Prior, every factor, posterior: stated apart."""
    made, numbers = view.assessment, view.numbers
    gates = made.gates
    yield heading(_("Prior and posterior probability"))
    yield paragraph(
        _(
            "Prior: the family of the child is taken to be among the {n} families searched with probability {in_base}, which "
            "gives this family {prior}. The prior is an assumption of the search and no part of the LR; a court may put its "
            "own in its place, since posterior odds = prior odds × LR."
        ).format(
            n=numbers.whole(gates.families), in_base=numbers.probability(gates.in_base), prior=numbers.probability(made.prior)
        )
        if math.isclose(made.prior, gates.prior.of_each, rel_tol=1e-9)
        else _(
            "Prior: {prior} for this family, from its share of the prior of the whole search. The prior is an assumption of "
            "the search and no part of the LR; a court may put its own in its place, since posterior odds = prior odds × LR."
        ).format(prior=numbers.probability(made.prior)),
        sticky=True,
    )
    yield _waterfall(view)
    yield paragraph(
        _(
            "Each bar leads from the odds before a factor to the odds after it, to the right where it speaks for kinship; the "
            "scale is log10 of the odds of this family against all else. 0 is as likely as not, 4 is 99.99 %."
        ),
        "note",
    )


def _waterfall(view: View) -> Block:
    numbers = view.numbers
    ways: list[tuple[Any, float, float]] = []
    before = 0.0
    for stage in view.assessment.stages:
        after = log_odds(stage.posterior, before, stage.log10_lr)
        ways.append((stage, after if stage.name == "prior" else before, after))
        before = after
    points = [point for _stage, a, b in ways for point in (a, b)] + [0.0, 4.0]
    low, high = math.floor(min(points)) - 0.5, math.ceil(max(points)) + 0.5
    step = next(one for one in (1, 2, 5, 10, 20, 50) if (high - low) / one <= _TICKS or one == 50)
    first = math.ceil(low / step) * step

    def share(value: float) -> float:
        return round((value - low) / (high - low), 6)

    rows = []
    for stage, a, b in ways:
        prior = stage.name == "prior"
        rows.append(
            {
                "label": clean(words.word(words.FACTORS, stage.name)),
                "from": share(min(a, b)),
                "to": share(max(a, b)),
                "point": prior,
                "against": b < a,
                "log10_lr": "" if prior else numbers.decimal(stage.log10_lr),
                "lr": "" if prior else numbers.scientific(stage.log10_lr),
                "posterior": numbers.probability(stage.posterior),
            }
        )
    return {
        "kind": "waterfall",
        "titles": [clean(one) for one in (_("Factor"), _("log10 odds"), _("log10 LR"), _("LR"), _("Probability after it"))],
        "rows": rows,
        "ticks": [{"at": share(value), "text": numbers.plain(str(value))} for value in range(first, math.floor(high) + 1, step)],
        "even": share(0.0),
    }


def beside_dna(view: View) -> Iterator[Block]:
    """Findings that are no DNA, told apart."""
    numbers = view.numbers
    yield heading(_("Evidence beside DNA"))
    yield paragraph(
        _(
            "Told apart from the DNA, and no part of its LR. What people reported may be mistaken or a lie: the LR of every "
            "finding is capped, and none can exclude a family."
        ),
        sticky=True,
    )
    told = {finding.name for finding in view.facts.findings}
    others = [stage for stage in view.assessment.stages if stage.name not in {"prior", "DNA", *told}]
    rows: list[tuple[object, ...]] = []
    counted = {stage.name: stage.log10_lr for stage in view.assessment.stages}
    for finding in view.facts.findings:
        used = finding.name in counted
        cap = _("{least} to {most}").format(least=numbers.short(finding.cap.lowest), most=numbers.short(finding.cap.highest))
        rows.append(
            (
                words.word(words.FACTORS, finding.name),
                words.finding_words(finding, numbers),
                "—" if finding.missing else numbers.scientific(finding.log10_lr),
                cap,
                numbers.decimal(counted[finding.name]) if used else _("not used"),
            )
        )
    rows += [
        (
            words.word(words.FACTORS, stage.name),
            _("As recorded with the assessment."),
            numbers.scientific(stage.log10_lr),
            "—",
            numbers.decimal(stage.log10_lr),
        )
        for stage in others
    ]
    if not rows:
        yield paragraph(_("None was weighed."))
        return
    columns: list[Column] = [
        (_("Factor"), "left", 2),
        (_("Finding"), "left", 6),
        (_("LR before the cap"), "right", 0),
        (_("Cap"), "left", 0),
        (_("log10 LR used"), "right", 0),
    ]
    yield table(columns, rows)


def not_tested(view: View) -> Iterator[Block]:
    """What was left open."""
    made = view.assessment
    yield heading(_("What was not tested"))
    yield from bullets(
        [
            *(view.speaker.say(remark) for remark in made.not_tested),
            _("Whether a close relative of the parents, such as a brother of the father, is the parent instead."),
            _("Whether the missing child has an identical twin."),
        ]
    )


def steps(view: View) -> Iterator[Block]:
    """What would bring a decision nearer."""
    made, numbers = view.assessment, view.numbers
    yield heading(_("What would tell more"))
    if made.next_steps is None:
        yield paragraph(_("Was not computed for this assessment."))
        return
    now = numbers.probability(made.next_steps.now)
    if not made.next_steps.steps:
        yield paragraph(_("Nothing further is proposed: by its LR and its conditions the comparison is decided."))
        return
    yield paragraph(_("Probability of a decision as it stands: {now}. After each act:").format(now=now), sticky=True)
    columns: list[Column] = [
        (_("Act"), "left", 6),
        (_("Probability of a decision"), "right", 2),
        (_("Median log10 LR"), "right", 2),
        (_("Assumption"), "left", 5),
    ]
    rows = []
    for step in made.next_steps.steps:
        decisive = "—" if step.decisive is None else numbers.probability(step.decisive)
        if step.standard_error:
            decisive = f"{decisive} (± {numbers.short(float(f'{step.standard_error:.1g}'))})"
        median = "—" if step.median_log10_lr is None else numbers.decimal(step.median_log10_lr)
        rows.append((view.speaker.say(step.act), decisive, median, view.speaker.step_note(step) or "—"))
    yield table(columns, rows)
