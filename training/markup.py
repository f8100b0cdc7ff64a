"""Typst markup for text that is never markup itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence


def text(content: str, **style: str) -> str:
    """``style`` goes to typst's ``text`` as written: ``size="9pt"``, ``weight='"bold"'``."""
    quoted = f"#{json.dumps(content, ensure_ascii=False)}"
    if not style:
        return quoted
    return f"#text({_arguments(style)})[{quoted}]"


def unbroken(content: str) -> str:
    return f"#box[{text(content)}]"


def lines(contents: Iterable[str]) -> str:
    """Markup under markup."""
    return " #linebreak() ".join(contents)


def aligned(where: str, content: str) -> str:
    return f"#align({where})[{content}]"


def grid(columns: str, cells: Sequence[str], **style: str) -> str:
    return f"#grid(columns: {columns}, {_arguments(style)}, {_cells(cells)})"


def table(columns: str, cells: Sequence[str], **style: str) -> str:
    return f"#table(columns: {columns}, {_arguments(style)}, {_cells(cells)})"


def _arguments(style: dict[str, str]) -> str:
    return ", ".join(f"{name.replace('_', '-')}: {value}" for name, value in style.items())


def _cells(cells: Sequence[str]) -> str:
    return ", ".join(cell if cell.startswith("table.") else f"[{cell}]" for cell in cells)
