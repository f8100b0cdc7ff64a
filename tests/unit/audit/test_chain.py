"""The chain of an audit log: whatever is done to it afterwards shows."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.access.actor import Actor, ActorKind, Origin
from sheaf.audit.chain import GENESIS, Break, Exported, Head, Link, breaks, canonical, faults, place
from sheaf.audit.csv import COLUMNS, from_csv, to_csv
from sheaf.audit.entries import Action, Entry
from sheaf.kernel.ids import created_at, new_id

START = datetime(2026, 11, 20, tzinfo=UTC)
type Linked = list[tuple[Entry, Link]]

values = st.dictionaries(
    st.text(st.characters(exclude_categories=("Cs",)), max_size=8),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=20),
    max_size=3,
)


@st.composite
def entries(draw: st.DrawFn) -> list[Entry]:
    count = draw(st.integers(2, 12))
    return [
        entry(number, draw(st.sampled_from(Action)), draw(values), draw(values)) for number in range(count)
    ]


def entry(number: int, action: Action, before: dict[str, str], after: dict[str, str]) -> Entry:
    identifier = new_id("aud", START + timedelta(seconds=number))
    return Entry(
        id=identifier,
        at=created_at(identifier),
        action=action,
        actor=Actor(kind=ActorKind.USER, id="usr_1"),
        origin=Origin(ip="203.0.113.7", request_id=str(number)),
        subject=f"doc_{number}",
        before=before,
        after=after,
    )


def chained(log: list[Entry]) -> Linked:
    head, linked = Head(), []
    for each in log:
        link, head = place(head, each)
        linked.append((each, link))
    return linked


def broken(linked: Linked) -> set[int]:
    return {each.number for each in breaks(linked)}


@given(entries())
def test_a_log_as_it_was_recorded_holds_in_any_order(log: list[Entry]) -> None:
    linked = chained(log)
    assert linked[0][1].previous == GENESIS
    assert broken(linked) == broken(linked[::-1]) == set()
    assert broken(linked[1:]) == set(), "a stretch of a log holds, too"


@given(entries(), st.data())
def test_a_changed_entry_shows(log: list[Entry], data: st.DataObject) -> None:
    linked = chained(log)
    at = data.draw(st.integers(0, len(log) - 1))
    changed, link = linked[at]
    change = data.draw(
        st.sampled_from(
            [{"subject": "doc_x"}, {"after": {"role": "owner"}}, {"origin": Origin()}, {"at": START}]
        )
    )
    other = changed.model_copy(update=change)
    if other == changed:
        return
    linked[at] = other, link
    assert broken(linked) == {link.number}


@given(entries(), st.data())
def test_an_entry_that_was_taken_out_shows(log: list[Entry], data: st.DataObject) -> None:
    linked = chained(log)
    if len(linked) < 3:
        return
    at = data.draw(st.integers(1, len(log) - 2))
    del linked[at]
    assert broken(linked) == {at + 2}


@given(entries(), st.data())
def test_entries_that_changed_places_show(log: list[Entry], data: st.DataObject) -> None:
    linked = chained(log)
    one, other = data.draw(st.lists(st.integers(0, len(log) - 1), min_size=2, max_size=2, unique=True))
    (first, link), (second, other_link) = linked[one], linked[other]
    linked[one], linked[other] = (second, link), (first, other_link)
    assert broken(linked) >= {link.number, other_link.number}


def test_an_entry_put_in_between_with_a_hash_of_its_own_shows() -> None:
    linked = chained([entry(n, Action.DOCUMENT_READ, {}, {}) for n in range(4)])
    forged, _ = place(Head(number=1, hash=linked[0][1].hash), entry(9, Action.DOCUMENT_DELETED, {}, {}))
    linked[1] = entry(9, Action.DOCUMENT_DELETED, {}, {}), forged
    found = list(breaks(linked))
    assert found[-1] == Break(3, linked[2][0].id, "does not follow from the one before")


def test_a_log_that_begins_with_something_else_shows() -> None:
    link, _ = place(Head(number=0, hash="1" * 64), first := entry(0, Action.DOCUMENT_READ, {}, {}))
    assert [each.reason for each in breaks([(first, link)])] == ["is not how a log begins"]


@given(entries())
def test_an_export_as_csv_says_the_same(log: list[Entry]) -> None:
    linked = chained(log)
    assert list(from_csv(to_csv(linked))) == [Exported(*each, exact=True) for each in linked]


@given(entries(), st.data())
def test_an_altered_cell_shows(log: list[Entry], data: st.DataObject) -> None:
    """Whatever the cell: another reading of the same is an alteration, too."""
    head, *rows = csv.reader(io.StringIO(to_csv(chained(log)), newline=""))
    row = data.draw(st.sampled_from(rows))
    at = data.draw(st.integers(0, len(row) - 1))
    row[at] = data.draw(st.sampled_from([f"'{row[at]}", f"{row[at]} ", f" {row[at]}", f"{row[at]}0"]))
    out = io.StringIO()
    csv.writer(out).writerows([head, *rows])
    try:
        found = list(faults(from_csv(out.getvalue())))
    except ValueError:
        return
    assert found


def test_a_time_in_another_spelling_shows() -> None:
    text = to_csv(chained([entry(0, Action.DOCUMENT_READ, {}, {})]))
    [found] = faults(from_csv(text.replace("00:00:00Z", "00:00:00+00:00")))
    assert found.reason == "is not written as the API writes it"


def test_half_a_character_is_refused() -> None:
    text = to_csv(chained([entry(0, Action.DOCUMENT_READ, {}, {"role": "x"})]))
    with pytest.raises(ValueError, match="line 2"):
        list(from_csv(text.replace('""x""', r'""\ud800""')))


def test_a_cell_too_many_shows() -> None:
    text = to_csv(chained([entry(0, Action.DOCUMENT_READ, {}, {})]))
    assert list(faults(from_csv(text.rstrip() + ",more\r\n")))


class TestExport:
    def log(self) -> list[Exported]:
        log = [entry(number, Action.DOCUMENT_READ, {}, {}) for number in range(4)]
        return [Exported(*each, exact=True) for each in chained(log)]

    def test_it_holds_in_any_order_and_where_pages_overlap(self) -> None:
        log = self.log()
        assert list(faults([*log[2:], *log[::-1]])) == []

    def test_the_newest_may_have_no_place_yet(self) -> None:
        log = self.log()
        assert list(faults([*log[:2], *(replace(each, link=None) for each in log[2:])])) == []

    def test_an_older_one_without_a_place_shows(self) -> None:
        log = self.log()
        log.insert(0, Exported(entry(1, Action.DOCUMENT_DELETED, {}, {}), None, exact=True))
        [found] = faults(log)
        assert found == Break(0, log[0].entry.id, "has no place, but a later one has")

    @pytest.mark.parametrize("link", [True, False])
    def test_one_that_is_there_twice_in_two_ways_shows(self, link: bool) -> None:
        log = self.log()
        other = log[1].entry.model_copy(update={"subject": "doc_x"})
        forged = Exported(other, log[1].link if link else None, exact=True)
        for altered in ([forged, *log], [*log, forged]):
            assert log[1].entry.id in {each.entry_id for each in faults(altered)}


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "\x00", to_csv([]).replace("hash", "hush")])
def test_what_is_no_export_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="line 1"):
        list(from_csv(text))


@pytest.mark.parametrize("row", ["aud_1", '"aud_1"2,', ",".join(COLUMNS), "x" * 140_000])
def test_a_row_that_is_no_entry_is_refused(row: str) -> None:
    with pytest.raises(ValueError, match="line 2"):
        list(from_csv(to_csv([]) + row))


def test_the_canonical_form_does_not_change() -> None:
    """Logs were hashed in this form: another one would break them all."""
    made = Entry(
        id="aud_1",
        at=START,
        action=Action.SETTINGS_CHANGED,
        actor=Actor(kind=ActorKind.API_KEY, id="key_1"),
        origin=Origin(ip="203.0.113.7"),
        subject="wrk_1",
        before={"retention": "7y", "a": "ü"},
    )
    assert canonical(made).decode() == (
        '{"action":"settings.changed","actor":{"id":"key_1","kind":"api_key"},"after":{},'
        '"at":"2026-11-20T00:00:00Z","before":{"a":"ü","retention":"7y"},"id":"aud_1",'
        '"origin":{"ip":"203.0.113.7"},"subject":"wrk_1"}'
    )
