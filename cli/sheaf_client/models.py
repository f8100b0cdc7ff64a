"""Generated from the API's description (`make generate`)."""

from __future__ import annotations

from datetime import date as date_aliased
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, RootModel

from sheaf_client.words import StrEnum


class Acceptance(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    token: str


class Action(StrEnum):
    ACCESS_DENIED = "access.denied"
    SESSION_STARTED = "session.started"
    SESSION_ENDED = "session.ended"
    SESSION_PROVED = "session.proved"
    SIGN_IN_REQUESTED = "sign_in.requested"
    IDENTITY_LINKED = "identity.linked"
    IDENTITY_UNLINKED = "identity.unlinked"
    PASSKEY_ADDED = "passkey.added"
    PASSKEY_RENAMED = "passkey.renamed"
    PASSKEY_REMOVED = "passkey.removed"
    SECOND_FACTOR_STARTED = "second_factor.started"
    SECOND_FACTOR_ENABLED = "second_factor.enabled"
    SECOND_FACTOR_DISABLED = "second_factor.disabled"
    RECOVERY_CODES_MADE = "recovery_codes.made"
    WORKSPACE_CREATED = "workspace.created"
    WORKSPACE_RENAMED = "workspace.renamed"
    WORKSPACE_ENTERED = "workspace.entered"
    WORKSPACE_TRANSFERRED = "workspace.transferred"
    WORKSPACE_CLOSED = "workspace.closed"
    WORKSPACE_KEPT = "workspace.kept"
    MEMBER_INVITED = "member.invited"
    INVITATION_WITHDRAWN = "invitation.withdrawn"
    MEMBER_JOINED = "member.joined"
    MEMBER_CHANGED = "member.changed"
    MEMBER_REMOVED = "member.removed"
    MEMBER_LEFT = "member.left"
    API_KEY_CREATED = "api_key.created"
    API_KEY_REVOKED = "api_key.revoked"
    SETTINGS_CHANGED = "settings.changed"
    DOCUMENT_UPLOADED = "document.uploaded"
    DOCUMENT_DROPPED = "document.dropped"
    DOCUMENT_READ = "document.read"
    DOCUMENT_REPROCESSED = "document.reprocessed"
    DOCUMENT_CHECKED = "document.checked"
    DOCUMENT_DELETED = "document.deleted"
    DOCUMENT_CLAIMED = "document.claimed"
    DOCUMENT_RELEASED = "document.released"
    DOCUMENT_CORRECTED = "document.corrected"
    DOCUMENT_COMMENTED = "document.commented"
    DOCUMENT_APPROVED = "document.approved"
    DOCUMENT_REJECTED = "document.rejected"
    DOCUMENT_REOPENED = "document.reopened"
    DOCUMENT_DIVIDED = "document.divided"
    DOCUMENT_JOINED = "document.joined"
    DOCUMENT_DIVISION_UNDONE = "document.division_undone"
    DOCUMENT_ASSIGNED = "document.assigned"
    CLIENT_CREATED = "client.created"
    CLIENT_CHANGED = "client.changed"
    CLIENT_DELETED = "client.deleted"
    SUPPLIER_CHANGED = "supplier.changed"
    SUPPLIER_FACT_FORGOTTEN = "supplier.fact_forgotten"
    REVIEW_SETTINGS_CHANGED = "review_settings.changed"
    BILLING_SETTINGS_CHANGED = "billing_settings.changed"
    CUSTOMER_CREATED = "customer.created"
    CUSTOMER_CHANGED = "customer.changed"
    CUSTOMER_DELETED = "customer.deleted"
    ITEM_CREATED = "item.created"
    ITEM_CHANGED = "item.changed"
    ITEM_DELETED = "item.deleted"
    DRAFT_CREATED = "draft.created"
    DRAFT_CHANGED = "draft.changed"
    DRAFT_DELETED = "draft.deleted"
    ISSUED_DOCUMENT_ISSUED = "issued_document.issued"
    ISSUED_DOCUMENT_VOIDED = "issued_document.voided"
    ISSUED_DOCUMENT_FROZEN = "issued_document.frozen"
    MAIL_REQUESTED = "mail.requested"
    MAIL_DISPATCHED = "mail.dispatched"
    MAIL_TOLD = "mail.told"
    ISSUED_DOCUMENT_REMINDED = "issued_document.reminded"
    RECURRING_INVOICE_CREATED = "recurring_invoice.created"
    RECURRING_INVOICE_CHANGED = "recurring_invoice.changed"
    RECURRING_INVOICE_DELETED = "recurring_invoice.deleted"
    RECURRING_INVOICE_MADE = "recurring_invoice.made"
    ESTIMATE_ACCEPTED = "estimate.accepted"
    ESTIMATE_DECLINED = "estimate.declined"
    ESTIMATE_CONVERTED = "estimate.converted"
    INVOICE_CREDITED = "invoice.credited"
    PAYMENT_RECORDED = "payment.recorded"
    REFUND_RECORDED = "refund.recorded"
    PAYMENT_BEGUN = "payment.begun"
    PAYMENT_DISPUTED = "payment.disputed"
    PAYMENT_LINK_CREATED = "payment_link.created"
    PAYMENT_LINK_REVOKED = "payment_link.revoked"
    PAYMENT_ACCOUNT_CONNECTED = "payment_account.connected"
    PAYMENT_ACCOUNT_DISCONNECTED = "payment_account.disconnected"
    EXPORT_REQUESTED = "export.requested"
    EXPORT_REPEATED = "export.repeated"
    EXPORT_FINISHED = "export.finished"
    EXPORT_DOWNLOADED = "export.downloaded"
    EXPORT_WITHDRAWN = "export.withdrawn"
    WEBHOOK_RECEIVED = "webhook.received"
    SUBSCRIPTION_CHANGED = "subscription.changed"
    SUBSCRIPTION_CHECKOUT_OPENED = "subscription.checkout_opened"
    SUBSCRIPTION_PORTAL_OPENED = "subscription.portal_opened"
    FILES_EXPIRED = "files.expired"


class ActorKind(StrEnum):
    USER = "user"
    API_KEY = "api_key"
    SYSTEM = "system"


class Address(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    lines: list[str] = []
    postcode: str | None = None
    city: str | None = None
    region: str | None = None
    country: str


class Approval(BaseModel):
    """``accept`` names the errors among the checks that are right as they are, each by its code."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    accept: list[str] = []


class Attention(StrEnum):
    """What somebody should look into."""

    DISPUTED = "disputed"
    REFUND_DUE = "refund_due"


class BankAccount(BaseModel):
    """Where a transfer goes (ISO 13616, ISO 9362)."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    holder: str | None = None
    iban: str
    bic: str | None = None


class Status1(StrEnum):
    DELETED = "deleted"
    NOT_ANNOUNCED = "not_announced"


class Billed(StrEnum):
    """Which period an invoice is for: the one that begins on its day, or the one that ends before it."""

    IN_ADVANCE = "in_advance"
    IN_ARREARS = "in_arrears"


class Box(BaseModel):
    """Left, top, width and height as shares of the page (0 to 1), the origin at the top left."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    left: float
    top: float
    width: float
    height: float


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


class Check(BaseModel):
    """A finding. An ``error`` sends the document to a person; a ``warning`` is only shown."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    code: str
    message: str
    severity: Severity = Severity.ERROR
    fields: list[str] = []
    expected: str | None = None
    found: str | None = None


class Claim(BaseModel):
    """Who is looking at it; nobody else changes it until then."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    by: str
    until: AwareDatetime


class ClientChange(BaseModel):
    """What is left out stays; ``reference`` null takes it away. An ``archived`` client keeps its documents
    and gets no more.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    name: str | None = None
    reference: str | None = None
    archived: bool | None = None


class ClientChoice(BaseModel):
    """null: nobody's in particular."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    client_id: str | None


class ClientView(BaseModel):
    """``version`` counts its changes, and is its ETag."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    name: str
    reference: str | None
    archived: bool
    created_at: AwareDatetime
    version: int


class Closing(BaseModel):
    """``now`` gives the week up: it cannot be undone."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    now: bool = False


class CodeGiven(BaseModel):
    """A code of the app, or a recovery code."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    code: str


class Comment(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    text: str


class CompanySettings(BaseModel):
    """What the workspace's own company is called and has: it is the buyer, never the supplier."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    names: list[str] = []
    tax_ids: list[str] = []
    ibans: list[str] = []


class CreditedInvoice(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    number: str
    date: date_aliased


class CustomerSummary(BaseModel):
    """A customer in lists."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    name: str
    reference: str | None = None
    email: str | None = None
    country: str
    archived: bool = False


class DeletedFile(BaseModel):
    """``versions`` counts the object versions and delete markers that this run removed: 0 when an
    earlier run removed them and was stopped before it could certify it.
    """

    model_config = ConfigDict(
        populate_by_name=True,
    )
    file_id: str
    document_id: str
    sha256: str | None
    size: int
    uploaded_at: AwareDatetime
    versions: int


class Direction(StrEnum):
    PAYMENT = "payment"
    REFUND = "refund"


class Discount(BaseModel):
    """Either a share or an amount."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    percent: str | None = None
    amount: str | None = None
    reason: str | None = None


class DivideRequest(BaseModel):
    """``parts``: the first and the last page of each, in their order; every page is in one of them."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    parts: list[list[int]]


class DocumentType(StrEnum):
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    RECEIPT = "receipt"


class Duplicates(StrEnum):
    """What a second invoice with the same supplier and number, or supplier, date and total, is."""

    WARN = "warn"
    BLOCK = "block"


class EInvoice(BaseModel):
    """Whether EN 16931 can say it when it is issued as it stands, and if not, why."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    representable: bool
    reason: str | None = None


class Elsewhere(BaseModel):
    """A page of the provider's; coming back from it changes nothing, only what the provider tells us does."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    url: str


class Enrolment(BaseModel):
    """``uri`` is for a QR code, ``secret`` for typing it in. Neither is shown again."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    secret: str
    uri: str


class ExportLink(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    url: str
    filename: str
    expires_at: AwareDatetime


class ExportMark(BaseModel):
    """An export that holds the document, and when it was asked for."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    at: AwareDatetime


class FactView(BaseModel):
    """``document_id``: the approved document that it was learned from; null: a person said it here."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    value: str | None
    document_id: str | None
    learned_at: AwareDatetime


class Factor(StrEnum):
    EMAIL = "email"
    OPENID = "openid"
    PASSKEY = "passkey"
    TOTP = "totp"
    RECOVERY = "recovery"


class Failure(BaseModel):
    """``code`` is stable; ``message`` is one sentence a person can act on."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    code: str
    message: str


class FileLink(BaseModel):
    """``first_page`` and ``last_page`` (counted from 1) are there when the document is a part of the file."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    url: str
    expires_at: AwareDatetime
    first_page: int | None = None
    last_page: int | None = None


class FileView(BaseModel):
    """``expires_on``: the day from which the sweep deletes the file, by the setting as it is now.

    ``deleted_at``: the file is gone, in all versions; a deletion certificate covers it.
    """

    model_config = ConfigDict(
        populate_by_name=True,
    )
    size: int
    sha256: str | None
    content_type: str
    pages: int
    uploaded_at: AwareDatetime
    expires_on: date_aliased | None = None
    deleted_at: AwareDatetime | None = None


class Format(StrEnum):
    CSV = "csv"
    CSV_LINES = "csv_lines"
    XLSX = "xlsx"
    JSON = "json"
    QUICKBOOKS_CSV = "quickbooks_csv"
    QUICKBOOKS_IIF = "quickbooks_iif"
    XERO_CSV = "xero_csv"
    UBL = "ubl"


class Health(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    status: str


class IdentityView(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    provider: str
    linked_at: AwareDatetime


class IssuedFile(BaseModel):
    """``frozen``: this is the file that was issued, and stays as it is. A draft and a void document have one
    that says so across the page, and that is made anew when they change.
    """

    model_config = ConfigDict(
        populate_by_name=True,
    )
    url: str
    filename: str
    expires_at: AwareDatetime
    size: int
    sha256: str
    frozen: bool


class IssuedStatus(StrEnum):
    DRAFT = "draft"
    ISSUED = "issued"
    SENT = "sent"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CONVERTED = "converted"
    VOID = "void"


class ItemProblem(BaseModel):
    """``status`` and ``code`` are those of the answer to a request about this one alone."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    status: int
    code: str
    detail: str


class Status2(StrEnum):
    OK = "ok"
    REFUSED = "refused"
    NOT_REACHED = "not_reached"


class ItemResult(BaseModel):
    """``not_reached``: there was no time for it; send it once more."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    status: Status2
    problem: ItemProblem | None = None


class ItemSummary(BaseModel):
    """An item in lists."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    name: str
    code: str | None = None
    unit: str = "C62"
    prices: dict[str, str] = {}
    archived: bool = False


class JoinRequest(BaseModel):
    """``parts``: ids of parts that stand one after the other, to become one. Without them all parts, and all
    pages of the file, become one document.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    parts: list[str] | None = None


class Scope(StrEnum):
    AUDIT_READ = "audit:read"
    BILLING_ISSUE = "billing:issue"
    BILLING_READ = "billing:read"
    BILLING_REFUND = "billing:refund"
    BILLING_WRITE = "billing:write"
    CLIENT_READ = "client:read"
    CLIENT_WRITE = "client:write"
    DOCUMENT_APPROVE = "document:approve"
    DOCUMENT_DELETE = "document:delete"
    DOCUMENT_EXPORT = "document:export"
    DOCUMENT_READ = "document:read"
    DOCUMENT_UPLOAD = "document:upload"
    DOCUMENT_WRITE = "document:write"
    KEY_READ = "key:read"
    MEMBER_READ = "member:read"
    SETTINGS_READ = "settings:read"
    SETTINGS_WRITE = "settings:write"
    SUPPLIER_READ = "supplier:read"
    SUPPLIER_WRITE = "supplier:write"
    WORKSPACE_READ = "workspace:read"
    WORKSPACE_WRITE = "workspace:write"


class Kind(StrEnum):
    INVOICE = "invoice"
    ESTIMATE = "estimate"
    CREDIT_NOTE = "credit_note"
    BILL = "bill"


class Layout(BaseModel):
    """What an importing program wants to be told, and no document says.

    ``month_first``: dates as month, day, year, where the target takes both. ``account`` is used for
    documents that have none; ``tax_codes`` maps a rate in percent (``20``, ``5.5``) to the name that the
    target knows it by.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    month_first: bool = False
    account: str | None = None
    tax_codes: dict[str, str] = {}


class LeftOut(BaseModel):
    """``reason``: ``not_found``, ``not_read``, or what the format's target says of it."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    document_id: str
    reason: str


class LineInput(BaseModel):
    """``page`` and ``box`` are where the line stands, for whoever wants to show it."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    description: str | None = None
    product_code: str | None = None
    quantity: str | None = None
    unit: str | None = None
    unit_price: str | None = None
    tax_rate: str | None = None
    amount: str | None = None
    page: int | None = None
    box: Box | None = None


class LineItem(BaseModel):
    """``tax_rate`` is in percent; amounts are net where the document shows net amounts."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    description: str | None = None
    product_code: str | None = None
    quantity: str | None = None
    unit: str | None = None
    unit_price: str | None = None
    tax_rate: str | None = None
    amount: str | None = None
    confidence: float = 1.0
    page: int | None = None
    box: Box | None = None


class Link(BaseModel):
    """An entry's place. ``number`` counts from 1; hashes are SHA-256 in hex."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    number: int
    previous: str
    hash: str


class LinkAsked(BaseModel):
    """The same for every address."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    detail: str = "If that address can get mail, a link is on its way."


class LinkRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    email: str


class LinkStatus(StrEnum):
    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


class LinkToken(BaseModel):
    """What follows the ``#`` in the mailed link."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    token: str


class LogoView(BaseModel):
    """``size`` in bytes, ``sha256`` in hex."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    sha256: str
    size: int


class MailState(StrEnum):
    """In their rank: a mail never goes back, in whatever order its events come."""

    QUEUED = "queued"
    UNKNOWN = "unknown"
    SENT = "sent"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    FAILED = "failed"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


class MailTrouble(BaseModel):
    """Why mails to an address may not arrive."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    state: MailState
    at: AwareDatetime
    reason: str | None


class Method(StrEnum):
    BANK_TRANSFER = "bank_transfer"
    DIRECT_DEBIT = "direct_debit"
    CARD = "card"
    CASH = "cash"
    CHEQUE = "cheque"
    OTHER = "other"


class Missing(BaseModel):
    """What ``POST …/issue`` would refuse, in its words."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    code: str
    field: str
    message: str


class Money(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    amount: str
    currency: str


class NewClient(BaseModel):
    """``reference``: what the client is called elsewhere, such as its number in the books."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    name: str
    reference: str | None = None


class NewLink(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    expires_in_days: int = 30


class NewLogo(BaseModel):
    """A PNG, JPEG or SVG file in base64: at most 512 KiB and four megapixels."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    logo: str


class NewMail(BaseModel):
    """``to`` is the customer's address, if nothing is said. ``payment_link`` is the URL of one of its payment
    links that hold. ``attach_ubl``: the e-invoice beside the PDF, where there can be one.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    to: str | None = None
    cc: list[str] = []
    message: str | None = None
    payment_link: str | None = None
    attach_ubl: bool = False


class NewPasskey(BaseModel):
    """``credential`` is what ``navigator.credentials.create()`` gave, by its ``toJSON()``."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    name: str = "Passkey"
    credential: dict[str, Any]


class NewPayment(BaseModel):
    """``amount`` is in the document's currency. ``date`` is when it was paid: today, if left out."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    amount: str
    method: Method = Method.BANK_TRANSFER
    date: date_aliased | None = None
    reference: str | None = None


class NewPaymentAccount(BaseModel):
    """``secret_key``: Stripe's, better a restricted one (``rk_…``) that may write checkout sessions, refunds
    and webhook endpoints, and read accounts and payments.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    secret_key: str


class NewRefund(BaseModel):
    """``payment_id``: the card payment that it goes back to, by the provider; else it is noted by hand, and
    ``method`` and ``date`` say how and when it went.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    amount: str
    method: Method = Method.BANK_TRANSFER
    date: date_aliased | None = None
    reference: str | None = None
    payment_id: str | None = None


class NewUpload(BaseModel):
    """``size`` in bytes. ``content_type`` is what the form will insist on and the bytes must bear out.

    ``client_id``: whose document it is. Whoever sees some clients only has to say.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    filename: str
    content_type: str
    size: int
    client_id: str | None = None


class NewWorkspace(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    name: str


class NumberSeries(BaseModel):
    """``first`` is the number that a series begins with: for whoever went on from elsewhere."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    pattern: str
    first: int = 1


class Origin(BaseModel):
    """Where a request came from; empty for work that no request caused."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    ip: str | None = None
    user_agent: str | None = None
    request_id: str | None = None


class PageLink(BaseModel):
    """``url`` is null while the picture is being drawn: ask again in a moment.

    ``document_id`` is that of the file's document, whose pages they are.
    """

    model_config = ConfigDict(
        populate_by_name=True,
    )
    document_id: str
    page: int
    url: str | None = None
    expires_at: AwareDatetime | None = None


class PagesUsed(BaseModel):
    """``textract`` counts a page once for each analysis of it, ``copied`` those that had been read before."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    textract: int
    xml: int
    embedded: int
    copied: int


class PartOf(BaseModel):
    """The document of the file, and the pages of it (counted from 1) that the part stands on."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    document_id: str
    first_page: int
    last_page: int


class Party(BaseModel):
    """``tax_id`` is the VAT number with its country's prefix, ``registration_id`` the number in the register
    of companies. ``email`` is where what is issued is sent to.
    """

    model_config = ConfigDict(
        populate_by_name=True,
    )
    name: str
    contact: str | None = None
    address: Address
    tax_id: str | None = None
    registration_id: str | None = None
    email: str | None = None
    phone: str | None = None


class PasskeyAnswer(BaseModel):
    """``credential`` is what ``navigator.credentials.get()`` gave, by its ``toJSON()``."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    credential: dict[str, Any]


class PasskeyOptions(BaseModel):
    """For ``PublicKeyCredential.parse…OptionsFromJSON``. Its challenge is good once, in this browser."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    options: dict[str, Any]


class PasskeyRename(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    name: str


class PasskeyView(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    name: str
    created_at: AwareDatetime
    used_at: AwareDatetime | None


class PaymentAccountView(BaseModel):
    """``live``: real money moves."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    provider: str = "stripe"
    account_id: str
    name: str
    live: bool
    key_ends_in: str
    connected_at: AwareDatetime
    connected_by: str


class PaymentLinkView(BaseModel):
    """``url`` is there in the answer that makes the link, and nowhere else."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    issued_id: str
    status: LinkStatus
    created_at: AwareDatetime
    created_by: str
    expires_at: AwareDatetime
    url: str | None = None


class PaymentState(StrEnum):
    """Of what a payment provider carries out. What failed did not move after all, and counts for nothing."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


class PaymentView(BaseModel):
    """``source``: ``manual``, or the payment provider that told of it. ``status``: a refund that a provider
    carries out may be ``pending``, or have ``failed`` and count for nothing.
    """

    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    direction: Direction
    amount: Money
    method: Method
    date: date_aliased
    reference: str | None
    source: str
    status: PaymentState
    recorded_at: AwareDatetime
    recorded_by: str


class Period(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    first: date_aliased
    last: date_aliased


class PlanCode(StrEnum):
    TRIAL = "trial"
    STARTER = "starter"
    BUSINESS = "business"
    SCALE = "scale"


class PlanPrice(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    amount: str
    currency: str


class PlanView(BaseModel):
    """``documents`` a calendar month, by UTC. ``price`` is a month's, before tax. ``price_of_more``: of each
    document above; None: such wait until the next month.
    """

    model_config = ConfigDict(
        populate_by_name=True,
    )
    code: PlanCode
    name: str
    documents: int
    price: PlanPrice
    price_of_more: PlanPrice | None


class Price(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    amount: str
    currency: str = "USD"


class Proof(BaseModel):
    """One of them: a code (of the app, or a recovery code), a mailed link's token, a passkey's answer."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    code: str | None = None
    token: str | None = None
    credential: dict[str, Any] | None = None


class Plan(StrEnum):
    STARTER = "starter"
    BUSINESS = "business"
    SCALE = "scale"


class Purchase(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    plan: Plan


class Purpose(StrEnum):
    DOCUMENT = "document"
    REMINDER = "reminder"
    RECEIPT = "receipt"


class QuotaFacts(BaseModel):
    """``used`` of ``documents`` this month; ``renews_at`` None: choose another plan at ``upgrade_url``."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    plan: str
    used: int
    documents: int
    upgrade_url: str
    renews_at: AwareDatetime | None


class Rate(RootModel[str]):
    root: str


class Readable(StrEnum):
    APPROVED = "approved"
    READY = "ready"
    NEEDS_REVIEW = "needs_review"
    AWAITING_SECOND_APPROVAL = "awaiting_second_approval"
    REJECTED = "rejected"


class RecoveryCodes(BaseModel):
    """Each is good once. They are not shown again."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    codes: list[str]


class RecurringStatus(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class Reference(BaseModel):
    """``etag``: the version that was seen; without one, the document is taken as it is."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    id: str
    etag: str | None = None


class Refusal(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    reason: str


class Rejection(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    by: str
    at: AwareDatetime
    reason: str


class RememberedView(BaseModel):
    """``wrong`` is what the machine had read where ``value`` was right; null: it had read nothing."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    value: str | None
    document_id: str | None
    learned_at: AwareDatetime
    field: str
    wrong: str | None


class ReviewSettings(BaseModel):
    """``second_approval_above``: currency → amount. As soon as one is set, a document in a currency that has
    none needs a second approval too. ``duplicates``: whether a second invoice with the same supplier and
    number, or supplier, date and total, is pointed out, or must be accepted by name.
    """

    model_config = ConfigDict(
        populate_by_name=True,
    )
    second_approval_above: dict[str, str] = {}
    second_approval_on_bank_change: bool = False
    duplicates: Duplicates = Duplicates.WARN
    company: CompanySettings | None = None


class RhythmUnit(StrEnum):
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    READ_ONLY = "read-only"


class Rounding(StrEnum):
    """Where tax is rounded: on each line, or once on what is taxed at one rate (EN 16931, BR-CO-17). The net
    amount of a line is always rounded.
    """

    PER_LINE = "per_line"
    PER_TOTAL = "per_total"


class Seller(StrEnum):
    STRIPE = "stripe"
    PADDLE = "paddle"


class SeriesSettings(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    invoice: NumberSeries | None = None
    estimate: NumberSeries | None = None
    credit_note: NumberSeries | None = None


class SessionView(BaseModel):
    """``current``: the one that asks. Times are UTC."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    current: bool
    created_at: AwareDatetime
    seen_at: AwareDatetime
    ends_at: AwareDatetime
    factors: list[Factor]
    ip: str | None
    user_agent: str | None


class SignInView(BaseModel):
    """While it ``awaits_second_factor``, nothing but that is taken from the session."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    workspace_id: str | None
    awaits_second_factor: bool


class Signature(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    by: str
    at: AwareDatetime


class Source(StrEnum):
    XML = "xml"
    TEXTRACT = "textract"
    EMBEDDED = "embedded"
    PERSON = "person"
    MEMORY = "memory"


class State(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class Status(StrEnum):
    AWAITING_UPLOAD = "awaiting_upload"
    READING = "reading"
    READY = "ready"
    NEEDS_REVIEW = "needs_review"
    FAILED = "failed"
    SPLIT = "split"
    AWAITING_SECOND_APPROVAL = "awaiting_second_approval"
    APPROVED = "approved"
    REJECTED = "rejected"


class SubscriptionStatus(StrEnum):
    TRIALING = "trialing"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    CANCELLED = "cancelled"


class SubscriptionWarning(StrEnum):
    SEVERAL_CONTRACTS = "several_contracts"


class Summary(BaseModel):
    """What a list shows of a reading."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    vendor: str | None = None
    invoice_number: str | None = None
    invoice_date: str | None = None
    total: str | None = None
    currency: str | None = None


class SupplierChange(BaseModel):
    """What is left out stays; null takes it away. ``name`` is what the supplier is called in readings."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    name: str | None = None
    account: str | None = None
    tax_code: str | None = None
    currency: str | None = None
    payment_terms: str | None = None


class SupplierItemView(BaseModel):
    """A supplier in a list."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    name: str
    account: str | None = None
    tax_code: str | None = None
    currency: str | None = None


class SupplierList(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    items: list[SupplierItemView]
    next_cursor: str | None


class SupplierView(BaseModel):
    """``memory`` is what its next documents get: in a field where nothing was read, or what was ``wrong``.

    ``account`` and ``tax_code`` go with its documents into exports; ``currency`` and ``payment_terms`` are
    for documents that say nothing of them. ``version`` counts its changes, and is its ETag.
    """

    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    version: int
    name: str
    account: str | None
    tax_code: str | None
    currency: str | None
    payment_terms: str | None
    names: list[FactView]
    aliases: list[FactView]
    tax_ids: list[FactView]
    ibans: list[FactView]
    accounts: list[FactView]
    memory: list[RememberedView]


class TaxCategory(StrEnum):
    """UNTDID 5305, those that EN 16931 knows everywhere."""

    S = "S"
    Z = "Z"
    E = "E"
    AE = "AE"
    K = "K"
    G = "G"
    O = "O"


class TaxInput(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    rate: str | None = None
    base: str | None = None
    amount: str


class TaxLine(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    rate: str | None = None
    base: str | None = None
    amount: str


class Then(StrEnum):
    """How far an invoice is brought without anybody."""

    DRAFT = "draft"
    ISSUE = "issue"
    SEND = "send"


class Transfer(BaseModel):
    """``user_id`` is the member who becomes owner."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    user_id: str


class Upload(BaseModel):
    """POST the file to ``url`` as multipart/form-data: ``fields`` first, the file last, as ``file``."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    document_id: str
    url: str
    fields: dict[str, str]
    expires_at: AwareDatetime


class UsageView(BaseModel):
    """``documents`` are the files that were taken in."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    month: str
    documents: int
    pages: PagesUsed
    price: Price


class ValueChange(BaseModel):
    """``field`` is a field's name, ``line_items``, ``tax_breakdown`` or ``document_type``.

    Of lists, ``before`` and ``after`` are the numbers of their lines.
    """

    model_config = ConfigDict(
        populate_by_name=True,
    )
    field: str
    before: str | None
    after: str | None


class Way(BaseModel):
    """``url`` is where the browser goes next."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    url: str


class Window(StrEnum):
    FOR_7Y = "7y"
    FOR_3Y = "3y"
    FOR_1Y = "1y"
    PERMANENT = "permanent"


class Withholding(BaseModel):
    """What the buyer keeps back of the net and pays to the tax office in the seller's name."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    percent: str
    label: str


class WorkspaceChoice(BaseModel):
    """``workspace_id`` is the workspace to work in from now on."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    workspace_id: str


class WorkspaceView(BaseModel):
    """``closes_at``: when it is deleted, with all there is in it, unless an owner keeps it."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    name: str
    created_at: AwareDatetime
    closes_at: AwareDatetime | None


class ForFile(RootModel[NewUpload]):
    root: NewUpload


class Actor(BaseModel):
    """``id`` names a user or an API key, or for ``system`` the function that acted."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    kind: ActorKind
    id: str


class BatchFile(BaseModel):
    """``number`` is its place in the batch, from 1."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    number: int
    document_id: str
    filename: str | None = None
    status: Status | Status1
    failure: Failure | None = None


class BatchForm(BaseModel):
    """Either ``fields``, which go together with those of the batch, or why there is no form."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    document_id: str | None = None
    fields: dict[str, str] = {}
    error: ItemProblem | None = None


class BatchForms(BaseModel):
    """One for each file, in their order. POST each to ``url`` as multipart/form-data: ``fields`` of the batch
    and of the file first, the file last, as ``file``.
    """

    model_config = ConfigDict(
        populate_by_name=True,
    )
    batch_id: str
    url: str
    fields: dict[str, str]
    expires_at: AwareDatetime
    items: list[BatchForm]


class BatchView(BaseModel):
    """``counts``: how many files are in which state, of those that were accepted.

    ``complete`` is false when the call that announced it ended half way: the same call once more, with its
    Idempotency-Key, goes on.
    """

    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    created_at: AwareDatetime
    created_by: str
    files: int
    refused: int
    complete: bool
    counts: dict[str, int]
    items: list[BatchFile]
    next_cursor: str | None


class BillCheck(BaseModel):
    """``total_differs``: the lines do not come to what the captured document says."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    code: str
    message: str
    expected: Money
    found: Money


class Bulk(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    documents: list[Reference]


class BulkApproval(BaseModel):
    """``accept`` names the errors among the checks that are right as they are, of any of the documents."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    documents: list[Reference]
    accept: list[str] | None = None


class BulkRefusal(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    documents: list[Reference]
    reason: str


class BulkResult(BaseModel):
    """In the order in which they were asked for."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    items: list[ItemResult]


class Certificate(BaseModel):
    """For each file a HEAD of its key answered 404 after the deletion, at ``deleted_at`` or before."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    run_id: str
    rule: Window
    as_of: AwareDatetime
    deleted_at: AwareDatetime
    files: list[DeletedFile]


class CertificateList(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    items: list[Certificate]
    next_cursor: str | None


class ChainedEntry(BaseModel):
    """``link`` is the entry's place in the chain; it comes a moment after the entry."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    at: AwareDatetime
    action: Action
    actor: Actor
    origin: Origin
    subject: str
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    link: Link | None = None


class ClientList(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    items: list[ClientView]
    next_cursor: str | None


class ContractView(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    plan: PlanCode
    status: SubscriptionStatus
    provider: Seller
    period_ends_at: AwareDatetime | None


class CorrectionRequest(BaseModel):
    """``fields``: a field's value, in the normal form of readings; null: the document has no such field.

    ``line_items`` and ``tax_breakdown`` take the place of all that are there. ``undo`` names what goes back
    to the machine's value: fields, ``line_items``, ``tax_breakdown``, ``document_type``.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    fields: dict[str, str | None] = {}
    line_items: list[LineInput] | None = None
    tax_breakdown: list[TaxInput] | None = None
    document_type: DocumentType | None = None
    undo: list[str] = []


class Cost(BaseModel):
    """``pages`` of the document; ``price`` is for every text analysis of its file that was started, whatever
    came of it. A part of a file costs nothing beside the file.
    """

    model_config = ConfigDict(
        populate_by_name=True,
    )
    pages: int
    engine: Source | None
    price: Price


class CustomerList(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    items: list[CustomerSummary]
    next_cursor: str | None


class DocumentItemView(BaseModel):
    """A document in a list. ``risk`` is the probability, in percent, that something it says is wrong.

    ``checks`` are the codes of what was found, errors first. ``part_of``: the file holds several invoices,
    and this is one of them.
    """

    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    filename: str
    status: Status
    created_at: AwareDatetime
    summary: Summary
    risk: int = 0
    checks: list[str] = []
    claim: Claim | None = None
    supplier_id: str | None = None
    client_id: str | None = None
    failure: Failure | None = None
    part_of: PartOf | None = None


class DocumentList(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    items: list[DocumentItemView]
    next_cursor: str | None


class EntryList(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    items: list[ChainedEntry]
    next_cursor: str | None


class EventView(BaseModel):
    """``text`` is a comment or a reason; ``values`` are corrections, field by field."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    at: AwareDatetime
    action: Action
    actor: Actor
    before: dict[str, str]
    after: dict[str, str]
    text: str | None = None
    values: Annotated[list[ValueChange], Field(validate_default=True)] = []


class ExportFilter(BaseModel):
    """``from`` and ``to``: the day on the invoice, both inclusive. ``supplier``: a part of its name.

    ``only_new``: documents that no export holds; one that came to nothing before anybody fetched it holds
    none.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    status: Readable = Readable.APPROVED
    from_: Annotated[date_aliased | None, Field(alias="from")] = None
    to: date_aliased | None = None
    supplier: str | None = None
    currency: str | None = None
    client_id: str | None = None
    only_new: bool = False


class ExportView(BaseModel):
    """``looked_at`` grows while it runs. ``documents`` are in the file, ``left_out`` are not: the first of
    them say why. ``notes`` are what somebody should know before they import the file. ``sha256`` and ``size``
    (in bytes) are the file's, which can be fetched until ``expires_at``. ``reason``: why it failed or was
    withdrawn.
    """

    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    format: Format
    state: State
    created_at: AwareDatetime
    created_by: str
    repeats: str | None
    looked_at: int
    documents: int
    left_out: int
    left_out_first: list[LeftOut]
    currencies: dict[str, int]
    notes: list[str]
    filename: str | None
    size: int | None
    sha256: str | None
    finished_at: AwareDatetime | None
    expires_at: AwareDatetime | None
    downloads: int
    reason: str | None


class FieldModel(BaseModel):
    """``raw`` is the text as printed; ``confidence`` runs from 0 to 1; ``page`` counts from 1."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    value: str
    raw: str | None = None
    confidence: float = 1.0
    page: int | None = None
    box: Box | None = None
    source: Source


class HistoryView(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    items: list[EventView]
    next_cursor: str | None


class IdentityList(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    items: list[IdentityView]


class InvitationView(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    email: str
    role: Role
    clients: list[str] | None = None
    invited_by: str
    expires_at: AwareDatetime


class IssuedItemView(BaseModel):
    """``party``: whom it is for, or of a bill, from. ``balance`` is what is still to be paid; below zero, to
    be paid back. ``attention``: what somebody should look into.
    """

    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    kind: Kind
    status: IssuedStatus
    overdue: bool
    expired: bool
    attention: list[Attention]
    number: str | None
    party: str
    customer_id: str | None
    issue_date: date_aliased | None
    due_date: date_aliased | None
    valid_until: date_aliased | None
    total: Money
    balance: Money
    created_at: AwareDatetime


class IssuedList(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    items: list[IssuedItemView]
    next_cursor: str | None


class ItemList(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    items: list[ItemSummary]
    next_cursor: str | None


class KeyView(BaseModel):
    """``secret`` is the key itself, in the answer to its making and never again."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    name: str
    display: str
    role: Role
    scopes: list[Scope] | None
    clients: list[str] | None = None
    created_at: AwareDatetime
    created_by: str
    expires_at: AwareDatetime | None
    used_at: AwareDatetime | None
    secret: str | None = None


class MailEvent(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    state: MailState
    at: AwareDatetime
    reason: str | None


class MailView(BaseModel):
    """``state`` is the last that counts of ``events``; ``unknown``: it may have been sent, or not.
    ``doubtful`` are addresses that earlier mails could not be delivered to, or whose owners complained.
    """

    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    purpose: Purpose
    state: MailState
    reason: str | None
    to: str
    cc: list[str]
    subject: str
    doubtful: list[str]
    asked_at: AwareDatetime
    asked_by: str
    events: list[MailEvent]


class MemberChange(BaseModel):
    """What is left out stays. ``clients``: those whose documents they will see; null: every document."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    role: Role | None = None
    clients: list[str] | None = None


class MemberView(BaseModel):
    """``clients``: those whose documents they see; null: every document."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    user_id: str
    email: str
    name: str
    role: Role
    joined_at: AwareDatetime
    clients: list[str] | None = None


class NewBatch(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    files: list[ForFile]


class NewExport(BaseModel):
    """``document_ids`` or a ``filter``; with neither, all approved documents."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    format: Format
    filter: ExportFilter | None = None
    document_ids: list[str] | None = None
    layout: Layout | None = None


class NewInvitation(BaseModel):
    """``clients``: those whose documents they will see; null: every document."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    email: str
    role: Role = Role.MEMBER
    clients: list[str] | None = None


class NewKey(BaseModel):
    """``role`` is the most it may do, ``scopes`` narrow that. ``clients``: those whose documents it sees;
    null: every document. Without ``expires_at`` it never expires.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    name: str
    role: Role = Role.MEMBER
    scopes: list[Scope] | None = None
    clients: list[str] | None = None
    expires_at: AwareDatetime | None = None


class PasskeyList(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    items: list[PasskeyView]


class PaymentLinkList(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    items: list[PaymentLinkView]


class Place(BaseModel):
    """``name`` is None before the second factor was given, and in a list too long to look up each."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    workspace_id: str
    name: str | None
    role: Role


class PlanList(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    items: list[PlanView]


class Problem(BaseModel):
    """RFC 9457. ``code`` is stable: build on it, not on ``detail``. ``quota``: of ``quota_exhausted``."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[dict[str, str]] = []
    tries_left: int | None = None
    quota: QuotaFacts | None = None
    instance: str | None = None


class Profile(BaseModel):
    """``workspace_id`` is the one this session works in; ``workspaces`` are all that it could."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    email: str
    name: str
    created_at: AwareDatetime
    second_factors: list[str]
    workspace_id: str | None
    workspaces: list[Place]


class ReviewView(BaseModel):
    """``claim``: who is looking at it, and until when nobody else may change it."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    claim: Claim | None = None
    approvals: Annotated[list[Signature], Field(validate_default=True)] = []
    rejection: Rejection | None = None


class Rhythm(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    count: int = 1
    unit: RhythmUnit = RhythmUnit.MONTH


class SessionList(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    items: list[SessionView]


class SettingsChange(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    retention: Window


class SettingsView(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    retention: Window


class SubscriptionView(BaseModel):
    """``plan`` None: the workspace has no subscription, and no limit. ``used`` is a moment behind.

    ``contracts``: all that are charged for. More than one is a mistake that people end in the portal, and
    ``warning`` says so; ``plan`` is the one that buys most.

    ``left`` None: as many as there are. ``renews_at``: when the quota is whole again; ``period_ends_at``:
    until when the provider has charged.
    """

    model_config = ConfigDict(
        populate_by_name=True,
    )
    plan: PlanView | None = None
    status: SubscriptionStatus | None = None
    provider: Seller | None = None
    used: int
    left: int | None = None
    renews_at: AwareDatetime | None = None
    trial_ends_at: AwareDatetime | None = None
    period_ends_at: AwareDatetime | None = None
    contracts: list[ContractView]
    warning: SubscriptionWarning | None = None


class Tax(BaseModel):
    """``rate`` is in percent. ``reason`` says why none is due: categories other than S and Z need one."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    category: TaxCategory = TaxCategory.S
    rate: str
    reason: str | None = None


class TaxRate(BaseModel):
    """``code`` is what lines and items call it."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    code: str
    name: str
    tax: Tax


class TaxView(BaseModel):
    """``base`` is what is taxed, after discounts."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    tax: Tax
    base: Money
    amount: Money


class TotalsView(BaseModel):
    """``payable`` is the ``total`` without what is ``withheld``."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    subtotal: Money
    discount: Money
    net: Money
    taxes: list[TaxView]
    tax: Money
    total: Money
    withheld: Money
    payable: Money


class BillingSettings(BaseModel):
    """What is not said gets its default. ``seller`` is the workspace's own company: nothing is drafted before
    it is there.

    ``accent`` colours the title and the amount due. ``receipts``: whoever pays by card is mailed one.
    ``reminders``: days before (negative) and after the due date. ``valid_days``: how long an estimate holds.
    ``default_tax`` is the code of one of the ``tax_rates``.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    seller: Party | None = None
    account: BankAccount | None = None
    accent: str = "#1f4e5f"
    currency: str = "EUR"
    locale: str = "en"
    rounding: Rounding = Rounding.PER_TOTAL
    due_days: int = 14
    valid_days: int = 30
    terms: str | None = None
    notes: str | None = None
    tax_rates: Annotated[list[TaxRate], Field(validate_default=True)] = []
    default_tax: str | None = None
    series: SeriesSettings | None = None
    mail_from_name: str | None = None
    reply_to: str | None = None
    receipts: bool = True
    reminders: list[int] = []


class BillingSettingsView(BaseModel):
    """``version`` counts the changes, and is the ETag; the ``logo`` is set by itself."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    seller: Party | None = None
    account: BankAccount | None = None
    accent: str = "#1f4e5f"
    currency: str = "EUR"
    locale: str = "en"
    rounding: Rounding = Rounding.PER_TOTAL
    due_days: int = 14
    valid_days: int = 30
    terms: str | None = None
    notes: str | None = None
    tax_rates: Annotated[list[TaxRate], Field(validate_default=True)] = []
    default_tax: str | None = None
    series: SeriesSettings
    mail_from_name: str | None = None
    reply_to: str | None = None
    receipts: bool = True
    reminders: list[int] = []
    version: int
    logo: LogoView | None


class CorrectionView(BaseModel):
    """``machine`` is what was read, with its own confidence; null: nothing was."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    by: str
    at: AwareDatetime
    machine: FieldModel | None


class CustomerChange(BaseModel):
    """What is left out stays; null takes it away. What was issued stays as it is. An ``archived`` customer
    gets no new documents.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    reference: str | None = None
    currency: str | None = None
    locale: str | None = None
    due_days: int | None = None
    terms: str | None = None
    tax: Tax | None = None
    party: Party | None = None
    archived: bool | None = None


class CustomerView(BaseModel):
    """``version`` counts its changes, and is its ETag. ``mail_trouble``: why mails to its address may not
    arrive.
    """

    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    version: int
    created_at: AwareDatetime
    party: Party
    reference: str | None
    currency: str | None
    locale: str | None
    due_days: int | None
    terms: str | None
    tax: Tax | None
    archived: bool
    mail_trouble: MailTrouble | None


class DraftLine(BaseModel):
    """What is left out is as the item says, a quantity is 1. ``tax_code`` names one of the workspace's tax
    rates. Without either, tax is the customer's, else the item's, else the workspace's default.
    """

    model_config = ConfigDict(
        populate_by_name=True,
    )
    item_id: str | None = None
    description: str | None = None
    details: str | None = None
    code: str | None = None
    quantity: str = "1"
    unit: str | None = None
    unit_price: str | None = None
    discount: Discount | None = None
    tax: Tax | None = None
    tax_code: str | None = None


class ExportList(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    items: list[ExportView]
    next_cursor: str | None


class FieldView(BaseModel):
    """``correction`` is there when the value is not the machine's."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    value: str
    raw: str | None = None
    confidence: float = 1.0
    page: int | None = None
    box: Box | None = None
    source: Source
    correction: CorrectionView | None = None


class InvitationList(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    items: list[InvitationView]
    next_cursor: str | None


class InvoiceTemplate(BaseModel):
    """What each invoice begins with, as in a draft. ``{month}``, ``{year}`` and ``{period}`` in the texts
    are those of the period it is for.
    """

    model_config = ConfigDict(
        populate_by_name=True,
    )
    lines: list[DraftLine]
    currency: str | None = None
    discount: Discount | None = None
    withholding: Withholding | None = None
    rounding: Rounding | None = None
    buyer_reference: str | None = None
    purchase_order: str | None = None
    notes: str | None = None
    terms: str | None = None
    locale: str | None = None


class IssuedLineView(BaseModel):
    """``net`` is ``quantity`` times ``unit_price``, rounded, without ``discounted``."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    description: str
    details: str | None
    item_id: str | None
    code: str | None
    quantity: str
    unit: str
    unit_price: str
    discount: Discount | None
    discounted: Money
    net: Money
    tax: Tax


class IssuedView(BaseModel):
    """``version`` counts its changes, and is its ETag. ``missing`` is what issuing a draft would refuse,
    ``e_invoice`` whether one can be made of it then; both are of drafts alone.
    """

    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    kind: Kind
    status: IssuedStatus
    overdue: bool
    expired: bool
    attention: list[Attention]
    number: str | None
    party: str
    customer_id: str | None
    issue_date: date_aliased | None
    due_date: date_aliased | None
    valid_until: date_aliased | None
    total: Money
    balance: Money
    created_at: AwareDatetime
    version: int
    created_by: str
    seller: Party
    buyer: Party
    delivery_date: date_aliased | None
    period: Period | None
    lines: list[IssuedLineView]
    discount: Discount | None
    withholding: Withholding | None
    rounding: Rounding
    totals: TotalsView
    paid: Money
    refunded: Money
    credited: Money
    disputed: Money
    payments: list[PaymentView]
    mails: list[MailView]
    buyer_reference: str | None
    purchase_order: str | None
    account: BankAccount | None
    notes: str | None
    terms: str | None
    locale: str
    credits: CreditedInvoice | None
    issued_at: AwareDatetime | None
    sent_at: AwareDatetime | None
    accepted_at: AwareDatetime | None
    declined_at: AwareDatetime | None
    voided_at: AwareDatetime | None
    converted_to: str | None
    converted_from: str | None
    source_document_id: str | None
    checks: list[BillCheck]
    missing: list[Missing]
    e_invoice: EInvoice | None


class ItemChange(BaseModel):
    """What is left out stays; null takes away ``details``, ``code`` and ``tax``. Lines that name the item
    stay as they are. An ``archived`` item is in no new lines.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    name: str | None = None
    details: str | None = None
    code: str | None = None
    unit: str | None = None
    prices: dict[str, str] | None = None
    tax: Tax | None = None
    archived: bool | None = None


class ItemView(BaseModel):
    """``version`` counts its changes, and is its ETag."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    version: int
    created_at: AwareDatetime
    name: str
    details: str | None
    code: str | None
    unit: str
    prices: dict[str, str]
    tax: Tax | None
    archived: bool


class KeyList(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    items: list[KeyView]
    next_cursor: str | None


class MemberList(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    items: list[MemberView]
    next_cursor: str | None


class NewCustomer(BaseModel):
    """``reference``: what the customer is called elsewhere. The rest is what documents for them begin with;
    what is left out is as in the workspace's settings. ``tax`` goes before what an item is taxed with.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    reference: str | None = None
    currency: str | None = None
    locale: str | None = None
    due_days: int | None = None
    terms: str | None = None
    tax: Tax | None = None
    party: Party


class NewDraft(BaseModel):
    """``document_id``: the approved captured document that a bill is made of, and its lines with it."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    customer_id: str | None = None
    buyer: Party | None = None
    supplier: Party | None = None
    number: str | None = None
    currency: str | None = None
    issue_date: date_aliased | None = None
    due_date: date_aliased | None = None
    valid_until: date_aliased | None = None
    delivery_date: date_aliased | None = None
    period: Period | None = None
    lines: list[DraftLine] | None = None
    discount: Discount | None = None
    withholding: Withholding | None = None
    rounding: Rounding | None = None
    buyer_reference: str | None = None
    purchase_order: str | None = None
    notes: str | None = None
    terms: str | None = None
    locale: str | None = None
    kind: Kind
    document_id: str | None = None


class NewItem(BaseModel):
    """``prices``: currency → the net price of one ``unit`` (UN/ECE Recommendation 20; C62 is a piece)."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    name: str
    details: str | None = None
    code: str | None = None
    unit: str = "C62"
    prices: dict[str, str] = {}
    tax: Tax | None = None


class NewRecurring(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    name: str
    customer_id: str
    template: InvoiceTemplate
    every: Rhythm | None = None
    first_date: date_aliased
    last_date: date_aliased | None = None
    occurrences: int | None = None
    then: Then = Then.DRAFT
    billed: Billed = Billed.IN_ADVANCE


class ReadingView(BaseModel):
    """``removed``: fields that were read and that a person took away."""

    model_config = ConfigDict(
        populate_by_name=True,
    )
    document_type: DocumentType
    engine: Source
    fields: dict[str, FieldView]
    removed: Annotated[dict[str, CorrectionView], Field(validate_default=True)] = {}
    line_items: list[LineItem]
    tax_breakdown: list[TaxLine]
    checks: list[Check]


class RecurringChange(BaseModel):
    """What is left out stays; null takes an end away. ``template`` replaces all of it. Another rhythm is
    counted from ``first_date``, or from the day of the next invoice. What was missed while it was ``paused``
    is left out when it goes on, unless it is to ``catch_up``.
    """

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    name: str | None = None
    customer_id: str | None = None
    template: InvoiceTemplate | None = None
    every: Rhythm | None = None
    first_date: date_aliased | None = None
    last_date: date_aliased | None = None
    occurrences: int | None = None
    then: Then | None = None
    billed: Billed | None = None
    paused: bool | None = None
    catch_up: bool = False


class RecurringView(BaseModel):
    """``trouble`` says why the last invoice was not made (then it is paused), or not issued. ``made`` counts
    the invoices.
    """

    model_config = ConfigDict(
        populate_by_name=True,
    )
    name: str
    customer_id: str
    template: InvoiceTemplate
    every: Rhythm
    first_date: date_aliased
    last_date: date_aliased | None = None
    occurrences: int | None = None
    then: Then = Then.DRAFT
    billed: Billed = Billed.IN_ADVANCE
    id: str
    version: int
    status: RecurringStatus
    next_date: date_aliased | None
    made: int
    last_invoice_id: str | None
    trouble: str | None


class DocumentView(BaseModel):
    """``version`` counts its changes, and is its ETag. ``parts``: the documents of a file that was ``split``,
    in the order of its pages. Each says of which document it is ``part_of``; they share its file.
    ``undoable``: the last division or join by hand can be taken back, or what was taken back made again.
    """

    model_config = ConfigDict(
        populate_by_name=True,
    )
    id: str
    filename: str
    status: Status
    created_at: AwareDatetime
    created_by: str
    version: int
    file: FileView | None = None
    duplicate_of: str | None = None
    part_of: PartOf | None = None
    parts: list[str] = []
    undoable: bool = False
    failure: Failure | None = None
    risk: int = 0
    supplier_id: str | None = None
    client_id: str | None = None
    review: ReviewView
    exports: Annotated[list[ExportMark], Field(validate_default=True)] = []
    cost: Cost | None = None
    reading: ReadingView | None = None


class DraftChange(BaseModel):
    """What is left out stays; null takes it away, or back to where it began. ``lines`` replaces all lines."""

    model_config = ConfigDict(
        extra="forbid",
        populate_by_name=True,
    )
    customer_id: str | None = None
    buyer: Party | None = None
    supplier: Party | None = None
    number: str | None = None
    currency: str | None = None
    issue_date: date_aliased | None = None
    due_date: date_aliased | None = None
    valid_until: date_aliased | None = None
    delivery_date: date_aliased | None = None
    period: Period | None = None
    lines: list[DraftLine] | None = None
    discount: Discount | None = None
    withholding: Withholding | None = None
    rounding: Rounding | None = None
    buyer_reference: str | None = None
    purchase_order: str | None = None
    notes: str | None = None
    terms: str | None = None
    locale: str | None = None


class RecurringList(BaseModel):
    model_config = ConfigDict(
        populate_by_name=True,
    )
    items: list[RecurringView]
    next_cursor: str | None
