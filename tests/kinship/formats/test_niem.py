from __future__ import annotations

import codecs
import pickle
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.kinship.errors import FormatError, InputError, PedigreeError, ProfileError
from wayhome.kinship.formats.niem import NiemFile, NiemPedigree, read_niem, write_niem
from wayhome.kinship.formats.niem_schema import STATUSES
from wayhome.kinship.genetics.loci import Inheritance, allele_order, locus, panel, panels
from wayhome.kinship.genetics.profiles import Profile
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.pedigrees.pedigree import Member, Pedigree, Sex

HEADER = """<?xml version="1.0" encoding="UTF-8"?>
<any:Message xmlns:any="urn:any" xmlns:biom="http://release.niem.gov/niem/domains/biometrics/5.1/"
 xmlns:nc="http://release.niem.gov/niem/niem-core/5.0/" xmlns:structures="http://release.niem.gov/niem/structures/5.0/">
"""


def identification(name: str, text: str, category: str, element: str = "IdentificationCategoryDescriptionText") -> str:
    return f"<biom:{name}><nc:IdentificationID>{text}</nc:IdentificationID><nc:{element}>{category}</nc:{element}></biom:{name}>"


def call(name: str, *alleles: str, quality: str = "Normal", operator: str = "Equal", kit: str = "", more: str = "") -> str:
    inside = f"<biom:DNALocusName>{name}</biom:DNALocusName><biom:DNALocusCategoryCode>Autosomal</biom:DNALocusCategoryCode>"
    inside += f"<biom:DNAKit><biom:DNAKitName>{kit}</biom:DNAKitName></biom:DNAKit>" if kit else ""
    inside += f"<biom:DNALocusQualityStatusCode>{quality}</biom:DNALocusQualityStatusCode>"
    for allele in alleles:
        inside += f"<biom:DNAAllele><biom:DNAAlleleOperatorCode>{operator}</biom:DNAAlleleOperatorCode>"
        inside += f"<biom:DNAAlleleCall1Text>{allele}</biom:DNAAlleleCall1Text>{more}</biom:DNAAllele>"
    return f"<biom:DNALocus>{inside}</biom:DNALocus>\n"


def record(sample: str = "P1", loci: str = call("vWA", "14", "17"), kit: str = "GlobalFiler") -> str:
    return (
        "<biom:DNARecord><biom:DNACategoryCode>Family Relative</biom:DNACategoryCode>\n"
        "<biom:DNADonor><nc:PersonSexText>Female</nc:PersonSexText></biom:DNADonor>\n"
        + identification("DNADataIdentification", "M1", "NCIC")
        + identification("DNADataIdentification", sample, "DNA Profile ID")
        + "<biom:DNAEncoding><biom:DNATypingTechnologyCode>STR</biom:DNATypingTechnologyCode><biom:DNASTRData>"
        + f"<biom:DNAKit><biom:DNAKitName>{kit}</biom:DNAKitName></biom:DNAKit>\n{loci}"
        + "</biom:DNASTRData></biom:DNAEncoding></biom:DNARecord>\n"
    )


def member(reference: str, sex: str, status: str, father: str = "", mother: str = "", sample: str = "") -> str:
    inside = identification("PedigreeMemberIdentification", sample, "DNA Profile ID") if sample else ""
    inside += f"<nc:PersonSexText>{sex}</nc:PersonSexText><biom:PedigreeMemberStatusCode>{status}</biom:PedigreeMemberStatusCode>"
    inside += f'<biom:PedigreeFatherIdentification structures:metadata="{father}"/>' if father else ""
    inside += f'<biom:PedigreeMotherIdentification structures:metadata="{mother}"/>' if mother else ""
    return f'<biom:PedigreeMember structures:id="{reference}">{inside}</biom:PedigreeMember>\n'


MEMBERS = (
    member("ID-1", "Female", "K", sample="P1"),
    member("ID-2", "Male", "U"),
    member("ID-3", "Male", "S", "ID-2", "ID-1"),
)


def pedigree(*members: str, case: str = "C1", status: str = "Claimed") -> str:
    return (
        "<biom:Pedigree>"
        + identification("PedigreeIdentification", case, "Case ID")
        + f"<biom:PedigreeStatusCode>{status}</biom:PedigreeStatusCode>\n{''.join(members or MEMBERS)}</biom:Pedigree>\n"
    )


def document(*parts: str) -> str:
    return HEADER + "".join(parts or (record(), pedigree())) + "</any:Message>\n"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("niem") / "given.xml"


@pytest.fixture
def read(place: Path) -> Callable[[str], NiemFile]:
    def reader(text: str) -> NiemFile:
        place.write_text(text, encoding="utf-8")
        return read_niem(place)

    return reader


def test_the_example_file_is_read(shared_formats: Path) -> None:
    file = read_niem(shared_formats / "niem51_pedigree_example.xml")
    (family,) = file.families
    assert (family.id, family.missing) == ("SYN-CASE-1", "ID-3")
    assert family.pedigree.members == (Member("ID-1", sex="F"), Member("ID-2", sex="M"), Member("ID-3", "ID-2", "ID-1", "M"))
    mother = Profile("SYN-MO-1", {"D3S1358": ("15",), "vWA": ("14", "17"), "D16S539": ("10", "11")}, "GlobalFiler")
    assert family.profiles == {"ID-1": mother}
    assert file.profiles.profiles == (mother,)
    assert file.profiles.details == {"SYN-MO-1": {"category": "Family Relative", "sex": "Female", "partial": "false"}}
    assert file.profiles.notes == ("named in a pedigree, but no profile of this file: SYN-FA-1",)
    assert file.profiles.format == "niem-biometrics-5.1"


def test_the_order_of_records_and_pedigrees_does_not_matter(read: Callable[[str], NiemFile]) -> None:
    first = read(document(record(), pedigree()))
    second = read(document("<any:Else/>", pedigree(), record()))
    assert first.families == second.families
    assert first.families[0].profiles["ID-1"].genotypes == {"vWA": ("14", "17")}
    assert first.profiles.details["P1"]["NCIC"] == "M1"


def test_nobody_sought_is_a_pedigree_without_a_family(read: Callable[[str], NiemFile]) -> None:
    file = read(document(record(), pedigree(member("ID-1", "Female", "K", sample="P1"), member("ID-2", "Male", "K", "", "ID-1"))))
    (one,) = file.pedigrees
    assert file.families == ()
    assert (one.pedigree.name, one.pedigree.missing, one.sought) == ("C1", None, ())
    assert one.profiles == {"ID-1": file.profiles.profiles[0]}


def test_two_sought_are_two_families(read: Callable[[str], NiemFile]) -> None:
    file = read(document(record(), pedigree(*MEMBERS, member("ID-4", "Unknown", "S", "ID-2", "ID-1"))))
    assert [(family.id, family.missing) for family in file.families] == [("C1/ID-3", "ID-3"), ("C1/ID-4", "ID-4")]
    assert file.pedigrees[0].pedigree.missing is None
    assert all(list(family.profiles) == ["ID-1"] for family in file.families)


def test_the_profile_of_who_is_sought_stays_out_of_the_family(read: Callable[[str], NiemFile]) -> None:
    members = (member("ID-1", "Female", "K"), member("ID-2", "Male", "S", "", "ID-1", sample="P1"))
    file = read(document(record(), pedigree(*members)))
    assert file.families[0].profiles == {}
    assert list(file.pedigrees[0].profiles) == ["ID-2"]
    assert file.profiles.notes == ("sought, so their own profile does not count in their family: ID-2",)


@pytest.mark.parametrize("status", STATUSES)
def test_a_refuted_pedigree_makes_no_family(read: Callable[[str], NiemFile], status: str) -> None:
    file = read(document(record(), pedigree(status=status)))
    refuted = status in {"Negated", "Unable to process"}
    assert len(file.families) == (0 if refuted else 1)
    assert file.pedigrees[0].status == status
    assert file.profiles.notes == ((f"pedigree {status}, so no family made of it: C1",) if refuted else ())


def test_calls_that_are_not_certain_are_set_aside(read: Callable[[str], NiemFile]) -> None:
    two = "<biom:DNAAlleleCall2Text>14</biom:DNAAlleleCall2Text>"
    loci = (
        call("D3S1358", "15", quality="Partial")
        + call("vWA", "14", "17", quality="Not Definitive")
        + call("FGA", "20", quality="Silent Allele")
        + call("TH01", "4", operator="BelowLowerLimit")
        + call("TPOX", "14", operator="AboveUpperLimit")
        + call("D18S51", "12", operator="Range", more=two)
        + call("Amelogenin", "X")
        + call("Yindel", "2")
    )
    file = read(document(record(loci=loci)))
    (profile,) = file.profiles.profiles
    assert profile.genotypes == {"AMEL": ("X",), "Y-InDel": ("2",)}
    assert profile.flags == {
        "D3S1358": ("partial",),
        "vWA": ("not_definitive",),
        "FGA": ("silent_allele",),
        "TH01": ("allele_range",),
        "TPOX": ("allele_range",),
        "D18S51": ("allele_range",),
    }
    assert "FGA set aside (silent_allele): P1" in file.profiles.notes


def test_each_locus_is_understood_by_its_own_kit(read: Callable[[str], NiemFile]) -> None:
    loci = call("vWA", "14") + call("D6S474", "14", kit="Investigator HDplex") + call("D5S2500", "11", kit="SureID 27comp")
    file = read(document(record(loci=loci)))
    assert file.profiles.profiles == (Profile("P1", {"vWA": ("14",), "D6S474": ("15",), "D5S2800": ("11",)}),)
    told = file.profiles.details["P1"]
    assert {key: text for key, text in told.items() if key.startswith("kit")} == {
        "kit": "GlobalFiler",
        "kit:D6S474": "Investigator HDplex",
        "kit:D5S2800": "SureID 27comp",
    }


def test_a_record_without_str_data_is_noted(read: Callable[[str], NiemFile]) -> None:
    text = re.sub("<biom:DNASTRData>.*</biom:DNASTRData>", "<biom:DNAMitoData/>", record(), flags=re.S)
    file = read(document(text, pedigree()))
    assert file.profiles.profiles == ()
    assert list(file.profiles.details) == ["P1"]
    assert file.families[0].profiles == {}
    assert "no STR data, so no profile: P1" in file.profiles.notes


def test_members_may_have_an_id_of_their_own_and_parents_be_nil(read: Callable[[str], NiemFile]) -> None:
    own = identification("PedigreeMemberIdentification", "aunt", "Member ID", "IdentificationCategoryText")
    nil = '<biom:PedigreeFatherIdentification xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>'
    aunt = f'<biom:PedigreeMember structures:id="a">{own}<nc:PersonSexText>女</nc:PersonSexText>{nil}</biom:PedigreeMember>'
    child = member("b", "Male", "S").replace(
        "</biom:PedigreeMember>", '<biom:PedigreeMotherIdentification structures:ref="a"/></biom:PedigreeMember>'
    )
    file = read(document(pedigree(aunt, child)))
    assert file.families[0].pedigree.members == (Member("aunt"), Member("b", None, "aunt", "M"))
    assert file.profiles.notes == ('sex "女" taken as unknown: aunt',)


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("biometrics/5.1", "biometrics/4.0", 2, "neither a DNARecord nor a Pedigree"),
        ("DNA Profile ID</nc", "Sample ID</nc", 4, "no DNA Profile ID"),
        (">P1<", f">{'P' * 256}<", 6, "more than 255 characters"),
        (">Normal<", ">Fine<", 7, 'quality "Fine"'),
        (">Equal<", ">About<", 7, 'operator "About"'),
        (">14<", ">junk<", 7, "is not an allele"),
        (">14<", "><", 7, "0 characters"),
        (">14<", f">{'1' * 41}<", 7, "41 characters"),
        (">vWA<", "><", 7, "0 characters"),
        (">GlobalFiler<", f">{'G' * 256}<", 6, "kit name"),
        ("</biom:DNARecord>\n", "</biom:DNARecord>" + record(), 8, "P1 is told twice"),
        ("Case ID", "", 9, None),
        (">C1<", "><", 9, "no PedigreeIdentification"),
        ("Claimed", "Rumoured", 9, 'status "Rumoured"'),
        ('id="ID-3"', 'id="ID-1"', 12, "ID-1 is told twice"),
        ('id="ID-3"', 'no="ID-3"', 12, "without an id"),
        (">S<", ">X<", 12, 'status "X"'),
        ('"ID-2"/>', '"ID-9"/>', 12, 'refers to "ID-9"'),
        ('structures:metadata="ID-2"', "", 12, 'refers to ""'),
        ('metadata="ID-2"', 'metadata="ID-1"', 10, "recorded as female"),
        ('metadata="ID-2"', 'metadata="ID-3"', 12, "own ancestor"),
        ("Male", "Female", 11, "recorded as female"),
        ("".join(MEMBERS), "", 9, "no PedigreeMember"),
        ("</biom:Pedigree>", "</biom:Pedigree>" + pedigree(), 13, "C1 is told twice"),
        (MEMBERS[1], member("ID-2", "Male", "K", sample="P1"), 11, "belongs to two members"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(
    read: Callable[[str], NiemFile], place: Path, old: str, new: str, line: int, says: str | None
) -> None:
    text = document()
    assert old in text
    changed = text.replace(old, new) if old.startswith("biometrics") else text.replace(old, new, 1)
    if says is None:
        assert read(changed).families[0].id == "C1"
        return
    with pytest.raises(InputError) as caught:
        read(changed)
    assert (caught.value.file, caught.value.line) == (str(place), line)
    assert says in str(caught.value)
    assert caught.value.field or isinstance(caught.value, PedigreeError)


def test_two_readings_of_a_locus_must_agree(read: Callable[[str], NiemFile]) -> None:
    with pytest.raises(ProfileError, match="vWA twice") as caught:
        read(document(record(loci=call("vWA", "14") + call("VWA", "15"))))
    assert caught.value.line == 8


def test_encodings_and_line_ends_are_understood(place: Path) -> None:
    text = document(record("家"))
    for data in (
        codecs.BOM_UTF8 + text.encode(),
        text.replace("\n", "\r\n").encode(),
        text.encode("utf-16"),
        text.replace("UTF-8", "GB18030").encode("gb18030"),
    ):
        place.write_bytes(data)
        assert [profile.sample for profile in read_niem(place).profiles.profiles] == ["家"]


@pytest.mark.parametrize(
    "data",
    [
        document(record("家")).encode("gbk"),
        document().replace("<any", '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><any', 1).encode(),
        document("<biom:Pedigree>" * 100_000 + "</biom:Pedigree>" * 100_000).encode(),
        b"",
        HEADER.encode(),
    ],
)
def test_hostile_files_are_refused_with_their_line(
    place: Path, refused: Callable[[Callable[[Path], Any], Path], InputError | None], data: bytes
) -> None:
    place.write_bytes(data)
    error = refused(read_niem, place)
    assert error is not None
    assert error.line


def test_a_file_cut_off_anywhere_is_refused(
    place: Path, refused: Callable[[Callable[[Path], Any], Path], InputError | None]
) -> None:
    data = document().strip().encode()
    for length in range(0, len(data), 3):
        place.write_bytes(data[:length])
        error = refused(read_niem, place)
        assert error is not None
        assert error.line
    place.write_bytes(data)
    assert refused(read_niem, place) is None


@given(st.data())
def test_spoiled_files_are_refused_or_read(
    place: Path,
    spoiled: Callable[[st.DataObject, bytes], bytes],
    refused: Callable[[Callable[[Path], Any], Path], InputError | None],
    data: st.DataObject,
) -> None:
    place.write_bytes(spoiled(data, document().encode()))
    error = refused(read_niem, place)
    assert error is None or error.line


MOTHER = Profile("P1", {"vWA": ("14", "17"), "AMEL": ("X",)}, "GlobalFiler")
FAMILY = Family(Pedigree.of([("m", None, None, "F"), ("f", None, None, "M"), ("c", "f", "m", "U")], "c", "F1"), {"m": MOTHER})


def test_children_without_a_family_are_written_too(place: Path) -> None:
    child = Profile("C1", {"vWA": ("14",)})
    assert write_niem(place, [FAMILY], profiles=[child], details={"C1": {"category": "Unaccompanied Minor", "sex": "Male"}}) == ()
    file = read_niem(place)
    assert file.families == (FAMILY,)
    assert file.profiles.profiles == (MOTHER, child)
    assert file.profiles.details == {
        "P1": {"category": "Family Relative", "case": "F1", "sex": "Female"},
        "C1": {"category": "Unaccompanied Minor", "sex": "Male"},
    }


def test_what_would_not_be_understood_again_is_left_out_and_noted(place: Path) -> None:
    mother = replace(
        MOTHER,
        genotypes={"vWA": ("14",), "D6S474": ("15",), "vwa": ("14",), "FGA": ("20", "21", "22"), "D5S2500": ("11",)},
        flags={"TH01": ("off_ladder",), "vWA": ("off_scale",)},
        kit=None,
    )
    would_not = "left out, which would not be understood again: P1"
    assert write_niem(place, [Family(FAMILY.pedigree, {"m": mother})]) == (
        f"D6S474 {would_not}",
        f"vwa {would_not}",
        f"FGA {would_not}",
        f"D5S2500 {would_not}",
        "TH01 left out, which a quality flag sets aside: P1",
    )
    assert read_niem(place).profiles.profiles == (Profile("P1", {"vWA": ("14",)}),)


def test_alleles_are_written_as_the_kit_counts_them(place: Path) -> None:
    mother = Profile("P1", {"D6S474": ("15", "16"), "D5S2500": ("11",)}, "Investigator HDplex")
    family = Family(FAMILY.pedigree, {"m": mother})
    assert write_niem(place, [family]) == ()
    assert re.findall("<biom:DNAAlleleCall1Text>([^<]*)", place.read_text("utf-8")) == ["14", "15", "11"]
    assert read_niem(place).families == (family,)


def test_one_relative_in_two_families_is_one_record(place: Path) -> None:
    second = Family(FAMILY.pedigree.relabelled({"c": "d"}).replacing(), {"m": MOTHER})
    second = Family(replace(second.pedigree, name="F2"), second.profiles)
    write_niem(place, [FAMILY, second])
    file = read_niem(place)
    assert file.families == (FAMILY, second)
    assert len(file.profiles.profiles) == 1


def test_pedigrees_are_written_with_their_status(place: Path) -> None:
    one = NiemPedigree(replace(FAMILY.pedigree, missing=None), FAMILY.profiles, ("m", "c"), "Negated")
    two = NiemPedigree(replace(FAMILY.pedigree, missing=None, name="F2"))
    write_niem(place, [one, two])
    assert read_niem(place).pedigrees == (one, two)
    assert pickle.loads(pickle.dumps(one)) == one
    with pytest.raises(PedigreeError, match="nobody is not in the pedigree"):
        replace(one, sought=("nobody",))


def renamed(**names: str) -> Family:
    return Family(
        replace(FAMILY.pedigree.relabelled(names), name=names.get("case", "F1")),
        {names.get("m", "m"): replace(MOTHER, sample=names.get("sample", "P1"), kit=names.get("kit"))},
    )


@pytest.mark.parametrize(
    ("families", "profiles", "details", "says"),
    [
        ([], [], {}, "no family and no profile"),
        ([FAMILY, FAMILY], [], {}, "F1 is told twice"),
        ([renamed(case="")], [], {}, "0 characters"),
        ([renamed(case=" F")], [], {}, "blank"),
        ([renamed(sample="")], [], {}, "0 characters"),
        ([renamed(m="m\0")], [], {}, "U+0000"),
        ([renamed(m="m" * 256)], [], {}, "256 characters"),
        ([renamed(kit="k\n")], [], {}, "blank"),
        ([FAMILY], [replace(MOTHER, kit=None)], {}, "two profiles have the sample id P1"),
        ([Family(FAMILY.pedigree, {"m": MOTHER, "f": MOTHER})], [], {}, "belongs to m and f"),
        ([FAMILY], [], {"P1": {"category": "Godmother"}}, "Godmother"),
        ([NiemPedigree(FAMILY.pedigree, status="Rumoured")], [], {}, "Rumoured"),
    ],
)
def test_what_cannot_be_read_again_is_not_written(
    tmp_path: Path, families: list[Family], profiles: list[Profile], details: dict[str, dict[str, str]], says: str
) -> None:
    with pytest.raises(FormatError) as caught:
        write_niem(tmp_path / "new.xml", families, profiles=profiles, details=details)
    assert says in str(caught.value)
    assert caught.value.file == str(tmp_path / "new.xml")
    assert not list(tmp_path.iterdir())


IDS = (
    st.text(st.characters(exclude_categories=["Cs", "Cn", "Cc"]) | st.sampled_from("<&\"'\t\r\n"), min_size=1, max_size=12)
    .map(str.strip)
    .filter(bool)
)
ALLELES = st.integers(2, 60).map(str) | st.builds("{}.{}".format, st.integers(2, 60), st.integers(1, 3))


@st.composite
def profiles_of(draw: st.DrawFn, sample: str) -> Profile:
    kit = draw(st.none() | st.sampled_from(sorted(panels())))
    typed = panel(kit).loci if kit else [locus(name) for name in ("vWA", "Penta E", "DXS10135", "unknown locus")]
    made: dict[str, tuple[str, ...]] = {}
    for one in draw(st.lists(st.sampled_from(typed), unique=True, max_size=8)):
        copies = 1 if one.inheritance is Inheritance.Y and one.name not in {"DYS385", "DYF387S1"} else 2
        alleles = st.sampled_from("XY") if one.name == "AMEL" else ALLELES
        made[one.name] = tuple(sorted(draw(st.sets(alleles, min_size=1, max_size=copies)), key=allele_order))
    return Profile(sample, made, kit)


@st.composite
def families(draw: st.DrawFn) -> list[Family]:
    made = []
    samples = iter(draw(st.lists(IDS, min_size=12, max_size=12, unique=True)))
    for name in draw(st.lists(IDS, min_size=1, max_size=2, unique=True)):
        members: list[Member] = []
        for id_ in draw(st.lists(IDS, min_size=1, max_size=6, unique=True)):
            sex: Sex = draw(st.sampled_from(["M", "F", "U"]))
            father, mother = (
                draw(st.sampled_from([None, *(m.id for m in members if m.sex == sex_of_parent)])) for sex_of_parent in ("M", "F")
            )
            members.append(Member(id_, father, mother, sex))
        missing = draw(st.sampled_from(members)).id
        typed = draw(st.lists(st.sampled_from([m.id for m in members]), unique=True))
        profiles = {id_: draw(profiles_of(next(samples))) for id_ in typed if id_ != missing}
        made.append(Family(Pedigree(tuple(draw(st.permutations(members))), missing, name), profiles))
    return made


@given(families())
def test_families_written_and_read_are_the_same(place: Path, families: list[Family]) -> None:
    assert write_niem(place, families) == ()
    file = read_niem(place)
    assert list(file.families) == families
    assert [one.status for one in file.pedigrees] == ["Claimed"] * len(families)
    assert set(file.profiles.profiles) == {profile for family in families for profile in family.profiles.values()}
