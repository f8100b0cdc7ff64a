"""Who approves an invoice sees the page; what is paid is what the XML in it says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.capture.checks import needs_review
from sheaf.capture.examination import examine
from sheaf.capture.page_comparison import compare
from sheaf.capture.reading import Field, Reading, Source
from tests.builders import files
from tests.unit.capture.test_amounts import LOCALES, in_lakhs, printed
from tests.unit.capture.test_dates import MONTHS

SAMPLE = Path(__file__).parents[3] / "samples" / "de-electrician-facturx.pdf"
UBL = (Path(__file__).parents[3] / "samples" / "be-printer-ubl.xml").read_bytes()
SAID = {
    "vendor": "Fernhollow Paper Ltd",
    "vendor_tax_id": "GB999999973",
    "invoice_number": "2026-00417",
    "invoice_date": "2026-03-04",
    "currency": "EUR",
    "total": "1234.50",
    "amount_due": "1234.50",
    "iban": "DE75512108001245126199",
}
PAGE = """Fernhollow Paper Ltd, 7 Mill Lane, Otterbourne. VAT ID GB 999 9999 73
Invoice number 2026-00417    Date 4 March 2026
Laid paper 1,234.50
Total EUR 1,234.50
IBAN DE75 5121 0800 1245 1261 99"""


def differing(page: str = PAGE, **said: str) -> tuple[str, ...]:
    fields = {name: Field(value=value, source=Source.XML) for name, value in (SAID | said).items() if value}
    check = compare(Reading(engine=Source.XML, fields=fields), page)
    return check.fields if check else ()


def test_a_page_that_says_the_same_raises_nothing() -> None:
    assert differing() == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("vendor", "Stonebrook Metals GmbH"),
        ("invoice_number", "2026-00418"),
        ("invoice_number", "026-00417"),
        ("invoice_date", "2026-03-05"),
        ("currency", "GBP"),
        ("total", "1234.51"),
        ("total", "234.50"),
        ("total", "11234.50"),
        ("amount_due", "12345.00"),
        ("iban", "GB33BUKB20201555555555"),
    ],
)
def test_what_only_the_xml_says_is_named(name: str, value: str) -> None:
    assert differing(**{name: value, **({"vendor_tax_id": ""} if name == "vendor" else {})}) == (name,)


def test_a_person_looks_at_it_and_reads_what_to_compare() -> None:
    xml = UBL.replace(b">2026", b">2025")
    found = examine(files.attachment_pdf("factur-x.xml", xml, PAGE.splitlines()), content_type=None)
    assert found.reading is not None
    assert needs_review(found.reading)
    [check] = [check for check in found.reading.checks if check.code == "page_differs"]
    assert (check.severity, "total" in check.fields) == ("error", True)
    assert f"total {found.reading.value('total')}" in check.message


def test_a_sample_says_the_same_twice() -> None:
    reading = examine(SAMPLE.read_bytes(), content_type=None).reading
    assert reading is not None
    assert reading.checks == ()


@pytest.mark.parametrize("page", ["", "See the attached file.", "\ufffd\ufffe\x03 \u25a1\u25a1" * 40])
def test_a_page_without_text_proves_nothing(page: str) -> None:
    assert differing(page, total="9.99", iban="GB33BUKB20201555555555") == ()


@pytest.mark.parametrize("field", ["iban", "invoice_date"])
def test_a_page_that_shows_nothing_of_the_kind_proves_nothing(field: str) -> None:
    """Another account or another day is a difference; none is a page that does not say."""
    page = PAGE.replace("IBAN DE75 5121 0800 1245 1261 99", "").replace("Date 4 March 2026", "")
    assert (
        differing(page, **{field: {"iban": "GB33BUKB20201555555555", "invoice_date": "2020-01-01"}[field]})
        == ()
    )


def test_a_page_without_amounts_proves_nothing_of_the_total() -> None:
    assert differing(PAGE.replace("1,234.50", "as agreed"), total="9.99", amount_due="9.99") == ()


@pytest.mark.parametrize(
    "number",
    ["RE/2026/00417", "re 2026 00417", "RE-2026-\n00417", "RE\u00ad2026\ufffe00417", "Nr.RE202600417!"],
)
def test_spaces_signs_and_line_breaks_in_a_number_do_not_matter(number: str) -> None:
    assert differing(PAGE.replace("2026-00417", number), invoice_number="RE-2026-00417") == ()


def test_programs_add_to_a_number() -> None:
    assert differing(invoice_number="2026-00417/2") == ()
    assert differing(invoice_number="2026") == ()
    assert differing(invoice_number="26") == ("invoice_number",)


def test_ligatures_and_a_logo_do_not_matter() -> None:
    assert differing(PAGE.replace("Fernhollow", "\ufb01ne"), vendor="FINE Paper") == ()
    assert differing(PAGE.replace("Fernhollow Paper Ltd", "").replace("Laid paper", ""), vendor="Acme") == ()


def test_a_few_digits_without_cents_are_no_amount() -> None:
    assert differing(total="4.00") == ("total",)
    assert differing(PAGE.replace("EUR 1,234.50", "4,-"), total="4.00", amount_due="1234.50") == ()


amounts = st.integers(1, 10**11).map(lambda cents: Decimal(cents).scaleb(-2))


@given(amounts, st.sampled_from(sorted(LOCALES)), st.sampled_from(("{}", "€{}", "{} EUR", "-{}", "({})")))
def test_an_amount_is_found_however_it_is_printed(amount: Decimal, locale: str, form: str) -> None:
    page = PAGE.replace("1,234.50", form.format(printed(amount, locale)))
    assert differing(page, total=str(amount), amount_due=str(amount)) == ()


@given(amounts)
def test_an_amount_is_found_in_lakhs_and_without_cents(amount: Decimal) -> None:
    whole = Decimal(int(amount) + 100)
    assert differing(PAGE.replace("1,234.50", in_lakhs(amount)), total=str(amount), amount_due="") == ()
    assert differing(f"{PAGE}\nTo pay: {whole:,} EUR.", total=f"{whole}.00") == ()


with_cents = amounts.filter(lambda amount: amount % 1 != 0)


@given(with_cents, with_cents, st.sampled_from(sorted(LOCALES)))
def test_another_amount_is_a_difference(said: Decimal, shown: Decimal, locale: str) -> None:
    page = PAGE.replace("1,234.50", printed(shown, locale))
    expected = () if said == shown else ("total", "amount_due")
    assert differing(page, total=str(said), amount_due=str(said)) == expected


@given(
    st.dates(date(1990, 1, 1), date(2099, 12, 31)),
    st.sampled_from(sorted(MONTHS)),
    st.sampled_from(
        ("{0:%d.%m.%Y}", "{0.day}/{0.month}/{0.year}", "{0:%m/%d/%Y}", "{0:%Y-%m-%d}", "{0:%d-%m-%y}",
         "{0.year}年{0.month}月{0.day}日", "{0.day}. {1} {0.year}", "{0.day} de {1} de {0.year}",
         "{1} {0.day}, {0.year}", "{0.day}-{1}-{0.year}", "{0.day} {1}\n{0.year}")
    ),
)  # fmt: skip
def test_a_date_is_found_however_it_is_printed(day: date, language: str, form: str) -> None:
    name = MONTHS[language].split()[day.month - 1]
    page = PAGE.replace("4 March 2026", form.format(day, name))
    assert differing(page, invoice_date=day.isoformat()) == ()
