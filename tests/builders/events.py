"""Events as AWS sends them."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus, urlencode
from uuid import uuid4

_REGION = "us-east-1"


def http(
    method: str,
    route: str,
    *,
    path: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
    cookies: dict[str, str] | None = None,
    body: Any = None,
    encoded: bool = False,
) -> dict[str, Any]:
    """API Gateway, HTTP API, payload format 2.0; ``route`` is the template's path, with placeholders.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    """
    raw_path = route
    for name, value in (path or {}).items():
        raw_path = raw_path.replace(f"{{{name}}}", value)
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": f"{method} {route}",
        "rawPath": raw_path,
        "rawQueryString": urlencode(query or {}),
        "headers": {"host": "api.example.test", "user-agent": "tests/1.0", **(headers or {})},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api-id",
            "domainName": "api.example.test",
            "http": {
                "method": method,
                "path": raw_path,
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.7",
                "userAgent": "tests/1.0",
            },
            "requestId": str(uuid4()),
            "routeKey": f"{method} {route}",
            "stage": "$default",
            "time": "20/Nov/2026:09:30:00 +0000",
            "timeEpoch": 1795253400000,
        },
        "isBase64Encoded": encoded,
    }
    if query:
        event["queryStringParameters"] = query
    if cookies:
        event["cookies"] = [f"{name}={value}" for name, value in cookies.items()]
    if path:
        event["pathParameters"] = path
    if body is not None:
        text = body if isinstance(body, str) else json.dumps(body)
        event["body"] = base64.b64encode(text.encode()).decode() if encoded else text
    return event


def s3_put(bucket: str, key: str, *, version_id: str, size: int, at: datetime) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html"""
    return {
        "Records": [
            {
                "eventVersion": "2.1",
                "eventSource": "aws:s3",
                "awsRegion": "us-east-1",
                "eventTime": _iso(at),
                "eventName": "ObjectCreated:Post",
                "userIdentity": {"principalId": "AWS:AIDAEXAMPLE"},
                "requestParameters": {"sourceIPAddress": "203.0.113.7"},
                "responseElements": {"x-amz-request-id": "C3D13FE58DE4C810", "x-amz-id-2": "FMyUVURIY8"},
                "s3": {
                    "s3SchemaVersion": "1.0",
                    "configurationId": "uploads",
                    "bucket": {
                        "name": bucket,
                        "ownerIdentity": {"principalId": "A3NL1KOZZKExample"},
                        "arn": f"arn:aws:s3:::{bucket}",
                    },
                    "object": {
                        "key": quote_plus(key, safe="/"),
                        "size": size,
                        "eTag": "d41d8cd98f00b204e9800998ecf8427e",
                        "versionId": version_id,
                        "sequencer": "0055AED6DCD90281E5",
                    },
                },
            }
        ]
    }


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def s3_test(bucket: str) -> dict[str, Any]:
    """What S3 sends once, when a notification is configured."""
    return {
        "Service": "Amazon S3",
        "Event": "s3:TestEvent",
        "Time": "2026-11-20T09:30:00.000Z",
        "Bucket": bucket,
        "RequestId": "5582815E1AEA5ADF",
        "HostId": "8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR+YstdA6Knx4Ip8EXAMPLE",
    }


def textract_completion(job_id: str, *, status: str = "SUCCEEDED", tag: str = "") -> dict[str, Any]:
    """Textract's notification inside SNS's envelope, as SQS delivers it without raw message delivery.

    https://docs.aws.amazon.com/textract/latest/dg/async-notification-payload.html
    """
    message = {
        "JobId": job_id,
        "Status": status,
        "API": "StartExpenseAnalysis",
        "JobTag": tag,
        "Timestamp": 1795253400000,
        "DocumentLocation": {"S3ObjectName": "workspaces/.../original", "S3Bucket": "files"},
    }
    return {
        "Type": "Notification",
        "MessageId": str(uuid4()),
        "TopicArn": "arn:aws:sns:us-east-1:123456789012:completions",
        "Message": json.dumps(message),
        "Timestamp": _iso(datetime.now(UTC)),
        "SignatureVersion": "1",
        "Signature": "EXAMPLE",
    }


def sqs(*bodies: dict[str, Any], delivery: int = 1) -> dict[str, Any]:
    """https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html"""
    return {
        "Records": [
            {
                "messageId": str(uuid4()),
                "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a",
                "body": json.dumps(body),
                "attributes": {
                    "ApproximateReceiveCount": str(delivery),
                    "SentTimestamp": "1795253400000",
                    "SenderId": "AIDAEXAMPLE",
                    "ApproximateFirstReceiveTimestamp": "1795253400001",
                },
                "messageAttributes": {},
                "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:queue",
                "awsRegion": "us-east-1",
            }
            for body in bodies
        ]
    }


def dynamodb_stream(*items: dict[str, Any]) -> dict[str, Any]:
    """New items as the stream of their table tells of them, in that order."""
    return dynamodb_changes(*((None, item) for item in items))


def dynamodb_changes(*changes: tuple[dict[str, Any] | None, dict[str, Any] | None]) -> dict[str, Any]:
    """Items before and after each change, as the stream of their table tells of them.

    https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
    """
    return {"Records": [_change(number, *change) for number, change in enumerate(changes)]}


def _change(number: int, before: dict[str, Any] | None, after: dict[str, Any] | None) -> dict[str, Any]:
    item = after or before or {}
    images = {"OldImage": before, "NewImage": after}
    return {
        "eventID": f"{number:032x}",
        "eventName": "INSERT" if before is None else "REMOVE" if after is None else "MODIFY",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "us-east-1",
        "dynamodb": {
            "ApproximateCreationDateTime": 1795253400.0,
            "Keys": {"pk": item["pk"], "sk": item["sk"]},
            **{name: image for name, image in images.items() if image is not None},
            "SequenceNumber": f"{number + 1:021d}",
            "SizeBytes": 512,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        "eventSourceARN": f"arn:aws:dynamodb:{_REGION}:123456789012:table/records/stream/2026-11-20",
    }
