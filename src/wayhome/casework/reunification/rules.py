"""Words of a reunification, and what makes a file complete, a panel decide, a clock run out. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from wayhome.casework.audit.rules import canonical

EVIDENCE = ("interview", "line_up", "document", "home_study")
"""What a verification file needs one of each of, beside details held back."""
OUTCOMES = ("supports", "contradicts", "unclear")
LEAST_HELD_BACK = 2
"""Details that the press does not have, which the claimant must know: one can be guessed."""
RESULTS = ("cleared", "involved", "unknown")
"""What the enquiry says of the parents' part in the sale."""
DISCIPLINES: Mapping[str, str] = MappingProxyType(
    {"caseworker": "welfare", "doctor": "health", "supervisor": "law", "officer": "police"}
)
"""Who speaks for what on the panel."""
DECIDING = frozenset({"welfare", "health", "law"})
"""All three must have spoken; police advises."""
DECISIONS = ("reunify", "repatriate", "stay")
DETERMINED_FOR = timedelta(days=180)
"""Longest time for which a determination holds."""
RELEASE_HOLDS = timedelta(days=60)
FRESH_HOURS = 14 * 24
"""From the taking of the samples at the handover to the handover itself: so long, at most, may the laboratory take."""
KINDS = ("family", "authority")
"""To whom a child is released: home, or to another country's authority."""
REASONS = (
    "excluded",
    "match_over",
    "consent_withdrawn",
    "request_over",
    "enquiry",
    "determination",
    "detained",
    "evidence",
    "taken_back",
    "expired",
)
"""What revokes a release."""
SUSPECTS = ("suspect", "organiser", "transporter", "intermediary", "buyer", "seller", "medical")
"""What nobody to whom a child goes may be, in any operation; somebody detained neither."""
VISITS = (7, 30, 90, 180, 365)
"""Days after the return on which the family is visited."""
FOUND = ("well", "worried", "not_met")
GUARDIANSHIP = ("revoked", "kept")
"""What a court says of a guardianship."""
CERTIFICATES: Mapping[str, int] = MappingProxyType({"one_month": 30, "twelve_months": 365})
"""Certificates that no parents were found, and days from intake before which there is none."""
NOTICE_DAYS = 30
"""How long the public notice stands."""
SHANGHAI = ZoneInfo("Asia/Shanghai")


def complete(evidence: Iterable[tuple[str, str]], held_back: Iterable[bool]) -> bool:
    """Whether a verification file is: a row of each kind that supports, none that stands and contradicts, details known.

    Parameters
    ----------
    evidence : kind and outcome of each row that stands.
    held_back : whether each answer was right.
    """
    rows, answers = set(evidence), list(held_back)
    wanted = {(kind, "supports") for kind in EVIDENCE}
    against = {outcome for _, outcome in rows} & {"contradicts"}
    return wanted <= rows and not against and all(answers) and len(answers) >= LEAST_HELD_BACK


def determined(votes: Iterable[tuple[str, bool]]) -> bool | None:
    """What a panel decided: None until every deciding discipline has spoken; then whether more agree than dissent."""
    counted = [(discipline, agrees) for discipline, agrees in votes if discipline in DECIDING]
    if {discipline for discipline, _ in counted} != DECIDING:
        return None
    return sum(1 if agrees else -1 for _, agrees in counted) > 0


def release_digest(
    *,
    kind: str,
    child: int,
    institution: int,
    to: int | None,
    confirmation: int | None,
    enquiry: int | None,
    determination: int,
    people: Iterable[tuple[int, int | None, bool]],
    address: str,
    until: datetime,
) -> str:
    """What an approval signs: SHA-256 of exactly what is asked.

    Parameters
    ----------
    people : (person, relative, whether the child goes to them) of everybody in the household.
    """
    asked = {
        "kind": kind,
        "child": child,
        "institution": institution,
        "to": to,
        "confirmation": confirmation,
        "enquiry": enquiry,
        "determination": determination,
        "people": sorted([person, relative or 0, receives] for person, relative, receives in people),
        "address": address,
        "until": until,
    }
    return hashlib.sha256(canonical(asked).encode()).hexdigest()


def visit_due(returned: datetime, day: int) -> date:
    """The day, in Shanghai, on which a family is to be visited."""
    return returned.astimezone(SHANGHAI).date() + timedelta(days=day)


def due_certificates(intake: datetime, held: Iterable[str], *, at: datetime) -> list[str]:
    """Certificates whose day has come and which nobody wrote."""
    have = set(held)
    return [kind for kind, days in CERTIFICATES.items() if kind not in have and at >= intake + timedelta(days=days)]
