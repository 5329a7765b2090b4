"""Import rules that `.importlinter` cannot say: the form of an import, and the short list of what kinship may need."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from wayhome import kinship

SOURCE = Path(__file__).resolve().parents[2] / "src"
KINSHIP = SOURCE / "wayhome" / "kinship"
MAY_NEED = {"numpy", "opt_einsum", "defusedxml"}
MAY_NEED_THERE = {
    "search/dask_engine.py": {"distributed"},  # the extra "cluster"; Dask is named in one file
    "search/scan.py": {"numba"},  # the extra "fast"; NumPy does the same where it is missing
    "evidence/folding.py": {"pypinyin", "anyascii", "rapidfuzz"},
}


def _imports(path: Path) -> Iterator[tuple[int, str, str | None]]:
    """Line, module and name of every import: `import a.b` gives ("a.b", None), `from a import b` gives ("a", "b")."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # A relative import comes out as ".name", which no rule below allows: write where it comes from.
            module = "." * node.level + (node.module or "")
            yield from ((node.lineno, module, alias.name) for alias in node.names)


def _face_breaches(text: str) -> list[str]:
    """What a module outside kinship does with it, other than `from wayhome import kinship` and `kinship.Name` of the face."""
    tree = ast.parse(text)
    bad = []
    for node in ast.walk(tree):
        modules = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
            if node.module == "wayhome" and any(a.name == "kinship" and a.asname for a in node.names):
                bad.append(f"line {node.lineno}: kinship under another name")
        bad += [f"line {node.lineno}: {m}" for m in modules if m == "wayhome.kinship" or m.startswith("wayhome.kinship.")]
        of_kinship = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "kinship"
        if of_kinship and node.attr not in kinship.__all__:
            bad.append(f"line {node.lineno}: kinship.{node.attr} is not in its __all__")
    return bad


def _relative(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


INSIDE = sorted(KINSHIP.rglob("*.py"))
OUTSIDE = sorted(p for p in (SOURCE / "wayhome").rglob("*.py") if not p.is_relative_to(KINSHIP))


@pytest.mark.parametrize("path", INSIDE, ids=_relative)
def test_kinship_needs_only_what_it_may(path: Path) -> None:
    for line, module, name in _imports(path):
        top = module.partition(".")[0]
        if top == "wayhome":
            # The version, for provenance, is all that it takes from the house around it.
            assert module.startswith("wayhome.kinship") or (module, name) == ("wayhome", "__version__"), f"line {line}"
            # The face imports the rooms, so a room that imports the face is a cycle.
            assert module != "wayhome.kinship", f"line {line}: import from the module itself"
        else:
            allowed = MAY_NEED | MAY_NEED_THERE.get(path.relative_to(KINSHIP).as_posix(), set())
            assert top in allowed or top in sys.stdlib_module_names, f"line {line}: {module or 'relative import'}"


@pytest.mark.parametrize("path", OUTSIDE, ids=_relative)
def test_others_use_the_face(path: Path) -> None:
    assert not _face_breaches(path.read_text("utf-8"))


@pytest.mark.parametrize(
    "text",
    [
        "from wayhome.kinship import errors",
        "import wayhome.kinship",
        "from wayhome.kinship.genetics.loci import locus",
        "def late():\n    from wayhome.kinship.genetics import loci",
        "from wayhome import kinship as k",
        "from wayhome import kinship\nkinship.no_such_name",
    ],
)
def test_a_breach_is_seen(text: str) -> None:
    assert _face_breaches(text)
