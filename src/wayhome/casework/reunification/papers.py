"""Papers of a child whose parents are not found: police's certificate, and the notice that asks for them. Pure.

    pdf = paper_pdf(PaperFacts(kind="one_month", ...), "vi")

Set as the kinship report is (decision 31): equal facts give equal bytes. A notice is read by everybody, a buyer too: it names no
child, no home and nobody, and keeps to what does not help somebody who lies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from wayhome.casework.matching.report.blocks import Block, clean, facts, heading, paragraph, shortened
from wayhome.casework.matching.report.numbers import Numbers
from wayhome.casework.matching.report.sheet import sheet
from wayhome.casework.matching.report.typesetting import typeset
from wayhome.casework.reunification.rules import CERTIFICATES, NOTICE_DAYS

NOTICE = "notice"
KINDS = (*CERTIFICATES, NOTICE)
TITLES: Mapping[str, str | Promise] = {
    "one_month": gettext_lazy("Certificate: parents not yet found"),
    "twelve_months": gettext_lazy("Certificate: parents not found after twelve months"),
    NOTICE: gettext_lazy("Whose child is this?"),
}
SEXES: Mapping[str, str | Promise] = {
    "F": gettext_lazy("girl"),
    "M": gettext_lazy("boy"),
    "U": gettext_lazy("not sure"),
}
METHODS: Mapping[str, str | Promise] = {
    "sight": gettext_lazy("by sight"),
    "cord_stump": gettext_lazy("by the cord stump"),
    "growth": gettext_lazy("by growth"),
    "teeth": gettext_lazy("by teeth"),
    "document": gettext_lazy("by a document"),
    "statement": gettext_lazy("by a statement"),
}


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """What a paper tells, as it stood on the day `issued`.

    Parameters
    ----------
    kind : of `KINDS`.
    number, call_name, sex : of the child.
    born, method : first and last day on which it can have been born and how that is known; None and "" where nothing was said.
    found_on, found_in : day and place of the rescue; the place by language, from province to county.
    in_care_since : first day in custody.
    compared : (first day, last day, families compared on the last); None before its DNA was compared.
    notices : (published on, published in) of each.
    agency : who issues it, and whom parents are to ask.
    document : number of the signed certificate; "" is a draft.
    by : who signed it; "" on a draft or a notice.
    """

    kind: str
    number: str
    call_name: str
    sex: str
    born: tuple[date, date] | None
    method: str
    found_on: date
    found_in: Mapping[str, str]
    in_care_since: date
    compared: tuple[date, date, int] | None
    notices: tuple[tuple[date, str], ...]
    agency: str
    issued: date
    document: str = ""
    by: str = ""


def paper_pdf(told: PaperFacts, language: str) -> bytes:
    """The paper as PDF."""
    return cast(bytes, _made(told, language, "pdf"))


def paper_pages(told: PaperFacts, language: str, *, ppi: float = 72) -> list[bytes]:
    """Its pages as PNG, to be looked at."""
    pages = _made(told, language, "png", ppi)
    return [pages] if isinstance(pages, bytes) else pages


def _made(told: PaperFacts, language: str, form: Literal["pdf", "png"], ppi: float | None = None) -> bytes | list[bytes]:
    with override(language):
        numbers = Numbers(language)
        title = str(TITLES[told.kind])
        notice = told.kind == NOTICE
        drafted = not notice and not told.document
        return typeset(
            sheet(
                language,
                title=title,
                subtitle=_("The search goes on, whatever day it is")
                if not notice
                else _("Police look for the parents of a child"),
                running=(title, shortened(told.agency, 45)),
                footer=_("Draft: not signed")
                if drafted
                else _("Public notice")
                if notice
                else _("Certificate for the child's file"),
                issued=told.issued,
                author=told.agency,
                keywords=(clean(told.number),),
                front=facts(_front(told, numbers)),
                blocks=_notice(told, numbers) if notice else _certificate(told, numbers),
            ),
            form,
            ppi,
        )


def _front(told: PaperFacts, numbers: Numbers) -> Iterator[tuple[str, str]]:
    if told.kind != NOTICE:
        yield _("Number of the certificate"), told.document or _("draft, not signed")
    yield _("Child"), told.number if told.kind == NOTICE else f"{told.number} ({told.call_name})"
    yield _("Issued by"), told.agency
    yield _("Date of issue"), numbers.day(told.issued)


def _about(told: PaperFacts, numbers: Numbers) -> Iterator[tuple[str, str]]:
    yield _("Sex"), str(SEXES[told.sex])
    if told.born is None:
        yield _("Born"), _("not known")
    else:
        between = _("between {first} and {last}").format(first=numbers.day(told.born[0]), last=numbers.day(told.born[1]))
        yield _("Born"), between
        if told.kind != NOTICE:
            yield _("How that is known"), str(METHODS[told.method])
    yield _("Found on"), numbers.day(told.found_on)
    yield _("Found in"), told.found_in[numbers.language]


def _certificate(told: PaperFacts, numbers: Numbers) -> Iterator[Block]:
    yield heading(_("What is certified"))
    days = (told.issued - told.in_care_since).days
    yield paragraph(
        _(
            "Until {day}, {days} days after the child came into care, neither its parents nor another guardian were found. No"
            " family is being examined whose child it may be."
        ).format(day=numbers.day(told.issued), days=numbers.whole(days)),
        "strong",
    )
    yield heading(_("The child"))
    yield facts([*_about(told, numbers), (_("In care since"), numbers.day(told.in_care_since))])
    yield heading(_("What was done to find its parents"))
    if told.compared is None:
        yield paragraph(_("No DNA of the child was compared yet."))
    else:
        first, last, families = told.compared
        yield facts(
            [
                (_("DNA compared since"), numbers.day(first)),
                (_("Last compared"), numbers.day(last)),
                (_("Families compared that day"), numbers.whole(families)),
            ]
        )
    if told.notices:
        yield facts((_("Public notice of {day}").format(day=numbers.day(day)), where) for day, where in told.notices)
    else:
        yield paragraph(_("No public notice was published yet."))
    yield heading(_("What it is for"))
    if told.kind == "one_month":
        yield paragraph(_("With it the child can be registered where it lives, and be cared for by a welfare institution."))
    else:
        yield paragraph(
            _(
                "With it those who decide may look for another family, if nothing else is missing. A parent who is found later"
                " begins the way home, and whoever takes the child in says in writing that they know this."
            )
        )
    yield paragraph(_("The search does not end with this paper: every family that comes is compared with the child."), "note")
    yield facts([(_("Signed by"), told.by or "\u2003"), (_("Seal of the agency"), "\u2003")], strong=True)


def _notice(told: PaperFacts, numbers: Numbers) -> Iterator[Block]:
    yield heading(_("The child"))
    yield facts(_about(told, numbers), strong=True)
    yield heading(_("Is it yours, or do you know whose it is?"))
    yield paragraph(
        _("Tell {agency}, or any police station, and give the number {number}.").format(agency=told.agency, number=told.number),
        "strong",
    )
    yield paragraph(
        _(
            "Parents are asked for a sample of their DNA, which is compared with rescued children and with nobody else. Whoever"
            " comes is asked for more than stands here. Where the child lives is not told."
        )
    )
    yield paragraph(_("This notice stands for {days} days. The search goes on after them.").format(days=NOTICE_DAYS), "note")
