"""The pages people sign in on. They work without script: forms go to the API's own routes."""

from __future__ import annotations

from html import escape
from importlib.resources import files

from functions.signin.routes import api
from sheaf.access.openid import PROVIDERS
from sheaf.access.roles import Permission
from sheaf.bootstrap import Application
from sheaf.edge.api import Answer
from sheaf.edge.pages import HTML, Said, note, page

CSS, JS = "text/css; charset=utf-8", "text/javascript; charset=utf-8"
_SENT = "If that address can get mail, a link is on its way. It is good for 15 minutes, once."


@api.get("/sign-in", permission=Permission.PUBLIC, produces=HTML)
def sign_in_page(query: Said, app: Application) -> Answer[str]:
    """The page to sign in on, and where a mailed link leads."""
    ways = "".join(
        f'<a class="button" href="/v1/sign-in/{name}">Continue with {escape(provider.label)}</a>'
        for name, provider in PROVIDERS.items()
        if app.openid.provider(name)
    )
    return page("Sign in", note(query, sent=_SENT) + _ADDRESS.replace("<!--ways-->", ways) + _CODE)


@api.get("/sign-in/second-factor", permission=Permission.PUBLIC, produces=HTML)
def second_factor_page(query: Said) -> Answer[str]:
    """Where a sign-in goes on that awaits its second factor."""
    return page("One more step", note(query) + _FACTOR)


@api.get("/invitations", permission=Permission.PUBLIC, produces=HTML)
def invitation_page(query: Said) -> Answer[str]:
    """Where an invitation's link leads: it is accepted by whoever is signed in with its address."""
    return page("You are invited", note(query) + _INVITATION)


@api.get("/sign-in.css", permission=Permission.PUBLIC, produces=CSS)
def style() -> Answer[str]:
    """The look of these pages."""
    return Answer(_file("sign-in.css"), CSS)


@api.get("/sign-in.js", permission=Permission.PUBLIC, produces=JS)
def script() -> Answer[str]:
    """What spares pasting a code, and asks for passkeys."""
    return Answer(_file("sign-in.js"), JS)


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


_ADDRESS = """
<div id="ways">
<form method="post" action="/v1/sign-in/email">
<label for="email">Your address</label>
<input id="email" name="email" type="email" autocomplete="username webauthn" required autofocus>
<button class="first">Mail me a link</button>
</form>
<p class="or">or</p>
<button id="passkey" type="button" hidden>Use a passkey</button>
<!--ways-->
</div>
"""
_CODE = """
<details id="by-code"><summary id="by-code-summary">I have a link from a mail</summary>
<p id="arrived" hidden>One click, and you are in.</p>
<form id="confirm" method="post" action="/v1/sign-in/email/confirm">
<div id="paste"><label for="token">What follows the # in the link</label>
<input id="token" name="token" autocomplete="one-time-code" required></div>
<button class="first">Sign in</button>
</form>
</details>
"""
_FACTOR = """
<form method="post" action="/v1/session/second-factor">
<label for="code">The code your app shows, or a recovery code</label>
<input id="code" name="code" autocomplete="one-time-code" required autofocus>
<button class="first">Continue</button>
</form>
<p class="soft">Lost both? Sign in on another device that has a passkey of yours.</p>
"""

_INVITATION = """
<form id="accept" method="post" action="/v1/invitations/accept">
<p>Accept it with the address it was sent to. <a href="/sign-in" target="_blank" rel="opener">Sign in
with that address first</a>, then come back here.</p>
<label for="token">What follows the # in the link</label>
<input id="token" name="token" autocomplete="off" required>
<button class="first">Accept the invitation</button>
<p class="note" role="status" hidden></p>
</form>
"""
