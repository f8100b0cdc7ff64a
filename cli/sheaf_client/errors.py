"""Every error of the client.

    SheafError
    ├── NotConnected            no address or no key to be found; the message says where they are looked for
    ├── NoAnswer                nobody answered, however often it was tried
    ├── NotUploaded             the store of files did not take one
    ├── NotFetched              or did not give one
    ├── UnexpectedAnswer        an answer that is none of this API's
    └── Refused                 a problem document (RFC 9457): ``status``, ``code``, ``detail``, ``errors``
        ├── Invalid             the request does not fit; ``errors`` says which fields      400, 413, 422
        ├── Unauthenticated     no key, or one that is not valid                            401
        ├── QuotaExhausted      the plan has no room; ``quota`` says when there is again    402
        ├── Forbidden           the key's role does not allow it                            403
        ├── NotFound            nothing by that id in this workspace                        404
        ├── Conflict            its state does not allow it                                 409
        ├── Gone                it was here and was deleted                                 410
        ├── Changed             somebody changed it since it was loaded                     412, 428
        ├── TooManyRequests     ``retry_after``: seconds                                    429
        └── Unavailable         a fault of the service's                                    5xx

The text of each is a sentence for people.
"""

from __future__ import annotations

from http import HTTPStatus

import httpx
from pydantic import ValidationError

from sheaf_client.models import Problem, QuotaFacts


class SheafError(Exception):
    pass


class NotConnected(SheafError):
    pass


class NoAnswer(SheafError):
    pass


class NotUploaded(SheafError):
    pass


class NotFetched(SheafError):
    pass


class UnexpectedAnswer(SheafError):
    pass


class Refused(SheafError):
    """Build on ``code``, which is stable, rather than on ``detail``."""

    def __init__(self, problem: Problem, retry_after: float | None = None) -> None:
        super().__init__(problem.detail)
        self.problem = problem
        self.status = problem.status
        self.code = problem.code
        self.detail = problem.detail
        self.errors = problem.errors
        self.retry_after = retry_after


class Invalid(Refused):
    pass


class Unauthenticated(Refused):
    pass


class QuotaExhausted(Refused):
    """``retry_after`` None: waiting does not help."""

    @property
    def quota(self) -> QuotaFacts | None:
        return self.problem.quota


class Forbidden(Refused):
    pass


class NotFound(Refused):
    pass


class Conflict(Refused):
    pass


class Gone(Refused):
    pass


class Changed(Refused):
    pass


class TooManyRequests(Refused):
    pass


class Unavailable(Refused):
    pass


_KINDS: dict[int, type[Refused]] = {
    HTTPStatus.BAD_REQUEST: Invalid,
    HTTPStatus.UNAUTHORIZED: Unauthenticated,
    HTTPStatus.PAYMENT_REQUIRED: QuotaExhausted,
    HTTPStatus.FORBIDDEN: Forbidden,
    HTTPStatus.NOT_FOUND: NotFound,
    HTTPStatus.CONFLICT: Conflict,
    HTTPStatus.GONE: Gone,
    HTTPStatus.PRECONDITION_FAILED: Changed,
    HTTPStatus.CONTENT_TOO_LARGE: Invalid,
    HTTPStatus.UNPROCESSABLE_CONTENT: Invalid,
    HTTPStatus.PRECONDITION_REQUIRED: Changed,
    HTTPStatus.TOO_MANY_REQUESTS: TooManyRequests,
}


def refusal(answer: httpx.Response, retry_after: float | None) -> Refused:
    """Gateways answer without a problem document: theirs is made from the status."""
    try:
        problem = Problem.model_validate_json(answer.content)
    except ValidationError:
        title = answer.reason_phrase or "Refused"
        problem = Problem(
            type="about:blank",
            title=title,
            status=answer.status_code,
            code=f"http_{answer.status_code}",
            detail=f"The service answered {answer.status_code} {title}.",
        )
    kind = Unavailable if answer.is_server_error else _KINDS.get(answer.status_code, Refused)
    return kind(problem, retry_after)
