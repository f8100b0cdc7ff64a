"""``make clean``: forgets the local state, unless a host is using it. Needs nothing but Python."""

from __future__ import annotations

import shutil
import sys

from infra.local.directory import CHECKOUT, opened
from infra.local.failure import LocalError


def main() -> int:
    state = CHECKOUT / ".sheaf"
    if not state.exists():
        return 0
    try:
        with opened(state) as directory:
            shutil.rmtree(directory.root)
    except LocalError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
