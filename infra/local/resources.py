"""Creates on the embedded AWS what the template declares, and says what each of its expressions became."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from infra.local.aws import session
from infra.local.failure import LocalError
from infra.local.nested import Json
from infra.local.template import Template

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackTypeDef
    from mypy_boto3_s3 import S3Client

STACK = "sheaf"
OPERATOR_ROLE = "OperatorRole"
"""The template's output that names what people assume who make workspaces from their own shell."""

_TEMPLATES = "sheaf-templates"
_SETTLE_SECONDS = 60


class Resources:
    """The deployed stack. ``value`` takes what a template says (``{"Ref": …}`` or a plain value)."""

    def __init__(self, values: dict[str, str]) -> None:
        self._values = values

    def value(self, expression: Json) -> str:
        return self._values[_key(expression)] if isinstance(expression, dict) else str(expression)


def deploy(template: Template, endpoint: str, parameters: dict[str, str]) -> Resources:
    """Creates the stack, or brings it to what the template says now; leaves it alone if nothing changed."""
    expressions = {_key(expression): expression for expression in _expressions(template)}
    outputs = {
        f"Value{number}": {"Value": expressions[key]} for number, key in enumerate(sorted(expressions))
    }
    client: CloudFormationClient = session().client("cloudformation", endpoint_url=endpoint)
    body = json.dumps(template.infrastructure | {"Outputs": outputs}, sort_keys=True)
    _bring_to(client, _uploaded(body, endpoint), parameters)
    found = {output["OutputKey"]: output["OutputValue"] for output in _describe(client).get("Outputs", [])}
    return Resources({_key(output["Value"]): found[name] for name, output in outputs.items()})


def _expressions(template: Template) -> Iterator[Json]:
    for function in template.functions.values():
        yield from (
            value for value in (function.role, *function.environment.values()) if isinstance(value, dict)
        )
    for source in template.sources:
        yield from (value for value in (source.queue, source.concurrency) if isinstance(value, dict))
    yield from (source.stream for source in template.streams if isinstance(source.stream, dict))
    yield from (
        schedule.expression for schedule in template.schedules if isinstance(schedule.expression, dict)
    )
    if OPERATOR_ROLE in template.outputs:
        yield template.outputs[OPERATOR_ROLE]


def _key(expression: Json) -> str:
    return json.dumps(expression, sort_keys=True)


def _uploaded(body: str, endpoint: str) -> str:
    """Its URL. In a request a template may have 51,200 bytes, as an object a million.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
    """
    s3: S3Client = session().client("s3", endpoint_url=endpoint)
    s3.create_bucket(Bucket=_TEMPLATES)
    s3.put_object(Bucket=_TEMPLATES, Key=STACK, Body=body.encode())
    return f"{endpoint}/{_TEMPLATES}/{STACK}"


def _bring_to(client: CloudFormationClient, url: str, parameters: dict[str, str]) -> None:
    arguments: dict[str, Json] = {
        "StackName": STACK,
        "TemplateURL": url,
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
    }
    try:
        if not _exists(client):
            client.create_stack(**arguments)
        else:
            client.update_stack(**arguments)
    except ClientError as error:
        if "No updates are to be performed" in str(error):
            return
        raise
    deadline = time.monotonic() + _SETTLE_SECONDS
    while (stack := _describe(client))["StackStatus"].endswith("IN_PROGRESS") and time.monotonic() < deadline:
        time.sleep(0.05)
    if stack["StackStatus"] not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
        raise LocalError(
            f"The template's resources could not be made: {_first_failure(client) or stack['StackStatus']}",
            "Mend template.yaml or infra/*.yaml; if the change replaces a table, start anew with make clean.",
        )


def _exists(client: CloudFormationClient) -> bool:
    try:
        return _describe(client)["StackStatus"] not in {"ROLLBACK_COMPLETE", "DELETE_COMPLETE"}
    except ClientError as error:
        if error.response["Error"]["Code"] == "ValidationError":
            return False
        raise


def _describe(client: CloudFormationClient) -> StackTypeDef:
    return client.describe_stacks(StackName=STACK)["Stacks"][0]


def _first_failure(client: CloudFormationClient) -> str | None:
    events = client.describe_stack_events(StackName=STACK)["StackEvents"]
    failures = [event for event in events if event["ResourceStatus"].endswith("FAILED")]
    return (
        f"{failures[-1]['LogicalResourceId']}: {failures[-1]['ResourceStatusReason']}" if failures else None
    )
