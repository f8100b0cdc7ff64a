"""What the deployed system promises, read off its templates."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).parents[3]
TEMPLATES = {
    path.stem: yaml_parse(path.read_text()) for path in (ROOT / "template.yaml", *ROOT.glob("infra/*.yaml"))
}
RESOURCES = {
    f"{stem}.{name}": resource
    for stem, template in TEMPLATES.items()
    for name, resource in template["Resources"].items()
}


def of_type(kind: str) -> dict[str, Any]:
    return {
        name: resource["Properties"] | {"_": resource}
        for name, resource in RESOURCES.items()
        if resource["Type"] == kind
    }


FUNCTIONS = of_type("AWS::Serverless::Function")
QUEUES = of_type("AWS::SQS::Queue")
TABLES = of_type("AWS::DynamoDB::Table")
ROLES = of_type("AWS::IAM::Role")
BUCKET = RESOURCES["data.FilesBucket"]["Properties"]


def statements() -> list[dict[str, Any]]:
    """Of every policy that gives permissions to a role."""
    policies = [policy["PolicyDocument"] for policy in of_type("AWS::IAM::ManagedPolicy").values()]
    policies += [policy["PolicyDocument"] for role in ROLES.values() for policy in role.get("Policies", ())]
    return [statement for policy in policies for statement in policy["Statement"]]


def actions(statement: dict[str, Any]) -> list[str]:
    action = statement["Action"]
    return [action] if isinstance(action, str) else list(action)


def test_no_role_may_scan_or_speak_partiql() -> None:
    allowed = {action for statement in statements() for action in actions(statement)}

    assert not {action for action in allowed if "*" in action}
    assert not {action for action in allowed if re.search("Scan|PartiQL", action)}


def test_only_textract_is_allowed_on_everything() -> None:
    broad = [statement for statement in statements() if statement["Resource"] == "*"]

    assert {action.partition(":")[0] for statement in broad for action in actions(statement)} == {"textract"}


def test_objects_are_reached_under_workspaces_only() -> None:
    for statement in statements():
        if any(re.match(r"s3:(Get|Put|Delete)", action) for action in actions(statement)):
            resource = statement["Resource"]["Fn::Sub"]
            assert resource.startswith("${FilesBucketArn}/workspaces/") or (
                resource.startswith("${AnchorsBucketArn}/") and actions(statement) == ["s3:PutObject"]
            )


def test_a_role_belongs_to_one_function() -> None:
    used = [function["Role"]["Fn::GetAtt"][1] for function in FUNCTIONS.values()]
    variables = [function.get("Environment", {}).get("Variables", {}) for function in FUNCTIONS.values()]
    used += [
        variable["SHEAF_TENANT_ROLE_ARN"]["Fn::GetAtt"][1]
        for variable in variables
        if "SHEAF_TENANT_ROLE_ARN" in variable
    ]
    used.append(TEMPLATES["template"]["Outputs"]["OperatorRole"]["Value"]["Fn::GetAtt"][1])

    assert len(set(used)) == len(used)
    assert {f"Outputs.{name.partition('.')[2]}Arn" for name in ROLES if name.startswith("roles.")} == set(
        used
    )


@pytest.mark.parametrize("name", [n for n, f in FUNCTIONS.items() if f["CodeUri"] == "functions/extract"])
def test_whatever_may_start_a_text_analysis_has_all_that_takes(name: str) -> None:
    """Each step of a reading may have to start it again. Textract reads the file with its caller's rights."""
    role = ROLES[f"roles.{name.partition('.')[2].removesuffix('Function')}TenantRole"]

    assert {"Ref": "TenantReadingPolicy"} in role["ManagedPolicyArns"]
    assert {"Ref": "FilesKeyPolicy"} in role["ManagedPolicyArns"]


def test_textract_s_role_is_for_textract_of_this_account() -> None:
    [trust] = RESOURCES["data.TextractRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]

    assert trust["Principal"] == {"Service": "textract.amazonaws.com"}
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}


@pytest.mark.parametrize("name", TABLES)
def test_tables_can_be_restored_and_are_not_deleted_by_mistake(name: str) -> None:
    table = TABLES[name]

    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["DeletionProtectionEnabled"] == {"Ref": "DeletionProtection"}
    assert table["SSESpecification"]["SSEType"] == "KMS"
    assert table["_"]["DeletionPolicy"] == table["_"]["UpdateReplacePolicy"] == "Retain"
    assert TEMPLATES["template"]["Parameters"]["DeletionProtection"]["Default"] == "true"


def test_the_bucket_is_private_versioned_and_encrypted() -> None:
    assert set(BUCKET["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(BUCKET["PublicAccessBlockConfiguration"]) == 4
    assert BUCKET["VersioningConfiguration"] == {"Status": "Enabled"}
    [rule] = BUCKET["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["BucketKeyEnabled"] is True
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert RESOURCES["data.FilesBucket"]["DeletionPolicy"] == "Retain"


def test_no_lifecycle_rule_deletes_a_file() -> None:
    """But those of exports, and previews of drafts, which are made of what is kept: only their functions give
    those tags.
    """
    expiring = {"ExpirationInDays", "NoncurrentVersionExpiration"}
    tagged = [[{"Key": "expires", "Value": value}] for value in ("export", "preview")]
    for rule in BUCKET["LifecycleConfiguration"]["Rules"]:
        brooms = set(rule) - {"Id", "Status"}
        if rule.get("TagFilters") in tagged:
            assert brooms == {"TagFilters", *expiring}
        else:
            assert brooms <= {"AbortIncompleteMultipartUpload", "ExpiredObjectDeleteMarker"}


def test_tags_are_given_to_exports_and_previews_alone() -> None:
    tagging = [
        (name, statement["Resource"]["Fn::Sub"])
        for name, role in ROLES.items()
        for policy in role.get("Policies", ())
        for statement in policy["PolicyDocument"]["Statement"]
        if any("Tagging" in action for action in actions(statement))
    ]

    folder = "${FilesBucketArn}/workspaces/${!aws:PrincipalTag/workspace}"
    assert sorted(tagging) == [
        ("roles.ExporterTenantRole", f"{folder}/exports/*"),
        ("roles.PrintingTenantRole", f"{folder}/issued/*/previews/*"),
    ]


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if "Queue" in json.dumps(FUNCTIONS[name])])
def test_a_queue_waits_for_its_function_and_gives_up_into_dead_letters(name: str) -> None:
    function = FUNCTIONS[name]
    for source in function["Events"].values():
        properties = source["Properties"]
        queue = properties["Queue"]["Fn::GetAtt"][1].removeprefix("Outputs.").removesuffix("Arn")
        declared = QUEUES[f"data.{queue}"]
        window = properties.get("MaximumBatchingWindowInSeconds", 0)
        assert declared["VisibilityTimeout"] >= 6 * function["Timeout"] + window
        assert declared["RedrivePolicy"]["maxReceiveCount"] == 5
        assert properties["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_what_takes_much_memory_meets_one_file_at_a_time() -> None:
    reading = [f for f in FUNCTIONS.values() if f["CodeUri"] == "functions/extract"]

    assert {source["Properties"]["BatchSize"] for f in reading for source in f["Events"].values()} == {1}


def test_a_parser_is_stopped_long_before_its_function_is() -> None:
    variables = TEMPLATES["template"]["Globals"]["Function"]["Environment"]["Variables"]

    for function in FUNCTIONS.values():
        if function["CodeUri"] == "functions/extract":
            assert function["Timeout"] >= 5 * int(variables["SHEAF_PARSER_SECONDS"])


def test_the_watch_has_room_for_the_answers_it_collects() -> None:
    collect, watch = FUNCTIONS["template.CollectFunction"], FUNCTIONS["template.WatchFunction"]

    assert (watch["MemorySize"], watch["Timeout"]) == (collect["MemorySize"], collect["Timeout"])


def test_every_dead_letter_queue_has_an_alarm() -> None:
    dead_letters = {name.partition(".")[2] for name in QUEUES if name.endswith("DeadLetters")}

    assert dead_letters == {
        name.partition(".")[2] for name in RESOURCES if re.match(r"alarms\..*DeadLetters", name)
    }


MOST_METRICS = 10
"""That an alarm can add up.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create-alarm-on-metric-math-expression.html
"""


def test_the_alarms_watch_every_function() -> None:
    names = {function["FunctionName"]["Fn::Sub"] for function in FUNCTIONS.values()}

    for what in ("Errors", "Throttles"):
        watched = ("Function", "Tool", "Background", "Billing")
        groups = [RESOURCES[f"alarms.{group}{what}"] for group in watched]
        assert set(re.findall(r"\$\{Name\}-\w+", json.dumps(groups))) == names
        assert all(len(group["Properties"]["Metrics"]) <= 1 + MOST_METRICS for group in groups)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_logs_to_a_group_of_its_own_that_forgets(name: str) -> None:
    function = FUNCTIONS[name]
    group = RESOURCES[f"template.{function['LoggingConfig']['LogGroup']['Ref']}"]["Properties"]
    role = ROLES[f"roles.{name.partition('.')[2].removesuffix('Function')}Role"]

    assert group["RetentionInDays"] == {"Ref": "LogRetentionDays"}
    assert f"log-group:{group['LogGroupName']['Fn::Sub']}:*" in json.dumps(role)


def test_queues_and_topic_take_from_whom_they_must_only() -> None:
    for policy in of_type("AWS::SQS::QueuePolicy").values():
        for statement in policy["PolicyDocument"]["Statement"]:
            assert statement["Effect"] == "Deny" or statement.get("Condition")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_built_as_the_package_it_is_imported_as(name: str) -> None:
    function = FUNCTIONS[name]
    package = function["CodeUri"].replace("/", ".")

    assert function["Handler"].startswith(f"{package}.")
    assert function["_"]["Metadata"]["BuildProperties"] == {
        "ParentPackageMode": "explicit", "ParentPackages": package,
    }  # fmt: skip


def test_every_parameter_says_what_it_is_for() -> None:
    for template in TEMPLATES.values():
        for parameter in template.get("Parameters", {}).values():
            assert parameter["Description"]
