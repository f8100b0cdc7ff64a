"""Corrections lie over what the machine read, and outlive it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sheaf.capture.checks import checked, needs_review
from sheaf.capture.kept import Correction, KeptReading, LinesCorrection, Overlay
from sheaf.capture.reading import Box, Check, Field, LineItem, Reading, Source
from sheaf.capture.risk import risk

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def reading(**confidences: float) -> Reading:
    values = {
        "vendor": "Acme", "invoice_number": "7", "invoice_date": "2026-11-01", "total": "9.00",
        "currency": "EUR",
    }  # fmt: skip
    box = Box(left=0.1, top=0.1, width=0.2, height=0.1)
    fields = {
        name: Field(
            value=value,
            raw=f"raw {value}",
            confidence=confidences.get(name, 0.99),
            page=1,
            box=box,
            source=Source.TEXTRACT,
        )
        for name, value in values.items()
    }
    return checked(Reading(engine=Source.TEXTRACT, fields=fields))


def by_person(**values: str | None) -> Overlay:
    return Overlay(
        fields={name: Correction(value=value, by="usr_1", at=NOW) for name, value in values.items()}
    )


def test_without_corrections_the_reading_is_the_machines() -> None:
    machine = reading()
    assert KeptReading(machine=machine).current == machine


def test_a_value_that_is_confirmed_is_certain() -> None:
    machine = reading(total=0.5)
    assert needs_review(machine)
    kept = KeptReading(machine=machine, overlay=by_person(total="9.00"))
    assert not needs_review(kept.current)
    assert risk(kept.current) < risk(machine)


def test_a_correction_stands_where_the_machine_read() -> None:
    machine = reading()
    field = KeptReading(machine=machine, overlay=by_person(total="8.00")).current.fields["total"]
    read = machine.fields["total"]
    assert (field.page, field.box, field.raw) == (read.page, read.box, read.raw)
    assert (field.value, field.confidence, field.source) == ("8.00", 1.0, Source.PERSON)


def test_what_the_machine_did_not_find_can_be_given_and_what_it_found_be_taken_away() -> None:
    kept = KeptReading(machine=reading(), overlay=by_person(due_date="2026-12-01", vendor=None))
    assert kept.current.value("due_date") == "2026-12-01"
    assert "vendor" not in kept.current.fields
    assert [check.code for check in kept.current.checks] == ["field_missing"]


def test_a_newer_reading_changes_nothing_that_was_corrected() -> None:
    overlay = by_person(total="8.00").model_copy(
        update={"line_items": LinesCorrection(items=(LineItem(amount="8.00"),), by="usr_1", at=NOW)}
    )
    newer = reading().model_copy(update={"line_items": (LineItem(amount="7.00"),)})
    current = KeptReading(machine=newer, overlay=overlay).current
    assert current.value("total") == "8.00"
    assert [line.amount for line in current.line_items] == ["8.00"]


def test_findings_stand_beside_the_checks() -> None:
    finding = Check(code="duplicate", message="Another one.")
    kept = KeptReading(machine=reading(total=0.5)).found((finding,))
    assert [check.code for check in kept.current.checks] == ["low_confidence", "duplicate"]


@pytest.mark.parametrize("confidence", [0.0, 0.3, 0.9, 1.0])
def test_risk_is_that_one_of_the_required_fields_is_wrong(confidence: float) -> None:
    sure = dict.fromkeys(("vendor", "invoice_number", "invoice_date", "currency"), 1.0)
    assert risk(reading(**sure, total=confidence)) == pytest.approx(1 - confidence)


def test_a_missing_field_an_error_and_a_finding_raise_it() -> None:
    certain = dict.fromkeys(("vendor", "invoice_number", "invoice_date", "currency", "total"), 1.0)
    whole = KeptReading(machine=reading(**certain))
    assert risk(whole.current) == 0
    without = KeptReading(machine=reading(**certain), overlay=by_person(total=None))
    early = KeptReading(machine=reading(**certain), overlay=by_person(due_date="2026-01-01"))
    twice = whole.found((Check(code="duplicate", message="Another one."),))
    told = whole.found((Check(code="duplicate", message="Another one.", severity="warning"),))
    assert risk(told.current) == 0
    assert 0 < risk(early.current) < risk(without.current) < risk(twice.current) < 1
