"""Events follow one another and stay; alarms stay."""

from __future__ import annotations

from wayhome.casework.core.guards import AppendOnly, Guard, Registry, Require

_CHAIN_LOCK = "PERFORM pg_advisory_xact_lock(hashtext('wayhome.audit'), hashtext(NEW.chain))"


def declare(registry: Registry) -> None:
    """The guards of this app."""
    registry.add(
        AppendOnly("audit_auditevent", keys=(("hash",), ("chain", "n"), ("chain", "prev_hash"))),
        Guard(
            "audit_auditevent",
            "INSERT",
            (
                Require(
                    "chain_forked",
                    "(NEW.n = 1 AND NEW.prev_hash = '" + "0" * 64 + "' AND NOT EXISTS"
                    " (SELECT 1 FROM audit_auditevent e WHERE e.chain = NEW.chain))"
                    " OR (NEW.prev_hash = (SELECT e.hash FROM audit_auditevent e WHERE e.chain = NEW.chain AND e.n = NEW.n - 1)"
                    " AND NOT EXISTS (SELECT 1 FROM audit_auditevent e WHERE e.chain = NEW.chain AND e.n >= NEW.n))",
                ),
            ),
            locks=(_CHAIN_LOCK,),
            purpose="chain",
        ),
        AppendOnly("audit_alarm"),
        AppendOnly("audit_alarmanswer", keys=(("alarm_id",),)),
    )
