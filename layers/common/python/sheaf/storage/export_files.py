"""What exports leave in one workspace's folder of the bucket.

    workspaces/<ws>/exports/<export>/parts/<number>   the documents it took, frozen: JSON lines, gzip
    workspaces/<ws>/exports/<export>/file             what is downloaded, tagged ``expires=export``

The bucket's lifecycle throws away what has the tag, some time after its link has ceased to be given out.
"""

from __future__ import annotations

from datetime import timedelta
from typing import BinaryIO

from botocore.exceptions import ClientError

from sheaf.kernel.errors import NotYet
from sheaf.storage.folder import Folder


class ExportFiles(Folder):
    def put_part(self, export_id: str, number: int, data: bytes) -> str:
        """The version it became."""
        with self._s3() as s3:
            answer = s3.put_object(Bucket=self._bucket, Key=self._part(export_id, number), Body=data)
        return answer["VersionId"]

    def part(self, export_id: str, number: int, version_id: str) -> bytes | None:
        """None: it was erased."""
        key = self._part(export_id, number)
        try:
            with self._s3() as s3:
                answer = s3.get_object(Bucket=self._bucket, Key=key, VersionId=version_id)
        except ClientError as error:
            if self._is_missing(key, version_id, error):
                return None
            raise
        return answer["Body"].read()

    def put_file(self, export_id: str, file: BinaryIO, content_type: str) -> str:
        """In parts when it is large, one after the other: threads would not act as the workspace. The version
        it became.
        """
        from s3transfer.futures import NonThreadedExecutor
        from s3transfer.manager import TransferManager

        key = self._file(export_id)
        extra = {"ContentType": content_type, "Tagging": "expires=export"}
        with (
            self._s3() as s3,
            TransferManager(s3, executor_cls=NonThreadedExecutor) as transfers,
        ):
            transfers.upload(file, self._bucket, key, extra_args=extra).result()
            return s3.head_object(Bucket=self._bucket, Key=key)["VersionId"]

    def presign(self, export_id: str, version_id: str, *, filename: str, lifetime: timedelta) -> str:
        return self._presign_get(self._file(export_id), version_id, filename=filename, lifetime=lifetime)

    def erase(self, export_id: str) -> None:
        """Every version of all of it. Raises NotYet when S3 kept some."""
        if self._delete(self._versions(f"{self._root}exports/{export_id}/")):
            raise NotYet("The export's files could not be deleted completely. Try again.")

    def _part(self, export_id: str, number: int) -> str:
        return f"{self._root}exports/{export_id}/parts/{number:06}.jsonl.gz"

    def _file(self, export_id: str) -> str:
        return f"{self._root}exports/{export_id}/file"
