"""The ``sheaf`` command. A command's module is imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

# Name → module and the function in it that is the command, or the group of commands.
COMMANDS = {
    "audit": "sheaf_cli.audit:app",
    "bill": "sheaf_cli.bill:bill",
    "create-key": "sheaf_cli.provision:create_key",
    "create-workspace": "sheaf_cli.provision:create_workspace",
    "documents": "sheaf_cli.documents:app",
    "evaluate": "sheaf_cli.evaluate:evaluate",
    "export": "sheaf_cli.export:export",
    "invoices": "sheaf_cli.invoices:app",
    "read": "sheaf_cli.read:read",
    "review": "sheaf_cli.review:app",
    "secrets": "sheaf_cli.secrets:app",
    "sweep": "sheaf_cli.sweep:sweep",
    "upload": "sheaf_cli.upload:upload",
}


class _Lazy(TyperGroup):
    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 -- the signature is Click's
        return sorted(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 -- the signature is Click's
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        found = getattr(import_module(module), name)
        if isinstance(found, typer.Typer):
            group = get_command(found)
            group.name = cmd_name
            return group
        alone = typer.Typer(add_completion=False, rich_markup_mode="rich")
        alone.command(cmd_name)(found)
        return get_command(alone)


app = typer.Typer(
    cls=_Lazy,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Sheaf: read invoices, send, review and export them, keep the retention promise; issue one's own.",
)


@app.callback()
def _root() -> None:
    """Sheaf on the command line."""
