"""What an administrator puts into the parameter store of an account, for the embedded AWS."""

from __future__ import annotations

import json
from base64 import b64encode
from secrets import token_bytes
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from infra.local.aws import session

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

PATH = "/sheaf/"
"""Where the template says they are, under the name a stack has when none is chosen."""


def keep(endpoint: str, secrets: dict[str, str]) -> None:
    ssm = _client(endpoint)
    for name, value in secrets.items():
        ssm.put_parameter(Name=PATH + name, Value=value, Type="SecureString", Overwrite=True)


def sealing_keys(endpoint: str) -> str:
    """Made at the first start: what they sealed must open at the next."""
    try:
        kept = _client(endpoint).get_parameter(Name=f"{PATH}sealing-keys", WithDecryption=True)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ParameterNotFound":
            raise
        return json.dumps({"k001": b64encode(token_bytes(32)).decode()})
    return kept["Parameter"]["Value"]


def _client(endpoint: str) -> SSMClient:
    client: SSMClient = session().client("ssm", endpoint_url=endpoint)
    return client
