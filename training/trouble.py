"""What makes a document hard: labels nobody has seen, decoys beside the facts, bad pictures.

A reader that only meets what it was written for does not show how it fails, and nothing can be learnt
from it about when to doubt.
"""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import numpy as np
from PIL import Image, ImageFilter

from training.chance import Chance
from training.facts import Facts, Trouble
from training.printing import filled

_LABELS = ("number", "date", "due", "terms_label", "subtotal", "tax", "total", "amount_due", "bill_to")
_UNFAMILIAR = 0.2  # of the labels
_VAGUE = ("Ref.", "Nr.", "No.", "ID", "Code", "Info", "Details", "")
_SYLLABLES = ("ba", "ke", "lo", "mi", "nu", "ra", "se", "ti", "vo", "dre", "flo", "gri", "plu", "sko", "wen")
_NUMBERS = ("#####", "@@-####", "20##-###", "########", "@#####", "##/####")
_DATES = ("dd/mm/Y", "mm/dd/Y", "mm-dd-Y", "Y-mm-dd")
_DAYS_APART = 40
_SMALLEST, _LARGEST = 0.33, 0.75  # of the picture's width


def troubled(facts: Facts, chance: Chance) -> Facts:
    """The same facts, with what surrounds them on the page."""
    company = facts.words["company"]
    other = f"{chance.choice(company['first'])} {chance.choice(company['trade'])}"
    near = range(chance.choice((0, 0, 1, 2)))
    days = [facts.invoice_date + timedelta(days=chance.randint(-_DAYS_APART, _DAYS_APART)) for _ in near]
    numbers = [filled(chance.choice(_NUMBERS), chance) for _ in range(chance.choice((0, 1, 1, 2)))]
    return replace(
        facts,
        trouble=Trouble(
            labels={name: _label(chance) for name in _LABELS if chance.happens(_UNFAMILIAR)},
            numbers=tuple((_label(chance), number) for number in numbers),
            days=tuple((_label(chance), day) for day in days),
            banner=other if chance.happens(0.2) else "",
            name_is_drawn=chance.happens(0.2),
            dates=chance.choice(_DATES) if chance.happens(0.15) else "",
        ),
    )


def _label(chance: Chance) -> str:
    if chance.happens(0.4):
        return chance.choice(_VAGUE)
    word = "".join(chance.choice(_SYLLABLES) for _ in range(chance.randint(2, 4)))
    return word.capitalize()


def worsened(jpeg: bytes, chance: Chance) -> bytes:
    """A picture from far away, in bad light, or sent through a messenger."""
    picture = Image.open(io.BytesIO(jpeg))
    share = chance.uniform(_SMALLEST, _LARGEST)
    small = picture.resize((round(picture.width * share), round(picture.height * share)))
    soft = small.filter(ImageFilter.GaussianBlur(chance.uniform(0, 0.9)))
    across, down = np.meshgrid(np.linspace(-1, 1, soft.width), np.linspace(-1, 1, soft.height))
    light = 1 - 0.35 * chance.random() * (across * chance.uniform(-1, 1) + down * chance.uniform(-1, 1)) ** 2
    contrast = chance.uniform(0.45, 1.0)
    lit = (255 - contrast * (255 - np.asarray(soft, dtype=np.float64))) * light[:, :, None]
    target = io.BytesIO()
    Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8)).save(
        target, "JPEG", quality=chance.randint(20, 70)
    )
    return target.getvalue()
