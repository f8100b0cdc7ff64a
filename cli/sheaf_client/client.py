"""The client: a group of operations for each part of the API.

    with Client.connect() as sheaf:
        for document in sheaf.documents.each(status=Status.READY):
            print(document.summary.vendor, document.summary.total)

docs/client.md has more.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from sheaf_client.connection import Bearer, Connection
from sheaf_client.environment import LOCAL, connection_details
from sheaf_client.operations import Groups


class Client(Groups):
    """``auth`` is an API key, or what signs requests in another way. Threads may share a client."""

    def __init__(
        self,
        url: str,
        auth: str | httpx.Auth,
        *,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        credential = Bearer(auth) if isinstance(auth, str) else auth
        self.connection = Connection(url, credential, transport=transport, sleep=sleep)
        super().__init__(self.connection)

    @classmethod
    def connect(cls, url: str | None = None, api_key: str | None = None, *, state: Path = LOCAL) -> Self:
        """What is not said is taken from ``SHEAF_URL`` and ``SHEAF_API_KEY``, else from the local system.

        Raises NotConnected.
        """
        return cls(*connection_details(url, api_key, state=state))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.connection.close()
