"""An ID token is believed when everything about it holds, and for nothing less."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from sheaf.access.openid import (
    PROVIDERS,
    AuthorizationRequest,
    IdentityRefused,
    Provider,
    UnknownKey,
    verified_claims,
)
from tests.builders.world import NOW

KEY = RSAKey.generate_key(2048, {"kid": "k1"})
TENANT = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"
GOOD: dict[str, Any] = {
    "iss": "https://accounts.google.com",
    "aud": "client",
    "sub": "1234",
    "iat": int(NOW.timestamp()),
    "exp": int(NOW.timestamp()) + 3600,
    "nonce": "n",
    "email": "ada@example.com",
    "email_verified": True,
    "name": "Ada",
}
MICROSOFT = GOOD | {"iss": f"https://login.microsoftonline.com/{TENANT}/v2.0", "tid": TENANT}


def believed(claims: dict[str, Any], provider: Provider = PROVIDERS["google"], **published: str) -> Any:
    token = jwt.encode({"alg": "RS256", "kid": "k1"}, claims, KEY)
    public = KEY.as_dict(private=False, **published)
    return verify(token, KeySet.import_key_set({"keys": [public]}), provider)


def verify(token: str, keys: KeySet, provider: Provider = PROVIDERS["google"]) -> Any:
    return verified_claims(token, keys, provider, client_id="client", nonce="n", now=NOW)


def test_a_good_token_is_believed() -> None:
    claims = believed(GOOD)
    assert (claims.identity.issuer, claims.identity.subject) == ("https://accounts.google.com", "1234")
    assert (claims.email, claims.name) == ("ada@example.com", "Ada")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"iss": "https://accounts.google.com/"}, "iss"),
        ({"iss": "accounts.google.com"}, "iss"),
        ({"iss": ["https://accounts.google.com"]}, "iss"),
        ({"iss": None}, "iss"),
        ({"aud": "Client"}, "aud"),
        ({"aud": []}, "aud"),
        ({"aud": ["client", "client"]}, "aud"),
        ({"aud": {"client": 1}}, "aud"),
        ({"azp": "x"}, "azp"),
        ({"azp": None}, "azp"),
        ({"nonce": None}, "nonce"),
        ({"nonce": ["n"]}, "nonce"),
        ({"sub": ""}, "sub"),
        ({"sub": 7}, "sub"),
        ({"sub": "x" * 256}, "sub"),
        ({"exp": int(NOW.timestamp()) - 60}, "exp"),
        ({"exp": str(int(NOW.timestamp()) + 3600)}, "exp"),
        ({"exp": True}, "exp"),
        ({"exp": None}, "exp"),
        ({"iat": int(NOW.timestamp()) + 61}, "iat"),
        ({"iat": "now"}, "iat"),
        ({"iat": True}, "iat"),
        ({"nbf": int(NOW.timestamp()) + 61}, "nbf"),
        ({"nbf": None}, "nbf"),
    ],
    ids=str,
)
def test_one_thing_wrong_is_enough(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(IdentityRefused) as refused:
        believed(GOOD | change)
    assert refused.value.reason == reason


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "exp", "iat", "nonce"])
def test_nothing_may_be_missing(name: str) -> None:
    with pytest.raises(IdentityRefused):
        believed({key: value for key, value in GOOD.items() if key != name})


def test_clocks_may_differ_by_a_minute() -> None:
    believed(GOOD | {"exp": int(NOW.timestamp()) - 59, "iat": int(NOW.timestamp()) + 60})


def test_a_subject_and_a_name_have_a_length() -> None:
    claims = believed(GOOD | {"sub": "x" * 255, "name": "n" * 101})
    assert (claims.identity.subject, claims.name) == ("x" * 255, "n" * 100)
    assert believed(GOOD | {"sub": "x"}).identity.subject == "x"


@pytest.mark.parametrize("name", [None, 7, ["Ada"], {"first": "Ada"}])
def test_a_name_that_is_no_text_is_none(name: object) -> None:
    assert believed(GOOD | {"name": name}).name == ""


def test_a_token_has_a_length() -> None:
    """Whatever its signature is worth: nobody's megabyte is parsed."""
    assert verify(token_of(16_000), KeySet([KEY])).name == "Ada"
    for length in (16_001, 20_000):
        with pytest.raises(IdentityRefused, match="too_long"):
            verify(token_of(length), KeySet([KEY]))


def token_of(length: int) -> str:
    """Base 64 comes in three lengths of four: another header makes up for the fourth."""
    for header in ({}, {"typ": "JWT"}, {"typ": "JWT+"}):
        shortest = len(jwt.encode({"alg": "RS256", "kid": "k1"} | header, GOOD | {"padding": ""}, KEY))
        for padding in range((length - shortest) * 3 // 4 - 2, (length - shortest) * 3 // 4 + 3):
            claims = GOOD | {"padding": "x" * padding}
            token = jwt.encode({"alg": "RS256", "kid": "k1"} | header, claims, KEY)
            if len(token) == length:
                return token
    raise AssertionError(length)


@pytest.mark.parametrize("aud", ["client", ["client"]])
@pytest.mark.parametrize("more", [{}, {"azp": "client"}])
def test_an_audience_may_be_a_list_of_one(aud: Any, more: dict[str, str]) -> None:
    believed(GOOD | {"aud": aud} | more)


class TestMicrosoft:
    provider = PROVIDERS["microsoft"]

    def test_the_issuer_is_the_tenants(self) -> None:
        assert believed(MICROSOFT, self.provider).identity.issuer == MICROSOFT["iss"]

    @pytest.mark.parametrize(
        "change",
        [
            {"tid": "00000000-0000-0000-0000-000000000000"},
            {"tid": None},
            {"tid": "common"},
            {"tid": "{tenantid}", "iss": "https://login.microsoftonline.com/{tenantid}/v2.0"},
            {"tid": f"{TENANT}/../x"},
            {"tid": "x/v2.0#", "iss": "https://login.microsoftonline.com/x/v2.0#/v2.0"},
            {"iss": f"https://login.microsoftonline.com/{TENANT}/v1.0"},
            {"iss": f"https://login.microsoftonline.com.evil.test/{TENANT}/v2.0"},
        ],
        ids=str,
    )
    def test_to_the_letter(self, change: dict[str, Any]) -> None:
        with pytest.raises(IdentityRefused):
            believed(MICROSOFT | change, self.provider)

    def test_a_key_of_one_tenant_signs_for_no_other(self) -> None:
        for issuer in (MICROSOFT["iss"], "https://login.microsoftonline.com/{tenantid}/v2.0"):
            believed(MICROSOFT, self.provider, issuer=issuer)
        other = "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/v2.0"
        with pytest.raises(IdentityRefused, match="key_issuer"):
            believed(MICROSOFT, self.provider, issuer=other)

    @pytest.mark.parametrize(
        ("claim", "vouched"), [(True, True), (1, True), ("1", True), (False, False), (0, False)]
    )
    def test_an_address_counts_when_its_domain_was_proven(self, claim: Any, vouched: bool) -> None:
        """``email_verified`` is a claim of others': whoever owns a tenant may have it say anything."""
        claims = believed(MICROSOFT | {"xms_edov": claim}, self.provider)
        assert (claims.email is not None) is vouched
        assert believed(MICROSOFT, self.provider).email is None


@pytest.mark.parametrize(
    ("change", "email"),
    [
        ({"email_verified": "true"}, "ada@example.com"),
        ({"email_verified": "false"}, None),
        ({"email_verified": False}, None),
        ({"email_verified": None}, None),
        ({"email": "no address"}, None),
        ({"email": ["ada@example.com"]}, None),
        ({"email": None}, None),
        ({"email": "Ada@EXAMPLE.com"}, "Ada@example.com"),
    ],
    ids=str,
)
def test_an_address_is_taken_when_it_is_vouched_for(change: dict[str, Any], email: str | None) -> None:
    assert believed(GOOD | change).email == email


def test_the_key_must_be_one_of_theirs() -> None:
    keys = KeySet([RSAKey.generate_key(2048, {"kid": "k2"})])
    with pytest.raises(UnknownKey):
        verify(jwt.encode({"alg": "RS256", "kid": "k1"}, GOOD, KEY), keys)


def test_what_the_header_says_about_keys_is_not_followed() -> None:
    own = RSAKey.generate_key(2048, {"kid": "k1"})
    header = {"alg": "RS256", "kid": "k1", "jwk": own.as_dict(private=False)}
    with pytest.raises(IdentityRefused, match="signature"):
        verify(jwt.encode(header, GOOD, own), KeySet([KEY]))


@pytest.mark.parametrize("algorithm", ["HS256", "HS512"])
def test_a_public_key_is_no_shared_secret(algorithm: str) -> None:
    shared = OctKey.import_key(base64.b64encode(KEY.as_pem(private=False)))
    token = jwt.encode({"alg": algorithm, "kid": "k1"}, GOOD, shared, algorithms=[algorithm])
    with pytest.raises(IdentityRefused, match="signature"):
        verify(token, KeySet([KEY]))


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256"])
def test_another_algorithm_is_refused_even_with_the_right_key(algorithm: str) -> None:
    token = jwt.encode({"alg": algorithm, "kid": "k1"}, GOOD, KEY, algorithms=[algorithm])
    with pytest.raises(IdentityRefused, match="signature"):
        verify(token, KeySet([KEY]))


def test_another_algorithm_is_refused_even_with_a_key_of_theirs() -> None:
    key = ECKey.generate_key("P-256", {"kid": "k1"})
    with pytest.raises(IdentityRefused, match="signature"):
        verify(jwt.encode({"alg": "ES256", "kid": "k1"}, GOOD, key), KeySet([key]))


@pytest.mark.parametrize(
    "token", ["", ".", "..", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "x" * 20_000, "é.é.é", "e30.e30.e30"]
)
def test_what_is_no_token(token: str) -> None:
    with pytest.raises(IdentityRefused):
        verify(token, KeySet([KEY]))


def test_what_a_browser_takes_along_follows_from_its_token() -> None:
    """Always the same: a sign-in that began before a deployment ends after it."""
    begun = AuthorizationRequest("A" * 43, "https://sheaf.invalid/callback")
    assert begun.state == "QvuANZlKAXxokvtCvT6OhsJmK6US_Glz8hOf104DW7U"
    assert begun.nonce == "brF8txvqPm3gtiqUJ7WWlx6Y65HHetJVjnlExvWpZ44"
    assert begun.verifier == "GK_rXiwLzIpfZnN0mp5EFSHsFzXN8AnoxVpf0hOZNyo"
    assert begun.challenge == "sDVqAAmw32z03K9zrTTjt9p7UnnqJXD5B_QphZ4lWHA"


def test_what_people_and_providers_are_told() -> None:
    """The words on a button, and what is asked for: an address and a name, nothing else."""
    told = {name: (provider.label, provider.scopes) for name, provider in PROVIDERS.items()}
    assert told == {
        "google": ("Google", "openid email profile"),
        "microsoft": ("Microsoft", "openid email profile"),
        "apple": ("Apple", "openid email name"),
    }


def test_where_providers_are_written_out_once_more() -> None:
    """Whose tokens are believed, and whose keys, is a decision."""
    places = {name: (provider.issuer, provider.discovery) for name, provider in PROVIDERS.items()}
    well_known = ".well-known/openid-configuration"
    microsoft = "https://login.microsoftonline.com"
    assert places == {
        "google": ("https://accounts.google.com", f"https://accounts.google.com/{well_known}"),
        "microsoft": (f"{microsoft}/{{tenantid}}/v2.0", f"{microsoft}/common/v2.0/{well_known}"),
        "apple": ("https://appleid.apple.com", f"https://appleid.apple.com/{well_known}"),
    }


def test_apple_alone_answers_from_its_own_page() -> None:
    assert [name for name, provider in PROVIDERS.items() if provider.answers_cross_site] == ["apple"]


def test_a_double_of_a_provider_has_its_paths() -> None:
    double = PROVIDERS["microsoft"].at("http://127.0.0.1:4567")
    assert double.issuer == "http://127.0.0.1:4567/{tenantid}/v2.0"
    assert double.discovery == "http://127.0.0.1:4567/common/v2.0/.well-known/openid-configuration"
