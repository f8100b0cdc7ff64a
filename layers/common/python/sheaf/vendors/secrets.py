"""Secrets by reference: the environment names them, the parameter store has them, encrypted (SecureString).

They are asked for once in an execution environment, at its first event. A function that lacks one refuses to
work, and says which. https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-securestring.html
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from sheaf import aws
from sheaf.settings import Settings, SettingsError


def with_secrets(chosen: Settings) -> Settings:
    """Raises SettingsError with the names of the parameters that are missing or make no sense."""
    if not chosen.secrets:
        return chosen
    by_parameter = {parameter_of(name, chosen.secrets_path): name for name in chosen.secrets}
    ssm: Any = aws.client("ssm", chosen.region)
    answer = ssm.get_parameters(Names=sorted(by_parameter), WithDecryption=True)
    if answer["InvalidParameters"]:
        missing = ", ".join(sorted(answer["InvalidParameters"]))
        raise SettingsError(f"Missing in the parameter store: {missing}")
    found = {by_parameter[each["Name"]]: each["Value"] for each in answer["Parameters"]}
    known = {name: getattr(chosen, name) for name in chosen.model_fields_set}
    try:
        return Settings.model_validate(known | found)
    except ValidationError as error:
        named = {str(problem["loc"][0]) for problem in error.errors()}
        wrong = ", ".join(sorted(parameter_of(name, chosen.secrets_path) for name in named))
        # Not chained: pydantic's error quotes the values.
        raise SettingsError(f"Wrong in the parameter store: {wrong}") from None


def parameter_of(name: str, path: str) -> str:
    return f"{path}{name.replace('_', '-')}"
