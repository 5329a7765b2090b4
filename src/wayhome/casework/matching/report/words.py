"""Words beside the library's remarks: what happened to a kit, what a reader concluded, evidence beside DNA."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wayhome import kinship
from wayhome.casework.matching.report.numbers import Numbers

Text = str | Promise

HOPS: Mapping[str, Text] = {
    "ordered": _("ordered"),
    "posted": _("posted"),
    "delivered": _("delivered"),
    "returned": _("came back"),
    "taken": _("sample taken"),
    "sent": _("sent to the laboratory"),
    "received": _("received by the laboratory"),
    "refused": _("refused by the laboratory"),
    "lost": _("lost"),
}
SCOPES: Mapping[str, Text] = {"this_child": _("this child"), "any_child": _("any child of this family")}
CONCLUSIONS: Mapping[str, Text] = {
    "supports": _("Kinship is supported"),
    "excludes": _("Kinship is excluded"),
    "insufficient": _("No conclusion can be drawn"),
}
ROLES: Mapping[str, Text] = {
    "analyst": _("DNA analyst"),
    "officer": _("officer"),
    "liaison": _("family liaison"),
    "caseworker": _("caseworker"),
    "doctor": _("doctor"),
    "supervisor": _("supervisor"),
    "partner_liaison": _("partner-country liaison"),
}
GATES: Mapping[str, Text] = {
    "report": _("The comparison meets the conditions of a report in this search."),
    "lead": _("The comparison is a lead: worth an enquiry, and no proof of kinship."),
    "insufficient": _("The comparison is not sufficient for a lead in this search."),
}
LANGUAGE_NAMES: Mapping[str, str] = {"en": "English", "zh-hans": "中文", "vi": "Tiếng Việt"}
"""Each in its own language, whatever the report's."""
FACTORS: Mapping[str, Text] = {
    "prior": _("Prior"),
    "DNA": _("DNA"),
    "age": _("Age"),
    "sex": _("Sex"),
    "blood_group": _("Blood group"),
    "marks": _("Body marks"),
    "belongings": _("Belongings"),
    "names": _("Names"),
    "place": _("Place and date"),
}
FINDINGS: Mapping[str, Text] = {
    "age_compared": _(
        "When examined the child was {earliest_days} to {latest_days} days old (95 %); by the reported date of birth "
        "{reported_youngest_days} to {reported_oldest_days}."
    ),
    "sex_agrees": _("The recorded sex of the child is the one that the family reports."),
    "sex_differs": _("The recorded sex of the child is not the one that the family reports."),
    "blood_group_fits": _("The child's blood group is {child}; relatives: {relatives}."),
    "blood_group_needs_error": _("The child's blood group is {child}; relatives: {relatives}. Only an error explains it."),
    "marks_compared": _(
        "Of {reported} reported marks {same} were found and {near} nearly so; {no_weight} are too common to weigh."
    ),
    "belongings_compared": _("Of {reported} reported things {same} were found with the child, and {near} of the same kind."),
    "names_same": _("The name that the child went by, {heard}, is the same as the reported {reported}."),
    "names_near": _("The name that the child went by, {heard}, is like the reported {reported}."),
    "names_different": _("The name that the child went by, {heard}, is not the reported {reported}."),
    "place_compared": _("The child was rescued {parts}."),
    "missing": _("Not weighed: there was nothing to compare."),
}
"""Code of a finding -> sentence."""
_RELATIVES: Mapping[str, Text] = {
    "father": _("father"),
    "mother": _("mother"),
    "fathers_father": _("father's father"),
    "fathers_mother": _("father's mother"),
    "mothers_father": _("mother's father"),
    "mothers_mother": _("mother's mother"),
    "siblings": _("brothers and sisters"),
}
_DISTANCE = _("{km} km from where the family lost it")
_DAYS = _("{first} to {last} days after the loss")


def word(words: Mapping[str, Text], code: str) -> str:
    """The word for a code, or the code itself."""
    return str(words.get(code, code))


def finding_words(finding: kinship.Finding, numbers: Numbers) -> str:
    """The sentence of a finding; its English text where the code is not known."""
    sentence = FINDINGS.get(finding.code)
    if sentence is None:
        return finding.text
    try:
        return str(sentence).format(**_told(finding, numbers))
    except (KeyError, TypeError, AttributeError):
        return finding.text


def _told(finding: kinship.Finding, numbers: Numbers) -> dict[str, str]:
    data: dict[str, Any] = dict(finding.data)
    if finding.code == "place_compared":
        parts = []
        if data["distance_km"] is not None:
            parts.append(str(_DISTANCE).format(km=numbers.whole(data["distance_km"])))
        if data["days_after_latest"] is not None:
            days = {"first": data["days_after_latest"], "last": data["days_after_earliest"]}
            parts.append(str(_DAYS).format(**{name: numbers.whole(value) for name, value in days.items()}))
        return {"parts": ", ".join(parts)}
    if finding.name == "blood_group":
        groups = (f"{word(_RELATIVES, who)} {_joined(group)}" for who, group in sorted(data["relatives"].items()))
        return {"child": str(data["child"]), "relatives": ", ".join(groups)}
    return {name: numbers.whole(value) if isinstance(value, int) else str(value) for name, value in data.items()}


def _joined(group: Any) -> str:
    return group if isinstance(group, str) else "/".join(map(str, group))
