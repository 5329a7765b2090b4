"""GENis bulk upload: a tab-parted table of genotypes with the user it is assigned to, the category and up to eight alleles.

    Sample Name  UD1       UD2          Specimen Category  Marker   Allele 1  Allele 2  Allele 3 ... Allele 8
    MO-1         analyst1  GlobalFiler  IR                 D3S1358  15
    MO-1         analyst1  GlobalFiler  IR                 vWA      14        17

UD1 is the assignee, UD2 the kit and the only column that may be absent; category ids are each site's own. Rows of one sample
stand together. (Columns as required by GENis, github.com/fundacion-sadosky/genis, bulk upload.)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from wayhome.kinship.errors import FormatError, ProfileError
from wayhome.kinship.formats.calls import Calls, ProfileDraft, padded, reported_calls
from wayhome.kinship.formats.delimited import Header, Table, delimited, naming
from wayhome.kinship.formats.source import ProfileFile
from wayhome.kinship.formats.target import write_text
from wayhome.kinship.genetics.profiles import Profile

_ALLELES = tuple(f"Allele {k}" for k in range(1, 9))
_REQUIRED = ("Sample Name", "UD1", "Specimen Category", "Marker", *_ALLELES)


def is_genis(header: Header) -> bool:
    """Whether a header is that of a bulk upload."""
    return set(_REQUIRED[:4]) <= set(header.names)


def read_genis(path: str | Path, *, encoding: str | None = None) -> ProfileFile:
    """Read a bulk upload.

    Returns
    -------
    ProfileFile
        `format` is "genis-bulk"; `details` hold "assignee" and "category".

    Raises
    ------
    InputError
        with file, line and field: a column that is not called exactly so, a sample whose rows do not stand together or do not
        agree on assignee, kit and category, a text that is no allele.
    """
    with naming(path):
        table, source = Table.open(path, encoding)
        columns = [_column(table.header, title) for title in _REQUIRED]
        (name, assignee, category, marker), alleles = columns[:4], columns[4:]
        kit = table.header.names.index("UD2") if "UD2" in table.header.names else None
        calls, drafts, details = Calls(table.allele_text), dict[str, ProfileDraft](), dict[str, dict[str, str]]()
        before = None
        for line, cells in table.rows():
            sample = cells[name].strip()
            told = {"assignee": cells[assignee].strip(), "category": cells[category].strip()}
            this_kit = (cells[kit].strip() or None) if kit is not None else None
            try:
                if sample != before:
                    if sample in drafts:
                        raise ProfileError(
                            f"the sample {sample} comes twice, first in line {drafts[sample].line}",
                            "Put its rows together, or give the second sample a name of its own",
                            field="Sample Name",
                        )
                    drafts[sample], details[sample], before = ProfileDraft(sample, this_kit, line), told, sample
                drafts[sample].check_kit(this_kit)
                if told != details[sample]:
                    raise ProfileError(
                        f"the rows of {sample} differ in UD1 or Specimen Category", "Give all of them the same", field="UD1"
                    )
                drafts[sample].add(calls.read(cells[marker], tuple([cells[i] for i in alleles]), this_kit))
            except ProfileError as error:
                raise error.at(line=line) from None
        if not drafts:
            raise FormatError("has a header and no samples", "Export it again", line=table.header.line)
        profiles = tuple(draft.profile() for draft in drafts.values())
        kept = {sample: {k: v for k, v in told.items() if v} for sample, told in details.items() if any(told.values())}
        return ProfileFile("genis-bulk", profiles, kept, (), source.sha256)


def _column(header: Header, title: str) -> int:
    if header.names.count(title) != 1:
        raise FormatError(
            f'has {header.names.count(title) or "no"} columns called exactly "{title}"',
            f"GENis asks for {', '.join(_REQUIRED)}",
            line=header.line,
            field=title,
        )
    return header.names.index(title)


def write_genis(path: str | Path, profiles: Iterable[Profile], *, assignee: str, category: str | Mapping[str, str]) -> None:
    """Write a bulk upload that `read_genis` reads as the same profiles.

    Of the flags only those are told that a cell can hold (off ladder, outside the marker range, off scale).

    Parameters
    ----------
    assignee : the GENis user the profiles are assigned to.
    category : id of the specimen category, of all samples or by sample.

    Raises
    ------
    InputError
        for two profiles of one sample, a sample without a category, an allele the sample's kit cannot tell, and as `write_text`.
    """
    with naming(path):
        rows: list[tuple[str, ...]] = []
        samples: set[str] = set()
        for profile in profiles:
            sample = profile.sample
            of = category if isinstance(category, str) else category.get(sample, "")
            if sample in samples or not of:
                problem = "comes twice" if sample in samples else "has no category"
                remedy = "Write one profile a sample" if sample in samples else "Name one for each sample"
                raise ProfileError(f"the sample {sample} {problem}", remedy, field="sample")
            samples.add(sample)
            for marker, cells in tuple(reported_calls(profile)) or (("", ()),):
                rows.append((sample, assignee, profile.kit or "", of, marker, *padded(cells, len(_ALLELES))))
        write_text(path, delimited(("Sample Name", "UD1", "UD2", *_REQUIRED[2:]), rows, "\t"))
