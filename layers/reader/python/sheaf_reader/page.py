"""Words on a page, in one upright coordinate system, whatever way the page was turned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Box(NamedTuple):
    """Upright rectangle in the page's own unit (points or pixels), the origin at the top left."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2

    def overlap_x(self, other: Box) -> float:
        return min(self.right, other.right) - max(self.left, other.left)

    def overlap_y(self, other: Box) -> float:
        return min(self.bottom, other.bottom) - max(self.top, other.top)


def around(boxes: Iterable[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


@dataclass(frozen=True, slots=True)
class Word:
    """``confidence`` runs from 0 to 1; words of a PDF's own text have 1."""

    text: str
    box: Box
    confidence: float = 1.0


class Affine(NamedTuple):
    """``x' = a·x + b·y + c``, ``y' = d·x + e·y + f``"""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def __call__(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.b * y + self.c, self.d * x + self.e * y + self.f

    def after(self, first: Affine) -> Affine:
        """The map that does ``first``, then this one."""
        return Affine(
            self.a * first.a + self.b * first.d,
            self.a * first.b + self.b * first.e,
            self.a * first.c + self.b * first.f + self.c,
            self.d * first.a + self.e * first.d,
            self.d * first.b + self.e * first.e,
            self.d * first.c + self.e * first.f + self.f,
        )

    def inverse(self) -> Affine:
        determinant = self.a * self.e - self.b * self.d
        a, b, d, e = (value / determinant for value in (self.e, -self.b, -self.d, self.a))
        return Affine(a, b, -(a * self.c + b * self.f), d, e, -(d * self.c + e * self.f))

    def box(self, box: Box) -> Box:
        """The upright rectangle around what becomes of a rectangle."""
        a, b, c, d, e, f = self
        left, top, right, bottom = box
        across = a * left, a * right, b * top, b * bottom
        down = d * left, d * right, e * top, e * bottom
        return Box(
            min(across[:2]) + min(across[2:]) + c,
            min(down[:2]) + min(down[2:]) + f,
            max(across[:2]) + max(across[2:]) + c,
            max(down[:2]) + max(down[2:]) + f,
        )


@dataclass(frozen=True, slots=True)
class Page:
    """``shown`` maps the words' coordinates to shares (0 to 1) of the page as a viewer shows it."""

    number: int
    words: tuple[Word, ...]
    shown: Affine
