"""What is learned, from what, and what the next document gets of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.capture.kept import Correction, KeptReading, Overlay
from sheaf.capture.policy import Company
from sheaf.capture.reading import FIELD_NAMES, Check, Field, Reading, Source
from sheaf.capture.suppliers.learning import called, learned, undone, withdrawn
from sheaf.capture.suppliers.memory import REMEMBERED, bank_details, with_memory, without_memory
from sheaf.capture.suppliers.own import in_their_places, is_own_vendor, own_company
from sheaf.capture.suppliers.supplier import FactKind, Supplier, keys
from sheaf.kernel.ids import is_id

AT = datetime(2026, 11, 20, tzinfo=UTC)
NOBODY = Company()
EMPTY = Supplier(id="sup_1", name="")
LASTING = {
    "vendor", "vendor_address", "vendor_tax_id", "currency", "payment_terms",
    "iban", "bic", "account_number", "routing_number",
}  # fmt: skip
ACCOUNT = {"account_number": "123", "routing_number": "9"}
IBAN, OTHER_IBAN = "DE89370400440532013000", "GB82WEST12345698765432"


def reading(**said: str) -> Reading:
    fields = {name: Field(value=value, source=Source.TEXTRACT) for name, value in said.items()}
    return Reading(engine=Source.TEXTRACT, fields=fields)


def kept(corrections: dict[str, str | None] | None = None, **said: str) -> KeptReading:
    over = {name: Correction(value=value, by="usr_1", at=AT) for name, value in (corrections or {}).items()}
    return KeptReading(machine=reading(**said), overlay=Overlay(fields=over))


def teach(supplier: Supplier, document_id: str, content: KeptReading, company: Company = NOBODY) -> Supplier:
    return learned(supplier, company, document_id, content, AT)


def memory(supplier: Supplier, **said: str) -> dict[str, tuple[str | None, Source]]:
    over = with_memory(supplier, kept(**said), AT).overlay.fields
    return {name: (each.value, each.source) for name, each in over.items()}


def values(supplier: Supplier, kind: FactKind) -> list[str | None]:
    return [fact.value for fact in supplier.of(kind)]


def test_numbers_dates_and_amounts_are_never_learned() -> None:
    said: dict[str, str | None] = {name: "7" for name in FIELD_NAMES if name not in LASTING}
    assert len(said) > len(LASTING)
    assert teach(EMPTY, "d1", kept(said, vendor="Acme")).of(FactKind.CORRECTION) == ()


@pytest.mark.parametrize("name", sorted(LASTING))
def test_what_was_corrected_comes_back_where_nothing_or_the_same_was_read(name: str) -> None:
    supplier = teach(EMPTY, "d1", kept({name: "right 1"}, **{"vendor": "Acme", name: "wrong 1"}))
    called_so = supplier.name if name == "vendor" else "right 1"
    assert memory(supplier, **{name: "wrong 1"})[name] == (called_so, Source.MEMORY)
    assert memory(supplier)[name] == (called_so, Source.MEMORY)
    assert name not in memory(supplier, **{name: "another"})


def test_what_a_document_says_of_its_supplier() -> None:
    said = {"vendor": "Acme", "vendor_tax_id": "DE 1", "iban": IBAN, **ACCOUNT}
    supplier = teach(EMPTY, "d1", kept(**said))
    assert [(fact.kind.value, fact.field, fact.value) for fact in supplier.facts] == [
        ("name", "vendor", "Acme"),
        ("tax_id", "vendor_tax_id", "DE 1"),
        ("iban", "iban", IBAN),
        ("account", "account_number", "9/123"),
    ]
    assert keys(supplier) == {"n#acme", "t#DE1", f"i#{IBAN}"}
    assert teach(EMPTY, "d1", kept()).facts == ()
    assert keys(teach(EMPTY, "d1", kept(vendor="***"))) == frozenset()


def test_a_text_is_the_same_only_to_the_letter() -> None:
    supplier = teach(EMPTY, "d1", kept({"payment_terms": "30 days"}, vendor="Acme", payment_terms="3 0 DAYS"))
    assert memory(supplier, vendor="Acme", payment_terms="30 days net") == {}
    assert memory(supplier, vendor="Acme", payment_terms="30DAYS") == {}


def test_what_was_taken_away_twice_was_confirmed() -> None:
    removed = kept({"payment_terms": None}, vendor="Acme", payment_terms="Page 1")
    [fact] = teach(teach(EMPTY, "d1", removed), "d2", removed).of(FactKind.CORRECTION)
    assert (fact.document_id, fact.confirmed_by) == ("d1", "d2")


@pytest.mark.parametrize("name", ["vendor_tax_id", "iban", "bic", "account_number", "routing_number"])
def test_a_number_is_the_same_however_it_is_written(name: str) -> None:
    supplier = teach(EMPTY, "d1", kept({name: "right 1"}, **{"vendor": "Acme", name: "AB 12-3"}))
    assert memory(supplier, **{name: "ab123"})[name] == ("right 1", Source.MEMORY)


def test_what_was_not_read_before_is_left_alone_where_something_is_read() -> None:
    supplier = teach(EMPTY, "d1", kept({"bic": "COBADEFFXXX"}, vendor="Acme"))
    assert memory(supplier, vendor="Acme") == {"bic": ("COBADEFFXXX", Source.MEMORY)}
    assert memory(supplier, vendor="Acme", bic="DEUTDEFF") == {}


def test_a_field_that_was_taken_away_is_taken_away_again() -> None:
    supplier = teach(EMPTY, "d1", kept({"payment_terms": None}, vendor="Acme", payment_terms="Page 1"))
    assert memory(supplier, vendor="Acme", payment_terms="Page 1") == {"payment_terms": (None, Source.MEMORY)}
    assert memory(supplier, vendor="Acme") == {}


def test_the_later_correction_of_the_same_holds() -> None:
    supplier = teach(EMPTY, "d1", kept({"currency": "USD"}, vendor="Acme"))
    supplier = teach(supplier, "d2", kept({"currency": "CAD"}, vendor="Acme"))
    assert memory(supplier, vendor="Acme") == {"currency": ("CAD", Source.MEMORY)}
    [fact] = supplier.of(FactKind.CORRECTION)
    assert fact.document_id == "d2"


def test_what_a_person_has_said_stays() -> None:
    supplier = teach(EMPTY, "d1", kept({"currency": "USD"}, vendor="Acme"))
    mine = kept({"currency": "CAD"}, vendor="Acme")
    assert with_memory(supplier, mine, AT) == mine
    assert without_memory(with_memory(supplier, kept(vendor="Acme"), AT)) == kept(vendor="Acme")
    assert without_memory(mine) == mine


def test_what_the_machine_read_and_a_person_confirmed_is_no_correction() -> None:
    confirmed = kept({"payment_terms": "30 days"}, vendor="Acme", payment_terms="30 days")
    assert teach(EMPTY, "d1", confirmed).of(FactKind.CORRECTION) == ()


def test_what_memory_put_in_is_not_learned_as_a_correction_of_somebody() -> None:
    supplier = teach(EMPTY, "d1", kept({"bic": "COBADEFFXXX"}, vendor="Acme"))
    again = teach(supplier, "d2", with_memory(supplier, kept(vendor="Acme"), AT))
    assert again.of(FactKind.CORRECTION) == supplier.of(FactKind.CORRECTION)


def test_a_name_is_put_right_to_what_the_supplier_is_called_now() -> None:
    supplier = called(teach(EMPTY, "d1", kept({"vendor": "ACME"}, vendor="Acne")), "Acme Inc", AT)
    assert memory(supplier, vendor="acne")["vendor"] == ("Acme Inc", Source.MEMORY)
    removed = teach(supplier, "d2", kept({"vendor": None}, vendor="Page 1"))
    assert memory(removed, vendor="Page 1")["vendor"] == (None, Source.MEMORY)


def test_what_is_right_as_it_was_read_is_left_alone() -> None:
    supplier = teach(EMPTY, "d1", kept({"vendor": "Acme"}, vendor="ACME!"))
    assert memory(supplier, vendor="acme") == {"vendor": ("Acme", Source.MEMORY)}
    assert memory(supplier, vendor="Acme") == {}


def test_what_a_supplier_says_itself_goes_where_nothing_else_is_known() -> None:
    supplier = EMPTY.model_copy(update={"currency": "USD", "payment_terms": "30 days"})
    assert memory(supplier, currency="EUR") == {"payment_terms": ("30 days", Source.MEMORY)}
    assert memory(supplier, payment_terms="now") == {"currency": ("USD", Source.MEMORY)}
    learned_otherwise = teach(supplier, "d1", kept({"payment_terms": "14 days"}, vendor="Acme"))
    assert memory(learned_otherwise)["payment_terms"] == ("14 days", Source.MEMORY)


def test_a_misread_name_leads_to_the_supplier_unless_it_is_ones_own() -> None:
    misread = kept({"vendor": "Acme"}, vendor="Our Company")
    assert keys(teach(EMPTY, "d1", misread)) == {"n#acme", "n#ourcompany"}
    assert keys(teach(EMPTY, "d1", misread, Company(names=("our company",)))) == {"n#acme"}
    for right, read in (("ACME!", "acme"), ("***", "acme"), ("acme", "***")):
        assert teach(EMPTY, "d1", kept({"vendor": right}, vendor=read)).of(FactKind.ALIAS) == ()


def test_of_the_own_company_nothing_is_learned() -> None:
    own = Company(names=("Us",), tax_ids=("DE 1",), ibans=(IBAN,))
    supplier = teach(EMPTY, "d1", kept(vendor="Acme", vendor_tax_id="DE1", iban=IBAN), own)
    assert keys(supplier) == {"n#acme"}


def test_a_fact_says_who_taught_it_first_and_who_confirmed_it_first() -> None:
    supplier = called(EMPTY, "Acme", AT)
    for document_id in ("d1", "d2", "d3"):
        supplier = teach(supplier, document_id, kept(vendor="Acme", iban=IBAN))
    assert all(is_id(fact.id, "fct") for fact in supplier.facts)
    assert [(fact.document_id, fact.confirmed_by) for fact in supplier.facts] == [(None, None), ("d1", "d2")]


def test_what_is_corrected_otherwise_is_the_latest() -> None:
    supplier = teach(EMPTY, "d1", kept({"bic": "B1"}, vendor="Acme", bic="W1"))
    supplier = teach(supplier, "d2", kept({"bic": "B2"}, vendor="Acme", bic="W2"))
    assert memory(supplier)["bic"] == ("B2", Source.MEMORY)
    supplier = teach(supplier, "d3", kept({"bic": "B3"}, vendor="Acme", bic="W1"))
    assert memory(supplier)["bic"] == ("B3", Source.MEMORY)


def test_what_was_confirmed_outlives_the_document_that_taught_it_first() -> None:
    supplier = teach(EMPTY, "d1", kept(vendor="Acme", iban=IBAN))
    supplier = teach(supplier, "d2", kept(vendor="Acme", iban=IBAN))
    rest = withdrawn(supplier, "d1")
    assert [fact.document_id for fact in rest.facts] == ["d2", "d2"]
    assert withdrawn(rest, "d2").facts == ()
    assert withdrawn(withdrawn(supplier, "d2"), "d1").facts == ()


def test_what_is_undone_is_taught_again_only_by_another_document() -> None:
    content = kept(vendor="Acme", iban=IBAN)
    supplier = teach(teach(EMPTY, "d1", content), "d2", content)
    [fact] = supplier.of(FactKind.IBAN)
    without = undone(supplier, fact)
    assert without.of(FactKind.IBAN) == ()
    assert values(without, FactKind.NAME) == ["Acme"]
    for document_id in ("d1", "d2"):
        assert teach(without, document_id, content).of(FactKind.IBAN) == ()
    assert values(teach(without, "d3", content), FactKind.IBAN) == [IBAN]
    [name] = without.of(FactKind.NAME)
    assert teach(undone(without, name), "d1", content).facts == ()


def test_a_name_that_a_person_gave_stays() -> None:
    assert values(called(teach(EMPTY, "d1", kept(vendor="Acme")), "ACME", AT), FactKind.NAME) == ["ACME"]
    supplier = called(teach(EMPTY, "d1", kept(vendor="Acme")), "Acme Inc", AT)
    again = teach(withdrawn(supplier, "d1"), "d1", kept(vendor="Acme & Sons"))
    assert again.name == "Acme Inc"
    assert values(again, FactKind.NAME) == ["Acme Inc", "Acme & Sons"]
    assert teach(EMPTY, "d1", kept(vendor="Acme")).name == "Acme"


def test_the_oldest_of_what_was_misread_is_forgotten_before_where_to_pay() -> None:
    supplier = teach(EMPTY, "d0", kept(vendor="Acme", vendor_tax_id="DE1", iban=IBAN, **ACCOUNT))
    for number in range(300):
        supplier = teach(supplier, f"m{number}", kept({"bic": f"B{number}"}, vendor="Acme", bic=f"W{number}"))
    assert len(supplier.facts) == 200
    assert values(supplier, FactKind.IBAN) == [IBAN]
    assert values(supplier, FactKind.TAX_ID) == ["DE1"]
    assert values(supplier, FactKind.ACCOUNT) == ["9/123"]
    assert values(supplier, FactKind.CORRECTION) == [f"B{number}" for number in range(104, 300)]
    for number in range(300):
        supplier = teach(supplier, f"i{number}", kept(vendor="Acme", iban=f"DE{number}"))
    assert len(supplier.facts) == 200
    assert values(supplier, FactKind.IBAN) == [f"DE{number}" for number in range(101, 300)]
    assert values(supplier, FactKind.NAME) == ["Acme"]


def test_what_is_too_long_is_not_learned_and_a_name_is_cut() -> None:
    long = "ä" * 301
    assert teach(EMPTY, "d1", kept({"payment_terms": long}, vendor="Acme")).of(FactKind.CORRECTION) == ()
    just = kept({"payment_terms": "é" * 300}, vendor="Acme", payment_terms="ä" * 300)
    assert len(teach(EMPTY, "d1", just).of(FactKind.CORRECTION)) == 1
    misread = kept({"payment_terms": "30 days"}, vendor="Acme", payment_terms=long)
    assert teach(EMPTY, "d1", misread).of(FactKind.CORRECTION) == ()
    supplier = teach(EMPTY, "d1", kept(vendor=long, vendor_tax_id="ß" * 300))
    assert supplier.name == long[:300]
    assert {len(key) for key in keys(supplier)} == {2 + 24, 2 + 100}


@pytest.mark.parametrize(
    ("known", "shown", "changed"),
    [
        ({"iban": IBAN}, {"iban": IBAN}, None),
        ({"iban": IBAN}, {"iban": "de89 3704 0044 0532 0130 00"}, None),
        ({"iban": IBAN}, {"iban": OTHER_IBAN}, OTHER_IBAN),
        ({"iban": IBAN}, ACCOUNT, "9/123"),
        (ACCOUNT, {"iban": IBAN}, IBAN),
        (ACCOUNT, ACCOUNT | {"routing_number": "8"}, "8/123"),
        (ACCOUNT, ACCOUNT | {"account_number": "12-3"}, None),
        ({"iban": IBAN}, {}, None),
        ({}, {"iban": IBAN}, None),
    ],
)  # fmt: skip
def test_bank_details_are_new_when_others_were_approved_before(
    known: dict[str, str], shown: dict[str, str], changed: str | None
) -> None:
    supplier = teach(EMPTY, "d1", kept(vendor="Acme", **known))
    check = bank_details(supplier, NOBODY, reading(vendor="Acme", **shown))
    assert (check.found if check else None) == changed
    if check:
        assert (check.code, check.severity) == ("bank_details_changed", "error")
        assert set(check.fields) == set(shown)
        assert check.expected == supplier.facts[-1].value
        assert check.message == (
            "Acme was paid elsewhere so far. Ask them, and not by what this document says."
        )


def test_an_own_account_is_no_change() -> None:
    supplier = teach(EMPTY, "d1", kept(vendor="Acme", iban=IBAN))
    own = Company(ibans=(OTHER_IBAN,))
    assert bank_details(supplier, own, reading(vendor="Acme", iban=OTHER_IBAN)) is None


US = Company(names=("Our Company",), tax_ids=("DE 1",), ibans=(IBAN,))


@pytest.mark.parametrize(
    ("said", "is_own"),
    [
        ({"vendor": "OUR COMPANY"}, True),
        ({"vendor": "Acme", "vendor_tax_id": "de1"}, True),
        ({"vendor": "Acme"}, False),
        ({"vendor": "Acme", "iban": IBAN}, False),
        ({"vendor_tax_id": "FR2", "iban": IBAN}, False),
        ({"iban": IBAN}, True),
        ({}, False),
    ],
)
def test_the_own_company_is_known_by_its_name_and_its_tax_id(said: dict[str, str], is_own: bool) -> None:
    assert is_own_vendor(US, reading(**said)) is is_own
    assert (own_company(US, reading(**said)) is not None) is is_own
    for nobody in (NOBODY, Company(names=("-",), tax_ids=("-",), ibans=("-",))):
        assert not is_own_vendor(nobody, reading(**said))


def test_what_is_said_of_the_own_company() -> None:
    check = own_company(US, reading(vendor="OUR COMPANY"))
    assert check == Check(
        code="own_company_is_vendor",
        message="The supplier seems to be your own company: who sent this?",
        fields=("vendor", "vendor_tax_id"),
        found="OUR COMPANY",
    )


def test_the_parties_change_places_with_all_that_is_theirs() -> None:
    moved = in_their_places(
        US,
        kept(vendor="Our Company", vendor_address="Home", buyer="Acme", buyer_tax_id="FR2"),
        by="wrk_1",
        at=AT,
    )
    current = moved.current
    assert {name: field.value for name, field in current.fields.items()} == {
        "vendor": "Acme", "vendor_tax_id": "FR2", "buyer": "Our Company", "buyer_address": "Home",
    }  # fmt: skip
    assert {field.source for field in current.fields.values()} == {Source.MEMORY}
    assert own_company(US, current) is None


def test_what_else_was_corrected_stays_when_the_parties_change_places() -> None:
    content = kept({"total": "7.00"}, vendor="Our Company", buyer="Acme")
    moved = in_their_places(US, content, by="wrk_1", at=AT)
    assert moved.overlay.fields["total"] == content.overlay.fields["total"]
    assert (moved.overlay.fields["vendor"].by, moved.overlay.fields["vendor"].at) == ("wrk_1", AT)


@pytest.mark.parametrize(
    "content",
    [
        kept(vendor="Our Company"),
        kept(vendor="Our Company", buyer="our company"),
        kept(vendor="Our Company", buyer="Acme", buyer_tax_id="DE1"),
        kept(vendor="Acme", buyer="Bolt"),
        kept({"buyer": "Bolt"}, vendor="Our Company", buyer="Acme"),
    ],
)
def test_nothing_changes_places_where_it_is_not_clear_with_whom(content: KeptReading) -> None:
    assert in_their_places(US, content, by="wrk_1", at=AT) == content


_TEXTS = st.sampled_from(["Acme", "ACME", "Bolt", IBAN, OTHER_IBAN, "DE1", "x"])
_FIELDS = st.dictionaries(st.sampled_from([*REMEMBERED, "invoice_number"]), _TEXTS, max_size=4)
_CONTENTS = st.builds(
    lambda corrections, said: kept(corrections, **{"vendor": "Acme", **said}),
    st.dictionaries(st.sampled_from(REMEMBERED), st.none() | _TEXTS, max_size=3),
    _FIELDS,
)
_APPROVALS = st.lists(st.tuples(st.sampled_from(["d1", "d2", "d3", "d4"]), _CONTENTS), max_size=12)


def _after(approvals: list[tuple[str, KeptReading]]) -> Supplier:
    supplier = EMPTY
    for minute, (document_id, content) in enumerate(approvals):
        supplier = learned(supplier, NOBODY, document_id, content, AT + timedelta(minutes=minute))
    return supplier


@given(_APPROVALS)
def test_the_same_approvals_in_the_same_order_teach_the_same(
    approvals: list[tuple[str, KeptReading]],
) -> None:
    assert _after(approvals) == _after(approvals)


@given(_APPROVALS, _CONTENTS)
def test_to_approve_again_what_was_approved_last_changes_nothing_but_when(
    approvals: list[tuple[str, KeptReading]], content: KeptReading
) -> None:
    once = _after([*approvals, ("d1", content)])
    twice = learned(once, NOBODY, "d1", content, AT)
    assert {(fact.is_about, fact.value) for fact in twice.facts} == {
        (fact.is_about, fact.value) for fact in once.facts
    }


@given(_APPROVALS)
def test_nothing_is_left_when_all_documents_are_opened_again(
    approvals: list[tuple[str, KeptReading]],
) -> None:
    supplier = _after(approvals)
    assert len({fact.id for fact in supplier.facts}) == len(supplier.facts)
    assert len({fact.is_about for fact in supplier.facts}) == len(supplier.facts)
    for document_id in ("d1", "d2", "d3", "d4"):
        supplier = withdrawn(supplier, document_id)
    assert supplier.facts == ()


@given(_APPROVALS, _CONTENTS)
def test_memory_never_changes_what_a_person_said_or_what_the_machine_read(
    approvals: list[tuple[str, KeptReading]], content: KeptReading
) -> None:
    recalled = with_memory(_after(approvals), content, AT)
    assert recalled.machine == content.machine
    assert content.overlay.fields.items() <= recalled.overlay.fields.items()
