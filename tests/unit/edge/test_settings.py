"""The environment: a function that lacks a setting says which."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sheaf.kernel.confined import Bounds
from sheaf.settings import SettingsError, settings

NEEDED = {
    "SHEAF_RECORDS_TABLE": "records",
    "SHEAF_DIRECTORY_TABLE": "directory",
    "SHEAF_BUCKET": "files",
    "SHEAF_TENANT_ROLE_ARN": "arn:aws:iam::123456789012:role/tenant",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_TEXTRACT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in NEEDED.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.parametrize("name", NEEDED)
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str | None) -> None:
    if value is None:
        monkeypatch.delenv(name)
    else:
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f": {name}$"):
        settings()


def test_all_that_is_wrong_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHEAF_BUCKET")
    monkeypatch.setenv("SHEAF_MAX_PAGES", "many")
    with pytest.raises(SettingsError, match="SHEAF_BUCKET, SHEAF_MAX_PAGES"):
        settings()


def test_what_is_not_set_has_its_default() -> None:
    found = settings()
    assert (found.max_file_bytes, found.max_pages, found.upload_seconds) == (52_428_800, 500, 900)
    assert (found.region, found.endpoint_url) == ("us-east-1", None)


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHEAF_MAX_PAGES", "7")
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    found = settings()
    assert (found.max_pages, found.region, found.endpoint_url) == (7, "eu-central-1", "http://127.0.0.1:4566")


def test_a_parser_may_take_a_part_of_the_function_s_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1000")
    monkeypatch.setenv("SHEAF_PARSER_SECONDS", "7")
    assert settings().bounds == Bounds(seconds=28, cpu_seconds=7, memory=600 * 1024 * 1024)
