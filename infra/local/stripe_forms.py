"""Parameters as Stripe's SDKs send them: ``items[0][price]=p`` is ``{"items": [{"price": "p"}]}``."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

_PART = re.compile(r"\[([^\]]*)\]")

Parameters = dict[str, Any]


class StripeError(Exception):
    """https://docs.stripe.com/api/errors"""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        told = {"type": kind, "message": message, "code": code, "param": param}
        self.body = {"error": {name: value for name, value in told.items() if value is not None}}


def parsed(text: str) -> Parameters:
    content: Parameters = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        head, _, rest = name.partition("[")
        path = [head, *_PART.findall(f"[{rest}")] if rest else [head]
        _place(content, path, value)
    return {name: _listed(value) for name, value in content.items()}


def _place(content: Parameters, path: list[str], value: str) -> None:
    *outer, last = path
    for part in outer:
        content = content.setdefault(part, {})
    content[last or str(len(content))] = value


def _listed(value: Any) -> Any:
    """What is numbered from nought is a list."""
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(part) for name, part in value.items()}
    return list(inner.values()) if list(inner) == [str(place) for place in range(len(inner))] else inner


def known(parameters: Parameters, names: frozenset[str]) -> Parameters:
    unknown = next((name for name in parameters if name not in names), None)
    if unknown is not None:
        raise StripeError(f"Received unknown parameter: {unknown}", code="parameter_unknown", param=unknown)
    return parameters


def required(parameters: Parameters, name: str) -> Any:
    if parameters.get(name) in (None, ""):
        raise StripeError(f"Missing required param: {name}.", code="parameter_missing", param=name)
    return parameters[name]


def integer(value: Any, param: str) -> int:
    try:
        return int(value)
    except (TypeError, ValueError) as error:
        raise StripeError(
            f"Invalid integer: {value}", code="parameter_invalid_integer", param=param
        ) from error


def mapping(parameters: Parameters, name: str) -> Parameters:
    value = parameters.get(name) or {}
    if not isinstance(value, dict):
        raise StripeError(f"Invalid object: {name}", param=name)
    return value
