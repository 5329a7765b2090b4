from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wayhome.kinship.errors import FormatError, InputError, PedigreeError
from wayhome.kinship.formats.cases import read_cases
from wayhome.kinship.genetics.mutation import MutationModel, MutationRates

MOTHER = {"id": "P", "father": None, "mother": None, "sex": "F"}
CASE: dict[str, Any] = {
    "id": "duo",
    "markers": [
        {
            "name": "penta_d",
            "chromosome": "autosomal",
            "alleles": ["9", "9.3", "10.0", "null"],
            "frequencies": [0.2, 0.3, 0.4, 0.1],
            "silent_allele": "null",
            "mutation": None,
        },
        {"name": "X1", "chromosome": "X", "alleles": ["A", "B"], "frequencies": [0.5, 0.5]},
    ],
    "theta": 0.02,
    "hypotheses": {
        "H1": [MOTHER, {"id": "C", "father": None, "mother": "P", "sex": "M"}],
        "H2": [MOTHER, {"id": "C", "father": None, "mother": None, "sex": "M"}],
    },
    "genotypes": {"P": {"penta_d": ["9", "10.0"], "X1": ["A", "B"]}, "C": {"penta_d": ["9"], "X1": ["B"]}, "D": {}},
}


def _written(folder: Path, value: Any) -> Path:
    path = folder / "case.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), "utf-8")
    return path


def _with(place: str, value: Any) -> dict[str, Any]:
    """The case with another value at a place such as "markers.0.name"; Ellipsis takes it away."""
    made = copy.deepcopy(CASE)
    *above, last = [int(step) if step.isdigit() else step for step in place.split("/")]
    at: Any = made
    for step in above:
        at = at[step]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return made


def test_everything_is_taken_as_written(tmp_path: Path) -> None:
    (case,) = read_cases(_written(tmp_path, CASE))
    assert (case.id, case.theta) == ("duo", 0.02)
    first, second = case.loci
    assert (first.name, first.alleles, first.silent, first.x_linked) == ("penta_d", ("9", "9.3", "10.0", "null"), 3, False)
    assert first.frequencies.tolist() == [0.2, 0.3, 0.4, 0.1]
    assert first.female is None
    assert first.male is None
    assert (second.name, second.alleles, second.silent, second.x_linked) == ("X1", ("A", "B"), None, True)
    assert list(case.hypotheses) == ["H1", "H2"]
    assert case.hypotheses["H1"]["C"].mother == "P"
    assert case.hypotheses["H2"]["C"].mother is None
    genotypes = {person: dict(calls) for person, calls in case.genotypes.items()}
    assert genotypes == {"P": {"penta_d": ("9", "10.0"), "X1": ("A", "B")}, "C": {"penta_d": ("9",), "X1": ("B",)}}


@pytest.mark.parametrize("wrap", [lambda c: c, lambda c: [c], lambda c: {"cases": [c], "group": "x"}])
def test_one_case_a_list_and_an_object_are_alike(tmp_path: Path, wrap: Callable[[Any], Any]) -> None:
    (case,) = read_cases(_written(tmp_path, wrap(CASE)))
    assert case.id == "duo"


def test_the_order_is_that_of_the_file(tmp_path: Path) -> None:
    cases = [CASE | {"id": name} for name in "cab"]
    assert [case.id for case in read_cases(_written(tmp_path, cases))] == ["c", "a", "b"]


def test_a_byte_order_mark_is_no_part_of_it(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    for encoding in ("utf-8-sig", "utf-16"):
        path.write_text(json.dumps(CASE), encoding)
        assert read_cases(path)[0].id == "duo"


def test_matrices_are_used_as_given(tmp_path: Path) -> None:
    female, male = np.full((4, 4), 0.1) + 0.6 * np.eye(4), np.full((4, 4), 0.2) + 0.2 * np.eye(4)
    given = {"model": "nobody knows", "matrix_female": female.tolist(), "matrix_male": male.tolist()}
    (case,) = read_cases(_written(tmp_path, _with("markers/0/mutation", given)))
    assert case.loci[0].female is not None
    assert case.loci[0].male is not None
    np.testing.assert_array_equal(case.loci[0].female, female)
    np.testing.assert_array_equal(case.loci[0].male, male)


@pytest.mark.parametrize("kind", ["equal", "proportional", "onestep", "stepwise"])
def test_without_matrices_the_model_makes_them(tmp_path: Path, kind: Any) -> None:
    female, male = {"rate": 0.001, "range": 0.2, "rate2": 1e-5}, {"rate": 0.004, "range": 0.1, "rate2": 1e-6}
    if kind != "stepwise":
        female, male = {"rate": 0.001}, {"rate": 0.004}
    (case,) = read_cases(_written(tmp_path, _with("markers/0/mutation", {"model": kind, "female": female, "male": male})))
    locus = case.loci[0]
    model = MutationModel(kind, MutationRates(**female), MutationRates(**male))
    expected = model.matrices("penta_d", locus.alleles, locus.frequencies, 3)
    assert locus.female is not None
    assert locus.male is not None
    np.testing.assert_array_equal(locus.female, expected[0])
    np.testing.assert_array_equal(locus.male, expected[1])
    assert locus.female[0, 1] != locus.male[0, 1] or kind == "onestep"


def test_no_mutation_can_be_said_in_words(tmp_path: Path) -> None:
    (case,) = read_cases(_written(tmp_path, _with("markers/0/mutation", {"model": "none"})))
    assert case.loci[0].female is None


EQUAL = {"model": "equal", "female": {"rate": 0.1}, "male": {"rate": 0.1}}
MATRIX = np.eye(4).tolist()


@pytest.mark.parametrize(
    ("place", "value", "field", "problem"),
    [
        ("id", ..., None, 'has no "id"'),
        ("id", "", "id", '"" is not a name'),
        ("id", 7, "id", "7 is not a name"),
        ("markers", ..., None, 'has no "markers"'),
        ("markers", [], "markers", "is empty"),
        ("markers", {}, "markers", "an object is not a list"),
        ("markers/0", "TH01", "markers[0]", '"TH01" is not an object'),
        ("markers/1/name", "penta_d", "markers[1].name", "told twice"),
        ("markers/0/chromosome", "Y", "markers[0].chromosome", '"Y" is not a chromosome'),
        ("markers/0/chromosome", [], "markers[0].chromosome", "a list is not a chromosome"),
        ("markers/0/alleles", [], "markers[0].alleles", "is empty"),
        ("markers/0/alleles/1", 9.3, "markers[0].alleles[1]", "9.3 is not a name"),
        ("markers/0/alleles/1", "9", "markers[0].alleles[1]", "told twice"),
        ("markers/0/alleles", [str(k) for k in range(1001)], "markers[0].alleles", "1,001 alleles"),
        ("markers/0/frequencies", [0.5, 0.5], "markers[0].frequencies", "are 2 for 4 alleles"),
        ("markers/0/frequencies", [0.2, 0.3, 0.4, 0.2], "markers[0].frequencies", "sum to 1.1"),
        ("markers/0/frequencies/0", -0.2, "markers[0].frequencies[0]", "-0.2 is no frequency"),
        ("markers/0/frequencies/0", "0.2", "markers[0].frequencies[0]", '"0.2" is not a number'),
        ("markers/0/frequencies/0", True, "markers[0].frequencies[0]", "true is not a number"),
        ("markers/0/frequencies/0", None, "markers[0].frequencies[0]", "null is not a number"),
        ("markers/0/frequencies/0", 10**400, "markers[0].frequencies[0]", "too large"),
        ("markers/0/silent_allele", "11", "markers[0].silent_allele", "none of the alleles"),
        ("markers/0/mutation", "equal", "markers[0].mutation", "is not an object"),
        ("markers/0/mutation", {}, "markers[0].mutation", 'has no "model"'),
        ("markers/0/mutation", {"model": "often"}, "markers[0].mutation.model", '"often" is not a mutation model'),
        ("markers/0/mutation", {"model": ["equal"]}, "markers[0].mutation.model", "a list is not a mutation model"),
        ("markers/0/mutation", {"model": "custom"}, "markers[0].mutation", "needs its matrices"),
        ("markers/0/mutation", {"model": "equal", "female": {"rate": 0.1}}, "markers[0].mutation", 'has no "male"'),
        ("markers/0/mutation", EQUAL | {"male": {}}, "markers[0].mutation.male", 'has no "rate"'),
        ("markers/0/mutation", EQUAL | {"male": {"rate": 2}}, "markers[0].mutation.male.rate", "2 is no probability"),
        ("markers/0/mutation", EQUAL | {"model": "stepwise"}, "markers[0].mutation.female", 'has no "range"'),
        ("markers/0/mutation", {"matrix_female": MATRIX}, "markers[0].mutation", 'has no "matrix_male"'),
        (
            "markers/0/mutation",
            {"matrix_female": MATRIX, "matrix_male": MATRIX[:3]},
            "markers[0].mutation.matrix_male",
            "3 rows for 4 alleles",
        ),
        (
            "markers/0/mutation",
            {"matrix_female": MATRIX, "matrix_male": [[1.0, 0.0], *MATRIX[1:]]},
            "markers[0].mutation.matrix_male[0]",
            "2 columns for 4 alleles",
        ),
        (
            "markers/0/mutation",
            {"matrix_female": MATRIX, "matrix_male": [["1", 0, 0, 0], *MATRIX[1:]]},
            "markers[0].mutation.matrix_male[0][0]",
            '"1" is not a number',
        ),
        (
            "markers/0/mutation",
            {"matrix_female": MATRIX, "matrix_male": [[0.5, 0.1, 0.1, 0.1], *MATRIX[1:]]},
            "markers[0].mutation",
            "sums to 0.8",
        ),
        ("markers/1/mutation", EQUAL | {"model": "onestep"}, "markers[1].mutation", "needs numbers as alleles"),
        ("theta", "0", "theta", '"0" is not a number'),
        ("theta", 1, "theta", "outside 0..1"),
        ("theta", -0.01, "theta", "outside 0..1"),
        ("hypotheses", ..., None, 'has no "hypotheses"'),
        ("hypotheses", [], "hypotheses", "a list is not an object"),
        ("hypotheses/H2", ..., "hypotheses", "has 1 hypotheses"),
        ("hypotheses/H2", [], "hypotheses.H2", "is empty"),
        ("hypotheses/H1/0", None, "hypotheses.H1[0]", "null is not an object"),
        ("hypotheses/H1/0/id", ..., "hypotheses.H1[0]", 'has no "id"'),
        ("hypotheses/H1/0/sex", "female", "hypotheses.H1[0].sex", '"female" is not a sex'),
        ("hypotheses/H1/0/sex", "U", "hypotheses.H1[0]", "must be known"),
        ("hypotheses/H1/1/father", 3, "hypotheses.H1[1].father", "3 is not a name"),
        ("hypotheses/H1/1/mother", "Q", "hypotheses.H1", "Q, mother of C, is not in the pedigree"),
        ("hypotheses/H1/1/father", "P", "hypotheses.H1", "recorded as female"),
        ("genotypes", ..., None, 'has no "genotypes"'),
        ("genotypes", [], "genotypes", "a list is not an object"),
        ("genotypes/P", [], "genotypes.P", "a list is not an object"),
        ("genotypes/D", {"X1": ["A"]}, "genotypes.D", "D is not in the hypothesis H1"),
        ("genotypes/P/TH01", ["9"], "genotypes.P.TH01", "none of the markers"),
        ("genotypes/P/D 1", ["9"], 'genotypes.P["D 1"]', "none of the markers"),
        ("genotypes/P/penta_d", [], "genotypes.P.penta_d", "is empty"),
        ("genotypes/P/penta_d", ["9", "9", "9"], "genotypes.P.penta_d", "has 3 alleles"),
        ("genotypes/P/penta_d", ["9", "10"], "genotypes.P.penta_d[1]", '"10" is none of the alleles'),
        ("genotypes/P/penta_d", [9], "genotypes.P.penta_d[0]", "9 is not a name"),
        ("genotypes/C/X1", ["A", "B"], "genotypes.C.X1", "two alleles of the X chromosome"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, place: str, value: Any, field: str | None, problem: str) -> None:
    path = _written(tmp_path, _with(place, value))
    for wrapped, prefix in ((False, ""), (True, "cases[1]")):
        if wrapped:
            _written(tmp_path, {"cases": [CASE | {"id": "other"}, json.loads(path.read_text("utf-8"))]})
        with pytest.raises(InputError, match=re.escape(problem)) as caught:
            read_cases(path)
        error = caught.value
        assert isinstance(error, FormatError | PedigreeError)
        assert error.file == str(path)
        joined = f"{prefix}.{field}" if prefix and field else prefix or field
        assert error.field == joined
        assert error.remedy
        assert not f"{error.problem}{error.remedy}".endswith(".")


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("", 1, "is not JSON"),
        ('{"id": "a",\n "markers": [', 2, "is not JSON"),
        ("not json", 1, "is not JSON"),
        ('{"a": NaN}', None, "NaN is no number"),
        ('{"a": -Infinity}', None, "-Infinity is no number"),
        ('{"a": 1, "b": 2, "a": 3}', None, 'names "a" twice'),
        ("[" * 100_000, None, "nested too deeply"),
        ('{"a":' * 100_000, None, "nested too deeply"),
        ('{"a": ' + "9" * 5000 + "}", None, "too long"),
        ("null", None, "null is not an object"),
        ('"case"', None, '"case" is not an object'),
        ("[]", None, "is empty"),
        ('{"cases": []}', None, "is empty"),
        ('{"cases": {}}', None, "an object is not a list"),
        ("[[]]", None, "a list is not an object"),
        ("{}", None, 'has no "id"'),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, text: str, line: int | None, problem: str) -> None:
    path = _written(tmp_path, text)
    with pytest.raises(FormatError, match=re.escape(problem)) as caught:
        read_cases(path)
    assert (caught.value.file, caught.value.line) == (str(path), line)


def test_two_cases_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match='two cases are called "duo"') as caught:
        read_cases(_written(tmp_path, [CASE, CASE | {"id": "x"}, CASE]))
    assert caught.value.field == "cases[2].id"


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="does not exist"):
        read_cases(tmp_path / "none.json")
    with pytest.raises(FormatError, match="is a folder"):
        read_cases(tmp_path)
    (tmp_path / "latin.json").write_bytes(b'{"id": "\xe9"}')
    with pytest.raises(FormatError, match="is not utf-8 text"):
        read_cases(tmp_path / "latin.json")


def test_a_strangers_text_stays_on_one_line(tmp_path: Path) -> None:
    with pytest.raises(FormatError) as caught:
        read_cases(_written(tmp_path, _with("genotypes/P/" + "x\n\x1b[31m" * 100, ["9"])))
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 1500


@given(st.data())
def test_spoiled_files_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory,
    spoiled: Callable[[st.DataObject, bytes], bytes],
    refused: Callable[[Callable[[Path], Any], Path], InputError | None],
    data: st.DataObject,
) -> None:
    path = tmp_path_factory.getbasetemp() / "spoiled.json"
    path.write_bytes(spoiled(data, json.dumps(CASE).encode()))
    refused(read_cases, path)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 10) | st.floats(allow_nan=False) | st.sampled_from(["", "P", "9", "X1", "M"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "rate", "P", "X1"]), inner, max_size=3),
    max_leaves=5,
)


def _places(value: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, one in inner for place in [(*above, key), *_places(one, (*above, key))]]


@given(st.sampled_from(_places(CASE | {"markers": [CASE["markers"][0] | {"mutation": EQUAL}, CASE["markers"][1]]})), _JSON)
@settings(max_examples=100)
def test_anything_anywhere_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory,
    refused: Callable[[Callable[[Path], Any], Path], InputError | None],
    place: tuple[Any, ...],
    value: Any,
) -> None:
    made = copy.deepcopy(CASE)
    made["markers"][0]["mutation"] = copy.deepcopy(EQUAL)
    at: Any = made
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = value
    refused(read_cases, _written(tmp_path_factory.getbasetemp(), made))


def test_many_markers_are_read(tmp_path: Path) -> None:
    matrix = [[0.999, 0.001], [0.001, 0.999]]
    mutation = {"model": "equal", "matrix_female": matrix, "matrix_male": matrix}
    marker = {"chromosome": "autosomal", "alleles": ["1", "2"], "frequencies": [0.4, 0.6], "mutation": mutation}
    names = [f"rs{k}" for k in range(1500)]
    people = [{"id": f"p{i}", "sex": "F"} for i in range(5)]
    made = {
        "id": "snps",
        "markers": [marker | {"name": name} for name in names],
        "hypotheses": {"H1": people, "H2": people},
        "genotypes": {person["id"]: {name: ["1", "2"] for name in names} for person in people},
    }
    (case,) = read_cases(_written(tmp_path, made))
    assert len(case.loci) == 1500
    assert len(case.genotypes) == 5
