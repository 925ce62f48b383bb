"""Dates and encodings that others wrote down, for bench/suites.py.

Dates go through the one reader of dates. Pages and feeds in old encodings are served and collected whole; letters and
phrases, too short for any judgement of content, go through the table of the encoding that they are stated to be in.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from digest.clock import ZONE
from digest.collect.page import plain_text
from digest.model import Article
from digest.text.charsets import from_tcvn3, from_viqr, from_viscii, from_vni
from digest.text.dates import parse_date
from digest.text.legacy import decode
from digest.text.normalise import clean, nfc, same

UTC = ZoneInfo("UTC")
Table = Callable[[bytes], str]
# What an article's own letters are compared with: those whose form is stated beside them.
TABLES: dict[str, Table] = {
    "tcvn3": lambda data: from_tcvn3(data.decode("latin-1")),
    "vni": lambda data: from_vni(data.decode("cp1252", "replace")),
    "viscii": from_viscii,
    # Behind a word "." and "?" are punctuation or tones, as the sentence goes on: letters are read within a word.
    "viqr": lambda data: from_viqr(data.decode("ascii", "replace") + "n")[:-1],
}


# dates


def dates(folder: Path, show: bool) -> int:
    """Each string with its stated instant, equal to the minute; a day alone is compared as a day."""
    vietnamese = json.loads((folder / "vietnamese.json").read_text("utf-8"))
    of_feeds = json.loads((folder / "feed_dates.json").read_text("utf-8"))
    wrong = [line for one in vietnamese if (line := _vietnamese_date(one))]
    wrong += [line for one in of_feeds if (line := _feed_date(one))]
    print(f"{len(vietnamese)} Vietnamese dates and {len(of_feeds)} of feeds: {len(wrong)} wrong")
    for line in wrong:
        print("  " + line)
    if show:
        for one in (*vietnamese, *of_feeds):
            print(f"  {one['input']!r} → {parse_date(one['input'])}")
    return 1 if wrong else 0


def _vietnamese_date(one: dict[str, Any]) -> str:
    fetched = datetime.fromisoformat(one["relative_to"]) if one.get("relative_to") else None
    got, said = parse_date(one["input"], fetched=fetched), one["expected"]
    if said is None or got is None:
        return "" if got is said else f"{one['id']} {one['input']!r}: {got}, stated {said}"
    stated = datetime.fromisoformat(said)
    same = (
        got.astimezone(ZONE).date() == stated.date()
        if one["precision"] == "day"
        else abs(got - stated) < timedelta(minutes=1)
    )
    return "" if same else f"{one['id']} {one['input']!r}: {got.astimezone(ZONE)}, stated {said}"


def _feed_date(one: dict[str, Any]) -> str:
    """Peers hold a date without a zone for UTC; where their test only says "no error", any date will do."""
    got, said = parse_date(one["input"], zone=UTC), one["expected_utc"]
    if said is None:
        wanted = "expect" in one
        return "" if (got is not None) == wanted else f"{one['input']!r}: {got}, stated {one.get('expect')}"
    stated = datetime.fromisoformat(said)
    same = got is not None and abs(got - stated) < timedelta(minutes=1)
    return "" if same else f"{one['input']!r}: {got}, stated {said}"


# encodings


def encodings(folder: Path, show: bool, collected: Callable[[bytes, str, bool], list[Article]]) -> int:
    """`collected` serves a body with its content type as a feed, or as the page of an entry, and says what is kept."""
    about = json.loads((folder / "manifest.json").read_text("utf-8"))["fixtures"]
    wrong = []
    for one in about:
        feed = one["file"].endswith(".xml")
        kept = collected((folder / one["file"]).read_bytes(), one["content_type"], feed)
        wrong += [f"{one['file']} ({one['form']}): {line}" for line in _fixture(one, kept)]
    print(f"{len(about)} pages and feeds: {len(wrong)} wrong statements")
    pairs = json.loads((folder / "pairs.json").read_text("utf-8"))
    untold: Counter[str] = Counter()
    bad = []
    for one in pairs:
        got = _pair(one)
        if got is None:
            untold[one["form"]] += 1
        elif "not use as a hard check" not in one.get("note", "") and not _as_stated(got, one):
            bad.append(f"{one['id']} {one['form']} {one['kind']}: {got!r}, stated {one['expected_nfc']!r}")
    print(f"{len(pairs)} letters, phrases and lines: {len(bad)} wrong, no table for {dict(untold)}")
    for line in [*wrong, *bad]:
        print("  " + line)
    if show:
        print("  " + str(Counter((one["form"], one["kind"]) for one in pairs)))
    return 1 if wrong or bad else 0


def _fixture(one: dict[str, Any], kept: list[Article]) -> list[str]:
    if len(kept) != 1:
        return [f"{len(kept)} articles kept"]
    content, wrong = kept[0].content, []
    got: list[tuple[str, Any, Any]] = [("title", content.title, one["expected_title_nfc"])]
    if "expected_paragraphs_nfc" in one:
        text = [content.lead, *content.paragraphs] if content.lead else list(content.paragraphs)
        got.append(("text", clean(" ".join(text)), clean(" ".join(one["expected_paragraphs_nfc"]))))
    if "expected_summary_nfc" in one:
        got.append(("summary", clean(content.lead), clean(one["expected_summary_nfc"])))
        got.append(("link", kept[0].url, one["expected_link"]))
        got.append(("published", content.published, datetime.fromisoformat(one["expected_published"])))
    for name, found, said in got:
        if found != said:
            wrong.append(f"{name} {str(found)[:120]!r}, stated {str(said)[:120]!r}")
    return wrong


def _as_stated(got: str, one: dict[str, Any]) -> bool:
    """Equal letters; Ð for Đ stays in what is kept (as the outlet has it) and is folded where texts are compared."""
    key = same if "Eth" in one.get("note", "") else clean
    return key(got) == key(one["expected_nfc"])


def _pair(one: dict[str, Any]) -> str | None:
    """The text as read; None for an encoding that the program does not know."""
    form, letters, raw = one["form"], one.get("legacy_text"), one.get("legacy_hex")
    if form in ("unicode-untouched", "unrepairable", "nfd", "mixed-normal"):
        return nfc(decode(letters.encode(), "utf-8", kind="html"))
    if form == "ncr":  # a title in a feed: what a reference escaped twice means is seen when it is shown
        return plain_text(plain_text(letters))
    if form == "windows-1258":
        return nfc(decode(bytes.fromhex(raw), None, kind="html"))
    table = TABLES.get(form)
    return nfc(table(bytes.fromhex(raw))) if table else None
