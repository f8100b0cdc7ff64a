"""States follow from facts, and what is overdue from the day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from sheaf.billing.document import IssuedSummary, Kind
from sheaf.billing.states import IssuedStatus, is_expired, is_open, is_overdue, state

AT = datetime(2026, 11, 20, tzinfo=UTC)
DUE = date(2026, 12, 4)


def summary(kind: Kind = Kind.INVOICE, **facts: Any) -> IssuedSummary:
    amounts = {name: Decimal(facts.pop(name, 0)) for name in ("paid", "refunded", "credited")}
    return IssuedSummary(
        id="inv_1", kind=kind, created_by="usr_1", party="Bakery", currency="EUR",
        **{"issued_at": AT, "payable": Decimal(100), "due_date": DUE} | amounts | facts,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"issued_at": None}, "draft"),
        ({}, "issued"),
        ({"sent_at": AT}, "sent"),
        ({"paid": 1, "sent_at": AT}, "partially_paid"),
        ({"paid": 1, "refunded": 1, "sent_at": AT}, "sent"),
        ({"credited": 1}, "issued"),
        ({"paid": 100}, "paid"),
        ({"paid": 150}, "paid"),
        ({"paid": 40, "credited": 60}, "paid"),
        ({"credited": 100}, "paid"),
        ({"paid": 100, "refunded": 1}, "partially_paid"),
        ({"payable": Decimal(0)}, "paid"),
        ({"voided_at": AT, "sent_at": AT}, "void"),
        ({"kind": Kind.ESTIMATE, "accepted_at": AT}, "accepted"),
        ({"kind": Kind.ESTIMATE, "declined_at": AT}, "declined"),
        ({"kind": Kind.ESTIMATE, "accepted_at": AT, "converted_to": "inv_2"}, "converted"),
        ({"kind": Kind.CREDIT_NOTE, "payable": Decimal(0)}, "issued"),
        ({"kind": Kind.BILL, "paid": 100}, "paid"),
    ],
)
def test_states(facts: dict[str, Any], status: str) -> None:
    assert state(summary(**facts)) is IssuedStatus(status)


@pytest.mark.parametrize(
    ("facts", "overdue"),
    [
        ({}, True),
        ({"due_date": None, "issue_date": date(2026, 12, 4)}, True),
        ({"due_date": date(2026, 12, 5)}, False),
        ({"paid": 99}, True),
        ({"paid": 100}, False),
        ({"voided_at": AT}, False),
        ({"issued_at": None}, False),
        ({"kind": Kind.CREDIT_NOTE}, False),
        ({"kind": Kind.BILL}, True),
    ],
)
def test_overdue_is_what_is_open_after_its_day(facts: dict[str, Any], overdue: bool) -> None:
    found = summary(**facts)
    assert is_overdue(found, date(2026, 12, 5)) is overdue
    assert is_open(found) or not overdue


@pytest.mark.parametrize(("day", "expired"), [(4, False), (5, True)])
def test_an_estimate_expires_when_nobody_has_answered(day: int, expired: bool) -> None:
    today = date(2026, 12, day)
    assert is_expired(summary(Kind.ESTIMATE, valid_until=DUE), today) is expired
    assert not is_expired(summary(Kind.ESTIMATE, valid_until=DUE, accepted_at=AT), today)
    assert not is_expired(summary(Kind.INVOICE, valid_until=DUE), today)
