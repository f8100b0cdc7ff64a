"""Calling the API: what is sent, when it is sent again, what is made of the answer.

Sent again, by tenacity, is what cannot happen twice: reading, PUT, DELETE, and whatever carries an
Idempotency-Key, which is made once for all tries. Other POST and PATCH requests are sent once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, Protocol
from urllib.parse import quote
from uuid import uuid4

import httpx
from pydantic import BaseModel, ValidationError
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    retry_if_result,
    stop_after_attempt,
    wait_exponential_jitter,
)
from tenacity.stop import stop_base

from sheaf_client.errors import NoAnswer, UnexpectedAnswer, refusal

TRIES = 5
PATIENCE_SECONDS = 60.0
"""The longest Retry-After that is waited for; after a longer one the refusal is the caller's to see."""

_PASSING = frozenset(
    (
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    )
)
_READING = frozenset(("GET", "HEAD"))
_REPEATABLE = _READING | {"PUT", "DELETE"}
_TIMEOUT = httpx.Timeout(30, connect=10)
_MOST_VERSIONS = 10_000

type Value = str | int | bool | Decimal | date | datetime | None


@dataclass(frozen=True)
class Call:
    """``path`` has placeholders, which ``at`` fills. ``takes_version``: whether it needs an If-Match."""

    method: str
    path: str
    at: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Value] = field(default_factory=dict)
    body: BaseModel | None = None
    if_match: str | None = None
    takes_version: bool = False
    idempotency_key: str | None = None
    takes_key: bool = False

    @property
    def url(self) -> str:
        return self._filled(self.path)

    @property
    def thing(self) -> str | None:
        """The address of what it is about, whose version the answer's ETag is: ``/v1/documents/doc_…``."""
        head, brace, _ = self.path.partition("}")
        return self._filled(head + brace) if brace else None

    @property
    def is_repeatable(self) -> bool:
        return self.method in _REPEATABLE or self.takes_key

    def _filled(self, path: str) -> str:
        return path.format_map({name: quote(value, safe="") for name, value in self.at.items()})


class Connection:
    """To one address, as one caller. Threads may share it.

    ``versions`` are the ETags of what has been loaded: a change says which one it was made to, unless told
    otherwise.
    """

    def __init__(
        self,
        url: str,
        auth: httpx.Auth,
        *,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        agent = {"user-agent": f"sheaf-client/{version('sheaf-cli')}"}
        self.url = url.rstrip("/")
        self.versions: dict[str, str] = {}
        self._noting = threading.Lock()
        self._sleep = sleep
        self._api = httpx.Client(
            base_url=self.url, auth=auth, headers=agent, timeout=_TIMEOUT, transport=transport
        )
        self.store = httpx.Client(headers=agent, timeout=_TIMEOUT, transport=transport)
        """To where files are kept: it never sees the key."""

    def close(self) -> None:
        self._api.close()
        self.store.close()

    def model[Model: BaseModel](self, kind: type[Model], call: Call) -> Model:
        return parsed(kind, self.send(call))

    def send(self, call: Call) -> httpx.Response:
        """Raises Refused, NoAnswer."""
        headers = self._headers(call)
        answer, tries = self.persist(lambda: self._once(call, headers), again=call.is_repeatable)
        if answer.is_error and not _is_done_already(call, answer, tries):
            raise refusal(answer, retry_after(answer))
        if call.thing:
            self._note(call.thing, answer.headers.get("etag"), may_have_changed=call.method not in _READING)
        return answer

    def persist(
        self, once: Callable[[], httpx.Response], *, again: bool = True
    ) -> tuple[httpx.Response, int]:
        """The answer, and the number of tries it took. Raises NoAnswer."""
        retrying = Retrying(
            sleep=self._sleep,
            stop=stop_after_attempt(TRIES if again else 1) | _ToldToWaitLong(),
            wait=_pause,
            retry=retry_if_exception_type(httpx.TransportError) | retry_if_result(_is_passing),
            retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
        )
        try:
            answer: httpx.Response = retrying(once)
        except httpx.TransportError as error:
            raise NoAnswer(f"Nothing answers at {self.url}: {str(error) or type(error).__name__}.") from error
        return answer, int(retrying.statistics["attempt_number"])

    def _once(self, call: Call, headers: dict[str, str]) -> httpx.Response:
        content = call.body.model_dump_json(by_alias=True, exclude_unset=True) if call.body else None
        query = {name: _text(value) for name, value in call.query.items() if value is not None}
        return self._api.request(call.method, call.url, params=query, content=content, headers=headers)

    def _headers(self, call: Call) -> dict[str, str]:
        headers = {"content-type": "application/json"} if call.body else {}
        known = call.if_match or self.versions.get(call.thing or "")
        if call.takes_version and known:
            headers["if-match"] = known
        if call.takes_key:
            headers["idempotency-key"] = call.idempotency_key or uuid4().hex
        return headers

    def _note(self, thing: str, etag: str | None, *, may_have_changed: bool) -> None:
        """A change whose answer does not say the new version leaves us with none."""
        if not etag and not may_have_changed:
            return
        with self._noting:
            self.versions.pop(thing, None)
            if etag:
                self.versions[thing] = etag
            if len(self.versions) > _MOST_VERSIONS:
                del self.versions[next(iter(self.versions))]


class Bearer(httpx.Auth):
    def __init__(self, api_key: str) -> None:
        self._header = f"Bearer {api_key}"

    def auth_flow(self, request: httpx.Request) -> Iterator[httpx.Request]:  # type: ignore[override]  # it sends nothing back
        request.headers["authorization"] = self._header
        yield request


class Page[Item](Protocol):
    @property
    def items(self) -> Sequence[Item]: ...
    @property
    def next_cursor(self) -> str | None: ...


def each_item[Item](load: Callable[[str | None], Page[Item]]) -> Iterator[Item]:
    cursor: str | None = None
    while True:
        page = load(cursor)
        yield from page.items
        cursor = page.next_cursor
        if cursor is None:
            return


def parsed[Model: BaseModel](kind: type[Model], answer: httpx.Response) -> Model:
    try:
        return kind.model_validate_json(answer.content)
    except ValidationError as error:
        raise UnexpectedAnswer(
            f"The answer of {answer.request.url} is no {kind.__name__}: {error.errors()[0]['msg']}."
        ) from error


def retry_after(answer: httpx.Response) -> float | None:
    """Seconds; the header has those, or a date (RFC 9110, 10.2.3)."""
    said = answer.headers.get("retry-after", "").strip()
    if said.isdecimal():
        return float(said)
    try:
        return max(0.0, (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds())
    except ValueError:
        return None


def _is_passing(answer: httpx.Response) -> bool:
    return answer.status_code in _PASSING


def _is_done_already(call: Call, answer: httpx.Response, tries: int) -> bool:
    """An earlier try deleted it, and only its answer was lost."""
    return call.method == "DELETE" and answer.status_code == HTTPStatus.NOT_FOUND and tries > 1


_GROWING = wait_exponential_jitter(multiplier=0.25, max=8)


def _pause(state: RetryCallState) -> float:
    return max(_GROWING(state), _asked_to_wait(state))


class _ToldToWaitLong(stop_base):
    def __call__(self, retry_state: RetryCallState) -> bool:
        return _asked_to_wait(retry_state) > PATIENCE_SECONDS


def _asked_to_wait(state: RetryCallState) -> float:
    if state.outcome is None or state.outcome.failed:
        return 0.0
    return retry_after(state.outcome.result()) or 0.0


def _text(value: Value) -> Any:
    match value:
        case bool():
            return str(value).lower()
        case Decimal():
            return format(value, "f")
        case date():
            return value.isoformat()
    return str(value)
