"""Every error is an answer: a status, a stable code and a sentence."""

from __future__ import annotations

import pytest

from sheaf.kernel import errors

EXPECTED = {
    "InvalidRequest": (422, "invalid_request"),
    "Unauthenticated": (401, "unauthenticated"),
    "QuotaExhausted": (402, "quota_exhausted"),
    "Forbidden": (403, "forbidden"),
    "NotFound": (404, "not_found"),
    "Conflict": (409, "conflict"),
    "MethodNotAllowed": (405, "method_not_allowed"),
    "Gone": (410, "gone"),
    "PreconditionFailed": (412, "changed_meanwhile"),
    "PreconditionRequired": (428, "if_match_missing"),
    "TooLarge": (413, "too_large"),
    "TooManyRequests": (429, "too_many_requests"),
    "BadSignature": (400, "bad_signature"),
    "WrongCode": (403, "wrong_code"),
    "UnreadableFile": (422, "file_unreadable"),
    "NotYet": (503, "not_yet"),
    "VendorUnavailable": (503, "vendor_unavailable"),
    "VendorRefused": (409, "vendor_refused"),
    "CredentialsRefused": (409, "credentials_refused"),
}


@pytest.mark.parametrize(
    "kind",
    [
        *errors.SheafError.__subclasses__(),
        errors.BadSignature,
        errors.WrongCode,
        errors.VendorUnavailable,
        errors.VendorRefused,
        errors.CredentialsRefused,
    ],
    ids=lambda kind: kind.__name__,
)
def test_status_and_code_are_part_of_the_api(kind: type[errors.SheafError]) -> None:
    assert (kind.status, kind.code) == EXPECTED[kind.__name__]
    assert kind.__name__ in (errors.__doc__ or "")


def test_an_error_may_have_a_code_of_its_own() -> None:
    error = errors.NotFound("It is not there.", code="file_not_there")
    assert (error.code, error.message, str(error)) == (
        "file_not_there",
        "It is not there.",
        "It is not there.",
    )
    assert errors.NotFound.code == "not_found"


def test_what_is_wrong_is_listed_field_by_field() -> None:
    told = [{"field": "size", "message": "too large"}]
    assert errors.InvalidRequest("No.", errors=told).errors == told
    assert errors.InvalidRequest("No.").errors == []
