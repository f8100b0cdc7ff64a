"""Payment links: made, looked at by strangers, paid by card, taken back."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from sheaf.access.roles import Role
from sheaf.access.tokens import digest_of
from sheaf.kernel.errors import CredentialsRefused, VendorRefused
from tests.builders.billing import act, draft, issued, settings, show
from tests.builders.paying import LINK, Shop, connect, invoice, shop, visit
from tests.builders.sign_in import SEALING_KEYS, configured
from tests.builders.world import SETTINGS, World


@pytest.fixture
def acme(world: World) -> Shop:
    return shop(world)


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


# --- the account ------------------------------------------------------------------------------------------


def test_an_account_is_connected_and_its_key_is_seen_by_nobody(
    world: World, acme: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    reply = world.call(acme.ws.api_key, "GET /v1/settings/payments/stripe")
    assert reply.status == 200
    assert (reply.json["account_id"], reply.json["live"], reply.json["key_ends_in"]) == (
        "acct_fake",
        False,
        "ests",
    )
    [(url, told)] = world.cards.endpoints.values()
    assert url == f"{SETTINGS.origin}/webhooks/stripe/{acme.endpoint_id}"
    assert {"checkout.session.completed", "refund.failed", "charge.dispute.closed"} <= set(told)
    kept = f"{world.items()} {world.items(table=SETTINGS.directory_table)} {world.audit(acme.ws)}"
    for secret in ("sk_test_local_of_the_tests", acme.secret):
        assert secret not in kept
        assert secret not in reply.text
        assert secret not in capsys.readouterr().out


def test_only_people_who_have_just_proved_who_they_are_connect_an_account(world: World, acme: Shop) -> None:
    body = {"secret_key": "sk_test_another"}
    route = "PUT /v1/settings/payments/stripe"
    assert world.call(acme.ws.api_key, route, body=body).status == 403
    world.tick(hours=1)
    assert world.browse(acme.owner, route, body=body).json["code"] == "step_up_required"


def test_another_key_of_the_same_account_keeps_where_it_tells(world: World, acme: Shop) -> None:
    reply = connect(world, acme.owner, "rk_test_restricted")
    assert reply.json["key_ends_in"] == "cted"
    assert len(world.cards.endpoints) == 1


@pytest.mark.parametrize("key", ["", "pk_test_public", "sk_test_", "sk_test_with space", "whsec_abcdefgh"])
def test_what_is_no_secret_key_is_not_sent_anywhere(world: World, acme: Shop, key: str) -> None:
    reply = connect(world, acme.owner, key)
    assert reply.status == 422
    assert not key or key not in reply.text


def test_a_key_that_stripe_does_not_know(world: World, acme: Shop) -> None:
    world.cards.key_is_good = False
    reply = connect(world, acme.owner, "sk_test_wrong")
    assert (reply.status, reply.json["code"]) == (409, "credentials_refused")


def test_whoever_is_stopped_while_connecting_makes_no_second_endpoint(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured(world, sealing_keys=SEALING_KEYS)
    ws = world.workspace()
    owner = world.sign_in(world.person("o@example.test", (ws.workspace_id, Role.OWNER)), ws.workspace_id)
    world.cards.is_down = True
    assert connect(world, owner).status == 503
    world.cards.is_down = False
    made = world.cards.create_webhook_endpoint

    def lost(*asked: Any, **key: Any) -> Any:
        made(*asked, **key)
        raise KeyboardInterrupt

    monkeypatch.setattr(world.cards, "create_webhook_endpoint", lost)
    with pytest.raises(KeyboardInterrupt):
        connect(world, owner)
    monkeypatch.undo()
    assert world.browse(owner, "GET /v1/settings/payments/stripe").status == 404
    assert connect(world, owner).status == 200
    assert len(world.cards.endpoints) == 1


def test_disconnected_there_and_here(world: World, acme: Shop) -> None:
    token = acme.link(invoice(acme)["id"])
    checkout_id = acme.begin(token)
    route = "DELETE /v1/settings/payments/stripe"
    world.cards.is_down = True
    assert world.browse(acme.owner, route).status == 503
    assert world.call(acme.ws.api_key, "GET /v1/settings/payments/stripe").status == 200
    world.cards.is_down = False
    assert world.browse(acme.owner, route).status == 204
    assert world.cards.endpoints == {}
    assert checkout_id in world.cards.ended
    assert world.items("PAYMENTACCOUNT") == world.items("ENDPOINT") == []
    assert world.browse(acme.owner, route).status == 404
    assert acme.tell({"id": "evt_1", "type": "refund.created"}).status == 404
    assert connect(world, acme.owner).status == 200


def test_what_stays_connected_is_heard(world: World, acme: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped in the commit, the account takes cards still."""

    def lost(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sheaf.storage.partition.Partition.commit", lost)
    with pytest.raises(KeyboardInterrupt):
        world.browse(acme.owner, "DELETE /v1/settings/payments/stripe")
    monkeypatch.undo()
    assert world.call(acme.ws.api_key, "GET /v1/settings/payments/stripe").status == 200
    assert len(world.cards.endpoints) == 1


def test_connected_again_nobody_is_sent_to_where_nothing_is_heard_of(world: World, acme: Shop) -> None:
    token = acme.link(invoice(acme)["id"])
    before = acme.begin(token)
    _, session = acme.paid(before, "pi_1", payment_status="unpaid")
    acme.hear(session)
    assert "under way" in visit(world, "GET /pay/{token}", token).text
    assert world.browse(acme.owner, "DELETE /v1/settings/payments/stripe").status == 204
    assert connect(world, acme.owner).status == 200
    assert acme.begin(token) != before


def test_an_account_whose_key_is_dead_is_disconnected_here(world: World, acme: Shop) -> None:
    world.cards.key_is_good = False
    assert world.browse(acme.owner, "DELETE /v1/settings/payments/stripe").status == 204
    assert world.items("PAYMENTACCOUNT") == []


# --- links ------------------------------------------------------------------------------------------------


def test_a_link_is_shown_once_and_kept_as_a_hash(world: World, acme: Shop) -> None:
    made = invoice(acme)
    path = {"issued_id": made["id"]}
    request = {"path": path, "body": {"expires_in_days": 7}, "headers": {"idempotency-key": "once"}}
    first, again = (world.call(acme.ws.api_key, f"POST {LINK}", **request) for _ in range(2))
    token = first.json["url"].removeprefix(f"{SETTINGS.origin}/pay/")
    assert len(token) == 43
    assert first.json["expires_at"] == "2026-11-27T09:30:00Z"
    assert (again.json["id"], again.json["url"]) == (first.json["id"], None)
    listed = world.call(acme.ws.api_key, f"GET {LINK}", path=path)
    assert [(each["id"], each["status"], each["url"]) for each in listed.json["items"]] == [
        (first.json["id"], "active", None)
    ]
    kept = f"{world.items()} {world.items(table=SETTINGS.directory_table)} {world.audit(acme.ws)}"
    assert token not in kept
    assert digest_of(token) in kept


def test_what_nobody_pays_for_gets_no_link(world: World, acme: Shop) -> None:
    paid = invoice(acme)
    paid = act(world, acme.ws, "payments", paid, amount="238")
    void = act(world, acme.ws, "void", invoice(acme))
    for document, code in (
        (draft(world, acme.ws), "not_issued"),
        (issued(world, acme.ws, "estimate"), "not_payable"),
        (issued(world, acme.ws, "bill"), "not_payable"),
        (paid, "already_paid"),
        (void, "void"),
    ):
        path = {"issued_id": document["id"]}
        reply = world.call(acme.ws.api_key, f"POST {LINK}", path=path, body={})
        assert (reply.status, reply.json["code"]) == (409, code)


def test_there_are_ten_links_at_most_that_hold(world: World, acme: Shop) -> None:
    made = invoice(acme)
    for _ in range(10):
        acme.link(made["id"], expires_in_days=1)
    path = {"issued_id": made["id"]}
    reply = world.call(acme.ws.api_key, f"POST {LINK}", path=path, body={})
    assert (reply.status, reply.json["code"]) == (409, "too_many_links")
    world.tick(days=1)
    acme.link(made["id"])


def test_without_any_way_to_pay_there_is_no_link(world: World) -> None:
    configured(world, sealing_keys=SEALING_KEYS)
    ws = world.workspace()
    settings(world, ws, account=None)
    made = issued(world, ws)
    reply = world.call(ws.api_key, f"POST {LINK}", path={"issued_id": made["id"]}, body={})
    assert (reply.status, reply.json["code"]) == (409, "no_way_to_pay")


# --- the page ---------------------------------------------------------------------------------------------


def test_whoever_has_the_link_sees_what_is_left_to_pay(world: World, acme: Shop) -> None:
    made = invoice(acme)
    token = acme.link(made["id"])
    act(world, acme.ws, "payments", made, amount="38.00")
    page = visit(world, "GET /pay/{token}", token)
    assert page.status == 200
    seen = text_of(page.text)
    for said in ("Acme GmbH", "INV-2026-00001", "€200.00", "4 December 2026", "DE89 3704 0044 0532 0130 00"):
        assert said in seen
    assert f'action="/pay/{token}/checkout"' in page.text
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert "<svg" in page.text
    assert "Test mode" in seen


def test_the_page_tells_nobody_of_its_address(world: World, acme: Shop) -> None:
    page = visit(world, "GET /pay/{token}", acme.link(invoice(acme)["id"]))
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert policy.startswith("default-src 'none'; style-src 'self'; form-action 'self' https:;")


@pytest.mark.parametrize(
    ("locale", "said"),
    [("de-DE", "238,00"), ("fr-FR", "Payer"), ("es-ES", "Pagar"), ("it-IT", "Paga"), ("nl-NL", "betalen")],
)
def test_the_page_speaks_the_invoice_s_language(world: World, acme: Shop, locale: str, said: str) -> None:
    page = visit(world, "GET /pay/{token}", acme.link(invoice(acme, locale=locale)["id"]))
    assert said in page.text
    assert f'lang="{locale[:2]}"' in page.text


def test_names_are_shown_as_they_are_written(world: World) -> None:
    mallory = shop(world, "Mallory", seller={"name": '<b>"&', "address": {"country": "DE"}})
    page = visit(world, "GET /pay/{token}", mallory.link(invoice(mallory)["id"]))
    assert "<b>" not in page.text
    assert "&lt;b&gt;&quot;&amp;" in page.text


def test_a_bank_transfer_needs_no_stripe(world: World) -> None:
    configured(world, sealing_keys=SEALING_KEYS)
    ws = world.workspace()
    settings(world, ws)
    bare = Shop(world, ws, "", "", "")
    token = bare.link(issued(world, ws)["id"])
    page = visit(world, "GET /pay/{token}", token)
    assert "DE89 3704" in page.text
    assert "<form" not in page.text
    assert visit(world, "POST /pay/{token}/checkout", token).status == 409


def test_an_amount_that_cards_cannot_be_charged_is_transferred(world: World, acme: Shop) -> None:
    line = {"description": "Oil", "unit_price": "10.125", "tax": {"category": "Z", "rate": "0"}}
    page = visit(world, "GET /pay/{token}", acme.link(invoice(acme, currency="TND", lines=[line])["id"]))
    assert "10.125" in page.text
    assert "<form" not in page.text


def test_altered_expired_revoked_void_and_paid(world: World, acme: Shop) -> None:
    made = invoice(acme)
    token = acme.link(made["id"])
    world.tick(seconds=1)
    ending = acme.link(made["id"], expires_in_days=1)
    altered = token[:-1] + ("A" if token[-1] != "A" else "B")
    for wrong in (altered, token + "A", token[:-1], "x", token.swapcase(), "%00" + token, ".." + token):
        reply = visit(world, "GET /pay/{token}", wrong)
        assert (reply.status, "There is nothing" in reply.text) == (404, True)
        assert reply.headers["content-type"].startswith("text/html")
    link_id = world.call(acme.ws.api_key, f"GET {LINK}", path={"issued_id": made["id"]}).json["items"][0][
        "id"
    ]
    path = {"issued_id": made["id"], "link_id": link_id}
    for _ in range(2):
        assert world.call(acme.ws.api_key, f"DELETE {LINK}/{{link_id}}", path=path).status == 204
    world.tick(days=1)
    others = [invoice(acme) for _ in range(2)]
    tokens = [acme.link(each["id"]) for each in others]
    act(world, acme.ws, "payments", others[0], amount="238")
    act(world, acme.ws, "void", others[1])
    for gone, said in (
        (token, "taken back"),
        (ending, "run out"),
        (tokens[0], "This invoice is paid"),
        (tokens[1], "cancelled"),
    ):
        for route in ("GET /pay/{token}", "POST /pay/{token}/checkout"):
            reply = visit(world, route, gone)
            assert (reply.status, said in reply.text) == (410, True)
            assert "INV-2026" not in reply.text
    assert visit(world, "GET /pay/{token}/done", tokens[0]).status == 200


def test_pages_are_limited_by_place_and_by_link(world: World, acme: Shop) -> None:
    token = acme.link(invoice(acme)["id"])
    for _ in range(20):
        assert visit(world, "POST /pay/{token}/checkout", token).status == 303
    reply = visit(world, "POST /pay/{token}/checkout", token)
    assert (reply.status, int(reply.headers["retry-after"]) > 0) == (429, True)
    seen = [visit(world, "GET /pay/{token}", "A" * 43).status for _ in range(120)]
    assert seen[0] == 404
    assert seen[-1] == 429


# --- checkout ---------------------------------------------------------------------------------------------


def test_a_checkout_asks_for_just_what_is_left(world: World, acme: Shop) -> None:
    made = invoice(acme)
    token = acme.link(made["id"])
    act(world, acme.ws, "payments", made, amount="38.00")
    checkout_id = acme.begin(token)
    request = world.cards.checkouts[checkout_id]
    assert (str(request.amount), request.currency) == ("200.00", "EUR")
    assert request.success_url == f"{SETTINGS.origin}/pay/{token}/done"
    assert request.metadata["invoice"] == made["id"]
    assert request.reference == request.metadata["checkout"]
    assert timedelta(hours=22) < request.expires_at - world.clock.now() <= timedelta(hours=24)
    assert acme.begin(token) == checkout_id, "the same is left, so the same checkout waits"
    assert show(world, acme.ws, made["id"])["status"] == "partially_paid"


def test_a_checkout_ends_with_its_link(world: World, acme: Shop) -> None:
    token = acme.link(invoice(acme)["id"], expires_in_days=1)
    world.tick(hours=20)
    request = world.cards.checkouts[acme.begin(token)]
    assert request.expires_at - world.clock.now() == timedelta(hours=4)
    world.tick(hours=3, minutes=58)
    world.cards.ended.update(world.cards.checkouts)
    request = world.cards.checkouts[acme.begin(token)]
    assert request.expires_at - world.clock.now() <= timedelta(hours=4)


@pytest.mark.parametrize(
    ("currency", "price", "amount"), [("JPY", "1190", "1190"), ("TND", "10.120", "10.120")]
)
def test_checkouts_in_other_units(world: World, acme: Shop, currency: str, price: str, amount: str) -> None:
    line = {"description": "Tea", "unit_price": price, "tax": {"category": "Z", "rate": "0"}}
    made = invoice(acme, currency=currency, lines=[line])
    checkout_id = acme.begin(acme.link(made["id"]))
    assert str(world.cards.checkouts[checkout_id].amount) == amount
    acme.hear(*acme.paid(checkout_id))
    assert show(world, acme.ws, made["id"])["status"] == "paid"


def test_when_something_else_is_left_the_old_checkout_ends(world: World, acme: Shop) -> None:
    made = invoice(acme)
    token = acme.link(made["id"])
    old = acme.begin(token)
    act(world, acme.ws, "payments", made, amount="38.00")
    new = acme.begin(token)
    assert (old in world.cards.ended, new in world.cards.ended) == (True, False)
    assert str(world.cards.checkouts[new].amount) == "200.00"


def test_whoever_has_paid_already_is_not_sent_to_pay_once_more(world: World, acme: Shop) -> None:
    made = invoice(acme)
    token = acme.link(made["id"])
    world.cards.pay(acme.begin(token))
    act(world, acme.ws, "payments", made, amount="38.00")
    reply = visit(world, "POST /pay/{token}/checkout", token)
    assert (reply.status, "under way" in reply.text) == (409, True)


@pytest.mark.parametrize("days", [1, 20])
def test_whoever_has_paid_is_not_asked_again_when_it_is_told_late(
    world: World, acme: Shop, days: int
) -> None:
    """What Stripe told is in the dead letters, and the checkout would have run out since."""
    made = invoice(acme)
    token = acme.link(made["id"])
    checkout_id = acme.begin(token)
    payment_id = world.cards.pay(checkout_id)
    told = acme.paid(checkout_id, payment_id)
    world.tick(days=days, hours=1)
    reply = visit(world, "POST /pay/{token}/checkout", token)
    assert (reply.status, "waiting for the confirmation" in reply.text) == (409, True)
    assert list(world.cards.checkouts) == [checkout_id]
    acme.hear(*told)
    assert "is paid" in visit(world, "POST /pay/{token}/checkout", token).text
    seen = show(world, acme.ws, made["id"])
    assert (seen["status"], len(seen["payments"])) == ("paid", 1)


def test_what_has_run_out_unpaid_is_begun_anew(world: World, acme: Shop) -> None:
    token = acme.link(invoice(acme)["id"])
    before = acme.begin(token)
    world.tick(days=2)
    assert acme.begin(token) != before
    world.cards.is_down = True
    world.tick(days=2)
    assert visit(world, "POST /pay/{token}/checkout", token).status == 503


def test_two_clicks_at_once_are_one_checkout(
    world: World, acme: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = acme.link(invoice(acme)["id"])
    world.meanwhile(monkeypatch, lambda: acme.begin(token))
    acme.begin(token)
    assert len(world.cards.checkouts) == 1
    assert len(world.items("CHECKOUT")) == 1


def test_stripe_is_down_or_refuses(world: World, acme: Shop) -> None:
    token = acme.link(invoice(acme)["id"])
    world.cards.is_down = True
    assert visit(world, "POST /pay/{token}/checkout", token).status == 503
    world.cards.is_down, world.cards.key_is_good = False, False
    reply = visit(world, "POST /pay/{token}/checkout", token)
    assert (reply.status, "at the moment" in reply.text) == (409, True)
    world.cards.key_is_good = True
    acme.begin(token)


@pytest.mark.parametrize(
    "refusal",
    [
        VendorRefused("Your account acct_1 cannot currently make charges.", reason="charges_disabled"),
        CredentialsRefused("Invalid API key: rk_live_****1234"),
    ],
)
def test_what_stripe_says_of_the_account_is_not_for_who_pays(
    world: World, acme: Shop, monkeypatch: pytest.MonkeyPatch, refusal: VendorRefused
) -> None:
    def refused(_: object) -> None:
        raise refusal

    monkeypatch.setattr(world.cards, "create_checkout", refused)
    token = acme.link(invoice(acme)["id"])
    reply = visit(world, "POST /pay/{token}/checkout", token, accept="application/json")
    assert (reply.status, reply.json["code"]) == (409, "vendor_refused")
    assert "This cannot be paid by card at the moment." in reply.text
    assert refusal.message not in reply.text


def test_a_revoked_link_ends_its_checkout(world: World, acme: Shop) -> None:
    made = invoice(acme)
    checkout_id = acme.begin(acme.link(made["id"]))
    link_id = world.call(acme.ws.api_key, f"GET {LINK}", path={"issued_id": made["id"]}).json["items"][0][
        "id"
    ]
    path = {"issued_id": made["id"], "link_id": link_id}
    world.cards.is_down = True
    assert world.call(acme.ws.api_key, f"DELETE {LINK}/{{link_id}}", path=path).status == 204
    world.cards.is_down = False
    assert world.call(acme.ws.api_key, f"DELETE {LINK}/{{link_id}}", path=path).status == 204
    assert checkout_id in world.cards.ended


def test_coming_back_marks_nothing_paid(world: World, acme: Shop) -> None:
    made = invoice(acme)
    token = acme.link(made["id"])
    checkout_id = acme.begin(token)
    page = visit(world, "GET /pay/{token}/done", token)
    assert (page.status, "waiting for the confirmation" in page.text) == (200, True)
    assert show(world, acme.ws, made["id"])["status"] == "issued"
    acme.hear(*acme.paid(checkout_id))
    done = visit(world, "GET /pay/{token}/done", token).text
    assert all(said in done for said in ("is paid", "Acme GmbH", "INV-2026-00001"))


def test_what_is_erased_leads_nowhere(world: World, acme: Shop) -> None:
    token = acme.link(invoice(acme)["id"])
    acme.begin(token)
    assert world.browse(acme.owner, "PUT /v1/workspace/closing", body={"now": True}).status == 200
    world.erase_workspaces()
    assert visit(world, "GET /pay/{token}", token).status == 404
    assert "PAYLINK" not in json.dumps(world.items(table=SETTINGS.directory_table), default=str)
