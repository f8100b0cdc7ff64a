"""One workspace's objects in the bucket.

    workspaces/<ws>/files/<document>/original   the file, immutable: its version is recorded
    workspaces/<ws>/files/<document>/readable/<file>   that picture in a format Textract takes
    workspaces/<ws>/drop/...                    where people put files; they are moved to files/

URLs are signed with botocore's signers: no S3 client, no service model, in a function that only signs.

All of it is done with the workspace's own credentials. They may not list the bucket, only their prefix, and
to such callers S3 says 403 of an object that is not there; the list of its versions then says which it is.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from botocore.auth import S3SigV4PostAuth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError

from sheaf.aws import TenantPrincipal, client
from sheaf.kernel.clock import Clock

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CopySourceTypeDef, ObjectIdentifierTypeDef

    from sheaf.settings import Settings

_MISSING = {"404", "NoSuchKey", "NoSuchVersion", "NotFound"}
_UNTOLD = {"403", "AccessDenied"}
_PARALLEL = 8
_DELETE_LIMIT = 1000
"""Objects in one DeleteObjects call (S3's limit)."""


@dataclass(frozen=True)
class Erasure:
    """``versions`` that were there; ``error``: S3's code for what is still there, None when nothing is."""

    versions: int
    error: str | None


@dataclass(frozen=True)
class PresignedPost:
    url: str
    fields: dict[str, str]


class NotErased(Exception):
    """S3 did not delete what it was told to; the next try does."""


class Blobs:
    def __init__(self, settings: Settings, principal: TenantPrincipal, clock: Clock) -> None:
        self._settings = settings
        self._bucket = settings.bucket
        self._principal = principal
        self._root = f"workspaces/{principal.workspace_id}/"
        self._clock = clock

    @property
    def bucket(self) -> str:
        return self._bucket

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
        query = {
            "response-content-disposition": f"attachment; filename*=UTF-8''{quote(filename, safe='')}",
            "versionId": version_id,
        }
        url = f"{self._url()}/{quote(self.original_key(document_id))}?{urlencode(query, quote_via=quote)}"
        request = AWSRequest(method="GET", url=url)
        self._sign(S3SigV4QueryAuth, request, expires=int(lifetime.total_seconds()))
        return str(request.url)

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

    def _versions(self, prefix: str) -> list[ObjectIdentifierTypeDef]:
        """And delete markers."""
        with self._s3() as s3:
            pages = s3.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=prefix)
            return [
                {"Key": entry["Key"], "VersionId": entry["VersionId"]}
                for page in pages
                for entry in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
            ]

    def _delete(self, versions: list[ObjectIdentifierTypeDef]) -> dict[str, str]:
        """The error codes of the keys that S3 did not delete.

        XML has no way to write some control characters: what has such a name goes one by one.
        """
        errors: dict[str, str] = {}
        plain = [version for version in versions if version["Key"].isprintable()]
        for odd in versions:
            if not odd["Key"].isprintable():
                with self._s3() as s3:
                    s3.delete_object(Bucket=self._bucket, Key=odd["Key"], VersionId=odd["VersionId"])
        for batch in itertools.batched(plain, _DELETE_LIMIT, strict=False):
            with self._s3() as s3:
                answer = s3.delete_objects(
                    Bucket=self._bucket, Delete={"Objects": list(batch), "Quiet": True}
                )
            errors.update({e.get("Key", ""): e.get("Code", "Unknown") for e in answer.get("Errors", ())})
        return errors

    def _is_missing(self, key: str, version_id: str, error: ClientError) -> bool:
        code = error.response["Error"]["Code"]
        if code in _UNTOLD:
            return {"Key": key, "VersionId": version_id} not in self._versions(key)
        return code in _MISSING

    def _url(self) -> str:
        if self._settings.endpoint_url:
            return f"{self._settings.endpoint_url.rstrip('/')}/{self._bucket}"
        return f"https://{self._bucket}.s3.{self._settings.region}.amazonaws.com"

    def _sign(
        self, scheme: type[S3SigV4PostAuth | S3SigV4QueryAuth], request: AWSRequest, **options: int
    ) -> None:
        credentials = self._principal.credentials.get_frozen_credentials()
        scheme(credentials, "s3", self._settings.region, **options).add_auth(request)

    @contextmanager
    def _s3(self) -> Iterator[S3Client]:
        with self._principal.acting():
            yield client("s3", self._settings.region)
