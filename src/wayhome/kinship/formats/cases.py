"""Cases as JSON: hypotheses about persons, their genotypes, and every number that a likelihood needs.

    {"id": "duo-1", "theta": 0, "markers": [...], "hypotheses": {"H1": [...], "H2": [...]}, "genotypes": {...}}

A file holds one case, a list of cases, or an object with "cases"; docs/reference/formats.md describes the fields, others are
ignored. A case stands for itself: names of markers and alleles are taken as they are written, frequencies and matrices as they
stand, and no shipped table is asked.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn

import numpy as np

from wayhome.kinship.arrays import FloatArray
from wayhome.kinship.errors import FormatError, InputError, MutationError
from wayhome.kinship.formats.delimited import naming, shortened
from wayhome.kinship.formats.source import Source
from wayhome.kinship.genetics.model import LocusModel
from wayhome.kinship.genetics.mutation import KINDS, MutationModel, MutationRates
from wayhome.kinship.pedigrees.pedigree import Member, Pedigree, Sex

_SUM_TOLERANCE = 1e-6
_MOST_ALLELES = 1000
"""Of one marker: a matrix has the square of it, and no ladder comes near."""
_AS_TEXT = 'Give an allele as text, such as "9.3"'
_SEXES: Mapping[str, Sex] = {"M": "M", "F": "F", "U": "U"}
_NAME = re.compile(r"[^\W\d][\w-]*")


@dataclass(frozen=True, eq=False, slots=True)
class Case:
    """Two or more hypotheses about the same genotypes.

    Parameters
    ----------
    id : the case's name, unique in its file.
    loci : the markers in the file's order.
    theta : coancestry, 0 <= theta < 1.
    hypotheses : name -> pedigree, which holds every typed person.
    genotypes : person -> marker -> one or two allele labels, all of them on the ladder; who was typed nowhere is left out.
    """

    id: str
    loci: tuple[LocusModel, ...]
    theta: float
    hypotheses: Mapping[str, Pedigree]
    genotypes: Mapping[str, Mapping[str, tuple[str, ...]]]


def read_cases(path: str | Path) -> tuple[Case, ...]:
    """Read a file of cases.

    Returns
    -------
    tuple of Case
        in the file's order.

    Raises
    ------
    InputError
        with the file, and the line of a mistake in JSON or the place of one in a case, such as "cases[3].markers[0].frequencies":
        a FormatError for anything that is not as described, a PedigreeError for a family that cannot be.
    """
    with naming(path):
        source = Source.open(path)
        root = _Value(_parsed(source.text()))
        cases = [_case(value) for value in _cases(root)]
        seen: set[str] = set()
        for value, case in zip(_cases(root), cases, strict=True):
            if case.id in seen:
                raise value["id"].error(f'two cases are called "{case.id}"', "Give each an id of its own")
            seen.add(case.id)
        return tuple(cases)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_object, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise FormatError(f"is not JSON: {error.msg}", "It may be cut off: export it again", line=error.lineno) from None
    except RecursionError:
        raise FormatError("is nested too deeply", "A case is at most six levels deep: export it again") from None
    except ValueError:  # an integer of thousands of digits
        raise FormatError("holds a number that is too long", "Give at most 17 digits") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise FormatError(f'an object names "{twice}" twice', "Keep one of the two", field=twice)
    return found


def _no_number(text: str) -> NoReturn:
    raise FormatError(f"{text} is no number", "Give a finite one")


class _Value:
    """A JSON value that knows its place in the file."""

    __slots__ = ("_above", "_key", "value")

    def __init__(self, value: Any, above: _Value | None = None, key: str | int = "") -> None:
        self.value = value
        self._above = above
        self._key = key

    @property
    def path(self) -> str:
        """Where it stands, such as "cases[3].markers[0].frequencies"; empty for the whole file."""
        if self._above is None:
            return ""
        above = self._above.path
        if isinstance(self._key, int):
            return f"{above}[{self._key}]"
        if not _NAME.fullmatch(self._key):
            return f"{above}[{json.dumps(shortened(self._key), ensure_ascii=False)}]"
        return f"{above}.{self._key}" if above else self._key

    def error(self, problem: str, remedy: str) -> FormatError:
        """An error at this place."""
        return FormatError(problem, remedy, field=self.path or None)

    def is_no(self, what: str, remedy: str) -> FormatError:
        """An error that cites the value."""
        told = shortened(json.dumps(self.value, ensure_ascii=False)) if not isinstance(self.value, dict | list) else ""
        kind = told or ("an object" if isinstance(self.value, dict) else "a list")
        return self.error(f"{kind} is not {what}", remedy)

    def object(self, remedy: str) -> dict[str, Any]:
        """The value, which must be an object."""
        if not isinstance(self.value, dict):
            raise self.is_no("an object", remedy)
        return self.value

    def items(self, remedy: str) -> Iterator[tuple[str, _Value]]:
        """Names and values of an object."""
        return ((name, _Value(value, self, name)) for name, value in self.object(remedy).items())

    def list(self, remedy: str) -> list[_Value]:
        """The elements of what must be a list that is not empty."""
        if not isinstance(self.value, list):
            raise self.is_no("a list", remedy)
        if not self.value:
            raise self.error("is empty", remedy)
        return [_Value(value, self, i) for i, value in enumerate(self.value)]

    def text(self, remedy: str) -> str:
        """The value, which must be a text that is not empty."""
        if not isinstance(self.value, str) or not self.value:
            raise self.is_no("a name", remedy)
        return self.value

    def number(self, remedy: str) -> float:
        """The value, which must be a finite number."""
        if type(self.value) not in (int, float):
            raise self.is_no("a number", remedy)
        try:
            number = float(self.value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise self.error("is too large a number", remedy)
        return number

    def numbers(self, remedy: str) -> FloatArray:
        """[n] the elements of what must be a list of finite numbers."""
        if isinstance(self.value, list) and {*map(type, self.value)} == {float}:
            array = np.array(self.value)
            if np.isfinite(array).all():
                return array
        return np.array([value.number(remedy) for value in self.list(remedy)])

    def __contains__(self, name: str) -> bool:
        """Whether an object has a value of that name other than null."""
        return self.object("Give an object").get(name) is not None

    def __getitem__(self, name: str) -> _Value:
        """A value that an object must have."""
        if name not in self.object("Give an object"):
            raise self.error(f'has no "{name}"', "Add it")
        return _Value(self.value[name], self, name)


def _cases(root: _Value) -> Iterable[_Value]:
    remedy = 'Give a case, a list of cases, or an object with "cases"'
    if isinstance(root.value, list):
        return _Value(root.value, root, "cases").list(remedy)
    if "cases" in root.object(remedy):
        return root["cases"].list(remedy)
    return [root]


def _case(value: _Value) -> Case:
    value.object("Give a case as an object")
    id_ = value["id"].text("Name the case")
    loci: dict[str, LocusModel] = {}
    for marker in value["markers"].list("Give at least one marker"):
        locus = _locus(marker)
        if locus.name in loci:
            raise marker["name"].error(f'the marker "{locus.name}" is told twice', "Keep one of the two")
        loci[locus.name] = locus
    theta = 0.0
    if "theta" in value:
        theta = value["theta"].number("Give a number from 0 to 1")
        if not 0 <= theta < 1:
            raise value["theta"].error(f"theta {theta:g} is outside 0..1", "Usual values are 0 to 0.03")
    hypotheses = {name: _pedigree(name, people) for name, people in value["hypotheses"].items("Give H1 and H2")}
    if len(hypotheses) < 2:
        raise value["hypotheses"].error(f"has {len(hypotheses)} hypotheses", "Give H1 and H2")
    if any(locus.x_linked for locus in loci.values()):
        _check_sexes(value, hypotheses)
    genotypes = {}
    for person, typed in value["genotypes"].items("Give an object of persons"):
        calls = dict(_calls(person, typed, loci, hypotheses))
        if calls:
            genotypes[person] = MappingProxyType(calls)
    return Case(id_, tuple(loci.values()), theta, MappingProxyType(hypotheses), MappingProxyType(genotypes))


def _locus(value: _Value) -> LocusModel:
    value.object("Give a marker as an object")
    name = value["name"].text("Name the marker")
    chromosome = value["chromosome"].value if "chromosome" in value else "autosomal"
    if chromosome not in ("autosomal", "X"):
        raise value["chromosome"].is_no("a chromosome that is understood", 'Write "autosomal" or "X"')
    alleles = _ladder(value["alleles"])
    frequencies = _frequencies(value["frequencies"], len(alleles))
    silent = None
    if "silent_allele" in value:
        label = value["silent_allele"].text("Name one of the alleles")
        if label not in alleles:
            raise value["silent_allele"].error(f'"{label}" is none of the alleles', "Name one of them")
        silent = alleles.index(label)
    matrices: tuple[FloatArray | None, FloatArray | None] = (None, None)
    try:
        if "mutation" in value:
            matrices = _matrices(value["mutation"], name, alleles, frequencies, silent)
        return LocusModel(name, alleles, frequencies, *matrices, silent, chromosome == "X")
    except MutationError as error:
        raise value["mutation"].error(error.problem, error.remedy) from None


def _ladder(value: _Value) -> tuple[str, ...]:
    ladder = value.list("Give at least one allele")
    if len(ladder) > _MOST_ALLELES:
        raise value.error(f"are {len(ladder):,} alleles, more than {_MOST_ALLELES:,}", "Put those together that nobody carries")
    alleles: dict[str, None] = {}
    for allele in ladder:
        label = allele.text(_AS_TEXT)
        if label in alleles:
            raise allele.error(f'the allele "{label}" is told twice', "Keep one of the two")
        alleles[label] = None
    return tuple(alleles)


def _frequencies(value: _Value, n: int) -> FloatArray:
    frequencies = value.numbers("Give one share an allele")
    if len(frequencies) != n:
        raise value.error(f"are {len(frequencies)} for {n} alleles", "Give one share an allele")
    for i, frequency in enumerate(frequencies):
        if not 0 <= frequency <= 1:
            raise _Value(frequency, value, i).error(f"{frequency:g} is no frequency", "Give a share from 0 to 1")
    if abs(frequencies.sum() - 1) > _SUM_TOLERANCE:
        raise value.error(f"sum to {frequencies.sum():.7g}", "Make them sum to 1")
    return frequencies


def _matrices(
    value: _Value, name: str, alleles: tuple[str, ...], frequencies: FloatArray, silent: int | None
) -> tuple[FloatArray, FloatArray]:
    """Female and male matrix, as given, else as the model says."""
    value.object('Give null, or an object with "matrix_female" and "matrix_male"')
    if "matrix_female" in value or "matrix_male" in value:
        return _matrix(value["matrix_female"], len(alleles)), _matrix(value["matrix_male"], len(alleles))
    kind = next((known for known in KINDS if known == value["model"].value), None)
    if kind is None:
        raise value["model"].is_no("a mutation model", f"Known are {', '.join(KINDS)}")
    if kind == "custom":
        raise value.error("a custom model needs its matrices", 'Give "matrix_female" and "matrix_male"')
    if kind == "none":
        return MutationModel(kind).matrices(name, alleles, frequencies, silent)
    female, male = (_rates(value[sex], stepwise=kind == "stepwise") for sex in ("female", "male"))
    return MutationModel(kind, female, male).matrices(name, alleles, frequencies, silent)


def _rates(value: _Value, *, stepwise: bool) -> MutationRates:
    value.object('Give an object with "rate"')
    given = {key: value[key].number("Give a probability") for key in ("rate", "range", "rate2")[: 3 if stepwise else 1]}
    for key, number in given.items():
        if not 0 <= number <= 1:
            raise value[key].error(f"{number:g} is no probability", "Give a number from 0 to 1")
    return MutationRates(**given)


def _matrix(value: _Value, n: int) -> FloatArray:
    """[n, n]; that rows sum to one is for `LocusModel` to see."""
    remedy = "Give one row and one column an allele"
    rows = value.list(remedy)
    matrix = [row.numbers(remedy) for row in rows]
    for row, numbers in zip(rows, matrix, strict=True):
        if len(numbers) != n:
            raise row.error(f"has {len(numbers)} columns for {n} alleles", remedy)
    if len(rows) != n:
        raise value.error(f"has {len(rows)} rows for {n} alleles", remedy)
    return np.stack(matrix)


def _pedigree(name: str, people: _Value) -> Pedigree:
    members = tuple(_member(person) for person in people.list("Give the persons of the pedigree"))
    try:
        return Pedigree(members, name=name)
    except InputError as error:
        raise error.at(field=people.path) from None


def _member(value: _Value) -> Member:
    value.object("Give a person as an object")
    father, mother = (
        value[role].text("Name a person, or write null") if role in value else None for role in ("father", "mother")
    )
    sex: Sex = "U"
    if "sex" in value:
        told = value["sex"].value
        if not isinstance(told, str) or told not in _SEXES:
            raise value["sex"].is_no("a sex", "Write M, F, or U where it is not known")
        sex = _SEXES[told]
    return Member(value["id"].text("Name the person"), father, mother, sex)


def _check_sexes(value: _Value, hypotheses: Mapping[str, Pedigree]) -> None:
    for name, pedigree in hypotheses.items():
        for i, member in enumerate(pedigree):
            if member.sex == "U":
                raise (
                    value["hypotheses"][name]
                    .list("")[i]
                    .error(f"the sex of {member.id} must be known for X-chromosomal markers", "Write M or F")
                )


def _calls(
    person: str, typed: _Value, loci: Mapping[str, LocusModel], hypotheses: Mapping[str, Pedigree]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, alleles in typed.items("Give an object of markers"):
        absent = next((h for h, pedigree in hypotheses.items() if person not in pedigree), None)
        if absent is not None:
            raise typed.error(f"{person} is not in the hypothesis {absent}", "Add the person there, alone if unrelated")
        if name not in loci:
            raise alleles.error(f'"{name}" is none of the markers', "Add it to the markers, or correct the name")
        labels = tuple(allele.text(_AS_TEXT) for allele in alleles.list("Give one or two alleles"))
        if len(labels) > 2:
            raise alleles.error(f"has {len(labels)} alleles", "Give one or two")
        locus = loci[name]
        for i, label in enumerate(labels):
            if label not in locus.index:
                raise _Value(label, alleles, i).error(f'"{label}" is none of the alleles of {name}', "Add it to the marker")
        if locus.x_linked and len(set(labels)) > 1 and any(pedigree[person].sex == "M" for pedigree in hypotheses.values()):
            raise alleles.error(f"{person} is male and has two alleles of the X chromosome", "Correct the sex or the alleles")
        yield name, labels
