"""What an element is for, read from its tag, role, class and id: hints, never the only evidence."""

from __future__ import annotations

import re
from functools import lru_cache

from digest.collect.page import Element
from digest.text.normalise import fold

# Words of class names and ids, Vietnamese ones unaccented, as outlets' templates have them.
_WORDS: dict[str, tuple[str, ...]] = {
    "noise": (
        "related", "relate", "relation", "relatedbox", "relatednews", "lienquan", "tinlienquan", "tinkhac", "othernews",
        "other", "others", "more", "morenews", "readmore", "xemthem", "docthem", "share", "sharing", "social", "like", "fb",
        "facebook", "zalo", "comment", "comments", "cmt", "binhluan", "ykien", "tag", "tags", "tagbox", "keyword", "keywords",
        "tukhoa", "ad", "ads", "adv", "advert", "advertisement", "banner", "quangcao", "menu", "nav", "navbar", "navigation",
        "breadcrumb", "breadcrumbs", "sidebar", "footer", "popup", "modal", "newsletter", "subscribe", "rating", "vote",
        "pagination", "paging", "mostread", "docnhieu", "tinmoi", "latest", "topnews", "widget", "toolbar", "print", "copyright",
        "login", "poll", "survey", "cookie", "recommend", "suggestion", "bottom", "topic", "topics", "trending", "hidden",
        "sameauthor", "audio", "player", "weather", "gallerynav", "skip", "search", "donate", "promo", "qrcode", "googlenews",
        "kbwscwl", "relatedonenews", "relatednewsbox", "boxrelated", "newsrelated", "stickyarticle",
    ),
    # Of these the ones that head other people's or other pages' words, however much there is of them.
    "others": ("comment", "comments", "cmt", "binhluan", "ykien", "related", "lienquan", "tinlienquan", "othernews", "tinkhac"),
    "lead": ("sapo", "lead", "lede", "summary", "chapeau", "desc", "description", "intro", "standfirst", "tomtat", "trichyeu",
        "trichdan",
             "headnote", "subtitle", "deck", "excerpt", "teaser", "abstract", "articlelead", "postsummary"),
    "caption": ("caption", "figcaption", "chuthich", "photocaption", "imagecaption", "piccaption", "imgcaption", "desimg",
                "imgdesc", "captionimg", "credit", "photonote", "pcaption"),
    "author": ("author", "authors", "tacgia", "byline", "writer", "reporter", "penname", "butdanh", "articleauthor", "authorname"),
    "date": ("date", "time", "datetime", "publish", "published", "publishdate", "ngaydang", "thoigian", "postdate", "timestamp",
             "pubdate", "datepublished", "meta", "info", "subinfo"),
    "title": ("title", "headline", "heading", "tieude", "articletitle", "posttitle", "entrytitle", "articleheader",
              "detailtitle", "newstitle"),
    "body": ("content", "contents", "body", "articlebody", "detail", "noidung", "maincontent", "articlecontent", "postcontent",
             "entrycontent", "detailcontent", "newscontent", "chitiet", "entry", "toanvancontent", "article", "fck", "story"),
    "note": ("footnote", "footnotes", "endnote", "endnotes", "references", "ghichu", "chuthichcuoi"),
}  # fmt: skip
_OF_WORD: dict[str, set[str]] = {}
for _role, _names in _WORDS.items():
    for _name in _names:
        _OF_WORD.setdefault(_name, set()).add(_role)

_NOISE_TAGS = frozenset({"nav", "footer", "aside", "form", "menu", "dialog"})
_NOISE_ROLES = frozenset({"navigation", "complementary", "contentinfo", "search", "banner"})
# Letters of class names that are looked at.
LONGEST = 400


@lru_cache(maxsize=20000)
def _named(*names: str | None) -> frozenset[str]:
    """Roles that some attributes' words claim."""
    found: set[str] = set()
    for token in " ".join(name for name in names if name)[:LONGEST].split():
        joined = fold(re.sub(r"[^A-Za-zÀ-ỹ]+", "", token))
        found |= _OF_WORD.get(joined, set())
        for piece in re.split(r"[^A-Za-zÀ-ỹ]+|(?<=[a-z])(?=[A-Z])", token):
            found |= _OF_WORD.get(fold(piece), set())
    return frozenset(found)


def roles(node: Element) -> frozenset[str]:
    """The roles that an element's own names claim; several may, wrongly too."""
    get = node.get
    own = node.tag if "-" in node.tag else None  # <app-lead>, <amp-ad>: the name is the site's own
    found = _named(get("class"), get("id"), get("itemprop"), get("data-role"), own)
    if node.tag in _NOISE_TAGS or get("role") in _NOISE_ROLES:
        return found | {"noise"}
    return found | {"caption"} if node.tag == "figcaption" else found
