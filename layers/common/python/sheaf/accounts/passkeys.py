"""Passkeys: added by somebody who is signed in, and then a way to sign in that asks for nothing else.

https://www.w3.org/TR/webauthn-3/ sections 7.1 and 7.2, by py_webauthn. Attestation is not asked for: which
make of authenticator somebody has is theirs to choose.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pydantic import AwareDatetime, BaseModel, ConfigDict

from sheaf.access.challenges import LIFETIME, Challenge, derived_bytes
from sheaf.access.passkeys import MOST, Passkey
from sheaf.access.sessions import Factor
from sheaf.access.tokens import digest_of, is_token, new_token
from sheaf.access.users import User
from sheaf.accounts.sign_in import SignedIn, known_user, sign_in
from sheaf.audit.entries import Change
from sheaf.kernel.errors import Conflict, Forbidden, NotFound, Unauthenticated
from sheaf.kernel.names import Name

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheaf.accounts.ports import Visit

_NAME = "Sheaf"
_REGISTRATION = "add a passkey"
_AUTHENTICATION = "use a passkey"


class NewPasskey(BaseModel):
    """``credential`` is what ``navigator.credentials.create()`` gave, by its ``toJSON()``."""

    model_config = ConfigDict(extra="forbid")

    name: Name = "Passkey"
    credential: dict[str, Any]


class PasskeyAnswer(BaseModel):
    """``credential`` is what ``navigator.credentials.get()`` gave, by its ``toJSON()``."""

    model_config = ConfigDict(extra="forbid")

    credential: dict[str, Any]


class PasskeyRename(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Name


class PasskeyView(BaseModel):
    id: str
    name: str
    created_at: AwareDatetime
    used_at: AwareDatetime | None


class PasskeyList(BaseModel):
    items: list[PasskeyView]


class PasskeyOptions(BaseModel):
    """For ``PublicKeyCredential.parse…OptionsFromJSON``. Its challenge is good once, in this browser."""

    options: dict[str, Any]


@dataclass(frozen=True)
class Site:
    """The relying party: passkeys are made for a host, and asked for by its own pages."""

    origin: str

    @property
    def host(self) -> str:
        return urlsplit(self.origin).hostname or ""


def registration_options(visit: Visit, site: Site) -> tuple[PasskeyOptions, str]:
    """With the token for the challenge's cookie."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    user, known = known_user(visit, visit.user_id), visit.credentials.passkeys_of(visit.user_id)
    token = _challenged(visit, _REGISTRATION, user.id)
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=_NAME,
        user_id=user.id.encode(),
        user_name=user.email,
        user_display_name=user.name or user.email,
        challenge=derived_bytes(token, "challenge"),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=passkey.credential_id) for passkey in known],
    )
    return PasskeyOptions(options=json.loads(options_to_json(options))), token


def register(visit: Visit, site: Site, token: str, new: NewPasskey) -> PasskeyView:
    from webauthn import verify_registration_response

    _take(visit, token, _REGISTRATION, visit.user_id)
    known = visit.credentials.passkeys_of(visit.user_id)
    if len(known) >= MOST:
        raise Conflict(f"There are {MOST} passkeys already: delete one first.", code="too_many_passkeys")
    verified = _checked(
        lambda: verify_registration_response(
            credential=new.credential,
            expected_challenge=derived_bytes(token, "challenge"),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    )
    if any(passkey.credential_id == verified.credential_id for passkey in known):
        raise Conflict("This passkey is there already.", code="passkey_known")
    passkey = Passkey(
        id=visit.new_id("pky"),
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        name=new.name,
        created_at=visit.clock.now(),
    )
    visit.credentials.add_passkey(passkey, visit.user_id)
    visit.record(Change(subject=passkey.id))
    return _view(passkey)


def sign_in_options(visit: Visit, site: Site) -> tuple[PasskeyOptions, str]:
    """For whichever passkey the person picks: nothing is said of who has one."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import UserVerificationRequirement

    token = _challenged(visit, _AUTHENTICATION, None)
    options = generate_authentication_options(
        rp_id=site.host,
        challenge=derived_bytes(token, "challenge"),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return PasskeyOptions(options=json.loads(options_to_json(options))), token


def sign_in_by_passkey(visit: Visit, site: Site, token: str, credential: dict[str, Any]) -> SignedIn:
    user = _owner(visit, site, token, credential)
    return sign_in(visit, user, Factor.PASSKEY)


def prove_by_passkey(visit: Visit, site: Site, token: str, credential: dict[str, Any]) -> Factor:
    """For somebody who is signed in already."""
    if _owner(visit, site, token, credential).id != visit.user_id:
        raise Forbidden("This passkey is somebody else's.", code="passkey_not_yours")
    return Factor.PASSKEY


def list_passkeys(visit: Visit) -> PasskeyList:
    return PasskeyList(items=[_view(passkey) for passkey in visit.credentials.passkeys_of(visit.user_id)])


def rename_passkey(visit: Visit, passkey_id: str, name: str) -> PasskeyView:
    passkey = _own(visit, passkey_id)
    renamed = passkey.model_copy(update={"name": name})
    visit.credentials.save_passkey(renamed, visit.user_id, count_was=passkey.sign_count)
    visit.record(Change(subject=passkey.id))
    return _view(renamed)


def remove_passkey(visit: Visit, passkey_id: str) -> PasskeyView:
    """Which it was. A mailed link still signs in: nobody locks themselves out."""
    passkey = _own(visit, passkey_id)
    visit.credentials.drop_passkey(passkey.id, visit.user_id)
    visit.record(Change(subject=passkey.id))
    return _view(passkey)


def _owner(visit: Visit, site: Site, token: str, credential: dict[str, Any]) -> User:
    """Who answered the challenge, and stages that their passkey was used."""
    from webauthn import verify_authentication_response
    from webauthn.helpers import parse_authentication_credential_json

    _take(visit, token, _AUTHENTICATION, None)
    parsed = _checked(lambda: parse_authentication_credential_json(credential))
    user_id = (parsed.response.user_handle or b"").decode("ascii", "replace")
    passkey = _named(visit, user_id, parsed.raw_id)
    if passkey is None:
        raise _refused()
    verified = _checked(
        lambda: verify_authentication_response(
            credential=parsed,
            expected_challenge=derived_bytes(token, "challenge"),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    )
    used = passkey.model_copy(update={"sign_count": verified.new_sign_count, "used_at": visit.clock.now()})
    visit.credentials.save_passkey(used, user_id, count_was=passkey.sign_count)
    return known_user(visit, user_id)


def _named(visit: Visit, user_id: str, credential_id: bytes) -> Passkey | None:
    known = visit.credentials.passkeys_of(user_id)
    return next((passkey for passkey in known if passkey.credential_id == credential_id), None)


def _own(visit: Visit, passkey_id: str) -> Passkey:
    for passkey in visit.credentials.passkeys_of(visit.user_id):
        if passkey.id == passkey_id:
            return passkey
    raise NotFound("There is no such passkey.")


def _challenged(visit: Visit, purpose: str, user_id: str | None) -> str:
    token = new_token()
    challenge = Challenge(
        digest=digest_of(token), purpose=purpose, user_id=user_id, ends_at=visit.clock.now() + LIFETIME
    )
    visit.credentials.add_challenge(challenge)
    return token


def _take(visit: Visit, token: str, purpose: str, user_id: str | None) -> None:
    """Whatever comes of it, the challenge is used up."""
    now = visit.clock.now()
    challenge = visit.credentials.take_challenge(digest_of(token), now) if is_token(token) else None
    if challenge is None or challenge.purpose != purpose or challenge.user_id != user_id:
        raise Unauthenticated("This was not begun here, or took too long: try again.", code="challenge_gone")


def _checked[Result](check: Callable[[], Result]) -> Result:
    """What a browser sends is anybody's: what the library cannot parse is refused like a wrong signature."""
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        return check()
    except (WebAuthnException, ValueError, LookupError, TypeError, AttributeError) as error:
        raise _refused() from error


def _refused() -> Unauthenticated:
    return Unauthenticated("This passkey is not known here, or its answer is wrong.", code="passkey_refused")


def _view(passkey: Passkey) -> PasskeyView:
    return PasskeyView(
        id=passkey.id, name=passkey.name, created_at=passkey.created_at, used_at=passkey.used_at
    )
