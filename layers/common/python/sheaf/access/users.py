"""People and their places: a user is a person, a membership that person's role in one workspace."""

from __future__ import annotations

import hashlib
import string
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from sheaf.access.roles import Role


def _checked(address: str) -> str:
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError("is no mail address") from error


Address = Annotated[
    str, Field(max_length=320, json_schema_extra={"format": "email"}), AfterValidator(_checked)
]
"""A mail address, checked by its form alone. The library is loaded with the first one."""


class User(BaseModel):
    """``email`` was verified by whoever signed the person in; ``second_factors`` are the kinds set up.

    ``workspace_id`` is the workspace they chose last, where their next session begins.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    email: str
    name: str = ""
    created_at: datetime
    second_factors: frozenset[str] = frozenset()
    workspace_id: str | None = None
    version: int = 0


class Identity(BaseModel):
    """Somebody at an identity provider: (``issuer``, ``subject``) is who they are, an address never is."""

    model_config = ConfigDict(frozen=True)

    issuer: str
    subject: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(f"{self.issuer}\x00{self.subject}".encode()).hexdigest()


class MemberGrant(BaseModel):
    """What a request needs to know of the membership it was sent under."""

    model_config = ConfigDict(frozen=True)

    role: Role
    clients: frozenset[str] | None


class Membership(BaseModel):
    """``email`` and ``name`` are the member's, for the list of members. ``clients`` are those whose documents
    the member sees (None: all), as long as the role can be limited at all.
    """

    model_config = ConfigDict(frozen=True)

    user_id: str
    workspace_id: str
    role: Role
    email: str
    name: str = ""
    joined_at: datetime
    clients: frozenset[str] | None = None
    version: int = 0


_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def folded_address(email: str) -> str:
    """The form two spellings of one mailbox share: providers ignore case, whatever RFC 5321 allows.

    Of A to Z only: ``straße.example`` and ``strasse.example`` are two domains, with two owners.
    """
    return email.strip().translate(_LOWER)


def digest_of_address(email: str) -> str:
    return hashlib.sha256(folded_address(email).encode()).hexdigest()
