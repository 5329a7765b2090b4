"""A child in the terms of IOM's Human Trafficking Case Data Standard (HTCDS). Pure.

The twenty fields are those of `HTCDS Field Standards 2.0` and stand in its order, with its names and codes, as the field registry
of github.com/xihaoCCC/Reusable-AI-diven-Decision-Intelligence-Framework tells them (`docs/htcds_plus_schema.md`, 1a3e7c3):
IOM publishes that table as a spreadsheet alone. The two behind them are of IOM's survey form, which is published as text and has
the same codes (github.com/UNMigration/HTCDS, `Toolkit/Survey/htcds_xlsform.xml`, revision 2606448). See decision 42.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wayhome.casework.custody.rules import Kind

CODES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "Gender": frozenset(
            (
                *("Feminine", "Masculine", "TransgenderFeminine", "TransgenderMasculine"),
                *("NonConforming", "NonSpecifiedUnknown"),
            )
        ),
        "Deceased": frozenset(("TRUE", "FALSE")),
        "TraffickingStatus": frozenset(("PossibleVictimOfTrafficking", "ActualVictimOfTrafficking", "NotAVictimOfTrafficking")),
        "Status": frozenset(("Active", "FollowUp", "Closed", "ClosedReferred")),
        "vic_TraffickingStatusDecisionMakingOrg": frozenset(
            ("Police", "NGO", "CourtOrProsecution", "NonPoliceGovernmentalOrganization", "Other")
        ),
    }
)
"""Every published code of the fields with codes that are told."""
FIELDS = (
    *("FirstName", "MiddleName", "LastName", "Gender", "Deceased", "MaritalStatus", "NumberOfChildren", "PrimaryLanguage"),
    *("HighestLevelOfEducation", "Citizenship", "TraffickingStatus", "RelationshipToTrafficker", "AgeWhenTrafficked"),
    *("MethodOfRecruitment", "MethodsOfControl", "TypeOfExploitation", "ForcedLabourIndustry", "TypeOfSexExploitation"),
    *("Status", "CaseComment"),
    *("vic_TraffickingStatusDecisionMakingOrg", "cas_IncomingReferralDate"),
)
"""A program finds all that it knows of; what would name or place a child, and what nobody can know of an infant, stays empty."""
_GENDER = MappingProxyType({"F": "Feminine", "M": "Masculine", "U": "NonSpecifiedUnknown"})
_YEAR = 365


def told_of(sex: str, kind: Kind, *, most_days: int | None, followed_up: bool) -> dict[str, str | int]:
    """What is told of a child, by field.

    Parameters
    ----------
    kind : of its custody now.
    most_days : its greatest possible age when it was rescued, days; None where nothing was said. Who was under a year then was no
        older when trafficked; of others it is not known.
    followed_up : whether the last visit to its family was made.

    Notes
    -----
    Police took the child for a trafficked one; a court's finding is not kept here, so none is a victim by more than possibility.

    >>> told_of("F", Kind.REUNIFIED, most_days=40, followed_up=False)["Status"]
    'FollowUp'
    """
    match kind:
        case Kind.REPATRIATED:
            status = "ClosedReferred"
        case Kind.REUNIFIED:
            status = "Closed" if followed_up else "FollowUp"
        case Kind.DECEASED:
            status = "Closed"
        case _:
            status = "Active"
    told: dict[str, str | int] = {
        "Gender": _GENDER[sex],
        "Deceased": "TRUE" if kind is Kind.DECEASED else "FALSE",
        "TraffickingStatus": "PossibleVictimOfTrafficking",
        "Status": status,
        "vic_TraffickingStatusDecisionMakingOrg": "Police",
    }
    if most_days is not None and most_days < _YEAR:
        told["AgeWhenTrafficked"] = 0
    return told
