"""What ministack 1.5.33 does otherwise than S3, put right."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from infra.local.asgi import Application, Message, Receive, Send

_OVERRIDES = "response-"
_OK = 200


def with_response_overrides(app: Application) -> Application:
    """``response-content-disposition`` and its kin count for a GET of a named version too.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_RequestSyntax
    """

    async def answering(scope: Message, receive: Receive, send: Send) -> None:
        overrides = _overrides(scope) if scope["type"] == "http" and scope["method"] == "GET" else {}

        async def overriding(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == _OK:
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
