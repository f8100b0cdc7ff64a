"""What is wrong with a reading: findings a person looks at before the document is approved.

    field_missing            a required field was not found
    low_confidence           a required field is less likely right than REVIEW_BELOW asks for
    total_mismatch           subtotal, discount, charges and tax do not make the total
    lines_mismatch           the lines do not add up to the subtotal (or, printed gross, to the total)
    tax_mismatch             the tax breakdown does not add up to the tax
    line_amount_mismatch     quantity times unit price is not the line's amount          (warning)
    amount_due_mismatch      total less prepaid is not the amount due                    (warning)
    due_before_invoice       the due date is before the invoice date
    tax_id_invalid           the check digits of a tax registration do not agree         (warning)
    iban_invalid             the check digits of the IBAN do not agree                   (warning)
    date_ambiguous           the page does not tell whether the day or the month comes first
    several_documents        the file seems to hold more than one invoice
    page_differs             the e-invoice in a PDF says what its page does not (``page_comparison``)

The last three are found while the file is read: they, and checks that others add, stay until a person
has set a field they name.
What the rest of the workspace says is not found here: ``duplicate``, ``duplicate_file``,
``bank_details_changed``, ``own_company_is_vendor``.
``expected`` and ``found`` are plain decimals; their difference is the exact delta.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sheaf.capture.amounts import plain
from sheaf.capture.identifiers import invalid_numbers
from sheaf.capture.reading import Check, DocumentType, Source
from sheaf.kernel.money import exponent, quantize

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheaf.capture.reading import LineItem, Reading

REQUIRED_FIELDS = ("vendor", "invoice_number", "invoice_date", "total", "currency")
# Probabilities: the decision record on confidence says what passes with them and how often it is wrong.
REVIEW_BELOW = {"vendor": 0.85, "invoice_number": 0.93, "invoice_date": 0.93, "total": 0.93, "currency": 0.85}
_SENSIBLE = 18  # digits of a product; more are a misreading, which the other checks are about
COMPUTED = frozenset(
    (
        "field_missing",
        "low_confidence",
        "total_mismatch",
        "lines_mismatch",
        "tax_mismatch",
        "line_amount_mismatch",
        "amount_due_mismatch",
        "due_before_invoice",
        "tax_id_invalid",
        "iban_invalid",
    )
)


def run_checks(reading: Reading) -> tuple[Check, ...]:
    return (
        *_missing(reading),
        *_uncertain(reading),
        *_total(reading),
        *_lines(reading),
        *_tax(reading),
        *_each_line(reading),
        *_amount_due(reading),
        *_due_date(reading),
        *invalid_numbers(reading),
        *(check for check in reading.checks if _still_stands(check, reading)),
    )


def checked(reading: Reading) -> Reading:
    """The same reading with the checks that hold for it now."""
    return reading.model_copy(update={"checks": run_checks(reading)})


def needs_review(reading: Reading) -> bool:
    """There is an error among its checks, which says what a person should look at."""
    return any(check.severity == "error" for check in reading.checks)


def required_fields(reading: Reading) -> tuple[str, ...]:
    """Receipts are often without a number."""
    if reading.document_type is DocumentType.RECEIPT:
        return tuple(name for name in REQUIRED_FIELDS if name != "invoice_number")
    return REQUIRED_FIELDS


def _missing(reading: Reading) -> Iterator[Check]:
    for name in required_fields(reading):
        if name not in reading.fields:
            yield Check(
                code="field_missing",
                message=f"The {name.replace('_', ' ')} was not found.",
                fields=(name,),
            )


def _uncertain(reading: Reading) -> Iterator[Check]:
    for name in required_fields(reading):
        field = reading.fields.get(name)
        if field is not None and field.confidence < REVIEW_BELOW[name]:
            yield Check(
                code="low_confidence",
                message=f"The {name.replace('_', ' ')} is uncertain: compare it with the page.",
                fields=(name,),
            )


def _amount(reading: Reading, name: str) -> Decimal | None:
    value = reading.value(name)
    return None if value is None else Decimal(value)


def _total(reading: Reading) -> Iterator[Check]:
    """A printed subtotal stands before or after discount and charges, and may contain the tax.

    That of an e-invoice never does.
    """
    subtotal, total = _amount(reading, "subtotal"), _amount(reading, "total")
    if subtotal is None or total is None:
        return
    tax = _amount(reading, "tax") or Decimal(0)
    adjusted = subtotal - abs(_amount(reading, "discount") or Decimal(0))
    adjusted += _amount(reading, "charges") or Decimal(0)
    net = (subtotal + tax, adjusted + tax)
    gross = () if reading.engine is Source.XML else (subtotal, adjusted)
    if total not in (*net, *gross):
        names = ("subtotal", "discount", "charges", "tax", "total")
        fields = tuple(name for name in names if name in reading.fields)
        expected = min(net, key=lambda amount: abs(amount - total))
        yield _mismatch("total_mismatch", f"{_listed(fields[:-1])} make", expected, total, fields, reading)


def _lines(reading: Reading) -> Iterator[Check]:
    amounts = [Decimal(line.amount) for line in reading.line_items if line.amount is not None]
    possible = _sums_the_lines_may_have(reading)
    if not amounts or not possible:
        return
    found = sum(amounts, Decimal(0))
    if found not in possible:
        name, expected = "subtotal" if "subtotal" in reading.fields else "total", possible[0]
        yield Check(
            code="lines_mismatch",
            message=f"The lines add up to {plain(found)}, the {name} says {plain(expected)}: "
            f"a difference of {plain(found - expected)}.",
            fields=("line_items", name),
            expected=plain(expected),
            found=plain(found),
        )


def _sums_the_lines_may_have(reading: Reading) -> list[Decimal]:
    subtotal, total = _amount(reading, "subtotal"), _amount(reading, "total")
    discount = abs(_amount(reading, "discount") or Decimal(0))
    charges = _amount(reading, "charges") or Decimal(0)
    tax = _amount(reading, "tax") or Decimal(0)
    sums = []
    if subtotal is not None:
        sums += [subtotal, subtotal + discount - charges, subtotal - discount, subtotal + tax]
    if total is not None:
        sums += [total, total + discount - charges, total - tax + discount - charges]
    return sums


def _tax(reading: Reading) -> Iterator[Check]:
    tax = _amount(reading, "tax")
    if tax is None or not reading.tax_breakdown:
        return
    expected = sum((Decimal(line.amount) for line in reading.tax_breakdown), Decimal(0))
    if expected != tax:
        yield _mismatch("tax_mismatch", "the tax lines make", expected, tax, ("tax",), reading)


def _each_line(reading: Reading) -> Iterator[Check]:
    """A unit price is rounded in print: each unit may be off by half of its last digit."""
    currency = reading.value("currency")
    for number, line in enumerate(reading.line_items, 1):
        product = _product(line)
        if product is None or line.amount is None or line.unit_price is None:
            continue
        amount, last_digit = Decimal(line.amount), Decimal(line.unit_price).as_tuple().exponent
        slack = abs(Decimal(line.quantity or 1)) * Decimal(5).scaleb(int(last_digit) - 1)
        slack = max(slack, Decimal(5).scaleb(-exponent(currency) - 1))
        if abs(abs(product) - abs(amount)) > slack:
            expected = quantize(product, currency)
            yield Check(
                code="line_amount_mismatch",
                message=f"Line {number}: quantity times unit price is {plain(expected)}, "
                f"the amount says {plain(amount)}.",
                severity="warning",
                fields=("line_items",),
                expected=plain(expected),
                found=plain(amount),
            )


def _product(line: LineItem) -> Decimal | None:
    if line.quantity is None or line.unit_price is None:
        return None
    product = Decimal(line.quantity) * Decimal(line.unit_price)
    return product if product.adjusted() < _SENSIBLE else None


def _amount_due(reading: Reading) -> Iterator[Check]:
    """A warning: rounding to coins and earlier balances make it differ with good reason."""
    total, due = _amount(reading, "total"), _amount(reading, "amount_due")
    if total is None or due is None:
        return
    expected = total - abs(_amount(reading, "prepaid") or Decimal(0))
    if due != expected:
        fields = tuple(name for name in ("total", "prepaid", "amount_due") if name in reading.fields)
        check = _mismatch("amount_due_mismatch", "total less prepaid makes", expected, due, fields, reading)
        yield check.model_copy(update={"severity": "warning"})


def _due_date(reading: Reading) -> Iterator[Check]:
    invoiced, due = reading.value("invoice_date"), reading.value("due_date")
    if invoiced and due and due < invoiced:
        yield Check(
            code="due_before_invoice",
            message=f"The due date {due} is before the invoice date {invoiced}.",
            fields=("invoice_date", "due_date"),
            expected=invoiced,
            found=due,
        )


def _mismatch(
    code: str, sentence: str, expected: Decimal, found: Decimal, fields: tuple[str, ...], reading: Reading
) -> Check:
    name = fields[-1].replace("_", " ")
    currency = reading.value("currency") or ""
    return Check(
        code=code,
        message=f"{sentence[0].upper()}{sentence[1:]} {plain(expected)} {currency}".rstrip()
        + f", the {name} says {plain(found)}: a difference of {plain(found - expected)}.",
        fields=fields,
        expected=plain(expected),
        found=plain(found),
    )


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _still_stands(check: Check, reading: Reading) -> bool:
    if check.code in COMPUTED:
        return False
    return not any(
        (field := reading.fields.get(name)) and field.source is Source.PERSON for name in check.fields
    )
