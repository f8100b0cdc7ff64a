"""Who is who: one mailbox however it is spelt, one subject of one issuer, and nobody else."""

from __future__ import annotations

import sys

import pytest
from pydantic import TypeAdapter, ValidationError

from sheaf.access.roles import Role
from sheaf.access.users import (
    Address,
    Identity,
    Membership,
    User,
    digest_of_address,
    folded_address,
)
from tests.builders.world import NOW

ADDRESS: TypeAdapter[str] = TypeAdapter(Address)


@pytest.mark.parametrize("typed", ["Ada@Example.COM", " ada@example.com", "ada@example.com\n"])
def test_spellings_of_one_mailbox(typed: str) -> None:
    assert folded_address(typed) == "ada@example.com"
    assert digest_of_address(typed) == digest_of_address("ada@example.com")


@pytest.mark.parametrize(
    "other", ["ada@example.org", "ad a@example.com", "adá@example.com", "ada@exampie.com"]
)
def test_mailboxes_of_others(other: str) -> None:
    assert digest_of_address(other) != digest_of_address("ada@example.com")


@pytest.mark.parametrize(
    ("one", "other"),
    [("ada@straße.example", "ada@STRASSE.example"), ("É@example.com", "é@example.com")],
)
def test_letters_beyond_z_are_not_folded(one: str, other: str) -> None:
    """They are mailboxes that others may own."""
    assert digest_of_address(one) != digest_of_address(other)


def test_an_identity_is_its_issuer_and_its_subject() -> None:
    pairs = [("https://a", "bc"), ("https://ab", "c"), ("https://a", "b"), ("https://b", "bc")]
    assert len({Identity(issuer=issuer, subject=subject).digest for issuer, subject in pairs}) == 4


def test_an_address_is_checked_by_its_form_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's name server is asked, for as long as it likes to take."""
    monkeypatch.setitem(sys.modules, "email_validator.deliverability", None)
    assert ADDRESS.validate_python("Ada@EXAMPLE.com") == "Ada@example.com"


@pytest.mark.parametrize(
    "text", ["", "ada", "ada@", "@example.com", "a b@example.com", f"{'a' * 400}@example.com"]
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(ValidationError):
        ADDRESS.validate_python(text)


def test_a_form_can_tell_by_itself() -> None:
    assert ADDRESS.json_schema() == {"type": "string", "format": "email", "maxLength": 320}


def test_what_is_new_has_never_been_saved() -> None:
    """The first save of either expects that nobody has saved it."""
    assert User(id="usr_1", email="ada@example.com", created_at=NOW).version == 0
    membership = Membership(
        user_id="usr_1", workspace_id="wrk_1", role=Role.MEMBER, email="ada@example.com", joined_at=NOW
    )
    assert membership.version == 0
