"""The second wall on the embedded AWS: with the first one taken away, AWS itself refuses what is another's.

A workspace's handle is minted for one workspace while its calls are signed for another: every call that the
application can make is refused. With its own credentials the same call goes through, so that each refusal is
the wall's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, cast

import boto3
import pytest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from pynamodb.exceptions import PynamoDBException
from pynamodb.expressions.operand import Path

from infra.local.aws import ACCOUNT, assumed, session
from infra.local.stack import LocalStack
from sheaf import aws
from sheaf.aws import TenantPrincipal, TenantRole
from sheaf.kernel.clock import SystemClock
from sheaf.kernel.errors import UnreadableFile
from sheaf.settings import Settings
from sheaf.storage._table import DocumentItem, FileItem, RecordItem
from sheaf.storage.blobs import Blobs
from sheaf.storage.connection import connect
from sheaf.storage.partition import Partition
from sheaf.vendors.textract import Textract
from tests.e2e.client import Client
from tests.security.test_partition import KINDS
from tests.security.test_partition import item as filled

pytestmark = pytest.mark.xdist_group("stack")

SK = "wall_1"
DOCUMENT = "doc_00000000000000000000000000"
FUNCTIONS = ("Upload", "Documents", "Accounts", "Receive", "Collect", "Watch", "Sweep")
RECEIVE = "ReceiveFunction"
"""What it may do in a workspace is nearly all there is to do."""


@dataclass(frozen=True)
class Stolen:
    """The right of one workspace in the hands of another's handle."""

    workspace_id: str
    credentials: Credentials

    @contextmanager
    def acting(self) -> Iterator[None]:
        with aws._signing_with(self.credentials):
            yield


@dataclass(frozen=True)
class Site:
    """One function's environment, in this process."""

    settings: Settings
    own: str
    other: str

    @property
    def role(self) -> TenantRole:
        return TenantRole(self.settings.tenant_role_arn, "us-east-1", outlive=timedelta(minutes=15))

    def credentials(self, workspace_id: str) -> Credentials:
        return self.role.credentials(workspace_id)

    def of_other(self, *, signed_for: str) -> TenantPrincipal:
        return cast("TenantPrincipal", Stolen(self.other, self.credentials(signed_for)))

    def client(self, service: str, credentials: Credentials | None = None) -> Any:
        """None: the function's own."""
        names = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
        signing = dict(zip(names, credentials.get_frozen_credentials(), strict=False)) if credentials else {}
        return boto3.session.Session().client(service, region_name=self.settings.region, **signing)


@pytest.fixture(scope="module")
def workspaces(stack: LocalStack) -> tuple[str, str]:
    first, second = (stack.create_workspace(name).workspace_id for name in ("Own", "Other"))
    return first, second


@pytest.fixture
def site_of(
    stack: LocalStack, workspaces: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Site]]:
    def running(function: str) -> Site:
        variables = stack._environments[function]._variables()
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        forget()
        values = {name.removeprefix("SHEAF_").lower(): value for name, value in variables.items()}
        addresses = {"endpoint_url": stack.aws.endpoint, "textract_endpoint_url": stack.textract_url}
        return Site(Settings.model_validate(values | addresses), *workspaces)

    yield running
    monkeypatch.undo()
    forget()


@pytest.fixture
def site(site_of: Callable[[str], Site]) -> Site:
    return site_of(RECEIVE)


def forget() -> None:
    for cached in (aws.client, aws.shared_session):
        cached.cache_clear()


def refused(call: Callable[[], object]) -> bool:
    try:
        call()
    except PynamoDBException as error:
        return is_refusal(error.cause_response_code, error)
    except ClientError as error:
        return is_refusal(error.response["Error"]["Code"], error)
    return False


def is_refusal(code: str | None, error: Exception) -> bool:
    if code in {"AccessDenied", "AccessDeniedException"}:
        return True
    raise error


# --- items ------------------------------------------------------------------------------------------------


def item_calls(partition: Partition, kind: type[RecordItem]) -> dict[str, Callable[[], object]]:
    """All that a partition can do, in an order in which it can."""
    calls = {
        "put": lambda: partition.commit([partition.put(filled(kind, SK, "x", "wrk_x"), None)]),
        "get": lambda: partition.get(kind, SK),
        "query": lambda: partition.query(kind, limit=5),
        "query from": lambda: partition.query(kind, limit=5, after=SK, newest_first=True),
        "update": lambda: partition.commit([partition.update(kind, SK, [Path("wall").set("y")], None)]),
        "require": lambda: partition.commit([partition.require(kind, SK, kind.pk.exists())]),
        "delete": lambda: partition.commit([partition.delete(kind, SK)]),
    }
    if kind is DocumentItem:
        calls["query by status"] = lambda: partition.query(kind, limit=5, status="ready")
    return calls


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.KIND)
def test_every_call_on_items_of_another_is_refused(site: Site, kind: type[RecordItem]) -> None:
    connection, table = connect(site.settings), site.settings.records_table
    own = item_calls(Partition(connection, table, site.of_other(signed_for=site.other)), kind)
    stolen = item_calls(Partition(connection, table, site.of_other(signed_for=site.own)), kind)
    for name, call in stolen.items():
        assert refused(call), name
        assert not refused(own[name]), name


def test_one_write_into_another_s_partition_refuses_the_whole_transaction(site: Site) -> None:
    connection, table = connect(site.settings), site.settings.records_table
    own = Partition(connection, table, site.role.principal(site.own))
    other = Partition(connection, table, site.role.principal(site.other))
    mixed = [
        own.put(filled(FileItem, SK, "x", "wrk_x"), None),
        other.put(filled(FileItem, SK, "x", "wrk_x"), None),
    ]
    assert refused(lambda: own.commit(mixed))
    assert own.get(FileItem, SK) is None


@pytest.mark.parametrize("index", [None, "status", "due"])
def test_nobody_scans(site: Site, index: str | None) -> None:
    dynamodb = site.client("dynamodb", site.credentials(site.own))
    where = {"TableName": site.settings.records_table} | ({"IndexName": index} if index else {})
    assert refused(lambda: dynamodb.scan(**where))


def test_nobody_speaks_partiql(site: Site) -> None:
    dynamodb = site.client("dynamodb", site.credentials(site.own))
    table = site.settings.records_table
    select = f"SELECT * FROM \"{table}\" WHERE pk = '{site.own}#DOCUMENT'"  # noqa: S608 - not sent to a database that takes it
    assert refused(lambda: dynamodb.execute_statement(Statement=select))
    assert refused(lambda: dynamodb.batch_execute_statement(Statements=[{"Statement": select}]))
    assert refused(lambda: dynamodb.execute_transaction(TransactStatements=[{"Statement": select}]))


def test_no_batch_carries_an_item_of_another_along(site: Site) -> None:
    dynamodb, table = site.client("dynamodb", site.credentials(site.own)), site.settings.records_table
    keys = [{"pk": {"S": f"{workspace}#FILE"}, "sk": {"S": "x"}} for workspace in (site.own, site.other)]
    writes = [{"PutRequest": {"Item": key}} for key in keys]
    assert refused(lambda: dynamodb.batch_get_item(RequestItems={table: {"Keys": keys}}))
    assert refused(lambda: dynamodb.batch_write_item(RequestItems={table: writes}))
    assert refused(
        lambda: dynamodb.transact_get_items(
            TransactItems=[{"Get": {"TableName": table, "Key": key}} for key in keys]
        )
    )


def test_the_due_index_is_not_a_workspace_s_to_ask(site: Site) -> None:
    dynamodb = site.client("dynamodb", site.credentials(site.own))
    assert refused(
        lambda: dynamodb.query(
            TableName=site.settings.records_table,
            IndexName="due",
            KeyConditionExpression="due_pk = :due",
            ExpressionAttributeValues={":due": {"S": "DUE"}},
        )
    )


# --- objects ----------------------------------------------------------------------------------------------


SIGNING = {
    "bucket", "original_key", "readable_key", "presign_upload", "presign_download", "presign_page",
}  # fmt: skip
"""These send nothing; what comes of the links is tested below."""

SENDING = [name for name in vars(Blobs) if not name.startswith("_") and name not in SIGNING]


def object_call(blobs: Blobs, workspace_id: str, name: str) -> Callable[[], object]:
    dropped = f"workspaces/{workspace_id}/drop/a.pdf"
    arguments: dict[str, tuple[Any, ...]] = {
        "put_readable": (DOCUMENT, "fil_1", b"x", "image/png"),
        "page": (DOCUMENT, 1),
        "pages_there": (DOCUMENT,),
        "put_page": (DOCUMENT, 1, b"x"),
        "erase_pages": (DOCUMENT,),
        "read": (DOCUMENT, "none"),
        "is_dropped": (dropped, "none"),
        "adopt": (dropped, "none", DOCUMENT),
        "discard": (dropped, "none"),
        "erase": ([DOCUMENT],),
        "erase_everything": (),
    }
    return partial(getattr(blobs, name), *arguments[name])


@pytest.mark.parametrize("name", SENDING)
def test_every_call_on_objects_of_another_is_refused(site: Site, name: str) -> None:
    own, stolen = (
        Blobs(site.settings, site.of_other(signed_for=workspace), SystemClock())
        for workspace in (site.other, site.own)
    )
    assert refused(object_call(stolen, site.other, name))
    assert not refused(object_call(own, site.other, name))


def test_a_link_into_another_s_folder_opens_nothing(site: Site, stack: LocalStack) -> None:
    http, key = Client.of(stack).http, f"workspaces/{site.other}/files/{DOCUMENT}/original"
    root = session().client("s3", endpoint_url=stack.aws.endpoint)
    version = root.put_object(Bucket=site.settings.bucket, Key=key, Body=b"theirs")["VersionId"]
    # 404: it went through, and found the stray file erased already.
    for workspace, statuses in ((site.other, {200, 404}), (site.own, {403})):
        blobs = Blobs(site.settings, site.of_other(signed_for=workspace), SystemClock())
        link = blobs.presign_download(DOCUMENT, version, filename="a", lifetime=timedelta(minutes=5))
        form = blobs.presign_upload(
            DOCUMENT, content_type="text/plain", size=1, lifetime=timedelta(minutes=5)
        )
        assert http.request("GET", link).status in statuses
        sent = http.request("POST", form.url, fields={**form.fields, "file": ("file", b"x")})
        assert sent.status == (204 if 403 not in statuses else 403)


@pytest.mark.parametrize("prefix", ["", "workspaces/", "workspaces/wrk_", "OTHER", "OWN_WITHOUT_SLASH"])
def test_only_ones_own_folder_can_be_listed(site: Site, prefix: str) -> None:
    s3, bucket = site.client("s3", site.credentials(site.own)), site.settings.bucket
    named = {"OTHER": f"workspaces/{site.other}/", "OWN_WITHOUT_SLASH": f"workspaces/{site.own}"}
    where = {"Bucket": bucket} | ({"Prefix": named.get(prefix, prefix)} if prefix else {})
    assert refused(lambda: s3.list_object_versions(**where))
    assert refused(lambda: s3.list_objects_v2(**where))
    assert not refused(lambda: s3.list_object_versions(Bucket=bucket, Prefix=f"workspaces/{site.own}/"))


def test_what_is_not_there_is_only_known_from_ones_own_list(site: Site) -> None:
    """S3 tells nobody who may not list the bucket; the code knows how to find out."""
    blobs = Blobs(site.settings, site.role.principal(site.own), SystemClock())
    s3 = site.client("s3", site.credentials(site.own))
    absent = f"workspaces/{site.own}/files/{DOCUMENT}/original"
    with pytest.raises(ClientError, match="403"):
        s3.head_object(Bucket=site.settings.bucket, Key=absent)
    assert refused(lambda: s3.get_object(Bucket=site.settings.bucket, Key=absent))
    assert blobs.read(DOCUMENT, "none") is None
    assert not blobs.is_dropped(f"workspaces/{site.own}/drop/a.pdf", "none")
    blobs.adopt(f"workspaces/{site.own}/drop/a.pdf", "none", DOCUMENT)


def test_text_analysis_of_another_s_file_is_refused(site: Site) -> None:
    """Textract reads with its caller's rights."""
    textract = Textract(site.settings, site.of_other(signed_for=site.own))
    key = f"workspaces/{site.other}/files/{DOCUMENT}/original"
    with pytest.raises(UnreadableFile, match="could not be opened"):
        textract.start(key, None, token="wall-1")


# --- who may become whom ----------------------------------------------------------------------------------


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_s_own_role_reaches_nothing_of_a_workspace(
    site_of: Callable[[str], Site], function: str
) -> None:
    site = site_of(f"{function}Function")
    dynamodb, s3 = site.client("dynamodb"), site.client("s3")
    key = {"pk": {"S": f"{site.own}#WORKSPACE"}, "sk": {"S": "WORKSPACE"}}
    table, bucket = site.settings.records_table, site.settings.bucket
    of_table: dict[str, Any] = {
        "get_item": {"Key": key},
        "put_item": {"Item": key},
        "delete_item": {"Key": key},
        "update_item": {"Key": key},
        "query": {"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": key["pk"]}},
        "scan": {},
    }
    for operation, arguments in of_table.items():
        assert refused(lambda: getattr(dynamodb, operation)(TableName=table, **arguments)), operation  # noqa: B023
    put = {"Put": {"TableName": table, "Item": key}}
    assert refused(lambda: dynamodb.transact_write_items(TransactItems=[put]))
    place = {"Bucket": bucket, "Key": f"workspaces/{site.own}/files/{DOCUMENT}/original"}
    assert refused(lambda: s3.put_object(**place, Body=b"x"))
    assert refused(lambda: s3.delete_object(**place))
    assert refused(lambda: s3.copy_object(**place, CopySource=place))
    assert refused(lambda: s3.get_object(**place))
    assert refused(lambda: s3.list_objects_v2(Bucket=bucket))
    assert refused(lambda: s3.list_object_versions(Bucket=bucket, Prefix=f"workspaces/{site.own}/"))
    with pytest.raises(ClientError, match="403"):
        s3.head_object(**place)


@pytest.mark.parametrize(
    "tags",
    [
        [],
        [("workspace", "")],
        [("workspace", "*")],
        [("tenant", "wrk_1")],
        [("workspace", "wrk_1"), ("Name", "x")],
    ],
    ids=str,
)
def test_a_session_without_exactly_a_workspace_is_not_given(site: Site, tags: list[tuple[str, str]]) -> None:
    said = [{"Key": key, "Value": value} for key, value in tags]
    assert refused(
        lambda: site.client("sts").assume_role(
            RoleArn=site.settings.tenant_role_arn, RoleSessionName="wall", Tags=said
        )
    )


def test_a_function_becomes_its_own_tenant_and_no_other_s(site_of: Callable[[str], Site]) -> None:
    erasing = site_of("SweepFunction").settings.tenant_role_arn
    site = site_of("UploadFunction")
    tags = [{"Key": "workspace", "Value": site.own}]
    sts = site.client("sts")

    def assume(role_arn: str) -> object:
        return sts.assume_role(RoleArn=role_arn, RoleSessionName="wall", Tags=tags)

    assert not refused(lambda: assume(site.settings.tenant_role_arn))
    assert refused(lambda: assume(erasing))
    assert refused(lambda: assume(site.settings.textract_role_arn))


def test_a_tenant_becomes_nobody_else(site: Site) -> None:
    sts = site.client("sts", site.credentials(site.own))
    tags = [{"Key": "workspace", "Value": site.other}]
    role_arn = site.settings.tenant_role_arn
    assert refused(lambda: sts.assume_role(RoleArn=role_arn, RoleSessionName="wall", Tags=tags))


def test_upload_still_cannot_delete(site_of: Callable[[str], Site]) -> None:
    site = site_of("UploadFunction")
    partition = Partition(connect(site.settings), site.settings.records_table, site.role.principal(site.own))
    blobs = Blobs(site.settings, site.role.principal(site.own), SystemClock())
    assert refused(lambda: partition.commit([partition.delete(FileItem, SK)]))
    assert refused(lambda: blobs.erase([DOCUMENT]))
    assert refused(lambda: blobs.read(DOCUMENT, "none"))


def test_who_is_who_changes_together_with_a_workspace_or_not_at_all(
    site_of: Callable[[str], Site],
) -> None:
    site = site_of("AccountsFunction")
    dynamodb = site.client("dynamodb", site.credentials(site.own))
    table = site.settings.directory_table
    item = {"pk": {"S": "APIKEY#wall"}, "sk": {"S": "APIKEY"}}
    assert refused(lambda: dynamodb.put_item(TableName=table, Item=item))
    assert refused(lambda: dynamodb.get_item(TableName=table, Key=item))
    assert not refused(
        lambda: dynamodb.transact_write_items(TransactItems=[{"Put": {"TableName": table, "Item": item}}])
    )
    receive = site_of(RECEIVE)
    dynamodb = receive.client("dynamodb", receive.credentials(receive.own))
    assert refused(
        lambda: dynamodb.transact_write_items(TransactItems=[{"Put": {"TableName": table, "Item": item}}])
    )


@pytest.mark.parametrize(
    "condition",
    [
        {"NumericLessThan": {"dynamodb:LeadingKeys": "1"}},
        {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}},
    ],
    ids=lambda condition: str(next(iter(condition))),
)
def test_a_policy_that_is_not_understood_opens_nothing(
    site: Site, stack: LocalStack, condition: dict[str, Any]
) -> None:
    iam = session().client("iam", endpoint_url=stack.aws.endpoint)
    name = f"Odd{next(iter(condition))}"
    trust = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
    odd = {"Effect": "Allow", "Action": "dynamodb:*", "Resource": "*", "Condition": condition}
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="odd", PolicyDocument=policy(odd))
    variables = assumed(arn, stack.aws.endpoint, "wall", 900)
    credentials = Credentials(*variables.values())
    dynamodb = site.client("dynamodb", credentials)
    with pytest.raises(ClientError):
        dynamodb.scan(TableName=site.settings.records_table)
    assert "not known" in (stack.directory.logs / "aws.log").read_text()


def policy(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
