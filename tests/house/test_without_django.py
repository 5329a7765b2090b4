"""The library works where Django cannot be imported, and asks for it nowhere."""

from __future__ import annotations

import subprocess
import sys

WITHOUT_DJANGO = """
import sys

class NoDjango:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "django":
            raise ModuleNotFoundError(f"{name} is out of bounds here")
        return None

sys.meta_path.insert(0, NoDjango())
for name in [name for name in sys.modules if name.partition(".")[0] == "django"]:
    del sys.modules[name]
"""

IMPORT_EVERYTHING = """
import importlib, pkgutil
from wayhome import kinship

names = [module.name for module in pkgutil.walk_packages(kinship.__path__, "wayhome.kinship.")]
for name in names:
    importlib.import_module(name)
print(len(names), "django" in sys.modules)
"""

# Mother 6/7 and child 6/9 against strangers, without mutation: LR = 1 / (4 p).
DUO = """
from wayhome import kinship

table = kinship.population("china")
model = kinship.PopulationModel(table, mutation=kinship.NO_MUTATION, minimum_count=0)
profiles = {
    "mother": kinship.Profile.from_calls("m", {"TH01": ["6", "7"]}),
    "child": kinship.Profile.from_calls("c", {"TH01": ["6", "9"]}),
}
h1 = kinship.Pedigree.of([("mother", None, None, "F"), ("child", None, "mother", "U")])
result = kinship.likelihood_ratio(h1, h1.with_unrelated("child"), profiles, model)
labels, p = table.ladder("TH01", minimum_count=0)
print(10**result.log10_lr * 4 * p[labels.index("6")])
"""


def _run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", WITHOUT_DJANGO + code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_module_imports() -> None:
    count, found = _run(IMPORT_EVERYTHING).split()
    assert int(count) > 15
    assert found == "False"


def test_a_likelihood_ratio_comes_out() -> None:
    assert abs(float(_run(DUO)) - 1) < 1e-12


def test_the_barrier_stands() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_DJANGO + "import django"], capture_output=True, text=True, check=False)
    assert "django is out of bounds here" in done.stderr
