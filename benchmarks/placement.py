"""How long a night's placement takes, and how far its plan is proven.

    uv run python benchmarks/placement.py [--json] [--quick]

night_81      81 children, 40 homes, 14 provinces: everything exact (the median of five nights, and the slowest)
refused_81    the same night again with one refusal and the rest held fixed
night_2000    2,000 children, 300 homes: travel within one in a thousand where that is reached in a minute

For each: seconds, status, the largest gap of any aim, the bill with the bounds shown for it and its gap, and for each aim its
value and bound. All is made up; there is room for well under all children, so that the shortage bill is part of the time.
"""

from __future__ import annotations

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import argparse
import json
import platform
import statistics
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import scipy

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from factories.placement_night import placement_night
from wayhome.casework.placements.optimiser import Plan, Problem, Reason, solve


def machine() -> str:
    """One line about where this ran, and how busy it was."""
    cpu = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")),
        platform.processor(),
    )
    busy = os.getloadavg()[0]
    return f"{cpu}, {os.cpu_count()} cores, load {busy:.1f}, Python {platform.python_version()}, SciPy {scipy.__version__}"


def told(plan: Plan) -> dict[str, Any]:
    """Figures of one plan."""
    return {
        "seconds": plan.seconds,
        "status": plan.status.value,
        "gap": plan.gap,
        "unplaced": len(plan.unplaced),
        "bill": {name: [getattr(plan.bill.total, name), getattr(plan.bill.bound, name)] for name in ("carers", "beds", "yuan")},
        "bill_gap": plan.bill.gap,
        "aims": {level.aim.value: [float(level.value), float(level.bound), level.gap] for level in plan.objectives},
    }


def refused(problem: Problem, plan: Plan) -> Problem:
    """One child without siblings is refused by its home; all others are accepted."""
    child = next(c for c in problem.children if c.key in plan.assigned and not c.group)
    barred = {plan.assigned[child.key]: Reason.REFUSED}
    children = tuple(replace(c, barred_homes=barred) if c.key == child.key else c for c in problem.children)
    return replace(problem, children=children, fixed={k: home for k, home in plan.assigned.items() if k != child.key})


def measured(quick: bool) -> dict[str, Any]:
    """All figures."""
    nights = [placement_night(seed=seed) for seed in range(5)]
    plans = [solve(night) for night in nights]
    seconds = [plan.seconds for plan in plans]
    result: dict[str, Any] = {"machine": machine()}
    small = told(max(plans, key=lambda plan: plan.gap))
    result["night_81"] = small | {"seconds": statistics.median(seconds), "slowest": max(seconds)}
    result["refused_81"] = told(solve(refused(nights[0], plans[0])))
    if not quick:
        result["night_2000"] = told(solve(placement_night(2_000, 300), seconds=55, gap=0.001))
    return result


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one object on stdout")
    parser.add_argument("--quick", action="store_true", help="without the large night")
    options = parser.parse_args()
    result = measured(options.quick)
    if options.json:
        print(json.dumps(result))
        return
    print(result.pop("machine"))
    for name, figures in result.items():
        slowest = f" (slowest {figures['slowest']:.2f})" if "slowest" in figures else ""
        print(f"\n{name}: {figures['seconds']:.2f} s{slowest}, {figures['status']}, largest gap {figures['gap']:.2%}")
        asked = ", ".join(f"{value:,} {name} (bound {bound:,})" for name, (value, bound) in figures["bill"].items())
        print(f"  unplaced {figures['unplaced']}; bill: {asked}, gap {figures['bill_gap']:.2%}")
        for aim, (value, bound, gap) in figures["aims"].items():
            print(f"  {aim:20s} {value:>14,.2f}   bound {bound:>14,.2f}   gap {gap:.3%}")


if __name__ == "__main__":
    main()
