"""What docs/client.md shows is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from sheaf_cli.main import app
from sheaf_client import models
from sheaf_client.operations import OPERATIONS

TEXT = (Path(__file__).parents[3] / "docs" / "client.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"```(sh|python)\n(.*?)```", TEXT, re.DOTALL))
LINES = [line for line in BLOCKS["sh"].splitlines() if line.startswith("sheaf ")]


@pytest.mark.parametrize("line", LINES)
def test_a_command_has_these_options(line: str) -> None:
    words = shlex.split(line.replace("#", " "))[1:]
    command: Any = get_command(app)
    while hasattr(command, "get_command") and (inner := command.get_command(None, words[0])):
        command, words = inner, words[1:]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


def test_the_example_in_python_uses_what_is_there() -> None:
    example = BLOCKS["python"].replace("...", "pass")
    compile(example, "client.md", "exec")
    called = set(re.findall(r"sheaf\.(\w+\.\w+)\(", example))
    assert called <= {*OPERATIONS.values(), "documents.each"}
    [imported] = re.findall(r"from sheaf_client\.models import (.*)", example)
    assert all(hasattr(models, name) for name in imported.split(", "))
