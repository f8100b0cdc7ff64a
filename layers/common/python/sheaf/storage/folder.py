"""One workspace's folder in the bucket: whatever lies in it, and signing what leads to it.

URLs are signed with botocore's signers: no S3 client, no service model, in a function that only signs.

All of it is done with the workspace's own credentials. They may not list the bucket, only their prefix, and
to such callers S3 says 403 of an object that is not there; the list of its versions then says which it is.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from botocore.auth import S3SigV4PostAuth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest

from sheaf.aws import TenantPrincipal, client
from sheaf.kernel.clock import Clock

if TYPE_CHECKING:
    from botocore.exceptions import ClientError
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectIdentifierTypeDef

    from sheaf.settings import Settings

_MISSING = {"404", "NoSuchKey", "NoSuchVersion", "NotFound"}
_UNTOLD = {"403", "AccessDenied"}
_DELETE_LIMIT = 1000
"""Objects in one DeleteObjects call (S3's limit)."""


class Folder:
    def __init__(self, settings: Settings, principal: TenantPrincipal, clock: Clock) -> None:
        self._settings = settings
        self._bucket = settings.bucket
        self._principal = principal
        self._root = f"workspaces/{principal.workspace_id}/"
        self._clock = clock

    @property
    def bucket(self) -> str:
        return self._bucket

    def beside[Other: Folder](self, kind: type[Other]) -> Other:
        """The same folder, for other things in it."""
        return kind(self._settings, self._principal, self._clock)

    def _presign_get(self, key: str, version_id: str, *, filename: str, lifetime: timedelta) -> str:
        query = {
            "response-content-disposition": f"attachment; filename*=UTF-8''{quote(filename, safe='')}",
            "versionId": version_id,
        }
        url = f"{self._url()}/{quote(key)}?{urlencode(query, quote_via=quote)}"
        request = AWSRequest(method="GET", url=url)
        self._sign(S3SigV4QueryAuth, request, expires=int(lifetime.total_seconds()))
        return str(request.url)

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
