"""The part of `factories.api_cases` that is about what laboratories found."""

from __future__ import annotations

import random

from factories.api_case import Case, Things, sends, where
from factories.kits import agrees, gone, ordered
from factories.laboratory import somebody, table
from wayhome.casework.children import queries as children
from wayhome.casework.families import actions as families
from wayhome.casework.families.models import Relative
from wayhome.casework.laboratory.actions.files import import_file

CALLS = somebody(random.Random(7), "M")


def some_results(things: Things) -> None:
    """A sample of the father's brother that nobody typed yet, and a child's profile from a file."""
    world, ids = things.world, things.ids
    to, by = Relative.objects.get(pk=things.father), world.actor("officer")
    uncle = families.add_relative(to=to, relation="brother", state={"name": "李大河"}, by=by, at=world.now())
    agrees(world, uncle, days=10_000)
    ids["to_type"] = gone(world, ordered(world, uncle), "taken", "sent", "received").number
    typed = gone(world, ordered(world, children.child(int(things.child)), by="nurse"), "taken", "sent", "received")
    ids["typed"] = typed.number
    import_file(
        name="run 1.csv",
        data=table({typed.number: somebody(random.Random(8))}),
        signature=None,
        by=world.actor("analyst"),
        at=world.now(),
    )


RESULTS: dict[str, Case] = {
    "POST /lab-files": Case("analyst", where("/lab-files"), files=True, upload=lambda t: table({t.to_type: CALLS})),
    "GET /lab-files": Case("analyst", where("/lab-files")),
    "GET /kits/{number}/profiles": Case("analyst", where("/kits/{typed}/profiles"), foreign="analyst_gd"),
    "GET /kits/{number}/profiles/{n}": Case("analyst", where("/kits/{typed}/profiles/1"), foreign="analyst_gd"),
    "POST /kits/{number}/entries": Case(
        "analyst",
        where("/kits/{to_type}/entries"),
        sends(panel="Goldeneye 20A", calls={locus: list(alleles) for locus, alleles in CALLS.items()}),
        foreign="analyst_gd",
    ),
}
