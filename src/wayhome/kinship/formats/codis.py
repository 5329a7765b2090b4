"""CODIS Common Message Format 3.2: profiles with a specimen category and a case, without a pedigree.

The relation to a missing person is told by category and case alone. Names of loci and categories are enumerated and
case-sensitive; D6S1043 and others that Chinese kits type are not among them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from wayhome.kinship.errors import FormatError
from wayhome.kinship.formats.calls import Calls, ProfileDraft
from wayhome.kinship.formats.codis_schema import (
    ALLELE,
    CATEGORIES,
    CMF_NAME,
    FILE,
    LOCI_READ,
    LOCUS,
    NAMESPACE,
    SOURCES,
    SPECIMEN,
    TRUTHS,
    attribute,
    check_length,
    check_moment,
    children,
    kit_name,
    moment_of,
    nearest,
    one_of,
    text_of,
)
from wayhome.kinship.formats.delimited import naming, shortened
from wayhome.kinship.formats.notes import Notes
from wayhome.kinship.formats.source import ProfileFile, Source
from wayhome.kinship.formats.target import write_text
from wayhome.kinship.formats.xml import Element, XmlText, elements
from wayhome.kinship.genetics.loci import locus_name
from wayhome.kinship.genetics.profiles import Genotype, Profile


def read_codis(path: str | Path) -> ProfileFile:
    """Read a CMF 3.2 import file.

    Returns
    -------
    ProfileFile
        `details` of a sample, where told: "category", "case", "comment", "source" (Yes: the person is known), "partial",
        "laboratory"; "reader", "read_at", "batch", and "kit" if there are several; a locus that differs has "reader:<locus>"
        and so on.

    Raises
    ------
    InputError
        with file, line and element: a FormatError for whatever the schema forbids, a ProfileError for an impossible genotype.
    """
    source = Source.open(path)
    with naming(path):
        return _read(source)


def _read(source: Source) -> ProfileFile:
    parts = elements(source)
    root = next(parts)
    if root.name != f"{{{NAMESPACE}}}CODISImportFile":
        raise root.error("is no CODIS import file", f'Its root should be CODISImportFile in "{NAMESPACE}"')
    header: dict[str, list[Element]] | None = None
    profiles: dict[str, Profile] = {}
    details: dict[str, Mapping[str, str]] = {}
    calls, notes = Calls(), Notes()
    for part in parts:
        if part.name == f"{{{NAMESPACE}}}SPECIMEN":
            header = header or _header(root)
            profile, told = _specimen(part, header, calls)
            if profile.sample in profiles:
                raise part.error(f"the specimen {profile.sample} is told twice", "Give every specimen an id of its own")
            profiles[profile.sample] = profile
            details[profile.sample] = told
            for name, flags in profile.flags.items():
                notes.add(f"{name} set aside ({', '.join(flags)})", profile.sample)
        elif header:
            raise part.error("stands behind a SPECIMEN", "Put it before the first SPECIMEN, or remove it")
        else:
            root.children.append(part)
            if len(root.children) > len(FILE):
                _header(root)
    if header is None:
        _header(root)
        raise root.error("holds no SPECIMEN", "A file has at least one")
    return ProfileFile("codis-cmf-3.2", tuple(profiles.values()), details, notes.told(), source.sha256)


def _header(root: Element) -> dict[str, list[Element]]:
    header = children(root, FILE)
    version, message = header["HEADERVERSION"][0], header["MESSAGETYPE"][0]
    if version.text != "3.2":
        raise version.error(f'is "{shortened(version.text)}", not 3.2', "Export it as CMF 3.2")
    if message.text != "Import":
        raise message.error(f'is "{shortened(message.text)}", not Import', "Rapid Import and others are not read")
    for name, longest in (("DESTINATIONORI", 10), ("SOURCELAB", 10), ("SUBMITBYUSERID", 20)):
        text_of(header[name][0], longest)
    moment_of(header["SUBMITDATETIME"][0])
    for element in (*header["BATCHID"], *header["KIT"]):
        text_of(element, 32, 0)
    return header


def _specimen(specimen: Element, header: Mapping[str, list[Element]], calls: Calls) -> tuple[Profile, dict[str, str]]:
    parts = children(specimen, SPECIMEN)
    sample = text_of(parts["SPECIMENID"][0], 24)
    told = {
        "category": one_of(parts["SPECIMENCATEGORY"][0], CATEGORIES, "specimen category"),
        "case": attribute(specimen, "CASEID"),
        "comment": "".join(text_of(element, 255, 0) for element in parts["SPECIMENCOMMENT"]),
        "source": attribute(specimen, "SOURCEID", SOURCES),
        "partial": {"1": "true", "0": "false"}.get(partial := attribute(specimen, "PARTIAL", TRUTHS), partial),
        "laboratory": header["SOURCELAB"][0].text,
    }
    draft = ProfileDraft(sample, None, specimen.line)
    names: set[str] = set()
    kits: set[str] = set()
    for element in parts["LOCUS"]:
        inside = children(element, LOCUS)
        name = one_of(inside["LOCUSNAME"][0], LOCI_READ, "locus")
        if name in names:
            raise element.error(f"the specimen {sample} has {name} twice", "Keep one LOCUS")
        names.add(name)
        about = {
            "reader": text_of(inside["READINGBY"][0], 20),
            "read_at": moment_of(inside["READINGDATETIME"][0]),
            "batch": attribute(element, "BATCHID") or "".join(batch.text for batch in header["BATCHID"]),
            "kit": attribute(element, "KIT") or "".join(kit.text for kit in header["KIT"]),
        }
        for key, text in about.items():
            if told.setdefault(key, text) != text:
                told[f"{key}:{locus_name(name)}"] = text
        kits.add(about["kit"])
        with element.naming():
            draft.add(calls.read(name, tuple(_allele(allele) for allele in inside["ALLELE"]), about["kit"] or None))
    if len(kits) == 1:
        draft.kit = told.pop("kit") or None
    return draft.profile(), {key: text for key, text in told.items() if text}


def _allele(allele: Element) -> str:
    attribute(allele, "ALLELEREQUIRED", TRUTHS)
    return text_of(children(allele, ALLELE)["ALLELEVALUE"][0], 10)


def write_codis(
    path: str | Path,
    profiles: Iterable[Profile],
    *,
    details: Mapping[str, Mapping[str, str]] | None = None,
    source_lab: str,
    destination_ori: str,
    user: str,
    submitted: datetime,
    category: str | None = None,
    batch: str | None = None,
) -> tuple[str, ...]:
    """Write a CMF 3.2 import file; `read_codis` gives the same profiles back, save for what the notes name.

    Parameters
    ----------
    profiles : sample ids unique, of at most 24 characters.
    details : sample -> field -> text, as `read_codis` gives them; "category" is needed where `category` is not given.
    source_lab, destination_ori : at most 10 characters each.
    user : who submits, at most 20 characters; also the reader of loci where `details` names none.
    submitted : its date and time as they stand, without the zone; also when loci were read, where `details` does not say.
    category : specimen category of samples whose `details` have none.
    batch : at most 32 characters; batches of single loci are taken from `details`.

    Returns
    -------
    tuple of str
        Notes on what was left out: loci that CMF does not have, such as D6S1043, loci set aside by a quality flag, kits that
        CMF does not know.

    Raises
    ------
    FormatError
        with file and field, for a text that is too long or not allowed, a category that is missing or unknown, a specimen told
        twice or without any locus left, no specimen at all, or a file that cannot be written. Nothing is written then.
    """
    notes = Notes()
    xml = XmlText()
    profiles = tuple(profiles)
    moment = submitted.replace(tzinfo=None).isoformat(timespec="seconds")
    with naming(path):
        if not profiles:
            raise FormatError("there is no profile to write", "A CMF file has at least one SPECIMEN")
        sample, times = Counter(profile.sample for profile in profiles).most_common(1)[0]
        if times > 1:
            raise FormatError(f"the specimen {sample} is told twice", "Give every specimen an id of its own")
        xml.open("CODISImportFile", {"xmlns": NAMESPACE})
        _write_header(xml, source_lab, destination_ori, user, moment, batch)
        for profile in profiles:
            told = {key: text for key, text in (details or {}).get(profile.sample, {}).items() if text}
            about = {"category": category or "", "reader": user, "read_at": moment, **told}
            _write_specimen(xml, profile, about, notes)
        xml.close()
    write_text(path, str(xml), newline="\r\n")
    return notes.told()


def _write_header(xml: XmlText, source_lab: str, destination_ori: str, user: str, moment: str, batch: str | None) -> None:
    for name, text, longest in (
        ("DESTINATIONORI", destination_ori, 10),
        ("SOURCELAB", source_lab, 10),
        ("SUBMITBYUSERID", user, 20),
    ):
        check_length(name, text, longest)
    check_moment("SUBMITDATETIME", moment)
    check_length("BATCHID", batch or "", 32, 0)
    xml.leaf("HEADERVERSION", "3.2")
    xml.leaf("MESSAGETYPE", "Import")
    xml.leaf("DESTINATIONORI", destination_ori)
    xml.leaf("SOURCELAB", source_lab)
    xml.leaf("SUBMITBYUSERID", user)
    xml.leaf("SUBMITDATETIME", moment)
    if batch:
        xml.leaf("BATCHID", batch)


def _write_specimen(xml: XmlText, profile: Profile, about: Mapping[str, str], notes: Notes) -> None:
    sample = profile.sample
    case, comment = about.get("case", ""), about.get("comment", "")
    check_length("SPECIMENID", sample, 24)
    check_length("CASEID", case, 32, 0)
    check_length("SPECIMENCOMMENT", comment, 255, 0)
    if not about["category"]:
        raise FormatError(f"the specimen {sample} has no category", "Give one in details, or one for all", field="category")
    for key, allowed in (("category", CATEGORIES), ("source", SOURCES), ("partial", TRUTHS)):
        if about.get(key, allowed[0]) not in allowed:
            raise FormatError(
                f'the specimen {sample} has the {key} "{about[key]}", which CMF 3.2 does not know',
                nearest(about[key], allowed),
                field=key,
            )
    loci = _loci(profile, notes)
    if not loci:
        raise FormatError(f"the specimen {sample} has no locus that CMF 3.2 could hold", "Leave it out", field="LOCUS")
    if any(mark in text for mark in "|;" for text in (sample, case, comment)):
        notes.add("| or ; is written, which CODIS advises against", sample)
    xml.open("SPECIMEN", {"SOURCEID": about.get("source"), "CASEID": case or None, "PARTIAL": about.get("partial")})
    xml.leaf("SPECIMENID", sample)
    xml.leaf("SPECIMENCATEGORY", about["category"])
    if comment:
        xml.leaf("SPECIMENCOMMENT", comment)
    for name, alleles in loci.items():
        own = {key: about.get(f"{key}:{name}") or about.get(key) for key in ("reader", "read_at", "batch", "kit")}
        reader, read_at = own["reader"] or "", own["read_at"] or ""
        check_length("READINGBY", reader, 20)
        check_moment("READINGDATETIME", read_at)
        check_length("BATCHID", own["batch"] or "", 32, 0)
        xml.open("LOCUS", {"BATCHID": own["batch"], "KIT": _kit(profile.kit or own["kit"], sample, notes)})
        xml.leaf("LOCUSNAME", CMF_NAME[name])
        xml.leaf("READINGBY", reader)
        xml.leaf("READINGDATETIME", read_at)
        for allele in alleles:
            xml.open("ALLELE")
            xml.leaf("ALLELEVALUE", allele)
            xml.close()
        xml.close()
    xml.close()


def _loci(profile: Profile, notes: Notes) -> dict[str, Genotype]:
    """The genotypes that CMF can hold and that read back as they are."""
    loci: dict[str, Genotype] = {}
    for name, genotype in profile.genotypes.items():
        written = CMF_NAME.get(name)
        if written is None:
            notes.add(f"{name} left out, which is no locus of CMF 3.2", profile.sample)
        elif Profile.from_calls("sample", [(written, genotype)]).genotypes.get(name) != genotype:
            notes.add(f"{name} left out, which is not the genotype of one person", profile.sample)
        else:
            loci[name] = genotype
    for name in profile.flags:
        if name not in profile.genotypes:
            notes.add(f"{name} left out, which a quality flag sets aside", profile.sample)
    return loci


def _kit(kit: str | None, sample: str, notes: Notes) -> str | None:
    name = kit_name(kit) if kit else None
    if kit and name is None:
        notes.add(f"kit {kit} left out, which CMF 3.2 does not know", sample)
    return name
