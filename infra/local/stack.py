"""The whole system on this machine: the embedded AWS, the functions, what calls them, and Textract.

``with LocalStack(Path(".sheaf"), port=8000) as stack: …`` is all of it; tests use it the same way.
"""

from __future__ import annotations

import hmac
import json
import logging
import secrets
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Self

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.aws import CREDENTIALS, REGION, EmbeddedAws, assumed
from infra.local.directory import CHECKOUT, Directory, opened
from infra.local.doubles import Doubles
from infra.local.environments import LIFETIME_SECONDS, Answer, Environments
from infra.local.failure import LocalError
from infra.local.gateway import BODY_LIMIT, Gateway
from infra.local.http import HttpServer, Request, Response
from infra.local.openid import OpenIdProvider
from infra.local.parameters import keep, sealing_keys
from infra.local.pollers import Poller
from infra.local.redelivery import report_again
from infra.local.resources import OPERATOR_ROLE, Resources, deploy
from infra.local.schedule import Planned, Scheduler
from infra.local.sign_in import PATH as SIGN_IN
from infra.local.sign_in import SignIn
from infra.local.streams import StreamPoller
from infra.local.template import Function, Template, load
from infra.local.textract import BODY_LIMIT as TEXTRACT_BODY_LIMIT
from infra.local.textract import Textract

STARTS_PER_SECOND = 50.0
"""Textract's quota is 5 a second; a laptop need not wait for it."""

_AT_ONCE = 2
_log = logging.getLogger(__name__)
_INVOKE = "/_local/invoke/"
_PROVISIONING = Function(
    name="Provisioning", handler="infra.local.provisioning.handler", timeout=60, memory=512
)


@dataclass(frozen=True)
class Workspace:
    """As ``sheaf.edge.provisioning`` makes it; the key is not shown again."""

    workspace_id: str
    api_key: str
    key_id: str


class LocalStack:
    """``port`` 0 takes a free one. ``notify`` hears a sentence when something was lost or cannot go on."""

    def __init__(
        self,
        state: Path,
        *,
        port: int = 0,
        template: Path = CHECKOUT / "template.yaml",
        starts_per_second: float = STARTS_PER_SECOND,
        notify: Callable[[str], object] = sys.stderr.write,
    ) -> None:
        self._state = state
        self._wanted_port = port
        self._template_path = template
        self._starts_per_second = starts_per_second
        self._notify = notify
        self._running = ExitStack()
        self._environments: dict[str, Environments] = {}
        self._lost_before_start: datetime | None = None
        self.environment: dict[str, str] = {}
        """What the functions see, with credentials that may do everything and the operators' tenant role."""
        self.token = secrets.token_urlsafe(32)
        """Whoever has it may invoke functions: ``POST /_local/invoke/<Function>``."""

    def __enter__(self) -> Self:
        with ExitStack() as starting:
            self._start(starting)
            self._running = starting.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """What is under way is finished, within reason, and everything is saved."""
        self._running.close()

    def invoke(self, function: str, event: Any) -> Answer:
        """``function`` is its logical id in the template."""
        return self._environments[function].invoke(event)

    def create_workspace(self, name: str) -> Workspace:
        return Workspace(**self._provision({"name": name}))

    def sign_in_url(self, workspace_id: str) -> str:
        """Signs in the workspace's owner, who is made at the first visit."""
        return self._sign_in.url(self.url, workspace_id)

    def _provision(self, event: dict[str, str]) -> Any:
        environments = Environments(
            _PROVISIONING, lambda: self.environment, limit=1, log=self.directory.logs / "Provisioning.log"
        )
        try:
            answer = environments.invoke(event)
        finally:
            environments.kill()
        if answer.error is not None:
            raise LocalError(
                f"A workspace could not be made ({answer.error['errorType']}): the state in "
                f"{self.directory.root} is incomplete.",
                "Start anew with make clean.",
            )
        return answer.payload

    @property
    def mail_url(self) -> str:
        return self.doubles.mail_url

    @property
    def openid(self) -> OpenIdProvider:
        return self.doubles.openid

    def describe(self) -> dict[str, Any]:
        """What ``local.json`` says about the running system, the workspace aside."""
        return {
            "url": self.url,
            "aws_endpoint_url": self.aws.endpoint,
            "textract_endpoint_url": self.textract_url,
            **self.doubles.describe(),
            "bucket": self.environment["SHEAF_BUCKET"],
            "records_table": self.environment["SHEAF_RECORDS_TABLE"],
            "directory_table": self.environment["SHEAF_DIRECTORY_TABLE"],
            "token": self.token,
            "environment": self.environment,
        }

    def warm(self) -> None:
        """Starts the functions behind the API, so that the first request finds them ready."""
        for name in sorted({route.function for route in self.template.routes}):
            if not self._leaving.is_set():
                self._environments[name].warm()

    def _start(self, running: ExitStack) -> None:
        self._leaving = threading.Event()
        self.directory: Directory = running.enter_context(opened(self._state))
        self.template: Template = load(self._template_path, REGION)
        server = HttpServer(self._answer, port=self._wanted_port, body_limit=BODY_LIMIT)
        running.callback(server.stop)
        self.url = server.url
        self.aws = EmbeddedAws(self.directory, on_loss=self._report_loss, on_failure=self._report_failure)
        running.callback(self.aws.stop)
        self.aws.start()
        self.doubles = Doubles(self.directory, partial(self._serve, running), running)
        resources = deploy(
            self.template,
            self.aws.endpoint,
            {"ConsoleOrigin": self.url, "DeletionProtection": "false"}
            | {
                name: value
                for name, value in self.doubles.parameters.items()
                if name in self.template.infrastructure.get("Parameters", {})
            },
        )
        self._start_textract(running)
        keep(self.aws.endpoint, self.doubles.secrets | {"sealing-keys": sealing_keys(self.aws.endpoint)})
        self._make_environments(running, resources)
        if self._lost_before_start is not None:
            report_again(self.environment["SHEAF_BUCKET"], self._lost_before_start, self.aws.endpoint)
        self._start_pollers(running, resources)
        self._start_schedules(running, resources)
        self._gateway = Gateway(self.template.routes, self.invoke, default=self.template.default)
        self._sign_in = SignIn(
            self.token,
            lambda workspace: str(self._provision({"sign_in": workspace})["token"]),
            self._gateway.answer,
        )
        server.start()
        self.doubles.tell(self.url, frozenset(route.path for route in self.template.routes))
        running.callback(self._leaving.set)

    def _start_textract(self, running: ExitStack) -> None:
        textract = Textract(self.directory, self.aws.endpoint, starts_per_second=self._starts_per_second)
        self.textract_url = self._serve(running, "textract", textract.answer, TEXTRACT_BODY_LIMIT)
        running.callback(textract.stop)
        textract.start()

    def _serve(
        self, running: ExitStack, name: str, answer: Callable[[Request], Response], body_limit: int
    ) -> str:
        """Where it answers from now on."""
        server = HttpServer(answer, port=self.directory.port(name), body_limit=body_limit)
        running.callback(server.stop)
        server.start()
        return server.url

    def _make_environments(self, running: ExitStack, resources: Resources) -> None:
        addresses = {
            "AWS_ENDPOINT_URL": self.aws.endpoint,
            "AWS_ENDPOINT_URL_TEXTRACT": self.textract_url,
        } | self.doubles.environment
        for name, function in self.template.functions.items():
            values = {variable: resources.value(value) for variable, value in function.environment.items()}
            self._environments[name] = Environments(
                function,
                partial(self._variables, function, values | addresses, resources),
                limit=_AT_ONCE,
                log=self.directory.logs / f"{name}.log",
            )
            running.callback(self._environments[name].kill)
            self.environment = values | addresses | CREDENTIALS | {"AWS_REGION": REGION}
        if OPERATOR_ROLE in self.template.outputs:
            role = resources.value(self.template.outputs[OPERATOR_ROLE])
            self.environment["SHEAF_TENANT_ROLE_ARN"] = role

    def _variables(self, function: Function, values: dict[str, str], resources: Resources) -> dict[str, str]:
        """With the credentials of the function's own role, as on AWS."""
        role = resources.value(function.role)
        return values | assumed(role, self.aws.endpoint, function.name, 2 * LIFETIME_SECONDS)

    def _start_pollers(self, running: ExitStack, resources: Resources) -> None:
        for source in self.template.sources:
            poller = Poller(
                source,
                resources.value(source.queue),
                self.aws.endpoint,
                self._environments[source.function].invoke,
                concurrency=min(int(resources.value(source.concurrency)), _AT_ONCE),
            )
            running.callback(poller.stop)
            poller.start()
        for stream in self.template.streams:
            follower = StreamPoller(
                stream,
                resources.value(stream.stream),
                self.aws.endpoint,
                self._environments[stream.function].invoke,
            )
            running.callback(follower.stop)
            follower.start()

    def _start_schedules(self, running: ExitStack, resources: Resources) -> None:
        plans = [
            Planned(
                name=schedule.name,
                expression=resources.value(schedule.expression),
                timezone=schedule.timezone,
                input=schedule.input,
                invoke=self._environments[schedule.function].invoke,
            )
            for schedule in self.template.schedules
        ]
        scheduler = Scheduler(plans, self.directory)
        running.callback(scheduler.stop)
        scheduler.start()

    def _answer(self, request: Request) -> Response:
        if (request.method, request.path) == ("GET", SIGN_IN):
            return self._sign_in.begin(request)
        if not request.path.startswith(_INVOKE):
            return self._gateway.answer(request)
        if not hmac.compare_digest(request.header("x-local-token").encode(), self.token.encode()):
            return Response(403, b'{"message":"Forbidden"}')
        environments = self._environments.get(request.path.removeprefix(_INVOKE))
        if environments is None:
            return Response(404, b'{"message":"Not Found"}')
        answer = environments.invoke(json.loads(request.body or b"{}"))
        return Response(200 if answer.error is None else 502, json.dumps(asdict(answer)).encode())

    def _report_loss(self, since: datetime) -> None:
        self._notify(
            f"The embedded AWS was killed before it saved: changes after {since:%H:%M:%S} UTC may be lost.\n"
        )
        if not self._environments:
            self._lost_before_start = since
            return
        for environments in self._environments.values():
            environments.retire()
        try:
            report_again(self.environment["SHEAF_BUCKET"], since, self.aws.endpoint)
        except (BotoCoreError, ClientError) as error:
            _log.warning("files put since %s were not reported again: %s", since, error)

    def _report_failure(self, error: Exception) -> None:
        self._notify(f"{error}\n")
