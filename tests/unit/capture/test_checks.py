import pytest

from sheaf.capture.checks import REQUIRED_FIELDS, REVIEW_BELOW, checked, needs_review, run_checks
from sheaf.capture.reading import Check, DocumentType, Field, LineItem, Reading, Source, TaxLine

RIGHT = {
    "vendor": "Acme Tools Ltd",
    "invoice_number": "INV-1001",
    "invoice_date": "2026-11-02",
    "currency": "EUR",
    "subtotal": "100.00",
    "tax": "19.00",
    "total": "119.00",
}


def reading(*lines: str, source: Source = Source.TEXTRACT, **changes: str | None) -> Reading:
    values = {name: value for name, value in (RIGHT | changes).items() if value is not None}
    return Reading(
        engine=source,
        fields={name: Field(value=value, source=source) for name, value in values.items()},
        line_items=tuple(LineItem(amount=amount) for amount in lines),
    )


def only(found: Reading) -> Check:
    (check,) = run_checks(found)
    return check


def test_a_reading_that_adds_up_has_no_checks_and_needs_no_review() -> None:
    right = checked(reading("60.00", "40.00", due_date="2026-12-02", amount_due="119.00"))
    assert right.checks == ()
    assert not needs_review(right)


@pytest.mark.parametrize("name", ["vendor", "invoice_number", "invoice_date", "total", "currency"])
def test_a_required_field_that_is_missing_is_an_error(name: str) -> None:
    check = only(reading(**{name: None}))
    assert (check.code, check.fields, check.severity) == ("field_missing", (name,), "error")
    assert needs_review(checked(reading(**{name: None})))


def test_a_receipt_needs_no_number() -> None:
    receipt = reading(invoice_number=None).model_copy(update={"document_type": DocumentType.RECEIPT})
    assert not needs_review(checked(receipt))


def test_a_total_off_by_a_cent_is_told_with_its_delta() -> None:
    check = only(reading(total="119.01"))
    assert (check.code, check.expected, check.found) == ("total_mismatch", "119.00", "119.01")
    assert "a difference of 0.01" in check.message


def test_a_line_off_by_a_cent_is_told_with_its_delta() -> None:
    check = only(reading("60.01", "40.00"))
    assert (check.code, check.expected, check.found) == ("lines_mismatch", "100.00", "100.01")
    assert "a difference of 0.01" in check.message


@pytest.mark.parametrize(
    "sums",
    [
        {"subtotal": "100.00", "discount": "10.00", "tax": "17.10", "total": "107.10"},
        {"subtotal": "90.00", "discount": "10.00", "tax": "17.10", "total": "107.10"},
        {"subtotal": "100.00", "charges": "10.00", "tax": "20.90", "total": "130.90"},
        {"subtotal": "-100.00", "tax": "-19.00", "total": "-119.00"},
        {"subtotal": "119.00", "tax": "19.00", "total": "119.00"},
    ],
    ids=["before discount", "after discount", "before charges", "negative", "tax inside"],
)
def test_the_ways_in_which_totals_are_printed_all_add_up(sums: dict[str, str]) -> None:
    assert run_checks(reading(**sums)) == ()


def test_the_subtotal_of_an_einvoice_never_contains_the_tax() -> None:
    check = only(reading(subtotal="119.00", source=Source.XML))
    assert (check.code, check.expected, check.found) == ("total_mismatch", "138.00", "119.00")


@pytest.mark.parametrize("lines", [("119.00",), ("100.00",), ("50.00", "50.00")])
def test_lines_may_be_printed_net_or_gross(lines: tuple[str, ...]) -> None:
    assert run_checks(reading(*lines)) == ()


@pytest.mark.parametrize(
    ("currency", "amounts"),
    [("JPY", ("1000", "100", "1101")), ("TND", ("10.000", "1.900", "11.901"))],
)
def test_the_delta_is_exact_in_every_currency(currency: str, amounts: tuple[str, str, str]) -> None:
    subtotal, tax, total = amounts
    check = only(reading(currency=currency, subtotal=subtotal, tax=tax, total=total))
    assert check.code == "total_mismatch"


def test_the_tax_breakdown_must_add_up() -> None:
    broken = reading().model_copy(update={"tax_breakdown": (TaxLine(rate="19", amount="18.99"),)})
    check = only(broken)
    assert (check.code, check.expected, check.found) == ("tax_mismatch", "18.99", "19.00")


def test_quantity_times_price_off_the_amount_is_only_a_warning() -> None:
    line = LineItem(description="Saw", quantity="3", unit_price="30.00", amount="100.00")
    broken = checked(reading().model_copy(update={"line_items": (line,)}))
    (check,) = broken.checks
    assert (check.code, check.severity, check.expected) == ("line_amount_mismatch", "warning", "90.00")
    assert not needs_review(broken)


def test_a_rounded_unit_price_is_no_mismatch() -> None:
    line = LineItem(quantity="3", unit_price="33.33", amount="100.00")
    assert run_checks(reading().model_copy(update={"line_items": (line,)})) == ()


def test_what_is_due_differs_from_the_rest_to_pay_is_a_warning() -> None:
    check = only(reading(prepaid="19.00", amount_due="100.05"))
    assert (check.code, check.severity, check.expected) == ("amount_due_mismatch", "warning", "100.00")


def test_a_due_date_before_the_invoice_is_an_error() -> None:
    check = only(reading(due_date="2026-11-01"))
    assert (check.code, check.severity) == ("due_before_invoice", "error")


@pytest.mark.parametrize("name", REQUIRED_FIELDS)
def test_a_required_field_needs_review_as_long_as_it_is_too_uncertain(name: str) -> None:
    certain = reading()
    for confidence, is_looked_at in ((REVIEW_BELOW[name] - 0.01, True), (REVIEW_BELOW[name], False)):
        doubted = certain.fields[name].model_copy(update={"confidence": confidence})
        doubtful = certain.model_copy(update={"fields": {**certain.fields, name: doubted}})
        assert needs_review(checked(doubtful)) is is_looked_at


def test_what_is_not_required_may_be_uncertain() -> None:
    fields = reading().fields
    unsure = {
        name: field if name in REQUIRED_FIELDS else field.model_copy(update={"confidence": 0.1})
        for name, field in fields.items()
    }
    assert not needs_review(checked(reading().model_copy(update={"fields": unsure})))


def test_what_others_found_stays_until_a_person_has_set_the_field() -> None:
    ambiguous = Check(code="date_ambiguous", message="3 April or 4 March", fields=("invoice_date",))
    found = reading().model_copy(update={"checks": (ambiguous,)})
    assert run_checks(found) == (ambiguous,)
    corrected = Field(value="2026-11-02", source=Source.PERSON)
    fields = {**found.fields, "invoice_date": corrected}
    assert run_checks(found.model_copy(update={"fields": fields})) == ()


def test_checking_twice_finds_the_same() -> None:
    once = checked(reading("1.00", total="120.00", vendor=None))
    assert checked(once) == once
