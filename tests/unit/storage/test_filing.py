"""Documents are filed as they are, whatever the stream tells again; what is so already is not written."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from sheaf.access.visibility import EVERYTHING
from sheaf.capture.documents import Document, Status, Summary
from sheaf.storage.partition import Partition
from sheaf.storage.search import SearchIndex, entries

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SAID = Summary(vendor="Acme Tools Ltd", invoice_number="INV-1001", invoice_date="2026-11-02", total="119.00")


class Shelves:
    """The partition, as far as filing needs it."""

    def __init__(self) -> None:
        self.filed: dict[str, bytes] = {}
        self.written = 0

    def write_batch(self, *, puts: Any, deletes: Any) -> None:
        self.filed |= {item.sk: item.body for item in puts}
        for _, sk in deletes:
            self.filed.pop(sk, None)
        self.written += len(puts) + len(deletes)

    def refile(self, before: Document | None, after: Document | None) -> int:
        """How many entries were written."""
        written = self.written
        SearchIndex(cast("Partition", self), EVERYTHING).refile(before, after)
        return self.written - written


def document(**changes: object) -> Document:
    return Document(
        id="doc_1",
        filename="2026-11-02 Acme Tools Ltd INV-1001.pdf",
        content_type="application/pdf",
        status=Status.READY,
        created_at=NOW,
        created_by="key_1",
        summary=SAID,
    ).model_copy(update=changes)


def test_what_lists_do_not_show_is_not_filed_anew() -> None:
    shelves = Shelves()
    assert shelves.refile(None, document()) == 7
    assert shelves.refile(document(), document(version=2, attempt=1)) == 0


def test_what_is_decided_is_filed_as_decided_and_leaves_the_queue() -> None:
    shelves = Shelves()
    shelves.refile(None, before := document())
    after = document(status=Status.APPROVED)
    assert shelves.refile(before, after) == 7
    assert shelves.filed == entries(after)
    shelves.refile(after, None)
    assert shelves.filed == {}


_versions = st.lists(
    st.none()
    | st.builds(
        document,
        status=st.sampled_from([Status.READING, Status.READY, Status.APPROVED]),
        client_id=st.sampled_from([None, "cli_1"]),
        summary=st.sampled_from([SAID, Summary(), SAID.model_copy(update={"total": "1.00"})]),
    ),
    min_size=1,
    max_size=8,
)


@given(_versions, st.data())
def test_changes_that_come_again_from_any_place_on_end_the_same(
    versions: list[Document | None], data: st.DataObject
) -> None:
    shelves, told = Shelves(), [None, *versions]
    changes = list(zip(told, versions, strict=False))
    reached = 0
    while reached < len(changes):
        first = data.draw(st.integers(0, reached))
        last = data.draw(st.integers(reached + 1, len(changes)))
        for before, after in changes[first:last]:
            shelves.refile(before, after)
        reached = last
    final = versions[-1]
    assert shelves.filed == (entries(final) if final else {})
