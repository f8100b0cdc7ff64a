from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheaf.capture.dates import day_first, read_date

POLISH = "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pl": POLISH,
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
}
dates = st.dates(date(1990, 1, 1), date(2099, 12, 31))


@given(dates, st.sampled_from(("{0:%d.%m.%Y}", "{0:%d/%m/%Y}", "{0:%d-%m-%Y}", "{0.day}.{0.month}.{0.year}")))
def test_day_first_survives(day: date, form: str) -> None:
    found = read_date(form.format(day))
    assert found is not None
    assert found.resolve(day_first=True) == day


@given(dates, st.sampled_from(("{0:%m/%d/%Y}", "{0:%m-%d-%Y}", "{0.month}/{0.day}/{0.year}")))
def test_month_first_survives(day: date, form: str) -> None:
    found = read_date(form.format(day))
    assert found is not None
    assert found.resolve(day_first=False) == day


@given(dates.filter(lambda day: day.year >= 2000), st.sampled_from(("%d.%m.%y", "%d/%m/%y")))
def test_two_digits_of_a_year_mean_this_century(day: date, form: str) -> None:
    found = read_date(f"{day:{form}}")
    assert found is not None
    assert found.resolve(day_first=True) == day


@given(dates, st.sampled_from(("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日", "%Y-%m-%d 10:22:01")))
def test_a_year_in_front_leaves_no_doubt(day: date, form: str) -> None:
    found = read_date(f"{day:{form}}")
    assert found is not None
    assert not found.is_ambiguous
    assert found.resolve(day_first=False) == day


@given(
    dates, st.sampled_from(sorted(MONTHS)), st.sampled_from(("{d} {m} {y}", "{d}. {m} {y}", "{m} {d}, {y}"))
)
def test_a_month_by_name_leaves_no_doubt(day: date, language: str, form: str) -> None:
    name = MONTHS[language].split()[day.month - 1]
    found = read_date(form.format(d=day.day, m=name, y=day.year))
    assert found is not None
    assert not found.is_ambiguous
    assert found.resolve(day_first=True) == day


@given(st.text(max_size=60))
def test_any_text_gives_a_date_or_none(text: str) -> None:
    found = read_date(text)
    assert found is None or 1970 <= found.resolve(day_first=True).year <= 2099


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("le 1er janvier 2021", "2021-01-01"),
        ("5 de mayo de 2020", "2020-05-05"),
        ("March 5th, 2020", "2020-03-05"),
        ("Thursday, 26 March 2020", "2020-03-26"),
        ("01-Jan-2021", "2021-01-01"),
        ("05JAN2021", "2021-01-05"),
        ("Dec. 3, '19", "2019-12-03"),
        ("12 déc. 2019", "2019-12-12"),
        ("4 juil. 2014", "2014-07-04"),
        ("2020. 03. 05.", "2020-03-05"),
        ("31 augustus 2026", "2026-08-31"),
    ],
)
def test_forms_seen_in_print(text: str, iso: str) -> None:
    found = read_date(text)
    assert found is not None
    assert found.resolve(day_first=True).isoformat() == iso


@pytest.mark.parametrize("text", ["", "31/02/2020", "99/99/9999", "Page 1/1", "1.234,56", "12 marbles 20"])
def test_no_date(text: str) -> None:
    assert read_date(text) is None


def test_the_order_is_learnt_from_the_dates_that_can_be_read_in_one_way_only() -> None:
    ambiguous, day_led, month_led = map(read_date, ("03/04/2026", "25/04/2026", "04/25/2026"))
    assert ambiguous is not None
    assert ambiguous.is_ambiguous
    assert day_led is not None
    assert month_led is not None
    assert day_first([ambiguous, day_led]) is True
    assert day_first([ambiguous, month_led]) is False
    assert day_first([ambiguous]) is None
    assert day_first([day_led, month_led]) is None
