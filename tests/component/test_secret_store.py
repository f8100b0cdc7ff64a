"""Secrets by reference: loaded once, refused by name when missing, renewed without a moment's loss."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import pytest
from typer.testing import CliRunner

from sheaf import aws
from sheaf.access.connection_tokens import TokenRing
from sheaf.access.sealing import KeyRing, Place, Unsealable
from sheaf.settings import Settings, SettingsError
from sheaf.vendors.secrets import with_secrets
from sheaf_cli import secrets
from tests.builders.world import SETTINGS, World

NAMED = ("resend_api_key", "sealing_keys")
KEY = b64encode(bytes(32)).decode()
PLACE = Place("usr_1", "totp", "usr_1")


@pytest.fixture
def ssm(world: World, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("AWS_DEFAULT_REGION", SETTINGS.region)
    monkeypatch.setenv("SHEAF_SECRETS_PATH", "/sheaf/")
    monkeypatch.setattr(secrets, "connect", lambda stack, state: {})
    return aws.client("ssm", SETTINGS.region)


def put(ssm: Any, name: str, value: str) -> None:
    ssm.put_parameter(Name=f"/sheaf/{name}", Value=value, Type="SecureString", Overwrite=True)


def chosen(*names: str) -> Settings:
    return Settings.model_validate({**SETTINGS.model_dump(exclude_unset=True), "secrets": names or NAMED})


def ring() -> KeyRing:
    return KeyRing(with_secrets(chosen()).sealing_keys)


def run(*arguments: str, stdin: str = "") -> Any:
    return CliRunner().invoke(secrets.app, list(arguments), input=stdin)


def test_what_is_named_is_loaded_at_once_and_the_rest_stays(ssm: Any, world: World) -> None:
    put(ssm, "resend-api-key", "re_123")
    put(ssm, "sealing-keys", json.dumps({"k001": KEY}))
    with world.network.recording() as calls:
        found = with_secrets(chosen())
        assert [str(call) for call in calls] == ["ssm.GetParameters"]
    assert (found.resend_api_key, found.sealing_keys) == ("re_123", {"k001": bytes(32)})
    assert found.records_table == SETTINGS.records_table


def test_a_function_without_secrets_asks_nobody(world: World) -> None:
    with world.network.recording() as calls:
        assert with_secrets(SETTINGS) is SETTINGS
        assert calls == []


def test_what_is_missing_is_named(ssm: Any) -> None:
    put(ssm, "resend-api-key", "re_123")
    with pytest.raises(SettingsError, match=r"parameter store: /sheaf/sealing-keys$"):
        with_secrets(chosen())


@pytest.mark.parametrize("value", ["geheim", '{"k001": "geheim"', '{"k001": "ge!heim"}', '["geheim"]'])
def test_what_makes_no_sense_is_named_and_not_shown(ssm: Any, value: str) -> None:
    put(ssm, "resend-api-key", "re_123")
    put(ssm, "sealing-keys", value)
    with pytest.raises(SettingsError) as refusal:
        with_secrets(chosen())
    assert str(refusal.value) == "Wrong in the parameter store: /sheaf/sealing-keys"
    assert refusal.value.__cause__ is None


def test_a_secret_comes_from_standard_input_and_is_never_shown(ssm: Any) -> None:
    assert run("check").exit_code == 1
    told = {f"{vendor}-webhook-secrets": "[]" for vendor in ("stripe", "resend", "paddle")}
    keys = {
        "resend-api-key": "re_123\n",
        "openid-clients": "{}",
        "sealing-keys": "{}",
        "seller-api-key": "none",
    }
    for name, value in {**keys, **told}.items():
        result = run("set", name, stdin=value)
        assert result.exit_code == 0
        assert "re_123" not in result.output
    shown = run("check")
    assert shown.exit_code == 0
    assert "re_123" not in shown.output
    assert with_secrets(chosen()).resend_api_key == "re_123"


@pytest.mark.parametrize(
    ("name", "stdin"), [("other", "x"), ("resend-api-key", ""), ("resend-api-key", " \n")]
)
def test_nothing_and_nobodys_secret_are_refused(ssm: Any, name: str, stdin: str) -> None:
    assert run("set", name, stdin=stdin).exit_code == 1


def test_a_master_key_is_renewed_without_a_moment_at_which_something_cannot_be_opened(ssm: Any) -> None:
    put(ssm, "resend-api-key", "re_123")
    assert "k001 seals" in run("rotate").output
    old = ring()
    sealed = old.seal(b"before", PLACE)

    assert "k002 opens" in run("rotate").output
    between = ring()
    assert between.open(sealed, PLACE) == b"before"
    assert old.open(between.seal(b"meanwhile", PLACE), PLACE) == b"meanwhile", "old functions go on reading"

    assert run("rotate", "--use", "k002").exit_code == 0
    new = ring()
    assert new.open(sealed, PLACE) == b"before"
    assert between.open(new.seal(b"after", PLACE), PLACE) == b"after"
    assert run("rotate", "--use", "k009").exit_code == 1


def test_the_keys_of_tokens_are_renewed_the_same_way_and_old_tokens_can_be_sealed_anew(ssm: Any) -> None:
    owner = {"workspace_id": "wrk_1", "provider": "xero"}

    def tokens() -> TokenRing:
        return TokenRing(with_secrets(chosen("token_keys")).token_keys)

    with pytest.raises(SettingsError, match=r"parameter store: /sheaf/token-keys$"):
        tokens()
    assert "k001 seals" in run("rotate", "token-keys").output
    old = tokens()
    sealed = old.seal(b"before", **owner)
    assert "sheaf secrets rotate token-keys --use k002" in run("rotate", "token-keys").output
    between = tokens()
    assert old.open(between.seal(b"meanwhile", **owner), **owner) == b"meanwhile", (
        "old functions go on reading"
    )
    assert run("rotate", "token-keys", "--use", "k002").exit_code == 0
    new = tokens()
    assert new.open(sealed, **owner) == b"before"
    assert between.open(new.rotate(sealed), **owner) == b"before"
    with pytest.raises(Unsealable):
        old.open(new.rotate(sealed), **owner)
    with pytest.raises(SettingsError, match="sealing-keys"):
        ring()


def test_what_has_no_keys_is_not_renewed(ssm: Any) -> None:
    put(ssm, "resend-api-key", "re_123")
    assert run("rotate", "resend-api-key").exit_code == 1
    assert with_secrets(chosen("resend_api_key")).resend_api_key == "re_123"
