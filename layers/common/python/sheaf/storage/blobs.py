"""One workspace's objects in the bucket.

    workspaces/<ws>/files/<document>/original   the file, immutable: its version is recorded
    workspaces/<ws>/files/<document>/readable/<file>   that picture in a format Textract takes
    workspaces/<ws>/files/<document>/pages/<n>.jpg   a picture of a page; <n>.none where it does not open
    workspaces/<ws>/drop/...                    where people put files; they are moved to files/
    workspaces/<ws>/exports/...                 what was exported: see ``export_files``

How they are reached, ``folder`` says.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from botocore.auth import S3SigV4PostAuth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError

from sheaf.storage.folder import Folder

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CopySourceTypeDef, ObjectIdentifierTypeDef

_PARALLEL = 8
_DRAWN = ".jpg"
_NOT_DRAWN = ".none"


@dataclass(frozen=True)
class Erasure:
    """``versions`` that were there; ``error``: S3's code for what is still there, None when nothing is."""

    versions: int
    error: str | None


@dataclass(frozen=True)
class PresignedPost:
    url: str
    fields: dict[str, str]


@dataclass(frozen=True)
class PagePicture:
    """``version_id`` None: the page does not open."""

    version_id: str | None


class NotErased(Exception):
    """S3 did not delete what it was told to; the next try does."""


class Blobs(Folder):
    def original_key(self, document_id: str) -> str:
        return f"{self._root}files/{document_id}/original"

    def readable_key(self, document_id: str, file_id: str) -> str:
        return f"{self._root}files/{document_id}/readable/{file_id}"

    def presign_upload(
        self, document_id: str, *, content_type: str, size: int, lifetime: timedelta
    ) -> PresignedPost:
        """A form that takes one object: this key, this type, exactly this many bytes."""
        fields = {"key": self.original_key(document_id), "Content-Type": content_type}
        expires = self._clock.now() + lifetime
        request = AWSRequest(method="POST", url=self._url())
        request.context["s3-presign-post-fields"] = fields
        request.context["s3-presign-post-policy"] = {
            "expiration": expires.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "conditions": [
                {"bucket": self._bucket},
                *({name: value} for name, value in fields.items()),
                ["content-length-range", size, size],
            ],
        }
        self._sign(S3SigV4PostAuth, request)
        return PresignedPost(self._url(), request.context["s3-presign-post-fields"])

    def presign_download(
        self, document_id: str, version_id: str, *, filename: str, lifetime: timedelta
    ) -> str:
        key = self.original_key(document_id)
        return self._presign_get(key, version_id, filename=filename, lifetime=lifetime)

    def read(self, document_id: str, version_id: str) -> bytes | None:
        """None: that version is not there any more."""
        key = self.original_key(document_id)
        try:
            with self._s3() as s3:
                answer = s3.get_object(Bucket=self._bucket, Key=key, VersionId=version_id)
        except ClientError as error:
            if self._is_missing(key, version_id, error):
                return None
            raise
        return answer["Body"].read()

    def put_readable(self, document_id: str, file_id: str, data: bytes, content_type: str) -> None:
        key = self.readable_key(document_id, file_id)
        with self._s3() as s3:
            s3.put_object(Bucket=self._bucket, Key=key, Body=data, ContentType=content_type)

    def page(self, document_id: str, number: int) -> PagePicture | None:
        """None: nobody has drawn it yet."""
        found = self._versions(f"{self._pages(document_id)}{number}.")
        pictures = [version["VersionId"] for version in found if version["Key"].endswith(_DRAWN)]
        return PagePicture(pictures[0] if pictures else None) if found else None

    def pages_there(self, document_id: str) -> frozenset[int]:
        """Those that are drawn, or do not open."""
        prefix = self._pages(document_id)
        keys = (version["Key"] for version in self._versions(prefix))
        return frozenset(int(key.removeprefix(prefix).partition(".")[0]) for key in keys)

    def put_page(self, document_id: str, number: int, picture: bytes | None) -> None:
        """A JPEG; None: the page does not open."""
        key = f"{self._pages(document_id)}{number}{_DRAWN if picture else _NOT_DRAWN}"
        with self._s3() as s3:
            s3.put_object(Bucket=self._bucket, Key=key, Body=picture or b"", ContentType="image/jpeg")

    def presign_page(self, document_id: str, number: int, version_id: str, *, lifetime: timedelta) -> str:
        key = f"{self._pages(document_id)}{number}{_DRAWN}"
        return self._presign_get(key, version_id, filename=f"{number}{_DRAWN}", lifetime=lifetime)

    def erase_pages(self, document_id: str) -> None:
        """Raises NotErased."""
        if errors := self._delete(self._versions(self._pages(document_id))):
            raise NotErased(f"{len(errors)} pictures: {', '.join(sorted(set(errors.values())))}")

    def _pages(self, document_id: str) -> str:
        return f"{self._root}files/{document_id}/pages/"

    def is_dropped(self, dropped_key: str, version_id: str) -> bool:
        try:
            with self._s3() as s3:
                s3.head_object(Bucket=self._bucket, Key=dropped_key, VersionId=version_id)
        except ClientError as error:
            if self._is_missing(dropped_key, version_id, error):
                return False
            raise
        return True

    def adopt(self, dropped_key: str, version_id: str, document_id: str) -> None:
        """Moves a dropped object to the document's own place; its landing there starts the reading.

        Nothing to do when it has been moved already. A second copy, made when a first one was not
        acknowledged, is one more version of the same bytes and goes with the others.
        """
        self._require_dropped(dropped_key)
        source: CopySourceTypeDef = {"Bucket": self._bucket, "Key": dropped_key, "VersionId": version_id}
        target = self.original_key(document_id)
        try:
            with self._s3() as s3:
                s3.copy_object(Bucket=self._bucket, Key=target, CopySource=source)
        except ClientError as error:
            if self._is_missing(dropped_key, version_id, error):
                return
            raise
        self.discard(dropped_key, version_id)

    def discard(self, dropped_key: str, version_id: str) -> None:
        """Hard-deletes a dropped object, whether it is still there or not."""
        self._require_dropped(dropped_key)
        with self._s3() as s3:
            s3.delete_object(Bucket=self._bucket, Key=dropped_key, VersionId=version_id)

    def erase(self, document_ids: Sequence[str]) -> dict[str, Erasure]:
        """Hard-deletes every version and delete marker of every object of these documents.

        A document counts as erased when S3 reported no error for any of its versions and lists none of them
        any more.
        """
        with ThreadPoolExecutor(_PARALLEL) as pool:
            found = dict(zip(document_ids, pool.map(self._of_document, document_ids), strict=True))
            errors = self._delete([version for versions in found.values() for version in versions])
            left = dict(zip(document_ids, pool.map(self._of_document, document_ids), strict=True))
        return {
            document_id: Erasure(
                versions=len(versions),
                error=next((errors[v["Key"]] for v in versions if v["Key"] in errors), None)
                or ("StillThere" if left[document_id] else None),
            )
            for document_id, versions in found.items()
        }

    def erase_everything(self) -> int:
        """Hard-deletes every version and delete marker of the workspace; how many there were.

        Raises NotErased when S3 kept some.
        """
        versions = self._versions(self._root)
        errors = self._delete(versions)
        if errors:
            raise NotErased(f"{len(errors)} objects: {', '.join(sorted(set(errors.values())))}")
        return len(versions)

    def _require_dropped(self, key: str) -> None:
        if not key.startswith(f"{self._root}drop/"):
            raise ValueError("not a key of this workspace's drop folder")

    def _of_document(self, document_id: str) -> list[ObjectIdentifierTypeDef]:
        return self._versions(f"{self._root}files/{document_id}/")
