"""The environment, read once into one typed model. Nothing else reads ``os.environ``."""

from __future__ import annotations

import json
import os
from functools import cache
from typing import Annotated, Literal

from pydantic import Base64Bytes, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from sheaf.kernel.confined import Bounds

_MIB = 1 << 20


class SettingsError(Exception):
    """A function that lacks a setting refuses to start; the message names what is missing or wrong."""


class OpenIdClient(BaseModel):
    """What a provider knows us by. Apple has no ``secret``: ours is signed with ``private_key`` (PEM), which
    ``team_id`` and ``key_id`` name. ``base`` is where a double of the provider is.
    """

    model_config = ConfigDict(frozen=True)

    client_id: str
    secret: str = ""
    team_id: str = ""
    key_id: str = ""
    private_key: str = ""
    base: str = ""


def _parsed(value: object) -> object:
    """What is more than a word is JSON in the environment."""
    return json.loads(value) if isinstance(value, str) else value


def _listed(value: object) -> object:
    """Names between commas."""
    return tuple(filter(None, value.split(","))) if isinstance(value, str) else value


class Settings(BaseModel):
    """``SHEAF_RECORDS_TABLE`` gives ``records_table``, and so on; ``template.yaml`` sets them all."""

    model_config = ConfigDict(frozen=True)

    records_table: str
    directory_table: str
    bucket: str
    tenant_role_arn: str
    """What the function becomes to touch what a workspace owns; its own role may not."""

    origin: str = "https://sheaf.invalid"
    """Where people reach us (scheme, host, port): the only origin whose pages may use a session."""

    edge_digests: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    """SHA-256, in hex, of the secrets by which requests from our CloudFront distribution are known."""

    secrets: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    """The settings that are not in the environment but in the parameter store, under ``secrets_path``."""

    secrets_path: str = "/sheaf/"
    anchors_bucket: str = ""
    mail_from: str = "Sheaf <sheaf@sheaf.invalid>"
    resend_url: str = ""
    resend_api_key: str = ""
    sealing_keys: Annotated[dict[str, Base64Bytes], BeforeValidator(_parsed)] = {}
    """Master keys, 32 bytes in base 64, by their ids of four characters: the last one seals."""

    token_keys: Annotated[dict[str, Base64Bytes], BeforeValidator(_parsed)] = {}
    """Keys of the tokens that open accounts at other vendors, written like ``sealing_keys``."""

    openid_clients: Annotated[dict[str, OpenIdClient], BeforeValidator(_parsed)] = {}
    """By provider; only those that are here are offered."""

    stripe_webhook_secrets: Annotated[tuple[str, ...], BeforeValidator(_parsed)] = ()
    """What events of our account are signed with, as JSON: ``["whsec_…"]``, two while one is exchanged."""

    resend_webhook_secrets: Annotated[tuple[str, ...], BeforeValidator(_parsed)] = ()
    paddle_webhook_secrets: Annotated[tuple[str, ...], BeforeValidator(_parsed)] = ()
    paddle_tolerance_seconds: int = 5
    """How far Paddle's clock may be from ours."""

    plans_sold_by: Literal["", "stripe", "paddle"] = ""
    """Where workspaces buy their plans. Empty: nowhere, and no workspace has limits."""

    plan_prices: Annotated[dict[str, tuple[str, ...]], BeforeValidator(_parsed)] = {}
    """The provider's prices of each plan, as JSON: the monthly one, and that of its meter, if it has one."""

    plan_meter: str = "documents"
    """The name of Stripe's meter events for documents beyond a plan."""

    seller_api_key: str = ""
    """Our own, at whoever sells the plans."""

    stripe_url: str = ""
    paddle_url: str = ""
    """Where doubles of them are; empty for themselves."""

    region: str = "us-east-1"
    completions_topic_arn: str = ""
    textract_role_arn: str = ""
    uploads_queue_url: str = ""
    pages_queue_url: str = ""
    watch_queue_url: str = ""
    watch_seconds: int = 900
    exports_queue_url: str = ""
    webhooks_queue_url: str = ""
    refunds_queue_url: str = ""
    issued_queue_url: str = ""
    max_file_bytes: int = 50 * 1024 * 1024
    max_pages: int = 500
    upload_seconds: Annotated[int, Field(le=2400)] = 900
    """A link dies with the session that signed it: an hour after it began, at the latest."""

    parser_seconds: int = 20
    function_memory: int = 1769
    """MiB, as the template says of each function."""

    endpoint_url: str | None = None
    textract_endpoint_url: str | None = None

    @property
    def bounds(self) -> Bounds:
        """What parsing one stranger's file may take of this function: the rest is for what waits for it."""
        return Bounds(
            seconds=4 * self.parser_seconds,
            cpu_seconds=self.parser_seconds,
            memory=self.function_memory * _MIB * 3 // 5,
        )


class Site(BaseModel):
    """What anybody may know, and all that the public pages need. ``security_contact`` is an address as
    RFC 9116's ``Contact`` wants it.
    """

    model_config = ConfigDict(frozen=True)

    origin: str = "https://sheaf.invalid"
    security_contact: str = "mailto:security@sheaf.invalid"
    edge_digests: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()


def site() -> Site:
    return Site.model_validate(_environment(Site))


def _environment(model: type[BaseModel]) -> dict[str, str]:
    return {name: value for name in model.model_fields if (value := os.environ.get(f"SHEAF_{name.upper()}"))}


@cache
def settings() -> Settings:
    found = _environment(Settings)
    standard = {
        "region": os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION"),
        "function_memory": os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"),
        "endpoint_url": os.environ.get("AWS_ENDPOINT_URL"),
        "textract_endpoint_url": os.environ.get("AWS_ENDPOINT_URL_TEXTRACT"),
    }
    found.update({name: value for name, value in standard.items() if value})
    try:
        return Settings.model_validate(found)
    except ValidationError as error:
        wrong = ", ".join(f"SHEAF_{str(problem['loc'][0]).upper()}" for problem in error.errors())
        raise SettingsError(f"Missing or wrong in the environment: {wrong}") from error
