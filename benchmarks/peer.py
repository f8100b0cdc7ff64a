"""The peer: the same routes the way most people build them, FastAPI behind Mangum, with boto3.

Written as its documentation shows: models for what comes in and goes out, the caller as a dependency,
clients made once when the module is imported. The caller's key is looked up and checked like Sheaf's.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from typing import Annotated, Any

import boto3
from fastapi import Depends, FastAPI, Header, HTTPException
from mangum import Mangum
from pydantic import BaseModel, Field

app = FastAPI()
dynamodb = boto3.client("dynamodb")
s3 = boto3.client("s3")

RECORDS = os.environ["SHEAF_RECORDS_TABLE"]
DIRECTORY = os.environ["SHEAF_DIRECTORY_TABLE"]
BUCKET = os.environ["SHEAF_BUCKET"]
WRITERS = {"owner", "admin", "member"}


@dataclass(frozen=True)
class Caller:
    workspace_id: str
    role: str


class NewUpload(BaseModel):
    filename: Annotated[str, Field(min_length=1, max_length=255)]
    content_type: str
    size: Annotated[int, Field(ge=0)]


class Upload(BaseModel):
    document_id: str
    url: str
    fields: dict[str, str]


class Document(BaseModel):
    id: str
    filename: str
    status: str


def find_key(digest: str) -> dict[str, Any] | None:
    found = dynamodb.get_item(
        TableName=DIRECTORY,
        Key={"pk": {"S": f"APIKEY#{digest}"}, "sk": {"S": "APIKEY"}},
        ConsistentRead=True,
    )
    item: dict[str, Any] | None = found.get("Item")
    return item


def caller(authorization: Annotated[str | None, Header()] = None) -> Caller:
    scheme, _, secret = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        raise HTTPException(401, "Send an API key")
    item = find_key(hashlib.sha256(secret.encode()).hexdigest())
    if item is None:
        raise HTTPException(401, "This is not a valid API key")
    return Caller(workspace_id=item["w"]["S"], role=item["r"]["S"])


def writer(who: Annotated[Caller, Depends(caller)]) -> Caller:
    if who.role not in WRITERS:
        raise HTTPException(403, "Your role does not allow it")
    return who


@app.post("/v1/uploads", status_code=201)
def announce(body: NewUpload, who: Annotated[Caller, Depends(writer)]) -> Upload:
    document_id = secrets.token_hex(16)
    item = {
        "pk": {"S": f"{who.workspace_id}#DOCUMENT"},
        "sk": {"S": document_id},
        "n": {"S": body.filename},
        "s": {"S": "awaiting_upload"},
    }
    entry = {
        "pk": {"S": f"{who.workspace_id}#AUDIT"},
        "sk": {"S": document_id},
        "a": {"S": "document.uploaded"},
    }
    dynamodb.transact_write_items(
        TransactItems=[
            {"Put": {"TableName": RECORDS, "Item": item}},
            {"Put": {"TableName": RECORDS, "Item": entry}},
        ]
    )
    form = s3.generate_presigned_post(
        BUCKET,
        f"workspaces/{who.workspace_id}/files/{document_id}/original",
        Fields={"Content-Type": body.content_type},
        Conditions=[{"Content-Type": body.content_type}, ["content-length-range", body.size, body.size]],
        ExpiresIn=900,
    )
    return Upload(document_id=document_id, url=form["url"], fields=form["fields"])


@app.get("/v1/documents/{document_id}")
def show(document_id: str, who: Annotated[Caller, Depends(caller)]) -> Document:
    key = {"pk": {"S": f"{who.workspace_id}#DOCUMENT"}, "sk": {"S": document_id}}
    item = dynamodb.get_item(TableName=RECORDS, Key=key, ConsistentRead=True).get("Item")
    if item is None:
        raise HTTPException(404, "There is no such document")
    return Document(id=document_id, filename=item["n"]["S"], status=item["s"]["S"])


handler = Mangum(app, lifespan="off")
