"""The embedded AWS asks our evaluation of policies where ministack 1.5.33 would ask its own.

ministack authenticates, finds the role, its policies, its session's tags, the action and the resource. It
knows no policy variables and no ``dynamodb:LeadingKeys``, takes an operator it does not know for one that
does not hold, and wants an identity policy even where a role's trust names its caller. That is decided here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from infra.local.iam import PolicyError, Request, Statement
from infra.local.leading_keys import Touch, touches


class TouchedTable(str):
    """The ARN of a table or an index, with the condition keys that say what of it an action touches: a
    transaction is many actions in one request.
    """

    __slots__ = ("context",)
    context: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, touch: Touch, region: str, account: str) -> TouchedTable:
        index = f"/index/{touch.index}" if touch.index else ""
        made = cls(f"arn:aws:dynamodb:{region}:{account}:table/{touch.table}{index}")
        made.context = {
            "dynamodb:leadingkeys": touch.keys,
            "dynamodb:enclosingoperation": (touch.enclosing,) if touch.enclosing else (),
        }
        return made


class Parameters(str):
    """The ARN of the first of several parameters that are asked for at once; each must be allowed."""

    __slots__ = ("every",)
    every: tuple[str, ...]

    @classmethod
    def of(cls, names: Sequence[str], region: str, account: str) -> Parameters:
        every = tuple(f"arn:aws:ssm:{region}:{account}:parameter/{name.lstrip('/')}" for name in names)
        made = cls(every[0])
        made.every = every
        return made


def install() -> None:
    from ministack.core import iam_actions, iam_evaluator
    from ministack.services import sts

    iam_evaluator._first_match = _first_match  # noqa: SLF001
    iam_evaluator._conditions_met = _conditions_met  # noqa: SLF001
    iam_evaluator._RESOURCE_POLICY_LOOKUPS["sts"] = ("sts", "trust_of_role")  # noqa: SLF001
    sts.trust_of_role = _trust_of_role
    iam_actions.extract_resource_arn = _knowing_several(iam_actions.extract_resource_arn)
    iam_actions.dynamodb_resource_arns = _batched_tables
    iam_actions.dynamodb_transaction_checks = _transaction_checks


def may_list(authorization: str, bucket: str) -> bool:
    """Whether whoever signed may list all of the bucket. The signature has been checked."""
    from ministack.core.iam_evaluator import AuthError, EvalContext, evaluate, resolve_principal
    from ministack.core.responses import get_account_id

    access_key = authorization.partition("Credential=")[2].partition("/")[0]
    principal = resolve_principal(access_key, get_account_id())
    if isinstance(principal, AuthError) or principal.policies is None:
        return True
    asked = EvalContext(
        principal_arn=principal.arn,
        principal_type=principal.type,
        principal_account=principal.account,
        action="s3:ListBucket",
        resource_arn=f"arn:aws:s3:::{bucket}",
        region="",
        principal_keys=principal.keys,
    )
    return bool(evaluate(asked, principal.policies, *principal.limits).decision == "Allow")


# --- policies ---------------------------------------------------------------------------------------------


def _first_match(context: Any, parsed: Sequence[Any], effect: str) -> Any:
    """The first of ministack's statements that says so about its request."""
    requests = [_request(context, resource) for resource in _resources(context)]
    found = [
        next((one for one in parsed if one.effect == effect and _statement(one).covers(request)), None)
        for request in requests
    ]
    if effect == "Allow" and None in found:
        return None
    return next((one for one in found if one is not None), None)


def _conditions_met(conditions: dict[str, Any], context: Any) -> bool:
    request = _request(context, str(context.resource_arn))
    return Statement("Allow", ("*",), (), conditions).covers(request)


def _resources(context: Any) -> tuple[str, ...]:
    return getattr(context.resource_arn, "every", (str(context.resource_arn),))


def _statement(parsed: Any) -> Statement:
    if parsed.not_actions or parsed.not_resources:
        raise PolicyError("NotAction and NotResource are not known here")
    return Statement(parsed.effect, tuple(parsed.actions), tuple(parsed.resources), parsed.conditions)


def _request(context: Any, resource: str) -> Request:
    from ministack.core.iam_evaluator import _resolve_condition_key

    touched = getattr(context.resource_arn, "context", {})

    def values(key: str) -> Sequence[str]:
        found = touched[key] if key in touched else _resolve_condition_key(key, context)
        several = found if isinstance(found, list | tuple) else [found]
        return [str(value) for value in several if value not in {None, ""}]

    return Request(context.action, resource, values)


def _trust_of_role(role_arn: str) -> tuple[Any, str] | None:
    """A role's trust is the policy of a resource: whom it names itself needs no other permission.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
    """
    from ministack.services import iam

    role = iam._roles.get(role_arn.rpartition("/")[2])  # noqa: SLF001
    return (role["AssumeRolePolicyDocument"], role_arn.split(":")[4]) if role else None


# --- what a request is about ------------------------------------------------------------------------------


def _knowing_several(usual: Callable[..., str]) -> Callable[..., str]:
    def resource_arn(
        service: str, method: str, path: str, headers: dict[str, str], body: bytes, *rest: Any
    ) -> str:
        _, region, account = rest
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        if service == "ssm" and operation == "GetParameters":
            return Parameters.of(json.loads(body)["Names"], region, account)
        if service != "dynamodb":
            return usual(service, method, path, headers, body, *rest)
        return next(_touched(operation, body, region, account), TouchedTable("*"))

    return resource_arn


def _batched_tables(body: bytes, region: str, account: str) -> list[str]:
    """Of a batch; the first was checked before."""
    return [*_touched("BatchWriteItem", body, region, account)] if b'"RequestItems"' in body else []


def _transaction_checks(action: str, body: bytes, region: str, account: str) -> list[tuple[str, str]]:
    operation = action.partition(":")[2]
    if not operation.startswith("Transact"):
        return []
    items = [*_touches(operation, body)]
    return [(f"dynamodb:{item.action}", TouchedTable.of(item, region, account)) for item in items]


def _touched(operation: str, body: bytes, region: str, account: str) -> Iterator[TouchedTable]:
    return (TouchedTable.of(touch, region, account) for touch in _touches(operation, body))


def _touches(operation: str, body: bytes) -> list[Touch]:
    """Of a request that has another form than it should, none: whoever is not root is refused."""
    try:
        return [*touches(operation, json.loads(body), _partition_key)]
    except (KeyError, TypeError, ValueError, AttributeError):
        return []


def _partition_key(table: str, index: str | None) -> str | None:
    from ministack.services.dynamodb import _tables

    known = _tables.get(table) or {}
    indexes = {one["IndexName"]: one for one in known.get("GlobalSecondaryIndexes") or ()}
    schema = (indexes.get(index, {}) if index else known).get("KeySchema", ())
    return next((part["AttributeName"] for part in schema if part["KeyType"] == "HASH"), None)
