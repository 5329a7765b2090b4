"""Questions by DNA: none goes out, and none is answered, that a second person has not seen; no sample is asked by twice."""

from __future__ import annotations

from wayhome.casework.accounts.guards import active_staff
from wayhome.casework.core.guards import AppendOnly, Guard, Registry, Require, within
from wayhome.casework.exchange.guards.corrections import SUPERVISOR, another, tie_stands
from wayhome.casework.exchange.rules.canaries import HANDFUL

WRITES = Require("not_allowed", active_staff("NEW.by_id", "s.role IN ('supervisor', 'liaison')"))
MONTH_HOURS, MOST = 30 * 24, 30


def _once(what: str, of: str) -> str:
    """PostgreSQL: who counts waits for who is about to add one."""
    return f"PERFORM pg_advisory_xact_lock(hashtext('wayhome.exchange.{what}'), {of}::int)"


def sent(kind: str, what: str, table: str) -> Require:
    """A message of this kind goes out where a second person let it, and once."""
    return Require(
        "not_approved",
        f"NEW.kind <> '{kind}' OR EXISTS (SELECT 1 FROM exchange_{table}approval p"
        f" JOIN exchange_{what} q ON q.id = p.{_of(what)}_id"
        f" JOIN exchange_casechild t ON t.id = q.of_id WHERE t.case_id = NEW.case_id AND {tie_stands('t.id')}"
        f" AND NOT EXISTS (SELECT 1 FROM exchange_{table}sent d WHERE d.approval_id = p.id))",
    )


def is_of(kind: str, what: str, table: str) -> str:
    """SQL: NEW.message is of the kind and the case of what NEW.approval lets go."""
    return (
        f"EXISTS (SELECT 1 FROM exchange_outgoing o WHERE o.id = NEW.message_id AND o.kind = '{kind}' AND o.case_id ="
        f" (SELECT t.case_id FROM exchange_{what} q JOIN exchange_casechild t ON t.id = q.of_id WHERE q.id ="
        f" (SELECT p.{_of(what)}_id FROM exchange_{table}approval p WHERE p.id = NEW.approval_id)))"
    )


def by_another(what: str) -> Require:
    """Whoever lets something go is not who wanted it, nor the same person under another number."""
    return another(f"(SELECT w.by_id FROM exchange_{what} w WHERE w.id = NEW.{_of(what)}_id)")


def _of(what: str) -> str:
    return "question" if what == "dnaquestion" else what


def answered() -> Require:
    """What a search found goes out where somebody has looked at it."""
    return Require(
        "not_looked_at",
        "NEW.kind <> 'dna_answer' OR EXISTS (SELECT 1 FROM exchange_dnalook l JOIN exchange_dnafound f ON f.id = l.found_id"
        " JOIN exchange_dnaasked a ON a.id = f.asked_id WHERE a.message_id = NEW.answers_id)",
    )


def declare(registry: Registry) -> None:
    """The guards of these tables."""
    _asking(registry)
    _asked(registry)


def _asking(registry: Registry) -> None:
    childs = (
        "EXISTS (SELECT 1 FROM laboratory_childprofile r JOIN laboratory_kit k ON k.id = r.kit_id WHERE r.kit_id = NEW.kit_id"
        " AND r.n = NEW.n AND k.child_id IS NOT NULL)"
    )
    asked_before = (
        "NOT EXISTS (SELECT 1 FROM exchange_dnaquestion q JOIN exchange_casechild t ON t.id = q.of_id"
        " JOIN exchange_sharedcase s ON s.id = t.case_id WHERE q.kit_id = NEW.kit_id AND s.node_id = (SELECT z.node_id"
        " FROM exchange_casechild y JOIN exchange_sharedcase z ON z.id = y.case_id WHERE y.id = NEW.of_id))"
    )
    its_answer = (
        "EXISTS (SELECT 1 FROM exchange_incoming i JOIN exchange_dnasent d ON d.message_id = i.answers_id"
        " JOIN exchange_dnaapproval p ON p.id = d.approval_id WHERE i.id = NEW.message_id AND i.kind = 'dna_answer'"
        " AND p.question_id = NEW.question_id)"
    )
    registry.add(
        AppendOnly("exchange_casechild", keys=(("case_id", "child_id"),)),
        AppendOnly("exchange_dnaquestion"),
        AppendOnly("exchange_dnaapproval", keys=(("question_id",),)),
        AppendOnly("exchange_dnasent", keys=(("approval_id",), ("message_id",))),
        AppendOnly("exchange_dnaheard", keys=(("question_id",), ("message_id",))),
        Guard("exchange_casechild", "INSERT", (SUPERVISOR,)),
        Guard(
            "exchange_dnaquestion",
            "INSERT",
            (
                WRITES,
                Require("not_a_childs_sample", childs),
                Require("sample_asked_by", asked_before),
                Require("tie_wrong", tie_stands("NEW.of_id")),
            ),
            locks=(_once("asking", "(NEW.kit_id % 2147483647)"),),
        ),
        Guard("exchange_dnaapproval", "INSERT", (SUPERVISOR, by_another("dnaquestion"))),
        Guard("exchange_dnasent", "INSERT", (Require("not_its_question", is_of("dna", "dnaquestion", "dna")),)),
        Guard("exchange_dnaheard", "INSERT", (Require("not_its_question", its_answer),)),
    )


def _asked(registry: Registry) -> None:
    theirs = (
        "EXISTS (SELECT 1 FROM exchange_incoming i JOIN exchange_sharedcase s ON s.id = i.case_id WHERE i.id = NEW.message_id"
        " AND i.kind = 'dna' AND s.node_id = NEW.node_id)"
    )
    month = within("b.at", "NEW.at", MONTH_HOURS)
    quota = f"(SELECT COUNT(*) FROM exchange_dnaasked b WHERE b.node_id = NEW.node_id AND {month}) < {MOST}"
    searched = "EXISTS (SELECT 1 FROM exchange_dnafound f WHERE f.asked_id = {}.asked_id)"
    one_way = (
        "(NEW.outcome = 'hit' AND NEW.request_id IS NOT NULL AND NEW.why = '')"
        " OR (NEW.outcome = 'none' AND NEW.request_id IS NULL AND NEW.why = '')"
        " OR (NEW.outcome = 'declined' AND NEW.request_id IS NULL AND NEW.why <> '')"
    )
    its_answer = (
        "EXISTS (SELECT 1 FROM exchange_outgoing o JOIN exchange_dnaasked a ON a.message_id = o.answers_id"
        " JOIN exchange_dnafound f ON f.asked_id = a.id JOIN exchange_dnalook l ON l.found_id = f.id"
        " WHERE o.id = NEW.message_id AND o.kind = 'dna_answer' AND l.id = NEW.look_id)"
    )
    registry.add(
        AppendOnly("exchange_dnaasked", keys=(("message_id",), ("node_id", "sample"))),
        AppendOnly("exchange_dnafound", keys=(("asked_id",),)),
        AppendOnly("exchange_dnalook", keys=(("found_id",),)),
        AppendOnly("exchange_canary", keys=(("node_id", "n"),)),
        AppendOnly("exchange_dnaanswer", keys=(("look_id",), ("message_id",))),
        Guard(
            "exchange_dnaasked",
            "INSERT",
            (Require("not_its_question", theirs), Require("asked_quota", quota)),
            locks=(_once("asked", "NEW.node_id"),),
        ),
        Guard("exchange_askedprofile", "INSERT", (Require("already_searched", f"NOT {searched.format('NEW')}"),)),
        Guard("exchange_askedprofile", "UPDATE", (Require("append_only", "1 = 0"),)),
        Guard("exchange_askedprofile", "DELETE", (Require("not_searched", searched.format("OLD")),)),
        Guard("exchange_dnafound", "INSERT", (Require("found_unlike", one_way),)),
        # As many for one partner as for another: their number says nothing.
        Guard("exchange_canary", "INSERT", (Require("canaries_enough", f"NEW.n >= 1 AND NEW.n <= {HANDFUL}"),)),
        Guard("exchange_dnalook", "INSERT", (SUPERVISOR, Require("note_missing", "NEW.answered OR NEW.note <> ''"))),
        Guard("exchange_dnaanswer", "INSERT", (Require("not_its_question", its_answer),)),
    )
