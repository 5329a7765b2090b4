"""Everything that `wayhome.kinship` raises on purpose.

    KinshipError
    ├── InputError            a file or value that cannot be used; names file, line and field
    │   ├── FormatError       the file is not what its format prescribes
    │   ├── ProfileError      a genotype that cannot be
    │   ├── PedigreeError     a family that cannot be
    │   ├── FrequencyError    an allele frequency table that cannot be used
    │   ├── MutationError     a mutation model that cannot be built
    │   └── UnknownName       a population, kit, locus or member nobody knows
    └── TooComplex            exact, but beyond the stated cost; says what it would cost

Each carries a stable `code` and its `data`, so that a face can translate it; `str(error)` is the English sentence, with what
to do about it. A likelihood of zero is a result, not an error.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar


class KinshipError(Exception):
    """Base of all errors here.

    Parameters
    ----------
    problem : what is wrong, one sentence without a full stop.
    remedy : how to mend it, one sentence without a full stop.
    data : values for a translated message.
    """

    code: ClassVar[str] = "kinship"

    def __init__(self, problem: str, remedy: str = "", **data: Any) -> None:
        self.problem = problem
        self.remedy = remedy
        self.data = data
        super().__init__(problem)

    def __str__(self) -> str:
        return f"{self.problem}. {self.remedy}." if self.remedy else self.problem


class InputError(KinshipError):
    """A file or value that cannot be used.

    Parameters
    ----------
    file, line, field : where, as far as known; `line` counts from 1, `field` is a column, element or attribute.
    """

    code = "input"

    def __init__(
        self,
        problem: str,
        remedy: str = "",
        *,
        file: str | Path | None = None,
        line: int | None = None,
        field: str | None = None,
        **data: Any,
    ) -> None:
        super().__init__(problem, remedy, **data)
        self.file = None if file is None else str(file)
        self.line = line
        self.field = field

    def at(self, file: str | Path | None = None, line: int | None = None, field: str | None = None) -> InputError:
        """Fill in the place where it is not known yet, and return the error itself."""
        self.file = self.file or (None if file is None else str(file))
        self.line = self.line if self.line is not None else line
        self.field = self.field or field
        return self

    def __str__(self) -> str:
        where = [part for part in (self.file, f"line {self.line}" if self.line else None, self.field) if part]
        return f"{', '.join(where)}: {super().__str__()}" if where else super().__str__()


class FormatError(InputError):
    """The file is not what its format prescribes."""

    code = "format"


class ProfileError(InputError):
    """A genotype that cannot be."""

    code = "profile"


class PedigreeError(InputError):
    """A family that cannot be. `member` names who is concerned."""

    code = "pedigree"

    def __init__(self, problem: str, remedy: str = "", *, member: str | None = None, **place: Any) -> None:
        super().__init__(problem, remedy, **place)
        self.member = member


class FrequencyError(InputError):
    """An allele frequency table that cannot be used."""

    code = "frequency"


class MutationError(InputError):
    """A mutation model that cannot be built."""

    code = "mutation"


class UnknownName(InputError):
    """A population, kit, locus or member nobody knows."""

    code = "unknown_name"


class TooComplex(KinshipError):
    """The exact answer would cost more than is allowed; nothing was computed.

    Parameters
    ----------
    operations : estimated multiply-adds per family and locus.
    bytes_needed : estimated size of the largest intermediate array, in bytes.
    """

    code = "too_complex"

    def __init__(self, problem: str, remedy: str = "", *, operations: float = 0.0, bytes_needed: float = 0.0) -> None:
        super().__init__(problem, remedy, operations=operations, bytes_needed=bytes_needed)
        self.operations = operations
        self.bytes_needed = bytes_needed
