"""Prepares .venv: the locked packages, and our own, editable. Run by make; needs only Python.

    python3.13 requirements/install.py .venv

One at a time: a second call waits for the first and then finds everything done.
"""

from __future__ import annotations

import fcntl
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "dev.txt"
OWN = ("layers/common", "layers/reader", "cli")
READY = ".ready"
_PIP = ("-m", "pip", "--disable-pip-version-check", "install", "--no-compile")


def main(target: Path) -> int:
    target.mkdir(exist_ok=True)
    with (ROOT / ".venv.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"{target} is being prepared by another make; waiting for it ...", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        if is_ready(target):
            return 0
        print(f"Preparing {target} (the first time takes a minute or two) ...", flush=True)
        venv.create(target, clear=True, with_pip=True)
        python = str(target / "bin" / "python")
        status = _packages(python) or subprocess.call(
            [python, *_PIP, "-qq", "--no-deps", "--no-build-isolation", *_editable()]
        )
        if status == 0:
            (target / READY).touch()
        return status


def is_ready(target: Path) -> bool:
    ready = target / READY
    sources = (LOCK, ROOT / ".python-version", *(ROOT / name / "pyproject.toml" for name in OWN))
    return ready.exists() and all(ready.stat().st_mtime >= source.stat().st_mtime for source in sources)


def _packages(python: str) -> int:
    """Installs the locked packages; on a terminal, says how far it is."""
    count = sum(1 for line in LOCK.read_text().splitlines() if "==" in line and not line[0].isspace())
    command = [python, *_PIP, "--progress-bar", "off", "--require-hashes", "--requirement", str(LOCK)]
    said: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        found = 0
        for line in pip.stdout or ():
            said.append(line)
            found += line.startswith("Collecting ")
            if sys.stdout.isatty():
                step = "installing" if line.startswith("Installing ") else f"{found} of {count} packages"
                print(f"\r  {step:<30}", end="", flush=True)
    if sys.stdout.isatty():
        print("\r" + " " * 40, end="\r", flush=True)
    if pip.returncode:
        print("".join(said[-25:]), end="")
        print("The packages could not be installed; what pip said stands above.")
    return pip.returncode


def _editable() -> list[str]:
    return [argument for name in OWN for argument in ("--editable", str(ROOT / name))]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
