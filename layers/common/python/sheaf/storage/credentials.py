"""What people sign in with: mailed links, challenges, identities, passkeys, one-time codes.

Reads answer at once; writes are staged, for a visit to commit. One write is not: a challenge is taken before
it is known whether the answer to it is any good, so that there is one answer to each.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sheaf.access.challenges import Challenge
from sheaf.access.openid import LinkedIdentity
from sheaf.access.passkeys import Passkey
from sheaf.access.totp import SealedTotp
from sheaf.access.users import Identity
from sheaf.kernel.ids import created_at
from sheaf.storage._credentials import (
    ChallengeItem,
    PasskeyItem,
    RecoveryItem,
    SignInLinkItem,
    TotpItem,
    UserIdentityItem,
)
from sheaf.storage._people import IdentityItem
from sheaf.storage.codec import instant, milliseconds, seconds
from sheaf.storage.entries import DirectoryEntries
from sheaf.storage.transactions import absent

_PENDING = "TOTP-PENDING"


class Credentials(DirectoryEntries):
    # --- links in mails -------------------------------------------------------------------------------

    def link_address(self, digest: str, at: datetime) -> str | None:
        """The address it was mailed to."""
        item = self._get(SignInLinkItem, f"SIGNIN#{digest}", SignInLinkItem.KIND)
        return item.email if item and milliseconds(at) < item.ends else None

    def add_link(self, digest: str, email: str, *, ends: datetime) -> None:
        item = SignInLinkItem(email=email, ends=milliseconds(ends), ttl=seconds(ends))
        self._put(item, f"SIGNIN#{digest}", SignInLinkItem.KIND, absent(SignInLinkItem.pk))

    def use_link(self, digest: str) -> None:
        """Conflict when it was used meanwhile."""
        self._delete(SignInLinkItem, f"SIGNIN#{digest}", SignInLinkItem.KIND)

    # --- challenges -----------------------------------------------------------------------------------

    def add_challenge(self, challenge: Challenge) -> None:
        item = ChallengeItem(
            purpose=challenge.purpose,
            user_id=challenge.user_id,
            session_id=challenge.session_id,
            return_to=challenge.return_to,
            ends=milliseconds(challenge.ends_at),
            ttl=seconds(challenge.ends_at),
        )
        pk = f"CHALLENGE#{challenge.digest}"
        self._put(item, pk, ChallengeItem.KIND, absent(ChallengeItem.pk))

    def take_challenge(self, digest: str, at: datetime) -> Challenge | None:
        """Once: nobody gets it a second time."""
        answer = self._connection.delete_item(
            self._table, f"CHALLENGE#{digest}", ChallengeItem.KIND, return_values="ALL_OLD"
        )
        if not answer.get("Attributes"):
            return None
        item = ChallengeItem.from_raw_data(answer["Attributes"])
        taken = Challenge(
            digest=digest,
            purpose=item.purpose,
            user_id=item.user_id,
            session_id=item.session_id,
            return_to=item.return_to,
            ends_at=instant(item.ends),
        )
        return taken if at < taken.ends_at else None

    # --- identities at providers ----------------------------------------------------------------------

    def identities_of(self, user_id: str) -> list[LinkedIdentity]:
        return [
            LinkedIdentity(
                identity=Identity(issuer=item.issuer, subject=item.subject),
                provider=item.provider,
                linked_at=instant(item.linked),
            )
            for item in self._of_user(UserIdentityItem, user_id, "IDENTITY#")
        ]

    def link_identity(self, linked: LinkedIdentity, user_id: str) -> None:
        """Conflict when it is somebody's."""
        identity = linked.identity
        entry = IdentityItem(user_id=user_id, issuer=identity.issuer)
        self._put(entry, f"IDENTITY#{identity.digest}", IdentityItem.KIND, absent(IdentityItem.pk))
        item = UserIdentityItem(
            issuer=identity.issuer,
            subject=identity.subject,
            provider=linked.provider,
            linked=milliseconds(linked.linked_at),
        )
        self._put(item, f"USER#{user_id}", f"IDENTITY#{identity.digest}", None)

    def unlink_identity(self, linked: LinkedIdentity, user_id: str) -> None:
        digest = linked.identity.digest
        self._delete(IdentityItem, f"IDENTITY#{digest}", IdentityItem.KIND)
        self._delete(UserIdentityItem, f"USER#{user_id}", f"IDENTITY#{digest}")

    # --- passkeys -------------------------------------------------------------------------------------

    def passkeys_of(self, user_id: str) -> list[Passkey]:
        """Oldest first."""
        return [_passkey(item) for item in self._of_user(PasskeyItem, user_id, "PASSKEY#")]

    def add_passkey(self, passkey: Passkey, user_id: str) -> None:
        self._put(_passkey_item(passkey), f"USER#{user_id}", f"PASSKEY#{passkey.id}", absent(PasskeyItem.pk))

    def save_passkey(self, passkey: Passkey, user_id: str, *, count_was: int) -> None:
        """Conflict when it was used or deleted meanwhile."""
        condition = PasskeyItem.sign_count == count_was
        self._put(_passkey_item(passkey), f"USER#{user_id}", f"PASSKEY#{passkey.id}", condition)

    def drop_passkey(self, passkey_id: str, user_id: str) -> None:
        self._delete(PasskeyItem, f"USER#{user_id}", f"PASSKEY#{passkey_id}")

    # --- one-time codes -------------------------------------------------------------------------------

    def totp(self, user_id: str, *, pending: bool = False) -> SealedTotp | None:
        item = self._get(TotpItem, f"USER#{user_id}", _totp_key(pending=pending))
        return SealedTotp(secret=item.secret, last_step=int(item.last_step)) if item else None

    def put_totp(self, totp: SealedTotp, user_id: str, *, pending: bool = False) -> None:
        item = TotpItem(secret=totp.secret, last_step=totp.last_step)
        self._put(item, f"USER#{user_id}", _totp_key(pending=pending), None)

    def use_totp_step(self, user_id: str, step: int) -> None:
        """Conflict when a code of that step, or of a later one, was taken meanwhile."""
        action, condition = TotpItem.last_step.set(step), TotpItem.last_step < step
        self._update(f"USER#{user_id}", TotpItem.KIND, action, condition)

    def drop_totp(self, user_id: str, *, pending: bool = False) -> None:
        self._delete(TotpItem, f"USER#{user_id}", _totp_key(pending=pending))

    def recovery_digests(self, user_id: str) -> frozenset[str]:
        item = self._get(RecoveryItem, f"USER#{user_id}", RecoveryItem.KIND)
        return frozenset(item.digests or ()) if item else frozenset()

    def put_recovery_digests(self, user_id: str, digests: Iterable[str]) -> None:
        self._put(RecoveryItem(digests=set(digests)), f"USER#{user_id}", RecoveryItem.KIND, None)

    def use_recovery_digest(self, user_id: str, digest: str) -> None:
        """Conflict when it was used meanwhile."""
        action, condition = RecoveryItem.digests.delete({digest}), RecoveryItem.digests.contains(digest)
        self._update(f"USER#{user_id}", RecoveryItem.KIND, action, condition)

    def drop_recovery_digests(self, user_id: str) -> None:
        self._delete(RecoveryItem, f"USER#{user_id}", RecoveryItem.KIND)


def _totp_key(*, pending: bool) -> str:
    return _PENDING if pending else TotpItem.KIND


def _passkey_item(passkey: Passkey) -> PasskeyItem:
    return PasskeyItem(
        credential_id=passkey.credential_id,
        public_key=passkey.public_key,
        sign_count=passkey.sign_count,
        name=passkey.name,
        used=milliseconds(passkey.used_at) if passkey.used_at else None,
    )


def _passkey(item: PasskeyItem) -> Passkey:
    passkey_id = item.sk.partition("#")[2]
    return Passkey(
        id=passkey_id,
        credential_id=item.credential_id,
        public_key=item.public_key,
        sign_count=int(item.sign_count),
        name=item.name,
        created_at=created_at(passkey_id),
        used_at=instant(item.used) if item.used else None,
    )
