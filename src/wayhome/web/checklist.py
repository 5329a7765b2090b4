"""What stands between a child and its home, line by line: done, or what is missing, who does it, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise

from wayhome.casework.accounts.rules import Permission, may
from wayhome.casework.core.actors import Actor
from wayhome.casework.reunification.queries.standing import Standing
from wayhome.casework.reunification.rules import DISCIPLINES, EVIDENCE
from wayhome.web.words import WORDS, word

_PERMISSIONS = {
    **dict.fromkeys(EVIDENCE, Permission.VERIFY_CASE),
    "held_back": Permission.HOLD_BACK,
    "reply": Permission.VERIFY_CASE,
    **dict.fromkeys(("enquiry", "enquiry_unknown", "enquire_again"), Permission.ENQUIRE),
    **dict.fromkeys(("suit", "countersignature"), Permission.COUNTERSIGN_ENQUIRY),
    **dict.fromkeys(("determination", "determination_over", "not_agreed", "stays"), Permission.PROPOSE_DETERMINATION),
    **dict.fromkeys(("vote_welfare", "vote_health", "vote_law"), Permission.DETERMINE),
}


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing; `url` is "" where the reader is not the one who does it."""

    code: str
    what: str | Promise
    who: str | Promise
    verb: str | Promise
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """One step."""

    what: str | Promise
    missing: tuple[Missing, ...]


def lines(standing: Standing, *, by: Actor) -> list[Line]:
    """The steps of a file as somebody reads them."""
    return [
        Line(word("step", step.what), tuple(_missing(code, standing, by) for code in step.missing)) for step in standing.steps
    ]


def to_do(checklist: list[Line]) -> Missing | None:
    """The first thing that the reader does: the page's one button."""
    return next((one for line in checklist for one in line.missing if one.url), None)


def _missing(code: str, standing: Standing, by: Actor) -> Missing:
    permission = _PERMISSIONS.get(code)
    url = _url(code, standing, by) if permission is not None and may(by.role, permission) else ""
    return Missing(code, word("missing", code), word("missing_who", code), WORDS["missing_do"].get(code, ""), url)


def _url(code: str, standing: Standing, by: Actor) -> str:
    """Where it is done, if there is something that the reader may do."""
    file = standing.file
    case: list[Any] = [file.case.pk]
    if code in EVIDENCE:
        return f"{reverse('add_evidence', args=case)}?kind={code}"
    if code == "reply":
        unasked = (one.question for one in file.held_back if one.reply is None)
        mine = next((one.pk for one in unasked if one.by_id != by.staff_id), None)
        return reverse("reply_held_back", args=[mine]) if mine is not None else ""
    if code == "suit":
        suits = (one.pk for one in file.enquiries if hasattr(one, "guardianship") and not hasattr(one.guardianship, "end"))
        return reverse("end_guardianship", args=[next(suits)])
    if code == "countersignature" and file.enquiry is not None:
        return reverse("countersign_enquiry", args=[file.enquiry.pk])
    if code.startswith("vote_") and file.determination is not None:
        mine = code.removeprefix("vote_") == DISCIPLINES.get(by.role)
        return reverse("determination", args=[file.determination.pk]) if mine else ""
    if code == "held_back":
        return reverse("hold_back", args=case)
    return reverse("enquire" if "enquir" in code else "propose_determination", args=case)
