"""A refund's message → here: the provider carries out what was asked for, unless it has. And an invoice's,
of which something else is left to pay: the provider ends the checkouts that ask for what was.
"""

from __future__ import annotations

from typing import Any

from functions.payments.checkouts import end_outdated
from functions.payments.refunds import carry_out_once
from sheaf.billing.payments.card_refunds import Wanted
from sheaf.bootstrap import application
from sheaf.edge.queues import sqs_handler


def work(message: dict[str, Any]) -> None:
    if "issued_id" in message:
        end_outdated(application(), message["workspace_id"], message["issued_id"])
        return
    wanted = Wanted(payment_id=message["payment_id"], refund_id=message["refund_id"])
    carry_out_once(application(), message["workspace_id"], wanted)


handler = sqs_handler(work)
