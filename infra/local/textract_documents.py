"""What Textract checks of a document before it reads it, and how it gets at the bytes.

Limits: https://docs.aws.amazon.com/textract/latest/dg/limits-document.html
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_HEADER_BYTES = 1024
_DOCUMENT_LIMIT = 500 * 1024 * 1024
_PICTURE_LIMIT = 10 * 1024 * 1024
_TIFF = (b"II*\x00", b"MM\x00*")
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


class TextractError(Exception):
    """``code`` is the name Textract gives the error."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Documents:
    def __init__(self, s3: S3Client) -> None:
        self._s3 = s3

    def inspect(self, location: dict[str, Any]) -> None:
        """Whether the object is there, and of a kind and a size that is read."""
        try:
            size = self._s3.head_object(**_object(location))["ContentLength"]
            content = self._s3.get_object(**_object(location), Range=f"bytes=0-{_HEADER_BYTES - 1}")
        except ClientError as error:
            raise _unreadable(error) from error
        refuse(content["Body"].read(_HEADER_BYTES), size)

    def fetch(self, location: dict[str, Any], path: Path) -> None:
        try:
            content = self._s3.get_object(**_object(location))
        except ClientError as error:
            raise _unreadable(error) from error
        with path.open("wb") as file:
            for chunk in content["Body"].iter_chunks(1 << 20):
                file.write(chunk)


def refuse(beginning: bytes, size: int) -> None:
    if b"%PDF-" in beginning or beginning.startswith(_TIFF):
        limit = _DOCUMENT_LIMIT
    elif beginning.startswith(_PICTURES):
        limit = _PICTURE_LIMIT
    else:
        raise TextractError("UnsupportedDocumentException", "Request has unsupported document format")
    if size > limit:
        raise TextractError("DocumentTooLargeException", "The document is larger than Textract takes")


def _object(location: dict[str, Any]) -> Any:
    version = {"VersionId": location["Version"]} if "Version" in location else {}
    return {"Bucket": location["Bucket"], "Key": location["Name"], **version}


def _unreadable(error: ClientError) -> TextractError:
    if error.response["Error"]["Code"] == "InvalidRange":  # there is no first byte
        return TextractError("BadDocumentException", "The document is empty")
    return TextractError(
        "InvalidS3ObjectException",
        "Unable to get object metadata from S3. Check object key, region and/or access permissions.",
    )
