"""The second factor: codes of an app, recovery codes for when it is lost; and showing who one is again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

from sheaf.access import totp
from sheaf.access.limits import Allowance, in_words
from sheaf.access.sealing import KeyRing, Place, Unsealable
from sheaf.access.sessions import Factor, Session
from sheaf.access.totp import SealedTotp
from sheaf.accounts.sessions import strengthen
from sheaf.accounts.sign_in import SignedIn, known_user
from sheaf.audit.entries import Change
from sheaf.kernel.errors import Conflict, NotFound, WrongCode

if TYPE_CHECKING:
    from sheaf.accounts.ports import Visit

Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=6, max_length=40)]
type Try = Callable[[], Allowance]
"""Uses up one of the person's tries; raises TooManyRequests when none is left."""


class CodeGiven(BaseModel):
    """A code of the app, or a recovery code."""

    model_config = ConfigDict(extra="forbid")

    code: Code


class Proof(BaseModel):
    """One of them: a code (of the app, or a recovery code), a mailed link's token, a passkey's answer."""

    model_config = ConfigDict(extra="forbid")

    code: Code | None = None
    token: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] | None = None
    credential: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _one(self) -> Proof:
        if sum(given is not None for given in (self.code, self.token, self.credential)) != 1:
            raise ValueError("give one of code, token and credential")
        return self


class Enrolment(BaseModel):
    """``uri`` is for a QR code, ``secret`` for typing it in. Neither is shown again."""

    secret: str
    uri: str


class RecoveryCodes(BaseModel):
    """Each is good once. They are not shown again."""

    codes: list[str]


def enrol(visit: Visit, ring: KeyRing) -> Enrolment:
    """Nothing changes until ``confirm``; an enrolment that was begun before is forgotten."""
    user, secret = known_user(visit, visit.user_id), totp.new_secret()
    try:
        sealed = ring.seal(secret.encode(), _place(user.id))
    except Unsealable as error:
        raise Conflict("Second factors are not set up here.", code="second_factor_unavailable") from error
    visit.credentials.put_totp(SealedTotp(secret=sealed), user.id, pending=True)
    visit.record(Change(subject=user.id))
    return Enrolment(secret=secret, uri=totp.enrolment_uri(secret, user.email))


def confirm(visit: Visit, ring: KeyRing, code: str, a_try: Try) -> RecoveryCodes:
    """From now on every sign-in asks for it."""
    user = known_user(visit, visit.user_id)
    pending = visit.credentials.totp(user.id, pending=True)
    if pending is None:
        raise NotFound("There is no enrolment to confirm: begin one.")
    step = _step(visit, ring, pending, code, a_try())
    visit.credentials.drop_totp(user.id, pending=True)
    visit.credentials.put_totp(pending.model_copy(update={"last_step": step}), user.id)
    factors = user.second_factors | {totp.KIND}
    visit.people.save_user(user.model_copy(update={"second_factors": factors}))
    visit.record(Change(subject=user.id, after={"second_factor": totp.KIND}))
    return _fresh_codes(visit, user.id)


def is_pending(visit: Visit) -> bool:
    """Whether an enrolment was begun."""
    return visit.credentials.totp(visit.user_id, pending=True) is not None


def disable(visit: Visit) -> None:
    user = known_user(visit, visit.user_id)
    if totp.KIND not in user.second_factors:
        raise NotFound("There is no second factor.")
    visit.credentials.drop_totp(user.id)
    visit.credentials.drop_recovery_digests(user.id)
    factors = user.second_factors - {totp.KIND}
    visit.people.save_user(user.model_copy(update={"second_factors": factors}))
    visit.record(Change(subject=user.id, before={"second_factor": totp.KIND}))


def renew_recovery_codes(visit: Visit) -> RecoveryCodes:
    """The earlier ones are worth nothing from now on."""
    user = known_user(visit, visit.user_id)
    if totp.KIND not in user.second_factors:
        raise NotFound("There is no second factor.")
    visit.record(Change(subject=user.id))
    return _fresh_codes(visit, user.id)


def complete(visit: Visit, ring: KeyRing, code: str, a_try: Try) -> SignedIn:
    """What was half a session becomes a whole one, under another token."""
    session = _session(visit)
    if not session.awaits_second_factor:
        raise Conflict("This session awaits no second factor.", code="second_factor_given")
    whole = session.model_copy(update={"awaits_second_factor": False})
    return proven(visit, whole, prove_by_code(visit, ring, code, a_try))


def proven(visit: Visit, session: Session, factor: Factor) -> SignedIn:
    fresh, token = strengthen(visit, session, factor)
    visit.record(Change(subject=session.id, after={"factor": factor.value}))
    return SignedIn(fresh, token)


def prove_by_code(visit: Visit, ring: KeyRing, code: str, a_try: Try) -> Factor:
    """Stages the code's use. Raises WrongCode; no try is used up where no code could be right."""
    user_id, digest = visit.user_id, totp.recovery_digest(code)
    sealed = visit.credentials.totp(user_id)
    if sealed is None:
        raise Conflict(
            "There is no second factor to give a code of: take a mailed link or a passkey.",
            code="no_second_factor",
        )
    tries = a_try()
    if digest is None:
        visit.credentials.use_totp_step(user_id, _step(visit, ring, sealed, code, tries))
        return Factor.TOTP
    if digest not in visit.credentials.recovery_digests(user_id):
        raise _wrong(tries)
    visit.credentials.use_recovery_digest(user_id, digest)
    return Factor.RECOVERY


def _step(visit: Visit, ring: KeyRing, sealed: SealedTotp, code: str, tries: Allowance) -> int:
    secret = ring.open(sealed.secret, _place(visit.user_id)).decode()
    step = totp.step_of(secret, code, visit.clock.now(), after=sealed.last_step)
    if step is None:
        raise _wrong(tries)
    return step


def _wrong(tries: Allowance) -> WrongCode:
    match tries.remaining:
        case 0:
            hope = f"Try again in {in_words(tries.next_in)}."
        case 1:
            hope = "One try is left."
        case several:
            hope = f"{several} tries are left."
    return WrongCode(f"This code is wrong, or was used before. {hope}", tries_left=tries.remaining)


def _fresh_codes(visit: Visit, user_id: str) -> RecoveryCodes:
    codes = totp.new_recovery_codes()
    visit.credentials.put_recovery_digests(user_id, filter(None, map(totp.recovery_digest, codes)))
    return RecoveryCodes(codes=codes)


def _session(visit: Visit) -> Session:
    if visit.session is None:
        raise AssertionError("nobody is signed in: the route must not be public")
    return visit.session


def _place(user_id: str) -> Place:
    return Place(owner=user_id, purpose=totp.PURPOSE, record=user_id)
