"""What is issued is told to machines as EN 16931 has it, in both syntaxes; or not at all, with the reason."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheaf.billing.codes import _codes
from sheaf.billing.document import Discount, IssuedDocument, Kind, LineItem, Rounding, Tax, TaxCategory
from sheaf.billing.rendering import facturx, ubl
from sheaf.billing.rendering.en16931 import NotRepresentable
from sheaf.billing.sums import totals
from sheaf.capture.einvoice import read_einvoice
from sheaf.kernel.errors import InvalidRequest
from tests.builders.einvoices import broken_rules, code_lists
from tests.builders.issued import (
    AT,
    HOME_BUYER,
    SELLER,
    VAT_7,
    credit_note,
    issued,
    line,
    monthly,
    reverse_charge,
    withheld,
)


def untaxed(category: TaxCategory, reason: str | None = None) -> LineItem:
    return line(tax=Tax(category=category, rate=Decimal(0), reason=reason))


def both(document: IssuedDocument) -> list[bytes]:
    sums = totals(document.content)
    return [facturx.to_xml(document, sums), ubl.to_xml(document, sums)]


SMALL_BUSINESS = SELLER.model_copy(update={"tax_id": "12/345/67890", "registration_id": None})
ISSUED = {
    "invoice": issued(),
    "home, no terms": issued(buyer=HOME_BUYER, due_date=None, terms=None),
    "credit note": credit_note(),
    "reverse charge": reverse_charge(),
    "withheld": withheld(),
    "rounded on lines": monthly(),
    "yen": issued(currency="JPY", lines=(line(price="120000"),)),
    "zero rate": issued(lines=(untaxed(TaxCategory.ZERO_RATED),)),
    "exempt for two reasons": issued(lines=(untaxed(TaxCategory.EXEMPT, "§ 19 UStG"),
                                            untaxed(TaxCategory.EXEMPT, "§ 4 UStG"))),
    "small business": issued(seller=SMALL_BUSINESS, lines=(untaxed(TaxCategory.EXEMPT),)),
    "within the Union": issued(lines=(untaxed(TaxCategory.INTRA_COMMUNITY),)),
    "export": issued(lines=(untaxed(TaxCategory.EXPORT),)),
    "outside the scope": issued(lines=(untaxed(TaxCategory.OUTSIDE_SCOPE),),
                                discount=Discount(amount=Decimal(3))),
    "all sorts": issued(lines=(untaxed(TaxCategory.EXEMPT), line(), line(tax=VAT_7),
                               untaxed(TaxCategory.ZERO_RATED)),
                        discount=Discount(percent=Decimal("7.5"))),
    "taken back": issued(lines=(line(), line(quantity=Decimal(-2), price="30", tax=VAT_7,
                                             discount=Discount(percent=Decimal(10))))),
    "nothing to pay": issued(lines=(line(price="0"),)),
    "what XML cannot hold": issued(notes="a\x00b\x1fc <&> ]]>", lines=(line("1\n2\x07\n3"),)),
}  # fmt: skip


@pytest.mark.parametrize("name", ISSUED)
def test_both_syntaxes_keep_every_rule(name: str) -> None:
    for xml in both(ISSUED[name]):
        assert broken_rules(xml) == []


@pytest.mark.parametrize(
    ("was", "wrong", "rule"),
    [
        (b">3716.21<", b">3716.22<", "BR-CO-15"),
        (b">574.94<", b">580.94<", "BR-CO-14"),
        (b'"HUR"', b'"QQQ"', ""),
        (b">FR<", b">ZZ<", ""),
        (b">380<", b">3x0<", ""),
    ],
)
def test_the_rules_notice_what_is_wrong(was: bytes, wrong: bytes, rule: str) -> None:
    """Else the test above would say nothing. Factur-X has its own names for the rules of code lists."""
    for xml in both(issued()):
        assert [each for each in broken_rules(xml.replace(was, wrong)) if rule in each]


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (issued(number=None), "draft"),
        (issued(Kind.ESTIMATE), "Only invoices"),
        (issued(voided_at=AT), "void"),
        (issued(lines=()), "at least one line"),
        (credit_note(credits=None), "names the invoice"),
        (issued(currency="TND"), "TND"),
        (issued(seller=SELLER.model_copy(update={"tax_id": None})), "no tax number"),
        (issued(lines=(untaxed(TaxCategory.OUTSIDE_SCOPE), line())), "outside the scope"),
        (reverse_charge(buyer=HOME_BUYER), "reverse charge"),
        (issued(lines=(untaxed(TaxCategory.INTRA_COMMUNITY),), buyer=HOME_BUYER), "VAT number of the buyer"),
        (issued(lines=(untaxed(TaxCategory.INTRA_COMMUNITY),), delivery_date=None), "delivered"),
        (issued(lines=(untaxed(TaxCategory.EXPORT),), seller=SMALL_BUSINESS), "seller has no VAT number"),
        (issued(rounding=Rounding.PER_LINE, lines=(line(price="0.13"),) * 400), "rounded on each line"),
    ],
)  # fmt: skip
def test_what_the_standard_cannot_say_is_refused_with_the_reason(document: IssuedDocument, why: str) -> None:
    for write in (facturx.to_xml, ubl.to_xml):
        with pytest.raises(NotRepresentable, match=why):
            write(document, totals(document.content))


def test_the_codes_are_those_of_the_standard() -> None:
    lists = code_lists()
    for name, known in (("units", 8), ("countries", 7), ("currencies", 24)):
        ours = _codes()[name]
        assert ours <= lists[known]
        assert len(lists[known] - ours) <= 1  # a code that UBL's rules do not know yet


@pytest.mark.parametrize("name", ISSUED)
def test_both_syntaxes_are_read_back_as_the_same(name: str) -> None:
    cii, other = (read_einvoice(xml) for xml in both(ISSUED[name]))
    values = [{key: field.value for key, field in each.fields.items()} for each in (cii, other)]
    assert values[0] == values[1]
    assert cii.line_items == other.line_items
    assert cii.tax_breakdown == other.tax_breakdown


PRICES = st.decimals("0", "99999", places=4)
SHARES = st.none() | st.builds(Discount, percent=st.decimals("0.5", "100", places=1))
TAXES = st.sampled_from([Decimal(19), Decimal(7), Decimal("8.875")]).map(
    lambda rate: Tax(rate=rate)
) | st.just(Tax(category=TaxCategory.ZERO_RATED, rate=Decimal(0)))
LINES = st.lists(
    st.builds(
        line,
        st.text(st.characters(codec="utf-8"), min_size=1, max_size=20).filter(lambda text: text.strip()),
        PRICES.map(str),
        quantity=st.decimals("-9", "99", places=3),
        discount=SHARES,
        tax=TAXES,
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=40, deadline=None)
@given(
    lines=LINES,
    discount=SHARES,
    rounding=st.sampled_from(Rounding),
    currency=st.sampled_from(["EUR", "JPY", "CHF"]),
)
def test_whatever_is_issued_keeps_every_rule_and_adds_up(lines: list[LineItem], **said: Any) -> None:
    document = issued(lines=tuple(lines), **said)
    try:
        sums = totals(document.content)
    except InvalidRequest:
        return  # a sum below zero is never issued
    for xml in both(document):
        assert broken_rules(xml) == []
        read = read_einvoice(xml)
        for field, value in (("subtotal", sums.net), ("tax", sums.tax), ("total", sums.total)):
            assert Decimal(read.value(field) or 0) == value
        amounts = [Decimal(each.amount or 0) for each in read.line_items]
        assert amounts == [each.net for each in sums.lines]
