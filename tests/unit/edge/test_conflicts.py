"""Whoever is overtaken tries again; a refusal is final."""

from __future__ import annotations

import pytest

from sheaf.edge import conflicts
from sheaf.edge.conflicts import in_turn
from sheaf.kernel.errors import Conflict


class Step:
    """Is overtaken some times, then it comes through."""

    def __init__(self, *refusals: Conflict) -> None:
        self.refusals = list(refusals)
        self.tries = 0

    def __call__(self) -> str:
        self.tries += 1
        if self.refusals:
            raise self.refusals.pop(0)
        return "done"


def test_it_is_ones_turn_in_the_end() -> None:
    step = Step(*(Conflict("overtaken") for _ in range(10)))
    assert in_turn(step) == "done"
    assert step.tries == 11


def test_a_refusal_is_final() -> None:
    step = Step(Conflict("overtaken"), Conflict("It is issued.", code="not_a_draft"))
    with pytest.raises(Conflict, match=r"It is issued\."):
        in_turn(step)
    assert step.tries == 2


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conflicts, "_PATIENCE", 0)
    step = Step(*(Conflict("overtaken") for _ in range(10)))
    with pytest.raises(Conflict):
        in_turn(step)
    assert step.tries == 1
