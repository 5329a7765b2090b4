"""The checkout as a stranger meets it: nothing of one machine in it, and documents that hold together."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
IGNORED = [".git", *(ROOT / ".gitignore").read_text("utf-8").replace("/\n", "\n").split()]

# Absolute paths below somebody's home or work folder, on Unix and on Windows.
MACHINE_PATH = re.compile(r"(?<![\w.:/])/(?:work|home|root|Users|mnt|tmp)/|\b[A-Z]:\\Users\b")
# Hosts of package indexes and their settings; where packages come from is the machine's business.
PACKAGE_HOST = re.compile(
    r"pypi\.(?:org|python)|python[h]osted|registry\.npm|deb\.debian|anaconda\.(?:org|com)|--(?:extra-)?index[-]url", re.I
)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


def _files() -> Iterator[Path]:
    """Every file that git would take, whether or not there is a git here to ask."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [f for f in folders if not any(fnmatch(f, pattern) for pattern in IGNORED)]
        yield from (Path(folder, n) for n in names if not any(fnmatch(n, pattern) for pattern in IGNORED))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


FILES = sorted(_files())
PAGES = [path for path in FILES if path.suffix == ".md"]
DECISIONS = [path for path in PAGES if path.parent.name == "decisions" and path.name != "README.md"]


def _breaches(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in FILES:
        text = path.read_bytes().decode("utf-8", "replace")
        found += [f"{_name(path)}:{text.count(chr(10), 0, m.start()) + 1}: {m[0]}" for m in pattern.finditer(text)]
    return found


def test_the_walk_sees_the_checkout() -> None:
    names = {_name(path) for path in FILES}
    assert {"README.md", ".ci/run", "src/wayhome/kinship/errors.py", "tests/house/test_repository.py"} <= names
    assert not any(name.startswith((".git/", ".venv/")) for name in names)


def test_no_path_of_a_machine() -> None:
    assert MACHINE_PATH.search("see " + "/home" + "/somebody/x")
    assert not _breaches(MACHINE_PATH)


def test_no_package_host() -> None:
    assert PACKAGE_HOST.search("https://" + "pypi." + "org/simple")
    assert not _breaches(PACKAGE_HOST)


def test_the_lock_file_stays_out() -> None:
    assert "uv.lock" in IGNORED


def test_readme_begins_with_the_two_commands() -> None:
    first_screen = (ROOT / "README.md").read_text("utf-8").splitlines()[:30]
    assert {"pip install uv && uv run wayhome demo", "uv run pytest"} <= {line.strip() for line in first_screen}


def test_ci_runs_the_readme_test_command() -> None:
    lines = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    assert any(line.endswith("uv run pytest") for line in lines)
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_what_ci_leaves_out_is_there() -> None:
    """Else a file that was given another name would be run again, or never missed."""
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    left_out = re.findall(r"(?<!#)\btests/[\w/.]+", script.partition("left_out=(")[2].partition("\n)\n")[0])
    assert len(left_out) > 10
    assert [path for path in left_out if not (ROOT / path).exists()] == []


def test_every_decision_is_listed() -> None:
    index = (ROOT / "docs" / "decisions" / "README.md").read_text("utf-8")
    assert DECISIONS
    assert [path.name for path in DECISIONS] == LINK.findall(index)


@pytest.mark.parametrize("path", DECISIONS, ids=_name)
def test_a_decision_is_complete(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    number = DECISIONS.index(path) + 1
    assert path.name.startswith(f"{number:04d}-")
    assert lines[0].startswith(f"# {number}. ")
    assert re.fullmatch(r"Date: \d{4}-\d\d-\d\d", lines[2])
    assert [line for line in lines if line.startswith("## ")] == ["## Context", "## Decision", "## Consequences"]


def _anchors(page: Path) -> set[str]:
    """Anchors of a page's headings, as the usual renderers make them."""
    headings = re.findall(r"^#+ +(.+)$", page.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_resolve(page: Path) -> None:
    for link in LINK.findall(page.read_text("utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), link
        assert file.is_relative_to(ROOT), link
        assert not anchor or anchor in _anchors(file), link


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_files_named_in_pages_exist(page: Path) -> None:
    """A path in `code` that begins with a folder of the repository names something that is there."""
    for path in re.findall(r"`((?:src|tests|docs|benchmarks|changelog\.d)/[\w./-]*)`", page.read_text("utf-8")):
        assert (ROOT / path).exists(), path
