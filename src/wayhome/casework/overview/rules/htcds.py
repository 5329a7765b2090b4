"""A child in the terms of IOM's Human Trafficking Case Data Standard (HTCDS). Pure.

Fields and codes are those of the standard's survey form as IOM publishes it in plain text (github.com/UNMigration/HTCDS,
`Toolkit/Survey/htcds_xlsform.xml`, revision 2606448). It has gender by IOM's words, citizenship, consent and trafficking status,
so it is later than HTCDS 1.0 and does not say which version it is; the tables of 2.0 are published as spreadsheets alone, and
whether 2.0 changes one of these codes has not been seen (decision 42).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wayhome.casework.custody.rules import Kind

CODES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "prs_Gender": frozenset(
            (
                *("Feminine", "Masculine", "TransgenderFeminine", "TransgenderMasculine"),
                *("NonConforming", "NonSpecifiedUnknown"),
            )
        ),
        "vic_TraffickingStatus": frozenset(
            ("PossibleVictimOfTrafficking", "ActualVictimOfTrafficking", "NotAVictimOfTrafficking")
        ),
        "vic_TraffickingStatusDecisionMakingOrg": frozenset(
            ("Police", "NGO", "CourtOrProsecution", "NonPoliceGovernmentalOrganization", "Other")
        ),
        "cas_Status": frozenset(("Active", "FollowUp", "Closed", "ClosedReferred")),
    }
)
"""Every published code of the fields with codes that are told."""
FIELDS = (*CODES, "cas_IncomingReferralDate")
"""Fields of the standard that the house can answer of an infant without a guess: no name, no birth date, no citizenship."""
_GENDER = MappingProxyType({"F": "Feminine", "M": "Masculine", "U": "NonSpecifiedUnknown"})


def told_of(sex: str, kind: Kind, *, followed_up: bool) -> tuple[str, str, str, str]:
    """The codes of a child, in the order of `CODES`.

    Parameters
    ----------
    kind : of its custody now.
    followed_up : whether the last visit to its family was made.

    Notes
    -----
    Police took the child for a trafficked one; a court's finding is not kept here, so none is a victim by more than possibility.

    >>> told_of("F", Kind.REUNIFIED, followed_up=False)
    ('Feminine', 'PossibleVictimOfTrafficking', 'Police', 'FollowUp')
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
    return _GENDER[sex], "PossibleVictimOfTrafficking", "Police", status
