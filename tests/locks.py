"""The locked requirements, held against what is asked for; needs no network."""

from __future__ import annotations

import re
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
LOCKS = {
    "requirements/common.in": "layers/common/python/requirements.txt",
    "requirements/typesetting.in": "layers/typesetting/python/requirements.txt",
    "requirements/reader.in": "requirements/reader.txt",
    "requirements/dev.in": "requirements/dev.txt",
    "requirements/bench.in": "requirements/bench.txt",
}
_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+?)(?: ;.*)? \\$")


def problems() -> list[str]:
    """What is wrong, a sentence each; nothing when all is well."""
    found: list[str] = []
    everything: dict[str, Version] = {}
    for source, lock in LOCKS.items():
        text = (ROOT / lock).read_text(encoding="utf-8")
        pins = _pins(text)
        for wanted in _wanted(ROOT / source):
            version = pins.get(canonicalize_name(wanted.name))
            if version is None or version not in wanted.specifier:
                found.append(f"{source} asks for {wanted}, {lock} has {version}: run `make lock`.")
        found += [
            f"{lock} has {name} {version}, another lock {everything[name]}: run `make lock`."
            for name, version in pins.items()
            if everything.setdefault(name, version) != version
        ]
        if text.count("--hash=sha256:") < len(pins):
            found.append(f"{lock} has pins without a hash: run `make lock`.")
        if "://" in text:
            found.append(f"{lock} names a host.")
    return found


def _pins(text: str) -> dict[str, Version]:
    matches = (_PIN.match(line) for line in text.splitlines())
    return {canonicalize_name(match[1]): Version(match[2]) for match in matches if match}


def _wanted(source: Path) -> list[Requirement]:
    lines = (line.strip() for line in source.read_text(encoding="utf-8").splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-r"))]
