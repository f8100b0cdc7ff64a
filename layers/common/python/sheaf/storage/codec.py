"""Records as bytes, and instants as integers, the way the tables keep them."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

from pydantic import BaseModel

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def pack(record: BaseModel) -> bytes:
    """The same record gives the same bytes."""
    return gzip.compress(record.model_dump_json(exclude_defaults=True).encode(), compresslevel=9, mtime=0)


def unpack[Record: BaseModel](kind: type[Record], body: bytes) -> Record:
    return kind.model_validate_json(gzip.decompress(body))


def milliseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(milliseconds=1)


def instant(value: float) -> datetime:
    return _EPOCH + timedelta(milliseconds=int(value))


def seconds(at: datetime) -> int:
    """For TTL attributes, which DynamoDB reads as seconds."""
    return int(at.timestamp())
