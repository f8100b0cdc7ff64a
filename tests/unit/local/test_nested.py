from __future__ import annotations

from typing import Any

from infra.local.nested import folded

CHILD: dict[str, Any] = {
    "Parameters": {"Name": {"Type": "String"}, "Days": {"Type": "Number", "Default": 7}},
    "Conditions": {"Named": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Name"}, ""]}]}},
    "Resources": {
        "Table": {"Type": "T", "Condition": "Named", "Properties": {"Days": {"Ref": "Days"}}},
        "Policy": {
            "Type": "P",
            "DependsOn": "Table",
            "Properties": {
                "Arn": {"Fn::Sub": "${Table.Arn}/${Name}/${AWS::Region}"},
                "Plain": {"Fn::Sub": "${Table}"},
                "Condition": {"Bool": {"aws:SecureTransport": "true"}},
                "Maybe": {"Fn::If": ["Named", {"Ref": "Table"}, {"Ref": "AWS::NoValue"}]},
            },
        },
    },
    "Outputs": {"TableArn": {"Value": {"Fn::GetAtt": ["Table", "Arn"]}}, "Name": {"Value": {"Ref": "Name"}}},
}


def stack(**arguments: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": "child", "Parameters": arguments},
    }


def fold(resources: dict[str, Any]) -> dict[str, Any]:
    return folded({"Resources": resources}, {"child": CHILD}.__getitem__)


def test_resources_take_the_name_of_their_stack() -> None:
    resources = fold({"Data": stack(Name="x")})["Resources"]

    assert set(resources) == {"DataTable", "DataPolicy"}
    assert resources["DataPolicy"]["DependsOn"] == "DataTable"
    assert resources["DataTable"]["Condition"] == "DataNamed"


def test_parameters_become_what_the_parent_gives_or_their_default() -> None:
    resources = fold({"Data": stack(Name={"Ref": "Title"})})["Resources"]

    assert resources["DataTable"]["Properties"]["Days"] == 7
    assert resources["DataPolicy"]["Properties"]["Arn"] == {
        "Fn::Sub": ["${DataTable.Arn}/${Name}/${AWS::Region}", {"Name": {"Ref": "Title"}}]
    }


def test_references_follow_and_pseudo_parameters_stay() -> None:
    properties = fold({"Data": stack(Name="x")})["Resources"]["DataPolicy"]["Properties"]

    assert properties["Plain"] == {"Fn::Sub": "${DataTable}"}
    assert properties["Maybe"] == {"Fn::If": ["DataNamed", {"Ref": "DataTable"}, {"Ref": "AWS::NoValue"}]}
    assert properties["Condition"] == {"Bool": {"aws:SecureTransport": "true"}}


def test_outputs_are_put_where_they_are_asked_for_through_other_stacks_too() -> None:
    resources = fold(
        {
            "Data": stack(Name="x"),
            "Roles": stack(Name={"Fn::GetAtt": ["Data", "Outputs.TableArn"]}),
            "Function": {"Type": "F", "Properties": {"Name": {"Fn::GetAtt": ["Roles", "Outputs.Name"]}}},
        }
    )["Resources"]

    assert resources["Function"]["Properties"]["Name"] == {"Fn::GetAtt": ["DataTable", "Arn"]}
