"""Every distribution that the project or its tests use is pinned to the exact version it was tested with."""

from __future__ import annotations

import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PYPROJECT = tomllib.loads((Path(__file__).resolve().parents[2] / "pyproject.toml").read_text("utf-8"))
UV = PYPROJECT["tool"]["uv"]


def _pins(lines: list[str]) -> dict[str, str]:
    return {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}


def _needed() -> set[str]:
    """Names of the distributions that the dependencies and the dev group bring here, directly or not."""
    todo = [Requirement(line) for line in PYPROJECT["project"]["dependencies"] + PYPROJECT["dependency-groups"]["dev"]]
    seen: set[tuple[str, str]] = set()
    while todo:
        requirement = todo.pop()
        name = canonicalize_name(requirement.name)
        for extra in ("", *requirement.extras):
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            for line in metadata.requires(name) or ():
                inner = Requirement(line)
                if inner.marker is None or inner.marker.evaluate({"extra": extra}):
                    todo.append(inner)
    return {name for name, _ in seen}


NEEDED = sorted(_needed())


def test_the_walk_found_indirect_ones() -> None:
    assert {"numpy", "mdurl", "sortedcontainers"} <= set(NEEDED)


@pytest.mark.parametrize("name", NEEDED)
def test_installed_is_pinned(name: str) -> None:
    assert _pins(UV["constraint-dependencies"]).get(name) == metadata.version(name), (
        f'add "{name}=={metadata.version(name)}" to [tool.uv] constraint-dependencies, or run `uv sync`'
    )


def test_nothing_else_is_pinned() -> None:
    assert set(_pins(UV["constraint-dependencies"])) <= set(NEEDED)


@pytest.mark.parametrize("key", ["constraint-dependencies", "build-constraint-dependencies"])
def test_pins_are_exact_and_sorted(key: str) -> None:
    lines = UV[key]
    assert lines == sorted(lines, key=lambda line: canonicalize_name(line.partition("==")[0]))
    assert all(version and version[0].isdigit() and "*" not in version for version in _pins(lines).values())


def test_the_build_backend_is_pinned() -> None:
    backend = {canonicalize_name(Requirement(line).name) for line in PYPROJECT["build-system"]["requires"]}
    assert backend <= set(_pins(UV["build-constraint-dependencies"]))
