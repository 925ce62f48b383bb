"""Whether suggested editions keep what they promise, on a newsroom whose truth is known.

    python newsroom.py --port 8800 --sites 6 --per-site 84 --copies 0.15
    python bench/suggestions.py http://127.0.1.1:8800/truth.jsonl

Collects all sites, then drafts and approves every bulletin of the packaged sources.yaml week by week through
the days of the truth, and says for each promise how often it was looked at and how often broken: no story
twice in a bulletin's editions, budgets of minutes and sections, a section's first article on topic by the
query over the true text, each reason true, the rest accounted for.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from digest import clock, config, query
from digest.bulletin.assemble import assemble
from digest.bulletin.draft import draft
from digest.bulletin.edition import Edition
from digest.bulletin.minutes import speed_of
from digest.bulletin.reasons import mentions
from digest.bulletin.suggest import Selection, Suggestion
from digest.config import Config
from digest.jobs import approval, drafting, edition
from digest.jobs.collect import collect
from digest.jobs.session import Session
from digest.model import Bulletin, Silent, Site, Source, Topic
from digest.query import Doc
from digest.storage.engine import Archive
from digest.text.normalise import fold, same
from digest.text.tokens import syllables
from digest.workspace import Workspace

# Beside the packaged ones: what general news is full of, so that sections are contended for.
TOPICS = tuple(
    Topic(f"tin-{id}", id, asked)
    for id, asked in (
        ("giao-duc", '"học sinh" OR "giáo viên" OR "sinh viên"'),
        ("y-te", '"bệnh viện" OR "bác sĩ" OR "bệnh nhân"'),
        ("kinh-te", '"doanh nghiệp" OR "ngân hàng" OR "xuất khẩu"'),
        ("an-ninh", '"công an" OR "tòa án" OR "cảnh sát"'),
        ("the-thao", '"đội tuyển" OR "trận đấu" OR "cầu thủ"'),
    )
)
BULLETINS = (
    Bulletin("rong", "Tin rộng", "weekly", tuple((topic.id, 4) for topic in TOPICS), minutes=20),
    Bulletin("hep", "Tin hẹp", "weekly", tuple((topic.id, 6) for topic in TOPICS[:3]), minutes=4),
    Bulletin("to", "Tin đọc to", "weekly", tuple((topic.id, 3) for topic in TOPICS), minutes=9, speed=160),
)


@dataclass(frozen=True, slots=True)
class Truth:
    """The newsroom's own account of its articles, by address."""

    rows: dict[str, dict[str, Any]]

    def story(self, url: str) -> str:
        """The first printing of what stands at an address."""
        return self.rows[url]["copy_of"] or url

    def outlets(self, url: str) -> set[str]:
        """Sites that carry the story."""
        return {row["site"] for row in self.rows.values() if self.story(row["url"]) == self.story(url)}

    def texts(self, url: str) -> tuple[str, ...]:
        """Headline, lead and paragraphs."""
        row = self.rows[url]
        return row["title"], row["lead"], *row["paragraphs"]

    def doc(self, url: str) -> Doc:
        """The same for a query."""
        title, lead, *paragraphs = self.texts(url)
        return Doc(title, lead, tuple(paragraphs))


class Promises:
    """How often each promise was looked at, and what broke it."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self.broken: dict[str, list[str]] = {}

    def look(self, promise: str, kept: bool, where: str) -> None:
        self.seen[promise] += 1
        if not kept:
            self.broken.setdefault(promise, []).append(where)

    def show(self) -> int:
        for promise, count in self.seen.items():
            wrong = self.broken.get(promise, [])
            print(f"{'ok ' if not wrong else 'NO '} {promise}: {count} looked at, {len(wrong)} broken")
            for where in wrong[:5]:
                print("      ", where)
        return int(bool(self.broken))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("truth")
    truth = read(parser.parse_args().truth)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        session = prepared(Path(folder), truth)
        began = time.perf_counter()
        collected = collect(session, (), Silent())
        copies = sum(1 for row in truth.rows.values() if row["copy_of"])
        print(
            f"{collected.new} of {len(truth.rows)} articles, {copies} reprints, {time.perf_counter() - began:.1f} s"
        )
        promises = Promises()
        for bulletin in session.config.bulletins:
            follow(session, bulletin, truth, promises)
        session.archive.close()
    return promises.show()


def read(url: str) -> Truth:
    with urllib.request.urlopen(url, timeout=60) as answer:
        rows = [json.loads(line) for line in answer.read().decode().splitlines()]
    return Truth({row["url"]: row for row in rows})


def prepared(home: Path, truth: Truth) -> Session:
    """A workspace whose sources are the newsroom's sites, with the packaged topics and bulletins."""
    packaged = config.parse(config.default_text())
    last = max(datetime.fromisoformat(row["published"]) for row in truth.rows.values())
    hosts = sorted({f"{parts.scheme}://{parts.netloc}" for url in truth.rows if (parts := urlsplit(url))})
    sources = tuple(
        Source(f"site-{n}", site_of(truth, host), "sitemap", f"{host}/sitemap-news.xml", limit=10_000)
        for n, host in enumerate(hosts, 1)
    )
    fetch = replace(packaged.fetch, delay=0.0, per_host=8, allow_private=("127.0.0.0/8",))
    weekly = tuple(replace(one, cadence="weekly", rolls_up=(), documents=0) for one in packaged.bulletins)
    settings = Config(Site(), fetch, sources, (*packaged.topics, *TOPICS), (*weekly, *BULLETINS))
    workspace = Workspace(home)
    archive = Archive.open(workspace.database_url())
    return Session(workspace, settings, archive, lambda: (last + timedelta(days=1)).astimezone(clock.ZONE))


def site_of(truth: Truth, host: str) -> str:
    return next(row["site"] for url, row in truth.rows.items() if url.startswith(host + "/"))


def follow(session: Session, bulletin: Bulletin, truth: Truth, promises: Promises) -> None:
    """One bulletin, week by week; each edition is approved before the next is drafted."""
    told: dict[str, str] = {}
    for week in weeks(truth):
        selection = drafting.suggestions(session, bulletin, week)
        made = draft(selection, bulletin, week)
        examine(session, bulletin, selection, made, truth, told, promises)
        if made.items:
            drafting.draft(session, bulletin, week)
            approval.approve(session, made.id)
        told |= {truth.story(one.article.url): made.id for one in selection.suggestions}


def weeks(truth: Truth) -> Iterator[clock.Period]:
    days = sorted(clock.day(datetime.fromisoformat(row["published"])) for row in truth.rows.values())
    at = days[0]
    while at <= days[-1]:
        yield clock.week_of(at)
        at += timedelta(days=7)


def examine(
    session: Session,
    bulletin: Bulletin,
    selection: Selection,
    made: Edition,
    truth: Truth,
    told: dict[str, str],
    promises: Promises,
) -> None:
    """Looks at one suggested edition."""
    topics = {topic.id: topic for topic in session.config.topics}
    for section in selection.sections:
        where = f"{made.id} {section.topic}"
        promises.look("a section is never fuller than allowed", len(section.chosen) <= section.most, where)
        for first in section.chosen[:1]:
            node = query.parse(topics[section.topic].query)
            on_topic = query.matches(node, truth.doc(first.article.url))
            promises.look("a section's first article is on topic", on_topic, f"{where} {first.article.url}")
    view = assemble(
        made, bulletin, Site(), edition.archived(session, made.pins), made.last, speed=speed_of(bulletin)
    )
    promises.look(
        "the budget of minutes is kept", view.minutes <= bulletin.minutes, f"{made.id} {view.minutes}"
    )
    promises.look("the minutes said are those printed", view.minutes == selection.minutes, made.id)
    here: set[str] = set()
    for one in selection.suggestions:
        story = truth.story(one.article.url)
        promises.look("no story twice in an edition", story not in here, f"{made.id} {one.article.url}")
        promises.look(
            "none of an earlier edition's again",
            story not in told,
            f"{made.id} {one.article.url} {told.get(story)}",
        )
        here.add(story)
        for reason in one.reasons:
            promises.look(
                "each reason is true",
                true(reason, one, topics[one.topic], truth, bulletin),
                f"{made.id} {one.article.url}: {reason}",
            )
    placed = {one.article.id for one in selection.suggestions} | {
        out.article.id for out in selection.left_out
    }
    promises.look(
        "what falls out is said",
        all(out.reason for out in selection.left_out) and bool(placed) >= bool(here),
        made.id,
    )


def true(reason: str, one: Suggestion, topic: Topic, truth: Truth, bulletin: Bulletin) -> bool:
    """Whether a reason can be found again in the newsroom's account."""
    url = one.article.url
    row = truth.rows[url]
    if spread := re.fullmatch(r"(\d+) báo khác cũng đăng", reason):
        return int(spread[1]) == len(truth.outlets(url)) - 1
    if dated := re.search(r"đăng ngày (\d\d)/(\d\d)/(\d{4})$", reason):
        day = clock.day(datetime.fromisoformat(row["published"]))
        return f"{day:%d/%m/%Y}" == "/".join(dated.groups())
    if reason.startswith("“"):
        return all(mentioned(part, truth.texts(url)) for part in re.split(r", (?=“)", reason))
    if kept := re.search(r"đã giữ (\d+) trên (\d+)", reason):
        return int(kept[1]) <= int(kept[2])
    if reason.startswith("xếp vào"):
        return not mentions(one.article, topic)
    return False


def mentioned(part: str, texts: Sequence[str]) -> bool:
    """ "“tăng ni” ở tít", "“Phật tử” ở sapo", "“chức sắc” 3 lần"."""
    said = re.fullmatch(r"“(.+)” (ở tít|ở sapo|(\d+) lần)", part)
    if not said:
        return False
    counts = [count(said[1], text) for text in texts]
    if said[2] == "ở tít":
        return counts[0] > 0
    return counts[1] > 0 if said[2] == "ở sapo" else sum(counts) == int(said[3])


def count(term: str, text: str) -> int:
    """How often a term stands in a text as whole words; one without accents is compared without."""
    plain = fold if term == fold(term) else same
    wanted, there = (f" {' '.join(syllables(plain(words)))} " for words in (term, text))
    found, at = 0, there.find(wanted)
    while at >= 0:
        found, at = found + 1, there.find(wanted, at + len(wanted) - 1)
    return found


if __name__ == "__main__":
    sys.exit(main())
