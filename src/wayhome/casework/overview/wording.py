"""The text of an announcement, in each language, from its figures alone: no child, no agency, no place below a province."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from wayhome.casework.matching.report.facts import LANGUAGES
from wayhome.casework.matching.report.numbers import Numbers
from wayhome.casework.overview.rules.announced import CaseFigures, Figures, K, Published

WHY: Mapping[str, str | Promise] = {
    "late": gettext_lazy("children recorded later"),
    "parted": gettext_lazy("records of children taken for one and parted again"),
    "merged": gettext_lazy("records found to be of one child"),
    "case_added": gettext_lazy("children of a case that was added"),
    "arrest_late": gettext_lazy("arrests recorded later"),
    "arrest_case_added": gettext_lazy("arrests of a case that was added"),
    "arrest_dropped": gettext_lazy("arrests counted no more"),
    "arrest_moved": gettext_lazy("arrests of people counted in another case before"),
}
"""Reasons for a difference, as `queries.announced.changes_between` codes them."""


def texts_of(
    figures: Figures,
    tables: Mapping[str, Published],
    changes: Iterable[Mapping[str, Any]],
    *,
    n: int,
    before: tuple[int, int, int] | None,
) -> dict[str, dict[str, Any]]:
    """Title and paragraphs by language.

    Parameters
    ----------
    tables : of provinces, of "children" and "arrests".
    before : version, rescued and arrested of the one that this follows; None for the first.
    """
    told = {}
    changes = list(changes)
    for language in LANGUAGES:
        with override(language):
            numbers = Numbers(language)
            told[language] = {
                "title": _("Children rescued from trafficking: {rescued} children, {arrested} arrests").format(
                    rescued=numbers.whole(figures.rescued), arrested=numbers.whole(figures.arrested)
                ),
                "paragraphs": list(_paragraphs(figures, tables, changes, numbers, n=n, before=before)),
            }
    return told


def _paragraphs(
    figures: Figures,
    tables: Mapping[str, Published],
    changes: list[Mapping[str, Any]],
    numbers: Numbers,
    *,
    n: int,
    before: tuple[int, int, int] | None,
) -> Iterator[str]:
    yield (
        ngettext(
            "In {cases} case {children} were rescued from traffickers, and {arrests} were arrested.",
            "In {cases} cases {children} were rescued from traffickers, and {arrests} were arrested.",
            len(figures.cases),
        ).format(
            cases=numbers.whole(len(figures.cases)),
            children=_children(figures.rescued, numbers),
            arrests=_suspects(figures.arrested, numbers),
        )
    )
    for case in figures.cases:
        yield _case(case, numbers)
    yield _(
        "Each child is counted once, where it was rescued, whoever gave the clue. Rescued children are cared for by welfare"
        " agencies until their own parents are found, and are never given back to those who bought them."
    )
    yield _(
        "Each person arrested is counted once, in the province in which they were detained; buyers and witnesses are not counted."
    )
    yield from _of_tables(tables)
    if before is not None:
        version, rescued, arrested = before
        yield _(
            "Version {n} follows version {version}, which told of {children} and {arrests}. The difference: {differences}."
        ).format(
            n=numbers.whole(n),
            version=numbers.whole(version),
            children=_children(rescued, numbers),
            arrests=_suspects(arrested, numbers),
            differences=("；" if numbers.language == "zh-hans" else "; ").join(_change(one, numbers) for one in changes)
            or _("none in the figures"),
        )
    # In the zone in which the cases were counted down.
    cutoff = datetime.fromisoformat(figures.cutoff).astimezone(datetime.fromisoformat(figures.cases[0].zero_hour).tzinfo)
    yield _("Counted from records until {moment}, by definitions {version}.").format(
        moment=numbers.moment(cutoff), version=figures.definitions
    )


def _of_tables(tables: Mapping[str, Published]) -> Iterator[str]:
    """What is hidden in the tables of provinces, and what of them is older."""
    children, arrests = tables["children"], tables.get("arrests")
    if children.table.hidden:
        yield _(
            "Provinces with fewer than {k} children, and as many beside them as it takes to hide these, are told together."
        ).format(k=K)
    if arrests is not None and arrests.table.hidden:
        yield _(
            "Provinces with fewer than {k} arrests, and as many beside them as it takes to hide these, are told together."
        ).format(k=K)
    if children.held:
        yield _("The table of provinces is that of an earlier version: a new one could point to single children.")
    if arrests is not None and arrests.held:
        yield _("The table of arrests is that of an earlier version: a new one could point to single people.")


def _case(case: CaseFigures, numbers: Numbers) -> str:
    began = datetime.fromisoformat(case.zero_hour)
    where = ngettext("{n} province", "{n} provinces", case.provinces).format(n=numbers.whole(case.provinces))
    told = {
        "code": case.code,
        "title": case.title,
        "day": numbers.day(began.date()),
        "children": _children(case.rescued, numbers),
        "arrests": _suspects(case.arrested, numbers),
        "where": where,
        "officers": numbers.whole(case.officers),
    }
    if case.officers:
        return _(
            "Case {code} ({title}), action of {day}: {officers} officers; {children} rescued in {where}, {arrests} arrested."
        ).format(**told)
    return _("Case {code} ({title}), action of {day}: {children} rescued in {where}, {arrests} arrested.").format(**told)


def _children(n: int, numbers: Numbers) -> str:
    return ngettext("{n} child", "{n} children", n).format(n=numbers.whole(n))


def _suspects(n: int, numbers: Numbers) -> str:
    return ngettext("{n} suspect", "{n} suspects", n).format(n=numbers.whole(n))


def _change(one: Mapping[str, Any], numbers: Numbers) -> str:
    sign = "+" if one["n"] > 0 else "−"
    return _("{change} {why} (case {case})").format(
        change=f"{sign}{numbers.whole(abs(one['n']))}", why=WHY[one["what"]], case=one["case"]
    )
