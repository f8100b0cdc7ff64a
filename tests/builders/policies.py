"""The roles of infra/roles.yaml, as they would be in an account whose tables are named as in the tests."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

from infra.local.iam import Statement, statements

ACCOUNT = "123456789012"
REGION = "us-east-1"
RECORDS = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/records"
DIRECTORY = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/directory"
BUCKET = "arn:aws:s3:::files"
FUNCTIONS = (
    "Upload", "Documents", "Accounts", "Signin", "Console", "Receive", "Collect", "Watch", "Sweep", "Chain",
    "Review", "Suppliers", "Clients", "Invoices", "Printing", "Dispatcher",
    "Pages", "Index", "Subscription", "Round", "Calendar", "Tools",
    "Exports", "Exporter", "Anchor", "Erasure",
    "Webhooks", "Effects",
)  # fmt: skip

_PATH = Path(__file__).parents[2] / "infra" / "roles.yaml"
_VALUES = {
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::URLSuffix": "amazonaws.com",
    "Name": "sheaf",
    "KeyArn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1",
    "RecordsTableArn": RECORDS,
    "DirectoryTableArn": DIRECTORY,
    "FilesBucketArn": BUCKET,
    "UploadsQueueArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:uploads",
    "CompletionsQueueArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:completions",
    "PagesQueueArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:pages",
    "WatchQueueArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:watch",
    "ExportsQueueArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:exports",
    "IssuedQueueArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:issued",
    "WebhooksQueueArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:webhooks",
    "RefundsQueueArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:refunds",
    "SweepDeadLettersArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:sweep-dead-letters",
    "RecordsStreamArn": f"{RECORDS}/stream/2026-11-20T00:00:00.000",
    "IndexDeadLettersArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:index-dead-letters",
    "ChainDeadLettersArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:chain-dead-letters",
    "AnchorsBucketArn": "arn:aws:s3:::anchors",
    "TextractRoleArn": f"arn:aws:iam::{ACCOUNT}:role/textract",
}


@dataclass(frozen=True)
class Role:
    """``trust`` and ``statements`` without intrinsic functions."""

    name: str
    trust: tuple[dict[str, Any], ...]
    statements: tuple[Statement, ...]

    @property
    def arn(self) -> str:
        return arn_of(self.name)


def arn_of(role: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{role}"


@cache
def roles() -> dict[str, Role]:
    resources = yaml_parse(_PATH.read_text())["Resources"]
    return {
        name: _role(name, resource["Properties"], resources)
        for name, resource in resources.items()
        if resource["Type"] == "AWS::IAM::Role"
    }


def _role(name: str, properties: Any, resources: Any) -> Role:
    documents = [resources[policy["Ref"]]["Properties"] for policy in properties.get("ManagedPolicyArns", ())]
    documents += properties.get("Policies", ())
    found = [one for each in documents for one in statements(_resolved(each["PolicyDocument"]))]
    trust = _resolved(properties["AssumeRolePolicyDocument"])
    assert statements(trust), "a trust that is understood"
    return Role(name, tuple(trust["Statement"]), tuple(found))


def _resolved(value: Any) -> Any:
    match value:
        case {"Ref": str(name)}:
            return _VALUES[name]
        case {"Fn::GetAtt": [str(name), "Arn"]}:
            return arn_of(name)
        case {"Fn::Sub": str(text)}:
            return re.sub(r"\$\{(!?)([^}]+)\}", lambda at: f"${{{at[2]}}}" if at[1] else _VALUES[at[2]], text)
        case dict():
            return {key: _resolved(item) for key, item in value.items()}
        case list():
            return [_resolved(item) for item in value]
    return value
