"""One botocore session for every client of the process.

A session costs more than a client (its loaders, its endpoint rules): with a shared one, each further
client is almost free. Endpoints come from the environment (``AWS_ENDPOINT_URL``), never from code.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
from botocore.loaders import Loader


class LeanLoader(Loader):
    """botocore's data, without two costs of a first client: reading 1.2 MB of endpoints (where a service
    is, its own rules say; the old list is asked for little that the partitions do not tell), and looking
    into the folders of all 400 services to see that one is there.
    """

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - as botocore calls it
        folders = [folder for path in self.search_paths if (folder := Path(path)).is_dir()]
        return [entry.name for folder in folders for entry in folder.iterdir()]

    def load_data_with_path(self, name: str) -> tuple[Any, str]:
        if name != "endpoints":
            return super().load_data_with_path(name)
        known, path = super().load_data_with_path("partitions")
        return {"partitions": [_partition(partition) for partition in known["partitions"]]}, path


@cache
def shared_session() -> botocore.session.Session:
    session = botocore.session.get_session()
    session.register_component("data_loader", LeanLoader())
    return session


@cache
def client(service: str, region: str) -> Any:
    """Four tries in all, with exponential back-off and jitter (botocore's standard mode).

    S3 of us-east-1 is asked at its regional endpoint, as the other regions' is.
    """
    from botocore.config import Config

    config = Config(
        retries={"mode": "standard", "total_max_attempts": 4}, s3={"us_east_1_regional_endpoint": "regional"}
    )
    return shared_session().create_client(service, region_name=region, config=config)


def _partition(known: dict[str, Any]) -> dict[str, Any]:
    """In the form of ``endpoints.json``, where no service is out of the ordinary."""
    return {
        "partition": known["id"],
        "dnsSuffix": known["outputs"]["dnsSuffix"],
        "regionRegex": known["regionRegex"],
        "regions": known["regions"],
        "defaults": {
            "hostname": "{service}.{region}.{dnsSuffix}",
            "protocols": ["https"],
            "signatureVersions": ["v4"],
        },
        "services": {},
    }
