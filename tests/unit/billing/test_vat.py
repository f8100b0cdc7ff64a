from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from sheaf.billing.vat import Taxed, with_tax, without_tax

AMOUNTS = st.decimals("0", "999999999999", places=2)
RATES = st.decimals("0", "100", places=3)
HALF_A_CENT = Fraction(1, 200)


def test_the_tax_is_put_on_and_taken_out() -> None:
    assert with_tax(Decimal(100), Decimal(19)) == Taxed(Decimal(100), Decimal(19), Decimal(119))
    assert without_tax(Decimal(119), Decimal(19)) == Taxed(Decimal(100), Decimal(19), Decimal(119))
    assert with_tax(Decimal("0.50"), Decimal(5)).tax == Decimal("0.03"), "half a cent is rounded up"


@given(AMOUNTS, RATES)
def test_the_parts_add_up_and_are_right_to_half_a_cent(amount: Decimal, rate: Decimal) -> None:
    for taxed in (with_tax(amount, rate), without_tax(amount, rate)):
        assert taxed.net + taxed.tax == taxed.gross
    exact = Fraction(amount) * Fraction(rate) / 100
    assert abs(Fraction(with_tax(amount, rate).tax) - exact) <= HALF_A_CENT
    net = Fraction(amount) / (1 + Fraction(rate) / 100)
    assert abs(Fraction(without_tax(amount, rate).net) - net) <= HALF_A_CENT
