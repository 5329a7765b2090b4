"""Kills a writer of an index at random moments, again and again; run by test_crash.py in a process of its own.

usage: killed_writer.py FOLDER KILLS SEED. Prints one JSON object.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time

from wayhome import kinship
from wayhome.kinship.search import index as index_module
from wayhome.kinship.search.engine import find_in_index
from wayhome.kinship.search.index import Index, build_index

LOCI = ("TH01", "TPOX", "CSF1PO", "D3S1358")


def main(folder: str, kills: int, seed: int) -> None:
    """Change, kill, look; until the writer was killed so many times."""
    model = kinship.PopulationModel(kinship.population("china"))
    base = kinship.simulate_base(40, model, loci=LOCI, seed=1)
    by_id = {family.id: family for family in base.families}
    index_module.SHARD_FAMILIES = 8
    build_index(folder, base.families[:20], model, loci=LOCI)
    chance = random.Random(seed)
    done = {"killed": 0, "finished": 0, "old": 0, "new": 0, "torn": []}
    slowest = 0.05
    while done["killed"] < kills:
        before = _ids(folder)
        kind = chance.choice(["add", "forget", "replace", "compact"])
        outside = [family for family in base.families if family.id not in before]
        if (kind == "add" and not outside) or (kind == "forget" and len(before) < 4):
            continue
        some = {
            "add": [family.id for family in chance.sample(outside, min(3, len(outside)))],
            "forget": chance.sample(sorted(before), 2) if len(before) > 1 else [],
            "replace": chance.sample(sorted(before), 2) if len(before) > 1 else [],
            "compact": [],
        }[kind]
        after = {"add": before | set(some), "forget": before - set(some)}.get(kind, before)
        start = time.perf_counter()
        writer = os.fork()
        if not writer:
            _change(folder, kind, [by_id[i] for i in some])
            os._exit(0)
        time.sleep(chance.uniform(0, slowest))
        os.kill(writer, signal.SIGKILL)
        _, status = os.waitpid(writer, 0)
        if os.WIFSIGNALED(status):
            done["killed"] += 1
        else:
            done["finished"] += 1
            slowest = max(0.005, 0.9 * slowest)
        if not os.WIFSIGNALED(status) and time.perf_counter() - start > slowest:
            slowest *= 1.05
        index = Index.open(folder)
        now = _ids(folder)
        if now == after:
            done["new"] += 1
        elif now == before:
            done["old"] += 1
        else:
            done["torn"].append([kind, sorted(now ^ before), sorted(now ^ after)])
        if index.verify():
            done["torn"].append([kind, index.verify()])
        found = find_in_index(base.children[:1], index, min_lr=0, top=None)
        if {c.family for r in found.children for c in r.candidates} != now:
            done["torn"].append([kind, "a search sees other families"])
        if done["killed"] % 10 == 0:
            slowest = 0.05
    Index.open(folder).compact()
    named = {entry.name for entry in Index.open(folder).manifest.shards}
    done["left_over"] = [p.name for p in Index.open(folder).folder.glob("shard-*") if p.name not in named]
    print(json.dumps(done))


def _ids(folder: str) -> set[str]:
    return {family.id for family in Index.open(folder).families()}


def _change(folder: str, kind: str, families: list[kinship.Family]) -> None:
    index = Index.open(folder)
    if kind == "forget":
        index.forget([family.id for family in families])
    elif kind == "compact":
        index.compact()
    else:
        index.add(families, replacing=kind == "replace")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
