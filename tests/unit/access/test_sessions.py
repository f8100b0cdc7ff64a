"""How long a session is good for, to the second: the lengths are promises, written out here once more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sheaf.access.invitations import LIFETIME, Invitation
from sheaf.access.roles import Role
from sheaf.access.sessions import GRACE, IDLE, LONGEST, RECENT, SEEN_EVERY, Factor, Session

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def session(**fields: object) -> Session:
    given = {"id": "ses_1", "digest": "d", "user_id": "usr_1", "created_at": NOW, "proved_at": NOW}
    return Session.model_validate(given | {"seen_at": NOW, "ends_at": NOW + LONGEST} | fields)


def test_the_lengths() -> None:
    assert timedelta(hours=12) == IDLE
    assert timedelta(days=14) == LONGEST
    assert timedelta(minutes=10) == SEEN_EVERY == RECENT
    assert timedelta(seconds=30) == GRACE


def test_it_ends_when_it_was_not_used_for_half_a_day() -> None:
    assert session().is_live(NOW + timedelta(hours=12) - SECOND)
    assert not session().is_live(NOW + timedelta(hours=12))


def test_it_ends_at_its_end_however_much_it_is_used() -> None:
    used = session(seen_at=NOW + timedelta(days=14))
    assert used.is_live(NOW + timedelta(days=14) - SECOND)
    assert not used.is_live(NOW + timedelta(days=14))


def test_who_proved_who_they_are_has_ten_minutes() -> None:
    assert session().was_proved_lately(NOW + timedelta(minutes=10) - SECOND)
    assert not session().was_proved_lately(NOW + timedelta(minutes=10))


@pytest.mark.parametrize("factor", Factor)
def test_a_mail_and_a_provider_are_no_second_factor(factor: Factor) -> None:
    second = {"passkey", "totp", "recovery"}
    assert session(factors={factor}).has_second_factor is (factor.value in second)
    assert session(factors={Factor.EMAIL, factor}).has_second_factor is (factor.value in second)


def test_an_invitation_is_open_until_it_is_not() -> None:
    offered = Invitation(
        id="ivt_1", email="a@example.test", role=Role.MEMBER, invited_by="usr_1", expires_at=NOW, digest="d"
    )
    assert offered.is_open(NOW - SECOND)
    assert not offered.is_open(NOW)
    assert timedelta(days=7) == LIFETIME


def test_a_session_awaits_nothing_unless_it_is_told_to() -> None:
    """Whoever has set no second factor up is never asked for one."""
    assert not session().awaits_second_factor
    assert session(awaits_second_factor=True).awaits_second_factor
