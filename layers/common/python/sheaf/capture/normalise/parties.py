"""Who sells, who buys, and where to pay."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sheaf.capture.normalise import labels
from sheaf.capture.normalise.answer import field_of
from sheaf.capture.reading import Field, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sheaf.capture.normalise.answer import Answer, Entry

LEGAL_FORM = re.compile(
    r"\b(?:gmbh|mbh|ag|kg|kgaa|ug|ohg|gbr|e\.?\s?k"
    r"|inc|llc|llp|l\.?p|ltd|limited|plc|corp|corporation|company|co"
    r"|s\.?a\.?r\.?l|s\.?a\.?s\.?u?|s\.?a|e\.?u\.?r\.?l|s\.?r\.?l"
    r"|s\.?p\.?a|b\.?v|n\.?v|v\.?o\.?f|oyj?|ab|as|aps"
    r"|a/s|sdn\.? ?bhd|bhd|pty|pte|pvt|s\.?l\.?u?|lda|ltda|kft|zrt"
    r"|sp\.? ?z ?o\.? ?o|s\.?r\.?o|d\.?o\.?o)\b\.?",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"^(?:tax )?(?:invoice|receipt|bill|rechnung|facture|factura|fattura|factuur|faktura|quittung|gutschrift"
    r"|(?:cash|sales) (?:bill|receipt)|credit note|avoir|welcome|thank you.*|copy|original|page.*|date.*"
    r"|from|to)$"
)
_STREET = re.compile(
    r"\d{4,}|^\d+[ ,]"
    r"|\b(?:street|st|road|rd|avenue|ave|blvd|lane|suite|po box|p\.o\. box|rue|via|calle|strasse|str"
    r"|jalan)\b",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?:@|www\.|https?:\s?//(?:www\.)?|^)((?:[a-z0-9-]+\.)+[a-z]{2,})", re.IGNORECASE)
_MAILBOX_HOSTS = re.compile(
    r"^(?:gmail|googlemail|outlook|hotmail|live|yahoo|ymail|gmx|web|icloud|aol|orange|wanadoo|free|t-online"
    r"|protonmail)\."
)
_LABEL_IN_VALUE = re.compile(
    r"^(?:from|to|bill(?:ed)? to|sold (?:to|by)|ship to|invoice to|customer|client|vendor"
    r"|supplier|seller|buyer|an|de|von)\s*:\s*",
    re.IGNORECASE,
)
_STRAY_MARKS = " -\N{EN DASH}:|,;*'\"#=_"
_FROM_ADDRESS, _FROM_HOST = 0.7, 0.4
_VENDOR_GROUPS = frozenset(("VENDOR", "VENDOR_REMIT_TO", "VENDOR_SUPPLIER"))


def find_parties(answer: Answer, source: Source) -> dict[str, Field]:
    buyer = _best(_buyers(answer))
    vendor = _best(_vendors(answer, buyer.value if buyer else None))
    found = {
        "vendor": vendor,
        "vendor_address": _address(answer, "VENDOR_ADDRESS", _VENDOR_GROUPS),
        "buyer": buyer,
        "buyer_address": _address(answer, "RECEIVER_ADDRESS", frozenset()),
    }
    return {name: field.model_copy(update={"source": source}) for name, field in found.items() if field}


def _best(candidates: Iterable[tuple[float, Field]]) -> Field | None:
    _, field = max(candidates, key=lambda candidate: candidate[0], default=(0.0, None))
    return field


def _vendors(answer: Answer, buyer: str | None) -> Iterator[tuple[float, Field]]:
    addresses = labels.folded(" ".join(entry.text for entry in answer.of_type("VENDOR_ADDRESS")))
    for order, entry in enumerate(answer.entries):
        name, share = None, 1.0
        if entry.type == "VENDOR_NAME" or (entry.type == "NAME" and entry.groups & _VENDOR_GROUPS):
            name = _name(entry.text)
        elif entry.type == "VENDOR_ADDRESS":
            name, share = _name_in_address(entry), _FROM_ADDRESS
        elif entry.type == "VENDOR_URL" or (entry.type == "OTHER" and "@" in entry.text):
            name, share = _host(entry.text), _FROM_HOST
        if not name:
            continue
        score = 2 * share + entry.confidence - 0.01 * order
        score += 0.4 * bool(LEGAL_FORM.search(name)) + 0.3 * (labels.folded(name) in addresses)
        score -= 2 * (buyer is not None and labels.folded(name) == labels.folded(buyer))
        yield score, field_of(entry, name, share)


def _buyers(answer: Answer) -> Iterator[tuple[float, Field]]:
    for order, entry in enumerate(answer.entries):
        name, share = None, 1.0
        if entry.type == "RECEIVER_NAME" or (entry.type == "NAME" and _is_receiver(entry)):
            name = _name(entry.text)
        elif entry.type == "RECEIVER_ADDRESS":
            name, share = _name_in_address(entry), _FROM_ADDRESS
        if not name:
            continue
        score = 2 * share + entry.confidence - 0.01 * order + 0.4 * bool(LEGAL_FORM.search(name))
        score += 0.3 * ("RECEIVER_BILL_TO" in entry.groups) - 0.3 * ("RECEIVER_SHIP_TO" in entry.groups)
        score -= 1.5 * labels.means(entry.label, "attention")
        yield score, field_of(entry, name, share)


def _is_receiver(entry: Entry) -> bool:
    return any(group.startswith("RECEIVER") for group in entry.groups)


def _name(text: str) -> str | None:
    """On one line, without the label and the stray marks text recognition leaves; None for a label."""
    if text.rstrip().endswith(":"):
        return None
    name = _LABEL_IN_VALUE.sub("", " ".join(text.split())).strip(_STRAY_MARKS)
    if not any(c.isalpha() for c in name) or _NO_NAME.match(labels.folded(name)):
        return None
    return name


def _name_in_address(entry: Entry) -> str | None:
    """The line above the street, when there is one."""
    first, _, rest = entry.text.partition("\n")
    name = _name(first)
    return name if rest and name and not _STREET.search(name) else None


def _host(text: str) -> str | None:
    found = _HOST.search(text.strip())
    host = found[1].lower().removeprefix("www.") if found else None
    return None if host is None or _MAILBOX_HOSTS.match(host) else host


def _address(answer: Answer, kind: str, groups: frozenset[str]) -> Field | None:
    blocks = [
        entry
        for entry in answer.of_type("ADDRESS_BLOCK")
        if entry.groups & groups or (not groups and _is_receiver(entry))
    ]
    whole = [*blocks, *answer.of_type(kind)]
    return field_of(whole[0], whole[0].text, 1.0) if whole else None
