"""`wayhome.kinship` offers exactly what its `__all__` says, and says what each thing is."""

from __future__ import annotations

import ast
import inspect
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

from wayhome import kinship


def _order(name: str) -> tuple[int, list[tuple[int, str]]]:
    """CONSTANTS, then Classes, then functions; each by name, numbers by value: the order that ruff keeps (RUF022)."""
    kind = 0 if name.isupper() else 1 if name[0].isupper() else 2
    return kind, [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]


def test_it_offers_something() -> None:
    assert len(kinship.__all__) > 10


def test_all_is_sorted_and_tells_nothing_twice() -> None:
    assert list(kinship.__all__) == sorted(set(kinship.__all__), key=_order)


def _imported() -> dict[str, tuple[str, str]]:
    """Public name -> module and name there, of every import from kinship written in its face, the late ones included."""
    tree = ast.parse(Path(kinship.__file__).read_text("utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    return {
        alias.asname or alias.name: (str(node.module).removeprefix("wayhome.kinship."), alias.name)
        for node in imports
        for alias in node.names
        if str(node.module).startswith("wayhome.kinship.")
    }


def test_all_is_complete() -> None:
    assert set(kinship.__all__) == set(_imported())


def test_late_names_come_from_where_type_checkers_see_them() -> None:
    late = {name: (home, kinship._RENAMED.get(name, name)) for home, names in kinship._HOMES.items() for name in names.split()}
    at_once = {"digest", "provenance"}
    assert late == {name: where for name, where in _imported().items() if name not in at_once}
    assert set(kinship._RENAMED) <= set(late)
    assert sum(len(names.split()) for names in kinship._HOMES.values()) == len(late), "a name told twice"


def test_no_late_name_is_a_module() -> None:
    """The import system sets a module's name on its package when it loads, and the name would no longer be asked for."""
    rooms = {module.name for module in pkgutil.iter_modules(kinship.__path__)}
    late = {name for names in kinship._HOMES.values() for name in names.split()}
    assert rooms & set(kinship.__all__) == {"provenance"}
    assert not rooms & late


def test_the_face_behaves_as_if_all_were_imported() -> None:
    code = (
        "from wayhome import kinship\n"
        "assert 'PopulationModel' in dir(kinship) and 'PopulationModel' not in vars(kinship)\n"
        "from wayhome.kinship import *\n"
        "assert all(globals()[name] is getattr(kinship, name) for name in kinship.__all__)\n"
        "assert pickle.loads(pickle.dumps(likelihood_ratio)) is kinship.likelihood_ratio\n"
        "text = pydoc.render_doc(kinship, renderer=pydoc.plaintext)\n"
        "assert 'likelihood_ratio' in text and 'class PopulationModel' in text\n"
        "import wayhome.kinship.provenance\n"
        "assert callable(kinship.provenance)\n"
    )
    subprocess.run([sys.executable, "-c", f"import pickle, pydoc\n{code}"], check=True)


def test_a_name_that_is_not_offered() -> None:
    with pytest.raises(AttributeError, match="no attribute 'no_such_name'"):
        kinship.no_such_name  # noqa: B018
    assert not hasattr(kinship, "import_everything")


def test_what_is_raised_is_offered() -> None:
    from wayhome.kinship import errors

    raised = {name for name, thing in vars(errors).items() if inspect.isclass(thing) and thing.__module__ == errors.__name__}
    assert raised <= set(kinship.__all__)


@pytest.mark.parametrize("name", kinship.__all__)
def test_every_name_has_a_docstring(name: str) -> None:
    thing = getattr(kinship, name)
    if inspect.isclass(thing) or inspect.isroutine(thing):
        assert thing.__doc__, "no docstring"
        assert not thing.__doc__.startswith(f"{name}("), "no docstring: a dataclass is given its signature as one"
        assert thing.__module__.startswith("wayhome.kinship"), "belongs to somebody else"
