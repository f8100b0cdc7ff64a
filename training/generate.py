"""Labelled invoices and receipts nobody has looked at: ``python -m training.generate OUT --count 300``.

Writes ``OUT/manifest.json`` (``items``: ``file``, ``doc_type``, ``labels``) and the files beside it: PDFs
with text, and for a share of them (``--pictures``) scans and photographs of one page. The same seed gives the
same documents. All names and numbers are invented.
"""

from __future__ import annotations

import argparse
import io
import json
from pathlib import Path
from typing import cast

import numpy as np
import pypdfium2
import typst
from PIL import Image, ImageFilter

from samples.make import fonts
from samples.sources import camera
from training.chance import Chance
from training.facts import Kind, invented
from training.invoice import invoice
from training.receipt import receipt
from training.trouble import troubled, worsened

_KINDS: tuple[Kind, ...] = ("invoice",) * 7 + ("credit_note",) + ("receipt",) * 2
_DPI = 150


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pictures", type=float, default=0.0, help="share of pictures, 0 to 1")
    parser.add_argument("--hard", type=float, default=0.0, help="share of hard documents, 0 to 1")
    arguments = parser.parse_args()
    generate(
        arguments.out,
        count=arguments.count,
        seed=arguments.seed,
        pictures=arguments.pictures,
        hard=arguments.hard,
    )


def generate(out: Path, *, count: int, seed: int, pictures: float = 0.0, hard: float = 0.0) -> None:
    out.mkdir(parents=True, exist_ok=True)
    compiler = typst.Compiler(root=out, font_paths=fonts())
    items = []
    for index in range(count):
        chance = Chance(f"{seed}/{index}")
        kind = chance.choice(_KINDS)
        facts = invented(chance, kind)
        trouble = Chance(
            f"{seed}/{index}/trouble"
        )  # of its own: without trouble, documents stay as they were
        is_hard = trouble.happens(hard)
        if is_hard:
            facts = troubled(facts, trouble)
        markup, labels = (receipt if kind == "receipt" else invoice)(facts, chance)
        pdf = cast("bytes", compiler.compile(input=markup.encode()))
        name = f"{seed}-{index:04}.pdf"
        if chance.random() < pictures and len(pypdfium2.PdfDocument(pdf)) == 1:
            name = f"{seed}-{index:04}.jpg"
            pdf = pictured(pdf, chance)
            pdf = worsened(pdf, trouble) if is_hard else pdf
        (out / name).write_bytes(pdf)
        items.append(
            {"file": name, "doc_type": kind, "split": "dev", "country": facts.country, "labels": labels}
        )
    manifest = {"count": len(items), "items": items}
    (out / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1), "utf-8")


def pictured(pdf: bytes, chance: Chance) -> bytes:
    """The page as an office scanner or a steady hand sees it: a little turned, soft and grainy."""
    page = camera.pages(pdf, _DPI + chance.choice((0, 30, 50)))[0]
    turned = page.rotate(chance.uniform(-1.5, 1.5), Image.Resampling.BICUBIC, expand=True, fillcolor="white")
    soft = turned.filter(ImageFilter.GaussianBlur(chance.uniform(0, 0.7)))
    noise = np.random.default_rng(chance.randrange(2**32)).normal(
        0, chance.uniform(1, 7), (soft.height, soft.width, 1)
    )
    tone = chance.uniform(0.88, 1.0)
    grainy = Image.fromarray(np.clip(np.asarray(soft) * tone + noise, 0, 255).astype(np.uint8))
    target = io.BytesIO()
    grainy.save(target, "JPEG", quality=chance.randint(55, 90))
    return target.getvalue()


if __name__ == "__main__":
    main()
