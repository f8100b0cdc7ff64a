"""Paper as an office sees it: rendered pages turned into scans, faxes and photographs.

All randomness comes from a seed, so the same page gives the same picture.
"""

from __future__ import annotations

import io
import time
from typing import TYPE_CHECKING

import numpy as np
import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFilter

if TYPE_CHECKING:
    from numpy.typing import NDArray

type Point = tuple[float, float]
type Quad = tuple[Point, Point, Point, Point]

_FAX_DPI = 200
_SCAN_DPI = 190
_INK_THRESHOLD = 150


def pages(pdf: bytes, dpi: int) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in document]
    finally:
        document.close()


def scanned(pdf: bytes, *, angle: float, seed: int) -> bytes:
    """A PDF that holds nothing but one grey JPEG a page: turned, punched and grainy."""
    sheets = [_scan(page, angle, seed + number) for number, page in enumerate(pages(pdf, _SCAN_DPI))]
    target = io.BytesIO()
    first, *rest = sheets
    never = time.struct_time((2026, 1, 1, 0, 0, 0, 3, 1, 0))
    first.save(
        target, "PDF", resolution=_SCAN_DPI, quality=58, save_all=True, append_images=rest,
        producer="Scanner", creationDate=never, modDate=never,
    )  # fmt: skip
    return target.getvalue()


def faxed(pdf: bytes, *, angle: float, seed: int) -> bytes:
    """A bilevel TIFF, CCITT group 4, one frame a page."""
    sheets = []
    for number, page in enumerate(pages(pdf, _FAX_DPI)):
        grey = _turned(page.convert("L"), angle, "white").filter(ImageFilter.GaussianBlur(0.6))
        grain = _grain(grey, 14, np.random.default_rng(seed + number))
        sheets.append(grain.point(lambda level: 255 if level > _INK_THRESHOLD else 0, "1"))
    target = io.BytesIO()
    sheets[0].save(
        target,
        "TIFF",
        compression="group4",
        dpi=(_FAX_DPI, _FAX_DPI),
        save_all=True,
        append_images=sheets[1:],
    )
    return target.getvalue()


def photographed(
    page: Image.Image, corners: Quad, *, size: tuple[int, int], desk: tuple[int, int, int], seed: int
) -> Image.Image:
    """``page`` lying on a desk; ``corners`` are where its corners fall in the picture, clockwise."""
    chance = np.random.default_rng(seed)
    coefficients = _perspective(corners, page.size)
    sheet = _creased(page, chance).transform(
        size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC
    )
    paper = Image.new("L", page.size, 255).transform(size, Image.Transform.PERSPECTIVE, coefficients)
    picture = _wood(size, desk, chance)
    shadow = (
        ImageChops.offset(paper, 14, 18)
        .filter(ImageFilter.GaussianBlur(16))
        .point(lambda level: level * 0.55)
    )
    picture.paste((20, 14, 10), mask=shadow)
    picture.paste(sheet, mask=paper.filter(ImageFilter.GaussianBlur(0.8)))
    return _grain(_lit(picture).filter(ImageFilter.GaussianBlur(0.7)), 4, chance)


def _scan(page: Image.Image, angle: float, seed: int) -> Image.Image:
    chance = np.random.default_rng(seed)
    sheet = _turned(page.convert("L"), angle, 247)
    width, height = sheet.size
    draw = ImageDraw.Draw(sheet)
    for y in (height * 0.36, height * 0.63):
        draw.circle((width * 0.028, y), 22, fill=96, outline=170, width=4)
    for x, y in chance.random((40, 2)) * (width, height):
        draw.circle((x, y), 1, fill=150)
    tone = np.linspace(0.93, 1.0, width) * np.linspace(1.0, 0.975, height)[:, None]
    return _grain(
        Image.fromarray((np.asarray(sheet) * tone).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.5)),
        5,
        chance,
    )


def _turned(page: Image.Image, angle: float, paper: str | int) -> Image.Image:
    return page.rotate(angle, Image.Resampling.BICUBIC, fillcolor=paper)


def _creased(page: Image.Image, chance: np.random.Generator) -> Image.Image:
    """Folded twice, and not quite flat again."""
    height = page.height
    waves = Image.fromarray(chance.normal(0, 7, (9, 5)).astype(np.float32)).resize(
        page.size, Image.Resampling.BICUBIC
    )
    shade = 243 + np.asarray(waves)
    rows = np.arange(height)[:, None]
    for fold in (height / 3, height * 2 / 3):
        shade = (
            shade - 26 * np.exp(-(((rows - fold) / 5) ** 2)) + 9 * np.exp(-(((rows - fold - 12) / 9) ** 2))
        )
    return _pixels(np.asarray(page) * (np.clip(shade, 0, 255) / 255)[..., None])


def _wood(size: tuple[int, int], colour: tuple[int, int, int], chance: np.random.Generator) -> Image.Image:
    width, height = size
    streaks = sum(
        np.asarray(
            Image.fromarray(chance.normal(0, strength, (height // step, 6)).astype(np.float32)).resize(
                size, Image.Resampling.BICUBIC
            )
        )
        for step, strength in ((90, 0.07), (14, 0.05), (4, 0.04))
    )
    return _pixels(np.array(colour) * (1 + np.broadcast_to(streaks, (height, width)))[..., None])


def _lit(picture: Image.Image) -> Image.Image:
    """A lamp at the upper left."""
    width, height = picture.size
    across, down = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    light = 1.06 - 0.26 * np.hypot(across - 0.25, down - 0.15)
    warmth = np.array([1.0, 0.985, 0.94])
    return _pixels(np.asarray(picture) * light[..., None] * warmth)


def _grain(picture: Image.Image, strength: float, chance: np.random.Generator) -> Image.Image:
    levels = np.asarray(picture, dtype=np.float32)
    noise = chance.normal(0, strength, levels.shape[:2])
    return _pixels(levels + (noise if levels.ndim == 2 else noise[..., None]))  # noqa: PLR2004 - grey has no third axis


def _pixels(levels: NDArray[np.floating]) -> Image.Image:
    return Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8))


def _perspective(corners: Quad, size: tuple[int, int]) -> list[float]:
    """The eight numbers by which Pillow finds, for a point of the picture, the point of the page."""
    width, height = size
    equations, answers = [], []
    for (x, y), (u, v) in zip(corners, ((0, 0), (width, 0), (width, height), (0, height)), strict=True):
        equations += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        answers += [u, v]
    return [float(number) for number in np.linalg.solve(np.array(equations, float), np.array(answers, float))]
