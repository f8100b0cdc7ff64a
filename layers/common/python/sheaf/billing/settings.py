"""How a workspace bills: who sells, what drafts begin with, how they are numbered and reminded of."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    EmailStr,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from sheaf.audit.entries import Change
from sheaf.billing.calendar import replan_reminders
from sheaf.billing.document import Currency, Kind, Rounding, Tax, Text
from sheaf.billing.letterhead import LogoView
from sheaf.billing.numbering import NUMBERED, checked
from sheaf.billing.parties import BankAccount, Party
from sheaf.billing.ports import Tenant
from sheaf.billing.rendering.look import Colour, Look
from sheaf.billing.sight import require_sight
from sheaf.kernel.names import Name
from sheaf.kernel.preconditions import IfMatch

Locale = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$")]
"""BCP 47: language, script and region at most."""

Days = Annotated[int, Field(ge=0, le=730)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,39}$")]
Pattern = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40), AfterValidator(checked)]


class TaxRate(BaseModel):
    """``code`` is what lines and items call it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: Code
    name: Name
    tax: Tax


class NumberSeries(BaseModel):
    """``first`` is the number that a series begins with: for whoever went on from elsewhere."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pattern: Pattern
    first: Annotated[int, Field(ge=1, le=999_999_999)] = 1


class SeriesSettings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    invoice: NumberSeries = NumberSeries(pattern="INV-{year}-{number:05}")
    estimate: NumberSeries = NumberSeries(pattern="EST-{year}-{number:05}")
    credit_note: NumberSeries = NumberSeries(pattern="CRN-{year}-{number:05}")

    @model_validator(mode="after")
    def _told_apart(self) -> Self:
        if len({self.of(kind).pattern for kind in NUMBERED}) < len(NUMBERED):
            raise PydanticCustomError("series", "Each kind needs a pattern of its own")
        return self

    def of(self, kind: Kind) -> NumberSeries:
        found: NumberSeries = getattr(self, kind.value)
        return found


class BillingSettings(BaseModel):
    """What is not said gets its default. ``seller`` is the workspace's own company: nothing is drafted before
    it is there.

    ``accent`` colours the title and the amount due. ``receipts``: whoever pays by card is mailed one.
    ``reminders``: days before (negative) and after the due date. ``valid_days``: how long an estimate holds.
    ``default_tax`` is the code of one of the ``tax_rates``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    seller: Party | None = None
    account: BankAccount | None = None
    accent: Colour = Look().accent
    currency: Currency = "EUR"
    locale: Locale = "en"
    rounding: Rounding = Rounding.PER_TOTAL
    due_days: Days = 14
    valid_days: Days = 30
    terms: Text | None = None
    notes: Text | None = None
    tax_rates: Annotated[tuple[TaxRate, ...], Field(max_length=50)] = ()
    default_tax: Code | None = None
    series: SeriesSettings = SeriesSettings()
    mail_from_name: Name | None = None
    reply_to: EmailStr | None = None
    receipts: bool = True
    reminders: Annotated[tuple[Annotated[int, Field(ge=-60, le=365)], ...], Field(max_length=10)] = ()

    @model_validator(mode="after")
    def _rates_by_code(self) -> Self:
        codes = [rate.code for rate in self.tax_rates]
        if len(codes) != len(set(codes)):
            raise PydanticCustomError("tax_rates", "Two tax rates have the same code")
        if self.default_tax is not None and self.default_tax not in codes:
            raise PydanticCustomError("default_tax", "There is no tax rate with this code")
        return self

    def tax(self, code: str | None) -> Tax | None:
        return next((rate.tax for rate in self.tax_rates if rate.code == code), None)


class BillingSettingsView(BillingSettings):
    """``version`` counts the changes, and is the ETag; the ``logo`` is set by itself."""

    version: int
    logo: LogoView | None


def show_billing_settings(tenant: Tenant) -> BillingSettingsView:
    require_sight(tenant)
    return _view(tenant, *tenant.billing_settings.get())


def change_billing_settings(
    tenant: Tenant, wanted: BillingSettings, if_match: IfMatch
) -> BillingSettingsView:
    """They hold for what is drafted from now on; the company and its account also for drafts that wait."""
    before, version = tenant.billing_settings.get()
    if_match.check(version)
    if wanted == before:
        return _view(tenant, before, version)
    tenant.billing_settings.save(wanted, instead_of=version)
    if set(wanted.reminders) - set(before.reminders):
        replan_reminders(tenant)
    changed = [
        name for name in BillingSettings.model_fields if getattr(wanted, name) != getattr(before, name)
    ]
    tenant.record(Change(subject=tenant.workspace_id, after={"changed": ", ".join(changed)}))
    return _view(tenant, wanted, version + 1)


def _view(tenant: Tenant, settings: BillingSettings, version: int) -> BillingSettingsView:
    logo = tenant.logo.get()
    shown = LogoView(sha256=logo.sha256, size=logo.size) if logo else None
    return BillingSettingsView(**dict(settings), version=version, logo=shown)
