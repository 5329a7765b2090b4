"""Familias 3 files: whatever is broken is refused, at once and with its place."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.kinship.errors import InputError
from wayhome.kinship.formats.familias import FamiliasFile, read_familias

Read = Callable[..., FamiliasFile]
Refuse = Callable[..., InputError]

ODD = (
    *("", "-1", "1e12", "999999999999", "9" * 5000, "#TRUE#", '"', '""', '"x"', "nan", "[", "[[x]]", "٣", "\ufeff"),
    *("0,5", "Parent= x", "Name= x", "nPersons= 1"),
)


def outcome(read: Read, text: str) -> InputError | FamiliasFile:
    """The file or the refusal; any other error passes through and fails the test."""
    try:
        return read(text)
    except InputError as error:
        return error


def test_the_whole_document_is_read(fam: Any, read: Read) -> None:
    file = read(fam.whole)
    assert len(file.pedigrees) == 2
    assert [family.id for family in file.families] == ["F1"]


def test_every_truncation_of_the_example_is_refused(shared_formats: Path, refused: Refuse) -> None:
    data = (shared_formats / "familias3_example.fam").read_bytes().rstrip()
    # A figure cut in the middle of the last line is still a figure; everything shorter must be noticed.
    for end in range(data.rindex(b"\n") + 1):
        refused(data[:end], InputError)


def test_a_path_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "none.fam", tmp_path):
        with pytest.raises(InputError) as caught:
            read_familias(path)
        assert caught.value.file == str(path)


@given(data=st.binary(max_size=200))
def test_random_bytes_are_refused(refused: Refuse, data: bytes) -> None:
    refused(data, InputError)


@given(seed=st.integers(0, 2**32))
def test_mutated_lines_are_read_or_refused(fam: Any, read: Read, seed: int) -> None:
    chance = random.Random(seed)
    lines = fam.whole.split("\n")
    for _ in range(chance.randint(1, 3)):
        at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        match chance.randrange(4):
            case 0:
                lines[at] = chance.choice(ODD)
            case 1:
                del lines[at]
            case 2:
                lines.insert(at, chance.choice(ODD))
            case _:
                lines[at], lines[other] = lines[other], lines[at]
    result = outcome(read, "\n".join(lines))
    if isinstance(result, InputError):
        assert result.file
        assert result.line
        assert result.remedy


@pytest.mark.parametrize("huge", ["1000000000000", "999999999999999999"])
def test_no_count_makes_it_loop(fam: Any, read: Read, huge: str) -> None:
    lines = fam.whole.split("\n")
    for at in range(len(lines)):
        started = time.monotonic()
        outcome(read, "\n".join([*lines[:at], huge, *lines[at + 1 :]]))
        assert time.monotonic() - started < 2, f"line {at + 1}"


@pytest.mark.parametrize("huge", ["1000000000000", "-1", "1.5", ""])
def test_counts_and_indices_out_of_bounds_are_refused(fam: Any, refused: Refuse, huge: str) -> None:
    lines = fam.document([fam.mother, fam.father], [fam.pedigree("H1", 0, 1)]).split("\n")
    counts = {5: "2", 11: "1", 12: "0", 14: "0", 20: "1", 25: "0", 26: "0", 27: "0", 28: "1", 29: "0"}
    for number, told in (counts | {31: "0", 32: "0", 33: "1", 34: "0", 35: "1", 37: "1", 45: "3"}).items():
        assert lines[number - 1] == told
        error = refused("\n".join([*lines[: number - 1], huge, *lines[number:]]))
        # Alleles and loci are listed after the genotypes, so an index is looked up when both are known.
        assert error.line is not None
        assert error.line >= number or number in (12, 14)


def test_too_many_members_are_refused_at_once(fam: Any, refused: Refuse) -> None:
    people = [fam.person(f"P{i}", True) for i in range(2500)]
    pedigrees = [fam.pedigree(f"H{i}", index=i) for i in range(2500)]
    assert "Split the file" in refused(fam.document(people, pedigrees)).remedy


def test_too_many_alleles_are_refused(fam: Any, refused: Refuse) -> None:
    table = {str(i): 1 / 1001 for i in range(1, 1002)}
    assert "1,001 alleles" in refused(fam.document(loci=[fam.locus(alleles=table)])).problem


def test_endless_names_are_refused_in_few_words(fam: Any, refused: Refuse) -> None:
    endless = "x" * 100_000
    for text in (
        fam.document([fam.person(endless, True)]),
        fam.document(loci=[fam.locus(endless)]),
        fam.with_victims("Name= V2", f"Name= {endless}"),
        fam.with_victims("Parent= M1", f"Parent= {endless}"),
        fam.document().replace("#FALSE# (#Data", endless),
        fam.document(theta=endless),
    ):
        assert len(str(refused(text))) < 2000
