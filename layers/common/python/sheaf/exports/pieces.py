"""Files that a target takes only so much of: one file, or an archive of as many as are needed.

Archives have no clock in them: the same members give the same bytes.
"""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from sheaf.exports.rows import Written

ARCHIVE = Written(extension="zip", content_type="application/zip")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_READABLE = 0o644 << 16
_LEVEL = 6


@dataclass(frozen=True)
class Limits:
    """What a target takes at once."""

    bills: int
    rows: int


def archive(members: Iterable[tuple[str, bytes]], out: BinaryIO) -> Written:
    with zipfile.ZipFile(out, "w") as into:
        for name, content in members:
            _add(into, name, content)
    return ARCHIVE


def in_pieces[Row](
    groups: Iterable[list[Row]],
    write: Callable[[Iterable[Row], BinaryIO], Written],
    out: BinaryIO,
    *,
    limits: Limits,
    name: str,
) -> Written:
    """``groups`` are the rows of one bill each, which stay together. At most two pieces are in memory."""
    pieces = _pieces(groups, limits)
    first = next(pieces, [])
    second = next(pieces, None)
    if second is None:
        return write(first, out)
    numbered = enumerate(itertools.chain((first, second), pieces), start=1)
    return archive(((f"{name}-{number:04}.csv", _as_bytes(rows, write)) for number, rows in numbered), out)


def _pieces[Row](groups: Iterable[list[Row]], limits: Limits) -> Iterator[list[Row]]:
    piece: list[Row] = []
    bills = 0
    for rows in groups:
        if piece and (bills == limits.bills or len(piece) + len(rows) > limits.rows):
            yield piece
            piece, bills = [], 0
        piece += rows
        bills += 1
    if piece:
        yield piece


def _as_bytes[Row](rows: Iterable[Row], write: Callable[[Iterable[Row], BinaryIO], Written]) -> bytes:
    into = io.BytesIO()
    write(rows, into)
    return into.getvalue()


def _add(into: zipfile.ZipFile, name: str, content: bytes) -> None:
    member = zipfile.ZipInfo(name, _EPOCH)
    member.create_system = _UNIX
    member.external_attr = _READABLE
    into.writestr(member, content, zipfile.ZIP_DEFLATED, _LEVEL)
