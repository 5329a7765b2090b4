"""A family's tree: its drawing, and what to call whoever has no name in it."""

from __future__ import annotations

from collections.abc import Mapping

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from wayhome import kinship
from wayhome.casework.families.models import TracingRequest
from wayhome.casework.families.queries import Kin, pedigree_of


def named(kin: Mapping[int, Kin], number: int) -> str:
    """The name of a relative, or what they are to the child, or to whom they are a parent."""
    one = kin[number]
    return one.state.name or place(kin, number)


def place(kin: Mapping[int, Kin], number: int) -> str:
    """What somebody is to the child that is looked for, as far as there is a word for it."""
    child = next(other for other in kin.values() if other.relative.missing)
    if number == child.relative.pk:
        return _("the child")
    woman = kin[number].relative.sex == "F"
    for parent, words in (
        (child.mother, (_("mother's mother"), _("mother's father"), _("mother's sister"), _("mother's brother"))),
        (child.father, (_("father's mother"), _("father's father"), _("father's sister"), _("father's brother"))),
    ):
        if number == parent:
            return _("mother") if parent == child.mother else _("father")
        above = kin.get(parent) if parent is not None else None
        if above is None:
            continue
        if number in (above.mother, above.father):
            return words[0] if number == above.mother else words[1]
        if _share(kin[number], above):
            return words[2] if woman else words[3]
    if _share(kin[number], child):
        whole = (kin[number].mother, kin[number].father) == (child.mother, child.father)
        if whole:
            return _("sister") if woman else _("brother")
        return _("half-sister") if woman else _("half-brother")
    return _("relative %(number)d") % {"number": number}


def _share(one: Kin, other: Kin) -> bool:
    """Whether two have a parent in common."""
    mothers = one.mother is not None and one.mother == other.mother
    return mothers or (one.father is not None and one.father == other.father)


def drawing(request: TracingRequest, kin: Mapping[int, Kin]) -> SafeString:
    """The tree with standard symbols; whoever agreed to a sample is marked, and each leads to their own page."""
    labels = {}
    for number, one in kin.items():
        lines = [one.state.name, place(kin, number)] if one.state.name else [place(kin, number)]
        labels[str(number)] = [*lines, f"* {one.state.born}"] if one.state.born else lines
    svg = kinship.pedigree_svg(
        pedigree_of(request, dict(kin)),
        labels=labels,
        deceased=[str(number) for number, one in kin.items() if one.state.life == "dead"],
        marked=[str(number) for number, one in kin.items() if one.consent is not None],
        title=_("Family tree"),
        links={str(number): reverse("relative", args=[number]) for number, one in kin.items() if not one.relative.missing},
        legend={
            "missing": _("the child that is looked for"),
            "marked": _("agreed to a sample"),
            "deceased": _("dead"),
            "related": _("parents who are related"),
            "copy": _("the same person"),
        },
    )
    # Made here of texts that the drawing escapes.
    return mark_safe(svg)
