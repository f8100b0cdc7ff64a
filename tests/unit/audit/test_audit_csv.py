"""The audit log as CSV: what the API shows, and nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sheaf.access.actor import Actor, ActorKind, Origin
from sheaf.audit.csv import COLUMNS, to_csv
from sheaf.audit.entries import Action, Entry

AT = datetime(2026, 11, 20, 9, 30, 0, 123000, tzinfo=UTC)
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
facts = st.dictionaries(words.filter(bool), words, max_size=3)
entries = st.builds(
    Entry,
    id=words,
    at=st.integers(0, 10**12).map(lambda ms: AT + timedelta(milliseconds=ms)),
    action=st.sampled_from(Action),
    actor=st.builds(Actor, kind=st.sampled_from(ActorKind), id=words),
    origin=st.builds(Origin, ip=words, user_agent=words, request_id=words),
    subject=words,
    before=facts,
    after=facts,
)


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def entry(**changes: object) -> Entry:
    fields: dict[str, object] = {
        "id": "aud_1",
        "at": AT,
        "action": Action.SETTINGS_CHANGED,
        "actor": Actor(kind=ActorKind.API_KEY, id="key_1"),
        "origin": Origin(ip="203.0.113.7", user_agent="curl/8", request_id="r-1"),
        "subject": "wrk_1",
        "before": {"retention": "7y"},
        "after": {"retention": "1y"},
    }
    return Entry.model_validate(fields | changes)


def test_a_row() -> None:
    head, row = rows(to_csv([(entry(), None)]))
    assert head == list(COLUMNS)
    assert row == [
        "aud_1", "2026-11-20T09:30:00.123000Z", "settings.changed", "api_key", "key_1", "wrk_1",
        "203.0.113.7", "curl/8", "r-1", '{"retention": "7y"}', '{"retention": "1y"}', "", "", "",
    ]  # fmt: skip


def test_excel_knows_it_is_utf_8() -> None:
    assert to_csv([(entry(subject="Müller"), None)]).encode().startswith(b"\xef\xbb\xbf")


def test_what_is_not_known_is_an_empty_cell() -> None:
    _, row = rows(to_csv([(entry(origin=Origin(), before={}, after={}), None)]))
    assert row[6:] == [""] * 8


def test_no_entries_are_a_header() -> None:
    assert rows(to_csv([])) == [list(COLUMNS)]


@given(words, st.sampled_from(["=", "+", "-", "@", "\t", "\r", "'"]))
def test_no_cell_is_a_formula(rest: str, first: str) -> None:
    """A user agent is whatever the client says it is."""
    _, row = rows(to_csv([(entry(origin=Origin(user_agent=first + rest)), None)]))
    assert row[7] == f"'{first}{rest}"


@given(st.lists(entries, max_size=4))
def test_every_cell_survives_and_none_begins_a_formula(given_entries: list[Entry]) -> None:
    _, *found = rows(to_csv((each, None) for each in given_entries))
    assert len(found) == len(given_entries)
    for row, source in zip(found, given_entries, strict=True):
        assert len(row) == len(COLUMNS)
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
        assert row[5] in {source.subject, f"'{source.subject}"}
        assert row[10] == (
            json.dumps(source.after, sort_keys=True, ensure_ascii=False) if source.after else ""
        )
