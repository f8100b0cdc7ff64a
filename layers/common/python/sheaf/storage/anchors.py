"""What is kept for good: where audit chains ended on a day, and that a workspace was erased.

The bucket's Object Lock keeps every version (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from sheaf import aws
from sheaf.access.erasures import ErasureCertificate
from sheaf.audit.chain import Anchor, Head
from sheaf.settings import Settings


class Anchors:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def put(self, workspace_id: str, day: date, head: Head, at: datetime) -> None:
        anchor = Anchor(workspace_id=workspace_id, day=day, number=head.number, hash=head.hash, at=at)
        self._put(f"{day.isoformat()}/{workspace_id}.json", anchor)

    def put_erasure(self, certificate: ErasureCertificate) -> None:
        """All that is left of a workspace: that nothing is."""
        self._put(f"erased/{certificate.workspace_id}.json", certificate)

    def _put(self, key: str, record: BaseModel) -> None:
        s3: Any = aws.client("s3", self._settings.region)
        s3.put_object(
            Bucket=self._settings.anchors_bucket,
            Key=key,
            Body=record.model_dump_json().encode(),
            ContentType="application/json",
        )
