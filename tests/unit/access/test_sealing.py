"""What is sealed opens in its own place, with its own key, unchanged; and nowhere else."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.access.sealing import KeyRing, Place, Unsealable

RING = KeyRing({"k001": b"a" * 32, "k002": b"b" * 32})
PLACES = [
    Place(*parts)
    for parts in itertools.product(("wrk_a", "wrk_b"), ("totp", "mailbox"), ("rec_1", "rec_2", "wrk_a", ""))
]
parts = st.text(max_size=20).filter(lambda text: "|" not in text)
places = st.builds(Place, parts, parts, parts)


@given(st.binary(max_size=200), places)
def test_what_is_sealed_opens_where_it_was_sealed(secret: bytes, place: Place) -> None:
    sealed = RING.seal(secret, place)
    assert RING.open(sealed, place) == secret
    assert len(secret) < 4 or secret not in sealed


@pytest.mark.parametrize("place", PLACES, ids=str)
@pytest.mark.parametrize("elsewhere", PLACES, ids=str)
def test_it_opens_nowhere_else(place: Place, elsewhere: Place) -> None:
    sealed = RING.seal(b"JBSWY3DPEHPK3PXP", place)
    if place == elsewhere:
        assert RING.open(sealed, elsewhere) == b"JBSWY3DPEHPK3PXP"
        return
    with pytest.raises(Unsealable):
        RING.open(sealed, elsewhere)


@given(st.integers(0), st.integers(1, 255))
def test_a_changed_byte_is_noticed(at: int, by: int) -> None:
    sealed = bytearray(RING.seal(b"secret", PLACES[0]))
    sealed[at % len(sealed)] ^= by
    with pytest.raises(Unsealable):
        RING.open(bytes(sealed), PLACES[0])


@given(st.binary(max_size=60))
def test_what_was_never_sealed_does_not_open(noise: bytes) -> None:
    for prefix in (b"", b"\x01", b"\x01k001", b"\x01k002" + bytes(12)):
        with pytest.raises(Unsealable):
            RING.open(prefix + noise, PLACES[0])


def test_it_opens_with_the_key_that_sealed_it_only() -> None:
    sealed = RING.seal(b"secret", PLACES[0])
    assert sealed[:5] == b"\x01k002", "the last key seals"
    with pytest.raises(Unsealable):
        KeyRing({"k002": b"c" * 32}).open(sealed, PLACES[0])
    with pytest.raises(Unsealable):
        KeyRing({"k001": b"a" * 32}).open(sealed, PLACES[0])
    renamed = sealed[:1] + b"k009" + sealed[5:]
    with pytest.raises(Unsealable):
        KeyRing({"k009": b"b" * 32}).open(renamed, PLACES[0])


def test_an_older_key_opens_what_it_sealed() -> None:
    sealed = KeyRing({"k001": b"a" * 32}).seal(b"secret", PLACES[0])
    assert RING.open(sealed, PLACES[0]) == b"secret"


def test_the_same_secret_is_never_sealed_alike() -> None:
    assert len({RING.seal(b"secret", PLACES[0]) for _ in range(100)}) == 100


@pytest.mark.parametrize("masters", [{"k1": b"a" * 32}, {"k001": b"a" * 16}, {"k0001": b"a" * 32}])
def test_a_key_of_another_size_is_none(masters: dict[str, bytes]) -> None:
    with pytest.raises(ValueError, match="characters"):
        KeyRing(masters)


def test_without_a_key_nothing_is_sealed() -> None:
    with pytest.raises(Unsealable):
        KeyRing({}).seal(b"secret", PLACES[0])


def test_two_places_are_never_spelt_alike() -> None:
    with pytest.raises(ValueError, match="bar"):
        RING.seal(b"secret", Place("a|b", "c", "d"))


def test_every_owner_has_a_key_of_their_own() -> None:
    keys = {RING._key(key_id, owner) for key_id in ("k001", "k002") for owner in ("wrk_a", "wrk_b", "")}
    assert len(keys) == 6


def test_what_was_sealed_years_ago_opens() -> None:
    """The format never changes: there are secrets in the tables that were sealed with it."""
    sealed = bytes.fromhex(
        "016b3030316465666768696a6b6c6d6e6f1bc525a19d69bedfe90fd834383f3e194ebd87be5fab0b473fe6b77a9a2a35b4"
    )
    ring = KeyRing({"k001": bytes(range(32))})
    assert ring.open(sealed, Place("usr_1", "totp", "usr_1")) == b"JBSWY3DPEHPK3PXP"


@pytest.mark.parametrize("version", [b"\x00", b"\x02", b""])
def test_another_version_is_not_tried(version: bytes) -> None:
    place = Place("usr_1", "totp", "usr_1")
    sealed = RING.seal(b"secret", place)
    with pytest.raises(Unsealable, match="not sealed with a key of this ring"):
        RING.open(version + sealed[1:], place)
