"""What is learnt about confidence: the same from the same documents, within the signs that make sense."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sheaf_cli.evaluation.labels import load
from training.calibrate import KINDS, Example, examples, learn, probability, stored
from training.generate import generate
from training.logistic import Problem, fit


def problem(sign: int) -> Problem:
    """The more of the one input, the likelier it is right."""
    inputs = np.column_stack((np.linspace(0, 1, 40), np.ones(40)))
    return Problem(
        inputs=inputs,
        right=(inputs[:, 0] > 0.6).astype(np.float64),
        weight=np.ones(40),
        penalty=np.array([0.1, 0.1]),
        sign=np.array([float(sign), 0.0]),
    )


def test_the_slope_follows_the_examples() -> None:
    slope, intercept = fit(problem(1))
    assert slope > 5
    assert abs(-intercept / slope - 0.6) < 0.1


def test_a_sign_that_is_not_allowed_is_not_learnt() -> None:
    slope, intercept = fit(problem(-1))
    assert slope == 0
    assert 1 / (1 + np.exp(-intercept)) == pytest.approx(0.4, abs=0.02)


def test_what_is_learnt_predicts_how_often_it_is_right() -> None:
    lesson = [
        Example(
            "s", "total", {"balanced": float(balanced), "typed": 0.9}, right, generated=False, half="tuned"
        )
        for balanced, share in ((True, 490), (False, 250))
        for right in (True,) * share + (False,) * (500 - share)
    ]
    learnt = learn(lesson)
    balanced, unbalanced = (probability(lesson[place], learnt) for place in (0, -1))
    assert balanced == pytest.approx(0.98, abs=0.05)
    assert unbalanced == pytest.approx(0.5, abs=0.1)


def test_the_same_documents_teach_the_same(tmp_path: Path) -> None:
    generate(tmp_path / "made", count=8, seed=5, hard=0.5)
    texts = []
    for _ in range(2):
        lesson = list(examples([(one, True) for one in load(tmp_path / "made")], tmp_path / "answers"))
        texts.append(stored(learn(lesson), lesson, ["made"]))
    assert texts[0] == texts[1]
    content = json.loads(texts[0])
    assert content["learnt_from"] == {
        "sets": ["made"],
        "generated_answers": len(lesson),
        "labelled_answers": 0,
    }
    assert set(content["fields"]) <= {field for fields in KINDS.values() for field in fields}
