"""The search index of one workspace: documents under what they can be found by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sheaf.capture.search import filed_under
from sheaf.capture.views import DocumentItemView, item_view
from sheaf.kernel.pages import Page, unknown_cursor
from sheaf.storage._table import IndexItem
from sheaf.storage.codec import pack, unpack
from sheaf.storage.paging import collect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pynamodb.expressions.condition import Condition

    from sheaf.capture.documents import Document
    from sheaf.capture.search import Question, Shelf
    from sheaf.storage.partition import Partition


class SearchIndex:
    def __init__(self, partition: Partition) -> None:
        self._partition = partition

    def page(
        self, shelf: Shelf, question: Question, *, limit: int, cursor: str | None
    ) -> Page[DocumentItemView]:
        """In the order of the shelf. A cursor is the key of the last entry seen. Raises InvalidRequest."""
        if shelf.low > shelf.high:
            return Page([], None)
        where = _range(shelf)
        if cursor is not None and not shelf.holds(cursor):
            raise unknown_cursor()

        def fetch(after: str | None, count: int) -> tuple[list[IndexItem], str | None]:
            items, last = self._partition.query(
                IndexItem,
                limit=count,
                after=after,
                where=where,
                newest_first=shelf.newest_first,
                consistent=False,
            )
            return [item for item in items if _answers(item, shelf, question)], last

        return collect(fetch, _view, limit=limit, cursor=cursor)

    def under(self, key: str, *, consistent: bool = True) -> list[str]:
        """The ids of the documents that are filed under this key, oldest first: up to a hundred."""
        where = IndexItem.sk.startswith(f"{key}#")
        items, _ = self._partition.query(IndexItem, limit=100, where=where, consistent=consistent)
        return [item.sk.rpartition("#")[2] for item in items]

    def refile(self, before: Document | None, after: Document | None) -> None:
        """Written at once, in no transaction: to do it again changes nothing."""
        old = _entries(before) if before else {}
        new = _entries(after) if after else {}
        gone: Sequence[str] = sorted(old.keys() - new.keys())
        self._partition.write_batch(
            puts=[IndexItem(sk=sk, body=body) for sk, body in sorted(new.items())],
            deletes=[(IndexItem, sk) for sk in gone],
        )


def _range(shelf: Shelf) -> Condition:
    if shelf.word:
        return IndexItem.sk.startswith(f"w#{shelf.word}")
    return IndexItem.sk.between(shelf.low, shelf.high)


def _entries(document: Document) -> dict[str, bytes]:
    body = pack(item_view(document))
    return {f"{key}#{document.id}": body for key in filed_under(document)}


def _view(item: IndexItem) -> DocumentItemView:
    return unpack(DocumentItemView, item.body)


def _answers(item: IndexItem, shelf: Shelf, question: Question) -> bool:
    view = _view(item)
    return question.fits(view) and shelf.shows(item.sk, view)
