"""The settings that reading, checks and approval go by."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from sheaf.audit.entries import Change
from sheaf.capture.policy import Company, Duplicates, Policy
from sheaf.kernel.money import is_currency
from sheaf.review.ports import Tenant
from sheaf.review.values import Line, PlainDecimal


def _known(currency: str) -> str:
    if not is_currency(currency):
        raise ValueError("A currency's code is wanted (ISO 4217), such as EUR")
    return currency


def _not_negative(amount: str) -> str:
    if Decimal(amount) < 0:
        raise ValueError("An amount from zero up is wanted")
    return amount


_Currency = Annotated[str, AfterValidator(_known)]
_Limit = Annotated[PlainDecimal, AfterValidator(_not_negative)]
_Names = Annotated[list[Annotated[Line, Field(min_length=1)]], Field(max_length=50)]


class CompanySettings(BaseModel):
    """What the workspace's own company is called and has: it is the buyer, never the supplier."""

    model_config = ConfigDict(extra="forbid")

    names: _Names = []
    tax_ids: _Names = []
    ibans: _Names = []


class ReviewSettings(BaseModel):
    """``second_approval_above``: currency → amount. As soon as one is set, a document in a currency that has
    none needs a second approval too. ``duplicates``: whether a second invoice with the same supplier and
    number, or supplier, date and total, is pointed out, or must be accepted by name.
    """

    model_config = ConfigDict(extra="forbid")

    second_approval_above: Annotated[dict[_Currency, _Limit], Field(max_length=200)] = {}
    second_approval_on_bank_change: bool = False
    duplicates: Duplicates = Duplicates.WARN
    company: CompanySettings = CompanySettings()


def show_review_settings(tenant: Tenant) -> ReviewSettings:
    return _view(tenant.policies.get())


def change_review_settings(tenant: Tenant, wanted: ReviewSettings) -> ReviewSettings:
    """What a document needs is decided when it is approved: new settings hold for those that wait as well."""
    policy = tenant.policies.get()
    changed = Policy(
        second_approval_above={
            name: Decimal(limit) for name, limit in sorted(wanted.second_approval_above.items())
        },
        second_approval_on_bank_change=wanted.second_approval_on_bank_change,
        duplicates=wanted.duplicates,
        company=Company(**wanted.company.model_dump()),
        version=policy.version,
    )
    if changed != policy:
        tenant.policies.save(changed)
        before, after = _said(policy), _said(changed)
        tenant.record(
            Change(
                subject=tenant.workspace_id,
                before={name: value for name, value in before.items() if after[name] != value},
                after={name: value for name, value in after.items() if before[name] != value},
            )
        )
    return _view(changed)


def _view(policy: Policy) -> ReviewSettings:
    return ReviewSettings(
        second_approval_above={
            name: format(limit, "f") for name, limit in policy.second_approval_above.items()
        },
        second_approval_on_bank_change=policy.second_approval_on_bank_change,
        duplicates=policy.duplicates,
        company=CompanySettings.model_validate(policy.company.model_dump(mode="json")),
    )


def _said(policy: Policy) -> dict[str, str]:
    limits = (f"{name} {limit:f}" for name, limit in policy.second_approval_above.items())
    company = policy.company
    return {
        "second_approval_above": ", ".join(limits),
        "second_approval_on_bank_change": str(policy.second_approval_on_bank_change).lower(),
        "duplicates": policy.duplicates.value,
        "company": f"{len(company.names)} names, {len(company.tax_ids)} tax ids, {len(company.ibans)} IBANs",
    }
