"""Remarks on what a file held and was not taken over, each made once with those it concerns."""

from __future__ import annotations

from dataclasses import dataclass, field

MOST_NAMED = 5


@dataclass(slots=True)
class Notes:
    """Collects remarks in the order of their first mention."""

    _concerned: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, remark: str, concerned: str) -> None:
        """Note `remark` of a sample, member or locus; saying it twice of the same one changes nothing."""
        self._concerned.setdefault(remark, {})[concerned] = None

    def told(self) -> tuple[str, ...]:
        """One line a remark, naming the first `MOST_NAMED` it concerns and the number of others."""
        return tuple(f"{remark}: {_named(list(concerned))}" for remark, concerned in self._concerned.items())


def _named(concerned: list[str]) -> str:
    others = len(concerned) - MOST_NAMED
    return ", ".join(concerned[:MOST_NAMED]) + (f" and {others} more" if others > 0 else "")
