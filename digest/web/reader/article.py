"""An article's page: what its outlet lets readers see, its origin, revisions, story, topics with reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, abort, redirect, render_template, request

from digest import clock
from digest.model import Article, Content, Revision, Tagging
from digest.storage import articles, lists, sheet
from digest.web import differences, links, proofs, quoting
from digest.web.reader.results import Named, minutes_of
from digest.web.shelf import Words, shelf
from digest.web.shown import published, short_day
from digest.wording import _

pages = Blueprint("article", __name__)
MOST_PASSAGES = 6  # of a difference shown where only lead and excerpts may be: no whole text by the back door


@dataclass(frozen=True, slots=True)
class Saved:
    """One revision in the list of those kept: what the outlet changed, in words."""

    number: int
    day: str
    said: str
    before: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reader sees of one revision. `show`: full | lead | link."""

    article: Article
    revision: Revision
    show: str
    topics: tuple[tuple[Named, str], ...] = ()
    others: tuple[Article, ...] = ()
    revisions: tuple[Saved, ...] = ()
    editions: tuple[tuple[str, str], ...] = ()
    mark: tuple[int, int] = (0, 0)

    @property
    def content(self) -> Content:
        """The revision's words."""
        return self.revision.content

    @property
    def lead(self) -> str:
        """The lead, where it may be shown."""
        return "" if self.show == "link" else self.content.lead

    @property
    def excerpts(self) -> tuple[str | None, ...]:
        """A few sentences word for word, None for what was left out; none where the whole text stands."""
        if self.show != "lead" or self.revision.text != "full":
            return ()
        return quoting.choose(self.content)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The whole text, where the outlet lets readers have it."""
        return self.content.paragraphs if self.show == "full" else ()

    @property
    def day(self) -> str:
        """When it was published, or that this is unknown."""
        return published(self.content.published, self.article.collected)

    @property
    def minutes(self) -> int:
        """Minutes to read the original."""
        return minutes_of(self.article)


@pages.get("/b/<int:number>")
def short(number: int) -> Any:
    """The short address in QR codes and texts."""
    return redirect(links.to(links.article(number)), 301)


@pages.get("/bai/<int:number>")
def article(number: int) -> Any:
    """The newest revision."""
    seen = look(number)
    request.environ["digest.proof"] = proofs.of_article(shelf(), number, seen.mark)
    return render_template("article.html", seen=seen, cite=citation(seen), back=came_from())


@pages.get("/bai/<int:number>/ban/<int:which>")
def revision(number: int, which: int) -> Any:
    """An earlier revision, marked as such."""
    seen = look(number, which)
    return render_template("article.html", seen=seen, cite=citation(seen), back=None)


@pages.get("/bai/<int:number>/khac-biet/<int:old>/<int:new>")
def changes(number: int, old: int, new: int) -> Any:
    """What changed from one revision to another."""
    seen = look(number, new)
    with shelf().reading() as conn:
        before = articles.revision(conn, number, old)
    if before is None:
        abort(404)
    passages = visible(differences.between(before.content, seen.content), seen.show)
    shown = passages if seen.show == "full" else passages[:MOST_PASSAGES]
    return render_template(
        "differences.html",
        seen=seen,
        before=before,
        passages=[differences.shortened(one) for one in shown],
        more=len(passages) - len(shown),
        names=_part_names(),
    )


def look(number: int, which: int | None = None) -> Seen:
    """An article as a reader may see it; 404 for none, 410 for one taken down."""
    here = shelf()
    with here.reading() as conn:
        found = sheet.read(conn, number) if number < 2**53 else None
        if found is None:
            abort(404)
        article = found.article
        if article.state == "takedown":
            abort(410)
        chosen = article.revision if which is None else articles.revision(conn, number, which)
        if chosen is None:
            abort(404)
        kept = articles.revisions(conn, number) if article.revision.number > 1 else []
    show = here.words.show(article.source)
    return Seen(
        article,
        chosen,
        show,
        reasons(found.taggings, here.words),
        found.others,
        _saved(kept, show),
        found.editions,
        found.mark,
    )


def reasons(marks: Sequence[Tagging], words: Words) -> tuple[tuple[Named, str], ...]:
    """Topics with why the article is on each."""
    return tuple(
        (
            Named(mark.topic, words.topics[mark.topic].name),
            _("biên tập viên gắn tay") if mark.by == "editor" else mark.why,
        )
        for mark in marks
        if mark.topic in words.topics
    )


def visible(passages: tuple[differences.Passage, ...], show: str) -> tuple[differences.Passage, ...]:
    """What of a difference may be shown: with `link` the headline alone."""
    if show == "link":
        return tuple(one for one in passages if one.part in ("title", "author"))
    return passages


def _saved(kept: list[Revision], show: str) -> tuple[Saved, ...]:
    """The revisions, newest first, each with what it changed."""
    made = []
    for before, here in zip([None, *kept], kept, strict=False):
        said = "" if before is None else _change(before, here, show)
        made.append(Saved(here.number, short_day(here.fetched), said, before.number if before else 0))
    return tuple(reversed(made))


def _change(before: Revision, here: Revision, show: str) -> str:
    if before.text == "none" and here.text == "full":
        return _("lấy được toàn văn")
    passages = visible(differences.between(before.content, here.content), show)
    short = differences.summary(passages)
    count = sum(passage.changes for passage in passages)
    if short and count == 1:
        return _("tờ báo sửa “{old}” thành “{new}”", old=short[0], new=short[1])
    if before.content.published != here.content.published and not count:
        return _("tờ báo sửa ngày giờ đăng")
    return _("tờ báo sửa {count} chỗ", count=max(1, count))


def citation(seen: Seen) -> str:
    """How to cite the original: author, headline, outlet, day, address, day of access."""
    content = seen.content
    head = f"{content.author}: “{content.title}”" if content.author else f"“{content.title}”"
    day = _("ngày {day}", day=short_day(content.published)) if content.published else _("không rõ ngày đăng")
    accessed = _("truy cập ngày {day}", day=short_day(clock.now()))
    return f"{head}, {seen.article.outlet}, {day}, {seen.article.url}, {accessed}."


def came_from() -> str | None:
    """The results that the reader comes from, so that the way back is one click; None from elsewhere."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc != request.host or not parts.query:
        return None
    prefix = request.script_root
    if parts.path not in (f"{prefix}/", "/"):
        return None
    return f"{prefix}/?{parts.query}"


def _part_names() -> dict[str, str]:
    return {
        "title": _("Tít"),
        "author": _("Tác giả"),
        "lead": _("Sapo"),
        "body": _("Thân bài"),
        "caption": _("Chú thích ảnh"),
    }


def withdrawn(number: int) -> tuple[str, Any]:
    """Why an article was taken down, and since when."""
    with shelf().reading() as conn:
        return lists.state_reason(conn, number)
