"""Samples, the hands they went through, and what their givers agreed to."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from wayhome.casework.matching.report import words
from wayhome.casework.matching.report.blocks import Block, Column, code, facts, heading, paragraph, table
from wayhome.casework.matching.report.view import View


def samples(view: View) -> Iterator[Block]:
    """Who was typed, from which sample, where and with what."""
    made = view.assessment
    known: dict[str, list[str]] = {}
    for one in view.facts.samples:
        known.setdefault(one.member, []).append(one.number)
    yield heading(_("Samples"))
    columns: list[Column] = [
        (_("Person"), "left", 4),
        (_("Name"), "left", 3),
        (_("Sample"), "left", 3),
        (_("Kit numbers"), "left", 3),
        (_("Typed with"), "left", 4),
        (_("Loci"), "right", 0),
    ]
    rows = []
    for member in view.typed:
        sample, kit = made.samples[member]
        loci = sum(member in seen for seen in made.genotypes.values())
        rows.append(
            (
                view.person(member),
                view.facts.names.get(member, "") or "—",
                sample,
                ", ".join(sorted(known.get(member, ()))) or "—",
                kit or _("not recorded"),
                view.numbers.whole(loci),
            )
        )
    yield table(columns, rows)
    yield paragraph(
        _(
            "Loci: those of the comparison at which the person was typed. Where a person lacks a locus, nothing is assumed "
            "about it."
        ),
        "note",
    )
    untyped = [member for member in view.members if member not in made.samples]
    if untyped:
        yield paragraph(_("In the pedigree and not typed: {members}.").format(members=view.everybody(untyped)))


def custody(view: View) -> Iterator[Block]:
    """Every hop of every kit."""
    yield heading(_("Chain of custody of the samples"))
    if not view.samples:
        yield paragraph(_("No kit is recorded."), "strong")
    for one in view.samples:
        sentence = _("Kit {number}: {person} (independent second sample)") if one.second else _("Kit {number}: {person}")
        yield heading(sentence.format(number=one.number, person=view.person(one.member)), 2)
        about: list[tuple[object, object]] = []
        if one.laboratory:
            named = f"{one.laboratory} ({one.accreditation})" if one.accreditation else one.laboratory
            about.append((_("Laboratory"), named))
        if one.typed_on is not None:
            about.append((_("Result of"), one.typed_on.isoformat()))
        if one.result_digest:
            about.append((_("Digest of the result (SHA-256)"), code(one.result_digest)))
        if about:
            yield facts(about, sticky=True)
        columns: list[Column] = [
            (_("Step"), "left", 3),
            (_("Date and time"), "left", 0),
            (_("Location"), "left", 4),
            (_("By"), "left", 3),
            (_("Witness"), "left", 3),
            (_("Note"), "left", 3),
        ]
        rows = [
            (
                words.word(words.HOPS, hop.kind),
                view.numbers.moment(hop.at),
                *(text or "—" for text in (hop.place, hop.by, hop.witness, hop.note)),
            )
            for hop in one.hops
        ]
        if rows:
            yield table(columns, rows, small=True)
        else:
            yield paragraph(_("Nothing is recorded of this kit's way."), "strong")
    bare = [member for member in view.typed if member not in {one.member for one in view.samples}]
    if view.samples and bare:
        yield paragraph(_("No kit is recorded for: {members}.").format(members=view.everybody(bare)), "strong")


def consents(view: View) -> Iterator[Block]:
    """On what the relatives' DNA may be compared."""
    missing = view.assessment.missing
    yield heading(_("Consent"))
    yield paragraph(
        _(
            "Relatives' DNA is compared with that of rescued children by their consent, and for nothing else. A rescued "
            "child's DNA is compared by decision of the authority that answers for the child."
        ),
        sticky=True,
    )
    columns: list[Column] = [
        (_("Person"), "left", 4),
        (_("Given by"), "left", 4),
        (_("For"), "left", 4),
        (_("Signed on"), "left", 0),
        (_("Until"), "left", 0),
        (_("Form"), "left", 3),
    ]
    order = {one: k for k, one in enumerate(view.members)}
    told = sorted(view.facts.consents, key=lambda one: (order.get(one.member, len(order)), one.signed_on, one.form))
    if told:
        rows = []
        for one in told:
            until = one.until.isoformat()
            if one.withdrawn_on is not None:
                until = _("withdrawn on {day}").format(day=one.withdrawn_on.isoformat())
            scope = words.word(words.SCOPES, one.scope)
            rows.append((view.who(one.member), one.given_by, scope, one.signed_on.isoformat(), until, one.form or "—"))
        yield table(columns, rows)
    bare = [member for member in view.typed if member != missing and member not in {one.member for one in told}]
    if bare:
        yield paragraph(_("No consent is recorded for: {members}.").format(members=view.everybody(bare)), "strong")
