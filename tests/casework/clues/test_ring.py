"""Of forty clues from six provinces those of one ring come together, and few others with them."""

from __future__ import annotations

import pytest

from factories.clues import officers
from factories.world import RAID, World
from wayhome.casework.clues import actions
from wayhome.casework.clues.models import Clue
from wayhome.casework.clues.queries.links import cluster, proposals
from wayhome.cli.demo_ring import ALL, IN_DONGXING, PROVINCES, forty, naming


def taken_down(world: World, seed: int) -> tuple[list[Clue], frozenset[int]]:
    by = {province: world.actor(who) for province, who in officers(world, PROVINCES).items()}
    made, ring = forty(seed)
    assert (len(made), naming(made), {one.province for one in made}) == (ALL, IN_DONGXING, set(PROVINCES))
    clues = [
        actions.record_clue(
            text=one.text,
            received_at=RAID,
            channel="hotline",
            source_grade="C",
            info_grade=3,
            language=one.language,
            jurisdiction=world.jurisdictions[one.province],
            speaks_of=one.speaks_of,
            relations=one.relations,
            by=by[one.province],
            at=world.now(),
        )
        for one in made
    ]
    return clues, frozenset(clues[i].pk for i in ring)


# One set in each run; the nightly run takes further ones.
@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.slow) for n in (2, 3))])
def test_the_ring_comes_together(world: World, seed: int) -> None:
    clues, ring = taken_down(world, seed)
    by = world.actor("supervisor")
    found = max((cluster(by, clue, proposed=True) for clue in clues), key=lambda one: len(one.clues))
    joined = set(found.clues)
    assert len(joined & ring) / len(ring) >= 0.9, "recall"
    assert len(joined & ring) / len(joined) >= 0.8, "precision"
    assert not found.more
    for pk in joined:
        told = proposals(by, next(clue for clue in clues if clue.pk == pk))
        assert told.found
        assert all(one.reasons for one in told.found)
