"""Files are on disk at once, the news of them are not: after a loss, the bucket tells of them again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from infra.local.aws import REGION, session

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

_MARGIN = timedelta(seconds=5)


def report_again(bucket: str, since: datetime, endpoint: str) -> None:
    """Sends ``ObjectCreated`` for what was put since then. Events may come twice anyway."""
    s3: S3Client = session().client("s3", endpoint_url=endpoint)
    sqs: SQSClient = session().client("sqs", endpoint_url=endpoint)
    notifications = s3.get_bucket_notification_configuration(Bucket=bucket)
    events = list(_events(s3, bucket, since - _MARGIN))
    for queue in notifications.get("QueueConfigurations", ()):
        url = sqs.get_queue_url(QueueName=queue["QueueArn"].rpartition(":")[2])["QueueUrl"]
        prefixes = [rule["Value"] for rule in queue.get("Filter", {}).get("Key", {}).get("FilterRules", ())]
        for key, event in events:
            if all(key.startswith(prefix) for prefix in prefixes):
                sqs.send_message(QueueUrl=url, MessageBody=json.dumps({"Records": [event]}))


def _events(s3: S3Client, bucket: str, since: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for version in page.get("Versions", ()):
            if version["IsLatest"] and version["LastModified"] >= since:
                yield (
                    version["Key"],
                    {
                        "eventVersion": "2.1",
                        "eventSource": "aws:s3",
                        "awsRegion": REGION,
                        "eventTime": version["LastModified"].isoformat(timespec="milliseconds"),
                        "eventName": "ObjectCreated:Put",
                        "s3": {
                            "s3SchemaVersion": "1.0",
                            "bucket": {"name": bucket, "arn": f"arn:aws:s3:::{bucket}"},
                            "object": {
                                "key": quote_plus(version["Key"], safe="/"),
                                "size": version["Size"],
                                "eTag": version["ETag"].strip('"'),
                                "versionId": version["VersionId"],
                            },
                        },
                    },
                )
