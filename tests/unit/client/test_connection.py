"""Lost answers, limits, faults: what is tried again, what is not, and what is said in the end."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from sheaf_client import Client, Refused
from sheaf_client.connection import TRIES
from sheaf_client.errors import (
    Changed,
    Conflict,
    Forbidden,
    Gone,
    Invalid,
    NoAnswer,
    NotFound,
    QuotaExhausted,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
    UnexpectedAnswer,
)
from sheaf_client.models import (
    Approval,
    CorrectionRequest,
    Health,
    NewUpload,
    SettingsChange,
    SettingsView,
    Upload,
    Window,
)

NEW = NewUpload(filename="a.pdf", content_type="application/pdf", size=3)
UPLOAD = {
    "document_id": "doc_1",
    "url": "https://s3.test",
    "fields": {},
    "expires_at": "2026-11-20T09:30:00Z",
}
DOCUMENT = {
    "id": "doc_1", "filename": "a.pdf", "status": "ready", "created_at": "2026-11-20T09:30:00Z",
    "created_by": "key_1", "version": 3, "review": {},
}  # fmt: skip
LOST = httpx.ReadTimeout("lost")


def refused(status: int, code: str = "some_code", **headers: str) -> httpx.Response:
    problem = {"type": "about:blank", "title": "T", "status": status, "code": code, "detail": "A sentence."}
    return httpx.Response(status, json=problem, headers=headers)


class Script:
    """Answers one after the other; ``pauses`` are what the client slept between."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self._answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.pauses: list[float] = []
        self.client = Client(
            "https://api.test/", "key", transport=httpx.MockTransport(self._play), sleep=self.pauses.append
        )

    def _play(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.mark.parametrize(
    "trouble",
    [
        LOST,
        httpx.ConnectError("no"),
        httpx.RemoteProtocolError("half"),
        *(httpx.Response(s) for s in (429, 502, 503, 504)),
    ],
    ids=str,
)
def test_what_passes_is_waited_for(trouble: httpx.Response | Exception) -> None:
    script = Script(trouble, trouble, httpx.Response(200, json={"retention": "7y"}))
    assert script.client.settings.get() == SettingsView(retention=Window.FOR_7Y)
    assert len(script.pauses) == 2
    assert all(0 < pause < 10 for pause in script.pauses)


def test_there_is_an_end_to_trying() -> None:
    script = Script(*[LOST] * TRIES)
    with pytest.raises(NoAnswer, match=r"Nothing answers at https://api\.test: lost"):
        script.client.settings.get()
    assert len(script.requests) == TRIES
    script = Script(*(httpx.Response(503) for _ in range(TRIES)))
    with pytest.raises(Unavailable) as raised:
        script.client.settings.get()
    assert (raised.value.status, raised.value.code) == (503, "http_503")


def test_the_key_of_a_post_is_made_once_for_all_tries() -> None:
    script = Script(
        LOST, httpx.Response(503), httpx.Response(201, json=UPLOAD), httpx.Response(201, json=UPLOAD)
    )
    script.client.uploads.create(NEW)
    script.client.uploads.create(NEW)
    keys = [request.headers["idempotency-key"] for request in script.requests]
    assert keys[0] == keys[1] == keys[2] != keys[3]


def test_a_key_of_ones_own_is_sent() -> None:
    script = Script(httpx.Response(201, json=UPLOAD))
    assert script.client.uploads.create(NEW, idempotency_key="mine") == Upload.model_validate(UPLOAD)
    assert script.requests[0].headers["idempotency-key"] == "mine"


@pytest.mark.parametrize("trouble", [LOST, httpx.Response(503)], ids=str)
def test_what_might_happen_twice_is_sent_once(trouble: httpx.Response | Exception) -> None:
    script = Script(trouble)
    with pytest.raises((NoAnswer, Unavailable)):
        script.client.settings.update(SettingsChange(retention=Window.FOR_1Y))
    assert len(script.requests) == 1


def test_a_fault_is_not_tried_again() -> None:
    script = Script(refused(500))
    with pytest.raises(Unavailable):
        script.client.settings.get()


def test_what_was_deleted_by_a_try_whose_answer_was_lost_is_deleted() -> None:
    script = Script(LOST, refused(404))
    script.client.documents.delete("doc_1")
    script = Script(refused(404))
    with pytest.raises(NotFound):
        script.client.documents.delete("doc_1")


def test_the_service_says_how_long_to_wait() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=50), usegmt=True)
    script = Script(
        refused(429, **{"retry-after": "20"}),
        refused(429, **{"retry-after": later}),
        refused(429, **{"retry-after": "soon"}),
        httpx.Response(200, json={"retention": "7y"}),
    )
    script.client.settings.get()
    assert script.pauses[0] == 20
    assert 40 < script.pauses[1] <= 50
    assert script.pauses[2] < 10


def test_who_is_told_to_wait_long_is_told_at_once() -> None:
    script = Script(refused(429, "too_many_requests", **{"retry-after": "3600"}))
    with pytest.raises(TooManyRequests) as raised:
        script.client.settings.get()
    assert raised.value.retry_after == 3600
    assert script.pauses == []


def test_a_used_up_quota_is_not_waited_for_and_says_what_it_was() -> None:
    quota = {
        "plan": "starter", "used": 100, "documents": 100, "upgrade_url": "/account/subscription",
        "renews_at": "2026-12-01T00:00:00Z",
    }  # fmt: skip
    answer = refused(402, "quota_exhausted", **{"retry-after": "10"})
    told = httpx.Response(402, json=answer.json() | {"quota": quota}, headers=answer.headers)
    script = Script(told)
    with pytest.raises(QuotaExhausted) as raised:
        script.client.settings.get()
    assert raised.value.quota is not None
    assert (raised.value.quota.used, raised.value.retry_after) == (100, 10)
    assert script.pauses == []


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Invalid), (401, Unauthenticated), (402, QuotaExhausted), (403, Forbidden), (404, NotFound),
        (409, Conflict), (410, Gone), (412, Changed), (413, Invalid), (418, Refused), (422, Invalid),
        (428, Changed),
    ],
)  # fmt: skip
def test_refusals_have_types(status: int, kind: type[Refused]) -> None:
    with pytest.raises(kind) as raised:
        Script(refused(status)).client.settings.get()
    assert type(raised.value) is kind
    assert (raised.value.status, raised.value.code, str(raised.value)) == (status, "some_code", "A sentence.")


def test_a_refusal_says_which_fields() -> None:
    problem = json.loads(refused(422).content) | {"errors": [{"field": "size", "message": "Too small"}]}
    with pytest.raises(Invalid) as raised:
        Script(httpx.Response(422, json=problem)).client.uploads.create(NEW)
    assert raised.value.errors == [{"field": "size", "message": "Too small"}]


@pytest.mark.parametrize(
    "answer", [httpx.Response(200, text="<html>"), httpx.Response(200, json={"retention": 7})]
)
def test_another_services_answer_is_none(answer: httpx.Response) -> None:
    with pytest.raises(UnexpectedAnswer, match="is no SettingsView"):
        Script(answer).client.settings.get()


def document(version: int, **more: Any) -> httpx.Response:
    return httpx.Response(200, json=DOCUMENT | {"version": version} | more, headers={"etag": f'"{version}"'})


def test_a_change_says_which_version_it_was_made_to() -> None:
    script = Script(document(3), document(4), document(5), refused(412), document(6))
    script.client.documents.get("doc_1")
    script.client.documents.correct("doc_1", CorrectionRequest(fields={"total": "1"}))
    script.client.documents.approve("doc_1")
    with pytest.raises(Changed):
        script.client.documents.reopen("doc_1")
    script.client.documents.reopen("doc_1", if_match="*")
    assert [request.headers.get("if-match") for request in script.requests] == [
        None,
        '"3"',
        '"4"',
        '"5"',
        "*",
    ]


def test_a_change_that_says_no_version_leaves_none() -> None:
    script = Script(document(3), httpx.Response(204), refused(428, "if_match_missing"))
    script.client.documents.claim("doc_1")
    script.client.documents.release("doc_1")
    with pytest.raises(Changed):
        script.client.documents.approve("doc_1")
    assert "if-match" not in script.requests[2].headers


def test_what_was_not_loaded_has_no_version_to_say() -> None:
    script = Script(document(3), refused(428, "if_match_missing"))
    script.client.documents.get("doc_1")
    with pytest.raises(Changed):
        script.client.documents.approve("doc_2", Approval(accept=["x"]))
    assert "if-match" not in script.requests[1].headers


@pytest.mark.parametrize(
    "call", [lambda c: c.documents.get("../settings"), lambda c: c.documents.get("a?b#c")]
)
def test_an_id_is_no_way_to_another_address(call: Callable[[Client], object]) -> None:
    script = Script(document(1))
    call(script.client)
    path = script.requests[0].url.raw_path
    assert path.startswith(b"/v1/documents/")
    assert path.count(b"/") == 3
    assert b"?" not in path


def test_redirects_are_answers() -> None:
    link = {"url": "https://s3.test/x", "expires_at": "2026-11-20T09:30:00Z"}
    script = Script(httpx.Response(302, json=link, headers={"location": "https://s3.test/x"}))
    assert script.client.documents.file("doc_1").url == "https://s3.test/x"
    assert len(script.requests) == 1


def test_it_closes() -> None:
    with Script(httpx.Response(200, json={"status": "ok", "version": "1"})).client as client:
        assert isinstance(client.service.healthz(), Health)
    with pytest.raises(RuntimeError):
        client.service.healthz()
