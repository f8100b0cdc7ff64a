"""Where a test or a person tells a double to spoil its webhooks, and sees what became of them.

``GET|POST|DELETE /_local/faults`` ({"fault", "types", "times", "seconds"}), ``GET /_local/deliveries``,
``POST /_local/deliveries/<event id>/again``. Forms are answered with the way back to the page they are on.
"""

from __future__ import annotations

import time
from dataclasses import asdict
from html import escape

from infra.local.http import Request, Response
from infra.local.markup import answer, back, button, fields, form, table
from infra.local.webhooks import Delivery, Fault, Spoiled, Webhooks

FAULTS = "/_local/faults"
DELIVERIES = "/_local/deliveries"
_SHOWN = 40


class Control:
    def __init__(self, webhooks: Webhooks) -> None:
        self._webhooks = webhooks

    def answer(self, request: Request) -> Response | None:
        """None for what is not the control's."""
        match request.method, request.path:
            case "GET", path if path == FAULTS:
                return answer({"data": [asdict(spoiled) for spoiled in self._webhooks.faults]})
            case "POST", path if path == FAULTS:
                return self._spoil(request)
            case "DELETE", path if path == FAULTS:
                self._webhooks.heal()
                return answer({"data": []})
            case "GET", path if path == DELIVERIES:
                return answer({"data": [asdict(delivery) for delivery in self._webhooks.deliveries]})
            case "POST", path if path.startswith(f"{DELIVERIES}/"):
                known = self._webhooks.again(path.split("/")[3])
                return self._done(request) if known else answer({"message": "No such event."}, 404)
        return None

    def panel(self) -> str:
        """What the page of a double says of its webhooks."""
        names = "".join(f"<option>{fault}</option>" for fault in Fault)
        waiting = "; ".join(
            f"{spoiled.fault} {escape(spoiled.types)}, {spoiled.times} times"
            for spoiled in self._webhooks.faults
        )
        return (
            "<h2>Webhooks</h2><p>"
            + form(
                FAULTS,
                f'<label>The next <input name="times" type="number" value="1" min="1" max="999"></label>'
                f'<label>of <input name="types" value="*" size="18"></label>'
                f'<select name="fault">{names}</select>'
                '<label>seconds <input name="seconds" type="number" value="5" min="0" max="3600"></label>'
                "<button>Spoil</button>",
            )
            + button(FAULTS, "No more faults", {"fault": ""})
            + f"</p><p>{f'To come: {waiting}' if waiting else ''}</p>"
            + table(
                ("When", "Event", "To", "Answer", ""),
                (_row(delivery) for delivery in self._webhooks.deliveries[:_SHOWN]),
                empty="Nothing was sent yet.",
            )
        )

    def _spoil(self, request: Request) -> Response:
        asked = fields(request)
        if asked.get("fault") == "":
            self._webhooks.heal()
            return self._done(request)
        try:
            spoiled = Spoiled(
                Fault(asked["fault"]),
                asked.get("types", "*"),
                int(asked.get("times", "1")),
                float(asked.get("seconds", "2")),
            )
        except (KeyError, ValueError):
            return answer(
                {"message": f"fault is one of {', '.join(Fault)}; times and seconds are numbers."}, 422
            )
        self._webhooks.spoil(spoiled)
        return self._done(request)

    def _done(self, request: Request) -> Response:
        if request.header("content-type").startswith("application/x-www-form-urlencoded"):
            return back("/")
        return answer({"data": [asdict(spoiled) for spoiled in self._webhooks.faults]})


def _row(delivery: Delivery) -> tuple[str, ...]:
    if delivery.status is None:
        status = escape(delivery.note or "nobody answered")
    else:
        status = f"{delivery.status} {escape(delivery.note)}"
    return (
        time.strftime("%H:%M:%S", time.localtime(delivery.at)),
        f"{escape(delivery.type)}<br><small>{escape(delivery.id)}</small>",
        f"<small>{escape(delivery.url)}</small>",
        status,
        button(f"{DELIVERIES}/{delivery.id}/again", "Again"),
    )
