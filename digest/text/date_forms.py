"""How dates, times and zones are written: patterns over folded text, and the tables of names beside them."""

from __future__ import annotations

import re
from datetime import timedelta, timezone

_ENGLISH = "jan feb mar apr may jun jul aug sep oct nov dec"
_FULL = "january february march april may june july august september october november december"
_FRENCH = "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre"
_GERMAN = "januar februar marz april mai juni juli august september oktober november dezember"
_SPOKEN = "mot hai ba tu nam sau bay tam chin muoi"
_OTHERS = {"sept": 9, "janv": 1, "fevr": 2, "fev": 2, "avr": 4, "juil": 7, "okt": 10, "dez": 12, "maerz": 3}


def _months() -> dict[str, int]:
    lists = (_ENGLISH, _FULL, _FRENCH, _GERMAN)
    named = {name: n for names in lists for n, name in enumerate(names.split(), 1)} | _OTHERS
    spoken = {name: n for n, name in enumerate(_SPOKEN.split(), 1)}
    spoken |= {"muoi mot": 11, "muoi hai": 12, "gieng": 1, "chap": 12, "tu": 4}
    spoken |= {str(n): n for n in range(1, 13)} | {f"0{n}": n for n in range(1, 10)}
    prefixes = ("thang ", "thg ", "thang", "thg", "th")
    return named | {prefix + name: n for prefix in prefixes for name, n in spoken.items()}


MONTHS = _months()
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_YEAR = r"(?:nam\s+)?(\d{4}|\d{2})(?![\d:])"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?"

# Groups 1-3 year first; 4-7 numbers; 8-10 day month year; 11-13 month day year;
# 14-16 as C's ctime; 17-19 Korean.
DATE = re.compile(
    "|".join(
        [
            r"(?<![\d./-])(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d|[-/.]\d)",
            r"(?<![\d./-])(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\5\s?(\d{4}|\d{2})(?!\d|[-/.:]\d)",
            rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)?[\s.,/-]*(?:of\s)?({_MONTH})(?![a-z])[\s.,/-]*{_YEAR}",
            rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+{_YEAR}",
            rf"\b({_MONTH})\s+(\d{{1,2}})\s+(?={_CLOCK})(?:{_CLOCK}\s+(?:[a-z]{{2,5}}\s+)?(\d{{4}}))(?!\d)",
            r"(?<!\d)(\d{4})\s?년\s?(\d{1,2})\s?월\s?(\d{1,2})\s?일",
        ]
    )
)
TIME = re.compile(
    r"(?<![\d:.,])(\d{1,2})(?:\s?(?::|h|g|gio)\s?(\d{1,2})(?![\d/])(?:\s?(?::|')\s?(\d{1,2})(?:[.,]\d+)?)?"
    r"(?:['′’]|\s?(?:phut|ph|p|m)(?![a-z.]))?|\s?(?:h|gio)(?![a-z0-9])|(?=\s?[ap]\.?m))(?!\d)"
    r"(?:\s?(am|pm|a\.m|p\.m|sa|ch|sang|trua|chieu|toi)\b\.?)?"
)
AFTERNOON = ("pm", "p.m", "ch", "chieu", "toi")
MORNING = ("am", "a.m", "sa", "sang")

OFFSET = re.compile(r"([+-])\s?(\d{1,2})(?::?(\d{2}))?(?!\d)")
PREFIXED_OFFSET = re.compile(r"\b(?:gmt|utc)\s?" + OFFSET.pattern)
BROKEN_OFFSET = re.compile(r"[+-](?:[a-z]\w*:\w+|\d\d?:?[a-z]\w*)")
IANA = re.compile(
    r"\b(?:Asia|Africa|America|Antarctica|Atlantic|Australia|Europe|Indian|Pacific)/[A-Za-z_/]{2,30}"
)

VIETNAMESE = re.compile(
    r"\b(?:thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat|ngay|thang|luc|gio"
    r"|dang|cap nhat|xuat ban|phat hanh)\b"
)
PUBLISHED = re.compile(r"\b(?:dang|xuat ban|phat hanh|publi\w*|posted)\b")
UPDATED = re.compile(r"\b(?:cap nhat|chinh sua|sua|updated|modified)\b")
WEEKDAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)(?:[a-z]*day|s|r|rs)?\b(?! (?:hai|ba|tu|nam|sau|bay))")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_UNIT = "giay|phut|gio|tieng|ngay|tuan|thang|nam|second|minute|hour|day|week|month|year"
AGO = re.compile(
    rf"(\d{{1,3}}|mot|an?)\s?({_UNIT})s?\b(?:\s?(\d{{1,2}})\s?(?:phut|minutes?))?\s?(?:truoc|ago)\b"
)
BARE_AGO = re.compile(r"(?:cach day\s)?(\d{1,3}|mot)\s?(giay|phut|gio|tieng)()")
SINCE = re.compile(rf"cach day\s(?:khoang\s)?(\d{{1,3}}|mot)\s?({_UNIT})\b()")
DAY_WORD = re.compile(r"\b(hom nay|hom qua|hom kia|today|yesterday)\b")
DAYS_BACK = {"hom nay": 0, "today": 0, "hom qua": 1, "yesterday": 1, "hom kia": 2}
JUST_NOW = re.compile(r"(?:vua xong|vua moi|moi day|just now|now)")
SECONDS = {"giay": 1, "second": 1, "phut": 60, "minute": 60, "gio": 3600, "tieng": 3600, "hour": 3600}
SECONDS |= {"ngay": 86400, "day": 86400, "tuan": 604800, "week": 604800}
MONTHS_BACK = {"thang": 1, "month": 1, "nam": 12, "year": 12}

_HOURS = {
    **dict.fromkeys(("gmt", "utc", "ut", "z", "wet"), 0.0),
    **{"ict": 7, "sgt": 8, "hkt": 8, "jst": 9, "kst": 9, "ist": 5.5, "msk": 3, "aest": 10, "aedt": 11},
    **{"bst": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "ast": -4, "adt": -3, "at": -4},
    **{"est": -5, "edt": -4, "et": -5, "cst": -6, "cdt": -5, "ct": -6},
    **{"mst": -7, "mdt": -6, "mt": -7, "pst": -8, "pdt": -7, "pt": -8},
}
ZONES = {name: timezone(timedelta(hours=hours)) for name, hours in _HOURS.items()}
ZONE_NAME = re.compile(rf"(?<![a-z/])({'|'.join(sorted(ZONES, key=len, reverse=True))})(?![a-z/+-])")
