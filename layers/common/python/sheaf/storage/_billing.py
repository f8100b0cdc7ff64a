"""The items of the records that are about billing. See ``_table`` for the house rules of items."""

from __future__ import annotations

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, NumberAttribute, UnicodeAttribute

from sheaf.storage._table import DirectoryEntry, RecordItem


class BillingSettingsItem(RecordItem):
    """One a workspace; ``body`` is the packed settings."""

    KIND = "BILLING"
    body = BinaryAttribute(attr_name="r", legacy_encoding=False)
    version = NumberAttribute(attr_name="v")


class CustomerItem(RecordItem):
    KIND = "CUSTOMER"
    body = BinaryAttribute(attr_name="r", legacy_encoding=False)
    version = NumberAttribute(attr_name="v")


class CustomerNameItem(RecordItem):
    """A customer in the list of names; ``sk`` is its name, folded, and its id."""

    KIND = "CUSTOMERNAME"
    body = BinaryAttribute(attr_name="r", legacy_encoding=False)
    archived = BooleanAttribute(attr_name="x", null=True)


class CatalogueItem(RecordItem):
    KIND = "ITEM"
    body = BinaryAttribute(attr_name="r", legacy_encoding=False)
    version = NumberAttribute(attr_name="v")


class CatalogueNameItem(RecordItem):
    """An item of the catalogue in the list of names; ``sk`` is its name, folded, and its id."""

    KIND = "ITEMNAME"
    body = BinaryAttribute(attr_name="r", legacy_encoding=False)
    archived = BooleanAttribute(attr_name="x", null=True)


class _Summary:
    """Thin: a page of 50 is 16 KB. Its id says the kind, and when it was made; amounts are plain decimals,
    those that are zero are left out.
    """

    state = UnicodeAttribute(attr_name="s")
    number = UnicodeAttribute(attr_name="n", null=True)
    party = UnicodeAttribute(attr_name="b")
    customer_id = UnicodeAttribute(attr_name="c", null=True)
    currency = UnicodeAttribute(attr_name="y")
    total = UnicodeAttribute(attr_name="t", null=True)
    payable = UnicodeAttribute(attr_name="p", null=True)
    paid = UnicodeAttribute(attr_name="d", null=True)
    refunded = UnicodeAttribute(attr_name="f", null=True)
    credited = UnicodeAttribute(attr_name="e", null=True)
    disputed = UnicodeAttribute(attr_name="g", null=True)
    issue_date = UnicodeAttribute(attr_name="i", null=True)
    due_date = UnicodeAttribute(attr_name="u", null=True)
    valid_until = UnicodeAttribute(attr_name="l", null=True)
    created_by = UnicodeAttribute(attr_name="m")
    issued_at = NumberAttribute(attr_name="ai", null=True)
    sent_at = NumberAttribute(attr_name="as", null=True)
    accepted_at = NumberAttribute(attr_name="aa", null=True)
    declined_at = NumberAttribute(attr_name="ad", null=True)
    voided_at = NumberAttribute(attr_name="av", null=True)
    converted_to = UnicodeAttribute(attr_name="ct", null=True)
    converted_from = UnicodeAttribute(attr_name="cf", null=True)
    source_document_id = UnicodeAttribute(attr_name="o", null=True)
    source_total = UnicodeAttribute(attr_name="ot", null=True)
    version = NumberAttribute(attr_name="v")


class IssuedItem(RecordItem, _Summary):
    """``status_pk`` puts it among the documents of its kind and state."""

    KIND = "ISSUED"
    status_pk = UnicodeAttribute(null=True)


class OfCustomerItem(RecordItem, _Summary):
    """The same under its customer; ``sk`` is the customer's id and the document's."""

    KIND = "OFCUSTOMER"


class OpenItem(RecordItem, _Summary):
    """The same while there is something to pay; ``sk`` is the kind's prefix, the due date and the id."""

    KIND = "OPEN"


class IssuedContentItem(RecordItem):
    """What is printed; ``sk`` is the document's id."""

    KIND = "ISSUEDCONTENT"
    body = BinaryAttribute(attr_name="r", legacy_encoding=False)


class FrozenItem(RecordItem):
    """The files that were issued; ``sk`` is the document's id."""

    KIND = "FROZEN"
    body = BinaryAttribute(attr_name="r", legacy_encoding=False)


class MailItem(RecordItem):
    """``sk`` is the id of an issued document and that of a mail."""

    KIND = "MAIL"
    body = BinaryAttribute(attr_name="r", legacy_encoding=False)
    version = NumberAttribute(attr_name="v")


class AddressItem(RecordItem):
    """An address that mails had trouble with; ``sk`` is its SHA-256, without regard to case."""

    KIND = "ADDRESS"
    body = BinaryAttribute(attr_name="r", legacy_encoding=False)
    version = NumberAttribute(attr_name="v")


class LogoItem(RecordItem):
    """One a workspace; without a ``body`` when it was taken away."""

    KIND = "LOGO"
    body = BinaryAttribute(attr_name="r", legacy_encoding=False, null=True)


class SeriesItem(RecordItem):
    """``sk`` is a kind and a period; ``next`` is the number that nobody has yet."""

    KIND = "SERIES"
    next = NumberAttribute(attr_name="n")
    last_date = UnicodeAttribute(attr_name="d")


class NumberItem(RecordItem):
    """``sk`` is a kind and a number as it is printed."""

    KIND = "NUMBER"
    issued_id = UnicodeAttribute(attr_name="i")


class CalendarItem(RecordItem):
    """One a workspace: ``due_pk`` and ``due_on`` put it in the index of what is due."""

    KIND = "CALENDAR"
    due_pk = UnicodeAttribute(null=True)
    due_on = UnicodeAttribute(null=True)
    reminded_until = UnicodeAttribute(attr_name="r", null=True)
    version = NumberAttribute(attr_name="v")


class RemindedItem(RecordItem):
    """``sk`` is the id of an invoice and how many days after its due date somebody was reminded."""

    KIND = "REMINDED"
    at = NumberAttribute(attr_name="a")


class RecurringItem(RecordItem):
    KIND = "RECURRING"
    body = BinaryAttribute(attr_name="r", legacy_encoding=False)
    version = NumberAttribute(attr_name="v")


class RecurrenceItem(RecordItem):
    """``sk`` is the day of the next invoice of a recurring one, and that one's id."""

    KIND = "RECURRENCE"


class BillOfItem(RecordItem):
    """``sk`` is the captured document that a bill is made of, or its supplier, year and number: of each there
    is one bill.
    """

    KIND = "BILLOF"
    issued_id = UnicodeAttribute(attr_name="i")


class PaymentItem(RecordItem):
    """``sk`` is the id of an issued document and that of a payment or refund."""

    KIND = "PAYMENT"
    body = BinaryAttribute(attr_name="r", legacy_encoding=False)


class CardPaymentItem(RecordItem):
    """``sk`` is the payment's id at the provider. It has a ``ttl`` while nobody knows what was paid."""

    KIND = "CARDPAYMENT"
    body = BinaryAttribute(attr_name="r", legacy_encoding=False)
    version = NumberAttribute(attr_name="v")
    ttl = NumberAttribute(null=True)


class CheckoutItem(RecordItem):
    KIND = "CHECKOUT"
    body = BinaryAttribute(attr_name="r", legacy_encoding=False)
    version = NumberAttribute(attr_name="v")


class PaymentAccountItem(RecordItem):
    """``sk`` is the provider; ``sealed`` the key to the workspace's account there."""

    KIND = "PAYMENTACCOUNT"
    body = BinaryAttribute(attr_name="r", legacy_encoding=False)
    sealed = BinaryAttribute(attr_name="k", legacy_encoding=False)
    version = NumberAttribute(attr_name="v")


class PaymentLinkItem(RecordItem):
    """``sk`` is the id of an issued document and that of a link."""

    KIND = "PAYLINK"
    digest = UnicodeAttribute(attr_name="d")
    created_by = UnicodeAttribute(attr_name="b")
    ends = NumberAttribute(attr_name="e")
    revoked = NumberAttribute(attr_name="x", null=True)
    checkout_id = UnicodeAttribute(attr_name="c", null=True)
    checkouts = NumberAttribute(attr_name="n")
    version = NumberAttribute(attr_name="v")


class PaymentLinkEntry(DirectoryEntry):
    """``pk`` is ``PAYLINK#<SHA-256 of the token>``: what it is a link to."""

    KIND = "PAYLINK"
    workspace_id = UnicodeAttribute(attr_name="w")
    issued_id = UnicodeAttribute(attr_name="i")
    link_id = UnicodeAttribute(attr_name="l")
    ttl = NumberAttribute()
