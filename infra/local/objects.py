"""What a vendor's double keeps: objects of some kinds, each an account's, over restarts."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Object = dict[str, Any]
_REMEMBERED_SECONDS = 24 * 3600

_SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    id TEXT PRIMARY KEY, account TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS of_kind ON objects (account, kind);
CREATE TABLE IF NOT EXISTS answers (
    account TEXT NOT NULL, key TEXT NOT NULL, asked TEXT NOT NULL,
    status INTEGER NOT NULL, body TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (account, key));
"""


class Objects:
    """``with objects.changing():`` is one transaction, and nobody else is at it meanwhile."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.executescript(_SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._database.close()

    @contextmanager
    def changing(self) -> Iterator[None]:
        with self._lock:
            self._database.execute("BEGIN")
            try:
                yield
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def put(self, account: str, kind: str, thing: Object) -> Object:
        with self._lock:
            self._database.execute(
                "INSERT INTO objects VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
                (thing["id"], account, kind, json.dumps(thing)),
            )
        return thing

    def get(self, account: str, kind: str, object_id: str) -> Object | None:
        found = self._rows("account = ? AND kind = ? AND id = ?", (account, kind, object_id))
        return found[0][1] if found else None

    def delete(self, object_id: str) -> None:
        with self._lock:
            self._database.execute("DELETE FROM objects WHERE id = ?", (object_id,))

    def of(self, account: str, kind: str) -> list[Object]:
        """Newest first."""
        return [thing for _, thing in self._rows("account = ? AND kind = ?", (account, kind))]

    def anywhere(self, kind: str) -> list[tuple[str, Object]]:
        """With the accounts they belong to, newest first."""
        return self._rows("kind = ?", (kind,))

    def find(self, kind: str, object_id: str) -> tuple[str, Object] | None:
        """With the account it belongs to."""
        found = self._rows("kind = ? AND id = ?", (kind, object_id))
        return found[0] if found else None

    def answered(self, account: str, key: str) -> tuple[str, int, str] | None:
        """What was asked with an idempotency key within a day, and what was answered (status, body)."""
        with self._lock:
            query = "SELECT asked, status, body FROM answers WHERE account = ? AND key = ? AND at > ?"
            values = (account, key, time.time() - _REMEMBERED_SECONDS)
            found: tuple[str, int, str] | None = self._database.execute(query, values).fetchone()
            return found

    def remember(self, account: str, key: str, asked: str, status: int, body: str) -> None:
        with self._lock:
            self._database.execute(
                "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?, ?)",
                (account, key, asked, status, body, time.time()),
            )

    def _rows(self, condition: str, values: tuple[str, ...]) -> list[tuple[str, Object]]:
        with self._lock:
            query = f"SELECT account, body FROM objects WHERE {condition} ORDER BY rowid DESC"  # noqa: S608  # conditions are this module's own
            return [(account, json.loads(body)) for account, body in self._database.execute(query, values)]
