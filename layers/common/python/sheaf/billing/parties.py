"""Who sells and who buys, as an invoice names them."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, EmailStr, Field, StringConstraints
from pydantic_core import PydanticCustomError
from stdnum import iban as ibans

from sheaf.billing.codes import is_country
from sheaf.kernel.names import Name

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


def _listed(country: str) -> str:
    if not is_country(country):
        raise PydanticCustomError("country", "A country's code is wanted (ISO 3166-1), such as DE")
    return country


Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$"), AfterValidator(_listed)]
"""ISO 3166-1 alpha-2."""


class Address(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    lines: Annotated[tuple[Line, ...], Field(max_length=6)] = ()
    postcode: Name | None = None
    city: Name | None = None
    region: Name | None = None
    country: Country


class Party(BaseModel):
    """``tax_id`` is the VAT number with its country's prefix, ``registration_id`` the number in the register
    of companies. ``email`` is where what is issued is sent to.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    contact: Name | None = None
    address: Address
    tax_id: Name | None = None
    registration_id: Name | None = None
    email: EmailStr | None = None
    phone: Name | None = None


def _checked(iban: str) -> str:
    try:
        return str(ibans.validate(iban))
    except ibans.ValidationError as error:
        raise PydanticCustomError("iban", "This is not an IBAN: its check digits do not fit") from error


class BankAccount(BaseModel):
    """Where a transfer goes (ISO 13616, ISO 9362)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    holder: Name | None = None
    iban: Annotated[str, AfterValidator(_checked)]
    bic: Annotated[str, StringConstraints(pattern=r"^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$")] | None = None
