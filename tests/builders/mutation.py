"""Hypothesis strategies that damage what was good: files as transfers do, answers as services may."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

_TOKENS = (
    b"\x00",
    b"\xff" * 4,
    b"\x80\x00\x00\x00",
    b"0",
    b"-1",
    b"99999999999999999999",
    b"1e400",
    b" obj",
    b"endobj",
    b"stream\n",
    b"endstream",
    b"<<",
    b">>",
    b"[",
    b"]",
    b"(",
    b"%",
    b"/Kids",
    b"/Count",
    b"/Length",
    b"/Prev",
    b"/Filter /FlateDecode",
    b"<",
    b"/>",
    b"</",
    b"&amp;",
    b"&#0;",
    b"&#x110000;",
    b"<![CDATA[",
    b"<!--",
    b"\xc3",
    b"xmlns=''",
)
_ODD_TEXTS = (
    "",
    " ",
    "NaN",
    "Infinity",
    "-Infinity",
    "1E+999999",
    "9" * 400,
    "-0",
    "0,00",
    "1.234.567,89-",
    "(1'234.50)",
    "\x00",
    "\u202e12.50",
    "\u200b",
    "\ud83d\ude00",
    "e\u0301" * 50,
    "\uff11\uff12.\uff13\uff14",
    "\u0661\u0662\u066b\u0665\u0660",
    "½",
    "²",
    "Ⅻ",
    "31/02/2026",
    "00.00.0000",
    "99999-99-99",
    "2026-13-45",
    "%" * 50,
    "(" * 200,
    "a" * 5_000,
    "1 " * 500,
    "\n" * 100,
    "IBAN DE75 5121 0800 1245 1261 99",
    "DE" + "1" * 60,
    "Total",
    "EUR",
    "$€£¥",
    "٪",
    "\uff11\uff0c\uff12\uff13\uff14\uff0e\uff15",
    "-" * 300,
)
_ODD_VALUES = (
    None,
    True,
    False,
    0,
    -1,
    2**63,
    10**400,
    1e308,
    -1e308,
    float("inf"),
    float("nan"),
    [],
    {},
    [[]],
    [None],
    "",
    "NaN",
    {"Text": None},
    {"Text": 5},
    ["Text"],
)

odd_texts = st.sampled_from(_ODD_TEXTS) | st.text(max_size=60)
odd_values = st.sampled_from(_ODD_VALUES) | odd_texts


def damaged(data: st.DataObject, seeds: Sequence[bytes]) -> bytes:
    """A seed after some cuts, insertions, exchanges and repetitions.

    No strategy of its own: what it gives is too long to be printed with a failure, the changes are not.
    """
    file = seeds[data.draw(st.integers(0, len(seeds) - 1), label="seed")]
    for _ in range(data.draw(st.integers(1, 8), label="changes")):
        at = data.draw(st.integers(0, max(0, len(file) - 1)), label="at")
        length = data.draw(st.sampled_from((0, 1, 2, 4, 16, 256, 4096)), label="length")
        piece = data.draw(st.sampled_from(_TOKENS) | st.binary(max_size=8), label="piece")
        match data.draw(st.sampled_from(("cut", "insert", "replace", "repeat", "end")), label="change"):
            case "cut":
                file = file[:at] + file[at + length :]
            case "insert":
                file = file[:at] + piece + file[at:]
            case "replace":
                file = file[:at] + piece + file[at + len(piece) :]
            case "repeat":
                file = file[:at] + file[at : at + length] * 3 + file[at + length :]
            case "end":
                file = file[:at] or file
    return file


def disturbed(data: st.DataObject, seeds: Sequence[Any]) -> Any:
    """A JSON value in which some parts are missing, of another type, doubled, or odd texts."""
    value = copy.deepcopy(seeds[data.draw(st.integers(0, len(seeds) - 1), label="seed")])
    places = _places(value)
    for _ in range(data.draw(st.integers(1, 6), label="changes")):
        holder, key = places[data.draw(st.integers(0, len(places) - 1), label="place")]
        change = data.draw(st.sampled_from(("drop", "odd", "text", "double")), label="change")
        odd = data.draw(odd_texts if change == "text" else odd_values, label="instead")
        if not (key in holder if isinstance(holder, dict) else key < len(holder)):
            continue  # dropped before
        if change == "drop":
            del holder[key]
        elif change == "double" and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
        else:
            holder[key] = copy.deepcopy(odd)
    return value


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a value: what holds it, and its key there."""
    found: list[tuple[Any, Any]] = []
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            found.append((value, key))
            found += _places(value[key])
    return found
