"""Sex, and what was found with the child."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from wayhome.kinship.errors import InputError
from wayhome.kinship.evidence.base import DEFAULT_CAP, Cap, Finding, missing
from wayhome.kinship.evidence.grades import Grade, Grades, best_grades, log10_lr

RecordedSex = Literal["M", "F", "U"]
_SEX = {"M": "male", "F": "female"}

SEX_ERROR = 0.01
"""Probability that the two records of one child's sex differ. Assumed."""

BELONGINGS_RELATED = Grades(same=0.25, near=0.15)
"""A child's own things are mostly taken from it on the way. Assumed."""

KIND_BY_CHANCE = 0.3
ITEM_BY_CHANCE = 0.03
"""Shares of rescued children found with the same kind of thing, and with the same thing, where nobody counted. Assumed."""


def sex(
    child: RecordedSex | None,
    reported: RecordedSex | None,
    *,
    share_male: float = 0.5,
    error: float = SEX_ERROR,
    cap: Cap = DEFAULT_CAP,
) -> Finding:
    """The sex recorded at the rescue against the one the family reports.

        LR = (1 - error) / share of that sex where they agree,  error / share where they do not

    Parameters
    ----------
    child, reported : "U" or None where not known.
    share_male : boys among the rescued children, as recorded; above 0 and below 1.
    error : probability that two records of one child differ; above 0 and below 1.
    """
    for name, value in (("share_male", share_male), ("error", error)):
        _check_probability(name, value)
    for one in (child, reported):
        if one not in ("M", "F", "U", None):
            raise InputError(f'"{one}" is no sex', "Write M, F, or U where it is not known", field="sex")
    if child is None or child == "U":
        return missing("sex", "the child's sex", cap)
    if reported is None or reported == "U":
        return missing("sex", "the reported sex", cap)
    agree = child == reported
    share = share_male if child == "M" else 1 - share_male
    log10 = math.log10((1 - error if agree else error) / share)
    text = f"The child is {_SEX[child]}, the family looks for a {_SEX[reported]} child"
    inputs = {"child": child, "reported": reported, "share_male": share_male, "error": error}
    return Finding(
        "sex", log10, "sex_agrees" if agree else "sex_differs", text, {"child": child, "reported": reported}, inputs, cap
    )


def belongings(
    found: Sequence[str] | None,
    reported: Sequence[str] | None,
    *,
    frequencies: Mapping[str, float] | None = None,
    related: Grades = BELONGINGS_RELATED,
    cap: Cap = DEFAULT_CAP,
) -> Finding:
    """Clothes and things found with the child against those it had when it was lost.

    Parameters
    ----------
    found, reported : codes from the general to the particular, "blanket/red/cartoon". The same code is "same", the same first
        part "near". None, or nothing reported, is missing; nothing found is an observation.
    frequencies : code or first part -> share of rescued children found with such a thing, above 0 and below 1.
    related : grades for a reported thing where the child is the family's.
    """
    if found is None:
        return missing("belongings", "what was found with the child", cap)
    wanted = _codes(reported or ())
    if not wanted:
        return missing("belongings", "what the child had with it", cap)
    shares = dict(frequencies or {})
    for code, share in shares.items():
        _check_probability(code, share)
    total = 0.0
    items: list[dict[str, Any]] = []
    grades = best_grades(wanted, _codes(found), _compare_codes)
    for code, (grade, match) in zip(wanted, grades, strict=True):
        by_chance = _chance(code, shares)
        value = log10_lr(grade, related, by_chance)
        total += value
        items.append({"reported": code, "found": match, "grade": grade, "log10_lr": value, "by_chance": _told(by_chance)})
    same = sum(item["grade"] == "same" for item in items)
    near = sum(item["grade"] == "near" for item in items)
    text = f"Of {len(items)} reported things {same} were found with the child and {near} of the same kind"
    inputs = {"found": list(_codes(found)), "items": items, "related": _told(related)}
    data = {"reported": len(items), "same": same, "near": near}
    return Finding("belongings", total, "belongings_compared", text, data, inputs, cap)


def _codes(texts: Sequence[str]) -> tuple[str, ...]:
    """Codes in small letters without blanks around their parts, each once."""
    cleaned = ("/".join(part.strip().casefold() for part in text.split("/")).strip("/") for text in texts)
    return tuple(dict.fromkeys(code for code in cleaned if code))


def _compare_codes(one: str, other: str) -> Grade:
    if one == other:
        return "same"
    return "near" if one.partition("/")[0] == other.partition("/")[0] else "different"


def _chance(code: str, shares: Mapping[str, float]) -> Grades:
    """Grades by chance: the share of the code, and of the rest of its kind."""
    kind = code.partition("/")[0]
    of_kind = shares.get(kind, KIND_BY_CHANCE)
    if code == kind:
        # Told without particulars: found so too, or with some.
        return Grades(of_kind / 2, of_kind / 2)
    of_code = shares.get(code, min(ITEM_BY_CHANCE, of_kind))
    # However a kind was counted, something of it remains beside this one thing.
    return Grades(of_code, max(of_kind - of_code, 0.1 * min(of_code, 1 - of_code)))


def _told(grades: Grades) -> list[float]:
    return [grades.same, grades.near]


def _check_probability(name: str, value: float) -> None:
    if not 0 < value < 1:
        raise InputError(f"{name} is {value}", "Give a probability above 0 and below 1", field=name)
