"""The list of harmless mutants and the map of suites keep up with the code."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.mutation.__main__ import explained
from tests.mutation.mutants import mutants
from tests.mutation.suites import ROOT, SOURCE, SUITES, WITHOUT_RULES


def changed(path: Path) -> set[str]:
    return {f"{mutant.before} → {mutant.after}" for mutant in mutants(path)}


def test_every_module_of_the_access_rules_is_mutated_by_tests_that_exist() -> None:
    there = {path.name for path in (SOURCE / "sheaf" / "access").glob("*.py")}
    assert there - WITHOUT_RULES == {Path(module).name for module in SUITES if "/access/" in module}
    assert all((ROOT / test).exists() for tests in SUITES.values() for test in tests)


def test_what_is_called_harmless_is_still_in_the_code() -> None:
    made = [mutant.id for module in SUITES for mutant in mutants(SOURCE / module)]
    assert len(set(made)) == len(made), "an id names one mutant"
    assert set(explained()) <= set(made)
    assert all(explained().values())


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f(a):\n    if a < 1: raise E('no')", {"a < 1 → a <= 1", "if a < 1 → if False", "1 → 2"}),
        ("def f(a):\n    a.check()\n    raise E", {"a.check() → pass", "raise E → pass"}),
        ("def f(a, b): return a and not b", {"a and (not b) → not b", "a and (not b) → a", "not b → b"}),
        ("def f(a): g(a, who=a.id)", {"g(a, who=a.id) → g(a)"}),
        ("HEADER = f'{a}; Secure'", {"'; Secure' → ''"}),
        ("class R(StrEnum):\n    A = 'a'\n    B = 'b'\nX = {R.A}", {" → R.B"}),
        ("def f(i): p(i.pk.exists())", {"i.pk.exists() → None"}),
    ],
)
def test_the_changes_that_open_a_door_are_among_them(tmp_path: Path, source: str, expected: set[str]) -> None:
    path = tmp_path / "module.py"
    path.write_text(source, encoding="utf-8")
    assert expected <= changed(path)


def test_what_a_set_has_from_another_is_not_given_to_it_once_more(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(
        "class R(StrEnum):\n    A = 'a'\n    B = 'b'\n    C = 'c'\n"
        "X = frozenset({R.A})\nY = X | {R.B}\nZ = Y | {R.C}\n",
        encoding="utf-8",
    )
    more = {mutant.id.partition(".")[2] for mutant in mutants(path) if not mutant.before}
    assert more == {"X:  → R.B", "X:  → R.C", "Y:  → R.C"}


def test_words_for_people_and_types_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text(
        '"""Says."""\ndef f(a: int | str) -> int | str:\n    """Says."""\n    return a\n', encoding="utf-8"
    )
    assert changed(path) == set()


def test_a_mutant_is_a_module_that_compiles(tmp_path: Path) -> None:
    path = tmp_path / "module.py"
    path.write_text("def f(a):\n    return a == 1 and a in (1, 2)\n", encoding="utf-8")
    for at in range(len(mutants(path))):
        mutant = mutants(path)[at]
        assert ast.unparse(mutant.applied()) != ast.unparse(ast.parse(path.read_text(encoding="utf-8")))
        compile(mutant.applied(), str(path), "exec")
