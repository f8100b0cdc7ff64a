from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from sheaf.edge.idempotency import claim
from sheaf.kernel.errors import InvalidRequest


class Keys:
    """The stored idempotency keys of one workspace."""

    def __init__(self) -> None:
        self.stored: dict[str, tuple[str, str]] = {}

    def get(self, key: str) -> tuple[str, str] | None:
        return self.stored.get(key)


def tenant(keys: Keys, actor: str = "key_1") -> Any:
    return SimpleNamespace(actor=SimpleNamespace(id=actor), idempotency=keys)


def test_a_key_belongs_to_its_holder_and_its_route() -> None:
    keys = Keys()
    made = {
        claim(tenant(keys, actor), "one", route, {"rawPath": "/a", "body": "{}"}).key
        for actor in ("key_1", "key_2")
        for route in ("POST /a", "POST /b")
    }
    assert len(made) == 4


def test_parts_of_a_key_cannot_be_shifted_into_each_other() -> None:
    keys = Keys()
    one = claim(tenant(keys, "key_1"), "b", "POST /a", {"rawPath": "/a"})
    other = claim(tenant(keys, "key_1"), "/ab", "POST ", {"rawPath": "/a"})
    assert one.key != other.key


@pytest.mark.parametrize("header", ["x" * 256, "a\x00b", "a\nb", "\x7f"])
def test_keys_are_short_and_printable(header: str) -> None:
    with pytest.raises(InvalidRequest):
        claim(tenant(Keys()), header, "POST /a", {"rawPath": "/a"})


def test_the_longest_key() -> None:
    assert claim(tenant(Keys()), "x" * 255, "POST /a", {"rawPath": "/a"}).subject is None


def test_another_body_is_another_request() -> None:
    keys = Keys()
    first = claim(tenant(keys), "one", "POST /a", {"rawPath": "/a", "body": '{"size": 1}'})
    keys.stored[first.key] = (first.fingerprint, "doc_1")
    assert claim(tenant(keys), "one", "POST /a", {"rawPath": "/a", "body": '{"size": 1}'}).subject == "doc_1"
    for body in ('{"size": 2}', '{"size": 1} ', None):
        with pytest.raises(InvalidRequest) as refusal:
            claim(tenant(keys), "one", "POST /a", {"rawPath": "/a", "body": body})
        assert refusal.value.code == "idempotency_key_reused"
