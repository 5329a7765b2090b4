from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.kinship.errors import FormatError, InputError, PedigreeError
from wayhome.kinship.formats.families import read_families, write_families
from wayhome.kinship.genetics.profiles import Profile
from wayhome.kinship.pedigrees.family import Family
from wayhome.kinship.pedigrees.pedigree import Member, Pedigree, Sex

PEDIGREES = """family,member,father,mother,sex,missing
F1,father,,,M,
F1,mother,,,F,
F1,child,father,mother,U,1
F2,child,0,aunt,female,yes
F2,aunt,,,2,no
"""
PROFILES = """family,member,marker,allele1,allele2,kit
F1,father,TH01,6,9.3,GlobalFiler
F1,father,vWA,15,15,GlobalFiler
F2,aunt,TH01,7,8,
F1,mother,TH01,9,9,GlobalFiler
"""


def write(folder: Path, pedigrees: str = PEDIGREES, profiles: str = PROFILES) -> Path:
    (folder / "pedigrees.csv").write_text(pedigrees, "utf-8")
    (folder / "profiles.csv").write_text(profiles, "utf-8")
    return folder


def test_a_pair_of_tables(tmp_path: Path) -> None:
    found = read_families(write(tmp_path))
    assert found.format == "families-csv"
    assert found.notes == ()
    first, second = found.families
    assert first == Family(
        Pedigree.of(
            [("father", None, None, "M"), ("mother", None, None, "F"), ("child", "father", "mother", "U")], "child", "F1"
        ),
        {
            "father": Profile("F1/father", {"TH01": ("6", "9.3"), "vWA": ("15",)}, "GlobalFiler"),
            "mother": Profile("F1/mother", {"TH01": ("9",)}, "GlobalFiler"),
        },
    )
    assert second.pedigree.members == (Member("child", None, "aunt", "F"), Member("aunt", sex="F"))
    assert second.profiles == {"aunt": Profile("F2/aunt", {"TH01": ("7", "8")})}
    paths = [tmp_path / "pedigrees.csv", tmp_path / "profiles.csv"]
    assert found.sha256 == {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def test_where_the_profiles_are_looked_for(tmp_path: Path) -> None:
    expected = read_families(write(tmp_path)).families
    assert read_families(tmp_path / "pedigrees.csv").families == expected
    assert read_families(tmp_path / "pedigrees.csv", tmp_path / "profiles.csv").families == expected
    (tmp_path / "pedigrees.csv").rename(tmp_path / "henan.csv")
    with pytest.raises(FormatError, match=r"henan\.profiles\.csv were looked for") as caught:
        read_families(tmp_path / "henan.csv")
    assert caught.value.file == str(tmp_path / "henan.csv")
    (tmp_path / "profiles.csv").rename(tmp_path / "henan.profiles.csv")
    assert read_families(tmp_path / "henan.csv").families == expected


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"holds no pedigrees\.csv") as caught:
        read_families(tmp_path)
    assert caught.value.file == str(tmp_path)
    with pytest.raises(FormatError, match="does not exist") as caught:
        read_families(tmp_path / "none.csv")
    assert caught.value.file == str(tmp_path / "none.csv")
    (tmp_path / "pedigrees.csv").write_text(PEDIGREES)
    with pytest.raises(FormatError, match=r"profiles\.csv and pedigrees\.profiles\.csv were looked for"):
        read_families(tmp_path)
    with pytest.raises(FormatError, match="cannot be read"):
        read_families(tmp_path / ("x" * 300))


@pytest.mark.parametrize("mark", ["1", "yes", "TRUE", "x", " X ", "y"])
@pytest.mark.parametrize(("sex", "meant"), [("m", "M"), ("Female", "F"), ("0", "U"), ("", "U"), ("unknown", "U"), ("2", "F")])
def test_marks_and_sexes(tmp_path: Path, mark: str, sex: str, meant: Sex) -> None:
    text = f"Family;Member;Father;Mother;Sex;Missing\nF1;c;;;{sex};{mark}\nF1;s;;;;0\nF1;t;;;;no\nF1;u;;;;false\n"
    (family,) = read_families(write(tmp_path, text, "family;member;marker;allele1\nF1;s;TH01;9,3\n")).families
    assert family.missing == "c"
    assert family.pedigree["c"].sex == meant
    assert family.profiles["s"].genotypes == {"TH01": ("9.3",)}


def test_named_parents_without_a_row_are_added(tmp_path: Path) -> None:
    pedigrees = "family,member,father,mother,sex,missing\nF1,c,dad,mum,U,1\nF1,s,dad,,F,\n"
    found = read_families(write(tmp_path, pedigrees, "family,member,marker,allele1,allele2\nF1,dad,TH01,6,7\n"))
    (family,) = found.families
    assert family.pedigree.members[2:] == (Member("dad", sex="M"), Member("mum", sex="F"))
    assert "dad" in family.profiles
    assert found.notes == ("named as a parent without a row, and added as a founder: dad of F1, mum of F1",)


def test_rows_may_stand_in_any_order(tmp_path: Path) -> None:
    def shuffled(text: str) -> str:
        header, *rows = text.splitlines()
        return "\n".join([header, *rows[::-1]])

    expected = {family.id: family for family in read_families(write(tmp_path)).families}
    found = read_families(write(tmp_path, shuffled(PEDIGREES), shuffled(PROFILES))).families
    assert {family.id: dict(family.profiles) for family in found} == {
        name: dict(family.profiles) for name, family in expected.items()
    }
    assert {family.id: set(family.pedigree.members) for family in found} == {
        name: set(family.pedigree.members) for name, family in expected.items()
    }


def test_a_sample_can_name_the_member(tmp_path: Path) -> None:
    profiles = "sample,marker,allele1,allele2\nF1/father,TH01,6,7\nmother,TH01,8,9\naunt,TH01,9,9\n"
    first, second = read_families(write(tmp_path, profiles=profiles)).families
    assert {member: profile.sample for member, profile in first.profiles.items()} == {"father": "F1/father", "mother": "mother"}
    assert list(second.profiles) == ["aunt"]


def test_a_sample_beside_the_member_is_the_laboratorys(tmp_path: Path) -> None:
    profiles = "family,member,sample,marker,allele1,allele2\nF1,father,L-007,TH01,6,7\nF1,mother,,TH01,8,9\n"
    first, _ = read_families(write(tmp_path, profiles=profiles)).families
    assert [profile.sample for profile in first.profiles.values()] == ["L-007", "F1/mother"]


HEAD = "family,member,father,mother,sex,missing\n"


@pytest.mark.parametrize(
    ("pedigrees", "line", "field", "family", "member", "problem"),
    [
        ("", None, None, None, None, "is empty"),
        (HEAD, 1, None, None, None, "a header and no families"),
        ("family,member,father,mother,sex\nF1,c,,,U\n", 1, "missing", None, None, 'no column "missing"'),
        (HEAD + "F1,c,,,U,\n", 2, "missing", "F1", None, "nobody is marked as missing"),
        (HEAD + "F1,c,,,U,1\nF1,d,,,U,1\n", 3, "missing", "F1", "d", "c and d are both marked as missing"),
        (HEAD + "F1,c,,,U,maybe\n", 2, "missing", "F1", "c", '"maybe" does not say'),
        (HEAD + "F1,c,,,boy,1\n", 2, "sex", "F1", "c", '"boy" is no sex'),
        (HEAD + ",c,,,U,1\n", 2, "family", None, None, "without a family"),
        (HEAD + "F1,,,,U,1\n", 2, "member", "F1", None, "without a member"),
        (HEAD + "F1,0,,,U,1\n", 2, "member", "F1", "0", "without a member"),
        (HEAD + "F1,c,,,U,1\nF1,c,,,U,\n", 3, "member", "F1", "c", "c is told twice"),
        (HEAD + "F1,c,m,,U,1\nF1,m,,,F,\n", 3, "member", "F1", "m", "recorded as female"),
        (HEAD + "F1,c,p,p,U,1\n", None, "member", "F1", None, "p, mother of c, is recorded as male"),
        (HEAD + "F1,c,d,,M,1\nF1,d,c,,M,\n", None, "member", "F1", None, "their own ancestor"),
        (HEAD + "F1,c,,,U,1,more\n", 2, None, None, None, "7 cells, the header 6"),
    ],
)
def test_errors_in_pedigrees_name_the_place(
    tmp_path: Path, pedigrees: str, line: int | None, field: str | None, family: str | None, member: str | None, problem: str
) -> None:
    with pytest.raises(InputError) as caught:
        read_families(write(tmp_path, pedigrees))
    error = caught.value
    assert problem in error.problem
    assert error.file == str(tmp_path / "pedigrees.csv")
    assert error.field == field
    assert error.data.get("family") == family
    if line is not None:
        assert error.line == line
    if member is not None:
        assert isinstance(error, PedigreeError)
        assert error.member == member


ROWS = "family,member,marker,allele1,allele2,kit\n"


@pytest.mark.parametrize(
    ("profiles", "line", "field", "family", "member", "problem"),
    [
        ("", None, None, None, None, "is empty"),
        ("family,marker,allele1\nF1,TH01,6\n", 1, "member", None, None, 'no column "member"'),
        ("marker,allele1\nTH01,6\n", 1, "family", None, None, 'no column "family"'),
        ("family,member,marker\nF1,father,TH01\n", 1, "allele1", None, None, 'no column "allele1"'),
        (ROWS + "F9,father,TH01,6,7,\n", 2, "family", "F9", "father", 'the family "F9", which has no pedigree'),
        (ROWS + "F1,father,TH01,6,7,\nF1,uncle,TH01,6,7,\n", 3, "member", "F1", "uncle", "a profile of uncle, who is not"),
        (ROWS + "F1,child,TH01,6,7,\n", 2, "member", "F1", "child", "the missing member child has a profile"),
        (ROWS + "F1,father,TH01,6,7,\nF1,father,TH01,6,8,\n", 3, "TH01", "F1", "father", "has TH01 twice"),
        (ROWS + "F1,father,TH01,6,?7,\n", 2, "TH01", "F1", "father", "is not an allele"),
        (ROWS + "F1,father,TH01,6,7,A\nF1,father,vWA,15,16,B\n", 3, "kit", "F1", "father", "the kits A and B"),
        (ROWS + "F1,father,,6,7,\n", 2, "marker", "F1", "father", "without a marker"),
        (
            "family,member,sample,marker,allele1\nF1,father,A,TH01,6\nF1,father,B,vWA,15\n",
            3,
            "sample",
            "F1",
            "father",
            "two samples",
        ),
        ("sample,marker,allele1\nF1/nobody,TH01,6\n", 2, "sample", None, None, '"F1/nobody" is of no member'),
        ("sample,marker,allele1\nchild,TH01,6\n", 2, "sample", None, "child", "a member of more than one family"),
    ],
)
def test_errors_in_profiles_name_the_place(
    tmp_path: Path, profiles: str, line: int | None, field: str | None, family: str | None, member: str | None, problem: str
) -> None:
    with pytest.raises(InputError) as caught:
        read_families(write(tmp_path, profiles=profiles))
    error = caught.value
    assert problem in error.problem
    assert (error.file, error.line, error.field) == (str(tmp_path / "profiles.csv"), line, field)
    assert error.data.get("family") == family
    assert (error.member if isinstance(error, PedigreeError) else error.data.get("member")) == member


def test_a_sample_that_could_be_two_members_is_refused(tmp_path: Path) -> None:
    pedigrees = HEAD + "a,b/c,,,U,1\na,d,,,U,\na/b,c,,,U,1\na/b,e,,,U,\n"
    with pytest.raises(PedigreeError, match="more than one family"):
        read_families(write(tmp_path, pedigrees, "sample,marker,allele1\na/b/c,TH01,6\n"))


# -- writing

IDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=6).filter(
    lambda text: text == text.strip() and text != "0"
)


REPEATS = st.sampled_from([["6", "9.3"], ["15"], ["OL"], ["9", "OMR"], []])
CALLS = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(["TH01", "vWA", "Penta D", "D6S474"], REPEATS),
        "AMEL": st.sampled_from([["X"], ["X", "Y"], ["X", "OS"]]),
    },
)


@st.composite
def families(draw: st.DrawFn, name: str) -> Family:
    """A family of up to six; each member's parents come before it."""
    ids = draw(st.lists(IDS, min_size=1, max_size=6, unique=True))
    sexes: list[Sex] = draw(st.lists(st.sampled_from(["M", "F"]), min_size=len(ids), max_size=len(ids)))
    members = []
    for k, (id_, sex) in enumerate(zip(ids, sexes, strict=True)):
        men = [None, *(i for i, s in zip(ids[:k], sexes, strict=False) if s == "M")]
        women = [None, *(i for i, s in zip(ids[:k], sexes, strict=False) if s == "F")]
        members.append(Member(id_, draw(st.sampled_from(men)), draw(st.sampled_from(women)), sex))
    members[-1] = replace(members[-1], sex=draw(st.sampled_from(["M", "F", "U"])))
    profiles = {}
    for id_ in draw(st.lists(st.sampled_from(ids), unique=True)):
        if id_ != ids[-1]:
            calls = draw(CALLS)
            sample = draw(st.sampled_from([f"{name}/{id_}", "L-1"]))
            profiles[id_] = Profile.from_calls(sample, calls, kit=draw(st.sampled_from(["HDplex", "SureID 27comp"])))
    return Family(Pedigree(tuple(members), ids[-1], name), profiles)


@given(data=st.data(), names=st.lists(IDS, min_size=1, max_size=3, unique=True))
def test_what_is_written_is_read_again(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, names: list[str]) -> None:
    told = tuple(data.draw(families(name)) for name in names)
    pedigrees, profiles = (tmp_path_factory.getbasetemp() / name for name in ("families.csv", "families.profiles.csv"))
    write_families(pedigrees, profiles, told)
    found = read_families(pedigrees)
    assert found.families == told
    assert found.notes == ()


def test_the_written_tables_are_the_documented_ones(tmp_path: Path) -> None:
    write_families(tmp_path / "a.csv", tmp_path / "b.csv", read_families(write(tmp_path)).families)
    assert (tmp_path / "a.csv").read_text().splitlines()[:4] == [
        "family,member,father,mother,sex,missing",
        "F1,father,,,M,",
        "F1,mother,,,F,",
        "F1,child,father,mother,U,1",
    ]
    assert (tmp_path / "b.csv").read_text().splitlines() == [
        "family,member,marker,allele1,allele2,kit",
        "F1,father,TH01,6,9.3,GlobalFiler",
        "F1,father,vWA,15,15,GlobalFiler",
        "F1,mother,TH01,9,9,GlobalFiler",
        "F2,aunt,TH01,7,8,",
    ]


@pytest.mark.parametrize("name", ["", "0", " F1", "F1\n"])
def test_names_that_would_be_read_otherwise_are_refused(tmp_path: Path, name: str) -> None:
    for family in (Family(Pedigree.of([("c", None, None, "U")], "c", name)),) + (
        (Family(Pedigree.of([(name, None, None, "U")], name, "F1")),) if name else ()
    ):
        with pytest.raises(PedigreeError, match="would not be read again"):
            write_families(tmp_path / "a.csv", tmp_path / "b.csv", [family])
    assert list(tmp_path.iterdir()) == []


def test_two_families_of_one_name_are_refused(tmp_path: Path) -> None:
    family = Family(Pedigree.of([("c", None, None, "U")], "c", "F1"))
    with pytest.raises(PedigreeError, match="two families are called F1"):
        write_families(tmp_path / "a.csv", tmp_path / "b.csv", [family, family])


@given(data=st.data())
def test_damaged_tables_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, spoiled: Callable[[st.DataObject, bytes], bytes], data: st.DataObject
) -> None:
    folder = tmp_path_factory.getbasetemp() / "spoiled-families"
    folder.mkdir(exist_ok=True)
    whole = [PEDIGREES.encode(), PROFILES.encode()]
    which = data.draw(st.integers(0, 1))
    whole[which] = spoiled(data, whole[which])
    paths = [folder / "pedigrees.csv", folder / "profiles.csv"]
    for path, content in zip(paths, whole, strict=True):
        path.write_bytes(content)
    refusal = None
    try:
        read_families(folder, encoding=data.draw(st.sampled_from([None, "cp1252", "utf-16"])))
    except InputError as error:
        refusal = error
    if refusal is not None:
        assert refusal.file in map(str, paths)
        assert refusal.problem
        assert len(str(refusal)) < 2000


def test_ten_thousand_families_are_read_in_seconds(tmp_path: Path) -> None:
    """A guard against work that grows with the square of the file, not a measurement."""
    count = 10_000
    pedigrees = "".join(f"F{i},dad,,,M,\nF{i},mum,,,F,\nF{i},c,dad,mum,U,1\n" for i in range(count))
    profiles = "".join(
        f"F{i},{who},{locus},{i % 30 + 1},{i % 7 + 1},GlobalFiler\n"
        for i in range(count)
        for who in ("dad", "mum")
        for locus in ("TH01", "vWA")
    )
    write(tmp_path, HEAD + pedigrees, ROWS + profiles)
    start = time.process_time()
    found = read_families(tmp_path)
    assert time.process_time() - start < 10
    assert len(found.families) == count
    assert found.families[-1].profiles["mum"].genotypes["vWA"] == ("4", "10")
