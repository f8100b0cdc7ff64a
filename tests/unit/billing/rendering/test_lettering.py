from __future__ import annotations

from importlib.resources import files

import pytest
from fontTools.ttLib import TTFont

from sheaf.billing.rendering.lettering import _has_glyph, breakable, drawable


def test_what_is_drawable_is_what_the_fonts_have() -> None:
    """Each weight of the main font has the same characters, so which is asked makes no difference."""
    fonts = files("sheaf.billing.rendering") / "fonts"
    covered = {
        font.name: set(TTFont(str(font)).getBestCmap())
        for font in fonts.iterdir()
        if font.name.endswith((".otf", ".ttf"))
    }
    assert covered["SourceSansPro-Regular.otf"] == covered["SourceSansPro-Semibold.otf"]
    every = {code for codes in covered.values() for code in codes if code >= ord(" ")}
    assert every == {code for code in range(0x30000) if _has_glyph(code)}


@pytest.mark.parametrize(
    "text", ["Zoë Łukasz Çelik", "Ελλάς Жанна", "山田 髙橋", "محمد שלום", "€ ₹ ₽ ₺", "a\nb"]
)
def test_names_of_many_scripts_are_drawn(text: str) -> None:
    assert drawable(text) == text


def test_what_no_font_has_is_a_box_and_what_nobody_sees_is_dropped() -> None:
    assert drawable("한국 \U00012000\x00\x07a\tb\u2066\ud800") == "□□ □a b"


def test_a_long_word_can_be_broken() -> None:
    assert breakable("x" * 100).split("\N{ZERO WIDTH SPACE}") == ["x" * 30, "x" * 30, "x" * 30, "x" * 10]
    assert breakable("DE89 3704 0044 0532 0130 00") == "DE89 3704 0044 0532 0130 00"
