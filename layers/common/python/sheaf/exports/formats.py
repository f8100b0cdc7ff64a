"""The formats of an export, by name; what writes them is loaded when it is needed."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sheaf.exports.targets import Target


class Format(StrEnum):
    CSV = "csv"
    CSV_LINES = "csv_lines"
    XLSX = "xlsx"
    JSON = "json"
    QUICKBOOKS_CSV = "quickbooks_csv"
    QUICKBOOKS_IIF = "quickbooks_iif"
    XERO_CSV = "xero_csv"
    UBL = "ubl"

    @property
    def target(self) -> Target:
        from sheaf.exports.targets import TARGETS

        return TARGETS[self]
