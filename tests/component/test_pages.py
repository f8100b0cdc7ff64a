"""Looking at the pages of a file: drawn once, gone with the file whatever happens at the same time."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from PIL import Image

from sheaf.capture import page_drawing
from sheaf.edge.provisioning import Provisioned
from sheaf.kernel.errors import UnreadableFile
from sheaf.storage.blobs import Blobs
from tests.builders.expense import acme, packet
from tests.builders.files import corrupt_pdf, many_pages_pdf, picture, text_pdf
from tests.builders.world import SETTINGS, Reply, World
from tests.component.scenarios import UBL

DAY = "2034-01-01"


@pytest.fixture
def ws(world: World) -> Provisioned:
    return world.workspace()


@pytest.fixture
def document_id(world: World, ws: Provisioned) -> str:
    return world.read(ws, text_pdf(["Invoice 1"]), acme())


def look(world: World, ws: Provisioned, document_id: str, page: str = "1") -> Reply:
    route = "GET /v1/documents/{document_id}/pages/{page}"
    return world.call(ws.api_key, route, path={"document_id": document_id, "page": page})


def drawn(world: World, ws: Provisioned, document_id: str, page: str = "1") -> Reply:
    """The answer when everything that was asked for is drawn."""
    if look(world, ws, document_id, page).status == 202:
        while world.reminders.pages:
            assert world.draw(world.reminders.pages.pop(0)) == []
    return look(world, ws, document_id, page)


def seen(world: World, reply: Reply) -> Image.Image:
    assert reply.status == 302, reply.text
    assert reply.headers["location"] == reply.json["url"]
    link = urlsplit(reply.json["url"])
    [version] = [part.partition("=")[2] for part in link.query.split("&") if part.startswith("versionId=")]
    key = unquote(link.path).lstrip("/")
    stored = world.s3.get_object(Bucket=SETTINGS.bucket, Key=key, VersionId=version)
    assert stored["ContentType"] == "image/jpeg"
    return Image.open(BytesIO(stored["Body"].read()))


def pictures(world: World, document_id: str) -> list[str]:
    return sorted(each["Key"] for each in world.versions() if f"{document_id}/pages/" in each["Key"])


def test_a_page_is_drawn_when_somebody_wants_to_see_it(
    world: World, ws: Provisioned, document_id: str
) -> None:
    first = look(world, ws, document_id)
    assert (first.status, first.headers["retry-after"], first.json["url"]) == (202, "2", None)
    assert world.reminders.pages == [{"workspace_id": ws.workspace_id, "document_id": document_id, "page": 1}]
    image = seen(world, drawn(world, ws, document_id))
    assert image.format == "JPEG"
    assert image.size == (1240, 1755), "A4 at 150 dots an inch"
    assert min(image.convert("L").getextrema()) < 100, "there is something on it"
    assert look(world, ws, document_id).json["expires_at"] == "2026-11-20T09:35:00Z"


def test_pages_are_drawn_ten_at_a_time_and_once(world: World, ws: Provisioned) -> None:
    document_id = world.read(ws, many_pages_pdf(23), acme())
    seen(world, drawn(world, ws, document_id, "14"))
    numbers = {int(key.rpartition("/")[2].partition(".")[0]) for key in pictures(world, document_id)}
    assert numbers == set(range(11, 21))
    before = world.versions()
    world.draw({"workspace_id": ws.workspace_id, "document_id": document_id, "page": 12})
    assert world.versions() == before
    seen(world, drawn(world, ws, document_id, "23"))
    assert len(pictures(world, document_id)) == 13


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_pictures_of_pictures(world: World, ws: Provisioned, kind: str) -> None:
    data = picture(["Invoice"], kind, frames=2 if kind == "TIFF" else 1)
    document_id = world.read(ws, data, acme(), f"a.{kind.lower()}", f"image/{kind.lower()}")
    last = "2" if kind == "TIFF" else "1"
    assert max(seen(world, drawn(world, ws, document_id, last)).size) <= 2000
    assert look(world, ws, document_id, str(int(last) + 1)).status == 404


@pytest.mark.parametrize("page", ["0", "2", "-1", "01x", "1.0", "x", "\u0661", "9" * 100])
def test_pages_that_are_not_there(world: World, ws: Provisioned, document_id: str, page: str) -> None:
    reply = look(world, ws, document_id, page)
    assert (reply.status, reply.json["code"]) == (404, "not_found")
    assert world.reminders.pages == []


def test_an_e_invoice_has_no_pages(world: World, ws: Provisioned) -> None:
    document_id = world.upload(ws, UBL, "a.xml", "application/xml")
    assert look(world, ws, document_id).json["code"] == "no_pages"


def test_a_damaged_file_has_none_either(world: World, ws: Provisioned) -> None:
    assert look(world, ws, world.upload(ws, corrupt_pdf())).json["code"] == "no_pages"


def test_a_page_that_nothing_can_draw_says_so(world: World, ws: Provisioned, document_id: str) -> None:
    look(world, ws, document_id)
    world.delivery = 5
    assert world.draw(world.reminders.pages.pop()) == [0]
    reply = look(world, ws, document_id)
    assert (reply.status, reply.json["code"]) == (404, "page_unreadable")
    assert world.reminders.pages == []


def test_a_page_that_ends_what_draws_it_is_marked(
    world: World, ws: Provisioned, document_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> list[bytes | None]:
        raise UnreadableFile("too much", code="file_too_complex")

    monkeypatch.setattr(page_drawing, "draw", stopped)
    assert drawn(world, ws, document_id).json["code"] == "page_unreadable"


def test_the_pages_of_a_part_are_the_files(world: World, ws: Provisioned) -> None:
    document_id = world.read(ws, many_pages_pdf(2), packet(1, 1))
    part = world.document(ws, document_id)["parts"][1]
    assert seen(world, drawn(world, ws, part, "2"))
    assert look(world, ws, document_id, "2").status == 302
    assert pictures(world, part) == []


# --- they go with the file --------------------------------------------------------------------------------


def test_they_go_when_the_document_is_deleted(world: World, ws: Provisioned, document_id: str) -> None:
    seen(world, drawn(world, ws, document_id))
    assert world.delete(ws, document_id).status == 204
    assert world.versions("workspaces/") == []
    assert look(world, ws, document_id).status == 404


def test_they_go_when_the_window_closes(world: World, ws: Provisioned, document_id: str) -> None:
    seen(world, drawn(world, ws, document_id))
    world.sweep(DAY)
    assert world.versions("workspaces/") == []
    assert look(world, ws, document_id).status == 410


def test_what_was_asked_for_before_is_not_drawn_after(
    world: World, ws: Provisioned, document_id: str
) -> None:
    look(world, ws, document_id)
    world.delete(ws, document_id)
    assert world.draw(world.reminders.pages.pop()) == []
    assert world.versions("workspaces/") == []


@pytest.mark.parametrize("how", ["deleted", "swept"])
def test_a_picture_put_between_the_bytes_and_the_record_does_not_survive(
    world: World, ws: Provisioned, document_id: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bytes are erased; the picture is drawn; then the record is to go, and is not as it was."""
    look(world, ws, document_id)
    message = world.reminders.pages.pop()
    [stored] = [item["sk"]["S"] for item in world.items("FILE")]
    erase = Blobs.erase

    def with_a_picture_after(blobs: Blobs, ids: Any) -> Any:
        found = erase(blobs, ids)
        monkeypatch.setattr(Blobs, "erase", erase)
        with world.network.guard.running("Pages"):
            tenant = world.tenant(ws.workspace_id)
            tenant.blobs.put_page(document_id, 1, b"a picture")
            tenant.files.count_pictures(stored)
            tenant.commit(None)
        return found

    monkeypatch.setattr(Blobs, "erase", with_a_picture_after)
    if how == "deleted":
        assert world.delete(ws, document_id).status == 204
    else:
        world.sweep(DAY)
    assert world.versions("workspaces/") == []
    assert world.items("FILE") == []
    world.draw(message)
    assert world.versions("workspaces/") == []


@pytest.mark.parametrize("how", ["deleted", "swept"])
def test_a_picture_that_comes_after_everything_is_taken_away(
    world: World, ws: Provisioned, document_id: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file goes while its page is being drawn: who drew it notices."""
    look(world, ws, document_id)
    put = Blobs.put_page

    def after_the_file_went(blobs: Blobs, *picture: Any) -> None:
        monkeypatch.setattr(Blobs, "put_page", put)
        if how == "deleted":
            assert world.delete(ws, document_id).status == 204
        else:
            world.sweep(DAY)
        put(blobs, *picture)

    monkeypatch.setattr(Blobs, "put_page", after_the_file_went)
    assert world.draw(world.reminders.pages.pop()) == []
    assert world.versions("workspaces/") == []
