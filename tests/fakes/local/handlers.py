"""Functions that show what the host gives them."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import boto3

from infra.local import textract_results


def echo(event: dict[str, Any], context: Any) -> dict[str, Any]:
    seen = {
        "event": event,
        "environment": dict(os.environ),
        "function": context.function_name,
        "remaining_ms": context.get_remaining_time_in_millis(),
        "pid": os.getpid(),
    }
    return {
        "statusCode": 201,
        "headers": {"X-Echo": "yes"},
        "cookies": ["a=1", "b=2"],
        "body": json.dumps(seen),
    }


def misbehave(event: dict[str, Any], context: Any) -> Any:
    match event.get("pathParameters", event).get("how"):
        case "raise":
            raise RuntimeError("no luck")
        case "exit":
            os._exit(7)
        case "sleep":
            time.sleep(60)
        case "eat":
            return len(bytearray(1 << 30))
        case "scan":
            boto3.client("dynamodb").scan(TableName=os.environ["TABLE"])
        case "print":
            sys.stdout.write("said on the way\n")
            sys.stderr.write("and complained\n")
        case "large":
            return {"statusCode": 200, "body": "x" * (7 << 20)}
    return {"statusCode": "never"} if event.get("rawPath") else "done"


def consume(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Notes what it got in the table; a body with ``poison`` in it fails."""
    failed = []
    table = boto3.client("dynamodb")
    for record in event["Records"]:
        if "poison" in record["body"]:
            failed.append({"itemIdentifier": record["messageId"]})
        else:
            item = {"pk": {"S": "message"}, "sk": {"S": record["messageId"]}, "body": {"S": record["body"]}}
            table.put_item(TableName=os.environ["TABLE"], Item=item)
    return {"batchItemFailures": failed}


def read(event: dict[str, str], context: Any) -> dict[str, Any]:
    """Textract's reader: as many pages as the file says."""
    content = Path(event["input"]).read_bytes()
    if b"crash" in content:
        os._exit(1)
    if b"bad" in content:
        return {"error": "BadDocumentException", "message": "It is damaged."}
    pages = int(content.rpartition(b" ")[2])
    documents = [{"ExpenseIndex": 1, "SummaryFields": [{"PageNumber": n + 1}]} for n in range(pages)]
    analysis = {"DocumentMetadata": {"Pages": pages}, "ExpenseDocuments": documents}
    textract_results.write(Path(event["output"]), analysis)
    return {}
