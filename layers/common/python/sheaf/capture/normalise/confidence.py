"""How likely the value of a field is right, from the evidence for and against it.

One logistic model a field: the weights in ``confidence.json`` times the evidence, added to the field's
intercept. ``training.calibrate`` writes that file and says in it what it was learnt from; fields of which no
labelled documents are known are not in it and keep the reader's own confidence.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sheaf.capture.normalise.evidence import Evidence
    from sheaf.capture.reading import Reading

MODEL = "confidence.json"


@dataclass(frozen=True)
class Weights:
    intercept: float
    weights: Mapping[str, float]

    def probability(self, evidence: Evidence) -> float:
        """0 to 1, neither of them reached."""
        sum_ = self.intercept + math.fsum(
            weight * evidence.get(name, 0.0) for name, weight in self.weights.items()
        )
        return 1 / (1 + math.exp(-sum_))


@cache
def model() -> dict[str, Weights]:
    """By field."""
    stored = json.loads((files(__package__) / MODEL).read_text(encoding="utf-8"))
    return {name: Weights(**learnt) for name, learnt in stored["fields"].items()}


def with_confidence(reading: Reading, evidence: Mapping[str, Evidence]) -> Reading:
    learnt = model()
    fields = {
        name: field.model_copy(update={"confidence": round(learnt[name].probability(evidence[name]), 3)})
        if name in learnt
        else field
        for name, field in reading.fields.items()
    }
    return reading.model_copy(update={"fields": fields})
