"""Every mutant against the tests that are to notice it, each in a process of its own.

What is in the body of a function is exchanged in a process that has collected the tests and run them once:
a fork of it has nothing to import. What runs at import is in the module from the start of another process.
"""

from __future__ import annotations

import ast
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import json
import os
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

from tests.mutation.mutants import Mutant
from tests.mutation.suites import SOURCE

_OPTIONS = (
    "-x",
    "-q",
    "--tb=no",
    "-p",
    "no:cacheprovider",
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",
)
"""Plugins are imported before the fork, so pytest does not see them come."""

_SLOWER = 4
_AT_LEAST_SECONDS = 60
_LONGEST_SECONDS = 600
_HEAVY = (
    "boto3", "cryptography.hazmat.primitives.ciphers.aead", "email_validator", "hypothesis", "joserfc.jwt",
    "moto", "moto.dynamodb", "moto.s3", "pyotp", "pydantic", "pynamodb.connection",
    "samtranslator.yaml_helper", "webauthn",
)  # fmt: skip


class Unready(Exception):
    """The tests do not pass on the module as it is."""


def preload() -> None:
    """What tests need and no mutant is in. Nothing of ours: that is imported with the change in it."""
    for name in _HEAVY:
        importlib.import_module(name)


def noticed(
    module: str, mutants: Sequence[Mutant], tests: Sequence[str], *, at_once: int
) -> Iterator[tuple[Mutant, bool]]:
    """In the order in which they end. Raises Unready."""
    in_place = [mutant for mutant in mutants if mutant.runs_later]
    reading, writing = os.pipe()
    exchanging = _Exchanging(module, in_place, at_once, writing)
    collector = _forked(lambda: int(pytest.main([*_OPTIONS, *tests], plugins=[exchanging])))
    os.close(writing)
    with os.fdopen(reading) as said:
        is_ready = said.readline() != ""
        for line in said:
            at, status = json.loads(line)
            yield in_place[at], status != pytest.ExitCode.OK
    os.waitpid(collector, 0)
    if not is_ready:
        raise Unready(module)
    afresh = [mutant for mutant in mutants if not mutant.runs_later]
    jobs = [partial(_anew, tests, mutant) for mutant in afresh]
    for at, status in _pool(jobs, at_once=at_once, seconds=_LONGEST_SECONDS):
        yield afresh[at], status != pytest.ExitCode.OK


def _anew(tests: Sequence[str], mutant: Mutant) -> int:
    sys.meta_path.insert(0, _Replaced(mutant))
    return int(pytest.main([*_OPTIONS, *tests]))


class _Exchanging:
    """A pytest plugin: runs the tests once as they are, then for each mutant, in a fork, those of them that
    called the changed function, the quick ones first.
    """

    def __init__(self, module: str, mutants: Sequence[Mutant], at_once: int, writing: int) -> None:
        self._path = str(SOURCE / module)
        self._mutants = mutants
        self._at_once = at_once
        self._writing = writing
        self._callers: dict[str, set[int]] = {}
        """Function → the numbers of the tests that called it."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        times = self._run_unchanged(session)
        if session.testsfailed:
            return True
        firsts = {item.path: time for item, time in reversed([*zip(session.items, times, strict=True)])}
        order = sorted(range(len(times)), key=lambda at: (firsts[session.items[at].path], times[at]))
        seconds = max(_AT_LEAST_SECONDS, _SLOWER * sum(times))
        os.write(self._writing, b"ready\n")
        jobs = [partial(self._probe, session, mutant, order) for mutant in self._mutants]
        for at, status in _pool(jobs, at_once=self._at_once, seconds=seconds):
            os.write(self._writing, f"[{at}, {status}]\n".encode())
        return True

    def _run_unchanged(self, session: pytest.Session) -> list[float]:
        """How long each took."""
        times: list[float] = []

        def called(code: CodeType, _offset: int) -> Any:
            if code.co_filename != self._path:
                return sys.monitoring.DISABLE
            self._callers.setdefault(code.co_qualname.replace("<locals>.", ""), set()).add(len(times))
            return None

        tool, started = sys.monitoring.COVERAGE_ID, sys.monitoring.events.PY_START
        sys.monitoring.use_tool_id(tool, "mutation")
        sys.monitoring.register_callback(tool, started, called)
        sys.monitoring.set_events(tool, started)
        for item, following in zip(session.items, [*session.items[1:], None], strict=True):
            since = time.monotonic()
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            times.append(time.monotonic() - since)
        sys.monitoring.free_tool_id(tool)
        return times

    def _probe(self, session: pytest.Session, mutant: Mutant, order: Sequence[int]) -> int:
        callers = self._callers.get(mutant.scope, set())
        chosen = [session.items[at] for at in order if at in callers]
        _exchange(importlib.import_module(_name(mutant.path)), mutant.applied())
        for item, following in zip(chosen, [*chosen[1:], None][: len(chosen)], strict=True):
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.testsfailed:
                return int(pytest.ExitCode.TESTS_FAILED)
        return int(pytest.ExitCode.OK)


class _Replaced(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Gives the module of a mutant its other code, whoever imports it."""

    def __init__(self, mutant: Mutant) -> None:
        self._name = _name(mutant.path)
        self._path = mutant.path
        self._code = compile(mutant.applied(), str(mutant.path), "exec")

    def find_spec(self, fullname: str, *_: Any) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        return importlib.util.spec_from_file_location(fullname, self._path, loader=self)

    def get_code(self, _fullname: str) -> CodeType:
        return self._code

    def get_source(self, _fullname: str) -> str:
        return self._path.read_text(encoding="utf-8")


def _exchange(module: ModuleType, tree: ast.Module) -> None:
    """Gives the functions of a module the code of another tree, wherever they were imported to."""
    codes = dict(_codes(compile(tree, str(module.__file__), "exec")))
    for function in _functions(vars(module), module.__name__):
        if function.__qualname__ in codes:
            function.__code__ = codes[function.__qualname__]


def _codes(code: CodeType) -> Iterator[tuple[str, CodeType]]:
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield inner.co_qualname, inner
            yield from _codes(inner)


def _functions(names: Mapping[str, Any], module: str) -> Iterator[FunctionType]:
    for value in names.values():
        match value:
            case property(fget=found) | cached_property(func=found):
                pass
            case staticmethod() | classmethod():
                found = value.__func__
            case _:
                found = value
        if inspect.isclass(found) and found.__module__ == module:
            yield from _functions(vars(found), module)
        elif inspect.isroutine(found):
            inner = inspect.unwrap(found)
            if isinstance(inner, FunctionType) and inner.__module__ == module:
                yield inner


def _pool(jobs: Sequence[Callable[[], int]], *, at_once: int, seconds: float) -> Iterator[tuple[int, int]]:
    """The number of each job and its status, below 0 for one that took too long."""
    waiting, running = list(range(len(jobs)))[::-1], dict[int, tuple[int, float]]()
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                at = waiting.pop()
                running[_forked(jobs[at])] = at, time.monotonic()
            time.sleep(0.01)
            for pid, (at, since) in list(running.items()):
                too_long = time.monotonic() - since > seconds
                if too_long:
                    os.kill(pid, signal.SIGKILL)
                ended, status = os.waitpid(pid, 0 if too_long else os.WNOHANG)
                if ended:
                    del running[pid]
                    yield at, os.waitstatus_to_exitcode(status)
    finally:
        for pid in running:
            os.kill(pid, signal.SIGKILL)


def _forked(job: Callable[[], int]) -> int:
    """The process that does it; what it prints is nobody's."""
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        pid = os.fork()
    if pid:
        return pid
    status = -1 % 256
    try:
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        status = job()
    finally:
        os._exit(status)


def _name(path: Path) -> str:
    return ".".join(path.relative_to(SOURCE).with_suffix("").parts)
