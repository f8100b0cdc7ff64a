from __future__ import annotations

import json
from importlib.resources import files

import pytest

from sheaf_reader import lexicon as package
from sheaf_reader.lexicon import LANGUAGES, lexicon
from sheaf_reader.lexicon.common import squash

TOTALS = {"en": "Grand total", "de": "Gesamtbetrag", "fr": "Montant TTC", "nl": "Totaalbedrag",
          "es": "Importe total", "it": "Totale fattura", "pt": "Valor total",
          "pl": "Razem brutto"}  # fmt: skip


def part(language: str) -> dict[str, object]:
    loaded: dict[str, object] = json.loads((files(package) / f"{language}.json").read_text("utf-8"))
    return loaded


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_keys(language: str) -> None:
    english, other = part("en"), part(language)
    assert other.keys() == english.keys()
    for section in ("labels", "columns"):
        assert set(other[section]) <= set(english[section])  # type: ignore[call-overload]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_names_its_total(language: str) -> None:
    assert "TOTAL" in lexicon().labels[squash(TOTALS[language])]


def test_no_phrase_is_both_a_label_and_to_be_ignored() -> None:
    assert [
        phrase for phrase, kinds in lexicon().labels.items() if "IGNORE" in kinds and len(kinds) > 1
    ] == []


@pytest.mark.parametrize(
    ("printed", "plain"),
    [
        ("N° de facture :", "nodefacture"),
        ("Fälligkeit", "falligkeit"),
        ("INVOICE #", "invoice#"),
        ("Straße", "strasse"),
    ],
)
def test_case_accents_and_spaces_do_not_matter(printed: str, plain: str) -> None:
    assert squash(printed) == plain
