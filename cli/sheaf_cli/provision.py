"""``sheaf create-workspace`` and ``sheaf create-key``, on the running local system or a deployed one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from sheaf.access.roles import Role
from sheaf.kernel.errors import NotFound
from sheaf_cli.local import STATE, State, running, stop

if TYPE_CHECKING:
    from sheaf.edge.provisioning import Provisioned

Stack = Annotated[
    str | None, typer.Option(help="A deployed stack, with your AWS credentials; else the local system.")
]
RoleOption = Annotated[Role, typer.Option(help="What the key may do.")]


def create_workspace(
    name: Annotated[str, typer.Argument(help="Its name.")],
    role: RoleOption = Role.OWNER,
    stack: Stack = None,
    state: State = STATE,
) -> None:
    """Make a workspace and its first API key, which is shown this once."""
    connect(stack, state)
    from sheaf.edge import provisioning

    _show(provisioning.create_workspace(name, key_role=role), role)


def create_key(
    role: RoleOption = Role.MEMBER,
    workspace: Annotated[
        str | None, typer.Option(help="The workspace's id; the demo workspace if left out.")
    ] = None,
    stack: Stack = None,
    state: State = STATE,
) -> None:
    """Make another API key for a workspace."""
    local = connect(stack, state)
    workspace = workspace or local.get("workspace_id")
    if workspace is None:
        stop("Say which workspace: --workspace wrk_...")
    from sheaf.edge import provisioning

    try:
        made = provisioning.create_key(workspace, role.value, role=role)
    except NotFound as error:
        stop(error.message)
    _show(made, role)


def _show(made: Provisioned, role: Role) -> None:
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"Workspace  {made.workspace_id}")
    console.print(f"API key    {made.api_key}  ({role.value}; it is not shown again)")


def connect(stack: str | None, state: Path) -> dict[str, Any]:
    """Puts into the environment what the functions of that system have in theirs."""
    if stack is not None:
        os.environ.update(_outputs(stack))
        return {}
    local = running(state)
    os.environ.update(local["environment"])
    return local


def _outputs(stack: str) -> dict[str, str]:
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        described = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    except (BotoCoreError, ClientError) as error:
        stop(
            f"The stack {stack} could not be read: {error} "
            "It needs your AWS credentials and region (AWS_PROFILE, AWS_DEFAULT_REGION)."
        )
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
    return {
        "SHEAF_RECORDS_TABLE": outputs["RecordsTable"],
        "SHEAF_DIRECTORY_TABLE": outputs["DirectoryTable"],
        "SHEAF_BUCKET": outputs["FilesBucket"],
        "SHEAF_TENANT_ROLE_ARN": outputs["OperatorRole"],
        "SHEAF_SECRETS_PATH": outputs["SecretsPath"],
    }
