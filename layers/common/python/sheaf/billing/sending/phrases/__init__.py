"""What mails say, a TOML file for each language. ``{…}`` stands for what is filled in."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from sheaf.billing.rendering.wording import LANGUAGES


class Phrases(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: str
    subject_reminder: str
    subject_receipt: str
    greeting: str
    greeting_by_name: str
    attached: str
    due: str
    was_due: str
    open: str
    paid: str
    crossed: str
    valid: str
    takes_back: str
    received: str
    pay: str
    closing: str
    footer: str
    no_reply: str


@cache
def phrases(locale: str) -> Phrases:
    """Of a BCP 47 tag: its language's, or English."""
    import tomllib

    language = locale.partition("-")[0]
    known = language if language in LANGUAGES else "en"
    return Phrases.model_validate(tomllib.loads((files(__package__) / f"{known}.toml").read_text("utf-8")))
