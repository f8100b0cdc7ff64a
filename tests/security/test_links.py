"""Links to another workspace's files: no route gives one, and S3 takes none that was made for something else.

The forms and links are those of the running system; the embedded AWS holds them against their signatures and
against what the session that signed them may do, as S3 does.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest

from infra.local.stack import LocalStack
from tests.e2e.client import Client
from tests.security.test_foreign_ids import percent

pytestmark = pytest.mark.xdist_group("stack")

DATA = b"%PDF-1.7 twenty bytes"
SECRET = b"%PDF-1.7 of the other"
REFUSED = {400, 403}

type Fields = dict[str, str]


@dataclass(frozen=True)
class Party:
    """A workspace with a file, a link to it, and a form for the next."""

    client: Client
    document: str
    form: Fields
    link: str

    @property
    def workspace(self) -> str:
        return str(self.client.local["workspace_id"])

    @property
    def path(self) -> str:
        return urlsplit(self.link).path

    @property
    def query(self) -> Fields:
        return dict(parse_qsl(urlsplit(self.link).query))

    def key(self, rest: str) -> str:
        return f"workspaces/{self.workspace}/{rest}"


@dataclass(frozen=True)
class Links:
    own: Party
    other: Party
    form_url: str
    bystander: Client
    """A workspace that files do land in."""

    def post(
        self, fields: Fields | list[tuple[str, str]], data: bytes = DATA, filename: str = "a.pdf"
    ) -> int:
        pairs = list(fields.items()) if isinstance(fields, dict) else fields
        url = self.form_url
        return self.own.client.http.request("POST", url, fields=[*pairs, ("file", (filename, data))]).status

    def versions(self) -> set[tuple[str, str]]:
        local = self.own.client.local
        found = self.own.client.aws("s3").list_object_versions(Bucket=local["bucket"])
        listed = {(version["Key"], version["VersionId"]) for version in found["Versions"]}
        theirs = f"workspaces/{self.bystander.local['workspace_id']}/"
        return {version for version in listed if not version[0].startswith(theirs)}


def party(stack: LocalStack, name: str, data: bytes) -> tuple[Party, str]:
    client = Client.of(stack, name)
    document = client.upload("a.pdf", data)
    client.wait([document])
    answer = client.http.request(
        "GET",
        f"{stack.url}/v1/documents/{document}/file",
        headers={"authorization": f"Bearer {client.local['api_key']}"},
        redirect=False,
    )
    upload = client.announce("b.pdf", "application/pdf", len(DATA))
    return Party(client, document, dict(upload["fields"]), answer.headers["location"]), upload["url"]


@pytest.fixture(scope="module")
def links(stack: LocalStack) -> Iterator[Links]:
    own, form_url = party(stack, "A", DATA)
    other, _ = party(stack, "B", SECRET)
    made = Links(own, other, form_url, Client.of(stack, "C"))
    before = made.versions()
    yield made
    assert made.versions() == before, "nothing was written, replaced or taken away"


def send(url: str, target: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Exactly this target: better-behaved clients tidy paths up."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=60)
    try:
        connection.request(method, target, headers=headers)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


# --- ways to write a key ----------------------------------------------------------------------------------

SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": lambda key: key,
    "percent": percent,
    "percent-slashes": lambda key: key.replace("/", "%2F"),
    "percent-twice": lambda key: key.replace("/", "%252F"),
    "upper": str.upper,
    "double-slashes": lambda key: key.replace("/", "//"),
    "leading-slash": lambda key: f"/{key}",
    "dot": lambda key: f"./{key}",
    "dots": lambda key: f"x/../{key}",
    "percent-dots": lambda key: f"x/%2e%2e/{key}",
    "backslashes": lambda key: key.replace("/", "\\"),
    "null": lambda key: f"{key}\x00",
    "percent-null": lambda key: f"{key}%00",
    "space": lambda key: f" {key} ",
    "line": lambda key: f"{key}\r\n",
    "wide-slashes": lambda key: key.replace("/", "\uff0f"),
    "bucket-first": lambda key: f"sheaf-files-000000000000-us-east-1/{key}",
    "file-name": lambda key: key.rpartition("/")[0] + "/${filename}",
}
TARGETS: dict[str, Callable[[Links], str]] = {
    "file": lambda links: links.other.key(f"files/{links.other.document}/original"),
    "announced": lambda links: links.other.form["key"],
    "drop": lambda links: links.other.key("drop/a.pdf"),
}
FROM_OWN: dict[str, Callable[[Links, str], str]] = {
    "up-and-over": lambda links, key: f"{key}/../../../../{links.other.workspace}/files/x/original",
    "over": lambda links, key: key.replace("/files/", f"/../{links.other.workspace}/files/"),
    "other-document": lambda links, key: links.own.key(f"files/{links.own.document}/original"),
    "own-drop": lambda links, key: links.own.key("drop/a.pdf"),
    "deeper": lambda links, key: f"{key}/x",
    "shorter": lambda links, key: key[:-1],
    "folder": lambda links, key: key.rpartition("/")[0] + "/",
    "null-and-other": lambda links, key: f"{key}\x00{links.other.form['key']}",
    "both": lambda links, key: f"{key},{links.other.form['key']}",
    "empty": lambda links, key: "",
    "root": lambda links, key: "a.pdf",
    "other-name": lambda links, key: key.replace("original", "${filename}"),
    "upper": lambda links, key: key.upper(),
    "percent": lambda links, key: percent(key),
}


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_form_reaches_no_other_workspace(links: Links, spelling: str, target: str) -> None:
    key = SPELLINGS[spelling](TARGETS[target](links))
    assert links.post(links.own.form | {"key": key}, filename="original") in REFUSED


@pytest.mark.parametrize("change", FROM_OWN)
def test_a_form_takes_its_own_key_and_nothing_beside_it(links: Links, change: str) -> None:
    key = FROM_OWN[change](links, links.own.form["key"])
    assert links.post(links.own.form | {"key": key}) in REFUSED


@pytest.mark.parametrize("name", ["key", "Key", "KEY", "bucket", "x-amz-meta-key"])
def test_a_second_key_counts_for_nothing(links: Links, name: str) -> None:
    foreign = links.other.form["key"]
    assert links.post([*links.own.form.items(), (name, foreign)]) in REFUSED


# --- forms that say something else ------------------------------------------------------------------------


def widened(form: Fields, change: Callable[[dict[str, Any]], object]) -> Fields:
    policy = json.loads(base64.b64decode(form["policy"]))
    change(policy)
    return form | {"policy": base64.b64encode(json.dumps(policy).encode()).decode()}


POLICIES: dict[str, Callable[[dict[str, Any]], object]] = {
    "any-key": lambda policy: policy.update(conditions=[["starts-with", "$key", ""]]),
    "no-conditions": lambda policy: policy.update(conditions=[]),
    "later": lambda policy: policy.update(expiration="2099-01-01T00:00:00Z"),
    "larger": lambda policy: policy["conditions"].append(["content-length-range", 0, 10**9]),
    "any-type": lambda policy: policy["conditions"].append(["starts-with", "$Content-Type", ""]),
    "unchanged-but-spelt-anew": lambda policy: policy.update(comment=""),
}
EXTRA = (
    "acl",
    "success_action_redirect",
    "success_action_status",
    "x-amz-meta-workspace",
    "x-amz-storage-class",
    "x-amz-tagging",
    "x-amz-website-redirect-location",
    "Content-Encoding",
    "Content-Disposition",
    "Cache-Control",
)
FIELDS = (
    "key",
    "Content-Type",
    "x-amz-algorithm",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-security-token",
    "policy",
    "x-amz-signature",
)


@pytest.mark.parametrize("change", POLICIES)
@pytest.mark.parametrize("target", ["own", "other"])
def test_a_policy_that_was_changed_is_refused(links: Links, change: str, target: str) -> None:
    form = widened(links.own.form, POLICIES[change])
    key = links.own.form["key"] if target == "own" else links.other.form["key"]
    assert links.post(form | {"key": key}) in REFUSED


@pytest.mark.parametrize("policy", ["", "{}", "e30=", "bm9uZQ==", "\x00", "=" * 8])
def test_what_is_no_policy_is_refused(links: Links, policy: str) -> None:
    assert links.post(links.own.form | {"policy": policy}) in REFUSED


@pytest.mark.parametrize("name", FIELDS)
def test_a_form_lacks_nothing(links: Links, name: str) -> None:
    assert links.post({field: value for field, value in links.own.form.items() if field != name}) in REFUSED


@pytest.mark.parametrize("name", FIELDS)
def test_no_field_may_be_altered(links: Links, name: str) -> None:
    for value in ("", links.own.form[name] + "0", links.own.form[name].swapcase()):
        if value != links.own.form[name]:
            assert links.post(links.own.form | {name: value}) in REFUSED, value


@pytest.mark.parametrize(
    "names", [("policy",), ("x-amz-signature",), ("x-amz-credential",), ("x-amz-security-token",), ("key",),
              ("policy", "x-amz-signature"), ("policy", "key"), ("x-amz-credential", "x-amz-security-token"),
              ("key", "x-amz-credential", "x-amz-security-token")],
)  # fmt: skip
def test_parts_of_two_forms_make_no_third(links: Links, names: tuple[str, ...]) -> None:
    for one, another in ((links.own.form, links.other.form), (links.other.form, links.own.form)):
        assert links.post(one | {name: another[name] for name in names}) in REFUSED


@pytest.mark.parametrize("name", EXTRA)
def test_what_the_form_does_not_say_may_not_be_added(links: Links, name: str) -> None:
    assert links.post(links.own.form | {name: "public-read"}) in REFUSED


@pytest.mark.parametrize(
    "content_type",
    ["text/html", "Application/PDF", "application/pdf; a=b", "application/pdf ", "image/svg+xml"],
)
def test_a_form_takes_one_type(links: Links, content_type: str) -> None:
    assert links.post(links.own.form | {"Content-Type": content_type}) in REFUSED


@pytest.mark.parametrize("size", [0, 1, len(DATA) - 1, len(DATA) + 1, 2 * len(DATA), 1 << 20])
def test_a_form_takes_one_size(links: Links, size: int) -> None:
    assert links.post(links.own.form, b"x" * size) in REFUSED


@pytest.mark.parametrize("filename", ["../../original", "/etc/passwd", "${key}", "a\\b"])
def test_what_the_file_is_called_moves_it_nowhere(links: Links, filename: str) -> None:
    upload = links.bystander.announce("a.pdf", "application/pdf", len(DATA))
    assert links.post(upload["fields"], filename=filename) == 204
    [version] = links.bystander.versions(upload["document_id"])
    assert version["Key"] == upload["fields"]["key"]


# --- links ------------------------------------------------------------------------------------------------

PATHS = {
    name: change for name, change in SPELLINGS.items() if name not in {"line", "null", "space", "file-name"}
}
QUERIES: dict[str, Callable[[Links], Fields]] = {
    "own": lambda links: links.own.query,
    "its-version": lambda links: links.own.query | {"versionId": links.other.query["versionId"]},
    "none": lambda links: {},
}
PARAMETERS = (
    "response-content-disposition",
    "versionId",
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "X-Amz-Security-Token",
    "X-Amz-Signature",
)


def follow(links: Links, path: str, query: Fields, method: str = "GET", **headers: str) -> int:
    """The status; fails when the other's file was in the answer."""
    target = f"{path}?{urlencode(query, quote_via=quote)}" if query else path
    status, _, body = send(links.own.link, target, method, **headers)
    assert SECRET not in body
    return status


def test_each_follows_their_own_link(links: Links) -> None:
    for one, content in ((links.own, DATA), (links.other, SECRET)):
        parts = urlsplit(one.link)
        assert send(one.link, f"{parts.path}?{parts.query}")[::2] == (200, content)


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("spelling", PATHS)
def test_a_link_reaches_no_other_workspace(links: Links, spelling: str, query: str) -> None:
    bucket, key = links.other.path[1:].split("/", 1)
    path = quote(PATHS[spelling](key), safe="/%")
    assert follow(links, f"/{bucket}/{path}", QUERIES[query](links)) in {400, 403, 404}


@pytest.mark.parametrize("where", ["own", "other"])
@pytest.mark.parametrize("name", PARAMETERS)
def test_a_link_lacks_nothing_and_nothing_in_it_may_be_altered(links: Links, name: str, where: str) -> None:
    path = links.own.path if where == "own" else links.other.path
    query = links.own.query
    for changed in (
        {key: value for key, value in query.items() if key != name},
        query | {name: ""},
        query | {name: query[name] + "0"},
        query | {name: query[name][::-1]},
    ):
        if changed != query:
            assert follow(links, path, changed) in REFUSED, changed.get(name)


@pytest.mark.parametrize(
    "names",
    [("X-Amz-Signature",), ("X-Amz-Credential",), ("X-Amz-Security-Token",), ("versionId",),
     ("X-Amz-Credential", "X-Amz-Security-Token"), ("versionId", "X-Amz-Signature")],
)  # fmt: skip
def test_parts_of_two_links_make_no_third(links: Links, names: tuple[str, ...]) -> None:
    mixed = links.own.query | {name: links.other.query[name] for name in names}
    for path in (links.own.path, links.other.path):
        assert follow(links, path, mixed) in REFUSED


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "HEAD", "PATCH"])
@pytest.mark.parametrize("where", ["own", "other", "bucket"])
def test_a_link_is_for_looking(links: Links, method: str, where: str) -> None:
    bucket = "/" + links.own.path.split("/")[1]
    path = {"own": links.own.path, "other": links.other.path, "bucket": bucket}[where]
    assert follow(links, path, links.own.query, method) in {403, 405}


@pytest.mark.parametrize(
    "name", ["acl", "tagging", "versions", "uploads", "torrent", "retention", "list-type"]
)
@pytest.mark.parametrize("where", ["own", "bucket"])
def test_a_link_is_for_the_file_and_not_for_what_is_known_of_it(links: Links, name: str, where: str) -> None:
    path = links.own.path if where == "own" else "/" + links.own.path.split("/")[1]
    prefix = {"prefix": f"workspaces/{links.other.workspace}/"}
    assert follow(links, path, links.own.query | {name: "2"} | prefix) in REFUSED


# --- routes -----------------------------------------------------------------------------------------------

ROUTES: dict[str, str] = {
    "plain": "/v1/documents/{id}/file",
    "percent": "/v1/documents/{percent}/file",
    "percent-all": "/%76%31/documents/{id}/%66ile",
    "upper": "/v1/documents/{upper}/file",
    "over": "/v1/documents/{own}/../{id}/file",
    "percent-over": "/v1/documents/{own}%2F..%2F{id}/file",
    "after": "/v1/documents/{own}/{id}/file",
    "percent-after": "/v1/documents/{own}%2F{id}/file",
    "slashes": "/v1//documents//{id}//file",
    "end": "/v1/documents/{id}/file/",
    "dot": "/v1/documents/./{id}/file",
    "parameter": "/v1/documents/{id};a=b/file",
    "null": "/v1/documents/{id}%00/file",
    "own-and-null": "/v1/documents/{own}%00{id}/file",
    "comma": "/v1/documents/{own},{id}/file",
    "query": "/v1/documents/{id}/file?workspace_id={workspace}",
    "query-id": "/v1/documents/{nobody}/file?document_id={id}",
    "workspace": "/v1/documents/{workspace}%23{id}/file",
    "document": "/v1/documents/{id}",
    "key": "/v1/documents/workspaces%2F{workspace}%2Ffiles%2F{id}/file",
}


@pytest.mark.parametrize("route", ROUTES)
def test_no_route_gives_a_link_to_the_file_of_another(links: Links, route: str) -> None:
    own, other = links.own, links.other
    target = ROUTES[route].format(
        id=other.document,
        own=own.document,
        percent=percent(other.document),
        upper=other.document.upper(),
        workspace=other.workspace,
        nobody="doc_00000000000000000000000000",
    )
    said = {"x-workspace-id": other.workspace, "x-original-url": other.path}
    key = f"Bearer {own.client.local['api_key']}"
    status, headers, body = send(own.client.local["url"], target, **said, authorization=key)
    assert status == (400 if "?" in target else 404), body
    assert "location" not in headers
    assert other.form["key"].encode() not in body
