"""What vendors tell has its effect once, however often and in whatever order it comes; nothing is lost."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError
from pynamodb.exceptions import PynamoDBException

from functions.webhooks.effects import REACTIONS
from sheaf.access.limits import Limit
from sheaf.access.webhooks import Endpoint, Event, Source
from sheaf.audit.entries import Action, Change
from sheaf.edge.provisioning import Provisioned
from sheaf.edge.queues import LAST_DELIVERY
from sheaf.edge.webhooks import MOST_BYTES, Reaction
from sheaf.kernel.errors import Conflict, NotYet
from sheaf.storage._table import UsageItem
from sheaf.storage.tenant import Tenant
from tests.builders import events, webhooks
from tests.builders.sign_in import SEALING_KEYS, configured
from tests.builders.world import SETTINGS, Reply, World, fresh_world
from tests.fakes.network import Call, Fault, Killed

PAID = "invoice.paid"
ROUTES = {"stripe": webhooks.stripe, "resend": webhooks.svix, "paddle": webhooks.paddle}
OF_WORKSPACE = "whsec_of_a_workspace"


@dataclass
class Counting:
    """An effect that does not look whether it was had before: each time it adds one."""

    refusals: int = 0
    """So often it says that what the event is about is not there yet."""

    told: list[str] = field(default_factory=list)

    def __call__(self, tenant: Tenant, event: Event) -> None:
        self.told.append(event.id)
        if self.refusals:
            self.refusals -= 1
            raise NotYet("What it is about is not there yet.")
        more = UsageItem.documents.add(1)
        tenant.stage(tenant._partition.update(UsageItem, "2026-11", [more], None))
        tenant.record(Change(subject=event.id))


@pytest.fixture
def effect(monkeypatch: pytest.MonkeyPatch) -> Counting:
    made = Counting()
    for source in Source:
        monkeypatch.setitem(REACTIONS, (source, PAID), Reaction(made, Action.SETTINGS_CHANGED))
    return made


@pytest.fixture
def ws(world: World) -> Provisioned:
    made = world.workspace()
    claim(world, made, "cus_1")
    return made


def claim(world: World, ws: Provisioned, object_id: str, source: Source = Source.STRIPE) -> None:
    tenant = world.tenant(ws.workspace_id)
    tenant.vendor_objects.claim(source, object_id)
    tenant.commit(None)


def document(event_id: str = "evt_1", kind: str = PAID, customer: str = "cus_1") -> bytes:
    about = {"object": {"id": "in_1", "object": "invoice", "customer": customer}}
    return json.dumps({"id": event_id, "object": "event", "type": kind, "data": about}).encode()


def post(world: World, route: str, body: bytes, headers: dict[str, str], **more: Any) -> Reply:
    event = events.http("POST", route, headers=headers, **more)
    return world.serve(event | {"body": b64encode(body).decode(), "isBase64Encoded": True})


def tell(world: World, body: bytes | None = None, **signed: Any) -> Reply:
    """As Stripe does, of our account."""
    sent = document() if body is None else body
    return post(world, "/webhooks/stripe", sent, webhooks.stripe(sent, world.clock.now(), **signed))


def react_to_all(world: World) -> None:
    while world.reminders.webhooks:
        assert world.react(world.reminders.webhooks.pop(0)) == []


def states(world: World) -> dict[str, str]:
    return {item["sk"]["S"]: item["s"]["S"] for item in world.items("EVENT")}


def effects(world: World, ws: Provisioned) -> list[str]:
    """Of what the audit log tells."""
    return sorted(each["subject"] for each in world.audit(ws, action=Action.SETTINGS_CHANGED.value))


def kept_of_nobody(world: World) -> list[str]:
    return [item["pk"]["S"] for item in world.items("EVENT", SETTINGS.directory_table)]


# --- received ---------------------------------------------------------------------------------------------


def test_an_event_is_kept_queued_and_answered(world: World, ws: Provisioned, effect: Counting) -> None:
    reply = tell(world)
    assert (reply.status, reply.json) == (200, {"received": True})
    assert states(world) == {"stripe#evt_1": "waiting"}
    assert effect.told == []
    assert world.reminders.webhooks == [
        {"source": "stripe", "event_id": "evt_1", "workspace_id": ws.workspace_id, "tries": 0}
    ]
    react_to_all(world)
    assert states(world) == {"stripe#evt_1": "done"}
    assert effects(world, ws) == ["evt_1"]
    [entry] = world.audit(ws, action=Action.SETTINGS_CHANGED.value)
    assert entry["actor"] == {"kind": "system", "id": "stripe"}


def test_a_body_that_is_text_is_taken_as_it_is(world: World, ws: Provisioned) -> None:
    body = '{"id": "evt_1", "type": "invoice.paid", "data": {"object": {"customer": "cus_1", "name": "Ü€"}}}'
    headers = webhooks.stripe(body.encode(), world.clock.now())
    assert world.serve(events.http("POST", "/webhooks/stripe", headers=headers, body=body)).status == 200


@pytest.mark.parametrize("name", ROUTES)
def test_each_vendor_is_believed_by_its_own_signature_alone(world: World, name: str) -> None:
    body = json.dumps({"id": "e1", "event_id": "e1", "type": "t", "event_type": "t"}).encode()
    for other, sign in ROUTES.items():
        reply = post(world, f"/webhooks/{name}", body, sign(body, world.clock.now()))
        assert reply.status == (200 if other == name else 400)
    assert len(kept_of_nobody(world)) == 1


def test_what_is_not_believed_leaves_no_trace(
    world: World, ws: Provisioned, capsys: pytest.CaptureFixture[str]
) -> None:
    before = world.items(), world.items(table=SETTINGS.directory_table)
    body = document("evt_secret")
    late = webhooks.stripe(body, world.clock.now() - timedelta(minutes=6))
    for headers in ({}, late, webhooks.stripe(b"{}", world.clock.now()), {"stripe-signature": "t=1"}):
        reply = post(world, "/webhooks/stripe", body, headers)
        assert (reply.status, reply.json["code"]) == (400, "bad_signature")
    assert (world.items(), world.items(table=SETTINGS.directory_table)) == before
    assert world.reminders.webhooks == []
    assert "evt_secret" not in capsys.readouterr().out


def test_what_makes_no_sense_is_refused_before_anything_is_looked_up(world: World) -> None:
    with world.network.recording() as calls:
        assert post(world, "/webhooks/stripe", b"{}", {"stripe-signature": "v1=00"}).status == 400
        assert post(world, "/webhooks/resend", b"{}", {}).status == 400
        too_large = b"x" * (MOST_BYTES + 1)
        reply = post(world, "/webhooks/paddle", too_large, webhooks.paddle(too_large, world.clock.now()))
        assert (reply.status, reply.json["code"]) == (413, "too_large")
        assert calls == []


def test_an_event_of_the_largest_size(world: World, ws: Provisioned) -> None:
    body = document()
    made = random.Random(1).randbytes(MOST_BYTES)  # noqa: S311  # the same in every run
    noise = b64encode(made).decode()[: MOST_BYTES - len(body) - 20]
    body = body[:-1] + f', "noise": "{noise}"}}'.encode()
    assert tell(world, body).status == 200
    kept = world.tenant(ws.workspace_id).events.get(Source.STRIPE, "evt_1")
    assert kept is not None
    assert kept.event.body == body


def test_while_a_secret_is_exchanged_both_count(world: World, ws: Provisioned) -> None:
    assert tell(world, document("evt_1"), secret="whsec_new").status == 400
    configured(world, stripe_webhook_secrets=("whsec_new", webhooks.STRIPE_SECRET))
    assert tell(world, document("evt_1"), secret="whsec_new").status == 200
    assert tell(world, document("evt_2")).status == 200


def test_without_a_secret_a_vendor_is_not_believed(world: World) -> None:
    configured(world, paddle_webhook_secrets=())
    body = document()
    assert post(world, "/webhooks/paddle", body, webhooks.paddle(body, world.clock.now())).status == 400


def test_paddle_s_clock_may_be_given_more_room(world: World) -> None:
    body = json.dumps({"event_id": "evt_1", "event_type": "t"}).encode()
    headers = webhooks.paddle(body, world.clock.now() - timedelta(seconds=30))
    assert post(world, "/webhooks/paddle", body, headers).status == 400
    configured(world, paddle_tolerance_seconds=30)
    assert post(world, "/webhooks/paddle", body, headers).status == 200


def test_signed_but_no_event(world: World) -> None:
    reply = tell(world, b'{"type": "invoice.paid"}')
    assert (reply.status, reply.json["code"]) == (422, "invalid_event")


# --- a workspace's own account ----------------------------------------------------------------------------


@pytest.fixture
def endpoint(world: World, ws: Provisioned) -> str:
    configured(world, sealing_keys=SEALING_KEYS)
    tenant = world.tenant(ws.workspace_id)
    bare = Endpoint(tenant.new_id("whe"), ws.workspace_id, Source.STRIPE_OF_WORKSPACE, frozenset())
    sealed = world.app.key_ring.seal(OF_WORKSPACE.encode(), bare.place)
    tenant.endpoints.put(Endpoint(bare.id, bare.workspace_id, bare.source, frozenset({sealed})))
    tenant.commit(None)
    return bare.id


def tell_endpoint(world: World, endpoint_id: str, body: bytes, secret: str = OF_WORKSPACE) -> Reply:
    headers = webhooks.stripe(body, world.clock.now(), secret)
    return post(world, "/webhooks/stripe/{endpoint_id}", body, headers, path={"endpoint_id": endpoint_id})


def test_an_account_of_a_workspace_tells_that_workspace(
    world: World, ws: Provisioned, endpoint: str, effect: Counting
) -> None:
    body = document(customer="cus_of_its_own")
    assert tell_endpoint(world, endpoint, body).status == 200
    react_to_all(world)
    assert states(world) == {"stripe-of-workspace#evt_1": "done"}
    assert effects(world, ws) == ["evt_1"]


def test_its_secret_counts_nowhere_else_and_no_other_counts_there(
    world: World, ws: Provisioned, endpoint: str
) -> None:
    body = document()
    assert tell_endpoint(world, endpoint, body, webhooks.STRIPE_SECRET).status == 400
    assert tell(world, body, secret=OF_WORKSPACE).status == 400
    assert world.items("EVENT") == []


def test_nobody_says_of_themselves_that_they_have_paid_us(
    world: World, ws: Provisioned, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has an account signs what they like: it is not what our own account tells."""
    ours = Counting()
    monkeypatch.setitem(REACTIONS, (Source.STRIPE, PAID), Reaction(ours, Action.SETTINGS_CHANGED))
    assert tell_endpoint(world, endpoint, document()).status == 200
    react_to_all(world)
    assert ours.told == []
    assert states(world) == {"stripe-of-workspace#evt_1": "kept"}
    assert tell(world).status == 200, "the same id, told by our account, is another event"
    react_to_all(world)
    assert ours.told == ["evt_1"]


@pytest.mark.parametrize("endpoint_id", ["whe_00000000000000000000000000", "whe_1", "..", "a#b"])
def test_an_endpoint_that_is_none(world: World, endpoint_id: str) -> None:
    assert tell_endpoint(world, endpoint_id, document()).status == 404


def test_a_workspace_fills_no_table(world: World, endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    few = Limit("few", 3, timedelta(minutes=1))
    monkeypatch.setattr("sheaf.access.limits.WEBHOOKS_OF_ENDPOINT", few)
    replies = [tell_endpoint(world, endpoint, document(f"evt_{number}")) for number in range(4)]
    assert [reply.status for reply in replies] == [200, 200, 200, 429]
    assert replies[-1].headers["retry-after"] == "20"
    assert len(world.items("EVENT")) == 3


def test_an_endpoint_is_taken_away(world: World, ws: Provisioned, endpoint: str) -> None:
    tenant = world.tenant(ws.workspace_id)
    tenant.endpoints.remove(endpoint)
    tenant.commit(None)
    assert tell_endpoint(world, endpoint, document()).status == 404
    assert world.items("ENDPOINT", SETTINGS.directory_table) == []


# --- once, in any order -----------------------------------------------------------------------------------


def test_told_once_more_while_it_waits_and_when_it_is_done(
    world: World, ws: Provisioned, effect: Counting
) -> None:
    assert [tell(world).status for _ in range(2)] == [200, 200]
    assert len(world.reminders.webhooks) == 2
    react_to_all(world)
    assert tell(world).status == 200
    assert world.reminders.webhooks == []
    assert effects(world, ws) == ["evt_1"]


@pytest.mark.parametrize("seed", range(6))
def test_duplicated_and_reordered_it_is_as_if_told_once(
    world: World, ws: Provisioned, effect: Counting, seed: int
) -> None:
    """180 deliveries in all: each of ten events thrice, with the messages in any order and some twice."""
    dice = random.Random(seed)  # noqa: S311  # the same in every run
    effect.refusals = 5
    ids = [f"evt_{number}" for number in range(10)]
    deliveries = dice.sample(ids * 3, 30)
    for event_id in deliveries:
        assert tell(world, document(event_id)).status == 200
        if dice.random() < 0.5:
            _deliver_some(world, dice)
    while world.reminders.webhooks:
        _deliver_some(world, dice)
    assert set(states(world).values()) == {"done"}
    assert effects(world, ws) == sorted(ids)
    [month] = world.items("USAGE")
    assert month["d"]["N"] == "10"


def _deliver_some(world: World, dice: random.Random) -> None:
    """Those that fail come again, as SQS has it; one that went well may come again, too."""
    waiting = world.reminders.webhooks
    chosen = [waiting.pop(dice.randrange(len(waiting))) for _ in range(dice.randint(0, min(4, len(waiting))))]
    failed = world.react(*chosen)
    waiting += [chosen[at] for at in failed]
    if chosen and dice.random() < 0.3:
        world.react(dice.choice(chosen))


def test_two_deliveries_at_the_same_moment_have_one_effect(
    world: World, ws: Provisioned, effect: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(world)
    [message] = world.reminders.webhooks
    world.meanwhile(monkeypatch, lambda: world.react(message))
    assert world.react(message) == []
    assert effect.told == ["evt_1", "evt_1"]
    assert effects(world, ws) == ["evt_1"]


def test_what_comes_before_what_it_is_about_is_tried_again(
    world: World, ws: Provisioned, effect: Counting
) -> None:
    effect.refusals = 1
    tell(world)
    [message] = world.reminders.webhooks
    assert world.react(message) == [0]
    assert states(world) == {"stripe#evt_1": "waiting"}
    assert world.react(message) == []
    assert states(world) == {"stripe#evt_1": "done"}


def test_one_that_fails_holds_up_no_other(world: World, ws: Provisioned, effect: Counting) -> None:
    effect.refusals = 1
    for number in range(3):
        tell(world, document(f"evt_{number}"))
    assert world.react(*world.reminders.webhooks) == [0]
    assert effects(world, ws) == ["evt_1", "evt_2"]


def test_what_nobody_waits_for_is_kept(world: World, ws: Provisioned, effect: Counting) -> None:
    for _ in range(2):
        assert tell(world, document(kind="customer.tax_id.created")).status == 200
        react_to_all(world)
    assert states(world) == {"stripe#evt_1": "kept"}
    assert effect.told == []


def test_what_was_kept_has_its_effect_when_it_is_told_again_and_somebody_waits_for_it(
    world: World, ws: Provisioned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(REACTIONS, (Source.STRIPE, PAID))
    tell(world)
    react_to_all(world)
    assert states(world) == {"stripe#evt_1": "kept"}
    monkeypatch.setitem(REACTIONS, (Source.STRIPE, PAID), Reaction(Counting(), Action.SETTINGS_CHANGED))
    tell(world)
    react_to_all(world)
    assert states(world) == {"stripe#evt_1": "done"}
    assert effects(world, ws) == ["evt_1"]


# --- poison and redrive -----------------------------------------------------------------------------------


def test_what_fails_each_time_joins_the_dead_letters_and_is_done_when_they_are_redriven(
    world: World, ws: Provisioned, effect: Counting
) -> None:
    effect.refusals = LAST_DELIVERY
    tell(world)
    [message] = world.reminders.webhooks
    for world.delivery in range(1, LAST_DELIVERY + 1):
        assert world.react(message) == [0]
    assert states(world) == {"stripe#evt_1": "waiting"}
    world.delivery = 1
    assert world.react(message) == []
    assert states(world) == {"stripe#evt_1": "done"}
    assert effects(world, ws) == ["evt_1"]


def test_a_message_that_nobody_understands(world: World) -> None:
    assert world.react({"source": "nobody", "event_id": "evt_1", "workspace_id": None, "tries": 0}) == [0]
    assert world.react({}) == [0]


def test_a_message_about_what_is_gone(world: World, ws: Provisioned) -> None:
    gone = {"source": "stripe", "event_id": "evt_0", "tries": 0}
    assert world.react(gone | {"workspace_id": ws.workspace_id}, gone | {"workspace_id": None}) == []


# --- whose it is ------------------------------------------------------------------------------------------


def test_of_nobody_it_is_kept_for_a_week_and_asked_about_twice(world: World, effect: Counting) -> None:
    assert tell(world).status == 200
    assert kept_of_nobody(world) == ["EVENT#stripe#evt_1"]
    react_to_all(world)
    assert world.reminders.delays == [60, 840]
    assert effect.told == []
    [item] = world.items("EVENT", SETTINGS.directory_table)
    assert int(item["ttl"]["N"]) == int((world.clock.now() + timedelta(days=7)).timestamp())


def test_it_finds_its_workspace_when_what_it_is_about_is_claimed(world: World, effect: Counting) -> None:
    ws = world.workspace()
    tell(world)
    claim(world, ws, "cus_1")
    react_to_all(world)
    assert kept_of_nobody(world) == []
    assert effects(world, ws) == ["evt_1"]


def test_of_nobody_and_told_again_when_it_is_somebody_s(world: World, effect: Counting) -> None:
    ws = world.workspace()
    tell(world)
    claim(world, ws, "cus_1")
    tell(world)
    react_to_all(world)
    assert effects(world, ws) == ["evt_1"]


def test_what_a_workspace_has_at_a_vendor_no_other_claims(world: World, ws: Provisioned) -> None:
    other = world.workspace("Other")
    with pytest.raises(Conflict):
        claim(world, other, "cus_1")
    claim(world, ws, "cus_1")
    tenant = world.tenant(ws.workspace_id)
    tenant.vendor_objects.release(Source.STRIPE, "cus_1")
    tenant.commit(None)
    claim(world, other, "cus_1")
    tell(world)
    assert world.reminders.webhooks[0]["workspace_id"] == other.workspace_id


def test_the_same_id_at_another_vendor_is_another_thing(world: World, ws: Provisioned) -> None:
    body = json.dumps({"event_id": "e1", "event_type": "t", "data": {"customer_id": "cus_1"}}).encode()
    assert post(world, "/webhooks/paddle", body, webhooks.paddle(body, world.clock.now())).status == 200
    assert kept_of_nobody(world) == ["EVENT#paddle#e1"]


def test_a_mail_s_event_finds_it_by_its_tag(world: World, ws: Provisioned, effect: Counting) -> None:
    claim(world, ws, "obx_1", Source.RESEND)
    body = json.dumps({"type": PAID, "data": {"email_id": "e-1", "tags": {"sheaf": "obx_1"}}}).encode()
    headers = webhooks.svix(body, world.clock.now())
    assert post(world, "/webhooks/resend", body, headers).status == 200
    react_to_all(world)
    assert states(world) == {"resend#msg_1": "done"}


# --- faults -----------------------------------------------------------------------------------------------


def calls_of(run: Callable[[World], Any], prepare: Callable[[World], Any]) -> list[Call]:
    with fresh_world() as world:
        prepare(world)
        with world.network.recording() as calls:
            run(world)
        return list(calls)


def prepared(world: World) -> Provisioned:
    ws = world.workspace()
    claim(world, ws, "cus_1")
    return ws


RECEIVED = [str(call) for call in calls_of(tell, prepared)]
FAULTS = [Fault.UNREACHABLE, Fault.KILLED_BEFORE, Fault.KILLED_AFTER, Fault.ANSWER_LOST, Fault.ANSWERS_LOST]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("number", range(len(RECEIVED)), ids=RECEIVED)
def test_an_event_whose_delivery_went_wrong_is_not_lost(
    world: World, effect: Counting, number: int, fault: Fault
) -> None:
    """Answered by nothing, or badly, the vendor tells it again: the keeping may have gone well, or all."""
    ws = prepared(world)
    with world.network.failing(number, fault):
        answered = attempt(lambda: tell(world).status == 200)
    if not answered:
        assert tell(world).status == 200
    react_to_all(world)
    assert effects(world, ws) == ["evt_1"]
    assert states(world) == {"stripe#evt_1": "done"}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("number", range(3))
def test_an_effect_that_went_wrong_is_had_once(
    world: World, effect: Counting, number: int, fault: Fault
) -> None:
    ws = prepared(world)
    tell(world)
    [message] = world.reminders.webhooks
    with world.network.failing(number, fault):
        attempt(lambda: world.react(message) == [])
    assert world.react(message) == []
    assert effects(world, ws) == ["evt_1"]


def attempt(run: Callable[[], bool]) -> bool:
    try:
        return run()
    except (Killed, BotoCoreError, PynamoDBException):
        return False


# --- what it costs ----------------------------------------------------------------------------------------


def test_receiving_loads_no_vendor_s_library() -> None:
    program = (
        "import functions.webhooks.handler, sheaf.bootstrap, sys;"
        "print([name for name in ('stripe', 'resend', 'boto3', 'cryptography') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
