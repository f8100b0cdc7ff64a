"""A table's stream on one side, a function on the other, as Lambda's own poller works.

The embedded AWS keeps a stream only while it runs, so every start reads it from its beginning; what the
function has seen already it must be able to see again, as on AWS.
"""

from __future__ import annotations

import base64
import json
import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.local.aws import REGION, session
from infra.local.environments import Answer
from infra.local.failure import LocalError
from infra.local.nested import Json
from infra.local.template import StreamSource

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient

_PAUSE_SECONDS = 0.5
_TRY_AGAIN_SECONDS = 2.0
_FINISH_SECONDS = 10
_log = logging.getLogger(__name__)


class StreamPoller:
    """Gives the function what the stream tells, in order; a batch that failed comes again, up to a limit."""

    def __init__(
        self, source: StreamSource, stream_arn: str, endpoint: str, invoke: Callable[[Any], Answer]
    ) -> None:
        for pattern in source.filters:
            matches(pattern, {})
        self._source = source
        self._stream_arn = stream_arn
        self._invoke = invoke
        self._streams: DynamoDBStreamsClient = session().client("dynamodbstreams", endpoint_url=endpoint)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=source.name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """What the stream has told by now is dealt with first."""
        self._stopping.set()
        self._thread.join(_FINISH_SECONDS)

    def _run(self) -> None:
        while True:
            try:
                self._follow()
            except (BotoCoreError, ClientError) as error:
                _log.warning("%s: %s", self._source.name, error)
            if self._stopping.wait(_TRY_AGAIN_SECONDS):
                return

    def _follow(self) -> None:
        described = self._streams.describe_stream(StreamArn=self._stream_arn)["StreamDescription"]
        [shard] = described["Shards"]
        iterator: str | None = self._streams.get_shard_iterator(
            StreamArn=self._stream_arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        while iterator is not None:
            leaving = self._stopping.is_set()
            answer = self._streams.get_records(ShardIterator=iterator, Limit=self._source.batch_size)
            records = [_told(record, self._stream_arn) for record in answer["Records"]]
            self._deliver([record for record in records if self._is_wanted(record)])
            iterator = answer.get("NextShardIterator")
            if leaving and not records:
                return
            if not records:
                self._stopping.wait(_PAUSE_SECONDS)

    def _is_wanted(self, record: Json) -> bool:
        return not self._source.filters or any(matches(pattern, record) for pattern in self._source.filters)

    def _deliver(self, records: list[Json]) -> None:
        for _ in range(self._source.retries + 1 if records else 0):
            answer = self._invoke({"Records": records})
            if answer.error is None:
                return
            if self._stopping.wait(_TRY_AGAIN_SECONDS):
                return
        if records:
            _log.error("%s: %d records were given up", self._source.name, len(records))


def matches(pattern: Json, value: Json) -> bool:
    """Lambda's event filtering, as far as our template uses it; what it does not know it refuses loudly.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
    """
    if isinstance(pattern, dict):
        inner = value if isinstance(value, dict) else {}
        found = {name: matches(part, inner.get(name)) for name, part in pattern.items()}
        return all(found.values())
    found_rules = {_is(rule, value) for rule in pattern}  # all of them: one may not be understood
    return True in found_rules


def _is(rule: Json, value: Json) -> bool:
    match rule:
        case {"suffix": str(text)}:
            return isinstance(value, str) and value.endswith(text)
        case {"prefix": str(text)}:
            return isinstance(value, str) and value.startswith(text)
        case dict() | list():
            raise LocalError(
                f"A filter of the template is not understood here: {json.dumps(rule)}.",
                "Teach infra/local/streams.py that comparison.",
            )
    return bool(rule == value)


def _told(record: Any, stream_arn: str) -> Json:
    """A record as Lambda hands it over: attributes typed, times in seconds."""
    change = dict(record["dynamodb"])
    change["ApproximateCreationDateTime"] = change["ApproximateCreationDateTime"].timestamp()
    return {
        **{name: record[name] for name in ("eventID", "eventName", "eventVersion", "eventSource")},
        "awsRegion": REGION,
        "eventSourceARN": stream_arn,
        "dynamodb": json.loads(json.dumps(change, default=_base64)),
    }


def _base64(value: object) -> str:
    if not isinstance(value, bytes):
        raise TypeError(type(value).__name__)
    return base64.b64encode(value).decode()
