"""Where the client looks for the address and the key."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sheaf_client.environment import connection_details
from sheaf_client.errors import NotConnected

LOCAL = "http://127.0.0.1:8000"


@pytest.fixture
def state(tmp_path: Path) -> Path:
    path = tmp_path / "local.json"
    path.write_text(json.dumps({"url": LOCAL, "api_key": "local-key"}))
    return path


def test_the_local_system_is_found(state: Path) -> None:
    assert connection_details(None, None, state=state, environment={}) == (LOCAL, "local-key")


def test_the_environment_comes_first_and_arguments_before_it(state: Path) -> None:
    environment = {"SHEAF_URL": "https://a.test", "SHEAF_API_KEY": "a"}
    assert connection_details(None, None, state=state, environment=environment) == ("https://a.test", "a")
    assert connection_details("https://b.test", "b", state=state, environment=environment) == (
        "https://b.test",
        "b",
    )


def test_the_local_key_is_given_to_nobody_else(state: Path) -> None:
    with pytest.raises(NotConnected, match=r"needed for https://a\.test: set SHEAF_API_KEY"):
        connection_details("https://a.test", None, state=state, environment={})
    assert connection_details(f"{LOCAL}/", None, state=state, environment={}) == (f"{LOCAL}/", "local-key")


def test_nowhere_to_be_found(tmp_path: Path) -> None:
    with pytest.raises(
        NotConnected, match="Set SHEAF_URL and SHEAF_API_KEY, or start it here with `make run`"
    ):
        connection_details(None, None, state=tmp_path / "none.json", environment={})


def test_a_damaged_description(tmp_path: Path) -> None:
    path = tmp_path / "local.json"
    path.write_text("{")
    with pytest.raises(NotConnected, match="damaged"):
        connection_details(None, None, state=path, environment={})
