from __future__ import annotations

import io

import pytest
from PIL import Image

import sheaf_reader
from sheaf_reader import picture
from tests.builders import files

DARK_CORNER = (0, 0, 40, 20)


def drawn(mode: str = "RGB") -> Image.Image:
    """White, with a dark rectangle in its top left corner."""
    sheet = Image.new("RGB", (120, 80), "white")
    sheet.paste("black", DARK_CORNER)
    return sheet.convert(mode)


def saved(image: Image.Image, image_format: str = "PNG", **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, image_format, **options)
    return target.getvalue()


def only(data: bytes) -> Image.Image:
    (page,) = picture.pages(data)
    return page


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P", "RGBA", "LA"])
def test_every_kind_of_pixel_becomes_rgb(mode: str) -> None:
    page = only(saved(drawn(mode)))
    assert page.mode == "RGB"
    assert page.getpixel((5, 5)) < page.getpixel((100, 60))


def test_sixteen_bits_a_pixel_keep_their_contrast() -> None:
    deep = drawn("I").point(lambda value: value * 257).convert("I;16")
    page = only(saved(deep))
    assert (page.getpixel((5, 5)), page.getpixel((100, 60))) == ((0, 0, 0), (255, 255, 255))


def test_cmyk_photographs_are_no_negatives() -> None:
    page = only(saved(drawn("CMYK"), "JPEG"))
    assert sum(page.getpixel((5, 5))) < 60
    assert sum(page.getpixel((100, 60))) > 700


def test_transparency_is_paper() -> None:
    page = only(saved(Image.new("RGBA", (10, 10), (0, 0, 0, 0))))
    assert page.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(("orientation", "corner"), [(3, (115, 75)), (6, (75, 5)), (8, (5, 115))])
def test_the_camera_says_which_way_is_up(orientation: int, corner: tuple[int, int]) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    page = only(saved(drawn(), "JPEG", exif=exif))
    assert sum(page.getpixel(corner)) < 100


def test_a_fax_has_as_many_pages_as_frames() -> None:
    frames = [drawn("1"), drawn("1").rotate(180)]
    pages = list(picture.pages(saved(frames[0], "TIFF", save_all=True, append_images=frames[1:])))
    assert [sum(page.getpixel((5, 5))) for page in pages] == [0, 765]


def test_claimed_pixels_are_refused_before_they_are_decoded() -> None:
    with pytest.raises(sheaf_reader.DocumentTooLarge, match="megapixels"):
        sheaf_reader.analyze_expense(files.bomb_png())


def test_a_side_can_be_too_long() -> None:
    with pytest.raises(sheaf_reader.DocumentTooLarge):
        list(picture.pages(saved(Image.new("1", (picture.MAX_SIDE + 1, 1)))))


@pytest.mark.parametrize("data", [files.truncated_jpeg(), saved(drawn())[:60], b"\xff\xd8\xff" + bytes(99)])
def test_damaged_pictures_are_bad_documents(data: bytes) -> None:
    with pytest.raises(sheaf_reader.BadDocument):
        sheaf_reader.analyze_expense(data)


@pytest.mark.parametrize(
    "data", [files.empty(), files.docx_renamed_pdf(), files.html_renamed_pdf(), files.deep_xml(10), b"RIFF"]
)
def test_other_files_are_unsupported(data: bytes) -> None:
    with pytest.raises(sheaf_reader.UnsupportedDocument):
        sheaf_reader.analyze_expense(data)
