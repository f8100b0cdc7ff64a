"""Nested stacks folded into the one that names them.

The embedded AWS loses the attributes of unchanged resources when it updates a nested stack; a single stack
it updates well. A resource ``Table`` of the nested stack ``Data`` becomes ``DataTable``, a parameter becomes
what the parent gives for it, and ``!GetAtt Data.Outputs.X`` becomes the value of the output ``X``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Json = Any
"""A value of a template, intrinsic functions included."""

_STACK = "AWS::CloudFormation::Stack"
_VARIABLE = re.compile(r"\$\{([A-Za-z0-9]+)(\.[A-Za-z0-9.]+)?\}")


def folded(template: dict[str, Json], read: Callable[[str], dict[str, Json]]) -> dict[str, Json]:
    """``read`` gives the nested template a ``TemplateURL`` means."""
    resources = template["Resources"]
    children = {
        name: _Child(
            name, read(resource["Properties"]["TemplateURL"]), resource["Properties"].get("Parameters", {})
        )
        for name, resource in resources.items()
        if resource["Type"] == _STACK
    }
    outputs = {
        f"{name}.{output}": child.moved(declared["Value"])
        for name, child in children.items()
        for output, declared in child.template.get("Outputs", {}).items()
    }
    merged = {name: resource for name, resource in resources.items() if name not in children}
    conditions = dict(template.get("Conditions", {}))
    for name, child in children.items():
        for section, target in (("Resources", merged), ("Conditions", conditions)):
            for logical_id, content in child.template.get(section, {}).items():
                target[name + logical_id] = child.moved(content)
    everything = template | {"Resources": merged, "Conditions": conditions}
    return {key: _with_outputs(value, outputs) for key, value in everything.items()}


@dataclass(frozen=True)
class _Child:
    name: str
    template: dict[str, Json]
    arguments: dict[str, Json]

    def moved(self, value: Json) -> Json:
        """A part of the nested template, said in the parent's words."""
        match value:
            case [*items]:
                moved: Json = [self.moved(item) for item in items]
            case {"Ref": str(name)}:
                moved = self._argument(name) if name in self._parameters else {"Ref": self._renamed(name)}
            case {"Fn::GetAtt": [str(name), attribute]}:
                moved = {"Fn::GetAtt": [self._renamed(name), attribute]}
            case {"Fn::Sub": str(text)}:
                moved = self._substitution(text)
            case {"Fn::If": [str(name), *branches]}:
                moved = {"Fn::If": [self.name + name, *self.moved(branches)]}
            case dict():
                moved = {key: self._member(key, item) for key, item in value.items()}
            case _:
                moved = value
        return moved

    def _member(self, key: str, value: Json) -> Json:
        names_a_neighbour = key in {"DependsOn", "Condition"} and isinstance(value, str)
        return self.name + value if names_a_neighbour else self.moved(value)

    @property
    def _parameters(self) -> dict[str, Json]:
        return dict(self.template.get("Parameters", {}))

    def _argument(self, name: str) -> Json:
        return self.arguments.get(name, self._parameters[name].get("Default"))

    def _renamed(self, name: str) -> str:
        return name if name.startswith("AWS::") else self.name + name

    def _substitution(self, text: str) -> Json:
        variables: dict[str, Json] = {}

        def rename(found: re.Match[str]) -> str:
            name, attribute = found[1], found[2] or ""
            if name in self._parameters:
                variables[name] = self._argument(name)
                return found[0]
            return f"${{{self.name}{name}{attribute}}}"

        renamed = _VARIABLE.sub(rename, text)
        return {"Fn::Sub": [renamed, variables] if variables else renamed}


def _with_outputs(value: Json, outputs: dict[str, Json]) -> Json:
    if isinstance(value, list):
        return [_with_outputs(item, outputs) for item in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"Fn::GetAtt": [str(name), str(attribute)]} if attribute.startswith("Outputs."):
            return _with_outputs(outputs[f"{name}.{attribute.removeprefix('Outputs.')}"], outputs)
    return {key: _with_outputs(item, outputs) for key, item in value.items()}
