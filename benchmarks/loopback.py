"""DynamoDB and STS on the loopback, as far as a first event needs them: a key, a workspace and a document are
there, and every role can be assumed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

WORKSPACE = "wrk_01m7w4n5e0fgks6tnnfmsw7pph"
DOCUMENT = "doc_01m7w4n5e0e16vqf0c2ajdqxt5"
_KEY = {
    "pk": {"S": "APIKEY#"},
    "sk": {"S": "APIKEY"},
    "w": {"S": WORKSPACE},
    "i": {"S": "key_01m7w4n5e0ep29azrbb2rqb8r3"},
    "n": {"S": "first key"},
    "d": {"S": "shf_live_0000"},
    "r": {"S": "owner"},
    "c": {"N": "1795167000123"},
    "b": {"S": "provisioning"},
}
_ITSELF = {
    "pk": {"S": f"{WORKSPACE}#WORKSPACE"},
    "sk": {"S": "WORKSPACE"},
    "n": {"S": "Acme"},
    "c": {"N": "1795167000123"},
    "r": {"S": "7y"},
    "v": {"N": "1"},
}
_DOCUMENT = {
    "pk": {"S": f"{WORKSPACE}#DOCUMENT"},
    "sk": {"S": DOCUMENT},
    "s": {"S": "failed"},
    "n": {"S": "2026-11-02 Larkspur & Boone LB-20417.pdf"},
    "b": {"S": "key_01m7w4n5e0ep29azrbb2rqb8r3"},
    "v": {"N": "2"},
    "x": {"S": "file_corrupt"},
    "m": {"S": "The file is damaged or incomplete. Open it, save it again, and upload that."},
}
_BUCKET = {"f": {"N": "1795167000123"}}
"""A limit that is far from being reached."""

_AT_VENDOR = {"pk": {"S": "VENDOR#"}, "sk": {"S": "VENDOR"}, "w": {"S": WORKSPACE}}
_KNOWN = {"APIKEY": _KEY, "WORKSPACE": _ITSELF, "VENDOR": _AT_VENDOR, DOCUMENT: _DOCUMENT}


_SESSION = """\
<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ASIA0000000000000000</AccessKeyId><SecretAccessKey>testing</SecretAccessKey>
<SessionToken>testing</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>
</Credentials></AssumeRoleResult></AssumeRoleResponse>"""


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        request = self.rfile.read(int(self.headers["content-length"]))
        target = self.headers["x-amz-target"]
        if target is None:
            body, kind = _SESSION.encode(), "text/xml"
        else:
            answer = _answer(target.partition(".")[2], json.loads(request))
            body, kind = json.dumps(answer).encode(), "application/x-amz-json-1.0"
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is overridden
        """Nothing: what goes on here is not news."""


def _answer(operation: str, request: dict[str, Any]) -> dict[str, Any]:
    if operation == "GetItem":
        item = _KNOWN.get(request["Key"]["sk"]["S"])
        return {"Item": item} if item else {}
    if operation == "UpdateItem":
        return {"Attributes": _BUCKET}
    if operation == "Query":
        return {"Items": [], "Count": 0, "ScannedCount": 0}
    return {}


@contextmanager
def loopback() -> Iterator[str]:
    """Its URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
