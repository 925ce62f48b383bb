"""Asking for one article's page: what came of it, be it the article, "unchanged" or a failure with its reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from digest.collect.answers import Answer, FetchError
from digest.collect.apply import Outcome
from digest.collect.extract import Refused, announced, extract
from digest.collect.page import Page
from digest.collect.plan import Wanted
from digest.collect.walk import Asker
from digest.model import Content, Failure
from digest.wording import _

# What is kept of a page so that it can be read again later.
_HTML = ("text/html", "application/xhtml+xml", "text/xml", "application/xml", "text/plain", "")


@dataclass(frozen=True, slots=True)
class Asking:
    """How articles' pages are asked for in this run."""

    asker: Asker
    keep_html: bool = True

    async def ask(self, wanted: Wanted) -> Outcome:
        """The outcome of one page; nothing is raised, so that one page never costs another."""
        have = wanted.known
        try:
            await self.asker.robots.check(wanted.url)
            usable = have is not None and have.text == "full"
            answer = await self.asker.client.get(
                wanted.url,
                etag=have.etag if have is not None and usable else "",
                last_modified=have.last_modified if have is not None and usable else "",
            )
            if answer.unchanged:
                return Outcome(wanted, "unchanged", self.asker.now(), etag=answer.etag)
            return await self._read(wanted, answer)
        except FetchError as error:
            return self._failed(wanted, "gone" if error.kind == "gone" else "none", error.reason)
        except Refused as refused:
            kind = {"secret": "refused", "gone": "gone"}.get(refused.kind, "none")
            return self._failed(wanted, kind, refused.reason)

    async def _read(self, wanted: Wanted, answer: Answer) -> Outcome:
        kind = answer.content_type.partition(";")[0].strip().lower()
        if kind not in _HTML:
            raise FetchError("type", _("đây là tệp {kind}, không phải trang bài", kind=kind))
        if _home(answer.url) and not _home(wanted.url):
            raise FetchError("gone", _("địa chỉ bài dẫn về trang chủ, bài không còn"), again=False)
        page = Page(answer.url, answer.body, answer.charset, answer.content_type, self.asker.now())
        content: Content = await self.asker.workers.run(
            len(page.body), extract, page, wanted.entry, wanted.source
        )
        if not (content.paragraphs or content.lead or len(content.captions) > 1):
            return self._failed(wanted, "none", _("không thấy nội dung bài trong trang"), content.title)
        return Outcome(
            wanted, "full", self.asker.now(), content, etag=answer.etag, last_modified=answer.last_modified,
            html=_kept(page) if self.keep_html else None,
        )  # fmt: skip

    def _failed(self, wanted: Wanted, kind: str, reason: str, title: str = "") -> Outcome:
        """`title` is the page's own, where there was a page; it serves an entry that came without one."""
        failure = Failure(wanted.source.id, wanted.url, reason, page=True)
        entry = wanted.entry if wanted.entry.title else replace(wanted.entry, title=title)
        content = announced(entry) if kind == "none" else None
        return Outcome(wanted, kind, self.asker.now(), content, failure)


def _home(url: str) -> bool:
    """The first page of a site, where addresses of articles that are no more often lead."""
    parts = urlsplit(url)
    return not parts.query and parts.path.rstrip("/") in (
        "",
        "/index.html",
        "/index.aspx",
        "/home",
        "/trang-chu",
    )


def _kept(page: Page) -> bytes:
    """The page as it is kept to be read again: its bytes, or UTF-8 where only the header told its charset."""
    if page.charset is None or page.charset.lower() in ("utf-8", "utf8"):
        return page.body
    return ("\ufeff" + page.text()).encode("utf-8")
