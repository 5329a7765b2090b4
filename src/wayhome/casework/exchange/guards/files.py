"""What is told of a child is chosen from a table and approved by a second person; a return waits for somebody on every day."""

from __future__ import annotations

from wayhome.casework.core.guards import AppendOnly, Guard, Registry, Require
from wayhome.casework.exchange.guards.corrections import SUPERVISOR, none_later, rescued, tie_stands
from wayhome.casework.exchange.guards.dna import WRITES, by_another, is_of
from wayhome.casework.exchange.rules.packages import PAIRS
from wayhome.casework.exchange.rules.waiting import WHO


def declare(registry: Registry) -> None:
    """The guards of these tables."""
    pairs = ", ".join(f"'{pair}'" for pair in PAIRS)
    who = ", ".join(f"'{one}'" for one in WHO)
    last = "SELECT w.n FROM exchange_waitingstep w WHERE w.of_id = NEW.of_id ORDER BY w.n DESC LIMIT 1"
    tied = Require("tie_wrong", tie_stands("NEW.of_id"))
    registry.add(
        AppendOnly("exchange_package"),
        AppendOnly("exchange_packagefield", keys=(("package_id", "name"),)),
        AppendOnly("exchange_packageapproval", keys=(("package_id",),)),
        AppendOnly("exchange_packagesent", keys=(("approval_id",), ("message_id",))),
        AppendOnly("exchange_waitingstep", keys=(("of_id", "n"),)),
        Guard("exchange_package", "INSERT", (WRITES, tied)),
        Guard(
            "exchange_packagefield",
            "INSERT",
            (
                Require("no_basis", f"(NEW.name || ':' || NEW.basis) IN ({pairs})"),
                Require(
                    "package_approved",
                    "NOT EXISTS (SELECT 1 FROM exchange_packageapproval p WHERE p.package_id = NEW.package_id)",
                ),
            ),
            locks=("PERFORM 1 FROM exchange_package g WHERE g.id = NEW.package_id FOR UPDATE",),
        ),
        Guard(
            "exchange_packageapproval",
            "INSERT",
            (
                SUPERVISOR,
                by_another("package"),
                Require("nothing_chosen", "EXISTS (SELECT 1 FROM exchange_packagefield f WHERE f.package_id = NEW.package_id)"),
            ),
            locks=("PERFORM 1 FROM exchange_package g WHERE g.id = NEW.package_id FOR UPDATE",),
        ),
        Guard("exchange_packagesent", "INSERT", (Require("not_its_package", is_of("package", "package", "package")),)),
        Guard(
            "exchange_waitingstep",
            "INSERT",
            (
                WRITES,
                Require("unknown_choice", f"NEW.who IN ({who})"),
                Require("not_next", f"NEW.n = COALESCE(({last}), 0) + 1"),
                Require("step_before_last", none_later("NEW.since", "NEW.of_id")),
                Require("before_rescue", f"NEW.since >= {rescued('NEW.of_id')}"),
                Require("in_the_future", "NEW.since <= NEW.at"),
                tied,
            ),
            locks=("PERFORM pg_advisory_xact_lock(hashtext('wayhome.exchange.steps'), NEW.of_id::int)",),
        ),
    )
