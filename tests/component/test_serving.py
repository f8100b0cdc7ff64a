"""What a handler gets and what happens around it: for a workspace, for one's own account, for anybody."""

from __future__ import annotations

import json

import pytest

from sheaf import bootstrap
from sheaf.access.actor import Actor, ActorKind
from sheaf.access.roles import Permission, Role
from sheaf.access.tokens import SESSION_COOKIE
from sheaf.audit.entries import Action, Change
from sheaf.bootstrap import Application
from sheaf.edge.api import Answer, Api, _note_denial, _run_tenant
from sheaf.edge.identity import Credential
from sheaf.edge.provisioning import Provisioned
from sheaf.edge.request import Request
from sheaf.kernel.errors import Conflict, Forbidden
from sheaf.kernel.preconditions import IfMatch
from sheaf.storage.tenant import Tenant
from sheaf.storage.visit import Visit
from tests.builders import events
from tests.builders.world import SETTINGS, World
from tests.component.serving import Said, with_key, with_session

READ, DELETE = Permission.DOCUMENT_READ, Permission.DOCUMENT_DELETE
EVERYBODY, OWN = Permission.PUBLIC, Permission.OWN_ACCOUNT
PROVED = Action.SESSION_PROVED


@pytest.fixture
def ws(world: World) -> Provisioned:
    return world.workspace()


class TestWorkspaces:
    def test_a_handler_gets_what_it_asks_for(self, world: World, ws: Provisioned) -> None:
        api = Api()

        @api.get("/v1/words", permission=READ)
        def say(app: Application, tenant: Tenant, request: Request, credential: Credential) -> Said:
            assert app is world.app
            assert credential.role is not None
            return Said(words=[tenant.workspace_id, request.route_key, credential.role, tenant.actor.id])

        answer = json.loads(with_key(api, ws.api_key)["body"])
        assert answer["words"] == [ws.workspace_id, "GET /v1/words", "owner", ws.key_id]

    def test_who_may_not_is_refused_before_anything_runs_and_it_is_noted(
        self, world: World, ws: Provisioned
    ) -> None:
        api, ran = Api(), []

        @api.delete("/v1/words", permission=DELETE, audit=Action.DOCUMENT_DELETED)
        def delete() -> None:
            ran.append(1)

        key = world.key(ws.workspace_id, Role.MEMBER)
        answer = with_key(api, key, "DELETE")
        assert (answer["statusCode"], json.loads(answer["body"])["code"], ran) == (403, "forbidden", [])
        [entry] = world.audit(ws, action="access.denied")
        assert entry["after"] == {"route": "DELETE /v1/words", "code": "forbidden"}

    def test_a_refusal_names_its_request_in_the_answer_and_in_the_log(
        self, world: World, caplog: pytest.LogCaptureFixture
    ) -> None:
        event = events.http("GET", "/v1/nothing")
        answer = Api().handler(event, None)
        request_id = event["requestContext"]["requestId"]
        assert json.loads(answer["body"])["instance"] == request_id
        [record] = caplog.records
        logged = vars(record)
        assert (record.message, logged["code"], logged["request_id"]) == ("refused", "not_found", request_id)

    def test_what_is_deleted_is_deleted_however_many_do_it(self, world: World, ws: Provisioned) -> None:
        api, tries = Api(), []

        @api.delete("/v1/words", permission=DELETE, audit=Action.DOCUMENT_DELETED)
        def delete() -> None:
            tries.append(1)
            if len(tries) == 1:
                raise Conflict("Somebody was faster.")

        assert with_key(api, ws.api_key, "DELETE")["statusCode"] == 204
        assert len(tries) == 2

    def test_what_says_which_version_it_means_is_asked_again_whether_it_still_is(
        self, world: World, ws: Provisioned
    ) -> None:
        api, tries = Api(), []

        @api.patch("/v1/words", permission=READ, audit=Action.DOCUMENT_UPLOADED)
        def change(if_match: IfMatch) -> Said:
            tries.append(if_match)
            if len(tries) == 1:
                raise Conflict("Somebody was faster.")
            return Said(words=[])

        assert with_key(api, ws.api_key, "PATCH", headers={"if-match": '"1"'})["statusCode"] == 200
        assert tries == [IfMatch(frozenset({1}))] * 2

    def test_nothing_else_is_done_twice(self, world: World, ws: Provisioned) -> None:
        api, tries = Api(), []

        @api.post("/v1/words", permission=READ, audit=Action.DOCUMENT_UPLOADED, replay=lambda subject: None)
        def add() -> None:
            tries.append(1)
            raise Conflict("Somebody was faster.")

        assert with_key(api, ws.api_key, "POST")["statusCode"] == 409
        assert len(tries) == 1

    def test_only_a_post_remembers_its_idempotency_key(self, world: World, ws: Provisioned) -> None:
        api = Api()

        @api.delete("/v1/words", permission=DELETE, audit=Action.DOCUMENT_DELETED)
        def delete(tenant: Tenant) -> None:
            tenant.readings.remove("doc_1")
            tenant.record(Change(subject="doc_1"))

        for _ in range(2):
            answer = with_key(api, ws.api_key, "DELETE", headers={"idempotency-key": "one"})
            assert answer["statusCode"] == 204
        assert world.items("IDEMPOTENCY") == []

    def test_the_same_post_again_is_answered_with_what_the_first_made(
        self, world: World, ws: Provisioned
    ) -> None:
        api, made = Api(), list[str]()

        def again(tenant: Tenant, request: Request, subject: str) -> Said:
            return Said(words=[subject, tenant.workspace_id, request.route_key])

        @api.post("/v1/words", permission=READ, audit=Action.DOCUMENT_UPLOADED, replay=again)
        def add(tenant: Tenant, request: Request) -> Said:
            made.append(f"doc_{len(made)}")
            tenant.readings.remove(made[-1])
            tenant.record(Change(subject=made[-1]))
            return Said(words=["made"])

        keyed = {"headers": {"idempotency-key": "one"}}
        first, second = (with_key(api, ws.api_key, "POST", **keyed) for _ in range(2))
        assert (first["statusCode"], json.loads(first["body"])["words"]) == (201, ["made"])
        assert json.loads(second["body"])["words"] == ["doc_0", ws.workspace_id, "POST /v1/words"]
        assert second["headers"]["idempotent-replayed"] == "true"
        assert "idempotent-replayed" not in first["headers"]
        assert [entry["action"] for entry in world.audit(ws, subject="doc_0")] == ["document.uploaded"]
        for _ in range(2):
            assert "idempotent-replayed" not in with_key(api, ws.api_key, "POST")["headers"]
        assert made == ["doc_0", "doc_1", "doc_2"]

    def test_what_is_about_a_workspace_runs_in_none_without_one(self, world: World) -> None:
        api = Api()

        @api.get("/v1/words", permission=READ)
        def say(tenant: Tenant) -> None: ...

        nowhere = Credential(Actor(kind=ActorKind.USER, id="usr_1"), None, None)
        request = Request(events.http("GET", "/v1/words"))
        with pytest.raises(AssertionError, match="without a workspace"):
            _run_tenant(api.routes["GET /v1/words"], request, world.app, nowhere, {})

    @pytest.mark.parametrize(("is_in", "role"), [(True, None), (False, Role.OWNER), (False, None)])
    def test_who_has_to_do_with_no_workspace_is_noted_in_no_log(
        self, world: World, ws: Provisioned, is_in: bool, role: Role | None
    ) -> None:
        actor, request = Actor(kind=ActorKind.USER, id="usr_1"), Request(events.http("GET", "/v1/words"))
        credential = Credential(actor, ws.workspace_id if is_in else None, role)
        with world.network.recording() as calls:
            _note_denial(world.app, request, credential, Forbidden("No."))
            assert calls == []


class TestOwnAccount:
    def test_a_handler_gets_what_it_asks_for_and_what_it_stages_is_committed(
        self, world: World, ws: Provisioned
    ) -> None:
        api = Api()

        @api.post("/v1/words", permission=OWN, audit=PROVED)
        def say(app: Application, visit: Visit, request: Request, credential: Credential) -> Said:
            assert app is world.app
            visit.people.note_workspace(visit.user_id, "wrk_chosen")
            return Said(words=[visit.user_id, request.route_key, credential.actor.id])

        user_id = world.person("ada@example.test", (ws.workspace_id, Role.OWNER))
        answer = with_session(api, world.sign_in(user_id, ws.workspace_id), "POST")
        assert json.loads(answer["body"])["words"] == [user_id, "POST /v1/words", user_id]
        user = world.app.people.user(user_id)
        assert user is not None
        assert user.workspace_id == "wrk_chosen"

    def test_a_fresh_token_comes_first_and_the_handlers_cookies_count(
        self, world: World, ws: Provisioned
    ) -> None:
        """Signing out with a token that is just being replaced is signing out."""
        api = Api()

        @api.get("/v1/words", permission=OWN)
        def leave() -> Answer[str]:
            return Answer("bye", cookies=(f"{SESSION_COOKIE}=gone",))

        user_id = world.person("ada@example.test", (ws.workspace_id, Role.OWNER))
        token = world.sign_in(user_id, ws.workspace_id)
        assert with_session(api, token)["cookies"] == [f"{SESSION_COOKIE}=gone"]
        membership = world.tenant(ws.workspace_id).members.get(user_id)
        assert membership is not None
        tenant = world.tenant(ws.workspace_id)
        tenant.people.put_membership(membership.model_copy(update={"role": Role.MEMBER}), is_new=False)
        tenant.commit(Action.MEMBER_JOINED)
        fresh, own = with_session(api, token)["cookies"]
        assert fresh.startswith(f"{SESSION_COOKIE}=")
        assert own == f"{SESSION_COOKIE}=gone"
        assert fresh != own

    def test_without_a_cookie_none_is_set(self, world: World, ws: Provisioned) -> None:
        api = Api()

        @api.get("/v1/words", permission=READ)
        def say() -> Said:
            return Said(words=[])

        assert "cookies" not in with_key(api, ws.api_key)


class TestEverybody:
    def test_what_needs_no_table_needs_no_settings(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The public pages are up when nothing else is."""

        def unavailable() -> Application:
            raise AssertionError("the application was assembled")

        monkeypatch.setattr(bootstrap, "application", unavailable)
        api = Api()

        @api.get("/v1/words/<word>", permission=EVERYBODY)
        def say(word: str) -> Said:
            return Said(words=[word])

        event = events.http("GET", "/v1/words/{word}", path={"word": "hello"})
        assert json.loads(api.handler(event, None)["body"]) == {"words": ["hello"]}

    def test_a_handler_gets_the_application_or_a_visit(self, world: World) -> None:
        api = Api()

        @api.get("/v1/words", permission=EVERYBODY)
        def wants_app(app: Application) -> Said:
            return Said(words=[app.settings.origin])

        @api.get("/v1/visits", permission=EVERYBODY)
        def wants_visit(visit: Visit, request: Request) -> Said:
            return Said(words=[str(visit.session), visit.origin.ip or "", request.route_key])

        answer = api.handler(events.http("GET", "/v1/words"), None)
        assert json.loads(answer["body"])["words"] == [SETTINGS.origin]
        answer = api.handler(events.http("GET", "/v1/visits"), None)
        assert json.loads(answer["body"])["words"] == ["None", "203.0.113.7", "GET /v1/visits"]

    @pytest.mark.parametrize(
        ("method", "cross_site", "origin", "status"),
        [
            ("POST", False, None, 201),
            ("POST", False, SETTINGS.origin, 201),
            ("POST", False, "https://evil.test", 403),
            ("POST", True, "https://provider.test", 201),
            ("GET", False, "https://mail.test", 200),
        ],
    )
    def test_another_sites_page_changes_nothing_unless_it_may(
        self, world: World, method: str, cross_site: bool, origin: str | None, status: int
    ) -> None:
        api = Api()

        def say(visit: Visit) -> Said:
            return Said(words=[])

        if method == "GET":
            api.get("/v1/words", permission=EVERYBODY)(say)
        else:
            api.post("/v1/words", permission=EVERYBODY, audit=PROVED, cross_site=cross_site)(say)
        headers = {} if origin is None else {"origin": origin}
        assert api.handler(events.http(method, "/v1/words", headers=headers), None)["statusCode"] == status
