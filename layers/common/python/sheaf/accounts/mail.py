"""Mail, and the mails accounts send: plain, with a link, and no more about anybody than is known already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Protocol

from pydantic import BaseModel, ConfigDict, StringConstraints

Tag = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,256}$")]


class Attachment(BaseModel):
    model_config = ConfigDict(frozen=True)

    filename: str
    content_type: str
    content: bytes


class Message(BaseModel):
    """``key`` makes sending it twice send it once. ``sender`` is ``Name <address>``, ours when it is empty;
    ``html`` is the same as ``text`` for those who can show it. ``tags`` come back with what becomes of it.
    """

    model_config = ConfigDict(frozen=True)

    to: str
    subject: str
    text: str
    key: str
    html: str = ""
    sender: str = ""
    reply_to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    tags: Mapping[Tag, Tag] = {}


class NotSent(Exception):
    """The provider did not take it, or could not be reached in time."""


class TooMany(NotSent):
    """The provider takes no more at the moment; this one certainly not."""


class Unmailable(NotSent):
    """The provider will not take it, however often it is asked: an address, a sender, an attachment."""


class AlreadySent(Unmailable):
    """Another mail went out by this key."""


class Mail(Protocol):
    def send(self, message: Message) -> str:
        """The provider's id of the mail. Raises NotSent."""


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
