"""Anchors: where a chain ended on a day, in a bucket whose objects nobody can delete or overwrite in effect.

The bucket's Object Lock keeps every version (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sheaf import aws
from sheaf.audit.chain import Anchor, Head
from sheaf.settings import Settings


class Anchors:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def put(self, workspace_id: str, day: date, head: Head, at: datetime) -> None:
        anchor = Anchor(workspace_id=workspace_id, day=day, number=head.number, hash=head.hash, at=at)
        s3: Any = aws.client("s3", self._settings.region)
        s3.put_object(
            Bucket=self._settings.anchors_bucket,
            Key=f"{day.isoformat()}/{workspace_id}.json",
            Body=anchor.model_dump_json().encode(),
            ContentType="application/json",
        )
