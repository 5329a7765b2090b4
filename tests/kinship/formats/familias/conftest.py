"""Small Familias documents: `fam` builds them, `read` and `refused` read them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from wayhome.kinship.errors import FormatError, InputError
from wayhome.kinship.formats.familias import FamiliasFile, read_familias, write_familias

Block = list[object]
"""Lines of a file."""


class Documents:
    """Builders of documents, one block of lines each; indices are those of the file."""

    table: Mapping[str, float] = {"14": 0.2, "15": 0.3, "16": 0.5}
    info = "(DatabaseSize = 1000 , Dropout probability = 0 , Minor allele frequency = 0 )"

    def locus(
        self,
        name: str = "D3S1358",
        alleles: Mapping[str, object] | None = None,
        *,
        model: tuple[int, int] = (0, 0),
        rate: tuple[object, object] = (0, 0),
        range_: tuple[float, float] = (0.1, 0.1),
        rate2: tuple[float, float] = (0, 0),
        silent: float = 0,
        info: str = info,
    ) -> Block:
        """One locus of the database; pairs are female and male."""
        table = alleles or self.table
        flag = "#TRUE#" if silent else "#FALSE#"
        lines = [f'"{name}"', *rate, *model, len(table) + bool(silent), *range_, *rate2, flag, silent, f"{len(table)}\t{info}"]
        return lines + [line for label, share in table.items() for line in (f'"{label}"', share)]

    def person(self, name: str, male: bool, *calls: int, note: str = "") -> Block:
        """One person; `calls` are allele, allele, locus in turn."""
        return [f'"{name}"', "#FALSE#", f"-1{note}", "#FALSE#", "#TRUE#" if male else "#FALSE#", len(calls) // 3, *calls]

    def pedigree(self, name: str, *pairs: object, females: int = 0, males: int = 0, index: int = 0) -> Block:
        """One pedigree; `pairs` are parent, child in turn."""
        return [index, f'"{name}"', females, males, len(pairs) // 2, *pairs]

    def document(
        self,
        people: Sequence[Block] = (),
        pedigrees: Sequence[Block] = (),
        loci: Sequence[Block] | None = None,
        *,
        known: Sequence[object] = (0, 0, 0),
        fourth: str | None = '""',
        theta: str = "0",
        tail: Sequence[str] = (),
    ) -> str:
        """A whole file; without persons and pedigrees its first locus begins at line 15."""
        loci = [self.locus()] if loci is None else loci
        lines: Block = ['"Output from Familias, version 3.3.1"', '"DO NOT EDIT!"', "3.3.1"]
        lines += [] if fourth is None else [fourth]
        lines += [len(people), *(line for p in people for line in p)]
        lines += ['"Known relations"', *known, len(pedigrees), *(line for p in pedigrees for line in p)]
        lines += [f"#FALSE# (#Databases: 1 ;Theta/Kinship/Fst: {theta} )", len(loci), "#TRUE#", '"test"']
        lines += [line for one in loci for line in one]
        return "\n".join(map(str, [*lines, *tail])) + "\n"

    @property
    def mother(self) -> Block:
        return self.person("mother", False, 0, 1, 0)

    @property
    def father(self) -> Block:
        return self.person("father", True, 1, 1, 0)

    @property
    def child(self) -> Block:
        return self.person("child", True)

    def with_victims(self, old: str = "", new: str = "") -> str:
        """A file with `VICTIMS`, in which the first `old` is replaced."""
        assert old in VICTIMS
        return self.document(tail=VICTIMS.replace(old, new, 1).split("\n"))

    @property
    def victims(self) -> str:
        """A disaster victim section."""
        return VICTIMS

    @property
    def whole(self) -> str:
        """A file with something of everything."""
        return self.document(
            [self.mother, self.father, self.child],
            [self.pedigree("H1", 0, 2, 1, 2), self.pedigree("H2", 0, 2, 3, 2, males=1, index=1)],
            [self.locus(model=(3, 4), rate=(0.001, 0.002)), self.locus("TH01", silent=0.01)],
            tail=VICTIMS.split("\n"),
        )

    def again(self, file: FamiliasFile, path: Path) -> FamiliasFile:
        """What a file becomes when it is written and read."""
        notes = write_familias(
            path,
            pedigrees=file.pedigrees,
            profiles={p.sample: p for p in file.profiles},
            frequencies=file.frequencies,
            mutation=file.mutation,
            theta=file.theta,
            silent=file.silent,
            sexes=file.sexes,
        )
        assert notes == ()
        return read_familias(path)


@pytest.fixture(scope="session")
def fam() -> Documents:
    """The builders."""
    return Documents()


@pytest.fixture(scope="session")
def read(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., FamiliasFile]:
    """Reads a document that is given as text or bytes."""
    path = tmp_path_factory.mktemp("familias") / "case.fam"

    def read_it(content: str | bytes, **options: object) -> FamiliasFile:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_familias(path, **options)  # type: ignore[arg-type]

    return read_it


@pytest.fixture(scope="session")
def refused(read: Callable[..., FamiliasFile]) -> Callable[..., InputError]:
    """Reads a document that must be refused, and checks that the message names file and line."""

    def refuse(content: str | bytes, kind: type[InputError] = FormatError, **options: object) -> InputError:
        with pytest.raises(kind) as caught:
            read(content, **options)
        assert caught.value.file
        assert caught.value.file.endswith("case.fam")
        assert caught.value.line
        return caught.value

    return refuse


VICTIMS = """\
[DVI]
[[Unidentified persons]]
nPersons= 2
[[[Person 1]]]
Name= V1 [left bank]
Gender= Male
[[[[DNA data]]]]
nSystems= 2
SystemName= D3S1358
Allele1= 14
Allele2= 15
SystemName= TH01
Allele1= 9,3
Allele2= 9,3
[[[Person 2]]]
Name= V2
Gender= Unknown
[[[[DNA data]]]]
nSystems= 0
[[Notes]]
nFamilies= 1
a note, free text = 5
[[Reference Families]]
nFamilies= 1
[[[Family 1 ]]]
Name= F1
[[[[Persons]]]]
nPersons= 3
[[[[[Person 1 ]]]]]
Name= M1
Gender= Female
[[[[[[DNA data]]]]]]
nSystems= 1
SystemName= D3S1358
Allele1= 14
Allele2= 16
[[[[[Person 2 ]]]]]
Name= P1
Gender= Male
[[[[[[DNA data]]]]]]
nSystems= 0
[[[[[Person 3 ]]]]]
Name= U1
Gender= Male
[[[[[[DNA data]]]]]]
nSystems= 1
SystemName= D3S1358
Allele1= 16
Allele2= 16
[[[[Pedigrees]]]]
nPedigrees= 2
[[[[[Pedigree 1]]]]]
Name= Reference pedigree
nRelations= 2
Parent= M1
Child= Missing person
Parent= P1
Child= Missing person
[[[[[Pedigree 2]]]]]
Name= F1
nRelations= 2
Parent= M1
Child= Missing person
Parent= P1
Child= Missing person
[Prior]
UseList= Yes
Size= 2"""
