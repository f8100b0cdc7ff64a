"""API keys: told apart from mistyped ones without a look-up, kept only as a hash."""

from __future__ import annotations

import re
import string
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sheaf.access.keys import KeyGrant, _checksum, digest, display_of, is_well_formed, new_secret
from sheaf.access.roles import Role

BASE62 = string.ascii_letters + string.digits
KNOWN = "shf_live_0123456789abcdefghijABCDEFGHIJ4ens76"
"""A key of this format never changes: programs out there hold such keys."""

secrets = st.builds(new_secret)


def test_the_format() -> None:
    assert re.fullmatch(r"shf_live_[0-9A-Za-z]{36}", new_secret())
    assert is_well_formed(KNOWN)


def test_keys_do_not_repeat() -> None:
    assert len({new_secret() for _ in range(500)}) == 500


@given(secrets)
def test_a_made_key_is_well_formed(secret: str) -> None:
    assert is_well_formed(secret)


@given(secrets, st.integers(0, 44), st.sampled_from(BASE62 + "_-= "))
def test_any_one_other_character_is_noticed(secret: str, at: int, other: str) -> None:
    assume(secret[at] != other)
    assert not is_well_formed(secret[:at] + other + secret[at + 1 :])


@given(secrets, st.integers(9, 43))
def test_two_swapped_neighbours_are_noticed(secret: str, at: int) -> None:
    assume(secret[at] != secret[at + 1])
    swapped = secret[:at] + secret[at + 1] + secret[at] + secret[at + 2 :]
    assert not is_well_formed(swapped)


@given(secrets, st.integers(0, 44))
def test_a_missing_or_doubled_character_is_noticed(secret: str, at: int) -> None:
    assert not is_well_formed(secret[:at] + secret[at + 1 :])
    assert not is_well_formed(secret[:at] + secret[at] + secret[at:])


@pytest.mark.parametrize("spoil", [str.upper, str.lower, str.title, lambda s: f"{s}\n", lambda s: f" {s}"])
def test_a_key_is_taken_to_the_letter(spoil: object) -> None:
    assert callable(spoil)
    assert not is_well_formed(spoil(KNOWN))


@given(st.text(max_size=60))
def test_strangers_texts_are_no_keys(text: str) -> None:
    assert not is_well_formed(text)


@given(st.text(alphabet=st.characters(min_codepoint=128), min_size=45, max_size=45))
def test_letters_beyond_ascii_are_refused(text: str) -> None:
    assert not is_well_formed("shf_live_" + text[9:])


@pytest.mark.parametrize(
    "body",
    [
        f"shf_test_{'0' * 30}",
        f"sk_live__{'0' * 30}",
        f"shf_live_{'0' * 29}",
        f"shf_live_{'0' * 31}",
        f"shf_live_{'0' * 29}\u00e9",
        "",
    ],
)
def test_a_good_checksum_alone_makes_no_key(body: str) -> None:
    assert not is_well_formed(body + _checksum(body))


@given(secrets)
def test_what_is_kept_and_shown_does_not_give_the_key_away(secret: str) -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", digest(secret))
    assert len(display_of(secret)) == 13
    assert secret.startswith(display_of(secret))


def test_a_key_ends_on_time() -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    key = KeyGrant(
        key_id="key", workspace_id="wrk", role=Role.MEMBER, scopes=None, clients=None,
        used_at=None, expires_at=at + timedelta(days=1),
    )  # fmt: skip
    assert key.is_valid(at + timedelta(days=1, microseconds=-1))
    assert not key.is_valid(at + timedelta(days=1))
    assert replace(key, expires_at=None).is_valid(at + timedelta(days=9999))


def test_a_use_is_noted_when_the_last_note_is_an_hour_old() -> None:
    used_at = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    known = {
        "key_id": "key_1",
        "workspace_id": "wrk_1",
        "role": Role.OWNER,
        "scopes": None,
        "clients": None,
        "expires_at": None,
    }
    assert KeyGrant(**known, used_at=None).is_to_be_noted(used_at)
    grant = KeyGrant(**known, used_at=used_at)
    assert not grant.is_to_be_noted(used_at + timedelta(minutes=59, seconds=59))
    assert grant.is_to_be_noted(used_at + timedelta(hours=1))
