"""What mails say: in every language and for every kind, in text as in HTML."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.billing.document import IssuedDocument, Kind
from sheaf.billing.rendering.wording import LANGUAGES
from sheaf.billing.sending.letter import Occasion, compose, sender
from sheaf.billing.sending.mail import Address, Happening, Mail, MailState, Purpose
from tests.builders.issued import AT, credit_note, issued

PAY = "https://sheaf.example/pay/token"
HAPPENINGS = st.builds(
    Happening,
    state=st.sampled_from([state for state in MailState if state is not MailState.QUEUED]),
    at=st.integers(0, 5).map(lambda minutes: AT + timedelta(minutes=minutes)),
    reason=st.sampled_from([None, "No such mailbox.", "Full."]),
)


def payable(document: IssuedDocument) -> IssuedDocument:
    return document.model_copy(update={"payable": 100, "total": 100})


def letters(locale: str) -> list[IssuedDocument]:
    estimate = issued(Kind.ESTIMATE, locale=locale, valid_until=date(2026, 4, 1))
    return [payable(each) for each in (issued(locale=locale), estimate, credit_note(locale=locale))]


@pytest.mark.parametrize(("locale", "purpose"), [*product(LANGUAGES, Purpose)])
def test_nothing_is_left_to_be_filled_in(locale: str, purpose: Purpose) -> None:
    for document in letters(locale):
        for today in (date(2026, 3, 6), date(2026, 5, 1)):
            occasion = Occasion(
                purpose=purpose, today=today, paid_on=today, payment_url=PAY, message="Hi {x}"
            )
            letter = compose(document, occasion)
            assert not re.search(r"\{(?!x)", letter.text + letter.subject)
            assert str(document.number) in letter.subject
            assert (PAY in letter.text) == (document.kind is Kind.INVOICE)
            assert (PAY in letter.html) == (document.kind is Kind.INVOICE)


@pytest.mark.parametrize("locale", LANGUAGES)
def test_html_says_what_the_text_says(locale: str) -> None:
    for document in letters(locale):
        letter = compose(
            document, Occasion(purpose=Purpose.DOCUMENT, today=date(2026, 3, 6), message="a & b <c>")
        )
        shown = unescape(re.sub(r"<[^>]+>", "\n", letter.html.partition("<body")[2].partition(">")[2]))
        said = letter.text.replace("-- \n", "")
        assert [line for line in shown.splitlines() if line] == [line for line in said.splitlines() if line]


@given(st.text(max_size=200))
def test_a_sender_has_one_address(name: str) -> None:
    made = sender(name, "Sheaf <mail@sheaf.example>")
    assert made.endswith("via Sheaf <mail@sheaf.example>")
    assert re.fullmatch(r"[^<>@,;:\"\r\n\x00]+ <mail@sheaf\.example>", made)


@given(st.lists(HAPPENINGS, max_size=8), st.randoms())
def test_what_became_of_a_mail_is_the_same_in_any_order(told: list[Happening], dice: object) -> None:
    mail = Mail(
        id="mail_1", issued_id="inv_1", purpose=Purpose.DOCUMENT, to="a@example.com", sender="s",
        subject="s", text="t", html="h", asked_by="usr_1", asked_at=datetime(2026, 3, 5, tzinfo=UTC),
    )  # fmt: skip
    shuffled = [*told, *told[:3]]
    dice.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis's random.Random
    assert noted(mail, told) == noted(mail, shuffled)
    ranks = [list(MailState).index(noted(mail, told[:at]).state) for at in range(len(told) + 1)]
    assert ranks == sorted(ranks), "it never goes back"


def noted(mail: Mail, told: list[Happening]) -> Mail:
    for each in told:
        mail = mail.with_happening(each)
    return mail


def test_a_complaint_stands_and_a_bounce_until_something_is_delivered() -> None:
    def at(state: MailState, minute: int) -> Happening:
        return Happening(state=state, at=AT + timedelta(minutes=minute))

    bounced = Address(address="a@example.com").with_happening(at(MailState.BOUNCED, 1))
    assert bounced.standing_trouble is not None
    assert bounced.with_happening(at(MailState.DELIVERED, 0)).standing_trouble is not None
    assert bounced.with_happening(at(MailState.DELIVERED, 2)).standing_trouble is None
    complained = bounced.with_happening(at(MailState.COMPLAINED, 1))
    assert complained.with_happening(at(MailState.DELIVERED, 2)).standing_trouble is not None
    assert complained.with_happening(at(MailState.BOUNCED, 3)) == complained
