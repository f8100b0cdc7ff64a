"""How long the state machines run: some steps in every test run, 200 lives of 50 steps in `make lives`."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings


def is_long() -> bool:
    return settings.get_current_profile_name() == "lives"


def lives(examples: int, steps: int) -> settings:
    return settings(
        max_examples=settings.default.max_examples if is_long() else examples,
        stateful_step_count=settings.default.stateful_step_count if is_long() else steps,
        deadline=None,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),  # to make a failure smaller takes minutes here
        suppress_health_check=list(HealthCheck),
    )
