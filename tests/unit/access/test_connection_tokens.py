"""A token opens for its workspace and its provider, with a key that is still there; and no other way."""

from __future__ import annotations

import itertools
from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from sheaf.access.connection_tokens import TokenRing
from sheaf.access.sealing import Unsealable

OLD, NEW = {"k001": b"a" * 32}, {"k002": b"b" * 32}
RING = TokenRing(OLD | NEW)
OWNERS = list(
    itertools.product(("wrk_a", "wrk_b", "", "v1"), ("quickbooks", "xero", "zoho", "wrk_a", "")),
)
MOVES = [(owner, elsewhere) for owner in OWNERS for elsewhere in OWNERS if owner != elsewhere]
TOKEN = b'{"access_token": "eyJ", "refresh_token": "AB11"}'
words = st.text(max_size=20).filter(lambda text: "|" not in text)


def seal(owner: tuple[str, str] = OWNERS[0], token: bytes = TOKEN, ring: TokenRing = RING) -> bytes:
    return ring.seal(token, workspace_id=owner[0], provider=owner[1])


def opened(sealed: bytes, owner: tuple[str, str] = OWNERS[0], ring: TokenRing = RING) -> bytes:
    return ring.open(sealed, workspace_id=owner[0], provider=owner[1])


@given(st.binary(max_size=200), words, words)
def test_what_is_sealed_opens_for_whom_it_was_sealed(token: bytes, workspace_id: str, provider: str) -> None:
    assert opened(seal((workspace_id, provider), token), (workspace_id, provider)) == token


@pytest.mark.parametrize(("owner", "elsewhere"), MOVES, ids=str)
def test_moved_to_another_workspace_or_provider_it_does_not_open(
    owner: tuple[str, str], elsewhere: tuple[str, str]
) -> None:
    with pytest.raises(Unsealable, match=r"^sealed for another workspace or provider$"):
        opened(seal(owner), elsewhere)


@given(words, words, words, words, st.binary(max_size=40))
def test_no_token_makes_up_for_another_owner(
    workspace_id: str, provider: str, other: str, others: str, token: bytes
) -> None:
    """Not even one that begins like the rest of an owner's name."""
    if (workspace_id, provider) == (other, others):
        return
    for begun in (token, f"{others}|".encode() + token, f"v1|{other}|{others}|".encode() + token):
        with pytest.raises(Unsealable):
            opened(seal((workspace_id, provider), begun), (other, others))


@pytest.mark.parametrize("at", range(0, 128, 2))
@pytest.mark.parametrize("by", [0x01, 0x80, 0xFF])
def test_a_changed_byte_is_noticed(at: int, by: int) -> None:
    content = bytearray(urlsafe_b64decode(seal()))
    content[at % len(content)] ^= by
    with pytest.raises(Unsealable, match=r"^no key of this ring opens it$"):
        opened(urlsafe_b64encode(content))


@pytest.mark.parametrize("length", [0, 1, 8, 24, 56, 88, -1])
def test_what_was_cut_does_not_open(length: int) -> None:
    content = urlsafe_b64decode(seal())
    for cut in (urlsafe_b64encode(content[:length]), seal()[:length]):
        with pytest.raises(Unsealable):
            opened(cut)


@given(st.binary(max_size=120))
def test_what_was_never_sealed_does_not_open(noise: bytes) -> None:
    for sealed in (noise, urlsafe_b64encode(b"\x80" + noise)):
        with pytest.raises(Unsealable):
            opened(sealed)
        with pytest.raises(Unsealable):
            RING.rotate(sealed)


def test_what_is_encrypted_says_nothing_and_is_never_alike() -> None:
    made = {seal() for _ in range(100)}
    assert len(made) == 100
    assert not any(word in urlsafe_b64decode(each) for each in made for word in (b"wrk_a", b"access_token"))


@pytest.mark.parametrize("owner", OWNERS, ids=str)
def test_a_key_is_renewed_and_the_old_one_goes(owner: tuple[str, str]) -> None:
    old, both, new = TokenRing(OLD), RING, TokenRing(NEW)
    sealed = seal(owner, ring=old)
    assert opened(sealed, owner, both) == TOKEN, "the old key opens what it sealed"
    assert opened(seal(owner, ring=both), owner, new) == TOKEN, "the last one seals"
    rotated = both.rotate(sealed)
    assert opened(rotated, owner, new) == TOKEN
    for gone in (lambda: opened(sealed, owner, new), lambda: new.rotate(sealed)):
        with pytest.raises(Unsealable, match=r"^no key of this ring opens it$"):
            gone()


def test_rotating_does_not_move_it() -> None:
    with pytest.raises(Unsealable, match="another workspace"):
        opened(RING.rotate(seal(OWNERS[0])), OWNERS[-1])


@pytest.mark.parametrize("keys", [{"k001": b"a" * 16}, {"k001": b""}, OLD | {"k002": b"b" * 33}])
def test_a_key_of_another_size_is_none(keys: dict[str, bytes]) -> None:
    with pytest.raises(ValueError, match="32"):
        TokenRing(keys)


def test_without_a_key_nothing_is_sealed_or_opened() -> None:
    for attempt in (lambda: seal(ring=TokenRing({})), lambda: opened(seal(), ring=TokenRing({}))):
        with pytest.raises(Unsealable, match=r"^there is no key in this ring$"):
            attempt()


@pytest.mark.parametrize("owner", [("wrk|a", "xero"), ("wrk_a", "xe|ro"), ("|", "")])
def test_two_owners_are_never_spelt_alike(owner: tuple[str, str]) -> None:
    sealed = Fernet(urlsafe_b64encode(NEW["k002"])).encrypt(f"v1|{owner[0]}|{owner[1]}|".encode())
    for attempt in (lambda: seal(owner), lambda: opened(sealed, owner)):
        with pytest.raises(ValueError, match="bar"):
            attempt()


def test_what_was_sealed_years_ago_opens() -> None:
    """The format never changes: there are tokens in the tables that were sealed with it."""
    sealed = Fernet(urlsafe_b64encode(NEW["k002"])).encrypt_at_time(
        b"v1|wrk_a|quickbooks|AB11", 1_600_000_000
    )
    assert opened(sealed) == b"AB11"
