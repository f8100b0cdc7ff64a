"""The environment, read once into one typed model. Nothing else reads ``os.environ``."""

from __future__ import annotations

import os
from functools import cache

from pydantic import BaseModel, ConfigDict, ValidationError


class SettingsError(Exception):
    """A function that lacks a setting refuses to start; the message names what is missing or wrong."""


class Settings(BaseModel):
    """``SHEAF_RECORDS_TABLE`` gives ``records_table``, and so on; ``template.yaml`` sets them all."""

    model_config = ConfigDict(frozen=True)

    records_table: str
    directory_table: str
    bucket: str
    region: str = "us-east-1"
    completions_topic_arn: str = ""
    textract_role_arn: str = ""
    watch_queue_url: str = ""
    watch_seconds: int = 900
    max_file_bytes: int = 50 * 1024 * 1024
    max_pages: int = 500
    upload_seconds: int = 900
    endpoint_url: str | None = None
    textract_endpoint_url: str | None = None


@cache
def settings() -> Settings:
    found = {
        name: value for name in Settings.model_fields if (value := os.environ.get(f"SHEAF_{name.upper()}"))
    }
    standard = {
        "region": os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION"),
        "endpoint_url": os.environ.get("AWS_ENDPOINT_URL"),
        "textract_endpoint_url": os.environ.get("AWS_ENDPOINT_URL_TEXTRACT"),
    }
    found.update({name: value for name, value in standard.items() if value})
    try:
        return Settings.model_validate(found)
    except ValidationError as error:
        wrong = ", ".join(f"SHEAF_{str(problem['loc'][0]).upper()}" for problem in error.errors())
        raise SettingsError(f"Missing or wrong in the environment: {wrong}") from error
