"""What AWS's own pages say about the evaluation of policies, case by case; each names the rule it is made of.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

from typing import Any

import pytest

from infra.local.iam import Decision, PolicyError, Request, Statement, decide, statements

KEYS = "dynamodb:LeadingKeys"
OWN = "${aws:PrincipalTag/workspace}#*"
TAG = "aws:PrincipalTag/workspace"


def request(
    action: str = "dynamodb:GetItem", resource: str = "arn:aws:dynamodb:r:1:table/t", **context: Any
) -> Request:
    lowered = {key.lower(): values for key, values in context.items()}
    return Request(action, resource, lambda key: lowered.get(key, ()))


def given(**context: Any) -> Request:
    return request(**context)


def allow(**elements: Any) -> Statement:
    return Statement.parse({"Effect": "Allow", "Action": "*", "Resource": "*", **elements})


def deny(**elements: Any) -> Statement:
    return allow(**(elements | {"Effect": "Deny"}))


# rule of the documentation, condition, context of the request, whether it holds
CONDITIONS: list[tuple[str, dict[str, Any], dict[str, list[str]], bool]] = [
    ("StringEquals: exact", {"StringEquals": {TAG: "a"}}, {TAG: ["a"]}, True),
    ("StringEquals: case-sensitive", {"StringEquals": {TAG: "a"}}, {TAG: ["A"]}, False),
    ("StringEquals knows no wildcards", {"StringEquals": {TAG: "a*"}}, {TAG: ["ab"]}, False),
    ("key names are not case-sensitive", {"StringEquals": {TAG.upper(): "a"}}, {TAG: ["a"]}, True),
    ("StringNotEquals: negated", {"StringNotEquals": {TAG: "a"}}, {TAG: ["b"]}, True),
    ("StringEqualsIgnoreCase", {"StringEqualsIgnoreCase": {TAG: "a"}}, {TAG: ["A"]}, True),
    ("StringNotEqualsIgnoreCase", {"StringNotEqualsIgnoreCase": {TAG: "a"}}, {TAG: ["A"]}, False),
    ("StringLike: * is several characters", {"StringLike": {TAG: "wrk_*"}}, {TAG: ["wrk_1/2"]}, True),
    ("StringLike: * may be none", {"StringLike": {TAG: "wrk_*"}}, {TAG: ["wrk_"]}, True),
    ("StringLike: ? is one character", {"StringLike": {TAG: "a?c"}}, {TAG: ["abc"]}, True),
    ("StringLike: ? is not none", {"StringLike": {TAG: "a?c"}}, {TAG: ["ac"]}, False),
    ("StringLike: case-sensitive", {"StringLike": {TAG: "Wrk_*"}}, {TAG: ["wrk_1"]}, False),
    ("StringLike: the whole value", {"StringLike": {TAG: "b"}}, {TAG: ["abc"]}, False),
    ("StringNotLike", {"StringNotLike": {TAG: "wrk_*"}}, {TAG: ["wrk_1"]}, False),
    ("Bool", {"Bool": {"aws:SecureTransport": "false"}}, {"aws:SecureTransport": ["false"]}, True),
    ("Bool: other", {"Bool": {"aws:SecureTransport": "false"}}, {"aws:SecureTransport": ["true"]}, False),
    ("ArnLike: wildcards", {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::b*"}},
     {"aws:SourceArn": ["arn:aws:s3:::bucket"]}, True),
    ("ArnLike: each component by itself", {"ArnLike": {"aws:SourceArn": "arn:aws:sns:*:1:t"}},
     {"aws:SourceArn": ["arn:aws:sns:eu:x:1:t"]}, False),
    ("ArnEquals behaves like ArnLike", {"ArnEquals": {"aws:SourceArn": "arn:aws:sns:*:1:t"}},
     {"aws:SourceArn": ["arn:aws:sns:eu:1:t"]}, True),
    ("ArnNotLike", {"ArnNotLike": {"aws:SourceArn": "arn:aws:sns:*:1:t"}},
     {"aws:SourceArn": ["arn:aws:sns:eu:2:t"]}, True),
    # Absent keys
    ("absent key: no match", {"StringEquals": {TAG: "a"}}, {}, False),
    ("absent key: no match for StringLike, not even of *", {"StringLike": {TAG: "*"}}, {}, False),
    ("absent key: a negated operator holds", {"StringNotEquals": {TAG: "a"}}, {}, True),
    ("absent key: ArnNotLike holds", {"ArnNotLike": {"aws:SourceArn": "arn:aws:s3:::b"}}, {}, True),
    ("IfExists: absent holds", {"StringEqualsIfExists": {TAG: "a"}}, {}, True),
    ("IfExists: present is compared", {"StringEqualsIfExists": {TAG: "a"}}, {TAG: ["b"]}, False),
    # Null
    ("Null true: the key is absent", {"Null": {KEYS: "true"}}, {}, True),
    ("Null true: the key is there", {"Null": {KEYS: "true"}}, {KEYS: ["a"]}, False),
    ("Null false: the key is there", {"Null": {KEYS: "false"}}, {KEYS: ["a"]}, True),
    ("Null false: the key is absent", {"Null": {KEYS: "false"}}, {}, False),
    ("Null false: no values is absent", {"Null": {KEYS: "false"}}, {KEYS: []}, False),
    # Several keys, several values
    ("several keys: AND", {"StringEquals": {TAG: "a", "s3:prefix": "p"}}, {TAG: ["a"], "s3:prefix": ["q"]},
     False),
    ("several operators: AND", {"StringEquals": {TAG: "a"}, "Null": {"s3:prefix": "true"}}, {TAG: ["a"]},
     True),
    ("several values: OR", {"StringEquals": {TAG: ["a", "b"]}}, {TAG: ["b"]}, True),
    ("several values, negated: NOR", {"StringNotEquals": {TAG: ["a", "b"]}}, {TAG: ["b"]}, False),
    # Sets
    ("ForAllValues: every value matches one", {"ForAllValues:StringLike": {KEYS: ["a#*", "b#*"]}},
     {KEYS: ["a#1", "b#1"]}, True),
    ("ForAllValues: one value does not", {"ForAllValues:StringLike": {KEYS: "a#*"}}, {KEYS: ["a#1", "b#1"]},
     False),
    ("ForAllValues: true if there is no key", {"ForAllValues:StringLike": {KEYS: "a#*"}}, {}, True),
    ("ForAllValues beside Null false: not without the key",
     {"ForAllValues:StringLike": {KEYS: "a#*"}, "Null": {KEYS: "false"}}, {}, False),
    ("ForAllValues, negated: no value matches any", {"ForAllValues:StringNotEquals": {KEYS: ["a", "b"]}},
     {KEYS: ["c", "a"]}, False),
    ("ForAnyValue: one value is enough", {"ForAnyValue:StringEquals": {KEYS: "a"}}, {KEYS: ["b", "a"]}, True),
    ("ForAnyValue: false if there is no key", {"ForAnyValue:StringEquals": {KEYS: "a"}}, {}, False),
    ("ForAnyValue, negated: false without the key", {"ForAnyValue:StringNotEquals": {KEYS: "a"}}, {}, False),
    ("ForAnyValue, negated: one value that does not match", {"ForAnyValue:StringNotEquals": {KEYS: "a"}},
     {KEYS: ["a", "b"]}, True),
    # Variables
    ("a variable is replaced", {"ForAllValues:StringLike": {KEYS: OWN}}, {KEYS: ["w1#D"], TAG: ["w1"]}, True),
    ("a variable is replaced: another's", {"ForAllValues:StringLike": {KEYS: OWN}},
     {KEYS: ["w2#D"], TAG: ["w1"]}, False),
    ("a variable without a value: nothing matches", {"ForAllValues:StringLike": {KEYS: OWN}}, {KEYS: ["#D"]},
     False),
    ("a variable's default", {"StringEquals": {"s3:prefix": "${aws:PrincipalTag/workspace, 'none'}/"}},
     {"s3:prefix": ["none/"]}, True),
    ("a variable of several values is no variable", {"StringLike": {"s3:prefix": "${dynamodb:LeadingKeys}*"}},
     {"s3:prefix": ["a"], KEYS: ["a", "b"]}, False),
    ("${*} is an asterisk", {"StringLike": {"s3:prefix": "${*}x"}}, {"s3:prefix": ["yx"]}, False),
    ("${*} matches an asterisk", {"StringLike": {"s3:prefix": "${*}x"}}, {"s3:prefix": ["*x"]}, True),
    ("${?} and ${$} likewise", {"StringEquals": {"s3:prefix": "${?}${$}"}}, {"s3:prefix": ["?$"]}, True),
    ("what a variable brings is no wildcard", {"ForAllValues:StringLike": {KEYS: OWN}},
     {KEYS: ["w2#D"], TAG: ["*"]}, False),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "context", "holds"), [case[1:] for case in CONDITIONS],
                         ids=[case[0] for case in CONDITIONS])  # fmt: skip
def test_conditions(condition: dict[str, Any], context: dict[str, list[str]], holds: bool) -> None:
    assert allow(Condition=condition).covers(given(**context)) is holds


@pytest.mark.parametrize(
    ("element", "pattern", "covered"),
    [
        ("Action", "dynamodb:getitem", True),  # actions are not case-sensitive
        ("Action", "dynamodb:Get*", True),
        ("Action", ["s3:GetObject", "dynamodb:GetItem"], True),
        ("Action", "dynamodb:Put*", False),
        ("Resource", "arn:aws:dynamodb:r:1:table/t", True),
        ("Resource", "arn:aws:dynamodb:r:1:table/T", False),  # resources are
        ("Resource", "arn:aws:dynamodb:r:1:table/t/index/i", False),
        ("Resource", "arn:aws:dynamodb:*:1:table/?", True),
        ("Resource", "arn:aws:dynamodb:r:1:table/${aws:PrincipalTag/workspace}", False),  # no such tag
    ],
)
def test_actions_and_resources(element: str, pattern: Any, covered: bool) -> None:
    assert allow(**{element: pattern}).covers(request()) is covered


def test_a_variable_in_a_resource_is_the_caller_s() -> None:
    own = allow(Resource="arn:aws:s3:::b/workspaces/${aws:PrincipalTag/workspace}/*")

    def asks(key: str) -> Request:
        return request("s3:GetObject", f"arn:aws:s3:::b/{key}", **{TAG: ["w1"]})

    assert own.covers(asks("workspaces/w1/files/d"))
    assert not own.covers(asks("workspaces/w11/files/d"))
    assert not own.covers(asks("workspaces/w2/../w1/files/d"))


@pytest.mark.parametrize(
    ("identity", "limits", "decision"),
    [
        ([], [], Decision.NOT_ALLOWED),  # by default, all requests are implicitly denied
        ([allow()], [], Decision.ALLOWED),
        ([allow(), deny()], [], Decision.DENIED),  # an explicit deny overrides any allow
        ([deny(), allow()], [], Decision.DENIED),
        ([allow(), deny(Action="s3:*")], [], Decision.ALLOWED),
        ([allow()], [[]], Decision.NOT_ALLOWED),  # a session's policy limits, it gives nothing
        ([], [[allow()]], Decision.NOT_ALLOWED),
        ([allow()], [[allow(Action="dynamodb:*")]], Decision.ALLOWED),
        ([allow()], [[allow(), deny()]], Decision.DENIED),
        ([allow()], [[allow()], [allow(Action="s3:*")]], Decision.NOT_ALLOWED),
    ],
)
def test_decisions(identity: list[Statement], limits: list[list[Statement]], decision: Decision) -> None:
    assert decide(request(), identity, *limits) is decision


@pytest.mark.parametrize(
    "elements",
    [
        {"Condition": {"NumericLessThan": {TAG: "1"}}},
        {"Condition": {"ForSomeValues:StringLike": {TAG: "1"}}},
        {"Condition": {"stringlike": {TAG: "1"}}},
        {"Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}},
        {"NotAction": "s3:*"},
        {"NotResource": "*"},
        {"Effect": "allow"},
        {"Action": []},
        {"Resource": {"Ref": "Table"}},
    ],
    ids=str,
)
def test_what_is_not_known_is_an_error_when_the_policy_is_read(elements: dict[str, Any]) -> None:
    with pytest.raises(PolicyError):
        allow(**elements)


@pytest.mark.parametrize(
    ("condition", "context"),
    [
        ({"StringLike": {KEYS: "a"}}, {KEYS: ["a", "b"]}),  # several values need ForAll or ForAny
        ({"StringNotLike": {"s3:prefix": OWN}}, {"s3:prefix": ["a"]}),  # "not like nothing" is no limit
        ({"StringEquals": {"s3:prefix": "${aws:username}"}}, {"s3:prefix": ["a"]}),
    ],
)
def test_what_cannot_be_decided_is_an_error_when_it_is_asked(
    condition: dict[str, Any], context: dict[str, list[str]]
) -> None:
    with pytest.raises(PolicyError):
        allow(Condition=condition).covers(given(**context))


def test_a_policy_of_another_version_has_no_variables_and_is_refused() -> None:
    with pytest.raises(PolicyError, match="Version"):
        statements({"Version": "2008-10-17", "Statement": []})
