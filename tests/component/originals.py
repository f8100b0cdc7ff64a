"""Original files as the tests of retention look at them."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from sheaf.edge.provisioning import Provisioned
from tests.builders.expense import acme
from tests.builders.files import text_pdf
from tests.builders.world import SETTINGS, World, original


def document(world: World, ws: Provisioned, name: str) -> str:
    return world.read(ws, text_pdf([name]), acme(), f"{name}.pdf")


def file_of(world: World, ws: Provisioned, document_id: str) -> Any:
    return world.document(ws, document_id)["file"]


def gone(world: World, ws: Provisioned, document_id: str) -> bool:
    """The bytes, really: no version, no marker, a HEAD that says 404."""
    key = original(ws, document_id)
    if world.versions(key.removesuffix("original")):
        return False
    with pytest.raises(ClientError, match="404"):
        world.s3.head_object(Bucket=SETTINGS.bucket, Key=key)
    return True


def due_on(world: World, ws: Provisioned) -> str | None:
    (item,) = [item for item in world.items("WORKSPACE") if item["pk"]["S"].startswith(ws.workspace_id)]
    assert ("due_pk" in item) == ("due_on" in item)
    return item["due_on"]["S"] if "due_on" in item else None


def gone_yet(world: World, ws: Provisioned, document_id: str) -> bool:
    return not world.versions(original(ws, document_id))
