"""Words in a picture, by RapidOCR (PP-OCR models that come with its wheel)."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable
from functools import cache
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from sheaf_reader.page import Affine, Box, Page, Word, around
from sheaf_reader.repair import is_split_amount, repaired, with_dollar_signs

if TYPE_CHECKING:
    from PIL.Image import Image

THREADS_VARIABLE = "SHEAF_READER_THREADS"
_DETECTION_SIDE = 960
_PAPER_ASPECT = math.sqrt(2)
_MAX_PIXELS = 2_900_000
_FEW = 3  # characters in a line, lines on a page: too few to judge by
_MOST_ENLARGED = 2.0
_SURE = 0.75
_LEVEL = math.radians(0.4)


class _Found(NamedTuple):
    text: str
    confidence: float
    corners: tuple[tuple[float, float], ...]

    @property
    def box(self) -> Box:
        return around(Box(x, y, x, y) for x, y in self.corners)


_Line = list[_Found]


def read(picture: Image, number: int) -> Page:
    """The page's words; a picture that lies on its side or upside down is turned until it reads well."""
    picture = _sized(picture)
    turn, lines = _best_turn(picture)
    level = _levelling(lines)
    seen = [found for line in lines for found in line if found.text.strip()]
    texts = with_dollar_signs([repaired(found.text) for found in seen])
    words = tuple(
        Word(text, around(level.box(Box(x, y, x, y)) for x, y in found.corners), found.confidence)
        for text, found in zip(texts, seen, strict=True)
    )
    shown = _unturned(turn, *picture.size)
    return Page(number, words, shown.after(level.inverse()))


def _sized(picture: Image) -> Image:
    """Large scans are reduced, small pictures enlarged to what the detection looks at."""
    scale = min(1.0, math.sqrt(_MAX_PIXELS / (picture.width * picture.height)))
    if max(picture.size) < _DETECTION_SIDE:
        scale = min(_MOST_ENLARGED, _DETECTION_SIDE / max(picture.size))
    if scale == 1.0:
        return picture
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, reducing_gap=2.0)


def _best_turn(picture: Image) -> tuple[int, list[_Line]]:
    """Degrees against the clock, and what is read after that turn."""
    turn, lines = 0, _recognise(picture)
    if _lie_on_their_side(lines):
        turn, lines = 90, _recognise(picture.rotate(90, expand=True))
    if lines and _certainty(lines) < _SURE:
        other = _recognise(picture.rotate(turn + 180, expand=True))
        if _legible(other) > _legible(lines):
            turn, lines = turn + 180, other
    return turn, lines


@cache
def _engine() -> Any:
    """One a process: loading the models costs 0.7 s."""
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.return_word_box": True,
            "Global.max_side_len": 8192,
            "Det.limit_type": "max",
            "Det.limit_side_len": _DETECTION_SIDE,
            "Rec.rec_img_shape": [3, 48, 128],  # short texts are not padded to the width of long ones
            "EngineConfig.onnxruntime.intra_op_num_threads": int(os.environ.get(THREADS_VARIABLE, "1")),
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _recognise(picture: Image) -> list[_Line]:
    import numpy as np

    engine = _engine()
    _fit_detection(engine, picture.size)
    answer = engine(np.ascontiguousarray(np.asarray(picture)[:, :, ::-1]))
    if answer.txts is None:
        return []
    return [
        _joined(
            _Found(text, float(score), tuple((float(x), float(y)) for x, y in box))
            for text, score, box in line
        )
        for line in answer.word_results
    ]


def _joined(found: Iterable[_Found]) -> _Line:
    line = list(found)
    if not is_split_amount([word.text for word in line]):
        return line
    whole, fraction = line
    corners = (whole.corners[0], fraction.corners[1], fraction.corners[2], whole.corners[3])
    confidence = min(whole.confidence, fraction.confidence)
    return [_Found(f"{whole.text}.{fraction.text}", confidence, corners)]


def _fit_detection(engine: Any, size: tuple[int, int]) -> None:
    """A till receipt gets as many pixels for finding its lines as a sheet of paper does."""
    aspect = max(size) / min(size)
    side = int(_DETECTION_SIDE * math.sqrt(max(aspect / _PAPER_ASPECT, 1.0)))
    engine.cfg.Det.limit_side_len = side
    if engine.text_det is not None:
        engine.text_det.limit_side_len = side


def _lie_on_their_side(lines: list[_Line]) -> bool:
    boxes = [
        around(found.box for found in line) for line in lines if sum(len(found.text) for found in line) > _FEW
    ]
    return sum(box.height > box.width * 1.5 for box in boxes) > len(boxes) / 2


def _certainty(lines: list[_Line]) -> float:
    found = [found for line in lines for found in line]
    return _legible(lines) / max(1, sum(len(word.text) for word in found))


def _legible(lines: list[_Line]) -> float:
    return sum(len(found.text) * found.confidence for line in lines for found in line)


def _levelling(lines: list[_Line]) -> Affine:
    """The rotation that makes the lines of a slanted photograph run level."""
    angles = []
    for line in lines:
        (left, top), (right, bottom) = line[0].corners[0], line[-1].corners[1]
        if right - left > 4 * line[0].box.height:
            angles.append(math.atan2(bottom - top, right - left))
    slant = median(angles) if len(angles) >= _FEW else 0.0
    if abs(slant) < _LEVEL:
        slant = 0.0
    cosine, sine = math.cos(slant), math.sin(slant)
    return Affine(cosine, sine, 0, -sine, cosine, 0)


def _unturned(turn: int, width: int, height: int) -> Affine:
    """Pixels of the picture after its turn → shares of the picture as it came."""
    turns = {
        0: Affine(1 / width, 0, 0, 0, 1 / height, 0),
        90: Affine(0, -1 / width, 1, 1 / height, 0, 0),
        180: Affine(-1 / width, 0, 1, 0, -1 / height, 1),
        270: Affine(0, 1 / width, 0, -1 / height, 0, 1),
    }
    return turns[turn]
