"""Every error the application raises on purpose.

    SheafError                 code, message: a stable word and a sentence a person can act on
    ├── InvalidRequest         the caller's input does not fit                      422
    │   ├── UnknownParameter   a query parameter that the route does not take       400
    │   └── BadSignature       a webhook that is not from whom it says              400
    ├── Unauthenticated        no credential, or one that is not valid              401
    ├── QuotaExhausted         the plan has no room for it this month               402
    ├── Forbidden              the credential's role does not allow it              403
    │   └── WrongCode          ``tries_left`` says how often it may be tried again
    ├── NotFound               nothing by that id in this workspace                 404
    ├── MethodNotAllowed       the address takes other methods                      405
    ├── Conflict               the thing changed, or its state does not allow it    409
    │   └── VendorRefused      a vendor will not, however often it is asked
    │       └── CredentialsRefused  it does not know the workspace by its key
    ├── Gone                   it was here and was deleted                          410
    ├── PreconditionFailed     somebody changed it since it was loaded              412
    ├── PreconditionRequired   a change that does not say what it is based on       428
    ├── TooLarge               over a limit that is named in the message            413
    ├── TooManyRequests        tried too often; ``retry_after`` says when to go on  429
    ├── UnreadableFile         a file that cannot become a reading; never retried
    └── NotYet                 a fact this step needs is not there yet; try again later
        └── VendorUnavailable  a vendor was not reached, or is overloaded: the same again, later

The edge turns them into RFC 9457 problem documents; jobs retry ``NotYet`` and turn ``UnreadableFile``
into a failed document.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


class SheafError(Exception):
    """``code`` is part of the API and never changes; ``message`` is for people."""

    status = 500
    code = "internal_error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class InvalidRequest(SheafError):
    """``errors`` lists what is wrong, one entry a field: ``{"field": "size", "message": "..."}``."""

    status = 422
    code = "invalid_request"

    def __init__(
        self, message: str, *, code: str | None = None, errors: list[dict[str, str]] | None = None
    ) -> None:
        super().__init__(message, code=code)
        self.errors = errors or []


class UnknownParameter(InvalidRequest):
    status = 400
    code = "unknown_parameter"


class BadSignature(InvalidRequest):
    status = 400
    code = "bad_signature"


class Unauthenticated(SheafError):
    status = 401
    code = "unauthenticated"


@dataclass(frozen=True)
class Quota:
    """``renews_at`` None: it does not, until another plan is chosen at ``upgrade_url``."""

    plan: str
    used: int
    documents: int
    upgrade_url: str
    renews_at: datetime | None


class QuotaExhausted(SheafError):
    """``retry_after`` None: waiting does not help."""

    status = 402
    code = "quota_exhausted"

    def __init__(self, message: str, *, quota: Quota, retry_after: timedelta | None) -> None:
        super().__init__(message)
        self.quota = quota
        self.retry_after = retry_after


class Forbidden(SheafError):
    status = 403
    code = "forbidden"


class WrongCode(Forbidden):
    code = "wrong_code"

    def __init__(self, message: str, *, tries_left: int) -> None:
        super().__init__(message)
        self.tries_left = tries_left


class NotFound(SheafError):
    status = 404
    code = "not_found"


class MethodNotAllowed(SheafError):
    status = 405
    code = "method_not_allowed"

    def __init__(self, message: str, *, allowed: tuple[str, ...]) -> None:
        super().__init__(message)
        self.allowed = allowed


class Conflict(SheafError):
    status = 409
    code = "conflict"


class VendorRefused(Conflict):
    """``reason`` is the vendor's own word for it."""

    code = "vendor_refused"

    def __init__(self, message: str, *, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason


class CredentialsRefused(VendorRefused):
    code = "credentials_refused"


class Gone(SheafError):
    status = 410
    code = "gone"


class PreconditionFailed(SheafError):
    status = 412
    code = "changed_meanwhile"


class PreconditionRequired(SheafError):
    status = 428
    code = "if_match_missing"


class TooLarge(SheafError):
    status = 413
    code = "too_large"


class TooManyRequests(SheafError):
    status = 429
    code = "too_many_requests"

    def __init__(self, message: str, *, retry_after: timedelta, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class UnreadableFile(SheafError):
    """Codes: see ``sheaf.capture.inspection``."""

    status = 422
    code = "file_unreadable"


class NotYet(SheafError):
    status = 503
    code = "not_yet"


class VendorUnavailable(NotYet):
    code = "vendor_unavailable"
