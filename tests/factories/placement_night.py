"""A night of many infants and few places: made up, of any size, the same for the same seed."""

from __future__ import annotations

import numpy as np

from wayhome.casework.placements.optimiser import Child, Home, Problem, Reason


def placement_night(
    children: int = 81, homes: int = 40, provinces: int = 14, *, seed: int = 1, places: float = 0.8, barred: float = 0.3
) -> Problem:
    """About `places` beds with carers per child; one child in 20 has a twin; `barred` is the part with a known buyer's county."""
    rng = np.random.default_rng(seed)
    middle = rng.uniform(0, 1_200, (provinces, 2))
    hospitals = max(2 * provinces, children // 20)
    of_hospital = np.sort(rng.integers(0, provinces, hospitals))
    of_home = np.concatenate([np.arange(provinces), rng.integers(0, provinces, max(0, homes - provinces))])[:homes]
    at_hospital = middle[of_hospital] + rng.normal(0, 80, (hospitals, 2))
    at_home = middle[of_home] + rng.normal(0, 80, (homes, 2))
    kilometres = np.linalg.norm(at_hospital[:, None] - at_home[None], axis=2)
    hours = {
        (f"hospital {h:03d}", f"home {j:03d}"): round(float(kilometres[h, j]) / 60, 2)
        for h in range(hospitals)
        for j in range(homes)
    }
    made = []
    for j in range(homes):
        beds = int(rng.poisson(places * children / homes * 1.2))
        ratio = int(rng.integers(2, 5))
        made.append(
            Home(
                key=f"home {j:03d}",
                county=f"county {of_home[j]:02d}.{rng.integers(0, 4)}",
                province=f"province {of_home[j]:02d}",
                level=int(rng.choice(4, p=[0.3, 0.35, 0.2, 0.15])),
                free_beds=beds,
                free_carers=int(rng.integers(0, beds // ratio + 2)),
                children_per_carer=ratio,
                budget=None if rng.random() < 0.3 else int(rng.integers(0, beds + 2) * 14 * 180),
                cost=int(rng.integers(12, 25)) * 10,
                surge_carers=int(rng.integers(0, 2)),
                surge_cost=int(rng.integers(4, 9)) * 500,
            )
        )
    born = []
    for i in range(children):
        at = int(rng.integers(0, hospitals))
        twin = i % 20 == 1
        if twin:
            at = int(born[-1].place.split()[1])
        county = f"county {of_hospital[at]:02d}.{rng.integers(0, 4)}"
        found = [f"home {rng.integers(0, homes):03d}"] if rng.random() < 0.1 else []
        born.append(
            Child(
                key=f"child {i:04d}",
                place=f"hospital {at:03d}",
                county=county,
                province=f"province {of_hospital[at]:02d}",
                needs=int(rng.choice(4, p=[0.55, 0.3, 0.1, 0.05])),
                group=f"twins {i // 20}" if i % 20 in (0, 1) else "",
                barred_counties=frozenset({f"county {rng.integers(0, provinces):02d}.{rng.integers(0, 4)}"})
                if rng.random() < barred
                else frozenset(),
                barred_homes=dict.fromkeys(found, Reason.REFUSED),
                most_hours=float(rng.choice([4, 8, 12])) if rng.random() < 0.3 else None,
            )
        )
    return Problem(tuple(born), tuple(made), hours, nights=14)
