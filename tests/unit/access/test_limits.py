"""How often what may be tried: the numbers stand in the documentation, so they are written out once more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sheaf.access import limits
from sheaf.access.limits import Allowance, Limit, in_words

FIFTEEN = timedelta(minutes=15)
PROMISED = {
    "MAIL_TO_ADDRESS": Limit("mail to address", 5, FIFTEEN),
    "MAIL_FROM_PLACE": Limit("mail from place", 60, FIFTEEN),
    "SIGN_IN_FROM_PLACE": Limit("sign-in from place", 300, FIFTEEN),
    "CODES_OF_USER": Limit("codes of user", 5, FIFTEEN),
    "INVITATIONS_OF_CALLER": Limit("invitations", 20, timedelta(hours=1)),
    "INVITATIONS_OF_WORKSPACE": Limit("invitations of workspace", 100, timedelta(days=1)),
    "CHANGES_TO_ACCOUNT": Limit("account changes", 120, timedelta(minutes=10)),
    "UPLOADS_OF_CALLER": Limit("uploads", 300, timedelta(minutes=1)),
    "UPLOADS_IN_BATCHES": Limit("uploads in batches", 3000, timedelta(minutes=10)),
    "UPLOADS_OF_WORKSPACE": Limit("uploads of workspace", 3000, timedelta(minutes=10)),
    "PAY_PAGES_FROM_PLACE": Limit("pay pages from place", 120, timedelta(minutes=5)),
    "PAY_PAGES_OF_LINK": Limit("pay pages of link", 120, timedelta(minutes=5)),
    "CHECKOUTS_OF_LINK": Limit("checkouts of link", 20, FIFTEEN),
    "MAILS_OF_WORKSPACE": Limit("mails of workspace", 500, timedelta(hours=1)),
    "WEBHOOKS_OF_ENDPOINT": Limit("webhooks of endpoint", 600, timedelta(minutes=1)),
}


def test_these_are_the_limits() -> None:
    assert {name: each for name, each in vars(limits).items() if isinstance(each, Limit)} == PROMISED


@pytest.mark.parametrize("limit", PROMISED.values(), ids=PROMISED)
def test_as_many_tries_come_back_in_the_time_as_there_were(limit: Limit) -> None:
    assert limit.interval * limit.tries == limit.per


def test_each_limit_and_each_key_have_a_bucket_of_their_own() -> None:
    one, other = Limit("a", 1, FIFTEEN), Limit("ab", 1, FIFTEEN)
    assert len({one.digest("bc"), one.digest("bd"), other.digest("c"), other.digest("bc")}) == 4
    assert "bc" not in one.digest("bc")


@pytest.mark.parametrize(("full_in", "next_in"), [(0, 0), (10, 0), (12, 0), (13, 1), (15, 3), (18, 6)])
def test_a_try_comes_back_when_the_bucket_is_one_short_of_full(full_in: int, next_in: int) -> None:
    left = Allowance(Limit("a", 5, FIFTEEN), remaining=0, full_in=timedelta(minutes=full_in))
    assert left.next_in == timedelta(minutes=next_in)


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        ({"milliseconds": 1}, "1 second"),
        ({"seconds": 1, "milliseconds": 1}, "2 seconds"),
        ({"seconds": 60}, "60 seconds"),
        ({"seconds": 61}, "2 minutes"),
        ({"minutes": 3}, "3 minutes"),
        ({"minutes": 60}, "60 minutes"),
        ({"minutes": 60, "seconds": 1}, "2 hours"),
        ({"minutes": 61}, "2 hours"),
        ({"days": 1}, "24 hours"),
    ],
)
def test_a_wait_is_told_in_words_and_never_too_short(wait: dict[str, int], words: str) -> None:
    assert in_words(timedelta(**wait)) == words
