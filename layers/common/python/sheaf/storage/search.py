"""The search index of one workspace: documents under what they can be found by.

Whoever sees some clients only is answered from the entries of those: no other is read, so none can be told
of, not even by a cursor.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sheaf.capture.search import beside_twins, filed_under, of_client, twins
from sheaf.capture.views import DocumentItemView, item_view
from sheaf.kernel.pages import Page, unknown_cursor
from sheaf.storage._table import IndexItem
from sheaf.storage.codec import pack, unpack
from sheaf.storage.paging import collect, merge

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pynamodb.expressions.condition import Condition

    from sheaf.access.visibility import Visibility
    from sheaf.capture.documents import Document
    from sheaf.capture.search import Question, Shelf
    from sheaf.storage.partition import Partition


_AT_ONCE = 100


class SearchIndex:
    def __init__(self, partition: Partition, visibility: Visibility) -> None:
        self._partition = partition
        self._visibility = visibility

    def page(
        self, shelf: Shelf, question: Question, *, limit: int, cursor: str | None
    ) -> Page[DocumentItemView]:
        """In the order of the shelf. A cursor is the key of the last entry seen, as it is without a client.

        Raises InvalidRequest.
        """
        if shelf.low > shelf.high:
            return Page([], None)
        if cursor is not None and not shelf.holds(cursor):
            raise unknown_cursor()

        def read(place: str, after: str | None, count: int) -> tuple[list[IndexItem], str | None]:
            items, last = self._partition.query(
                IndexItem,
                limit=count,
                after=place + after if after else None,
                where=_range(shelf, place),
                newest_first=shelf.newest_first,
                consistent=False,
            )
            for item in items:
                item.sk = item.sk.removeprefix(place)
            return items, last.removeprefix(place) if last else None

        def answers(item: IndexItem) -> bool:
            return _answers(item, shelf, question)

        places = self._places(question.client)
        if len(places) == 1:

            def fetch(after: str | None, count: int) -> tuple[list[IndexItem], str | None]:
                items, last = read(places[0], after, count)
                return list(filter(answers, items)), last

            return collect(fetch, _view, limit=limit, cursor=cursor)
        return merge(
            [partial(read, place) for place in places],
            answers,
            _view,
            limit=limit,
            cursor=cursor,
            reverse=shelf.newest_first,
        )

    def _places(self, client_id: str | None) -> list[str]:
        """What the keys begin with that may be read: nothing in particular, or one of these."""
        if client_id is not None:
            return [of_client(client_id)] if self._visibility.sees(client_id) else []
        if self._visibility.clients is None:
            return [""]
        return [of_client(each) for each in sorted(self._visibility.clients)]

    def is_used(self, key: str) -> bool:
        """Whether any document is filed under this key."""
        return bool(self._partition.query(IndexItem, limit=1, where=IndexItem.sk.startswith(f"{key}#"))[0])

    def twins(self, *documents: Document, consistent: bool = True) -> dict[str, list[str]]:
        """What makes others duplicates of these → the ids of the documents that have it, oldest first."""
        found: dict[str, list[str]] = {key: [] for document in documents for key in twins(document)}
        for place in sorted({key for document in documents for key in beside_twins(document)}):
            for view in self._filed(place, consistent=consistent):
                for key in found.keys() & set(twins(view)):
                    found[key].append(view.id)
        return {key: sorted(set(ids)) for key, ids in found.items()}

    def _filed(self, key: str, *, consistent: bool) -> Iterator[DocumentItemView]:
        after: str | None = None
        where = IndexItem.sk.startswith(f"{key}#")
        while True:
            items, after = self._partition.query(
                IndexItem, limit=_AT_ONCE, after=after, where=where, consistent=consistent
            )
            yield from map(_view, items)
            if after is None:
                return

    def refile(self, before: Document | None, after: Document | None) -> None:
        """What the change makes different, written at once, in no transaction.

        Changes of one document come in order, from a place on when they come again: whatever the last of them
        to touch an entry has written is how that is to be.
        """
        old = entries(before) if before else {}
        new = entries(after) if after else {}
        gone: Sequence[str] = sorted(old.keys() - new.keys())
        self._partition.write_batch(
            puts=[IndexItem(sk=sk, body=body) for sk, body in sorted(new.items() - old.items())],
            deletes=[(IndexItem, sk) for sk in gone],
        )


def _range(shelf: Shelf, place: str) -> Condition:
    if shelf.word:
        return IndexItem.sk.startswith(f"{place}w#{shelf.word}")
    return IndexItem.sk.between(place + shelf.low, place + shelf.high)


def entries(document: Document) -> dict[str, bytes]:
    body = pack(item_view(document))
    return {f"{key}#{document.id}": body for key in filed_under(document)}


def _view(item: IndexItem) -> DocumentItemView:
    return unpack(DocumentItemView, item.body)


def _answers(item: IndexItem, shelf: Shelf, question: Question) -> bool:
    view = _view(item)
    return question.fits(view) and shelf.shows(item.sk, view)
