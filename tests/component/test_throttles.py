"""Buckets of tries: a try comes back in its time, nobody else's is touched."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sheaf.access.limits import Limit
from sheaf.kernel.errors import TooManyRequests
from tests.builders.world import SETTINGS, World

LIMIT = Limit("tests", 5, timedelta(minutes=5))


def taken(world: World, key: str = "ada") -> bool:
    try:
        world.app.throttles.take(LIMIT, key)
    except TooManyRequests:
        return False
    return True


def test_tries_come_back_one_by_one(world: World) -> None:
    assert [taken(world) for _ in range(7)] == [True] * 5 + [False] * 2
    for _ in range(3):
        world.tick(minutes=1)
        assert [taken(world) for _ in range(2)] == [True, False]
    world.tick(minutes=3)
    assert [taken(world) for _ in range(4)] == [True, True, True, False]
    world.tick(days=9)
    assert [taken(world) for _ in range(6)] == [True] * 5 + [False], "never more than a whole bucket"


def test_it_says_when_to_go_on(world: World) -> None:
    for _ in range(5):
        taken(world)
    world.tick(seconds=20)
    with pytest.raises(TooManyRequests) as refused:
        world.app.throttles.take(LIMIT, "ada")
    assert refused.value.retry_after == timedelta(seconds=40)
    world.tick(seconds=39)
    assert not taken(world)
    world.tick(seconds=1)
    assert taken(world)


def test_buckets_are_apart(world: World) -> None:
    for _ in range(6):
        taken(world)
    assert taken(world, "bob")
    world.app.throttles.take(Limit("others", 5, timedelta(minutes=5)), "ada")


def test_what_was_good_is_given_back(world: World) -> None:
    for _ in range(20):
        assert taken(world)
        world.app.throttles.give_back(LIMIT, "ada")
    world.app.throttles.give_back(LIMIT, "nobody")
    assert [taken(world) for _ in range(6)] == [True] * 5 + [False]


def test_the_table_does_not_say_who(world: World) -> None:
    taken(world, "ada@example.com")
    [item] = world.items("THROTTLE", SETTINGS.directory_table)
    assert "ada" not in str(item)
