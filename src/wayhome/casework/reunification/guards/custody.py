"""No child goes home, or to another country, but by a release that is carried out in the same transaction."""

from __future__ import annotations

from wayhome.casework.core.guards import Guard, Registry, Require
from wayhome.casework.custody.rules import RELEASES
from wayhome.casework.reunification.guards.facts import fresh, grounds, quoted, signed
from wayhome.casework.reunification.guards.releases import request_of, row_of

_KINDS = quoted(RELEASES)
_RELEASE = "(SELECT x.release_id FROM reunification_execution x WHERE x.offer_id = NEW.offer_id)"
_CHECK = "(SELECT x.check_of_id FROM reunification_execution x WHERE x.offer_id = NEW.offer_id)"
_RECIPIENT = "(SELECT o.recipient_id FROM custody_handoveroffer o WHERE o.id = NEW.offer_id)"


def _only(require: Require) -> Require:
    return Require(require.code, f"NEW.kind NOT IN ({_KINDS}) OR ({require.legal})")


def declare(registry: Registry) -> None:
    """On the tables of custody, beside its own gate."""
    to_family = (
        "r.kind = 'family' AND NEW.kind = 'reunified' AND r.institution_id = NEW.to_facility_id AND EXISTS"
        " (SELECT 1 FROM reunification_releaseperson p WHERE p.release_id = r.id AND p.receives"
        " AND p.person_id = NEW.recipient_id)"
    )
    to_authority = "NEW.kind = 'repatriated' AND r.to_id = NEW.to_facility_id AND NEW.recipient_id IS NULL"
    registry.add(
        Guard(
            "custody_handoveroffer",
            "INSERT",
            (
                Require(
                    "not_released",
                    f"(NEW.kind NOT IN ({_KINDS}) AND NEW.recipient_id IS NULL) OR EXISTS"
                    " (SELECT 1 FROM reunification_release r WHERE r.child_id = NEW.child_id"
                    f" AND (({to_family}) OR ({to_authority}))"
                    " AND NOT EXISTS (SELECT 1 FROM reunification_revocation v WHERE v.release_id = r.id)"
                    " AND NOT EXISTS (SELECT 1 FROM reunification_execution x WHERE x.release_id = r.id))",
                ),
            ),
            purpose="release",
        ),
        Guard(
            "custody_custodyepisode",
            "INSERT",
            (
                _only(
                    Require(
                        "not_released",
                        "EXISTS (SELECT 1 FROM reunification_execution x JOIN reunification_release r ON r.id = x.release_id"
                        " WHERE x.offer_id = NEW.offer_id AND r.child_id = NEW.child_id AND x.by_id = NEW.responsible_id)",
                    )
                ),
                _only(signed(_RELEASE)),
                *map(_only, grounds(_RELEASE, "NEW.started_at")),
                _only(fresh(_RELEASE, _CHECK, _RECIPIENT, "NEW.started_at")),
            ),
            locks=(request_of(_RELEASE), row_of(_RELEASE)),
            purpose="release",
        ),
    )
