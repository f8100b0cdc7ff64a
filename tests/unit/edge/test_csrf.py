"""Who may have sent a request that changes something: our own pages, or a program that is no page at all."""

from __future__ import annotations

import pytest

from sheaf.edge.csrf import refuse_other_origins, require_same_origin
from sheaf.kernel.errors import Forbidden

OWN = "https://sheaf.invalid"
OURS = ({"origin": OWN}, {"referer": f"{OWN}/sign-in"}, {"origin": OWN, "referer": "https://evil.test/"})
OTHERS = (
    {"origin": "https://evil.test"},
    {"origin": "null"},
    {"origin": ""},
    {"referer": "https://evil.test/"},
    {"referer": ""},
    {"referer": "https://[::"},
    {"origin": "https://evil.test", "referer": f"{OWN}/"},
)


@pytest.mark.parametrize("headers", OURS)
def test_our_own_pages_may(headers: dict[str, str]) -> None:
    require_same_origin(headers, OWN)
    refuse_other_origins(headers, OWN)


@pytest.mark.parametrize("headers", OTHERS)
@pytest.mark.parametrize("guard", [require_same_origin, refuse_other_origins])
def test_no_other_page_may(headers: dict[str, str], guard: object) -> None:
    assert callable(guard)
    with pytest.raises(Forbidden) as refused:
        guard(headers, OWN)
    assert refused.value.code == "cross_site_request"


def test_a_program_says_no_origin_and_may_do_what_anybody_may() -> None:
    refuse_other_origins({}, OWN)
    with pytest.raises(Forbidden):
        require_same_origin({}, OWN)
