"""Where Sheaf is and who is calling: said, in the environment, or the local system's own."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from sheaf_client.errors import NotConnected

URL = "SHEAF_URL"
KEY = "SHEAF_API_KEY"
LOCAL = Path(".sheaf/local.json")


def connection_details(
    url: str | None,
    api_key: str | None,
    *,
    state: Path = LOCAL,
    environment: Mapping[str, str] = os.environ,
) -> tuple[str, str]:
    """The address and the key. The local system's key is given to nobody else. Raises NotConnected."""
    local = _local(state)
    url = url or environment.get(URL) or local.get("url")
    if url is None:
        raise NotConnected(
            f"Where is Sheaf? Set {URL} and {KEY}, or start it here with `make run`: there is no {state}."
        )
    own = local.get("api_key") if local.get("url") == url.rstrip("/") else None
    api_key = api_key or environment.get(KEY) or own
    if api_key is None:
        raise NotConnected(f"An API key is needed for {url}: set {KEY}.")
    return url, api_key


def _local(state: Path) -> dict[str, str]:
    try:
        said = json.loads(state.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise NotConnected(f"{state} is damaged. `make run` writes it again.") from error
    return {name: said[name] for name in ("url", "api_key") if isinstance(said.get(name), str)}
