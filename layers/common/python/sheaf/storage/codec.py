"""Records as bytes, and instants as integers, the way the tables keep them.

A record is JSON, deflated with a preset dictionary (RFC 1950): the names in it are known beforehand, so a
one-page invoice fits the kilobyte that a write unit pays for.
"""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime, timedelta

from pydantic import BaseModel

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DECIMALS = 4
"""Of shares: of a page's width or height, that is less than a pixel."""

_VOCABULARY = (
    b'"tax_breakdown":[{"rate":"20","base":"","amount":""}],"checks":[{"code":"","message":"",'
    b'"severity":"warning","fields":["","expected":"","found":""}]}'
    b'"document_type":"credit_note","receipt","embedded","xml",'
    b'"vendor":{"value":""vendor_address":{"value":""vendor_tax_id":{"value":""buyer":{"value":"'
    b'"buyer_address":{"value":""buyer_tax_id":{"value":""invoice_number":{"value":"'
    b'"purchase_order":{"value":""invoice_date":{"value":""due_date":{"value":"'
    b'"payment_terms":{"value":""currency":{"value":""subtotal":{"value":""discount":{"value":"'
    b'"charges":{"value":""tax":{"value":""total":{"value":""prepaid":{"value":"'
    b'"amount_due":{"value":""iban":{"value":""bic":{"value":"'
    b'"},"line_items":[{"description":"","product_code":"","quantity":"1","unit":"","unit_price":"",'
    b'"tax_rate":"","amount":".00","confidence":0.99,"page":1,'
    b'"box":{"left":0.0,"top":0.,"width":0.,"height":0.01}},{"description":"'
    b'{"engine":"textract","fields":{"vendor":{"value":"","raw":"","confidence":0.99,"page":1,'
    b'"box":{"left":0.,"top":0.,"width":0.,"height":0.01},"source":"textract"},"'
)
"""Never to be edited: what was packed with it can be unpacked with nothing else."""


MOST_JSON = 4_000_000
"""Characters of a record's JSON: an answer of the API (at most 6 MB) must be able to show it."""


class RecordTooLarge(Exception):
    """There is more in the record than the API could ever show."""


def pack(record: BaseModel) -> bytes:
    """The same record gives the same bytes. Fractions are rounded to four decimals.

    Raises RecordTooLarge.
    """
    whole = record.model_dump_json(exclude_defaults=True)
    if len(whole) > MOST_JSON:
        raise RecordTooLarge
    document = json.loads(whole, parse_float=_rounded)
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    packer = zlib.compressobj(level=9, memLevel=9, zdict=_VOCABULARY)
    return packer.compress(text) + packer.flush()


def unpack[Record: BaseModel](kind: type[Record], body: bytes) -> Record:
    return kind.model_validate_json(zlib.decompressobj(zdict=_VOCABULARY).decompress(body))


def _rounded(number: str) -> float:
    return round(float(number), _DECIMALS)


def milliseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(milliseconds=1)


def instant(value: float) -> datetime:
    return _EPOCH + timedelta(milliseconds=int(value))


def seconds(at: datetime) -> int:
    """For TTL attributes, which DynamoDB reads as seconds."""
    return int(at.timestamp())


def listed(names: frozenset[str] | None) -> str | None:
    """Unlike DynamoDB's own sets it tells none at all from no list, which is the opposite where it says what
    somebody is limited to.
    """
    return None if names is None else ",".join(sorted(names))


def unlisted(text: str | None) -> frozenset[str] | None:
    return None if text is None else frozenset(filter(None, text.split(",")))
