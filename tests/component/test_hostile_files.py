"""Files a stranger may send: each is refused with a reason, and none keeps the others from being read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import files, hostile
from tests.builders.expense import acme
from tests.builders.world import SETTINGS, World, original
from tests.component.invariants import at_rest, run_on

PDF = "application/pdf"
XML = "application/xml"
UNSAID = "application/octet-stream"

REFUSED: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "nothing but blanks": (lambda: b" \n", PDF, "file_empty"),
    "noise that says PDF": (files.corrupt_pdf, PDF, "file_corrupt"),
    "a broken upload": (files.truncated_pdf, PDF, "file_corrupt"),
    "half a picture": (files.truncated_jpeg, "image/jpeg", "file_corrupt"),
    "a password": (files.encrypted_pdf, PDF, "file_encrypted"),
    "a picture named PDF": (files.png_renamed_pdf, PDF, "file_type_mismatch"),
    "a Word file named PDF": (files.docx_renamed_pdf, PDF, "file_type_mismatch"),
    "a Word file that does not say so": (files.docx_renamed_pdf, UNSAID, "file_type_unsupported"),
    "a web page named PDF": (files.html_renamed_pdf, PDF, "file_type_mismatch"),
    "a web page that is a PDF too": (files.html_pdf_polyglot, PDF, "file_type_mismatch"),
    "gigapixels in 100 bytes": (files.bomb_png, "image/png", "file_image_too_large"),
    "too many pages": (
        lambda: files.many_pages_pdf(SETTINGS.max_pages + 1),
        PDF,
        "file_too_many_pages",
    ),
    "a billion laughs": (files.billion_laughs_xml, XML, "file_xml_not_invoice"),
    "an external entity": (files.external_entity_xml, XML, "file_xml_not_invoice"),
    "100,000 levels": (files.deep_xml, XML, "file_corrupt"),
    "1.5 gigabytes packed twice": (
        lambda: hostile.twice_packed_attachment_pdf(1_500),
        PDF,
        "file_too_complex",
    ),
    "98 megapixels of nothing": (hostile.wide_webp, "image/webp", "file_too_complex"),
}
READ: dict[str, tuple[Callable[[], bytes], str]] = {
    "locked by its owner only": (files.owner_locked_pdf, PDF),
    "a script that runs on opening": (files.script_pdf, PDF),
    "200 MB of spaces": (files.bomb_stream_pdf, PDF),
    "a PDF that is an archive too": (files.pdf_zip_polyglot, PDF),
    "a picture with an invoice behind it": (files.png_xml_polyglot, "image/png"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_file_fails_alone(world: World, name: str) -> None:
    make, content_type, code = REFUSED[name]
    ws = world.workspace()
    good = [world.send(ws, files.invoice_pdf(f"INV-{number}")) for number in range(2)]
    bad = world.send(ws, make(), "file", content_type)

    assert world.receive(good[0][1], bad[1], good[1][1]) == []

    document = world.document(ws, bad[0])
    assert (document["status"], document["failure"]["code"]) == ("failed", code)
    assert document["failure"]["message"].endswith(".")
    assert len(document["failure"]["message"]) < 300
    assert document["file"]["expires_on"], "its bytes are kept and deleted as all others are"
    assert len(world.textract.jobs) == 2, "nothing was spent on it"
    run_on(world)
    assert all(world.document(ws, each)["status"] != "failed" for each, _ in good)
    at_rest(world)


@pytest.mark.parametrize("name", READ)
def test_an_odd_file_is_read(world: World, name: str) -> None:
    make, content_type = READ[name]
    ws = world.workspace()
    document_id = world.upload(ws, make(), "file", content_type)
    assert world.finish_job("job-1", acme()) == []
    assert world.document(ws, document_id)["status"] in {"ready", "needs_review"}
    at_rest(world)


def test_a_file_over_the_limit_is_not_even_fetched(world: World) -> None:
    """The form would not have taken it; the bucket itself has no limit."""
    ws = world.workspace()
    document_id = world.announce(ws.api_key, b"small", "a.pdf", PDF)
    event = world.put(original(ws, document_id), files.text_pdf(["x"]) + b"\n" * SETTINGS.max_file_bytes)
    with world.network.recording() as calls:
        assert world.receive(event) == []
        assert "s3.GetObject" not in map(str, calls)
    document = world.document(ws, document_id)
    assert document["failure"]["code"] == "file_too_large"
    assert document["file"]["sha256"] is None
    at_rest(world)


def test_an_answer_full_of_nonsense_fails_or_is_reviewed(world: World) -> None:
    ws = world.workspace()
    for number, answer in enumerate(nonsense()):
        document_id = world.upload(ws, files.text_pdf([str(number)]))
        assert world.finish_job(world.job_of(document_id), answer) == []
        assert world.document(ws, document_id)["status"] in {"failed", "needs_review"}
    at_rest(world)


def nonsense() -> list[dict[str, Any]]:
    empty = {"ExpenseIndex": 1, "SummaryFields": [], "LineItemGroups": []}
    huge = acme("9" * 400)
    return [
        {"DocumentMetadata": {"Pages": 1}, "ExpenseDocuments": [empty]},
        {"DocumentMetadata": {"Pages": 1}, "ExpenseDocuments": [empty] * 30},
        huge,
    ]
