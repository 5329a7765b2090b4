"""Partners are put on the register by two; a message goes out, and comes in, once, by the key that counts."""

from __future__ import annotations

from wayhome.casework.accounts.guards import TWO_REGISTRARS
from wayhome.casework.core.guards import AppendOnly, Event, Guard, Registry, Require, within
from wayhome.casework.exchange.guards.dna import WRITES, answered, sent
from wayhome.casework.exchange.guards.ending import ALONE, IN, OUT
from wayhome.casework.exchange.rules.renewing import KNOWN_FOR

# Whoever comes so far is at work.
_SUPERVISOR = "EXISTS (SELECT 1 FROM accounts_staff s WHERE s.id = NEW.by_id AND s.role = 'supervisor')"
_LAST = (
    "NEW.key_id = (SELECT MAX(k.id) FROM exchange_nodekey k WHERE k.node_id ="
    " (SELECT s.node_id FROM exchange_sharedcase s WHERE s.id = NEW.case_id))"
)


def _once(table: str) -> str:
    """PostgreSQL: who counts the rows of a case waits for who is about to add one."""
    return f"PERFORM pg_advisory_xact_lock(hashtext('wayhome.exchange.{table}'), NEW.case_id::int)"


def _known_long(key: str) -> str:
    """SQL: the partner has had word of a later key of this house for long."""
    return (
        "EXISTS (SELECT 1 FROM vault_housekey h JOIN vault_housekey l ON l.purpose = h.purpose AND l.at > h.at"
        " JOIN exchange_outgoing o ON o.kind = 'key' AND o.at >= l.at JOIN exchange_sharedcase d ON d.id = o.case_id"
        f" JOIN exchange_try y ON y.message_id = o.id WHERE h.id = {key} AND y.receipt IS NOT NULL"
        " AND d.node_id = (SELECT s.node_id FROM exchange_sharedcase s WHERE s.id = NEW.case_id)"
        f" AND NOT {within('y.at', 'NEW.at', int(KNOWN_FOR.total_seconds()) // 3600)})"
    )


def _answers(table: str) -> str:
    """An answer, and nothing else, is to a question of the other side in this case."""
    to = (
        "EXISTS (SELECT 1 FROM exchange_"
        + table
        + " q WHERE q.id = NEW.answers_id AND q.case_id = NEW.case_id AND q.kind = '{}')"
    )
    return (
        "(NEW.kind NOT IN ('answer', 'dna_answer') AND NEW.answers_id IS NULL)"
        f" OR (NEW.kind = 'answer' AND {to.format('question')}) OR (NEW.kind = 'dna_answer' AND {to.format('dna')})"
    )


def declare(registry: Registry) -> None:
    """The guards of this app."""
    closed: tuple[Event, ...] = ("INSERT", "UPDATE", "DELETE")
    whole = "NEW.public IS NULL OR (NEW.sealing IS NOT NULL AND NEW.searching IS NOT NULL AND NEW.certificate IS NOT NULL)"
    partner = "EXISTS (SELECT 1 FROM accounts_agency a WHERE a.id = NEW.agency_id AND a.kind = 'partner')"
    registry.add(
        AppendOnly("exchange_partnernode", keys=(("code",), ("agency_id",))),
        AppendOnly("exchange_nodekey"),
        Guard("exchange_partnernode", "INSERT", (TWO_REGISTRARS, Require("not_a_partner", partner))),
        Guard(
            "exchange_nodekey",
            "INSERT",
            (TWO_REGISTRARS, Require("not_https", "NEW.address LIKE 'https://%'"), Require("keys_missing", whole)),
        ),
        closed=closed,
    )
    follows = "NEW.sequence = (SELECT COALESCE(MAX(o.sequence), 0) + 1 FROM exchange_outgoing o WHERE o.case_id = NEW.case_id)"
    registry.add(
        AppendOnly("exchange_sharedcase", keys=(("node_id", "number"),)),
        AppendOnly("exchange_outgoing", keys=(("nonce",), ("case_id", "sequence"))),
        AppendOnly("exchange_try", keys=(("message_id", "n"),)),
        AppendOnly("exchange_incoming", keys=(("case_id", "sequence"), ("case_id", "nonce"))),
        Guard("exchange_sharedcase", "INSERT", (WRITES,)),
        Guard(
            "exchange_outgoing",
            "INSERT",
            (
                WRITES,
                Require("not_next", follows),
                Require("not_its_question", _answers("incoming")),
                sent("dna", "dnaquestion", "dna"),
                sent("package", "package", "package"),
                answered(),
                *OUT,
                Require("not_allowed", f"NEW.kind <> 'key' OR {_SUPERVISOR}"),
            ),
            locks=(_once("outgoing"), ALONE.format("NEW.case_id")),
        ),
        Guard(
            "exchange_try",
            "INSERT",
            (
                Require(
                    "delivered_already",
                    "NOT EXISTS (SELECT 1 FROM exchange_try t WHERE t.message_id = NEW.message_id AND t.receipt IS NOT NULL)",
                ),
                Require("nothing_heard", "NEW.receipt IS NOT NULL OR NEW.heard <> ''"),
            ),
        ),
        Guard(
            "exchange_incoming",
            "INSERT",
            (
                Require("key_revoked", _LAST),
                Require(
                    "key_revoked",
                    "EXISTS (SELECT 1 FROM exchange_nodekey u WHERE u.id = NEW.key_id AND u.public IS NOT NULL)",
                ),
                Require("message_skewed", "NEW.skew <= 300 AND -NEW.skew <= 300"),
                Require("not_its_question", _answers("outgoing")),
                Require("profile_kept", "NEW.kind NOT IN ('dna', 'package') OR NEW.body = ''"),
                IN,
                Require("sealed_for_old_key", f"NOT {_known_long('NEW.sealed_for_id')}"),
            ),
            locks=(ALONE.format("NEW.case_id"),),
        ),
    )
