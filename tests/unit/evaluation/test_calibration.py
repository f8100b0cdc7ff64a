"""AUROC and ECE against values computed by hand."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf_cli.evaluation.calibration import auroc, calibration, reliability

answers = st.lists(
    st.tuples(st.sampled_from((0.1, 0.4, 0.5, 0.8, 0.81, 1.0)), st.booleans()), min_size=1, max_size=60
)


def _auroc(scores: list[float], hits: list[int]) -> float | None:
    return auroc(np.array(scores), np.array(hits, dtype=np.float64))


def test_of_four_pairs_three_are_in_order() -> None:
    assert _auroc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]) == 0.75


def test_a_tie_between_right_and_wrong_is_half_a_pair() -> None:
    # pairs: (.5 over .5) half, (.5 over .2) one, (.9 over .5) one, (.9 over .2) one
    assert _auroc([0.5, 0.5, 0.9, 0.2], [1, 0, 1, 0]) == 3.5 / 4


def test_one_confidence_for_everything_tells_nothing_apart() -> None:
    assert _auroc([1, 1, 1, 1, 1], [1, 1, 0, 1, 0]) == 0.5


@pytest.mark.parametrize("hit", [0, 1])
def test_without_both_right_and_wrong_answers_there_is_no_auroc(hit: int) -> None:
    assert _auroc([0.3, 0.9], [hit, hit]) is None


@given(answers)
def test_auroc_is_the_share_of_pairs_in_order(sample: list[tuple[float, bool]]) -> None:
    right = [score for score, hit in sample if hit]
    wrong = [score for score, hit in sample if not hit]
    pairs = [(a > b) + (a == b) / 2 for a in right for b in wrong]
    found = _auroc([score for score, _ in sample], [int(hit) for _, hit in sample])
    assert found == (pytest.approx(sum(pairs) / len(pairs)) if pairs else None)


def test_ece_of_two_answers_a_bin() -> None:
    scores = [bin_ / 10 + offset for bin_ in range(10) for offset in (0.02, 0.08)]
    hits = [False] * 10 + [True] * 10
    found = calibration(scores, hits)
    assert found is not None
    # |accuracy - confidence|: .05 .15 .25 .35 .45 in the lower half, the same mirrored in the upper
    assert found.ece == pytest.approx(0.25)
    assert [bin_.count for bin_ in found.bins] == [2] * 10
    assert found.auroc == 1.0


def test_ece_of_one_confidence_is_its_distance_from_the_accuracy() -> None:
    found = calibration([0.9] * 8, [True] * 6 + [False] * 2)
    assert found is not None
    assert found.ece == pytest.approx(0.15)
    assert [(bin_.count, bin_.accuracy) for bin_ in found.bins] == [(8, 0.75)]


def test_equal_confidences_are_never_split_between_bins() -> None:
    scores = np.array([0.2] * 3 + [0.7] * 14 + [0.9] * 3)
    bins = reliability(scores, np.array([1.0] * 20))
    assert [(bin_.count, round(bin_.confidence, 6)) for bin_ in bins] == [(3, 0.2), (14, 0.7), (3, 0.9)]


@given(answers, st.randoms())
def test_the_order_of_the_answers_does_not_matter(sample: list[tuple[float, bool]], random: Random) -> None:
    shuffled = sorted(sample, key=lambda _: random.random())
    one, other = (calibration([s for s, _ in x], [hit for _, hit in x]) for x in (sample, shuffled))
    assert one is not None
    assert other is not None
    assert one.ece == pytest.approx(other.ece)
    assert one.auroc == pytest.approx(other.auroc)
    assert sum(bin_.count for bin_ in one.bins) == len(sample)


def test_no_answers_have_no_calibration() -> None:
    assert calibration([], []) is None
