"""Labelled documents: files of which it is known what they say.

Two layouts are read. A *set* is a folder with a ``manifest.json``::

    {"items": [{"file": "img/001.jpg",            relative to the folder
                "labels": {"total": "9.00", …},   only what is known
                "visible": {"total": false},      a label that the page does not show is not asked for
                "assumed": {"currency": "MYR"},   stands in where the currency has no label
                "split": "dev",                   or "holdout"
                "template": "…"}]}                or "group": files that look alike

A label ``total_alts`` or ``total_candidates`` lists further values of ``total``, any of which is right.
Amounts are decimals, dates ``YYYY-MM-DD``, currencies ISO 4217; ``line_items`` is a list of objects of
which the ``amount`` is compared. A document without any label but a currency is left out.

The other layout is ``expected.json``: a list of objects, each a ``path`` and its labels.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from sheaf_cli.evaluation.scoring import AMOUNTS, FIELDS, amount

_MANIFEST = "manifest.json"
_EXPECTED = "expected.json"
_SAYS_NOTHING = frozenset(("currency", "document_type", "doc_type"))


class BadLabels(Exception):
    """A folder or manifest that is of neither layout; the message names it."""


@dataclass(frozen=True)
class Labelled:
    """``accepted`` has the right values of each labelled field; ``line_amounts`` is empty without labels.

    ``has_lines`` tells lines whose amounts are unknown from no labelled lines at all.
    """

    set_name: str
    path: str
    accepted: Mapping[str, tuple[str, ...]]
    line_amounts: tuple[Decimal, ...] = ()
    has_lines: bool = False
    split: str | None = None
    family: str = ""

    @property
    def half(self) -> str:
        """``tuned`` or ``untouched``, by a hash, the same for files that look alike; "" for a holdout."""
        if self.split not in (None, "dev"):
            return ""
        digest = hashlib.sha256(f"{self.set_name}/{self.family}".encode()).digest()
        return "untouched" if digest[0] & 1 else "tuned"


def load(
    folder: Path, *, sets: Sequence[str] = (), split: str | None = None, limit: int = 0
) -> list[Labelled]:
    """The documents of the sets in ``folder``, or of ``folder`` itself; ``limit`` is a set's, 0 for none."""
    sources = _sources(folder)
    if unknown := [name for name in sets if name not in sources]:
        raise BadLabels(f"No set {', '.join(unknown)} in {folder}: there are {', '.join(sources)}.")
    documents: list[Labelled] = []
    for name in sets or sources:
        of_set = [document for document in _read(name, sources[name]) if split in (None, document.split)]
        documents += of_set[: limit or None]
    return documents


def _sources(folder: Path) -> dict[str, Path]:
    """Set → the file with its labels."""
    found: dict[str, Path] = {}
    children = sorted(child for child in folder.iterdir() if child.is_dir()) if folder.is_dir() else []
    for place in (folder, *children):
        for name in (_MANIFEST, _EXPECTED):
            if (place / name).is_file():
                found[place.resolve().name] = place / name
    if not found:
        raise BadLabels(f"Neither a {_MANIFEST} nor an {_EXPECTED} in {folder} or in a folder of it.")
    return found


def _read(set_name: str, source: Path) -> Iterator[Labelled]:
    try:
        content = json.loads(source.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadLabels(f"{source} is not JSON: {error}.") from error
    for item in _items(content, source):
        labels = item["labels"]
        visible, assumed = item.get("visible") or {}, item.get("assumed") or {}
        known = {
            name: value
            for name, value in labels.items()
            if visible.get(name) is not False and value not in (None, "", [])
        }
        if "currency" not in known and assumed.get("currency"):
            known["currency"] = assumed["currency"]
        if not known.keys() - _SAYS_NOTHING:
            continue
        lines = known.get("line_items", [])
        amounts = (amount(line.get("amount")) for line in lines)
        yield Labelled(
            set_name=set_name,
            path=str(source.parent / item["file"]),
            accepted={field: values for field in FIELDS if (values := tuple(_accepted(field, known)))},
            line_amounts=tuple(value for value in amounts if value is not None),
            has_lines=bool(lines),
            split=item.get("split"),
            family=str(item.get("template") or item.get("group") or item["file"]),
        )


def _items(content: Any, source: Path) -> Iterable[dict[str, Any]]:
    listed = content.get("items") if isinstance(content, dict) else content
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        raise BadLabels(f"{source} lists no files.")
    items = listed if isinstance(content, dict) else [_expected(labels) for labels in listed]
    for item in items:
        if not isinstance(item.get("file"), str) or not isinstance(item.get("labels"), dict):
            raise BadLabels(f"{source} has an entry without a file or without its labels.")
    return items


def _expected(labels: Mapping[str, Any]) -> dict[str, Any]:
    return {"file": labels.get("path"), "labels": {k: v for k, v in labels.items() if k != "path"}}


def _accepted(field: str, known: Mapping[str, Any]) -> Iterator[str]:
    values = [known[field]] if field in known else []
    values += known.get(f"{field}_alts", []) + known.get(f"{field}_candidates", [])
    return (str(value) for value in values if field not in AMOUNTS or amount(value) is not None)
