from __future__ import annotations

import json
from importlib.resources import files
from itertools import batched

import pytest
from fontTools.ttLib import TTFont

from sheaf.billing.rendering.lettering import breakable, drawable


def test_what_is_drawable_is_what_the_fonts_have() -> None:
    """Each weight of the main font has the same characters, so which is asked makes no difference."""
    fonts = files("sheaf.billing.rendering") / "fonts"
    covered = {
        font.name: {code for code in TTFont(str(font)).getBestCmap() if code >= ord(" ")}
        for font in fonts.iterdir()
        if font.name.endswith((".otf", ".ttf"))
    }
    assert covered["SourceSansPro-Regular.otf"] == covered.pop("SourceSansPro-Semibold.otf")
    told = json.loads((fonts / "coverage.json").read_text())
    assert covered == {
        name: {code for first, last in batched(bounds, 2, strict=True) for code in range(first, last)}
        for name, bounds in told.items()
    }


@pytest.mark.parametrize(
    "text", ["Zoë Łukasz Çelik", "Ελλάς Жанна", "山田 髙橋", "محمد שלום", "€ ₹ ₽ ₺", "a\nb"]
)
def test_names_of_many_scripts_are_drawn(text: str) -> None:
    assert drawable(text) == text


def test_what_no_font_has_is_a_box_and_what_nobody_sees_is_dropped() -> None:
    assert drawable("한국 \U00012000\x00\x07a\tb\ud800") == "□□ □a b"
    assert drawable("\ue000\uf8ff") == "□□"


def test_nothing_turns_the_direction_of_writing() -> None:
    assert drawable("INV\u202e12\u2066\u200f\ufeff") == "INV12"


def test_a_mark_stays_on_a_letter_of_its_font() -> None:
    assert drawable("e\u0301x\u0301") == "\u00e9x\u0301"
    assert drawable("山\u0301") == "山"
    assert drawable("\u0301") == ""


def test_a_long_word_can_be_broken() -> None:
    assert breakable("x" * 100).split("\N{ZERO WIDTH SPACE}") == ["x" * 30, "x" * 30, "x" * 30, "x" * 10]
    assert breakable("DE89 3704 0044 0532 0130 00") == "DE89 3704 0044 0532 0130 00"
