"""Whether IAM allows a request: the part of its rules that this system's policies rest on.

Evaluation  https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
Operators   https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
Sets        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
Variables   https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html

What a policy says and this does not know (an element, an operator, a condition key) is a ``PolicyError``, never
a guess: a key that nobody supplies would look absent, and absence satisfies half of the operators.
"""  # noqa: E501 - addresses

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Json = Any
"""A policy, or a part of one."""

KNOWN_KEYS = frozenset(
    {
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:securetransport",
        "aws:tagkeys",
        "dynamodb:enclosingoperation",
        "dynamodb:leadingkeys",
        "iam:passedtoservice",
        "kms:encryptioncontext:aws:logs:arn",
        "kms:viaservice",
        "s3:prefix",
    }
)
"""Condition keys that the embedded AWS supplies where AWS does; of these, ``kms:ViaService`` never."""

_KNOWN_TAGS = ("aws:principaltag/", "aws:requesttag/")
_ELEMENTS = {"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_ESCAPED = re.compile(r"\$\{([*?$])\}")
_WILD = {"*": ".*", "?": "."}
_VERSION = "2012-10-17"
_ARN_PARTS = 6


class PolicyError(Exception):
    """The policy says something that is not known here."""


class Decision(StrEnum):
    ALLOWED = "allowed"
    DENIED = "denied"
    """By a statement that says Deny."""
    NOT_ALLOWED = "not allowed"


@dataclass(frozen=True)
class Request:
    """``context`` gives a key's values; the key in lower case, none if the request has no such key."""

    action: str
    resource: str
    context: Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Statement:
    """``actions`` and ``resources`` are patterns; a trust policy's statement has no resources."""

    effect: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    condition: Mapping[str, Mapping[str, Json]]

    @classmethod
    def parse(cls, raw: Mapping[str, Json]) -> Statement:
        unknown = set(raw) - _ELEMENTS
        if unknown or raw.get("Effect") not in {"Allow", "Deny"} or not raw.get("Action"):
            raise PolicyError(f"not understood: {sorted(unknown) or raw}")
        condition = raw.get("Condition", {})
        for operator, keys in condition.items():
            _operator(operator)
            for key in keys:
                _known(key)
        return cls(raw["Effect"], _strings(raw["Action"]), _strings(raw.get("Resource", ())), condition)

    def covers(self, request: Request) -> bool:
        return (
            any(_like(request.action, pattern, ignore_case=True) for pattern in self.actions)
            and (not self.resources or any(_resource_matches(request, one) for one in self.resources))
            and all(
                _holds(operator, key, _strings(wanted), request)
                for operator, keys in self.condition.items()
                for key, wanted in keys.items()
            )
        )


def statements(policy: Mapping[str, Json]) -> list[Statement]:
    """Variables are variables only in policies of this version; without it they are plain text."""
    if policy.get("Version") != _VERSION:
        raise PolicyError(f"Version is not {_VERSION}")
    found = policy["Statement"]
    return [Statement.parse(raw) for raw in (found if isinstance(found, list) else [found])]


def decide(request: Request, identity: Iterable[Statement], *limits: Iterable[Statement]) -> Decision:
    """A Deny anywhere wins; an Allow of the identity counts where every limit (a session's policy, a
    boundary) allows as well.
    """
    layers = [[one for one in layer if one.covers(request)] for layer in (identity, *limits)]
    if any(one.effect == "Deny" for layer in layers for one in layer):
        return Decision.DENIED
    return Decision.ALLOWED if all(layers) else Decision.NOT_ALLOWED


# --- conditions -------------------------------------------------------------------------------------------


def _equal(actual: str, wanted: str) -> bool:
    return actual == _ESCAPED.sub(r"\1", wanted)


def _equal_ignoring_case(actual: str, wanted: str) -> bool:
    return _equal(actual.casefold(), wanted.casefold())


def _like(actual: str, pattern: str, *, ignore_case: bool = False) -> bool:
    """``*`` is any number of characters, ``?`` one; what a variable gave is neither."""
    parts = re.split(r"(\$\{[*?$]\}|[*?])", pattern)
    regex = "".join(_WILD.get(part) or re.escape(_ESCAPED.sub(r"\1", part)) for part in parts)
    return re.fullmatch(regex, actual, re.DOTALL | (re.IGNORECASE if ignore_case else 0)) is not None


def _arn_like(actual: str, pattern: str) -> bool:
    """Each of the six components is compared by itself."""
    pair = actual.split(":", _ARN_PARTS - 1), pattern.split(":", _ARN_PARTS - 1)
    return len(pair[0]) == len(pair[1]) == _ARN_PARTS and all(map(_like, *pair))


_COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": _equal,
    "StringEqualsIgnoreCase": _equal_ignoring_case,
    "StringLike": _like,
    "Bool": _equal_ignoring_case,
    "ArnEquals": _arn_like,
    "ArnLike": _arn_like,
}
_NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
}


@dataclass(frozen=True)
class _Operator:
    """``over`` is ForAllValues, ForAnyValue or nothing."""

    compare: Callable[[str, str], bool] | None
    over: str
    negated: bool
    if_exists: bool


def _operator(name: str) -> _Operator:
    over, _, base = name.rpartition(":")
    base, if_exists = base.removesuffix("IfExists"), base.endswith("IfExists")
    if name == "Null":
        return _Operator(None, "", negated=False, if_exists=False)
    compare = _COMPARISONS.get(_NEGATED.get(base, base))
    if compare is None or over not in {"", "ForAllValues", "ForAnyValue"}:
        raise PolicyError(f"operator not known: {name}")
    return _Operator(compare, over, base in _NEGATED, if_exists)


def _holds(name: str, key: str, wanted: Sequence[str], request: Request) -> bool:
    operator, actual = _operator(name), request.context(_known(key))
    if operator.compare is None:
        return all(_equal_ignoring_case(one, "false" if actual else "true") for one in wanted)
    if not actual:
        absent_will_do = operator.negated and operator.over != "ForAnyValue"
        return operator.if_exists or operator.over == "ForAllValues" or absent_will_do
    if not operator.over and len(actual) > 1:
        raise PolicyError(f"{key} has several values: {name} needs ForAllValues or ForAnyValue")
    patterns = [_resolved(one, request) for one in wanted]
    if operator.negated and None in patterns:
        raise PolicyError(f"{name}: a variable has no value")
    compare = operator.compare

    def matches(value: str) -> bool:
        return any(compare(value, pattern) for pattern in patterns if pattern is not None) != operator.negated

    return all(map(matches, actual)) if operator.over == "ForAllValues" else any(map(matches, actual))


def _resource_matches(request: Request, pattern: str) -> bool:
    resolved = _resolved(pattern, request)
    return resolved is not None and _like(request.resource, resolved)


def _resolved(text: str, request: Request) -> str | None:
    """With the values of its variables; None if one has no value: then nothing matches."""
    missing = False

    def value(found: re.Match[str]) -> str:
        nonlocal missing
        if _ESCAPED.fullmatch(found[0]):
            return found[0]
        name, _, default = (part.strip() for part in found[1].partition(","))
        values = request.context(_known(name)) or ((default.strip("'"),) if default else ())
        missing = missing or len(values) != 1
        return re.sub(r"[*?$]", r"${\g<0>}", values[0]) if values else ""

    resolved = _VARIABLE.sub(value, text)
    return None if missing else resolved


def _known(key: str) -> str:
    lowered = key.lower()
    if lowered not in KNOWN_KEYS and not lowered.startswith(_KNOWN_TAGS):
        raise PolicyError(f"condition key not known: {key}")
    return lowered


def _strings(values: Json) -> tuple[str, ...]:
    found = (values,) if isinstance(values, str) else values
    if not isinstance(found, list | tuple) or not all(isinstance(value, str) for value in found):
        raise PolicyError(f"neither a text nor a list of texts: {values}")
    return tuple(found)
