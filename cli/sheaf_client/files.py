"""Sending files, and waiting until they are read."""

from __future__ import annotations

import hashlib
import io
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from sheaf_client.client import Client
from sheaf_client.connection import Call, parsed
from sheaf_client.errors import NoAnswer, NotFetched, NotFound, NotUploaded
from sheaf_client.models import DocumentItemView, NewUpload, Status, Upload

CONTENT_TYPES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".webp": "image/webp",
    ".heic": "image/heic",
    ".heif": "image/heic",
    ".xml": "application/xml",
}
_CHUNK = 1 << 16
_UNKNOWN = "application/octet-stream"
_UNDER_WAY = frozenset((Status.AWAITING_UPLOAD, Status.READING))
_SENDING = httpx.Timeout(120, connect=10)

type Report = Callable[[int], None]
"""Gets the number of bytes that have been sent; it begins anew when sending does."""


@dataclass(frozen=True)
class Sent:
    """``was_there``: an earlier call had sent this file already, and nothing was sent now."""

    document_id: str
    was_there: bool


def _unheard(_sent: int) -> None:
    return None


def key_of(path: Path, client_id: str | None = None) -> str:
    """The Idempotency-Key of a file: its bytes, its name, and whose it is. Raises OSError."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    digest.update("\x00".join(("", path.name, *([client_id] if client_id else []))).encode())
    return f"file-{digest.hexdigest()}"


def send_file(
    sheaf: Client,
    path: Path,
    *,
    client_id: str | None = None,
    key: str | None = None,
    report: Report = _unheard,
) -> Sent:
    """Sent again within a day, the same file under the same name is the same document; so a run that was
    interrupted can simply be repeated. ``client_id``: whose document it is.

    Raises Refused, NoAnswer, NotUploaded, OSError.
    """
    new = NewUpload(
        filename=path.name,
        content_type=CONTENT_TYPES.get(path.suffix.lower(), _UNKNOWN),
        size=path.stat().st_size,
    )
    if client_id:
        new.client_id = client_id
    try:
        upload, is_repeated = _announce(sheaf, new, key or key_of(path, client_id))
    except NotFound:  # it was deleted since: what is wanted is another one
        upload, is_repeated = sheaf.uploads.create(new), False
    if is_repeated and sheaf.documents.get(upload.document_id).status is not Status.AWAITING_UPLOAD:
        return Sent(upload.document_id, was_there=True)
    _send(sheaf, path, upload, new.content_type, report)
    return Sent(upload.document_id, was_there=False)


def _announce(sheaf: Client, new: NewUpload, key: str) -> tuple[Upload, bool]:
    """And whether the key had been used before."""
    call = Call("POST", "/v1/uploads", body=new, idempotency_key=key, takes_key=True)
    answer = sheaf.connection.send(call)
    return parsed(Upload, answer), answer.headers.get("idempotent-replayed") == "true"


def _send(sheaf: Client, path: Path, upload: Upload, content_type: str, report: Report) -> None:
    store = sheaf.connection.store
    with _Watched(path, report) as file:
        part = {"file": (path.name, file, content_type)}

        def once() -> httpx.Response:
            file.seek(0)
            return store.post(upload.url, data=upload.fields, files=part, timeout=_SENDING)

        try:
            answer, _ = sheaf.connection.persist(once)
        except NoAnswer as error:
            raise NotUploaded(f"The store at {urlsplit(upload.url).netloc} does not answer.") from error
    if not answer.is_success:
        said = re.search(r"<Message>([^<]+)</Message>", answer.text)
        raise NotUploaded(
            f"The store refused it ({answer.status_code}): {said[1] if said else answer.reason_phrase}."
        )


def fetch(
    sheaf: Client, url: str, path: Path, *, sha256: str | None = None, report: Report = _unheard
) -> None:
    """A presigned link's file. What is at ``path`` stays until all of the new one is there.

    Raises NoAnswer, NotFetched (``sha256``, in hex, is another's, too), OSError.
    """
    part = path.with_name(f"{path.name}.part")
    digest = hashlib.sha256()

    def once() -> httpx.Response:
        nonlocal digest
        digest = hashlib.sha256()
        with sheaf.connection.store.stream("GET", url, timeout=_SENDING) as answer, part.open("wb") as file:
            if answer.is_success:
                for chunk in answer.iter_bytes(_CHUNK):
                    file.write(chunk)
                    digest.update(chunk)
                    report(answer.num_bytes_downloaded)
        return answer

    try:
        answer, _ = sheaf.connection.persist(once)
        if not answer.is_success:
            raise NotFetched(f"The store refused the file ({answer.status_code} {answer.reason_phrase}).")
        if sha256 not in {None, digest.hexdigest()}:
            raise NotFetched("The file was damaged on its way. Fetch it again.")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


class _Watched(io.FileIO):
    def __init__(self, path: Path, report: Report) -> None:
        super().__init__(path, "rb")
        self._report = report

    def read(self, size: int | None = -1) -> bytes:
        chunk = super().read(-1 if size is None else size)
        self._report(self.tell())
        return chunk or b""


_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 10.0
_GROWTH = 1.4
_PAGE = 200


def each_read(
    sheaf: Client,
    document_ids: Iterable[str],
    *,
    timeout: float = 900,
    sleep: Callable[[float], None] = time.sleep,
    now: Callable[[], float] = time.monotonic,
) -> Iterator[DocumentItemView]:
    """Each as soon as the machine is done with it. One look at the list tells about all that are waited for.

    Ends when all are there, when the rest has been deleted, or after ``timeout`` seconds.
    """
    waiting, pause, deadline = set(document_ids), _FIRST_PAUSE, now() + timeout
    while waiting:
        there = {item.id: item for item in _listed(sheaf, oldest=min(waiting))}
        waiting &= there.keys()
        done = {name for name in waiting if there[name].status not in _UNDER_WAY}
        yield from (there[name] for name in sorted(done))
        waiting -= done
        if not waiting or now() + pause > deadline:
            return
        sleep(pause)
        pause = min(pause * _GROWTH, _LONGEST_PAUSE)


def _listed(sheaf: Client, *, oldest: str) -> Iterator[DocumentItemView]:
    """Down to that one: ids are in the order of time, and so is the list."""
    for item in sheaf.documents.each(limit=_PAGE):
        if item.id < oldest:
            return
        yield item
