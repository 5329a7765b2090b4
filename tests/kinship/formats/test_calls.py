from __future__ import annotations

import string
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.kinship.errors import ProfileError
from wayhome.kinship.formats.calls import Calls, ProfileDraft, reported_calls
from wayhome.kinship.genetics.profiles import Profile

LOCI = ["D3S1358", "vWA", "TH01", "Penta D", "D6S474", "D5S2500", "AMEL", "DYS385", "DYS391", "vwa"]
KITS = st.sampled_from([None, "GlobalFiler", "Investigator HDplex", "SureID 27comp", "house kit"])
REAL = st.sampled_from(["6", "06.0", "9.3", "OL", "omr", "OS", "NA", "", ">10"])
ANY = st.text(string.printable, max_size=4) | REAL


@pytest.mark.parametrize("texts", [REAL, ANY], ids=["real", "any"])
@given(data=st.data(), kit=KITS)
def test_calls_in_rows_mean_what_from_calls_says(texts: st.SearchStrategy[str], data: st.DataObject, kit: str | None) -> None:
    loci = data.draw(st.lists(st.sampled_from(LOCI), min_size=1, max_size=2))
    calls = data.draw(st.lists(st.tuples(st.sampled_from(loci), st.lists(texts, max_size=3)), max_size=6))

    def by_rows() -> Profile:
        reader, draft = Calls(), ProfileDraft("S", kit, 1)
        for marker, alleles in calls:
            draft.add(reader.read(marker, tuple(alleles), kit))
        return draft.profile()

    def outcome(read: Callable[[], Profile]) -> Profile | str:
        try:
            return read()
        except ProfileError as error:
            return f"{error.field}: {error.problem.replace('sample S', 'sample')}"

    assert outcome(by_rows) == outcome(lambda: Profile.from_calls("S", calls, kit=kit))


def test_what_only_the_kit_can_tell_is_told_as_the_kit_does() -> None:
    assert dict(reported_calls(Profile("S", {"D6S474": ("14", "15.2")}, "Investigator HDplex"))) == {"D6S474": ("13", "14.2")}
    assert dict(reported_calls(Profile("S", {"D6S474": ("14", "15.2")}, "SureID 27comp"))) == {"D6S474": ("14", "15.2")}
    with pytest.raises(ProfileError, match="does not report D5S2500"):
        list(reported_calls(Profile("S", {"D5S2500": ("14",)}, "SureID 27comp")))


def test_a_homozygote_of_an_autosome_is_told_twice_and_flags_as_marks() -> None:
    profile = Profile.from_calls("S", {"TH01": ["6"], "DYS391": ["10"], "vWA": ["OL", "OMR"], "FGA": ["20", "21", "22"]})
    assert list(reported_calls(profile)) == [("TH01", ("6", "6")), ("DYS391", ("10",)), ("vWA", ("OL", "OMR"))]


def test_flags_of_several_rows_add_up() -> None:
    draft, calls = ProfileDraft("S", None, 1), Calls()
    for mark in ("OL", "OMR", "OL"):
        draft.add(calls.read("TH01", (mark, "6"), None))
    assert draft.profile() == Profile("S", flags={"TH01": ("off_ladder", "outside_marker_range")})
