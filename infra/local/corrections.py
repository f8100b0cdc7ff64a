"""What ministack 1.5.33 does otherwise than S3, put right."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from infra.local.asgi import Application, Message, Receive, Send
from infra.local.authorization import may_list

_OVERRIDES = "response-"


def with_response_overrides(app: Application) -> Application:
    """``response-content-disposition`` and its kin count for a GET of a named version too.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_RequestSyntax
    """

    async def answering(scope: Message, receive: Receive, send: Send) -> None:
        overrides = _overrides(scope) if scope["type"] == "http" and scope["method"] == "GET" else {}

        async def overriding(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == HTTPStatus.OK:
                kept = [(name, value) for name, value in message["headers"] if name.lower() not in overrides]
                message = {**message, "headers": [*kept, *overrides.items()]}
            await send(message)

        await app(scope, receive, overriding if overrides else send)

    return answering


def _overrides(scope: Message) -> dict[bytes, bytes]:
    query: dict[str, Any] = dict(parse_qsl(scope["query_string"].decode("latin-1")))
    if "versionId" not in query:
        return {}
    return {
        name.removeprefix(_OVERRIDES).encode(): value.encode("utf-8")
        for name, value in query.items()
        if name.startswith(_OVERRIDES)
    }


def with_absence_hidden(app: Application) -> Application:
    """Of an object that is not there, S3 says 403 to whoever may not list the bucket, not 404.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html#API_HeadObject_RequestSyntax
    """

    async def answering(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _reads_an_object(scope):
            await app(scope, receive, send)
            return
        hidden = False

        async def hiding(message: Message) -> None:
            nonlocal hidden
            if message["type"] == "http.response.start" and message["status"] == HTTPStatus.NOT_FOUND:
                hidden = not may_list(_header(scope, b"authorization"), _bucket(scope))
            if not hidden:
                await send(message)

        await app(scope, receive, hiding)
        if hidden:
            start = {"type": "http.response.start", "status": HTTPStatus.FORBIDDEN, "headers": _XML}
            body = b"" if scope["method"] == "HEAD" else _DENIED
            await send(start)
            await send({"type": "http.response.body", "body": body})

    return answering


_XML = [(b"content-type", b"application/xml")]
_DENIED = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"


def _reads_an_object(scope: Message) -> bool:
    """By a signed request, or as the source of a copy; addresses are in path style."""
    reads = scope["method"] in {"GET", "HEAD"} or _header(scope, b"x-amz-copy-source")
    signed_for_s3 = "/s3/aws4_request" in _header(scope, b"authorization")
    return bool(reads) and signed_for_s3 and scope["path"].strip("/").count("/") > 0


def _bucket(scope: Message) -> str:
    return str(scope["path"].strip("/").partition("/")[0])


def _header(scope: Message, name: bytes) -> str:
    return next((value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name), "")
