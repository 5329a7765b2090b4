"""Members who cannot change a likelihood, left out before it is computed."""

from __future__ import annotations

from functools import lru_cache

from wayhome.kinship.likelihood.network import Convention, Shape, State


@lru_cache(maxsize=4096)
def pruned(shape: Shape, convention: Convention) -> tuple[tuple[int, ...], Shape]:
    """Leave out members who cannot change the likelihood: kept member indices, and their shape.

    Untyped members without children always go. Under the "pruned" convention untyped founders with a single child go as well.
    """
    father, mother = list(shape.father), list(shape.mother)
    alive = [True] * len(father)
    _leave_out(shape, father, mother, alive, lone=convention == "pruned")
    kept = tuple(i for i, keep in enumerate(alive) if keep)
    new = {old: i for i, old in enumerate(kept)} | {-1: -1}
    return kept, Shape(
        tuple(new[father[i]] for i in kept),
        tuple(new[mother[i]] for i in kept),
        tuple(shape.male[i] for i in kept),
        tuple(shape.states[i] for i in kept),
        new.get(shape.open, -1),
        shape.x_linked,
    )


def _leave_out(shape: Shape, father: list[int], mother: list[int], alive: list[bool], *, lone: bool) -> None:
    """Take out untyped members without children and, where `lone`, untyped founders with a single child, until none is left."""
    changed = True
    while changed:
        changed = False
        children: list[list[int]] = [[] for _ in father]
        for child in range(len(father)):
            # A father passes nothing of his X to a son.
            sender = -1 if shape.x_linked and shape.male[child] else father[child]
            for parent in (sender, mother[child]):
                if parent >= 0 and alive[child]:
                    children[parent].append(child)
        for i, kids in enumerate(children):
            if not alive[i] or shape.states[i] != State.UNTYPED or i == shape.open:
                continue
            if not kids or (lone and len(kids) == 1 and father[i] < 0 and mother[i] < 0):
                alive[i] = False
                changed = True
                father[:] = [-1 if parent == i else parent for parent in father]
                mother[:] = [-1 if parent == i else parent for parent in mother]


@lru_cache(maxsize=4096)
def kept_columns(shape: Shape, convention: Convention) -> tuple[Shape, tuple[tuple[int, int], ...]]:
    """The pruned shape, and each typed member of it with its column of the codes."""
    kept, small = pruned(shape, convention)
    typed = [i for i, state in enumerate(shape.states) if state != State.UNTYPED]
    return small, tuple((new, typed.index(old)) for new, old in enumerate(kept) if old in typed)
