"""``make run``: the whole system, until Ctrl-C."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from pathlib import Path
from typing import NoReturn

from rich.console import Console

from infra.local.demo import Demo, DemoError
from infra.local.directory import CHECKOUT
from infra.local.failure import LocalError
from infra.local.screen import Screen
from infra.local.stack import LocalStack


def main() -> int:
    arguments = _arguments()
    _forget_own_aws()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, _leave)
    try:
        run(arguments.state, arguments.port, Screen(Console()))
    except LocalError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


def run(state: Path, port: int, screen: Screen) -> None:
    with LocalStack(state, port=port, notify=screen.say) as stack:
        _log_to(stack.directory.logs / "host.log")
        demo = Demo(stack)
        threading.Thread(target=stack.warm, name="warm", daemon=True).start()
        try:
            demo.prepare()
            with screen.progress() as show:
                demo.send_samples(show)
        except DemoError as error:
            screen.say(f"The samples could not be read: {error}")
        screen.ready(demo.local, demo.count())
        while True:
            signal.pause()


def _leave(*_: object) -> NoReturn:
    """Once: another Ctrl-C must not cut short what is being saved."""
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)
    sys.stderr.write("\nStopping ...\n")
    raise KeyboardInterrupt


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make run", description="Sheaf on an embedded AWS.")
    parser.add_argument("--port", type=_port, default=8000, help="where the API and the console answer")
    parser.add_argument(
        "--state", type=Path, default=CHECKOUT / ".sheaf", help="what is kept between two runs"
    )
    return parser.parse_args()


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) >= 1 << 16:
        raise argparse.ArgumentTypeError(f"{text} is no port: a number up to 65535")
    return int(text)


def _forget_own_aws() -> None:
    """No profile or endpoint of the user's own may reach what runs here."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}


def _log_to(path: Path) -> None:
    handler = logging.FileHandler(path)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])


if __name__ == "__main__":
    sys.exit(main())
