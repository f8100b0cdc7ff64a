"""Who sees which documents: the rule alone."""

from __future__ import annotations

import pytest

from sheaf.access.roles import Role
from sheaf.access.visibility import EVERYTHING, MOST_CLIENTS, Visibility, visibility_of

SOME = Visibility(frozenset({"cli_1", "cli_2"}))
NONE = Visibility(frozenset())


def test_whoever_is_not_limited_sees_everything() -> None:
    assert EVERYTHING.clients is None
    assert not EVERYTHING.is_limited
    assert all(EVERYTHING.sees(each) for each in (None, "cli_1"))


def test_whoever_is_limited_sees_the_documents_of_their_clients() -> None:
    assert SOME.is_limited
    assert SOME.sees("cli_1")
    assert SOME.sees("cli_2")
    assert not SOME.sees("cli_3")


def test_a_document_without_a_client_is_among_nobodys() -> None:
    assert not SOME.sees(None)


def test_to_be_limited_to_nothing_is_to_see_nothing() -> None:
    assert NONE.is_limited
    assert not NONE.sees("cli_1")
    assert not NONE.sees(None)


@pytest.mark.parametrize(
    ("visibility", "clients", "covered"),
    [
        (EVERYTHING, None, True),
        (EVERYTHING, ["cli_9"], True),
        (SOME, None, False),
        (SOME, ["cli_1"], True),
        (SOME, ["cli_1", "cli_2"], True),
        (SOME, ["cli_1", "cli_3"], False),
        (SOME, [], True),
        (NONE, ["cli_1"], False),
        (NONE, None, False),
    ],
)
def test_what_lies_within(visibility: Visibility, clients: list[str] | None, covered: bool) -> None:
    assert visibility.covers(clients) is covered


@pytest.mark.parametrize("role", [Role.OWNER, Role.ADMIN])
def test_owners_and_admins_are_never_limited(role: Role) -> None:
    assert visibility_of(role, frozenset({"cli_1"})) == EVERYTHING
    assert visibility_of(role, frozenset()) == EVERYTHING


@pytest.mark.parametrize("role", [Role.MEMBER, Role.READ_ONLY])
def test_members_and_readers_are_as_far_as_somebody_says_so(role: Role) -> None:
    assert visibility_of(role, frozenset({"cli_1"})) == Visibility(frozenset({"cli_1"}))
    assert visibility_of(role, frozenset()) == NONE
    assert visibility_of(role, None) == EVERYTHING


def test_as_many_clients_as_an_item_holds_without_costing_more() -> None:
    assert MOST_CLIENTS == 50
    assert len(",".join(f"cli_{number:026d}" for number in range(MOST_CLIENTS))) < 4096 // 2
