"""The files of issued documents in one workspace's folder of the bucket.

    workspaces/<ws>/issued/<id>/pdf, …/ubl      what was issued: the version that counts is recorded
    workspaces/<ws>/issued/logo                 what stands on them: each version that was ever printed stays
    workspaces/<ws>/issued/<id>/previews/<sha>  of a draft or a void document, tagged ``expires=preview``

The bucket's lifecycle throws away what has the tag, a day after it was made.
"""

from __future__ import annotations

from datetime import timedelta

from sheaf.storage.folder import Folder

_TYPES = {"pdf": "application/pdf", "ubl": "application/xml"}


class IssuedFiles(Folder):
    """``name`` is ``pdf`` or ``ubl``."""

    def put(self, issued_id: str, name: str, data: bytes) -> str:
        """The version it became."""
        with self._s3() as s3:
            answer = s3.put_object(
                Bucket=self._bucket, Key=self._key(issued_id, name), Body=data, ContentType=_TYPES[name]
            )
        return answer["VersionId"]

    def read(self, issued_id: str, name: str, version_id: str) -> bytes:
        with self._s3() as s3:
            key = self._key(issued_id, name)
            return s3.get_object(Bucket=self._bucket, Key=key, VersionId=version_id)["Body"].read()

    def put_logo(self, data: bytes) -> str:
        """The version it became."""
        with self._s3() as s3:
            return s3.put_object(Bucket=self._bucket, Key=self._logo, Body=data)["VersionId"]

    def read_logo(self, version_id: str) -> bytes:
        with self._s3() as s3:
            answer = s3.get_object(Bucket=self._bucket, Key=self._logo, VersionId=version_id)
            return answer["Body"].read()

    def presign(
        self, issued_id: str, name: str, version_id: str, *, filename: str, lifetime: timedelta
    ) -> str:
        return self._presign_get(self._key(issued_id, name), version_id, filename=filename, lifetime=lifetime)

    def put_preview(self, issued_id: str, sha256: str, pdf: bytes) -> str:
        """The version it has; what is there is not put again."""
        key = self._preview(issued_id, sha256)
        if there := self._versions(key):
            return there[0]["VersionId"]
        with self._s3() as s3:
            answer = s3.put_object(
                Bucket=self._bucket, Key=key, Body=pdf, ContentType=_TYPES["pdf"], Tagging="expires=preview"
            )
        return answer["VersionId"]

    def presign_preview(
        self, issued_id: str, sha256: str, version_id: str, *, filename: str, lifetime: timedelta
    ) -> str:
        key = self._preview(issued_id, sha256)
        return self._presign_get(key, version_id, filename=filename, lifetime=lifetime)

    def _key(self, issued_id: str, name: str) -> str:
        return f"{self._root}issued/{issued_id}/{name}"

    @property
    def _logo(self) -> str:
        return f"{self._root}issued/logo"

    def _preview(self, issued_id: str, sha256: str) -> str:
        return f"{self._root}issued/{issued_id}/previews/{sha256}"
