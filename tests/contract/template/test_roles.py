"""What the roles of the template allow, decided as IAM decides, whatever they are asked for."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from infra.local.iam import Decision, Request, Statement, decide
from tests.builders.policies import ACCOUNT, BUCKET, DIRECTORY, RECORDS, REGION, arn_of, roles
from tests.contract.template.test_promises import FUNCTIONS

OWN, OTHER = "wrk_01m7w4n5e0fgks6tnnfmsw7pph", "wrk_01m7w4n5e0fgks6tnnfmsw7ppj"
TENANTS = [name for name in roles() if name.endswith("TenantRole")]
FUNCTIONS_OWN = [name for name in roles() if name not in TENANTS]
ITEM_ACTIONS = [
    "GetItem", "BatchGetItem", "Query",
    "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "ConditionCheckItem",
]  # fmt: skip
TABLE_ACTIONS = [
    "Scan", "PartiQLSelect", "PartiQLInsert", "PartiQLUpdate", "PartiQLDelete", "ExecuteStatement",
    "ExportTableToPointInTime", "DescribeTable", "UpdateTable", "DeleteTable", "CreateBackup",
]  # fmt: skip
OBJECT_ACTIONS = [
    "GetObject",
    "GetObjectVersion",
    "PutObject",
    "DeleteObject",
    "DeleteObjectVersion",
    "GetObjectTagging",
]
INDEXES = ["", "/index/status", "/index/due"]


def allowed(
    role: str, action: str, resource: str, tag: str | None = None, **context: tuple[str, ...]
) -> bool:
    known = {name.replace("__", ":").lower(): values for name, values in context.items()}
    if tag is not None:
        known["aws:principaltag/workspace"] = (tag,)
    request = Request(action, resource, lambda key: known.get(key, ()))
    return decide(request, roles()[role].statements) is Decision.ALLOWED


def keys(*leading: str, enclosing: str | None = None) -> dict[str, Any]:
    return {
        "dynamodb__leadingkeys": leading,
        "dynamodb__enclosingoperation": (enclosing,) if enclosing else (),
    }


# --- a function's own role --------------------------------------------------------------------------------


@pytest.mark.parametrize("role", FUNCTIONS_OWN)
def test_a_function_itself_touches_no_item_of_a_workspace(role: str) -> None:
    for action, index, enclosing in itertools.product(
        ITEM_ACTIONS, INDEXES, (None, "TransactWriteItems", "TransactGetItems")
    ):
        for leading in ((f"{OWN}#DOCUMENT",), (f"{OWN}#DOCUMENT", "DUE"), ()):
            asked = keys(*leading, enclosing=enclosing)
            assert not allowed(role, f"dynamodb:{action}", RECORDS + index, **asked), (action, index, leading)
            tagged = allowed(role, f"dynamodb:{action}", RECORDS + index, OWN, **asked)
            assert not tagged, "a tag on the function's own role opens nothing"


@pytest.mark.parametrize("role", FUNCTIONS_OWN)
def test_a_function_itself_touches_no_object_of_a_workspace(role: str) -> None:
    places = [f"{BUCKET}/workspaces/{OWN}/{rest}" for rest in ("files/doc_1/original", "drop/a.pdf")]
    for action, place in itertools.product(OBJECT_ACTIONS, [*places, f"{BUCKET}/elsewhere"]):
        assert not allowed(role, f"s3:{action}", place)
    for action in ("ListBucket", "ListBucketVersions"):
        assert not allowed(role, f"s3:{action}", BUCKET, s3__prefix=(f"workspaces/{OWN}/",))
        assert not allowed(role, f"s3:{action}", BUCKET)


def test_only_the_sweep_asks_what_is_due_and_nothing_else_of_that_index() -> None:
    due = f"{RECORDS}/index/due"
    assert [role for role in roles() if allowed(role, "dynamodb:Query", due, OWN, **keys("DUE"))] == [
        "SweepRole"
    ]
    assert not allowed("SweepRole", "dynamodb:Query", due, **keys(f"{OWN}#DOCUMENT"))
    assert not allowed("SweepRole", "dynamodb:Query", due)


# --- a tenant role ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", TENANTS)
def test_a_session_touches_items_of_its_workspace_only(role: str) -> None:
    for action, index, enclosing in itertools.product(ITEM_ACTIONS, INDEXES, (None, "TransactWriteItems")):
        for leading in (
            (f"{OTHER}#DOCUMENT",),
            (f"{OWN}#DOCUMENT", f"{OTHER}#DOCUMENT"),
            (f"{OWN}",),
            (f"{OWN}x#DOCUMENT",),
            (f"x{OWN}#DOCUMENT",),
            ("DUE",),
            (),
        ):
            asked = keys(*leading, enclosing=enclosing)
            assert not allowed(role, f"dynamodb:{action}", RECORDS + index, OWN, **asked), (action, leading)


@pytest.mark.parametrize("role", TENANTS)
def test_a_session_that_names_no_workspace_touches_nothing(role: str) -> None:
    """STS does not give such a session; if it did, a variable without a value matches nothing."""
    for action in ITEM_ACTIONS:
        for leading in (f"{OWN}#DOCUMENT", "#DOCUMENT"):
            assert not allowed(role, f"dynamodb:{action}", RECORDS, **keys(leading))
    for action in OBJECT_ACTIONS:
        for folder in (f"workspaces/{OWN}", "workspaces/", "workspaces"):
            assert not allowed(role, f"s3:{action}", f"{BUCKET}/{folder}/files/doc_1/original")


@pytest.mark.parametrize("role", roles())
def test_nobody_scans_speaks_partiql_or_takes_the_table_as_a_whole(role: str) -> None:
    for action, table, index in itertools.product(TABLE_ACTIONS, (RECORDS, DIRECTORY), INDEXES):
        for leading in ((f"{OWN}#DOCUMENT",), ()):
            assert not allowed(role, f"dynamodb:{action}", table + index, OWN, **keys(*leading)), action


@pytest.mark.parametrize("role", TENANTS)
def test_a_session_touches_objects_in_its_folder_only(role: str) -> None:
    for action in OBJECT_ACTIONS:
        for key in (
            f"workspaces/{OTHER}/files/doc_1/original",
            f"workspaces/{OWN}x/files/doc_1/original",
            f"workspaces/{OWN}",
            f"{OWN}/files/doc_1/original",
            f"x/workspaces/{OWN}/files/doc_1/original",
        ):
            assert not allowed(role, f"s3:{action}", f"{BUCKET}/{key}", OWN), (action, key)


@pytest.mark.parametrize("role", TENANTS)
def test_a_session_lists_its_folder_only(role: str) -> None:
    for prefix in ((), ("",), ("workspaces/",), (f"workspaces/{OWN}",), (f"workspaces/{OTHER}/",)):
        assert not allowed(role, "s3:ListBucketVersions", BUCKET, OWN, s3__prefix=prefix), prefix
    assert not allowed(role, "s3:ListBucket", BUCKET, OWN)
    assert not allowed(role, "s3:ListBucket", BUCKET, OWN, s3__prefix=(f"workspaces/{OWN}/",))


@pytest.mark.parametrize("role", ["UploadTenantRole", "DocumentsTenantRole", "ReceiveTenantRole"])
def test_what_is_ones_own_is_within_reach(role: str) -> None:
    """Else the tests above would praise a role that may do nothing."""
    assert allowed(role, "dynamodb:GetItem", RECORDS, OWN, **keys(f"{OWN}#DOCUMENT"))
    assert allowed(role, "dynamodb:Query", f"{RECORDS}/index/status", OWN, **keys(f"{OWN}#DOCUMENT#ready"))
    assert allowed(
        role, "dynamodb:PutItem", RECORDS, OWN, **keys(f"{OWN}#AUDIT", enclosing="TransactWriteItems")
    )


@pytest.mark.parametrize("role", TENANTS)
def test_who_is_who_is_written_in_transactions_only_and_never_read(role: str) -> None:
    for action in ITEM_ACTIONS:
        for kind in ("APIKEY#1", "SESSION#1", "USER#1", "JOB#1", f"{OWN}#DOCUMENT"):
            assert not allowed(role, f"dynamodb:{action}", DIRECTORY, OWN, **keys(kind)), (action, kind)
            reading = action in {"GetItem", "BatchGetItem", "Query"}
            inside = keys(kind, enclosing="TransactGetItems")
            assert not (reading and allowed(role, f"dynamodb:{action}", DIRECTORY, OWN, **inside))


@pytest.mark.parametrize("name", ["Upload", "Documents", "Receive", "Collect", "Watch", "Sweep"])
def test_whoever_works_with_documents_makes_nobody_anybody(name: str) -> None:
    for action in ("PutItem", "DeleteItem"):
        for kind in ("APIKEY#1", "SESSION#1", "USER#1"):
            inside = keys(kind, enclosing="TransactWriteItems")
            assert not allowed(f"{name}TenantRole", f"dynamodb:{action}", DIRECTORY, OWN, **inside)


# --- who may assume what ----------------------------------------------------------------------------------


def trusts(assumed: str, by: str, tags: dict[str, str], action: str = "sts:AssumeRole") -> bool:
    """``by`` is an ARN; the trust alone is asked, which is enough where it names the caller."""
    context = {f"aws:requesttag/{name.lower()}": (value,) for name, value in tags.items()}
    context["aws:tagkeys"] = tuple(tags)
    request = Request(action, arn_of(assumed), lambda key: context.get(key, ()))
    named = [one for one in roles()[assumed].trust if one["Principal"] == {"AWS": by}]
    return decide(request, [Statement.parse(one) for one in named]) is Decision.ALLOWED


@pytest.mark.parametrize("name", [name.partition(".")[2].removesuffix("Function") for name in FUNCTIONS])
def test_a_tenant_role_trusts_its_function_alone(name: str) -> None:
    assumed = f"{name}TenantRole"
    if assumed not in roles():
        return
    believed = [role for role in roles() if trusts(assumed, arn_of(role), {"workspace": OWN})]
    assert believed == [f"{name}Role"]
    assert trusts(assumed, arn_of(f"{name}Role"), {"workspace": OWN}, "sts:TagSession")


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {"workspace": ""},
        {"workspace": "*"},
        {"workspace": "x"},
        {"tenant": OWN},
        {"workspace": OWN, "a": "b"},
    ],
    ids=str,
)
@pytest.mark.parametrize("assumed", TENANTS)
def test_a_session_s_only_tag_is_a_workspace(assumed: str, tags: dict[str, str]) -> None:
    [trust] = roles()[assumed].trust
    assert not trusts(assumed, trust["Principal"]["AWS"], tags)


def test_operators_need_a_permission_of_their_own() -> None:
    """Their role trusts the account: whom it lets in, the account's policies say. No function's does."""
    [trust] = roles()["OperatorTenantRole"].trust
    assert trust["Principal"] == {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    for role in roles():
        assert not allowed(role, "sts:AssumeRole", arn_of("OperatorTenantRole"), OWN)


@pytest.mark.parametrize("role", FUNCTIONS_OWN)
def test_a_function_itself_asks_textract_nothing(role: str) -> None:
    """It reads files with its caller's rights, and these have none."""
    assert not allowed(role, "textract:StartExpenseAnalysis", "*")
    assert not allowed(
        role, "iam:PassRole", arn_of("textract"), iam__passedtoservice=("textract.amazonaws.com",)
    )


@pytest.mark.parametrize("role", roles())
def test_the_key_is_used_through_services_only(role: str) -> None:
    for action in ("Decrypt", "GenerateDataKey", "Encrypt"):
        assert not allowed(role, f"kms:{action}", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1", OWN)
