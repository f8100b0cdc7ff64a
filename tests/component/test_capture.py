"""From an upload to a reading, through the real handlers."""

from tests.builders import events
from tests.builders.expense import acme
from tests.builders.files import corrupt_pdf, text_pdf
from tests.builders.world import World


def test_an_announced_file_becomes_a_reading(world: World) -> None:
    ws = world.workspace()
    document_id = world.upload(ws, text_pdf(["Invoice"]))
    assert world.document(ws, document_id)["status"] == "reading"

    assert world.finish_job("job-1", acme()) == []

    document = world.document(ws, document_id)
    assert document["status"] in {"ready", "needs_review"}
    assert document["reading"]["fields"]["total"]["value"] == "119.00"
    assert document["reading"]["fields"]["vendor"]["value"] == "Acme Tools Ltd"
    assert document["file"]["expires_on"] == "2033-11-20"
