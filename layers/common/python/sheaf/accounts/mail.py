"""The mails accounts send. Plain sentences, a link, and no more about anybody than the recipient knows."""

from __future__ import annotations

from typing import Protocol

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """``key`` makes sending it twice send it once."""

    model_config = ConfigDict(frozen=True)

    to: str
    subject: str
    text: str
    key: str


class NotSent(Exception):
    """The provider did not take it, or could not be reached in time."""


class Mail(Protocol):
    def send(self, message: Message) -> None:
        """Raises NotSent."""


def invitation_mail(to: str, *, workspace: str, link: str, key: str) -> Message:
    return Message(
        to=to,
        subject=f"An invitation to {workspace} on Sheaf",
        text=(
            f"You are invited to work in {workspace} on Sheaf.\n\n"
            f"Sign in with this address and accept here, within seven days:\n{link}\n\n"
            "If you do not know who this is from, do nothing: without you it runs out.\n"
        ),
        key=key,
    )


def sign_in_mail(to: str, *, link: str, minutes: int, key: str) -> Message:
    return Message(
        to=to,
        subject="Your link to sign in to Sheaf",
        text=(
            f"Sign in here, once, within {minutes} minutes:\n{link}\n\n"
            "If you did not ask for this, do nothing: nobody gets in without the link.\n"
        ),
        key=key,
    )


def erasure_mail(to: str, *, workspace_id: str, items: int, versions: int, key: str) -> Message:
    return Message(
        to=to,
        subject="Your Sheaf workspace was erased",
        text=(
            f"The workspace {workspace_id} was erased, as you asked: {items:,} records and "
            f"{versions:,} versions of files were deleted, and a look afterwards found none left.\n\n"
            "Notes of which text recognition jobs were whose (ids only) run out within eight days, "
            "backups of the tables within 35.\n"
        ),
        key=key,
    )
