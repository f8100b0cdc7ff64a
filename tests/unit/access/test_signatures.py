"""Webhooks that are from whom they say are taken, at their time; whatever else comes is not."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import resend
import stripe
from hypothesis import given
from hypothesis import strategies as st

from sheaf.access.signatures import TOLERANCE, Claim, Scheme, claim
from sheaf.kernel.errors import BadSignature
from tests.builders import webhooks

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
BODY = '{"id": "evt_1", "type": "invoice.paid", "note": "\u00fcber 100 \u20ac"}'.encode()
SECOND = timedelta(seconds=1)

type Headers = dict[str, str]
type Forgery = Callable[[Headers], tuple[Headers, bytes]]


@dataclass(frozen=True)
class Vendor:
    scheme: Scheme
    sign: Callable[..., Headers]
    secret: str
    other_secret: str
    header: str
    """The one with the MAC."""

    def headers(self, body: bytes = BODY, at: datetime = NOW, secret: str | None = None) -> Headers:
        return self.sign(body, at, secret or self.secret)

    def takes(self, headers: Headers, body: bytes = BODY, *secrets: str, now: datetime = NOW) -> Claim:
        claimed = claim(self.scheme, headers)
        claimed.verify(body, secrets or (self.secret,), now=now, within=TOLERANCE[self.scheme])
        return claimed


VENDORS = {
    "stripe": Vendor(Scheme.STRIPE, webhooks.stripe, webhooks.STRIPE_SECRET, "whsec_00", "stripe-signature"),
    "svix": Vendor(Scheme.STANDARD, webhooks.svix, webhooks.SVIX_SECRET, "whsec_AAECAwQF", "svix-signature"),
    "paddle": Vendor(
        Scheme.PADDLE, webhooks.paddle, webhooks.PADDLE_SECRET, "pdl_ntfset_other", "paddle-signature"
    ),
}
each_vendor = pytest.mark.parametrize("name", VENDORS)


# --- what is taken ----------------------------------------------------------------------------------------


@each_vendor
def test_what_was_signed_with_our_secret_is_taken(name: str) -> None:
    VENDORS[name].takes(VENDORS[name].headers())


@each_vendor
@given(body=st.binary(max_size=300))
def test_whatever_the_bytes_are(name: str, body: bytes) -> None:
    vendor = VENDORS[name]
    vendor.takes(vendor.headers(body), body)


@each_vendor
def test_as_far_from_our_clock_as_is_allowed_and_no_second_further(name: str) -> None:
    vendor = VENDORS[name]
    most = TOLERANCE[vendor.scheme]
    for sign in (1, -1):
        vendor.takes(vendor.headers(at=NOW + sign * most))
        with pytest.raises(BadSignature, match="too long ago"):
            vendor.takes(vendor.headers(at=NOW + sign * (most + SECOND)))


def test_the_tolerances_are_those_of_the_vendors() -> None:
    assert {name.value: most.total_seconds() for name, most in TOLERANCE.items()} == {
        "stripe": 300,
        "standard": 300,
        "paddle": 5,
    }


@each_vendor
def test_another_tolerance_may_be_asked_for(name: str) -> None:
    vendor, minute = VENDORS[name], timedelta(minutes=1)
    claimed = claim(vendor.scheme, vendor.headers(at=NOW - minute))
    claimed.verify(BODY, (vendor.secret,), now=NOW, within=minute)
    with pytest.raises(BadSignature):
        claimed.verify(BODY, (vendor.secret,), now=NOW + SECOND, within=minute)


@each_vendor
def test_while_a_secret_is_exchanged_either_counts(name: str) -> None:
    vendor = VENDORS[name]
    for known in ((vendor.secret, vendor.other_secret), (vendor.other_secret, vendor.secret)):
        vendor.takes(vendor.headers(), BODY, *known)
        vendor.takes(vendor.headers(secret=vendor.other_secret), BODY, *known)


def test_one_good_signature_among_several_is_enough() -> None:
    good = webhooks.stripe(BODY, NOW)["stripe-signature"]
    time_, mac = good.split(",")
    for header in (f"{time_},v1=00,{mac}", f"{time_},{mac},v1=00", f"v0=00,{mac},x=y,{time_}"):
        VENDORS["stripe"].takes({"stripe-signature": header})
    time_, mac = webhooks.paddle(BODY, NOW)["paddle-signature"].split(";")
    for header in (f"{time_};h1=00;{mac}", f"{mac};{time_};h2=1"):
        VENDORS["paddle"].takes({"paddle-signature": header})
    svix = webhooks.svix(BODY, NOW)
    for signed in (f"v1,AAAA {svix['svix-signature']}", f"{svix['svix-signature']} v2,AAAA v1a,AA="):
        VENDORS["svix"].takes(svix | {"svix-signature": signed})


def test_standard_webhooks_have_the_names_of_their_standard_and_an_id() -> None:
    headers = {name.replace("svix", "webhook"): value for name, value in webhooks.svix(BODY, NOW).items()}
    assert VENDORS["svix"].takes(headers).event_id == "msg_1"
    assert VENDORS["stripe"].takes(webhooks.stripe(BODY, NOW)).event_id is None
    bare = webhooks.SVIX_SECRET.removeprefix("whsec_")
    VENDORS["svix"].takes(headers, BODY, bare)


def test_stripe_s_own_library_agrees() -> None:
    text, now = BODY.decode(), int(time.time())
    made = stripe.WebhookSignature.generate_signature_header(text, webhooks.STRIPE_SECRET, now)
    VENDORS["stripe"].takes({"stripe-signature": made}, now=datetime.fromtimestamp(now, UTC))
    ours = webhooks.stripe(BODY, datetime.fromtimestamp(now, UTC))["stripe-signature"]
    assert stripe.WebhookSignature.verify_header(text, ours, webhooks.STRIPE_SECRET, 300)


def test_resend_s_own_library_agrees() -> None:
    now = datetime.now(UTC)
    headers = webhooks.svix(BODY, now)
    VENDORS["svix"].takes(headers, now=now)
    resend.Webhooks.verify(
        {
            "payload": BODY.decode(),
            "headers": {
                "id": headers["svix-id"],
                "timestamp": headers["svix-timestamp"],
                "signature": headers["svix-signature"],
            },
            "webhook_secret": webhooks.SVIX_SECRET,
        }
    )


# --- what is not ------------------------------------------------------------------------------------------


def forgeries(vendor: Vendor) -> Iterator[tuple[str, Forgery]]:
    """Each makes of a good request one that is not, whoever the vendor is."""
    name, good = vendor.header, vendor.headers()[vendor.header]

    def header(change: Callable[[str], str]) -> Forgery:
        return lambda headers: (headers | {name: change(headers[name])}, BODY)

    def body(other: bytes) -> Forgery:
        return lambda headers: (headers, other)

    def signed(*, at: datetime = NOW, secret: str | None = None, what: bytes = BODY) -> Forgery:
        return lambda _: (vendor.headers(what, at, secret), BODY)

    def without(each: str) -> Forgery:
        return lambda headers: ({key: value for key, value in headers.items() if key != each}, BODY)

    for place in (0, 7, len(BODY) // 2, len(BODY) - 1):
        changed = bytearray(BODY)
        changed[place] ^= 1
        yield f"flipped byte {place}", body(bytes(changed))
    yield "cut body", body(BODY[:-1])
    yield "longer body", body(BODY + b" ")
    yield "line end", body(BODY + b"\n")
    yield "byte order mark", body(b"\xef\xbb\xbf" + BODY)
    yield "empty body", body(b"")
    yield "base 64, not decoded", body(b64encode(BODY))
    yield "parsed and written again", body(BODY.replace(b": ", b":"))
    yield "escaped anew", body(BODY.decode().encode("ascii", "backslashreplace"))
    yield "signed for another body", signed(what=b"{}")
    for seconds in (6, 301, 3600, 86400, 10**9):
        if timedelta(seconds=seconds) > TOLERANCE[vendor.scheme]:
            yield f"{seconds} s ago", signed(at=NOW - timedelta(seconds=seconds))
            yield f"in {seconds} s", signed(at=NOW + timedelta(seconds=seconds))
    yield "another secret", signed(secret=vendor.other_secret)
    for other in VENDORS.values():
        if other is not vendor:
            yield f"{other.scheme}'s headers", lambda _, other=other: (other.headers(), BODY)
    yield "no headers", lambda _: ({}, BODY)
    yield "no signature", without(name)
    yield "empty signature", header(lambda _: "")
    yield "spaces", header(lambda _: "   ")
    yield "cut signature", header(lambda text: text[:-1])
    yield "longer signature", header(lambda text: text + "0")
    yield "in quotes", header(lambda text: f'"{text}"')
    yield "other letters", header(str.swapcase)
    yield "half of it", header(lambda text: text[: len(text) // 2])
    yield "no ASCII", header(lambda text: text[:-1] + "\u0660")
    yield "half a character", header(lambda text: text[:-1] + "\ud800")
    yield "the MAC alone", header(lambda text: text[-44:])
    yield "nothing but a separator", header(lambda _: ",;, =")
    yield "a wildcard", header(lambda _: good.replace(good[-44:], "*"))


def timed_forgeries(vendor: Vendor, *, time: str, mac: str, split: str) -> Iterator[tuple[str, Forgery]]:
    """Of schemes with everything in one header."""
    name = vendor.header
    said, made = (each.partition("=")[2] for each in vendor.headers()[name].split(split))

    def one(text: str) -> Forgery:
        return lambda headers: (headers | {name: text}, BODY)

    yield "a space before", one(f" {vendor.headers()[name]}")
    yield "no time", one(f"{mac}={made}")
    yield "no MAC", one(f"{time}={said}")
    yield "empty MAC", one(f"{time}={said}{split}{mac}=")
    yield "upper case", one(f"{time}={said}{split}{mac}={made.upper()}")
    yield "two times, the good one first", one(f"{time}={said}{split}{time}=1{split}{mac}={made}")
    yield "two times, the good one last", one(f"{time}=1{split}{time}={said}{split}{mac}={made}")
    yield "the same time twice", one(f"{time}={said}{split}{time}={said}{split}{mac}={made}")
    for version in ("v0", "h0", "v2", "V1", "H1", "", f"{mac} ", f" {mac}"):
        yield f"version {version!r}", one(f"{time}={said}{split}{version}={made}")
    for wrong in (
        "",
        "0",
        "-1",
        "+" + said,
        said + ".0",
        said + " ",
        "0x1",
        "1e9",
        "\u0661\u0662",
        "nan",
        "9" * 30,
    ):
        yield f"time {wrong!r}", one(f"{time}={wrong}{split}{mac}={made}")
    yield "a leading zero", one(f"{time}=0{said}{split}{mac}={made}")
    yield "the other separator", one(f"{time}={said}{';' if split == ',' else ','}{mac}={made}")
    yield "prefix of the MAC", one(f"{time}={said}{split}{mac}={made[:32]}")
    yield "base 64", one(f"{time}={said}{split}{mac}={b64encode(bytes.fromhex(made)).decode()}")


def svix_forgeries(vendor: Vendor) -> Iterator[tuple[str, Forgery]]:
    good = vendor.headers()
    mac = good["svix-signature"].removeprefix("v1,")

    def one(name: str, text: str) -> Forgery:
        return lambda headers: (headers | {name: text}, BODY)

    for name in ("svix-id", "svix-timestamp"):
        yield f"no {name}", lambda headers, name=name: (
            {key: value for key, value in headers.items() if key != name}, BODY,
        )  # fmt: skip
    for other in (
        "msg_2",
        "",
        "msg_1 ",
        "MSG_1",
        "msg_1.1",
        "msg_1,msg_1",
        "m" * 200,
        "msg\u00b91",
        "../msg_1",
    ):
        yield f"id {other[:9]!r}", one("svix-id", other)
    said = good["svix-timestamp"]
    for wrong in (
        "",
        "0",
        "-1",
        "+" + said,
        said + ".0",
        said + " ",
        "0" + said,
        "1e9",
        "\u0661",
        "nan",
        "9" * 30,
    ):
        yield f"time {wrong!r}", one("svix-timestamp", wrong)
    for version in ("v1a", "v0", "v2", "V1", "", "v1,v1"):
        yield f"version {version!r}", one("svix-signature", f"{version},{mac}")
    yield "no version", one("svix-signature", mac)
    yield "hex", one("svix-signature", f"v1,{'0' * 64}")
    yield "without padding", one("svix-signature", f"v1,{mac.rstrip('=')}")
    yield "for the web", one("svix-signature", f"v1,{mac.replace('+', '-').replace('/', '_')}x")
    yield "commas between", one("svix-signature", f"v1,AAAA,v1,{mac}")
    yield "of two families", lambda headers: (
        {"webhook-id": "msg_1", "webhook-timestamp": said, "svix-signature": headers["svix-signature"]}, BODY,
    )  # fmt: skip


FORGERIES = {
    "stripe": [
        *forgeries(VENDORS["stripe"]),
        *timed_forgeries(VENDORS["stripe"], time="t", mac="v1", split=","),
    ],
    "svix": [*forgeries(VENDORS["svix"]), *svix_forgeries(VENDORS["svix"])],
    "paddle": [
        *forgeries(VENDORS["paddle"]),
        *timed_forgeries(VENDORS["paddle"], time="ts", mac="h1", split=";"),
    ],
}


@pytest.mark.parametrize(
    ("name", "forgery"),
    [
        pytest.param(name, forge, id=f"{name}: {told}")
        for name, all_ in FORGERIES.items()
        for told, forge in all_
    ],
)
def test_a_forgery_is_refused(name: str, forgery: Forgery) -> None:
    vendor = VENDORS[name]
    headers, body = forgery(vendor.headers())
    with pytest.raises(BadSignature) as refused:
        vendor.takes(headers, body, vendor.secret)
    assert (refused.value.status, refused.value.code) == (400, "bad_signature")


def test_there_are_enough_of_them() -> None:
    assert all(len({told for told, _ in all_}) >= 50 for all_ in FORGERIES.values())


@each_vendor
@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_no_bit_of_the_body_can_be_another(name: str, place: int, bit: int) -> None:
    vendor, changed = VENDORS[name], bytearray(BODY)
    changed[place % len(BODY)] ^= 1 << bit
    with pytest.raises(BadSignature):
        vendor.takes(vendor.headers(), bytes(changed))


@each_vendor
@given(place=st.integers(0, 10_000), text=st.characters())
def test_no_character_of_the_headers_can_be_another(name: str, place: int, text: str) -> None:
    vendor = VENDORS[name]
    headers = vendor.headers()
    key = sorted(headers)[place % len(headers)]
    at = place % len(headers[key])
    changed = headers[key][:at] + text + headers[key][at + 1 :]
    if changed != headers[key]:
        with pytest.raises(BadSignature):
            vendor.takes(headers | {key: changed})


@pytest.mark.parametrize(
    ("name", "secret"), [("stripe", ""), ("svix", ""), ("svix", "whsec_"), ("paddle", "")]
)
def test_with_an_empty_secret_nothing_is_taken(name: str, secret: str) -> None:
    with pytest.raises(ValueError, match="empty secret"):
        VENDORS[name].takes(VENDORS[name].headers(), BODY, VENDORS[name].secret, secret)


def test_what_is_signed_cannot_be_divided_otherwise() -> None:
    """With a dot in its id, the time and the body could become a part of it, or it a part of them."""
    seconds = str(int(NOW.timestamp()))
    for event_id in ("msg.1", f"msg_1.{seconds}"):
        with pytest.raises(BadSignature):
            VENDORS["svix"].takes(webhooks.svix(BODY, NOW, event_id=event_id))
    shifted = webhooks.svix(b"x." + BODY, NOW) | {"svix-id": f"msg_1.{seconds}", "svix-timestamp": "x"}
    with pytest.raises(BadSignature):
        VENDORS["svix"].takes(shifted)


def test_without_a_secret_nothing_is_taken() -> None:
    for vendor in VENDORS.values():
        claimed = claim(vendor.scheme, vendor.headers())
        with pytest.raises(BadSignature):
            claimed.verify(BODY, (), now=NOW, within=SECOND)


def test_a_secret_that_is_none_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="base64"):
        VENDORS["svix"].takes(VENDORS["svix"].headers(), BODY, "whsec_!!!!")
