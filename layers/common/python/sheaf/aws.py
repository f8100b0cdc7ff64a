"""One botocore session for every client of the process.

A session costs more than a client (its loaders, its endpoint rules): with a shared one, each further
client is almost free. Endpoints come from the environment (``AWS_ENDPOINT_URL``), never from code.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import botocore.session


@cache
def shared_session() -> botocore.session.Session:
    return botocore.session.get_session()


@cache
def client(service: str, region: str) -> Any:
    """Four tries in all, with exponential back-off and jitter (botocore's standard mode)."""
    from botocore.config import Config

    config = Config(retries={"mode": "standard", "total_max_attempts": 4})
    return shared_session().create_client(service, region_name=region, config=config)
