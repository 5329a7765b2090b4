"""What is sealed opens in its own place, with its own key, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.casework.vault import rules
from wayhome.casework.vault.rules import Broken, Place

PLACE = Place("laboratory_profile", "genotypes", "17")


@given(plain=st.binary(max_size=2000), row=st.text(max_size=20))
def test_what_was_sealed_comes_back(plain: bytes, row: str) -> None:
    key, place = rules.new_key(), replace(PLACE, row=row)
    sealed = rules.seal(plain, key=key, place=place)
    assert rules.unseal(sealed, key=key, place=place) == plain
    assert len(plain) < 4 or plain not in sealed


def test_every_flipped_bit_is_noticed() -> None:
    key = rules.new_key()
    sealed = rules.seal(b"D8S1179 13,14", key=key, place=PLACE)
    assert rules.unseal(sealed, key=key, place=PLACE) == b"D8S1179 13,14"
    for bit in range(8 * len(sealed)):
        altered = bytearray(sealed)
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Broken):
            rules.unseal(bytes(altered), key=key, place=PLACE)
    for cut in range(len(sealed)):
        with pytest.raises(Broken):
            rules.unseal(sealed[:cut], key=key, place=PLACE)


@pytest.mark.parametrize(
    "place",
    [
        replace(PLACE, table="laboratory_entry"),
        replace(PLACE, column="genotype"),
        replace(PLACE, row="18"),
        Place("laboratory_profile", 'genotypes", "17', ""),
        Place("laboratory_profile", "", "genotypes17"),
    ],
)
def test_it_opens_nowhere_else(place: Place) -> None:
    key = rules.new_key()
    with pytest.raises(Broken):
        rules.unseal(rules.seal(b"x", key=key, place=PLACE), key=key, place=place)


def test_it_opens_with_no_other_key() -> None:
    sealed = rules.seal(b"x", key=rules.new_key(), place=PLACE)
    with pytest.raises(Broken):
        rules.unseal(sealed, key=rules.new_key(), place=PLACE)


def test_two_sealed_alike_differ() -> None:
    key = rules.new_key()
    assert rules.seal(b"x", key=key, place=PLACE) != rules.seal(b"x", key=key, place=PLACE)


def test_a_wrapped_key_opens_for_its_purpose_and_owner_alone() -> None:
    private, public = rules.new_house_key()
    other_private, _ = rules.new_house_key()
    key = rules.new_key()
    wrapped = rules.wrap(key, public=public, purpose="relatives", of="relative:17")
    assert key not in wrapped
    assert rules.unwrap(wrapped, private=private, purpose="relatives", of="relative:17") == key
    for private_, purpose, of in (
        (other_private, "relatives", "relative:17"),
        (private, "children", "relative:17"),
        (private, "relatives", "relative:18"),
    ):
        with pytest.raises(Broken):
            rules.unwrap(wrapped, private=private_, purpose=purpose, of=of)
    with pytest.raises(Broken):
        rules.unwrap(wrapped[:-1], private=private, purpose="relatives", of="relative:17")


def test_a_house_key_is_known_by_its_public_half() -> None:
    private, public = rules.new_house_key()
    assert rules.public_half(private) == public
    assert len(rules.fingerprint(public)) == 16
    assert rules.fingerprint(public) != rules.fingerprint(rules.new_house_key()[1])
