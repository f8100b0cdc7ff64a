"""Generated from the API's description (`make generate`)."""

# ruff: noqa: E501 - the sentences are the API's

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sheaf_client import models
from sheaf_client.connection import Call, Connection, each_item


class _Operations:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection


class ApiKeys(_Operations):
    def list(self, *, limit: int | None = None, cursor: str | None = None) -> models.KeyList:
        """The workspace's API keys, without their secrets."""
        return self._connection.model(
            models.KeyList, Call("GET", "/v1/api-keys", query={"limit": limit, "cursor": cursor})
        )

    def each(self, *, limit: int | None = None) -> Iterator[models.KeyView]:
        """All of them, page after page; ``limit`` is the size of a page."""
        return each_item(lambda cursor: self.list(cursor=cursor, limit=limit))

    def create(self, body: models.NewKey, *, idempotency_key: str | None = None) -> models.KeyView:
        """Make an API key. Its `secret` is in this answer and nowhere else."""
        return self._connection.model(
            models.KeyView,
            Call("POST", "/v1/api-keys", body=body, idempotency_key=idempotency_key, takes_key=True),
        )

    def delete(self, key_id: str) -> None:
        """Revoke an API key; it is refused from the next request on."""
        self._connection.send(Call("DELETE", "/v1/api-keys/{key_id}", at={"key_id": key_id}))


class AuditEvents(_Operations):
    def list(
        self,
        *,
        action: models.Action | None = None,
        actor: str | None = None,
        subject: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> models.EntryList:
        """The audit log, newest first."""
        return self._connection.model(
            models.EntryList,
            Call(
                "GET",
                "/v1/audit-events",
                query={
                    "action": action,
                    "actor": actor,
                    "subject": subject,
                    "since": since,
                    "until": until,
                    "limit": limit,
                    "cursor": cursor,
                },
            ),
        )

    def each(
        self,
        *,
        action: models.Action | None = None,
        actor: str | None = None,
        subject: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
    ) -> Iterator[models.ChainedEntry]:
        """All of them, page after page; ``limit`` is the size of a page."""
        return each_item(
            lambda cursor: self.list(
                cursor=cursor,
                action=action,
                actor=actor,
                subject=subject,
                since=since,
                until=until,
                limit=limit,
            )
        )

    def csv(
        self,
        *,
        action: models.Action | None = None,
        actor: str | None = None,
        subject: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> str:
        """The same entries as CSV; the header `x-next-cursor` says where the next page begins."""
        return self._connection.send(
            Call(
                "GET",
                "/v1/audit-events.csv",
                query={
                    "action": action,
                    "actor": actor,
                    "subject": subject,
                    "since": since,
                    "until": until,
                    "limit": limit,
                    "cursor": cursor,
                },
            )
        ).text


class Batches(_Operations):
    def list(self, batch_id: str, *, limit: int | None = None, cursor: str | None = None) -> models.BatchView:
        """A batch of uploads: how many of its files are in which state, and the state of each."""
        return self._connection.model(
            models.BatchView,
            Call(
                "GET",
                "/v1/batches/{batch_id}",
                at={"batch_id": batch_id},
                query={"limit": limit, "cursor": cursor},
            ),
        )

    def each(self, batch_id: str, *, limit: int | None = None) -> Iterator[models.BatchFile]:
        """All of them, page after page; ``limit`` is the size of a page."""
        return each_item(lambda cursor: self.list(batch_id, cursor=cursor, limit=limit))

    def retry(self, batch_id: str) -> models.BulkResult:
        """Read the files of a batch once more that failed, a hundred at a time."""
        return self._connection.model(
            models.BulkResult, Call("POST", "/v1/batches/{batch_id}/retry", at={"batch_id": batch_id})
        )


class Clients(_Operations):
    def list(
        self, *, archived: bool | None = None, limit: int | None = None, cursor: str | None = None
    ) -> models.ClientList:
        """The clients, oldest first; `archived` tells those that get no more documents."""
        return self._connection.model(
            models.ClientList,
            Call("GET", "/v1/clients", query={"archived": archived, "limit": limit, "cursor": cursor}),
        )

    def each(self, *, archived: bool | None = None, limit: int | None = None) -> Iterator[models.ClientView]:
        """All of them, page after page; ``limit`` is the size of a page."""
        return each_item(lambda cursor: self.list(cursor=cursor, archived=archived, limit=limit))

    def create(self, body: models.NewClient, *, idempotency_key: str | None = None) -> models.ClientView:
        """Make a client, whose documents are kept together."""
        return self._connection.model(
            models.ClientView,
            Call("POST", "/v1/clients", body=body, idempotency_key=idempotency_key, takes_key=True),
        )

    def delete(self, client_id: str) -> None:
        """Delete a client that has no documents; one that has some is archived instead."""
        self._connection.send(Call("DELETE", "/v1/clients/{client_id}", at={"client_id": client_id}))

    def get(self, client_id: str) -> models.ClientView:
        """A client."""
        return self._connection.model(
            models.ClientView, Call("GET", "/v1/clients/{client_id}", at={"client_id": client_id})
        )

    def update(
        self, client_id: str, body: models.ClientChange | None = None, *, if_match: str | None = None
    ) -> models.ClientView:
        """Rename a client, give it another reference, archive it, or take it up again."""
        return self._connection.model(
            models.ClientView,
            Call(
                "PATCH",
                "/v1/clients/{client_id}",
                at={"client_id": client_id},
                body=body or models.ClientChange(),
                if_match=if_match,
                takes_version=True,
            ),
        )

    def documents(self, client_id: str, body: models.Bulk) -> models.BulkResult:
        """Say of up to 100 documents that they are this client's. The parts of a file go with it."""
        return self._connection.model(
            models.BulkResult,
            Call("POST", "/v1/clients/{client_id}/documents", at={"client_id": client_id}, body=body),
        )


class Customers(_Operations):
    def list(
        self,
        *,
        q: str | None = None,
        archived: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> models.CustomerList:
        """Customers by name, or those whose names begin with `q`."""
        return self._connection.model(
            models.CustomerList,
            Call(
                "GET", "/v1/customers", query={"q": q, "archived": archived, "limit": limit, "cursor": cursor}
            ),
        )

    def each(
        self, *, q: str | None = None, archived: bool | None = None, limit: int | None = None
    ) -> Iterator[models.CustomerSummary]:
        """All of them, page after page; ``limit`` is the size of a page."""
        return each_item(lambda cursor: self.list(cursor=cursor, q=q, archived=archived, limit=limit))

    def create(self, body: models.NewCustomer, *, idempotency_key: str | None = None) -> models.CustomerView:
        """Make a customer, whom invoices and estimates are for."""
        return self._connection.model(
            models.CustomerView,
            Call("POST", "/v1/customers", body=body, idempotency_key=idempotency_key, takes_key=True),
        )

    def delete(self, customer_id: str) -> None:
        """Delete a customer that has no documents; one that has some is archived instead."""
        self._connection.send(Call("DELETE", "/v1/customers/{customer_id}", at={"customer_id": customer_id}))

    def get(self, customer_id: str) -> models.CustomerView:
        """A customer, and what documents for them begin with."""
        return self._connection.model(
            models.CustomerView, Call("GET", "/v1/customers/{customer_id}", at={"customer_id": customer_id})
        )

    def update(
        self, customer_id: str, body: models.CustomerChange | None = None, *, if_match: str | None = None
    ) -> models.CustomerView:
        """Change a customer, archive it, or take it up again. What was issued stays as it is."""
        return self._connection.model(
            models.CustomerView,
            Call(
                "PATCH",
                "/v1/customers/{customer_id}",
                at={"customer_id": customer_id},
                body=body or models.CustomerChange(),
                if_match=if_match,
                takes_version=True,
            ),
        )


class DeletionCertificates(_Operations):
    def list(self, *, limit: int | None = None, cursor: str | None = None) -> models.CertificateList:
        """What the retention sweep has hard-deleted, oldest first."""
        return self._connection.model(
            models.CertificateList,
            Call("GET", "/v1/deletion-certificates", query={"limit": limit, "cursor": cursor}),
        )

    def each(self, *, limit: int | None = None) -> Iterator[models.Certificate]:
        """All of them, page after page; ``limit`` is the size of a page."""
        return each_item(lambda cursor: self.list(cursor=cursor, limit=limit))


class Documents(_Operations):
    def list(
        self,
        *,
        status: models.Status | None = None,
        q: str | None = None,
        supplier: str | None = None,
        client: str | None = None,
        check: str | None = None,
        date_from: date | None = None,
        date_to: date | None = None,
        amount_from: Decimal | None = None,
        amount_to: Decimal | None = None,
        currency: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> models.DocumentList:
        """The documents, newest first."""
        return self._connection.model(
            models.DocumentList,
            Call(
                "GET",
                "/v1/documents",
                query={
                    "status": status,
                    "q": q,
                    "supplier": supplier,
                    "client": client,
                    "check": check,
                    "date_from": date_from,
                    "date_to": date_to,
                    "amount_from": amount_from,
                    "amount_to": amount_to,
                    "currency": currency,
                    "limit": limit,
                    "cursor": cursor,
                },
            ),
        )

    def each(
        self,
        *,
        status: models.Status | None = None,
        q: str | None = None,
        supplier: str | None = None,
        client: str | None = None,
        check: str | None = None,
        date_from: date | None = None,
        date_to: date | None = None,
        amount_from: Decimal | None = None,
        amount_to: Decimal | None = None,
        currency: str | None = None,
        limit: int | None = None,
    ) -> Iterator[models.DocumentItemView]:
        """All of them, page after page; ``limit`` is the size of a page."""
        return each_item(
            lambda cursor: self.list(
                cursor=cursor,
                status=status,
                q=q,
                supplier=supplier,
                client=client,
                check=check,
                date_from=date_from,
                date_to=date_to,
                amount_from=amount_from,
                amount_to=amount_to,
                currency=currency,
                limit=limit,
            )
        )

    def approve_many(self, body: models.BulkApproval) -> models.BulkResult:
        """Approve up to 100 documents. Errors among their checks are corrected, or accepted by name for all."""
        return self._connection.model(models.BulkResult, Call("POST", "/v1/documents/approve", body=body))

    def delete_many(self, body: models.Bulk) -> models.BulkResult:
        """Delete up to 100 documents, their files and their readings, for good."""
        return self._connection.model(models.BulkResult, Call("POST", "/v1/documents/delete", body=body))

    def reject_many(self, body: models.BulkRefusal) -> models.BulkResult:
        """Reject up to 100 documents, with the reason."""
        return self._connection.model(models.BulkResult, Call("POST", "/v1/documents/reject", body=body))

    def reprocess_many(self, body: models.Bulk) -> models.BulkResult:
        """Read the files of up to 100 documents once more. Corrections stay; approvals are void."""
        return self._connection.model(models.BulkResult, Call("POST", "/v1/documents/reprocess", body=body))

    def delete(self, document_id: str) -> None:
        """Delete a document, its file and its reading for good, and the parts of a file that was split."""
        self._connection.send(Call("DELETE", "/v1/documents/{document_id}", at={"document_id": document_id}))

    def get(self, document_id: str) -> models.DocumentView:
        """A document: its state, its file, its reading."""
        return self._connection.model(
            models.DocumentView, Call("GET", "/v1/documents/{document_id}", at={"document_id": document_id})
        )

    def approve(
        self,
        document_id: str,
        body: models.Approval | None = None,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
    ) -> models.DocumentView:
        """Approve a document, every error among its checks corrected, or accepted by name."""
        return self._connection.model(
            models.DocumentView,
            Call(
                "POST",
                "/v1/documents/{document_id}/approve",
                at={"document_id": document_id},
                body=body or models.Approval(),
                if_match=if_match,
                takes_version=True,
                idempotency_key=idempotency_key,
                takes_key=True,
            ),
        )

    def release(self, document_id: str) -> None:
        """Give up one's claim."""
        self._connection.send(
            Call("DELETE", "/v1/documents/{document_id}/claim", at={"document_id": document_id})
        )

    def claim(self, document_id: str) -> models.DocumentView:
        """Claim a document for half an hour: nobody else changes it meanwhile."""
        return self._connection.model(
            models.DocumentView,
            Call("PUT", "/v1/documents/{document_id}/claim", at={"document_id": document_id}),
        )

    def set_client(
        self, document_id: str, body: models.ClientChoice, *, if_match: str | None = None
    ) -> models.DocumentView:
        """Say whose a document is. The parts of a file go with it."""
        return self._connection.model(
            models.DocumentView,
            Call(
                "PUT",
                "/v1/documents/{document_id}/client",
                at={"document_id": document_id},
                body=body,
                if_match=if_match,
                takes_version=True,
            ),
        )

    def comment(
        self, document_id: str, body: models.Comment, *, idempotency_key: str | None = None
    ) -> models.DocumentView:
        """Say something about a document; it is part of its history."""
        return self._connection.model(
            models.DocumentView,
            Call(
                "POST",
                "/v1/documents/{document_id}/comments",
                at={"document_id": document_id},
                body=body,
                idempotency_key=idempotency_key,
                takes_key=True,
            ),
        )

    def divide(
        self,
        document_id: str,
        body: models.DivideRequest,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
    ) -> models.DocumentView:
        """Divide a file by its pages; each part is read anew. Parts that keep their pages stay as they are."""
        return self._connection.model(
            models.DocumentView,
            Call(
                "POST",
                "/v1/documents/{document_id}/divide",
                at={"document_id": document_id},
                body=body,
                if_match=if_match,
                takes_version=True,
                idempotency_key=idempotency_key,
                takes_key=True,
            ),
        )

    def file(self, document_id: str) -> models.FileLink:
        """The original file: a redirect to a link that works for five minutes."""
        return self._connection.model(
            models.FileLink, Call("GET", "/v1/documents/{document_id}/file", at={"document_id": document_id})
        )

    def history(
        self, document_id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> models.HistoryView:
        """Everything that happened to a document, oldest first: who did it, what was corrected and said."""
        return self._connection.model(
            models.HistoryView,
            Call(
                "GET",
                "/v1/documents/{document_id}/history",
                at={"document_id": document_id},
                query={"limit": limit, "cursor": cursor},
            ),
        )

    def each_history(self, document_id: str, *, limit: int | None = None) -> Iterator[models.EventView]:
        """All of them, page after page; ``limit`` is the size of a page."""
        return each_item(lambda cursor: self.history(document_id, cursor=cursor, limit=limit))

    def join(
        self,
        document_id: str,
        body: models.JoinRequest | None = None,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
    ) -> models.DocumentView:
        """Join parts of a file into one document, or all of them; it is read anew."""
        return self._connection.model(
            models.DocumentView,
            Call(
                "POST",
                "/v1/documents/{document_id}/join",
                at={"document_id": document_id},
                body=body or models.JoinRequest(),
                if_match=if_match,
                takes_version=True,
                idempotency_key=idempotency_key,
                takes_key=True,
            ),
        )

    def page(self, document_id: str, page: str) -> models.PageLink:
        """A picture of a page: a redirect to a link that works for five minutes."""
        return self._connection.model(
            models.PageLink,
            Call(
                "GET",
                "/v1/documents/{document_id}/pages/{page}",
                at={"document_id": document_id, "page": page},
            ),
        )

    def correct(
        self, document_id: str, body: models.CorrectionRequest | None = None, *, if_match: str | None = None
    ) -> models.DocumentView:
        """Correct or confirm what was read. The machine's values are kept beside the corrections."""
        return self._connection.model(
            models.DocumentView,
            Call(
                "PATCH",
                "/v1/documents/{document_id}/reading",
                at={"document_id": document_id},
                body=body or models.CorrectionRequest(),
                if_match=if_match,
                takes_version=True,
            ),
        )

    def reject(
        self,
        document_id: str,
        body: models.Refusal,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
    ) -> models.DocumentView:
        """Reject a document, with the reason."""
        return self._connection.model(
            models.DocumentView,
            Call(
                "POST",
                "/v1/documents/{document_id}/reject",
                at={"document_id": document_id},
                body=body,
                if_match=if_match,
                takes_version=True,
                idempotency_key=idempotency_key,
                takes_key=True,
            ),
        )

    def reopen(
        self, document_id: str, *, if_match: str | None = None, idempotency_key: str | None = None
    ) -> models.DocumentView:
        """Open a document again that was approved or rejected. Its corrections stay, its approvals are void."""
        return self._connection.model(
            models.DocumentView,
            Call(
                "POST",
                "/v1/documents/{document_id}/reopen",
                at={"document_id": document_id},
                if_match=if_match,
                takes_version=True,
                idempotency_key=idempotency_key,
                takes_key=True,
            ),
        )

    def reprocess(self, document_id: str, *, idempotency_key: str | None = None) -> models.DocumentView:
        """Read the file once more, with the reader as it is now. Corrections stay; approvals are void."""
        return self._connection.model(
            models.DocumentView,
            Call(
                "POST",
                "/v1/documents/{document_id}/reprocess",
                at={"document_id": document_id},
                idempotency_key=idempotency_key,
                takes_key=True,
            ),
        )

    def undo_division(
        self, document_id: str, *, if_match: str | None = None, idempotency_key: str | None = None
    ) -> models.DocumentView:
        """Take back the last division or join: the documents are what they were. Once more: it is done again."""
        return self._connection.model(
            models.DocumentView,
            Call(
                "POST",
                "/v1/documents/{document_id}/undo-division",
                at={"document_id": document_id},
                if_match=if_match,
                takes_version=True,
                idempotency_key=idempotency_key,
                takes_key=True,
            ),
        )


class Exports(_Operations):
    def list(self, *, limit: int | None = None, cursor: str | None = None) -> models.ExportList:
        """The exports, newest first."""
        return self._connection.model(
            models.ExportList, Call("GET", "/v1/exports", query={"limit": limit, "cursor": cursor})
        )

    def each(self, *, limit: int | None = None) -> Iterator[models.ExportView]:
        """All of them, page after page; ``limit`` is the size of a page."""
        return each_item(lambda cursor: self.list(cursor=cursor, limit=limit))

    def create(self, body: models.NewExport, *, idempotency_key: str | None = None) -> models.ExportView:
        """Ask for an export; it is made in the background."""
        return self._connection.model(
            models.ExportView,
            Call("POST", "/v1/exports", body=body, idempotency_key=idempotency_key, takes_key=True),
        )

    def delete(self, export_id: str) -> None:
        """Delete an export's file and all it is made of. That it was made stays on record."""
        self._connection.send(Call("DELETE", "/v1/exports/{export_id}", at={"export_id": export_id}))

    def get(self, export_id: str) -> models.ExportView:
        """An export: how far it has come, and what became of it."""
        return self._connection.model(
            models.ExportView, Call("GET", "/v1/exports/{export_id}", at={"export_id": export_id})
        )

    def link(self, export_id: str, *, idempotency_key: str | None = None) -> models.ExportLink:
        """A link to the file that works for five minutes. The file is there for seven days."""
        return self._connection.model(
            models.ExportLink,
            Call(
                "POST",
                "/v1/exports/{export_id}/link",
                at={"export_id": export_id},
                idempotency_key=idempotency_key,
                takes_key=True,
            ),
        )

    def repeat(self, export_id: str, *, idempotency_key: str | None = None) -> models.ExportView:
        """The same rows once more, as they were: the same bytes."""
        return self._connection.model(
            models.ExportView,
            Call(
                "POST",
                "/v1/exports/{export_id}/repeat",
                at={"export_id": export_id},
                idempotency_key=idempotency_key,
                takes_key=True,
            ),
        )


class Invitations(_Operations):
    def list(self, *, limit: int | None = None, cursor: str | None = None) -> models.InvitationList:
        """Invitations nobody has answered yet."""
        return self._connection.model(
            models.InvitationList, Call("GET", "/v1/invitations", query={"limit": limit, "cursor": cursor})
        )

    def each(self, *, limit: int | None = None) -> Iterator[models.InvitationView]:
        """All of them, page after page; ``limit`` is the size of a page."""
        return each_item(lambda cursor: self.list(cursor=cursor, limit=limit))

    def create(
        self, body: models.NewInvitation, *, idempotency_key: str | None = None
    ) -> models.InvitationView:
        """Invite somebody by mail; the link in it is good for a week, once, for that address."""
        return self._connection.model(
            models.InvitationView,
            Call("POST", "/v1/invitations", body=body, idempotency_key=idempotency_key, takes_key=True),
        )

    def accept(self, body: models.Acceptance) -> models.MemberView:
        """Become a member, with the token that was mailed to the caller's address."""
        return self._connection.model(models.MemberView, Call("POST", "/v1/invitations/accept", body=body))

    def delete(self, invitation_id: str) -> None:
        """Take an invitation back."""
        self._connection.send(
            Call("DELETE", "/v1/invitations/{invitation_id}", at={"invitation_id": invitation_id})
        )


class IssuedDocuments(_Operations):
    def list(
        self,
        *,
        kind: models.Kind | None = None,
        number: str | None = None,
        status: models.IssuedStatus | None = None,
        customer: str | None = None,
        overdue: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> models.IssuedList:
        """Invoices, or documents of another `kind`, newest first; what is `overdue`, the longest due first."""
        return self._connection.model(
            models.IssuedList,
            Call(
                "GET",
                "/v1/issued-documents",
                query={
                    "kind": kind,
                    "number": number,
                    "status": status,
                    "customer": customer,
                    "overdue": overdue,
                    "limit": limit,
                    "cursor": cursor,
                },
            ),
        )

    def each(
        self,
        *,
        kind: models.Kind | None = None,
        number: str | None = None,
        status: models.IssuedStatus | None = None,
        customer: str | None = None,
        overdue: bool | None = None,
        limit: int | None = None,
    ) -> Iterator[models.IssuedItemView]:
        """All of them, page after page; ``limit`` is the size of a page."""
        return each_item(
            lambda cursor: self.list(
                cursor=cursor,
                kind=kind,
                number=number,
                status=status,
                customer=customer,
                overdue=overdue,
                limit=limit,
            )
        )

    def create(self, body: models.NewDraft, *, idempotency_key: str | None = None) -> models.IssuedView:
        """Begin an invoice, an estimate or a bill; credit notes begin at their invoice."""
        return self._connection.model(
            models.IssuedView,
            Call("POST", "/v1/issued-documents", body=body, idempotency_key=idempotency_key, takes_key=True),
        )

    def delete(self, issued_id: str) -> None:
        """Throw a draft away."""
        self._connection.send(Call("DELETE", "/v1/issued-documents/{issued_id}", at={"issued_id": issued_id}))

    def get(self, issued_id: str) -> models.IssuedView:
        """An issued document, or a draft of one: what it says, its sums and its payments."""
        return self._connection.model(
            models.IssuedView, Call("GET", "/v1/issued-documents/{issued_id}", at={"issued_id": issued_id})
        )

    def update(
        self, issued_id: str, body: models.DraftChange | None = None, *, if_match: str | None = None
    ) -> models.IssuedView:
        """Change a draft."""
        return self._connection.model(
            models.IssuedView,
            Call(
                "PATCH",
                "/v1/issued-documents/{issued_id}",
                at={"issued_id": issued_id},
                body=body or models.DraftChange(),
                if_match=if_match,
                takes_version=True,
            ),
        )

    def accept(
        self, issued_id: str, *, if_match: str | None = None, idempotency_key: str | None = None
    ) -> models.IssuedView:
        """Note that the customer accepts an estimate."""
        return self._connection.model(
            models.IssuedView,
            Call(
                "POST",
                "/v1/issued-documents/{issued_id}/accept",
                at={"issued_id": issued_id},
                if_match=if_match,
                takes_version=True,
                idempotency_key=idempotency_key,
                takes_key=True,
            ),
        )

    def convert(
        self, issued_id: str, *, if_match: str | None = None, idempotency_key: str | None = None
    ) -> models.IssuedView:
        """Make the draft of an invoice of an estimate, once."""
        return self._connection.model(
            models.IssuedView,
            Call(
                "POST",
                "/v1/issued-documents/{issued_id}/convert",
                at={"issued_id": issued_id},
                if_match=if_match,
                takes_version=True,
                idempotency_key=idempotency_key,
                takes_key=True,
            ),
        )

    def credit(
        self, issued_id: str, *, if_match: str | None = None, idempotency_key: str | None = None
    ) -> models.IssuedView:
        """Begin the credit note of an invoice, over all of it; its lines can be changed."""
        return self._connection.model(
            models.IssuedView,
            Call(
                "POST",
                "/v1/issued-documents/{issued_id}/credit",
                at={"issued_id": issued_id},
                if_match=if_match,
                takes_version=True,
                idempotency_key=idempotency_key,
                takes_key=True,
            ),
        )

    def decline(
        self, issued_id: str, *, if_match: str | None = None, idempotency_key: str | None = None
    ) -> models.IssuedView:
        """Note that the customer declines an estimate."""
        return self._connection.model(
            models.IssuedView,
            Call(
                "POST",
                "/v1/issued-documents/{issued_id}/decline",
                at={"issued_id": issued_id},
                if_match=if_match,
                takes_version=True,
                idempotency_key=idempotency_key,
                takes_key=True,
            ),
        )

    def history(
        self, issued_id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> models.HistoryView:
        """What happened to an issued document or a draft, oldest first; the latest may follow in a moment."""
        return self._connection.model(
            models.HistoryView,
            Call(
                "GET",
                "/v1/issued-documents/{issued_id}/history",
                at={"issued_id": issued_id},
                query={"limit": limit, "cursor": cursor},
            ),
        )

    def each_history(self, issued_id: str, *, limit: int | None = None) -> Iterator[models.EventView]:
        """All of them, page after page; ``limit`` is the size of a page."""
        return each_item(lambda cursor: self.history(issued_id, cursor=cursor, limit=limit))

    def issue(
        self, issued_id: str, *, if_match: str | None = None, idempotency_key: str | None = None
    ) -> models.IssuedView:
        """Issue a draft: it gets the next number, and what it says is fixed."""
        return self._connection.model(
            models.IssuedView,
            Call(
                "POST",
                "/v1/issued-documents/{issued_id}/issue",
                at={"issued_id": issued_id},
                if_match=if_match,
                takes_version=True,
                idempotency_key=idempotency_key,
                takes_key=True,
            ),
        )

    def payment_links(self, issued_id: str) -> models.PaymentLinkList:
        """The links of an invoice, without their addresses."""
        return self._connection.model(
            models.PaymentLinkList,
            Call("GET", "/v1/issued-documents/{issued_id}/payment-links", at={"issued_id": issued_id}),
        )

    def add_payment_link(
        self, issued_id: str, body: models.NewLink | None = None, *, idempotency_key: str | None = None
    ) -> models.PaymentLinkView:
        """Make a link by which an invoice is paid. Its `url` is in this answer and nowhere else."""
        return self._connection.model(
            models.PaymentLinkView,
            Call(
                "POST",
                "/v1/issued-documents/{issued_id}/payment-links",
                at={"issued_id": issued_id},
                body=body or models.NewLink(),
                idempotency_key=idempotency_key,
                takes_key=True,
            ),
        )

    def revoke_payment_link(self, issued_id: str, link_id: str) -> None:
        """Take a link back: whoever comes by it is told so."""
        self._connection.send(
            Call(
                "DELETE",
                "/v1/issued-documents/{issued_id}/payment-links/{link_id}",
                at={"issued_id": issued_id, "link_id": link_id},
            )
        )

    def payments(
        self,
        issued_id: str,
        body: models.NewPayment,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
    ) -> models.IssuedView:
        """Note a payment of an invoice or a bill."""
        return self._connection.model(
            models.IssuedView,
            Call(
                "POST",
                "/v1/issued-documents/{issued_id}/payments",
                at={"issued_id": issued_id},
                body=body,
                if_match=if_match,
                takes_version=True,
                idempotency_key=idempotency_key,
                takes_key=True,
            ),
        )

    def pdf(self, issued_id: str) -> models.IssuedFile:
        """A link, for five minutes, to the PDF that was issued; of a draft, to one that says so."""
        return self._connection.model(
            models.IssuedFile,
            Call("GET", "/v1/issued-documents/{issued_id}/pdf", at={"issued_id": issued_id}),
        )

    def refunds(
        self,
        issued_id: str,
        body: models.NewRefund,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
    ) -> models.IssuedView:
        """Note what went back of the payments, or have a card payment go back: that is pending at first."""
        return self._connection.model(
            models.IssuedView,
            Call(
                "POST",
                "/v1/issued-documents/{issued_id}/refunds",
                at={"issued_id": issued_id},
                body=body,
                if_match=if_match,
                takes_version=True,
                idempotency_key=idempotency_key,
                takes_key=True,
            ),
        )

    def send(
        self,
        issued_id: str,
        body: models.NewMail | None = None,
        *,
        if_match: str | None = None,
        idempotency_key: str | None = None,
    ) -> models.IssuedView:
        """Mail it to the customer, with its PDF; its `mails` say what becomes of that."""
        return self._connection.model(
            models.IssuedView,
            Call(
                "POST",
                "/v1/issued-documents/{issued_id}/send",
                at={"issued_id": issued_id},
                body=body or models.NewMail(),
                if_match=if_match,
                takes_version=True,
                idempotency_key=idempotency_key,
                takes_key=True,
            ),
        )

    def ubl(self, issued_id: str) -> models.IssuedFile:
        """A link, for five minutes, to the e-invoice (UBL 2.1, EN 16931); 409 where there can be none."""
        return self._connection.model(
            models.IssuedFile,
            Call("GET", "/v1/issued-documents/{issued_id}/ubl", at={"issued_id": issued_id}),
        )

    def void(
        self, issued_id: str, *, if_match: str | None = None, idempotency_key: str | None = None
    ) -> models.IssuedView:
        """Declare void what nobody has paid for. Its number stays used."""
        return self._connection.model(
            models.IssuedView,
            Call(
                "POST",
                "/v1/issued-documents/{issued_id}/void",
                at={"issued_id": issued_id},
                if_match=if_match,
                takes_version=True,
                idempotency_key=idempotency_key,
                takes_key=True,
            ),
        )


class Items(_Operations):
    def list(
        self,
        *,
        q: str | None = None,
        archived: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> models.ItemList:
        """Items by name, or those whose names begin with `q`."""
        return self._connection.model(
            models.ItemList,
            Call("GET", "/v1/items", query={"q": q, "archived": archived, "limit": limit, "cursor": cursor}),
        )

    def each(
        self, *, q: str | None = None, archived: bool | None = None, limit: int | None = None
    ) -> Iterator[models.ItemSummary]:
        """All of them, page after page; ``limit`` is the size of a page."""
        return each_item(lambda cursor: self.list(cursor=cursor, q=q, archived=archived, limit=limit))

    def create(self, body: models.NewItem, *, idempotency_key: str | None = None) -> models.ItemView:
        """Make an item that lines can name."""
        return self._connection.model(
            models.ItemView,
            Call("POST", "/v1/items", body=body, idempotency_key=idempotency_key, takes_key=True),
        )

    def delete(self, item_id: str) -> None:
        """Delete an item. Lines that name it stay as they are."""
        self._connection.send(Call("DELETE", "/v1/items/{item_id}", at={"item_id": item_id}))

    def get(self, item_id: str) -> models.ItemView:
        """An item: its prices, and how it is taxed."""
        return self._connection.model(
            models.ItemView, Call("GET", "/v1/items/{item_id}", at={"item_id": item_id})
        )

    def update(
        self, item_id: str, body: models.ItemChange | None = None, *, if_match: str | None = None
    ) -> models.ItemView:
        """Change an item, archive it, or take it up again. Lines that name it stay as they are."""
        return self._connection.model(
            models.ItemView,
            Call(
                "PATCH",
                "/v1/items/{item_id}",
                at={"item_id": item_id},
                body=body or models.ItemChange(),
                if_match=if_match,
                takes_version=True,
            ),
        )


class Me(_Operations):
    def get(self) -> models.Profile:
        """Who is signed in, and the workspaces they are a member of."""
        return self._connection.model(models.Profile, Call("GET", "/v1/me"))

    def identities(self) -> models.IdentityList:
        """The providers that are linked to the caller's account."""
        return self._connection.model(models.IdentityList, Call("GET", "/v1/me/identities"))

    def delete_identity(self, provider: str) -> None:
        """Take a provider off the caller's account."""
        self._connection.send(Call("DELETE", "/v1/me/identities/{provider}", at={"provider": provider}))

    def link_identity(self, provider: str) -> models.Way:
        """Begin to link a provider: the browser goes to `url` next."""
        return self._connection.model(
            models.Way, Call("POST", "/v1/me/identities/{provider}", at={"provider": provider})
        )

    def passkeys(self) -> models.PasskeyList:
        """The caller's passkeys."""
        return self._connection.model(models.PasskeyList, Call("GET", "/v1/me/passkeys"))

    def add_passkey(self, body: models.NewPasskey) -> models.PasskeyView:
        """Keep the passkey the browser made."""
        return self._connection.model(models.PasskeyView, Call("POST", "/v1/me/passkeys", body=body))

    def passkeys_options(self) -> models.PasskeyOptions:
        """What to ask the browser for, to make a passkey."""
        return self._connection.model(models.PasskeyOptions, Call("POST", "/v1/me/passkeys/options"))

    def delete_passkey(self, passkey_id: str) -> None:
        """Delete a passkey."""
        self._connection.send(Call("DELETE", "/v1/me/passkeys/{passkey_id}", at={"passkey_id": passkey_id}))

    def update_passkey(self, passkey_id: str, body: models.PasskeyRename) -> models.PasskeyView:
        """Give a passkey another name."""
        return self._connection.model(
            models.PasskeyView,
            Call("PATCH", "/v1/me/passkeys/{passkey_id}", at={"passkey_id": passkey_id}, body=body),
        )

    def recovery_codes(self) -> models.RecoveryCodes:
        """New recovery codes, instead of the old ones."""
        return self._connection.model(models.RecoveryCodes, Call("POST", "/v1/me/recovery-codes"))

    def delete_totp(self) -> None:
        """Ask for no second factor any more; the recovery codes are gone as well."""
        self._connection.send(Call("DELETE", "/v1/me/totp"))

    def begin_totp(self) -> models.Enrolment:
        """Begin to set up an app for one-time codes. Nothing changes before `/v1/me/totp/confirm`."""
        return self._connection.model(models.Enrolment, Call("POST", "/v1/me/totp"))

    def totp_confirm(self, body: models.CodeGiven) -> models.RecoveryCodes:
        """Give the app's first code. Every sign-in asks for one from now on. Recovery codes are shown once."""
        return self._connection.model(models.RecoveryCodes, Call("POST", "/v1/me/totp/confirm", body=body))


class Members(_Operations):
    def list(self, *, limit: int | None = None, cursor: str | None = None) -> models.MemberList:
        """Who belongs to the workspace, and with which role."""
        return self._connection.model(
            models.MemberList, Call("GET", "/v1/members", query={"limit": limit, "cursor": cursor})
        )

    def each(self, *, limit: int | None = None) -> Iterator[models.MemberView]:
        """All of them, page after page; ``limit`` is the size of a page."""
        return each_item(lambda cursor: self.list(cursor=cursor, limit=limit))

    def delete(self, user_id: str) -> None:
        """Take a member out of the workspace."""
        self._connection.send(Call("DELETE", "/v1/members/{user_id}", at={"user_id": user_id}))

    def update(self, user_id: str, body: models.MemberChange | None = None) -> models.MemberView:
        """Give a member another role, or other clients to see; it counts from their next request on."""
        return self._connection.model(
            models.MemberView,
            Call(
                "PATCH", "/v1/members/{user_id}", at={"user_id": user_id}, body=body or models.MemberChange()
            ),
        )


class Membership(_Operations):
    def delete(self) -> None:
        """Leave the workspace this session works in."""
        self._connection.send(Call("DELETE", "/v1/membership"))


class Plans(_Operations):
    def list(self) -> models.PlanList:
        """The plans there are: documents a month, and what they cost."""
        return self._connection.model(models.PlanList, Call("GET", "/v1/plans"))


class RecurringInvoices(_Operations):
    def list(self, *, limit: int | None = None, cursor: str | None = None) -> models.RecurringList:
        """Recurring invoices, newest first."""
        return self._connection.model(
            models.RecurringList,
            Call("GET", "/v1/recurring-invoices", query={"limit": limit, "cursor": cursor}),
        )

    def each(self, *, limit: int | None = None) -> Iterator[models.RecurringView]:
        """All of them, page after page; ``limit`` is the size of a page."""
        return each_item(lambda cursor: self.list(cursor=cursor, limit=limit))

    def create(
        self, body: models.NewRecurring, *, idempotency_key: str | None = None
    ) -> models.RecurringView:
        """Plan an invoice that is made anew every so many weeks, months or years."""
        return self._connection.model(
            models.RecurringView,
            Call(
                "POST", "/v1/recurring-invoices", body=body, idempotency_key=idempotency_key, takes_key=True
            ),
        )

    def delete(self, recurring_id: str) -> None:
        """Delete a recurring invoice. Invoices that were made stay."""
        self._connection.send(
            Call("DELETE", "/v1/recurring-invoices/{recurring_id}", at={"recurring_id": recurring_id})
        )

    def get(self, recurring_id: str) -> models.RecurringView:
        """A recurring invoice: what it makes, when, and how far it has come."""
        return self._connection.model(
            models.RecurringView,
            Call("GET", "/v1/recurring-invoices/{recurring_id}", at={"recurring_id": recurring_id}),
        )

    def update(
        self, recurring_id: str, body: models.RecurringChange | None = None, *, if_match: str | None = None
    ) -> models.RecurringView:
        """Change a recurring invoice, pause it, or let it go on. Invoices that were made stay as they are."""
        return self._connection.model(
            models.RecurringView,
            Call(
                "PATCH",
                "/v1/recurring-invoices/{recurring_id}",
                at={"recurring_id": recurring_id},
                body=body or models.RecurringChange(),
                if_match=if_match,
                takes_version=True,
            ),
        )


class Review(_Operations):
    def list(
        self,
        *,
        status: models.Status | None = None,
        q: str | None = None,
        supplier: str | None = None,
        client: str | None = None,
        check: str | None = None,
        date_from: date | None = None,
        date_to: date | None = None,
        amount_from: Decimal | None = None,
        amount_to: Decimal | None = None,
        currency: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> models.DocumentList:
        """What waits for somebody: the likeliest to be wrong first, of equals the one with the most at stake."""
        return self._connection.model(
            models.DocumentList,
            Call(
                "GET",
                "/v1/review",
                query={
                    "status": status,
                    "q": q,
                    "supplier": supplier,
                    "client": client,
                    "check": check,
                    "date_from": date_from,
                    "date_to": date_to,
                    "amount_from": amount_from,
                    "amount_to": amount_to,
                    "currency": currency,
                    "limit": limit,
                    "cursor": cursor,
                },
            ),
        )

    def each(
        self,
        *,
        status: models.Status | None = None,
        q: str | None = None,
        supplier: str | None = None,
        client: str | None = None,
        check: str | None = None,
        date_from: date | None = None,
        date_to: date | None = None,
        amount_from: Decimal | None = None,
        amount_to: Decimal | None = None,
        currency: str | None = None,
        limit: int | None = None,
    ) -> Iterator[models.DocumentItemView]:
        """All of them, page after page; ``limit`` is the size of a page."""
        return each_item(
            lambda cursor: self.list(
                cursor=cursor,
                status=status,
                q=q,
                supplier=supplier,
                client=client,
                check=check,
                date_from=date_from,
                date_to=date_to,
                amount_from=amount_from,
                amount_to=amount_to,
                currency=currency,
                limit=limit,
            )
        )


class Service(_Operations):
    def healthz(self) -> models.Health:
        """Is this function up?"""
        return self._connection.model(models.Health, Call("GET", "/healthz"))

    def openapi(self) -> dict[str, Any]:
        """The API as an OpenAPI 3.1 document."""
        found: dict[str, Any] = self._connection.send(Call("GET", "/openapi.json")).json()
        return found


class Session(_Operations):
    def delete(self) -> dict[str, Any]:
        """Sign out."""
        found: dict[str, Any] = self._connection.send(Call("DELETE", "/v1/session")).json()
        return found

    def second_factor(self, body: models.CodeGiven) -> models.SignInView:
        """Complete a sign-in with a code of the app, or a recovery code."""
        return self._connection.model(models.SignInView, Call("POST", "/v1/session/second-factor", body=body))

    def step_up(self, body: models.Proof | None = None) -> models.SignInView:
        """Show once more who one is, for what asks for that: with a code, a mailed link's token or a passkey."""
        return self._connection.model(
            models.SignInView, Call("POST", "/v1/session/step-up", body=body or models.Proof())
        )

    def set_workspace(self, body: models.WorkspaceChoice) -> models.WorkspaceView:
        """Work in another of one's workspaces."""
        return self._connection.model(models.WorkspaceView, Call("PUT", "/v1/session/workspace", body=body))


class Sessions(_Operations):
    def delete_others(self) -> None:
        """Sign out everywhere but here."""
        self._connection.send(Call("DELETE", "/v1/sessions"))

    def list(self) -> models.SessionList:
        """Where the caller is signed in."""
        return self._connection.model(models.SessionList, Call("GET", "/v1/sessions"))

    def delete(self, session_id: str) -> None:
        """End one of the caller's sessions."""
        self._connection.send(Call("DELETE", "/v1/sessions/{session_id}", at={"session_id": session_id}))


class Settings(_Operations):
    def get(self) -> models.SettingsView:
        """The workspace's settings."""
        return self._connection.model(models.SettingsView, Call("GET", "/v1/settings"))

    def update(self, body: models.SettingsChange) -> models.SettingsView:
        """Change how long original files are kept. Applies at once, to files that are there as well."""
        return self._connection.model(models.SettingsView, Call("PATCH", "/v1/settings", body=body))

    def billing(self) -> models.BillingSettingsView:
        """Who sells, what drafts begin with, and how they are numbered."""
        return self._connection.model(models.BillingSettingsView, Call("GET", "/v1/settings/billing"))

    def set_billing(
        self, body: models.BillingSettings | None = None, *, if_match: str | None = None
    ) -> models.BillingSettingsView:
        """Set all of it: what is left out gets its default."""
        return self._connection.model(
            models.BillingSettingsView,
            Call(
                "PUT",
                "/v1/settings/billing",
                body=body or models.BillingSettings(),
                if_match=if_match,
                takes_version=True,
            ),
        )

    def delete_billing_logo(self) -> None:
        """Take the logo away; what was issued with it keeps it."""
        self._connection.send(Call("DELETE", "/v1/settings/billing/logo"))

    def set_billing_logo(self, body: models.NewLogo) -> models.LogoView:
        """Set the logo of what is issued from now on: a PNG, JPEG or SVG file, in base64."""
        return self._connection.model(models.LogoView, Call("PUT", "/v1/settings/billing/logo", body=body))

    def disconnect_payment_account(self) -> None:
        """Take no cards any more. What is under way at Stripe is not heard of any more, either."""
        self._connection.send(Call("DELETE", "/v1/settings/payments/stripe"))

    def payment_account(self) -> models.PaymentAccountView:
        """Where the workspace's customers pay by card. Its key is shown to nobody."""
        return self._connection.model(models.PaymentAccountView, Call("GET", "/v1/settings/payments/stripe"))

    def connect_payment_account(self, body: models.NewPaymentAccount) -> models.PaymentAccountView:
        """Connect an account at Stripe, or give another key of the one that is connected."""
        return self._connection.model(
            models.PaymentAccountView, Call("PUT", "/v1/settings/payments/stripe", body=body)
        )

    def review(self) -> models.ReviewSettings:
        """What the workspace asks of its documents: second approvals, duplicates, its own company."""
        return self._connection.model(models.ReviewSettings, Call("GET", "/v1/settings/review"))

    def set_review(self, body: models.ReviewSettings | None = None) -> models.ReviewSettings:
        """Change them, all at once. They hold for documents that wait as well."""
        return self._connection.model(
            models.ReviewSettings, Call("PUT", "/v1/settings/review", body=body or models.ReviewSettings())
        )


class SignIn(_Operations):
    def email(self, body: models.LinkRequest) -> models.LinkAsked:
        """Have a link mailed that signs in, once, within 15 minutes. The answer is the same for every address."""
        return self._connection.model(models.LinkAsked, Call("POST", "/v1/sign-in/email", body=body))

    def email_confirm(self, body: models.LinkToken) -> models.SignInView:
        """Sign in with the token of the mailed link. Looking at the link does not use it up; this does."""
        return self._connection.model(models.SignInView, Call("POST", "/v1/sign-in/email/confirm", body=body))

    def passkey(self, body: models.PasskeyAnswer) -> models.SignInView:
        """Sign in with a passkey; no second factor is asked for."""
        return self._connection.model(models.SignInView, Call("POST", "/v1/sign-in/passkey", body=body))

    def passkey_options(self) -> models.PasskeyOptions:
        """What to ask the browser for, to sign in or to step up."""
        return self._connection.model(models.PasskeyOptions, Call("POST", "/v1/sign-in/passkey/options"))


class Subscription(_Operations):
    def get(self) -> models.SubscriptionView:
        """The workspace's plan, and what is left of it this month."""
        return self._connection.model(models.SubscriptionView, Call("GET", "/v1/subscription"))

    def checkout(self, body: models.Purchase) -> models.Elsewhere:
        """A page of the payment provider where a plan is bought. Nothing changes until it is paid."""
        return self._connection.model(models.Elsewhere, Call("POST", "/v1/subscription/checkout", body=body))

    def portal(self) -> models.Elsewhere:
        """A page of the payment provider for cards, bills, another plan, and the end of it."""
        return self._connection.model(models.Elsewhere, Call("POST", "/v1/subscription/portal"))


class Suppliers(_Operations):
    def list(
        self, *, q: str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> models.SupplierList:
        """Suppliers by name, or those whose names begin with `q`."""
        return self._connection.model(
            models.SupplierList,
            Call("GET", "/v1/suppliers", query={"q": q, "limit": limit, "cursor": cursor}),
        )

    def each(self, *, q: str | None = None, limit: int | None = None) -> Iterator[models.SupplierItemView]:
        """All of them, page after page; ``limit`` is the size of a page."""
        return each_item(lambda cursor: self.list(cursor=cursor, q=q, limit=limit))

    def get(self, supplier_id: str) -> models.SupplierView:
        """What is known of a supplier, and from which approved document."""
        return self._connection.model(
            models.SupplierView, Call("GET", "/v1/suppliers/{supplier_id}", at={"supplier_id": supplier_id})
        )

    def update(
        self, supplier_id: str, body: models.SupplierChange | None = None, *, if_match: str | None = None
    ) -> models.SupplierView:
        """Say what a supplier is called, and what goes with its documents."""
        return self._connection.model(
            models.SupplierView,
            Call(
                "PATCH",
                "/v1/suppliers/{supplier_id}",
                at={"supplier_id": supplier_id},
                body=body or models.SupplierChange(),
                if_match=if_match,
                takes_version=True,
            ),
        )

    def delete_memory(self, supplier_id: str, fact_id: str) -> None:
        """Undo something that was learned. The documents that taught it do not teach it again."""
        self._connection.send(
            Call(
                "DELETE",
                "/v1/suppliers/{supplier_id}/memory/{fact_id}",
                at={"supplier_id": supplier_id, "fact_id": fact_id},
            )
        )


class Uploads(_Operations):
    def create(self, body: models.NewUpload, *, idempotency_key: str | None = None) -> models.Upload:
        """Announce a file; the answer is a form that takes exactly this file."""
        return self._connection.model(
            models.Upload,
            Call("POST", "/v1/uploads", body=body, idempotency_key=idempotency_key, takes_key=True),
        )

    def batch(self, body: models.NewBatch, *, idempotency_key: str | None = None) -> models.BatchForms:
        """Announce up to 1,000 files; the answer has a form for each, or says what is wrong with it."""
        return self._connection.model(
            models.BatchForms,
            Call("POST", "/v1/uploads/batch", body=body, idempotency_key=idempotency_key, takes_key=True),
        )


class Usage(_Operations):
    def get(self, *, month: str | None = None) -> models.UsageView:
        """What was read in a month: files, pages by how they were read, the price of the text analyses."""
        return self._connection.model(models.UsageView, Call("GET", "/v1/usage", query={"month": month}))


class Workspace(_Operations):
    def get(self) -> models.WorkspaceView:
        """The workspace this key belongs to, or this session works in."""
        return self._connection.model(models.WorkspaceView, Call("GET", "/v1/workspace"))

    def update(self, body: models.NewWorkspace) -> models.WorkspaceView:
        """Give the workspace another name."""
        return self._connection.model(models.WorkspaceView, Call("PATCH", "/v1/workspace", body=body))

    def delete_closing(self) -> models.WorkspaceView:
        """Keep the workspace after all."""
        return self._connection.model(models.WorkspaceView, Call("DELETE", "/v1/workspace/closing"))

    def set_closing(self, body: models.Closing | None = None) -> models.WorkspaceView:
        """Delete the workspace and all there is in it: in seven days, or at once."""
        return self._connection.model(
            models.WorkspaceView, Call("PUT", "/v1/workspace/closing", body=body or models.Closing())
        )

    def set_owner(self, body: models.Transfer) -> models.MemberView:
        """Make another member the owner; the caller stays as admin."""
        return self._connection.model(models.MemberView, Call("PUT", "/v1/workspace/owner", body=body))


class Workspaces(_Operations):
    def create(self, body: models.NewWorkspace) -> models.WorkspaceView:
        """Make a workspace: the caller owns it and works in it from now on."""
        return self._connection.model(models.WorkspaceView, Call("POST", "/v1/workspaces", body=body))


class Groups:
    def __init__(self, connection: Connection) -> None:
        self.api_keys = ApiKeys(connection)
        self.audit_events = AuditEvents(connection)
        self.batches = Batches(connection)
        self.clients = Clients(connection)
        self.customers = Customers(connection)
        self.deletion_certificates = DeletionCertificates(connection)
        self.documents = Documents(connection)
        self.exports = Exports(connection)
        self.invitations = Invitations(connection)
        self.issued_documents = IssuedDocuments(connection)
        self.items = Items(connection)
        self.me = Me(connection)
        self.members = Members(connection)
        self.membership = Membership(connection)
        self.plans = Plans(connection)
        self.recurring_invoices = RecurringInvoices(connection)
        self.review = Review(connection)
        self.service = Service(connection)
        self.session = Session(connection)
        self.sessions = Sessions(connection)
        self.settings = Settings(connection)
        self.sign_in = SignIn(connection)
        self.subscription = Subscription(connection)
        self.suppliers = Suppliers(connection)
        self.uploads = Uploads(connection)
        self.usage = Usage(connection)
        self.workspace = Workspace(connection)
        self.workspaces = Workspaces(connection)


OPERATIONS = {
    "GET /v1/api-keys": "api_keys.list",
    "POST /v1/api-keys": "api_keys.create",
    "DELETE /v1/api-keys/{key_id}": "api_keys.delete",
    "GET /v1/audit-events": "audit_events.list",
    "GET /v1/audit-events.csv": "audit_events.csv",
    "GET /v1/batches/{batch_id}": "batches.list",
    "POST /v1/batches/{batch_id}/retry": "batches.retry",
    "GET /v1/clients": "clients.list",
    "POST /v1/clients": "clients.create",
    "DELETE /v1/clients/{client_id}": "clients.delete",
    "GET /v1/clients/{client_id}": "clients.get",
    "PATCH /v1/clients/{client_id}": "clients.update",
    "POST /v1/clients/{client_id}/documents": "clients.documents",
    "GET /v1/customers": "customers.list",
    "POST /v1/customers": "customers.create",
    "DELETE /v1/customers/{customer_id}": "customers.delete",
    "GET /v1/customers/{customer_id}": "customers.get",
    "PATCH /v1/customers/{customer_id}": "customers.update",
    "GET /v1/deletion-certificates": "deletion_certificates.list",
    "GET /v1/documents": "documents.list",
    "POST /v1/documents/approve": "documents.approve_many",
    "POST /v1/documents/delete": "documents.delete_many",
    "POST /v1/documents/reject": "documents.reject_many",
    "POST /v1/documents/reprocess": "documents.reprocess_many",
    "DELETE /v1/documents/{document_id}": "documents.delete",
    "GET /v1/documents/{document_id}": "documents.get",
    "POST /v1/documents/{document_id}/approve": "documents.approve",
    "DELETE /v1/documents/{document_id}/claim": "documents.release",
    "PUT /v1/documents/{document_id}/claim": "documents.claim",
    "PUT /v1/documents/{document_id}/client": "documents.set_client",
    "POST /v1/documents/{document_id}/comments": "documents.comment",
    "POST /v1/documents/{document_id}/divide": "documents.divide",
    "GET /v1/documents/{document_id}/file": "documents.file",
    "GET /v1/documents/{document_id}/history": "documents.history",
    "POST /v1/documents/{document_id}/join": "documents.join",
    "GET /v1/documents/{document_id}/pages/{page}": "documents.page",
    "PATCH /v1/documents/{document_id}/reading": "documents.correct",
    "POST /v1/documents/{document_id}/reject": "documents.reject",
    "POST /v1/documents/{document_id}/reopen": "documents.reopen",
    "POST /v1/documents/{document_id}/reprocess": "documents.reprocess",
    "POST /v1/documents/{document_id}/undo-division": "documents.undo_division",
    "GET /v1/exports": "exports.list",
    "POST /v1/exports": "exports.create",
    "DELETE /v1/exports/{export_id}": "exports.delete",
    "GET /v1/exports/{export_id}": "exports.get",
    "POST /v1/exports/{export_id}/link": "exports.link",
    "POST /v1/exports/{export_id}/repeat": "exports.repeat",
    "GET /v1/invitations": "invitations.list",
    "POST /v1/invitations": "invitations.create",
    "POST /v1/invitations/accept": "invitations.accept",
    "DELETE /v1/invitations/{invitation_id}": "invitations.delete",
    "GET /v1/issued-documents": "issued_documents.list",
    "POST /v1/issued-documents": "issued_documents.create",
    "DELETE /v1/issued-documents/{issued_id}": "issued_documents.delete",
    "GET /v1/issued-documents/{issued_id}": "issued_documents.get",
    "PATCH /v1/issued-documents/{issued_id}": "issued_documents.update",
    "POST /v1/issued-documents/{issued_id}/accept": "issued_documents.accept",
    "POST /v1/issued-documents/{issued_id}/convert": "issued_documents.convert",
    "POST /v1/issued-documents/{issued_id}/credit": "issued_documents.credit",
    "POST /v1/issued-documents/{issued_id}/decline": "issued_documents.decline",
    "GET /v1/issued-documents/{issued_id}/history": "issued_documents.history",
    "POST /v1/issued-documents/{issued_id}/issue": "issued_documents.issue",
    "GET /v1/issued-documents/{issued_id}/payment-links": "issued_documents.payment_links",
    "POST /v1/issued-documents/{issued_id}/payment-links": "issued_documents.add_payment_link",
    "DELETE /v1/issued-documents/{issued_id}/payment-links/{link_id}": "issued_documents.revoke_payment_link",
    "POST /v1/issued-documents/{issued_id}/payments": "issued_documents.payments",
    "GET /v1/issued-documents/{issued_id}/pdf": "issued_documents.pdf",
    "POST /v1/issued-documents/{issued_id}/refunds": "issued_documents.refunds",
    "POST /v1/issued-documents/{issued_id}/send": "issued_documents.send",
    "GET /v1/issued-documents/{issued_id}/ubl": "issued_documents.ubl",
    "POST /v1/issued-documents/{issued_id}/void": "issued_documents.void",
    "GET /v1/items": "items.list",
    "POST /v1/items": "items.create",
    "DELETE /v1/items/{item_id}": "items.delete",
    "GET /v1/items/{item_id}": "items.get",
    "PATCH /v1/items/{item_id}": "items.update",
    "GET /v1/me": "me.get",
    "GET /v1/me/identities": "me.identities",
    "DELETE /v1/me/identities/{provider}": "me.delete_identity",
    "POST /v1/me/identities/{provider}": "me.link_identity",
    "GET /v1/me/passkeys": "me.passkeys",
    "POST /v1/me/passkeys": "me.add_passkey",
    "POST /v1/me/passkeys/options": "me.passkeys_options",
    "DELETE /v1/me/passkeys/{passkey_id}": "me.delete_passkey",
    "PATCH /v1/me/passkeys/{passkey_id}": "me.update_passkey",
    "POST /v1/me/recovery-codes": "me.recovery_codes",
    "DELETE /v1/me/totp": "me.delete_totp",
    "POST /v1/me/totp": "me.begin_totp",
    "POST /v1/me/totp/confirm": "me.totp_confirm",
    "GET /v1/members": "members.list",
    "DELETE /v1/members/{user_id}": "members.delete",
    "PATCH /v1/members/{user_id}": "members.update",
    "DELETE /v1/membership": "membership.delete",
    "GET /v1/plans": "plans.list",
    "GET /v1/recurring-invoices": "recurring_invoices.list",
    "POST /v1/recurring-invoices": "recurring_invoices.create",
    "DELETE /v1/recurring-invoices/{recurring_id}": "recurring_invoices.delete",
    "GET /v1/recurring-invoices/{recurring_id}": "recurring_invoices.get",
    "PATCH /v1/recurring-invoices/{recurring_id}": "recurring_invoices.update",
    "GET /v1/review": "review.list",
    "GET /healthz": "service.healthz",
    "GET /openapi.json": "service.openapi",
    "DELETE /v1/session": "session.delete",
    "POST /v1/session/second-factor": "session.second_factor",
    "POST /v1/session/step-up": "session.step_up",
    "PUT /v1/session/workspace": "session.set_workspace",
    "DELETE /v1/sessions": "sessions.delete_others",
    "GET /v1/sessions": "sessions.list",
    "DELETE /v1/sessions/{session_id}": "sessions.delete",
    "GET /v1/settings": "settings.get",
    "PATCH /v1/settings": "settings.update",
    "GET /v1/settings/billing": "settings.billing",
    "PUT /v1/settings/billing": "settings.set_billing",
    "DELETE /v1/settings/billing/logo": "settings.delete_billing_logo",
    "PUT /v1/settings/billing/logo": "settings.set_billing_logo",
    "DELETE /v1/settings/payments/stripe": "settings.disconnect_payment_account",
    "GET /v1/settings/payments/stripe": "settings.payment_account",
    "PUT /v1/settings/payments/stripe": "settings.connect_payment_account",
    "GET /v1/settings/review": "settings.review",
    "PUT /v1/settings/review": "settings.set_review",
    "POST /v1/sign-in/email": "sign_in.email",
    "POST /v1/sign-in/email/confirm": "sign_in.email_confirm",
    "POST /v1/sign-in/passkey": "sign_in.passkey",
    "POST /v1/sign-in/passkey/options": "sign_in.passkey_options",
    "GET /v1/subscription": "subscription.get",
    "POST /v1/subscription/checkout": "subscription.checkout",
    "POST /v1/subscription/portal": "subscription.portal",
    "GET /v1/suppliers": "suppliers.list",
    "GET /v1/suppliers/{supplier_id}": "suppliers.get",
    "PATCH /v1/suppliers/{supplier_id}": "suppliers.update",
    "DELETE /v1/suppliers/{supplier_id}/memory/{fact_id}": "suppliers.delete_memory",
    "POST /v1/uploads": "uploads.create",
    "POST /v1/uploads/batch": "uploads.batch",
    "GET /v1/usage": "usage.get",
    "GET /v1/workspace": "workspace.get",
    "PATCH /v1/workspace": "workspace.update",
    "DELETE /v1/workspace/closing": "workspace.delete_closing",
    "PUT /v1/workspace/closing": "workspace.set_closing",
    "PUT /v1/workspace/owner": "workspace.set_owner",
    "POST /v1/workspaces": "workspaces.create",
}
"""What each is called here."""
