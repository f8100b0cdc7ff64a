"""``template.yaml``, read: what the functions are, what calls them, and the resources to create.

SAM's own translator turns the template into what CloudFormation would deploy; everything here is read from
that, so that a laptop runs what an account would run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from boto3.session import Session
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

from infra.local.failure import LocalError
from infra.local.nested import Json, folded

_LEFT_OUT = (
    "AWS::Lambda::",
    "AWS::ApiGatewayV2::",
    "AWS::Scheduler::",
    "AWS::Logs::",
    "AWS::CloudWatch::",
    "AWS::CloudFront::",
)
_SUBSTITUTED = re.compile(r"\$\{([A-Za-z0-9]+)[.}]")


@dataclass(frozen=True)
class Function:
    """``name`` is the logical id; ``role`` and the values of ``environment`` may hold intrinsic functions."""

    name: str
    handler: str
    timeout: int
    memory: int
    role: Json = None
    environment: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    function: str

    @property
    def key(self) -> str:
        return f"{self.method} {self.path}"


DEFAULT_ROUTE = "$default"
"""The path, and the key, of the route for what no other route takes."""


@dataclass(frozen=True)
class QueueSource:
    """An event source mapping; ``queue`` is the ARN of the queue, and may hold intrinsic functions."""

    name: str
    queue: Json
    function: str
    batch_size: int
    window_seconds: int
    partial_failures: bool
    concurrency: Json


@dataclass(frozen=True)
class StreamSource:
    """An event source mapping of a table's stream; ``stream`` may hold intrinsic functions."""

    name: str
    stream: Json
    function: str
    batch_size: int
    retries: int
    filters: tuple[Json, ...]


@dataclass(frozen=True)
class Schedule:
    name: str
    expression: Json
    timezone: str
    function: str
    input: str


@dataclass(frozen=True)
class Template:
    functions: dict[str, Function]
    routes: tuple[Route, ...]
    default: str | None
    """The function that answers what no route takes."""

    sources: tuple[QueueSource, ...]
    streams: tuple[StreamSource, ...]
    schedules: tuple[Schedule, ...]
    infrastructure: dict[str, Json] = field(repr=False)
    """A CloudFormation template of what is left: tables, bucket, queues, topic, key, roles."""

    outputs: dict[str, Json] = field(default_factory=dict)
    """Values by name; they may hold intrinsic functions."""


def load(path: Path, region: str) -> Template:
    try:
        source = yaml_parse(path.read_text())
    except FileNotFoundError as error:
        raise LocalError(f"There is no {path}.", "Run make run in a checkout of Sheaf.") from error
    _point_at_nothing(source)
    translator = Translator({}, Parser(), boto_session=Session(region_name=region))
    try:
        translated = json.loads(json.dumps(translator.translate(source, {})))
    except InvalidDocumentException as error:
        raise LocalError(f"{path} is no template: {error.message}", "make lint says where.") from error
    whole = folded(translated, lambda url: _over_loopback(yaml_parse((path.parent / url).read_text())))
    resources = whole["Resources"]
    routes = tuple(_routes(resources))
    return Template(
        functions=dict(_functions(resources)),
        routes=tuple(route for route in routes if route.path != DEFAULT_ROUTE),
        default=next((route.function for route in routes if route.path == DEFAULT_ROUTE), None),
        sources=tuple(_sources(resources)),
        streams=tuple(_streams(resources)),
        schedules=tuple(_schedules(resources)),
        infrastructure=_infrastructure(whole),
        outputs={name: declared["Value"] for name, declared in whole.get("Outputs", {}).items()},
    )


def _point_at_nothing(source: dict[str, Json]) -> None:
    """Code is imported from the checkout; SAM insists that it has been uploaded."""
    for resource in source["Resources"].values():
        for name in ("CodeUri", "ContentUri"):
            if name in resource.get("Properties", {}):
                resource["Properties"][name] = "s3://checkout/code"


def _functions(resources: dict[str, Json]) -> Iterator[tuple[str, Function]]:
    for name, properties in _of_type(resources, "AWS::Lambda::Function"):
        yield (
            name,
            Function(
                name=name,
                handler=properties["Handler"],
                timeout=properties["Timeout"],
                memory=properties["MemorySize"],
                role=properties.get("Role"),
                environment=properties.get("Environment", {}).get("Variables", {}),
            ),
        )


def _routes(resources: dict[str, Json]) -> Iterator[Route]:
    for _, properties in _of_type(resources, "AWS::ApiGatewayV2::Api"):
        for path, methods in properties["Body"]["paths"].items():
            for method, operation in methods.items():
                uri = operation["x-amazon-apigateway-integration"]["uri"]
                [function] = set(_SUBSTITUTED.findall(uri["Fn::Sub"])) - {"AWS"}
                name = DEFAULT_ROUTE if path.endswith(DEFAULT_ROUTE) else path
                yield Route(method=method.upper(), path=name, function=function)


def _sources(resources: dict[str, Json]) -> Iterator[QueueSource]:
    for name, properties in _of_type(resources, "AWS::Lambda::EventSourceMapping"):
        if "StartingPosition" in properties:
            continue
        yield QueueSource(
            name=name,
            queue=properties["EventSourceArn"],
            function=properties["FunctionName"]["Ref"],
            batch_size=properties.get("BatchSize", 10),
            window_seconds=properties.get("MaximumBatchingWindowInSeconds", 0),
            partial_failures="ReportBatchItemFailures" in properties.get("FunctionResponseTypes", ()),
            concurrency=properties.get("ScalingConfig", {}).get("MaximumConcurrency", 2),
        )


def _streams(resources: dict[str, Json]) -> Iterator[StreamSource]:
    for name, properties in _of_type(resources, "AWS::Lambda::EventSourceMapping"):
        if "StartingPosition" not in properties:
            continue
        filters = properties.get("FilterCriteria", {}).get("Filters", ())
        yield StreamSource(
            name=name,
            stream=properties["EventSourceArn"],
            function=properties["FunctionName"]["Ref"],
            batch_size=properties.get("BatchSize", 100),
            retries=properties.get("MaximumRetryAttempts", 20),
            filters=tuple(json.loads(each["Pattern"]) for each in filters),
        )


def _schedules(resources: dict[str, Json]) -> Iterator[Schedule]:
    for name, properties in _of_type(resources, "AWS::Scheduler::Schedule"):
        yield Schedule(
            name=name,
            expression=properties["ScheduleExpression"],
            timezone=properties.get("ScheduleExpressionTimezone", "UTC"),
            function=properties["Target"]["Arn"]["Fn::GetAtt"][0],
            input=properties["Target"].get("Input", "{}"),
        )


def _of_type(resources: dict[str, Json], kind: str) -> Iterator[tuple[str, Json]]:
    for name, resource in resources.items():
        if resource["Type"] == kind:
            yield name, resource["Properties"]


def _infrastructure(whole: dict[str, Json]) -> dict[str, Json]:
    """The template without what runs code, and without what refers to that."""
    kept = {
        name: resource
        for name, resource in whole["Resources"].items()
        if not resource["Type"].startswith(_LEFT_OUT)
    }
    known = set(whole.get("Parameters", {}))
    while dangling := [
        name for name, resource in kept.items() if not _references(resource) <= known | set(kept)
    ]:
        for name in dangling:
            del kept[name]
    sections = ("AWSTemplateFormatVersion", "Parameters", "Conditions")
    return {name: whole[name] for name in sections if name in whole} | {"Resources": kept}


def _over_loopback(value: Json) -> Json:
    """The policies without the statements that refuse whoever comes without TLS: the loopback has none."""
    if isinstance(value, dict):
        return {key: _over_loopback(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_over_loopback(item) for item in value if not _demands_tls(item)]
    return value


def _demands_tls(statement: Json) -> bool:
    match statement:
        case {"Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}:
            return True
        case _:
            return False


def _references(value: Json) -> set[str]:
    """The logical ids a part of a template mentions."""
    if isinstance(value, list):
        return set().union(*(_references(item) for item in value))
    if not isinstance(value, dict):
        return set()
    found = set().union(*(_references(item) for item in value.values()))
    match value:
        case {"Ref": str(name)} if not name.startswith("AWS::"):
            found.add(name)
        case {"Fn::GetAtt": [str(name), *_]}:
            found.add(name)
        case {"Fn::Sub": str(text)}:
            found |= set(_SUBSTITUTED.findall(text)) - {"AWS"}
        case {"Fn::Sub": [str(text), {**own}]}:
            found |= set(_SUBSTITUTED.findall(text)) - {"AWS", *own}
        case {"DependsOn": str(name)}:
            found.add(name)
        case {"DependsOn": [*names]}:
            found |= set(names)
        case _:
            pass
    return found
