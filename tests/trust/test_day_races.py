"""Fourteen provinces report at once, each a process of its own, while the ministry looks at the board: nothing is lost, nothing
counted twice, and what was acknowledged is on the next look, which takes seconds at most."""

from __future__ import annotations

import json
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from factories.house import filled_house

WORKER = Path(__file__).with_name("day_worker.py")
PROVINCES = [f"P{n:02}" for n in range(1, 15)]
EACH = {"seized": 2, "arrests": 1, "rescues": 1}
"""How much one report of it adds."""


@pytest.mark.parametrize("rounds", [3, pytest.param(12, marks=pytest.mark.slow)])
def test_fourteen_provinces_at_once(rounds: int, tmp_path: Path) -> None:
    house = filled_house(tmp_path)
    code = f"import sys; sys.argv[0] = {str(WORKER)!r}; import runpy; runpy.run_path(sys.argv[0], run_name='__main__')"
    done = house.run(WORKER.parents[1], "prepare", code=code)
    assert done.returncode == 0, done.stderr
    everything = rounds * len(PROVINCES)
    with ExitStack() as stack:
        crew = {}
        for name in ("watch", *PROVINCES):
            crew[name] = stack.enter_context(house.start(WORKER.parents[1], name, code=code, stdin=subprocess.PIPE, stderr=None))
        told = {}
        for one in crew.values():
            assert one.stdout
            assert json.loads(one.stdout.readline()) == "ready"
        begin = time.monotonic() + 0.2
        for name, one in crew.items():
            assert one.stdin
            print(json.dumps([begin, everything if name == "watch" else rounds]), file=one.stdin, flush=True)
        for name, one in crew.items():
            if name != "watch":
                assert one.stdout
                told[name] = json.loads(one.stdout.readline() or "null")
        watching = crew["watch"].stdout
        assert watching
        looks = json.loads(watching.readline())
    steps = [step for some in told.values() for step in some]
    assert len(steps) == 4 * everything

    last = looks[-1]
    assert (last["rescues"], last["arrests"], last["seized"]) == (everything, everything, 2 * everything)
    assert last["officers"] == len(PROVINCES) * (100 + rounds - 1)
    for look in looks:
        assert look["sum"] == look["rescues"] + look["arrests"]
        for what, amount in EACH.items():
            least = sum(amount for step in steps if step["what"] == what and step["ended"] < look["began"])
            most = sum(amount for step in steps if step["what"] == what and step["began"] < look["ended"])
            assert least <= look[what] <= most, (what, look)
    slowest = max(look["ended"] - look["began"] for look in looks)
    took = max(step["ended"] for step in steps) - begin
    print(f"\n{len(looks)} looks, the slowest {slowest:.2f} s; {len(steps)} reports in {took:.1f} s")
    assert slowest < 5
