"""The house's keys are the owner's to make; a person's key is never changed, and goes when, and only when, its end is told."""

from __future__ import annotations

from wayhome.casework.core.guards import AppendOnly, Guard, Registry, Require

_END = "EXISTS (SELECT 1 FROM vault_datakeyend e WHERE e.of = {of})"


def declare(registry: Registry) -> None:
    """The guards of this app."""
    registry.add(AppendOnly("vault_housekey"), closed=("INSERT", "UPDATE", "DELETE"))
    registry.add(AppendOnly("vault_diskerasure", keys=(("upto",),)), closed=("INSERT", "UPDATE", "DELETE"))
    registry.add(
        Guard(
            "vault_housekey",
            "INSERT",
            (
                Require(
                    "already_there",
                    "NEW.purpose = 'partners' OR NOT EXISTS (SELECT 1 FROM vault_housekey h WHERE h.purpose = NEW.purpose)",
                ),
                Require(
                    "not_the_newest",
                    "NOT EXISTS (SELECT 1 FROM vault_housekey h WHERE h.purpose = NEW.purpose AND h.at >= NEW.at)",
                ),
            ),
        ),
        Guard(
            "vault_diskerasure",
            "INSERT",
            (Require("key_unknown", "EXISTS (SELECT 1 FROM vault_datakeyend e WHERE e.id = NEW.upto)"),),
        ),
        AppendOnly("vault_datakeyend", keys=(("of",),)),
        Guard(
            "vault_datakeyend",
            "INSERT",
            (Require("key_unknown", "EXISTS (SELECT 1 FROM vault_datakey k WHERE k.of = NEW.of)"),),
        ),
        Guard(
            "vault_datakey",
            "INSERT",
            (
                Require("already_there", "NOT EXISTS (SELECT 1 FROM vault_datakey k WHERE k.of = NEW.of OR k.id = NEW.id)"),
                Require("key_ended", "NOT " + _END.format(of="NEW.of")),
            ),
        ),
        Guard("vault_datakey", "UPDATE", (Require("append_only", "1 = 0"),)),
        Guard("vault_datakey", "DELETE", (Require("key_in_use", _END.format(of="OLD.of")),)),
    )
