"""Logistic regression whose weights are kept small and may be kept from changing sign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

type Vector = np.ndarray[tuple[int], np.dtype[np.float64]]
type Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]

_STEPS = 60
_ENOUGH = 1e-6  # of the loss
_DESCENT = 1e-4
_SHORTEST_STEP = 1e-4


@dataclass(frozen=True)
class Problem:
    """``inputs`` has a row an answer, ``right`` is 1 or 0 for each, ``weight`` how much it counts.

    ``penalty`` is the ridge of each column; ``sign`` is 1 where its coefficient may not be negative, -1
    where not positive, 0 where it is free.
    """

    inputs: Matrix
    right: Vector
    weight: Vector
    penalty: Vector
    sign: Vector


def fit(problem: Problem) -> Vector:
    """The coefficients with the least loss, by Newton's method on those that are not held at 0 by their sign.

    Bertsekas, Projected Newton methods for optimization problems with simple constraints, 1982.
    """
    found: Vector = np.zeros(problem.inputs.shape[1])
    loss = _loss(problem, found)
    for _ in range(_STEPS):
        chance = _chance(problem.inputs @ found)
        slope = problem.inputs.T @ (problem.weight * (chance - problem.right)) + problem.penalty * found
        free = ~((found == 0) & (problem.sign * slope > 0))
        inputs = problem.inputs[:, free]
        curve = inputs.T @ ((problem.weight * chance * (1 - chance))[:, None] * inputs)
        step = np.zeros_like(found)
        step[free] = np.linalg.solve(curve + np.diag(problem.penalty[free]), slope[free])
        before = loss
        found, loss = _along(problem, found, step, slope, loss)
        if before - loss < _ENOUGH * abs(loss):
            break
    return found


def _along(problem: Problem, start: Vector, step: Vector, slope: Vector, loss: float) -> tuple[Vector, float]:
    """As far along the step as the loss falls; the start, if it does not."""
    share = 1.0
    while share > _SHORTEST_STEP:
        there = _allowed(start - share * step, problem.sign)
        new = _loss(problem, there)
        if new <= loss - _DESCENT * abs(slope @ (start - there)):
            return there, new
        share /= 2
    return start, loss


def _allowed(coefficients: Vector, sign: Vector) -> Vector:
    kept: Vector = np.where(coefficients * sign < 0, 0.0, coefficients)
    return kept


def _chance(score: Vector) -> Vector:
    chance: Vector = 1 / (1 + np.exp(-np.clip(score, -30, 30)))
    return chance


def _loss(problem: Problem, coefficients: Vector) -> float:
    score = problem.inputs @ coefficients
    losses: Any = np.logaddexp(0, score) - problem.right * score
    return float(problem.weight @ losses + 0.5 * problem.penalty @ coefficients**2)
