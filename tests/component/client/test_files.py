"""Files on their way: announced, sent, counted, waited for."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from sheaf.edge.provisioning import Provisioned
from sheaf_client import Client
from sheaf_client.errors import NotFetched, NotUploaded, Refused
from sheaf_client.files import CONTENT_TYPES, each_read, fetch, send_file
from sheaf_client.models import NewClient
from tests.builders.client import Handlers, client_of
from tests.builders.expense import acme
from tests.builders.files import invoice_pdf
from tests.builders.world import World


@pytest.fixture
def sheaf(handlers: Handlers, ws: Provisioned) -> Client:
    return client_of(handlers, ws.api_key)


@pytest.fixture
def invoice(tmp_path: Path) -> Path:
    path = tmp_path / "März & more.pdf"
    path.write_bytes(invoice_pdf("INV-1"))
    return path


def test_a_file_arrives_as_it_is(handlers: Handlers, sheaf: Client, invoice: Path) -> None:
    told: list[int] = []
    sent = send_file(sheaf, invoice, report=told.append)
    assert [key for key in handlers.landed if sent.document_id in key]
    assert list(handlers.landed.values()) == [invoice.read_bytes()]
    assert sheaf.documents.get(sent.document_id).filename == "März & more.pdf"
    assert told[-1] == invoice.stat().st_size


def test_sent_again_it_is_the_same_document_and_nothing_is_sent(
    handlers: Handlers, sheaf: Client, invoice: Path
) -> None:
    first = send_file(sheaf, invoice)
    handlers.landed.clear()
    again = send_file(sheaf, invoice)
    assert (again.document_id, again.was_there, first.was_there) == (first.document_id, True, False)
    assert handlers.landed == {}


def test_what_was_announced_and_not_sent_is_sent_the_second_time(
    world: World, handlers: Handlers, ws: Provisioned, sheaf: Client, invoice: Path
) -> None:
    broken = client_of(Failing(handlers, lambda request: request.url.host != "api.example.test"), ws.api_key)
    with pytest.raises(NotUploaded, match="does not answer"):
        send_file(broken, invoice)
    assert len(world.items("DOCUMENT")) == 1
    sent = send_file(sheaf, invoice)
    assert not sent.was_there
    assert len(world.items("DOCUMENT")) == 1
    assert len(handlers.landed) == 1


def test_another_name_or_other_bytes_are_another_document(
    sheaf: Client, invoice: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.pdf"
    other.write_bytes(invoice.read_bytes())
    ids = {send_file(sheaf, invoice).document_id, send_file(sheaf, other).document_id}
    invoice.write_bytes(invoice_pdf("INV-2"))
    assert len(ids | {send_file(sheaf, invoice).document_id}) == 3


def test_for_another_client_it_is_another_document(sheaf: Client, invoice: Path) -> None:
    clients = [sheaf.clients.create(NewClient(name=name)).id for name in ("Miller", "Shaw")]
    ids = {send_file(sheaf, invoice, client_id=each).document_id for each in (*clients, None, *clients)}
    assert {sheaf.documents.get(each).client_id for each in ids} == {*clients, None}
    assert len(ids) == 3


def test_a_document_that_was_deleted_can_be_sent_again(sheaf: Client, invoice: Path) -> None:
    first = send_file(sheaf, invoice)
    sheaf.documents.delete(first.document_id)
    assert send_file(sheaf, invoice).document_id != first.document_id


def test_an_answer_that_was_lost_makes_no_second_document(
    world: World, handlers: Handlers, ws: Provisioned, invoice: Path
) -> None:
    losing = Failing(handlers, lambda request: request.method == "POST", after=True, times=2)
    send_file(client_of(losing, ws.api_key), invoice)
    assert len(world.items("DOCUMENT")) == 1
    assert losing.failed == 2


def test_the_store_never_sees_the_key(handlers: Handlers, ws: Provisioned, invoice: Path) -> None:
    seen = Failing(handlers, lambda request: False)
    send_file(client_of(seen, ws.api_key), invoice)
    to_store = [request for request in seen.requests if request.url.host != "api.example.test"]
    assert len(to_store) == 1
    assert ws.api_key not in str(to_store[0].headers) + str(to_store[0].content)


def test_the_store_says_why_not(handlers: Handlers, ws: Provisioned, invoice: Path) -> None:
    said = "<Error><Code>EntityTooLarge</Code><Message>Your upload is too large</Message></Error>"
    refusing = Failing(
        handlers, lambda r: r.url.host != "api.example.test", answer=httpx.Response(400, text=said)
    )
    with pytest.raises(NotUploaded, match=r"\(400\): Your upload is too large\."):
        send_file(client_of(refusing, ws.api_key), invoice)


def test_an_empty_file_is_refused_at_once(sheaf: Client, tmp_path: Path) -> None:
    path = tmp_path / "empty.pdf"
    path.touch()
    with pytest.raises(Refused) as raised:
        send_file(sheaf, path)
    assert raised.value.code == "file_empty"


@pytest.mark.parametrize("suffix", CONTENT_TYPES)
def test_each_readable_kind_is_announced_as_what_it_is(
    handlers: Handlers, sheaf: Client, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"a{suffix.upper()}"
    path.write_bytes(b"x")
    assert send_file(sheaf, path).document_id


class TestWaiting:
    def test_each_is_told_as_soon_as_it_is_read(self, world: World, sheaf: Client, ws: Provisioned) -> None:
        ids = [world.upload(ws, invoice_pdf(f"INV-{number}")) for number in range(3)]

        def next_one(_pause: float) -> None:
            number = len(read)
            world.finish_job(world.job_of(ids[number]), acme(total=f"{number}19.00"))

        read: list[str] = []
        read.extend(document.id for document in each_read(sheaf, ids, sleep=next_one, now=lambda: 0))
        assert read == ids

    def test_one_look_tells_about_all(
        self, world: World, handlers: Handlers, sheaf: Client, ws: Provisioned
    ) -> None:
        world.upload(ws, invoice_pdf("old"))
        ids = [world.upload(ws, invoice_pdf(f"INV-{number}")) for number in range(5)]
        handlers.called.clear()
        clock = iter((0, 0, 1, 2, 100))
        assert (
            list(each_read(sheaf, ids, timeout=50, sleep=lambda _pause: None, now=lambda: next(clock))) == []
        )
        assert handlers.called == ["GET /v1/documents"] * 4

    def test_what_was_deleted_is_not_waited_for(self, world: World, sheaf: Client, ws: Provisioned) -> None:
        document_id = world.upload(ws, invoice_pdf("INV-1"))
        world.delete(ws, document_id)
        assert list(each_read(sheaf, [document_id])) == []

    def test_nothing_to_wait_for(self, sheaf: Client, handlers: Handlers) -> None:
        assert list(each_read(sheaf, [])) == []
        assert handlers.called == []


class TestFetching:
    URL = "https://store.test/file"

    def fetched(self, path: Path, *answers: httpx.Response | Exception, **checked: str) -> None:
        waiting = list(answers)

        def play(_request: httpx.Request) -> httpx.Response:
            answer = waiting.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer

        fetch(client_of(httpx.MockTransport(play), "key"), self.URL, path, **checked)

    def test_a_lost_connection_is_tried_again(self, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        digest = hashlib.sha256(b"whole").hexdigest()
        self.fetched(path, httpx.ReadError("lost"), httpx.Response(200, content=b"whole"), sha256=digest)
        assert path.read_bytes() == b"whole"
        assert list(tmp_path.iterdir()) == [path]

    @pytest.mark.parametrize(
        "answer", [httpx.Response(200, content=b"half"), httpx.Response(403, content=b"<Error/>")]
    )
    def test_what_was_there_stays_until_all_of_the_new_is(
        self, tmp_path: Path, answer: httpx.Response
    ) -> None:
        path = tmp_path / "a.csv"
        path.write_bytes(b"old")
        with pytest.raises(NotFetched):
            self.fetched(path, answer, sha256=hashlib.sha256(b"whole").hexdigest())
        assert path.read_bytes() == b"old"
        assert list(tmp_path.iterdir()) == [path]


class Failing(httpx.BaseTransport):
    """Loses what ``when`` says (or, ``after`` it was served, its answer), ``times``; else serves."""

    def __init__(
        self,
        serving: httpx.BaseTransport,
        when: Callable[[httpx.Request], bool],
        *,
        after: bool = False,
        times: int = 1_000,
        answer: httpx.Response | None = None,
    ) -> None:
        self.requests: list[httpx.Request] = []
        self.failed = 0
        self._serving, self._when, self._after, self._times, self._answer = (
            serving,
            when,
            after,
            times,
            answer,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        if self.failed >= self._times or not self._when(request):
            return self._serving.handle_request(request)
        self.failed += 1
        if self._after:
            self._serving.handle_request(request)
        if self._answer:
            return self._answer
        raise httpx.ReadTimeout("lost")
