"""What an event says of itself, whoever sends it: which one it is, of which type, when, about what."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.access.sealing import Place
from sheaf.access.signatures import Scheme
from sheaf.access.webhooks import Endpoint, Event, Source, event_of
from sheaf.kernel.errors import InvalidRequest

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
EARLIER = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
BOTH_OF_STRIPE = pytest.mark.parametrize("source", [Source.STRIPE, Source.STRIPE_OF_WORKSPACE])


def told(source: Source, document: Any, event_id: str | None = None) -> Event:
    return event_of(source, json.dumps(document).encode(), event_id=event_id, now=NOW)


def stripe(**about: Any) -> dict[str, Any]:
    created = int(EARLIER.timestamp())
    return {"id": "evt_1", "type": "invoice.paid", "created": created, "data": {"object": about}}


def resend(**about: Any) -> dict[str, Any]:
    return {"type": "email.bounced", "created_at": "2026-11-20T09:00:00.000Z", "data": about}


def paddle(**about: Any) -> dict[str, Any]:
    return {
        "event_id": "evt_01hv8x29kz0t586xy6zn1a62ny",
        "event_type": "subscription.updated",
        "occurred_at": "2026-11-20T09:00:00.000000Z",
        "data": about,
    }


@BOTH_OF_STRIPE
def test_stripe_s(source: Source) -> None:
    event = told(source, stripe(id="in_1", customer="cus_1", subscription="sub_1"))
    assert (event.source, event.id, event.type, event.at) == (source, "evt_1", "invoice.paid", EARLIER)
    assert event.object["customer"] == "cus_1"
    assert event.document["created"] == int(EARLIER.timestamp())


def test_what_says_most_of_whose_it_is_comes_first() -> None:
    about = {"customer": "cus_1", "id": "in_1", "subscription": "sub_1"}
    assert told(Source.STRIPE, stripe(**about)).subjects == ("in_1", "sub_1", "cus_1")
    assert told(Source.STRIPE_OF_WORKSPACE, stripe(**about)).subjects == ("in_1",)
    about = {"customer_id": "ctm_1", "subscription_id": "sub_1", "id": "txn_1"}
    assert told(Source.PADDLE, paddle(**about)).subjects == ("txn_1", "sub_1", "ctm_1")
    about = {"email_id": "4ef9a417-02e9-4d39-ad75-9611e0fcc33c", "tags": {"sheaf": "obx_1", "other": "x"}}
    assert told(Source.RESEND, resend(**about), "msg_1").subjects == ("obx_1", about["email_id"])


def test_what_is_described_where_its_id_would_do() -> None:
    assert told(Source.STRIPE, stripe(id="in_1", customer={"id": "cus_1"})).subjects == ("in_1", "cus_1")


@pytest.mark.parametrize(
    "tags", [None, [], "sheaf", {"sheaf": 1}, {"sheaf": "a b"}, {"other": "obx_1"}], ids=str
)
def test_tags_that_are_none_of_ours(tags: Any) -> None:
    assert told(Source.RESEND, resend(email_id="e-1", tags=tags), "msg_1").subjects == ("e-1",)


def test_only_mails_are_tagged() -> None:
    assert told(Source.STRIPE, stripe(id="in_1", tags={"sheaf": "obx_1"})).subjects == ("in_1",)


def test_resend_s_and_paddle_s() -> None:
    event = told(Source.RESEND, resend(email_id="e-1"), "msg_1")
    assert (event.id, event.type, event.at) == ("msg_1", "email.bounced", EARLIER)
    event = told(Source.PADDLE, paddle(id="sub_1"))
    assert (event.id, event.type) == ("evt_01hv8x29kz0t586xy6zn1a62ny", "subscription.updated")
    assert event.at == EARLIER


@pytest.mark.parametrize("at", [None, "soon", "", 10**30, -(10**30), [], {}, 1.5, float("inf")], ids=str)
def test_a_time_that_is_none_is_when_it_was_told(at: Any) -> None:
    assert told(Source.STRIPE, stripe(id="in_1") | {"created": at}).at == NOW
    assert told(Source.PADDLE, paddle(id="sub_1") | {"occurred_at": at}).at == NOW


def test_a_time_of_no_zone_is_utc() -> None:
    assert told(Source.RESEND, resend() | {"created_at": "2026-11-20 09:00:00.000000"}, "msg_1").at == EARLIER
    assert told(Source.RESEND, resend() | {"created_at": "2026-11-20 10:00:00+01"}, "msg_1").at == EARLIER


@pytest.mark.parametrize(
    "wrong",
    [{"id": value} for value in (None, "", 1, "a b", "a#b", "a" * 129, ["evt_1"], "evt_1\n")]
    + [{"type": value} for value in (None, "", 1, "a b", "a#b", "a" * 129, "invoice.paid\n")],
    ids=str,
)
def test_an_event_that_does_not_say_which_it_is(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest) as refused:
        told(Source.STRIPE, stripe() | wrong)
    assert refused.value.code == "invalid_event"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"1", b'"a"', b"null", b"{", b"\xff", b"[" * 100_000], ids=lambda b: b[:4]
)
def test_what_is_no_event_at_all(body: bytes) -> None:
    with pytest.raises(InvalidRequest) as refused:
        event_of(Source.STRIPE, body, event_id="msg_1", now=NOW)
    assert refused.value.code == "invalid_event"


@given(
    data=st.recursive(
        st.none() | st.booleans() | st.text(),
        lambda each: (
            st.lists(each)
            | st.dictionaries(
                st.sampled_from(["id", "object", "tags", "sheaf", "customer", "email_id"]), each
            )
        ),
    ),
    source=st.sampled_from(Source),
)
def test_whatever_it_is_about_it_can_be_asked(data: Any, source: Source) -> None:
    document = {"id": "evt_1", "event_id": "evt_1", "type": "t", "event_type": "t", "data": data}
    event = told(source, document)
    assert isinstance(event.object, dict)
    assert all(each and "#" not in each for each in event.subjects)


def test_each_source_has_its_way_to_sign() -> None:
    assert {source.value: source.scheme for source in Source} == {
        "stripe": Scheme.STRIPE,
        "stripe-of-workspace": Scheme.STRIPE,
        "resend": Scheme.STANDARD,
        "paddle": Scheme.PADDLE,
    }


def test_the_secrets_of_an_endpoint_open_for_it_alone() -> None:
    endpoint = Endpoint("whe_1", "wrk_1", Source.STRIPE_OF_WORKSPACE, frozenset())
    assert endpoint.place == Place("wrk_1", "webhook", "whe_1")
