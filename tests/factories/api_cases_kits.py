"""The part of `factories.api_cases` that is about kits for samples."""

from __future__ import annotations

from factories.api_case import Case, Things, sends, where
from factories.kits import agrees, gone, ordered
from wayhome.casework.children import queries as children
from wayhome.casework.families.models import Relative


def some_kits(things: Things) -> None:
    """One of the mother that is sent, one of the child in hospital that is lost, one of another child that was taken."""
    world, ids = things.world, things.ids
    sent = gone(world, ordered(world, Relative.objects.get(pk=things.mother)), "taken", "sent")
    lost = gone(world, ordered(world, children.child(int(things.child)), by="nurse"), "lost")
    agrees(world, Relative.objects.get(pk=things.father), days=10_000)
    taken = gone(world, ordered(world, children.child(int(things.one))), "taken")
    ids["kit"], ids["child_kit"], ids["taken_kit"] = sent.number, lost.number, taken.number


KITS: dict[str, Case] = {
    "GET /laboratories": Case("officer", where("/laboratories")),
    "POST /relatives/{id}/kits": Case(
        "officer", where("/relatives/{father}/kits"), sends(laboratory="laboratory"), foreign="officer_gd"
    ),
    "POST /children/{number}/kits": Case(
        "nurse", where("/children/{ward}/kits"), sends(laboratory="laboratory"), foreign="nurse_gd"
    ),
    "GET /kits": Case("officer", where("/kits")),
    "GET /kits-to-see-to": Case("officer", where("/kits-to-see-to")),
    "GET /kits/{number}": Case("officer", where("/kits/{kit}"), foreign="officer_gd"),
    "GET /tracing-requests/{number}/kits": Case("officer", where("/tracing-requests/{request}/kits"), foreign="officer_gd"),
    "GET /children/{number}/kits": Case("nurse", where("/children/{child}/kits"), foreign="nurse_gd"),
    "POST /kits/{number}/hops": Case("analyst", where("/kits/{kit}/hops"), sends(kind="received"), foreign="analyst_gd"),
    "POST /kit-hops": Case("officer", where("/kit-hops"), sends(numbers=lambda t: [t.taken_kit], kind="sent")),
}
