"""Dates as outlets write them: right to the minute, or unknown; never today."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from digest.clock import ZONE
from digest.text.dates import parse_date
from digest.text.days import long_date, short_date

FIFTH = datetime(2026, 3, 5, 15, 34, tzinfo=ZONE)
DAY = datetime(2026, 3, 5, tzinfo=ZONE)
FETCHED = datetime(2026, 11, 24, 9, 30, tzinfo=ZONE)


@pytest.mark.parametrize(
    "written",
    [
        "Thứ Năm, 5/3/2026 15:34 (GMT+7)",
        "Thứ năm, ngày 05/03/2026 - 15:34",
        "THỨ NĂM, NGÀY 05/03/2026 15:34",
        "thu nam, 05/03/2026 15:34",
        "Ngày đăng: 05-03-2026 15:34",
        "05/03/2026 | 15:34",
        "05/03/2026 15:34",
        "15:34 | 05/03/2026",
        "15:34, thứ Năm, 05/03/2026",
        "15h34, 05/03/2026",
        "15h34' - 5/3/2026",
        "15 giờ 34 phút, ngày 05 tháng 3 năm 2026",
        "Thứ Năm, ngày 5 tháng Ba năm 2026 | 15:34",
        "5 Tháng 3, 2026 lúc 15:34",
        "Tháng Ba 5, 2026, 15:34",
        "5 thg 3, 2026, 15:34",
        "05.03.2026 - 15:34",
        "05/03/2026 3:34:00 CH",
        "05/03/2026 03:34 PM",
        "3:34 chiều 05/03/2026",
        "05/03/26 15:34",
        "Xuất bản: 15:34 05/03/2026 [GMT+7] - Lượt xem: 1234",
        "Cập nhật lúc 08:10, 06/03/2026 - Ngày đăng: 15:34, 05/03/2026",
        "Đăng lúc 05/03/2026 15:34 | Cập nhật: 06/03/2026 07:00",
        "Thứ Năm, 5/3/2026 15:34 (GMT+7)",
        "2026-03-05T15:34:00+07:00",
        "2026-03-05T15:34:00.123+0700",
        "2026-03-05T08:34:00Z",
        "2026-03-05 15:34:00",
        "2026-03-05ICT15:34:00",
        "2026/03/05 15:34",
        "20260305153400",
        "1772699640",
        "1772699640000",
        "Thu, 05 Mar 2026 15:34:00 +0700",
        "Thu, 05 Mar 2026 15:34:00 +07:00",
        "Thu, 05 Mar 2026 15:34:00 +07",
        "Thu, 05 Mar 2026 15:34:00 +7",
        "Thu, 05 Mar 26 15:34:00 +0700",
        "Thu, 5 Mar 2026 08:34:00 GMT",
        "Thu, 05 Mar 2026 03:34:00 EST",
        "Thursday, March 5th, 2026 3:34pm",
        "Thu Mar 05 15:34:00 ICT 2026",
        "Thu Mar 05 2026 15:34:00 GMT+0700 (Indochina Time)",
        "Thu, 05 Mar 2026 09:34:00 Europe/Brussels",
        "3/5/2026 3:34:00 PM",
        "3/5/2026 3:34:00\u202fPM",
        "3/5/26, 3:34:00 PM",
    ],
)
def test_every_written_form_is_right_to_the_minute(written):
    assert parse_date(written) == FIFTH


@pytest.mark.parametrize(
    "written", ["05/03/2026", "ngày 5 tháng 3 năm 2026", "2026-03-05", "Mar 5, 2026", "20260305"]
)
def test_a_day_alone_is_its_first_instant(written):
    assert parse_date(written) == DAY


def test_partial_dates_of_w3c():
    assert parse_date("2026-03") == datetime(2026, 3, 1, tzinfo=ZONE)
    assert parse_date("2026") == datetime(2026, 1, 1, tzinfo=ZONE)


@pytest.mark.parametrize(
    "written",
    [
        *(
            "",
            "   ",
            "không rõ",
            "Xã Bến Thử",
            "hôm nay",
            "2 giờ trước",
            "15:34",
            "25:61 05/03/2026",
            "31/02/2026",
        ),
        *(
            "00/00/0000",
            "0000-00-00 00:00:00",
            "0001-01-01T00:00:00",
            "9999999999999",
            "123",
            "05/13-2026",
            "thứ năm",
        ),
        *(
            "Thu, 05 Mar 2026 15:34:00 +zz:00",
            "2026-03-05T24:30:00Z",
            "2026-13-05",
            "05/03 15:34",
            "Số 30/2026/QĐ-UBND",
        ),
        *("Thu, 05 Mar 2026 15:34:00 +9900", "tháng 3 năm", "12345678901234567890"),
    ],
)
def test_what_states_no_date_is_unknown(written):
    assert parse_date(written) is None


def test_an_impossible_date_does_not_become_a_relative_one():
    assert parse_date("31/02/2026, 2 giờ trước", fetched=FETCHED) is None


@pytest.mark.parametrize(
    ("written", "back"),
    [
        ("2 giờ trước", timedelta(hours=2)),
        ("2 giờ", timedelta(hours=2)),
        ("cách đây 45 phút", timedelta(minutes=45)),
        ("1 giờ 20 phút trước", timedelta(hours=1, minutes=20)),
        ("một ngày trước", timedelta(days=1)),
        ("3 tuần trước", timedelta(days=21)),
        ("5 minutes ago", timedelta(minutes=5)),
        ("Vừa xong", timedelta()),
    ],
)
def test_relative_dates_only_with_the_time_of_fetching(written, back):
    assert parse_date(written, fetched=FETCHED) == FETCHED - back
    assert parse_date(written) is None


def test_days_by_word():
    assert parse_date("Hôm qua 08:16", fetched=FETCHED) == datetime(2026, 11, 23, 8, 16, tzinfo=ZONE)
    assert parse_date("08:16 hôm nay", fetched=FETCHED) == datetime(2026, 11, 24, 8, 16, tzinfo=ZONE)
    assert parse_date("3 tháng trước", fetched=datetime(2026, 5, 31, 8, tzinfo=ZONE)) == datetime(
        2026, 2, 28, 8, tzinfo=ZONE
    )


def test_month_first_by_hint_or_when_plainly_so():
    assert parse_date("3/5/2026 15:34") == datetime(2026, 5, 3, 15, 34, tzinfo=ZONE)
    assert parse_date("3/5/2026 15:34", hint="month-first") == FIFTH
    assert parse_date("3/25/2026 15:34") == datetime(2026, 3, 25, 15, 34, tzinfo=ZONE)
    assert parse_date("25/3/2026 15:34", hint="month-first") == datetime(2026, 3, 25, 15, 34, tzinfo=ZONE)
    assert parse_date("Thu, 3/5/2026 15:34") == FIFTH


def test_what_is_plainly_vietnamese_stays_day_first_under_the_hint():
    assert parse_date("05/03/2026 15:34", hint="month-first") == FIFTH
    assert parse_date("Thứ Năm, 5/3/2026 15:34 (GMT+7)", hint="month-first") == FIFTH


def test_the_zone_for_strings_without_one_can_be_said():
    assert parse_date("2026-03-05 15:34", zone=UTC) == datetime(2026, 3, 5, 15, 34, tzinfo=UTC)


moments = st.datetimes(datetime(1990, 1, 1), datetime(2068, 12, 31)).map(
    lambda when: when.replace(second=0, microsecond=0, tzinfo=ZONE)
)


@given(moments)
def test_our_outlets_forms_are_read_back(when):
    weekday = ["Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy"][when.weekday()] if when.weekday() < 6 else None
    named = f"Thứ {weekday}" if weekday else "Chủ nhật"
    forms = [
        f"{named}, {when.day}/{when.month}/{when.year} {when:%H:%M} (GMT+7)",
        f"{named}, ngày {when:%d/%m/%Y} - {when:%H:%M}",
        f"Ngày đăng: {when:%d-%m-%Y %H:%M}",
        f"{when:%d/%m/%Y | %H:%M}",
        f"{when.isoformat()}",
        f"{when.month}/{when.day}/{when.year} {when.hour % 12 or 12}:{when:%M:%S} {'PM' if when.hour > 11 else 'AM'}",
        f"{when:%H:%M}, ngày {when.day} tháng {when.month} năm {when.year}",
    ]
    assert [parse_date(form) for form in forms] == [when] * len(forms)


@given(st.text(max_size=400) | st.text("0123456789/-:.,+ thứngàyTZGM|()", max_size=60), st.booleans())
@example("1" * 100_000, True)
@example("thang " * 20_000, False)
@example("1/" * 50_000, True)
def test_any_text_gives_a_utc_instant_or_nothing(text, with_fetched):
    found = parse_date(text, fetched=FETCHED if with_fetched else None)
    assert found is None or found.utcoffset() == timedelta()


@given(st.text(st.characters(exclude_categories=("Nd", "No", "Nl"))))
def test_no_date_without_a_digit(text):
    assert parse_date(text) is None


def test_dates_as_we_write_them():
    assert long_date(date(2026, 2, 5), "Hải Phòng") == "Hải Phòng, ngày 05 tháng 02 năm 2026"
    assert long_date(date(2026, 11, 24)) == "ngày 24 tháng 11 năm 2026"
    assert long_date(date(2026, 3, 5)) == "ngày 05 tháng 3 năm 2026"
    assert short_date(date(2026, 2, 5)) == "05/02/2026"
