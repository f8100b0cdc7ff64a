"""Amazon Textract's asynchronous expense analysis.

Textract reads a file with its caller's rights, so the caller is the workspace's principal.

https://docs.aws.amazon.com/textract/latest/dg/API_StartExpenseAnalysis.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from sheaf.aws import TenantPrincipal, client
from sheaf.capture.ports import JobResult, JobState
from sheaf.kernel.errors import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_textract import TextractClient

    from sheaf.settings import Settings

_REFUSALS = {
    "BadDocumentException": (
        "file_corrupt",
        "The file is damaged or incomplete. Open it, save it again, and upload that.",
    ),
    "DocumentTooLargeException": ("file_too_large", "The file is too large for text recognition. Split it."),
    "UnsupportedDocumentException": (
        "file_type_unsupported",
        "Text recognition does not take this type of file. Save it as PDF, PNG or JPEG.",
    ),
    "InvalidS3ObjectException": ("file_corrupt", "The file could not be opened. Upload it again."),
}

_DROPPED = frozenset(("Polygon", "Relationships"))


class Textract:
    def __init__(self, settings: Settings, principal: TenantPrincipal) -> None:
        self._settings = settings
        self._principal = principal

    def start(self, key: str, version_id: str | None, *, token: str) -> str:
        place: dict[str, str] = {"Bucket": self._settings.bucket, "Name": key}
        if version_id is not None:
            place["Version"] = version_id
        try:
            with self._principal.acting():
                answer = self._textract.start_expense_analysis(
                    DocumentLocation={"S3Object": place},  # type: ignore[typeddict-item]
                    ClientRequestToken=token,
                    JobTag=token,
                    NotificationChannel={
                        "SNSTopicArn": self._settings.completions_topic_arn,
                        "RoleArn": self._settings.textract_role_arn,
                    },
                )
        except ClientError as error:
            refusal = _REFUSALS.get(error.response["Error"]["Code"])
            if refusal is None:
                raise
            code, message = refusal
            raise UnreadableFile(message, code=code) from error
        return answer["JobId"]

    def result(self, job_id: str) -> JobResult:
        """All pages of the answer, each without what no reading is made of, so that a file of 500 pages fits
        into memory. PARTIAL_SUCCESS counts: some pages are better than none, and the checks say what is
        missing.
        """
        documents: list[dict[str, Any]] = []
        token: str | None = None
        while True:
            try:
                with self._principal.acting():
                    get = self._textract.get_expense_analysis
                    page = get(JobId=job_id, NextToken=token) if token else get(JobId=job_id)
            except ClientError as error:
                if error.response["Error"]["Code"] == "InvalidJobIdException":
                    return JobResult(state=JobState.LOST)
                raise
            if page["JobStatus"] == "IN_PROGRESS":
                return JobResult(state=JobState.RUNNING)
            if page["JobStatus"] == "FAILED":
                return JobResult(state=JobState.FAILED, reason=_reason(page.get("StatusMessage")))
            documents += [slimmed(document) for document in page.get("ExpenseDocuments", ())]
            token = page.get("NextToken")
            if token is None:
                metadata = page.get("DocumentMetadata", {})
                answer = {"DocumentMetadata": metadata, "ExpenseDocuments": documents}
                return JobResult(state=JobState.SUCCEEDED, response=answer)

    @property
    def _textract(self) -> TextractClient:
        textract: TextractClient = client("textract", self._settings.region)
        return textract


def slimmed(document: Mapping[str, Any]) -> dict[str, Any]:
    """Without words and their relations: lines hold the same text; without outlines: boxes are enough.

    Of a dense page's answer, that leaves a quarter.
    """
    lines = [block for block in document.get("Blocks", ()) if block.get("BlockType") == "LINE"]
    slim: dict[str, Any] = _without_outlines({**document, "Blocks": lines})
    return slim


def _without_outlines(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_outlines(part) for name, part in value.items() if name not in _DROPPED}
    if isinstance(value, list):
        return [_without_outlines(part) for part in value]
    return value


def _reason(status_message: str | None) -> str | None:
    """Textract names the failure of an asynchronous job by its exception, in various spellings."""
    squashed = (status_message or "").replace("_", "").upper()
    for name, (code, _) in _REFUSALS.items():
        if name.removesuffix("Exception").upper() in squashed:
            return code
    return None
