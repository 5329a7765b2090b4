"""Small placement problems of every sort, small enough to try all their assignments."""

from __future__ import annotations

import math

from hypothesis import strategies as st

from wayhome.casework.placements.optimiser import BARRED, Child, Home, Problem

COUNTIES = ("a1", "a2", "b1", "c1")


@st.composite
def small_problems(draw: st.DrawFn, most_children: int = 5, most_homes: int = 3) -> Problem:
    """Up to five children, three homes; twins, priorities, limits, surge, tight money, an untrusted home, children fixed."""
    homes = []
    for j in range(draw(st.integers(1, most_homes))):
        county = draw(st.sampled_from(COUNTIES))
        homes.append(
            Home(
                key=f"H{j}",
                county=county,
                province=county[0],
                level=draw(st.sampled_from([0, 1, 1, 2, 3])),
                free_beds=draw(st.integers(0, 3)),
                free_carers=draw(st.integers(0, 2)),
                children_per_carer=draw(st.integers(1, 3)),
                spare_care=draw(st.integers(0, 1)),
                budget=draw(st.none() | st.integers(0, 8)),
                cost=draw(st.integers(0, 2)),
                surge_carers=draw(st.sampled_from([0, 0, 1, 2])),
                surge_cost=draw(st.integers(0, 3)),
            )
        )
    keys = [home.key for home in homes]
    children = []
    for i in range(draw(st.integers(0, most_children))):
        county = draw(st.sampled_from(COUNTIES))
        children.append(
            Child(
                key=f"c{i}",
                place=f"p{draw(st.integers(0, 1))}",
                county=county,
                province=county[0],
                needs=draw(st.sampled_from([0, 0, 1, 1, 2, 3])),
                priority=draw(st.sampled_from([1, 1, 1, 2, 3])),
                group=draw(st.sampled_from(["", "", "", "twins"])),
                barred_counties=draw(st.frozensets(st.sampled_from(COUNTIES), max_size=1)),
                barred_homes=draw(st.dictionaries(st.sampled_from(keys), st.sampled_from(sorted(BARRED)), max_size=1)),
                most_hours=draw(st.none() | st.sampled_from([1.0, 3.0])),
            )
        )
    way = st.sampled_from([0.25, 0.5, 1.0, 1.0, 2.0, 3.5, math.inf])
    hours = {(f"p{i}", key): draw(way) for i in range(2) for key in keys}
    untrusted = {keys[0]: "two days old"} if draw(st.sampled_from([False, False, True])) else {}
    return Problem(tuple(children), tuple(homes), hours, draw(st.integers(1, 2)), untrusted=untrusted)
