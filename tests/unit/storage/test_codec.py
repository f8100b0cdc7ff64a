"""Records survive being packed, and what was packed long ago can still be read."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime

import pytest

from sheaf.capture.reading import Box, Check, Field, LineItem, Reading, Source
from sheaf.retention.certificates import Certificate, DeletedFile
from sheaf.retention.windows import Window
from sheaf.storage._people import MembershipItem
from sheaf.storage.codec import listed, pack, unlisted, unpack

BOX = Box(left=0.1234, top=0.5, width=0.25, height=0.0119)
PACKED_IN_2026 = bytes.fromhex(
    "78f957f653d923dd854e87972467a716a5662a3c6a9817555aa4e07b784f464eeaa3863970b7c39560f184216e"
    "5f181a199bc07d628ae415235354cf185ae2f20e464a05aa8544355c79416a513130726a0925bba0fcf4f4d4bc"
    "a4a2fc12d4e466849c8c0c0df52cc1e527f93ec15ecca69416e4642603d36d7c5a664e2a4aa11b9291aa509c98"
    "9baa009251c82c5628c90086b542620eb0744fa9d4432a6381c56bbc21a8a00500b6dc9d8d"
)


def reading(box: Box = BOX) -> Reading:
    return Reading(
        engine=Source.TEXTRACT,
        fields={
            "vendor": Field(value="Bäckerei „Zur Mühle“", raw="Bäckerei", confidence=0.991, page=1, box=box,
                            source=Source.TEXTRACT),
            "total": Field(value="119.00", source=Source.PERSON),
        },
        line_items=(LineItem(description="Roggenbrot", quantity="2", amount="11.90", box=box),),
        checks=(Check(code="duplicate_file", message="The same file is there already.", found="doc_1"),),
    )  # fmt: skip


def test_a_reading_survives() -> None:
    assert unpack(Reading, pack(reading())) == reading()


def test_a_certificate_survives() -> None:
    at = datetime(2033, 11, 20, 2, 15, 0, 123456, tzinfo=UTC)
    files = (
        DeletedFile(file_id="f", document_id="d", sha256="0" * 64, size=2**40, uploaded_at=at, versions=2),
    )
    made = Certificate(id="c", run_id="r", rule=Window.SEVEN_YEARS, as_of=at, deleted_at=at, files=files)
    assert unpack(Certificate, pack(made)) == made


def test_boxes_are_kept_to_a_ten_thousandth_of_the_page() -> None:
    found = reading(Box(left=0.12341234567890123, top=0.499999, width=0.25, height=0.011876))
    assert unpack(Reading, pack(found)) == reading()


def test_the_same_record_gives_the_same_bytes() -> None:
    assert pack(reading()) == pack(reading())


def test_what_was_packed_before_is_still_read() -> None:
    assert unpack(Reading, PACKED_IN_2026) == reading()


def test_bytes_packed_otherwise_are_refused() -> None:
    packer = zlib.compressobj(zdict=b"another vocabulary")
    with pytest.raises(zlib.error):
        unpack(Reading, packer.compress(b"{}") + packer.flush())


@pytest.mark.parametrize("names", [None, frozenset(), frozenset({"cli_1"}), frozenset({"cli_1", "cli_2"})])
def test_no_list_and_an_empty_list_stay_what_they_are(names: frozenset[str] | None) -> None:
    """Whoever is limited to nothing sees nothing; whoever is not limited sees everything."""
    item = MembershipItem(pk="p", sk="s", workspace_id="w", role="member", joined=1, clients=listed(names))
    assert unlisted(MembershipItem.from_raw_data(item.serialize()).clients) == names
