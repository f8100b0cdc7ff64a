"""The page of how somebody signs in, and the page that asks once more who they are."""

from __future__ import annotations

from html import escape
from typing import Any, Literal

from functions.signin import openid, passkeys, second_factor
from functions.signin.routes import api
from sheaf.access import totp
from sheaf.access.openid import PROVIDERS
from sheaf.access.roles import Permission, Role
from sheaf.accounts.notices import said
from sheaf.accounts.openid import IdentityList, list_identities
from sheaf.accounts.passkeys import PasskeyList, list_passkeys
from sheaf.accounts.second_factor import is_pending
from sheaf.accounts.sign_in import known_user
from sheaf.bootstrap import Application
from sheaf.edge.api import Answer
from sheaf.edge.pages import ACCOUNT, HTML, SECURITY, Said, account_page, button, note
from sheaf.storage.visit import Visit

__all__ = [
    "codes",
    "confirm_page",
    "departure",
    "enrolment",
    "openid",
    "passkeys",
    "second_factor",
    "security_page",
]


class Doubt(Said):
    """``next``: the page that asked."""

    next: Literal["/account", "/account/security", "/account/workspace"] = "/account"


@api.get("/account/security", permission=Permission.OWN_ACCOUNT, produces=HTML)
def security_page(visit: Visit, query: Said, app: Application) -> Answer[str]:
    """How the caller signs in: second factor, passkeys, providers."""
    has_factor = totp.KIND in known_user(visit, visit.user_id).second_factors
    on = _FACTOR_ON.format(off=button("/account/totp/remove", "Switch off", warn=True))
    factor = on if has_factor else _FACTOR_BEGUN if is_pending(visit) else _FACTOR_OFF
    offered = [name for name in PROVIDERS if app.openid.provider(name)]
    providers = _providers(list_identities(visit), offered)
    body = note(query) + factor + _passkeys(list_passkeys(visit)) + providers
    return account_page(SECURITY, "How you sign in", body, role=_role(visit))


@api.get("/account/confirm", permission=Permission.OWN_ACCOUNT, produces=HTML)
def confirm_page(visit: Visit, query: Doubt) -> Answer[str]:
    """Asks once more who the caller is, for what asks for that."""
    user = known_user(visit, visit.user_id)
    ways = _CODE.format(next=query.next) if totp.KIND in user.second_factors else ""
    link = _LINK.format(email=escape(user.email))
    body = note(query) + _WHY + ways + _PASSKEY.format(next=query.next) + link
    return account_page("", "Is it you?", body, role=_role(visit))


api.form("/account/confirm", of="POST /v1/session/step-up", back=ACCOUNT)
api.form("/account/totp/remove", of="DELETE /v1/me/totp", back=SECURITY)
api.form("/account/passkeys/<passkey_id>/remove", of="DELETE /v1/me/passkeys/{passkey_id}", back=SECURITY)
api.form("/account/identities/<provider>/remove", of="DELETE /v1/me/identities/{provider}", back=SECURITY)


def enrolment(made: dict[str, str]) -> Answer[str]:
    """``made`` is an Enrolment. The only page that shows its secret."""
    import segno

    code = segno.make(made["uri"], micro=False)
    picture = code.svg_inline(scale=5, border=4, dark="#000", light="#fff", omitsize=False)
    body = _ENROLMENT.format(picture=picture, secret=escape(_spaced(made["secret"])))
    return account_page(SECURITY, "Set up an app", body)


def codes(made: dict[str, list[str]]) -> Answer[str]:
    """``made`` is RecoveryCodes. The only page that shows them."""
    items = "".join(f"<li><code>{escape(code)}</code></li>" for code in made["codes"])
    return account_page(SECURITY, "Your recovery codes", _CODES.format(items=items))


def _role(visit: Visit) -> Role | None:
    return visit.session.role if visit.session else None


def departure(made: dict[str, str]) -> Answer[str]:
    """``made`` is a Way. A form must not lead to another site; a link may."""
    link = f'<p><a class="button first small" href="{escape(made["url"])}">Continue</a></p>'
    return account_page(SECURITY, "Link an account", f"<p>Sign in there once, and come back.</p>{link}")


def _spaced(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def _passkeys(listed: PasskeyList) -> str:
    rows = "".join(
        f"<tr><td>{escape(each.name)}</td><td>since {each.created_at:%Y-%m-%d}</td>"
        f"<td>{f'used {said(each.used_at)}' if each.used_at else 'not used yet'}</td>"
        f"<td>{button(f'/account/passkeys/{each.id}/remove', 'Remove', warn=True)}</td></tr>"
        for each in listed.items
    )
    table = f"<table>{rows}</table>" if rows else '<p class="soft">There is none.</p>'
    return f"<section><h2>Passkeys</h2>{_PASSKEYS}{table}{_ADD_PASSKEY}</section>"


def _providers(listed: IdentityList, offered: list[str]) -> str:
    linked = {each.provider for each in listed.items}
    more = "".join(
        button(f"/v1/me/identities/{name}", f"Link {_label(name)}") for name in offered if name not in linked
    )
    if not linked and not more:
        return ""
    rows = "".join(
        f"<tr><td>{escape(_label(each.provider))}</td><td>since {each.linked_at:%Y-%m-%d}</td>"
        f"<td>{button(f'/account/identities/{each.provider}/remove', 'Unlink', warn=True)}</td></tr>"
        for each in listed.items
    )
    return (
        f"<section><h2>Linked accounts</h2><p>Signing in there signs you in here.</p><table>{rows}</table>"
        f'<div class="row">{more}</div></section>'
    )


def _label(name: str) -> str:
    provider: Any = PROVIDERS.get(name)
    return str(provider.label) if provider else name


_FACTOR_OFF = """
<section><h2>Second factor</h2>
<p>Off. With one, signing in asks for a code of an app on your phone as well.</p>
<form method="post" action="/v1/me/totp"><button class="first small">Set up an app</button></form></section>
"""
_FACTOR_BEGUN = """
<section><h2>Second factor</h2>
<p>You have begun to set up an app. Give the code it shows, or begin anew.</p>
<form class="inline" method="post" action="/v1/me/totp/confirm">
<label for="code">Code</label><input id="code" name="code" autocomplete="one-time-code" inputmode="numeric"
required><button class="first small">Switch on</button></form>
<form method="post" action="/v1/me/totp"><button class="small">Begin anew</button></form></section>
"""
_FACTOR_ON = """
<section><h2>Second factor</h2>
<p>On: signing in asks for a code of your app. A passkey needs none.</p>
<div class="row"><form method="post" action="/v1/me/recovery-codes"><button class="small">New recovery codes
</button></form>{off}</div></section>
"""
_ENROLMENT = """
<p>Scan this with an authenticator app, or type the secret into it. Neither is shown again.</p>
<figure>{picture}<figcaption><code>{secret}</code></figcaption></figure>
<form class="inline" method="post" action="/v1/me/totp/confirm">
<label for="code">The code it shows</label>
<input id="code" name="code" autocomplete="one-time-code" inputmode="numeric" required autofocus>
<button class="first small">Switch on</button></form>
"""
_CODES = """
<p>Each of these signs you in once, should you lose the app. Keep them where you keep what matters: they are
not shown again.</p><ol class="codes">{items}</ol>
<p><a class="button first small" href="/account/security">I have kept them</a></p>
"""
_PASSKEYS = "<p>A passkey is all it takes to sign in: no mail, no code.</p>"
_ADD_PASSKEY = """
<form id="add-passkey" class="inline" hidden><label for="name">Name of a new one</label>
<input id="name" name="name" maxlength="100" value="Passkey" required>
<button class="small">Add a passkey</button></form>
<p id="passkey-note" class="note warn" role="alert" hidden></p>
"""
_WHY = "<p>What you were about to do asks you to show once more who you are. Then do it again.</p>"
_CODE = """
<form class="inline" method="post" action="/account/confirm?next={next}">
<label for="code">The code your app shows, or a recovery code</label>
<input id="code" name="code" autocomplete="one-time-code" required autofocus>
<button class="first small">Continue</button></form>
"""
_PASSKEY = '<button id="prove" class="small" type="button" data-next="{next}" hidden>Use a passkey</button>'
_LINK = """
<form method="post" action="/v1/sign-in/email"><input type="hidden" name="email" value="{email}">
<button class="small">Mail me a link to sign in again</button></form>
"""
