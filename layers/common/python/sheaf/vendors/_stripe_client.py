"""Stripe's SDK with our timeouts, and its errors in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sheaf.kernel.errors import CredentialsRefused, VendorRefused, VendorUnavailable

if TYPE_CHECKING:
    from stripe import StripeClient

MISSING = "resource_missing"
"""A refusal's reason: there is no such object in this account."""

_UNDER_WAY = "idempotency_key_in_use"
_SECONDS = 8
_RETRIES = 2


def stripe_client(api_key: str, base_url: str) -> StripeClient:
    """``base_url`` is where a double is; empty for Stripe itself.

    The SDK repeats what failed on the way with the same Idempotency-Key.
    """
    import stripe

    return stripe.StripeClient(
        api_key,
        http_client=stripe.RequestsClient(timeout=_SECONDS),
        max_network_retries=_RETRIES,
        base_addresses={"api": base_url} if base_url else None,
    )


@contextmanager
def told_as_ours() -> Iterator[None]:
    """https://docs.stripe.com/error-handling"""
    import stripe

    try:
        yield
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise CredentialsRefused(
            "Stripe does not accept the key, or the key may not do this.", reason=error.code or ""
        ) from error
    except stripe.IdempotencyError as error:
        if error.code == _UNDER_WAY:
            raise VendorUnavailable("Stripe is at it already.") from error
        raise VendorRefused(error.user_message or "Stripe refused.", reason=error.code or "") from error
    except (stripe.APIConnectionError, stripe.APIError, stripe.RateLimitError) as error:
        raise VendorUnavailable("Stripe cannot be reached at the moment.") from error
    except stripe.StripeError as error:
        raise VendorRefused(error.user_message or "Stripe refused.", reason=error.code or "") from error


def keyed(key: str) -> Any:
    """Options of a call: https://docs.stripe.com/api/idempotent_requests"""
    return {"idempotency_key": key}
