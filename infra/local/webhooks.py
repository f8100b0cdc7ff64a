"""Webhooks on their way from a vendor's double to us: signed, tried until taken, and spoiled on demand."""

from __future__ import annotations

import fnmatch
import heapq
import itertools
import json
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path

import urllib3

from infra.local.signatures import Sign, new_secret

RETRY_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
"""The pauses between tries; vendors go on for days, and so would nobody who watches."""

_ANSWER_SECONDS = 20
_REMEMBERED = 500
_GOOD = range(200, 300)


class Fault(StrEnum):
    DUPLICATE = "duplicate"
    """It comes twice."""
    REORDER = "reorder"
    """The next one to the same address overtakes it."""
    DELAY = "delay"
    """It comes some seconds later."""
    FORGE = "forge"
    """A copy that somebody else signed comes before it."""
    DROP = "drop"
    """It does not come, until it is sent again by hand."""


@dataclass(frozen=True)
class Spoiled:
    """``types`` is a pattern (``charge.*``); ``times`` counts down."""

    fault: Fault
    types: str = "*"
    times: int = 1
    seconds: float = 2.0


@dataclass(frozen=True)
class Event:
    """``body`` is what is signed, byte for byte."""

    id: str
    type: str
    url: str
    secret: str
    body: str


@dataclass(frozen=True)
class Delivery:
    """One try, or a decision not to try: ``status`` is None when nobody answered."""

    id: str
    type: str
    url: str
    at: float
    status: int | None
    note: str = ""


class Webhooks:
    """``folder`` keeps what was not taken yet, for the next start. ``scale`` shortens all pauses."""

    def __init__(
        self, sign: Sign, folder: Path, *, scale: float = 1.0, now: Callable[[], float] = time.time
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._sign = sign
        self._folder = folder
        self._scale = scale
        self._now = now
        self._changed = threading.Condition()
        self._queue: list[tuple[float, int, int, bool, Event]] = []
        self._order = itertools.count()
        self._held: dict[str, list[Event]] = {}
        self._faults: list[Spoiled] = []
        self._known: deque[Event] = deque(maxlen=_REMEMBERED)
        self._deliveries: deque[Delivery] = deque(maxlen=_REMEMBERED)
        self._busy = False
        self._leaving = False
        self._http = urllib3.PoolManager(retries=False, timeout=_ANSWER_SECONDS)
        self._thread = threading.Thread(target=self._run, name="webhooks")

    def start(self) -> None:
        for path in sorted(self._folder.glob("*.json")):
            self._enqueue(Event(**json.loads(path.read_text())))
        self._thread.start()

    def stop(self) -> None:
        """What was not taken waits for the next start."""
        with self._changed:
            self._leaving = True
            self._changed.notify_all()
        if self._thread.is_alive():
            self._thread.join()
        self._http.clear()

    def spoil(self, spoiled: Spoiled) -> None:
        with self._changed:
            self._faults.append(spoiled)

    def heal(self) -> None:
        """No faults from now on; what was held back goes out."""
        with self._changed:
            self._faults.clear()
            for url in list(self._held):
                self._release(url)

    @property
    def faults(self) -> list[Spoiled]:
        with self._changed:
            return list(self._faults)

    @property
    def deliveries(self) -> list[Delivery]:
        """Newest first."""
        with self._changed:
            return list(reversed(self._deliveries))

    def send(self, event: Event) -> None:
        self._path(event).write_text(json.dumps(asdict(event)))
        with self._changed:
            self._known.append(event)
            match self._spoiling(event):
                case Spoiled(fault=Fault.DROP):
                    self._note(event, "dropped")
                    self._path(event).unlink(missing_ok=True)
                    return
                case Spoiled(fault=Fault.DUPLICATE):
                    self._enqueue(event)
                    self._enqueue(event)
                case Spoiled(fault=Fault.FORGE):
                    self._enqueue(event, forged=True)
                    self._enqueue(event)
                case Spoiled(fault=Fault.DELAY, seconds=seconds):
                    self._note(event, "delayed")
                    self._enqueue(event, after=seconds)
                case Spoiled(fault=Fault.REORDER):
                    self._note(event, "held until another one has gone")
                    self._held.setdefault(event.url, []).append(event)
                    return
                case _:
                    self._enqueue(event)
            self._release(event.url)

    def again(self, event_id: str) -> bool:
        """Sends it once more to whom it went, as somebody does by hand. False when it is not known."""
        with self._changed:
            known = [event for event in self._known if event.id == event_id]
            for event in known:
                self._enqueue(event)
            return bool(known)

    def settle(self, seconds: float = 30.0) -> bool:
        """Waits until nothing is under way (what is held back aside). False when it took longer."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._queue and not self._busy, seconds)

    def _spoiling(self, event: Event) -> Spoiled | None:
        for place, spoiled in enumerate(self._faults):
            if fnmatch.fnmatch(event.type, spoiled.types):
                left = replace(spoiled, times=spoiled.times - 1)
                self._faults[place : place + 1] = [left] if left.times > 0 else []
                return spoiled
        return None

    def _release(self, url: str) -> None:
        for event in self._held.pop(url, ()):
            self._enqueue(event)

    def _enqueue(self, event: Event, *, after: float = 0, tries: int = 0, forged: bool = False) -> None:
        due = self._now() + after * self._scale
        with self._changed:
            heapq.heappush(self._queue, (due, next(self._order), tries, forged, event))
            self._changed.notify_all()

    def _run(self) -> None:
        while (taken := self._next()) is not None:
            tries, forged, event = taken
            status = self._post(event, forged=forged)
            with self._changed:
                self._settled(event, status, tries, forged=forged)
                self._busy = False
                self._changed.notify_all()

    def _next(self) -> tuple[int, bool, Event] | None:
        """Waits for one to be due; None when it is time to leave."""
        with self._changed:
            while not self._leaving:
                wait = self._queue[0][0] - self._now() if self._queue else None
                if wait is not None and wait <= 0:
                    _, _, tries, forged, event = heapq.heappop(self._queue)
                    self._busy = True
                    return tries, forged, event
                self._changed.wait(wait)
            return None

    def _post(self, event: Event, *, forged: bool) -> int | None:
        body = event.body.encode()
        secret = new_secret() if forged else event.secret
        headers = {
            "content-type": "application/json",
            **self._sign(secret, event.id, body, int(self._now())),
        }
        try:
            return self._http.request("POST", event.url, body=body, headers=headers, redirect=False).status
        except urllib3.exceptions.HTTPError:
            return None

    def _settled(self, event: Event, status: int | None, tries: int, *, forged: bool) -> None:
        taken = status is not None and status in _GOOD
        given_up = not taken and not forged and tries >= len(RETRY_SECONDS)
        note = "forged" if forged else "given up" if given_up else ""
        self._deliveries.append(Delivery(event.id, event.type, event.url, self._now(), status, note))
        if forged:
            return
        if taken or given_up:
            self._path(event).unlink(missing_ok=True)
        else:
            self._enqueue(event, after=RETRY_SECONDS[tries], tries=tries + 1)

    def _note(self, event: Event, note: str) -> None:
        self._deliveries.append(Delivery(event.id, event.type, event.url, self._now(), None, note))

    def _path(self, event: Event) -> Path:
        """One file for each event and address."""
        return self._folder / f"{event.id}-{uuid.uuid5(uuid.NAMESPACE_URL, event.url).hex}.json"
