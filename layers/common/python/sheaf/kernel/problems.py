"""What is wrong, said inside an answer: of one thing among many, or of a body that does not fit."""

from __future__ import annotations

from pydantic import BaseModel, ValidationError

from sheaf.kernel.errors import InvalidRequest, SheafError

_MOST_ERRORS = 50


class ItemProblem(BaseModel):
    """``status`` and ``code`` are those of the answer to a request about this one alone."""

    status: int
    code: str
    detail: str


def problem_of(error: SheafError) -> ItemProblem:
    return ItemProblem(status=error.status, code=error.code, detail=error.message)


def not_accepted(error: ValidationError) -> InvalidRequest:
    errors = [
        {"field": ".".join(map(str, problem["loc"]))[:200], "message": problem["msg"]}
        for problem in error.errors(include_url=False, include_input=False, include_context=False)
    ][:_MOST_ERRORS]
    named = ", ".join(sorted({problem["field"] for problem in errors if problem["field"]})) or "the body"
    return InvalidRequest(f"Not accepted: {named}.", errors=errors)
